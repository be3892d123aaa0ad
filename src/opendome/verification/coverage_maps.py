"""Coverage maps against closed forms: a geostationary cap, a radar's ring, a rosette, a density.

Everything goes the whole way of `opendome coverage`: objects held over a grid, the looks of the
sensors of a run, the verdict on each window.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import MU_M3_S2, RADIUS_EQUATOR_M, RADIUS_MEAN_M
from opendome.sensing.infrared import InfraredSatellite
from opendome.sensing.models import SensorSuite
from opendome.sensing.orbits import Orbit, geostationary_axis_m
from opendome.sensing.radar import Radar
from opendome.survey.grid import Grid, lay_grid
from opendome.survey.kernels import Rules, Verdicts
from opendome.survey.map import Sky, survey, tell_all
from opendome.survey.target import Target
from opendome.verification.checks import Check
from opendome.verification.coverage import ROSETTES, next_phasing, our_layout
from opendome.world.constellations import Walker
from opendome.world.kepler import Elements
from opendome.world.shells import cap_share

Floats = npt.NDArray[np.float64]
Layout = Callable[[Walker], Elements]
Place = Callable[[Target], Target]

DWELL_S = 2.0
BRIGHT_W_SR, LARGE_M2 = 1e9, 1e6  # seen wherever geometry allows
RULES = Rules(
    p_detect_min=0.5,
    confirm_hits=1,
    confirm_window=1,
    prior_position_sigma_m=1e6,
    prior_speed_sigma_m_s=5e3,
    accel_psd_m2_s3=0.0,
    commit_sigma_m=1e3,
    cycle_s=5.0,
    dwell_s=DWELL_S,
)
EYE = InfraredSatellite(
    name="eye",
    asset=0,
    orbit=Orbit(
        semi_major_axis_m=geostationary_axis_m(),
        eccentricity=0.0,
        inclination_rad=0.0,
        raan_rad=0.0,
        argument_of_perigee_rad=0.0,
        mean_anomaly_rad=0.0,
        node_turns_with_earth=True,
    ),
    revisit_s=1.0,
    revisit_phase_s=0.0,
    angle_noise_rad=1e-5,
    sensitivity_w_sr=1.0,
    sensitivity_range_m=1e6,
    snr_reference=10.0,
    p_false_alarm=1e-6,
    field_of_regard_rad=0.5 * math.pi,
    cloud_break_altitude_m=0.0,
    limb_altitude_m=0.0,
    tracks_cold_bodies=True,
)
DISH = Radar(
    name="dish",
    asset=0,
    lat_rad=math.radians(40.0),
    lon_rad=math.radians(-75.0),
    alt_m=0.0,
    azimuth_from_rad=0.0,
    azimuth_to_rad=2.0 * math.pi,
    elevation_min_rad=math.radians(3.0),
    elevation_max_rad=math.radians(60.0),
    range_max_m=2.5e6,
    range_reference_m=1e6,
    rcs_reference_m2=1.0,
    snr_reference=100.0,
    p_false_alarm=1e-6,
    angle_noise_rad=1e-3,
    angle_noise_floor_rad=1e-4,
    range_noise_m=10.0,
    range_noise_floor_m=1.0,
    look_interval_s=1.0,
    look_budget_hz=1e9,
)


def target_at(altitude_m: float) -> Target:
    """A bright, large object at an altitude."""
    return Target(
        class_name="any",
        phase="any",
        phases={},
        altitude_m=altitude_m,
        speed_m_s=0.0,
        ground_speed_m_s=0.0,
        burning=False,
        hot=True,
        intensity_w_sr=BRIGHT_W_SR,
        rcs_m2=LARGE_M2,
        manoeuvre_psd_m2_s3=0.0,
    )


def mapped(suite: SensorSuite, target: Target, grid: Grid) -> Verdicts:
    """The verdicts on every cell and moment of a grid."""
    sky = Sky(
        era_epoch_rad=0.3,
        suite=suite,
        assets=1,
        target=target,
        grid=grid,
        rules=RULES,
        views=("all",),
        tell=tell_all,
    )
    return survey(sky)


def globe(size_deg: float, *, moments: int = 1, step_s: float = 60.0) -> Grid:
    """The whole Earth at evenly spaced moments."""
    return lay_grid(
        size_rad=math.radians(size_deg),
        region=None,
        duration_s=moments * step_s,
        step_s=step_s,
        dwell_s=DWELL_S,
    )


def as_asked(target: Target) -> Target:
    """Our model: the object is held at its altitude."""
    return target


def on_the_ground(target: Target) -> Target:
    """The bug: the object is held on the ground."""
    return replace(target, altitude_m=GROUND_M)


# --- a geostationary cap -----------------------------------------------------------------

GROUND_M = 1.0  # at 0 rounding would decide what is below the horizon
CAP_ALTITUDES_M = (GROUND_M, 100e3, 1000e3)


def cap_error(place: Place = as_asked) -> float:
    """Largest error of the share of the Earth that a geostationary satellite sees, relative.

    Closed form: a cap of half angle acos(R / a) + acos(R / (R + h)).
    """
    grid, worst = globe(1.0), 0.0
    suite = SensorSuite(satellites=(EYE,))
    for altitude_m in CAP_ALTITUDES_M:
        verdicts = mapped(suite, place(target_at(altitude_m)), grid)
        share = float(grid.weight[verdicts.level[0] > 0].sum())
        horizon = math.acos(RADIUS_EQUATOR_M / geostationary_axis_m())
        horizon += math.acos(RADIUS_EQUATOR_M / (RADIUS_EQUATOR_M + altitude_m))
        expected = 0.5 * (1.0 - math.cos(horizon))
        worst = max(worst, abs(share / expected - 1.0))
    return worst


# --- the ring of a radar -------------------------------------------------------------------

RING_ALTITUDES_M = (100e3, 300e3, 1000e3)


def elevation_angle(elevation_rad: float, altitude_m: float) -> float:
    """Angle at the Earth's centre to a point at an altitude and an elevation [rad]."""
    ratio = RADIUS_MEAN_M / (RADIUS_MEAN_M + altitude_m)
    return math.acos(ratio * math.cos(elevation_rad)) - elevation_rad


def range_angle(range_m: float, altitude_m: float) -> float:
    """Angle at the Earth's centre to a point at an altitude and a range [rad]."""
    far = RADIUS_MEAN_M + altitude_m
    cosine = (RADIUS_MEAN_M**2 + far**2 - range_m**2) / (2.0 * RADIUS_MEAN_M * far)
    return math.acos(cosine)


def ring_error(place: Place = as_asked) -> float:
    """Largest error of the area in which a radar sees objects at an altitude, relative.

    Closed form: between the cap of its highest elevation and that of its range or lowest one.
    """
    grid, worst = globe(0.5), 0.0
    for altitude_m in RING_ALTITUDES_M:
        verdicts = mapped(SensorSuite(radars=(DISH,)), place(target_at(altitude_m)), grid)
        share = float(grid.weight[verdicts.level[0] > 0].sum())
        outer = min(
            range_angle(DISH.range_max_m, altitude_m),
            elevation_angle(DISH.elevation_min_rad, altitude_m),
        )
        inner = elevation_angle(DISH.elevation_max_rad, altitude_m)
        expected = 0.5 * (math.cos(inner) - math.cos(outer))
        worst = max(worst, abs(share / expected - 1.0))
    return worst


# --- constellations -------------------------------------------------------------------------


def satellites_of(elements: Elements) -> SensorSuite:
    """An eye on every satellite of a pattern."""
    columns = {
        name: np.broadcast_to(getattr(elements, name), elements.mean_anomaly_rad.shape).tolist()
        for name in Orbit.__dataclass_fields__
        if name in Elements.__dataclass_fields__
    }
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return SensorSuite(satellites=tuple(replace(EYE, orbit=Orbit(**row)) for row in rows))


ROSETTE_GRID_DEG, ROSETTE_MOMENTS = 3.0, 10  # the pattern comes again when each is at the next
ROSETTES_TRIED = (ROSETTES[0],)
HALVINGS = 6
SPAN_DEG = 4.0


def map_rosette_error_deg(layout: Layout = our_layout) -> float:
    """Largest error of the angle from which a rosette covers the globe without a gap [deg].

    The altitude is lowered until a cell is unseen at some moment; what a satellite then sees to
    the horizon is the worst central angle that Ballard published.
    """
    return max(abs(_least_angle_deg(layout, row) - row[4]) for row in ROSETTES_TRIED)


def _least_angle_deg(layout: Layout, row: tuple[int, int, float, float, float]) -> float:
    low, high = row[4] - SPAN_DEG, row[4] + SPAN_DEG
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _covers(layout, row, middle) else (middle, high)
    return 0.5 * (low + high)


def _covers(layout: Layout, row: tuple[int, int, float, float, float], angle_deg: float) -> bool:
    """Whether a rosette whose satellites see so far leaves no cell unseen at any moment."""
    satellites, planes, harmonic, tilt, _ = row
    axis_m = RADIUS_EQUATOR_M / math.cos(math.radians(angle_deg))
    pattern = Walker(
        kind="delta",
        satellites=satellites,
        planes=planes,
        phasing=harmonic * satellites / planes % planes,
        altitude_m=axis_m - RADIUS_EQUATOR_M,
        inclination_rad=math.radians(tilt),
    )
    period_s = 2.0 * math.pi * math.sqrt(axis_m**3 / MU_M3_S2)
    step_s = period_s / (satellites * ROSETTE_MOMENTS)
    grid = globe(ROSETTE_GRID_DEG, moments=ROSETTE_MOMENTS, step_s=step_s)
    verdicts = mapped(satellites_of(layout(pattern)), target_at(GROUND_M), grid)
    return bool((verdicts.level[0] > 0).all())


SHELL = Walker(
    kind="star",
    satellites=54,
    planes=6,
    phasing=3.0,
    altitude_m=1000e3,
    inclination_rad=math.radians(80.0),
)
SHELL_TARGET_M = 200e3
SHELL_MOMENTS, SHELL_STEP_S = 97, 893.0  # a day; no multiple of a turn


def steeper(pattern: Walker) -> Elements:
    """The bug: inclinations ten degrees too low."""
    return replace(pattern, inclination_rad=pattern.inclination_rad - math.radians(10.0)).elements()


def density_error(layout: Layout = our_layout) -> float:
    """Largest error of the mean number of satellites that see a latitude, relative.

    Closed form: the mean share of a shell within the horizon of a point, times its satellites.
    """
    grid = globe(10.0, moments=SHELL_MOMENTS, step_s=SHELL_STEP_S)
    verdicts = mapped(satellites_of(layout(SHELL)), target_at(SHELL_TARGET_M), grid)
    seen = verdicts.sensors[0].reshape(grid.cells, grid.moments).mean(axis=1)
    horizon = sum(
        math.acos(RADIUS_EQUATOR_M / (RADIUS_EQUATOR_M + height_m))
        for height_m in (SHELL.altitude_m, SHELL_TARGET_M)
    )
    worst = 0.0
    for lat_rad in np.unique(grid.lat_rad):
        mean = float(seen[grid.lat_rad == lat_rad].mean())
        share = cap_share(SHELL.inclination_rad, float(lat_rad), horizon)
        worst = max(worst, abs(mean / (share * SHELL.satellites) - 1.0))
    return worst


CHECKS = (
    Check(
        name="coverage-map/geostationary-cap",
        claim="A mapped geostationary satellite sees the cap to its own and the object's horizon",
        authority="closed form (two tangents to a sphere)",
        unit="relative",
        tolerance=0.01,
        measure=cap_error,
        planted_bug=on_the_ground,
        bug="the object held on the ground",
    ),
    Check(
        name="coverage-map/radar-ring",
        claim="A mapped radar sees the ring between its highest elevation and its range",
        authority="closed form (law of cosines on a sphere)",
        unit="relative",
        tolerance=0.02,
        measure=ring_error,
        planted_bug=on_the_ground,
        bug="the object held on the ground",
    ),
    Check(
        name="coverage-map/rosette",
        claim="A mapped rosette of five leaves no cell unseen from the published angle on",
        authority="Ballard, Rosette constellations of Earth satellites, IEEE Trans. AES-16 (1980)",
        unit="deg",
        tolerance=0.8,
        measure=map_rosette_error_deg,
        planted_bug=next_phasing,
        bug="phasing between planes one too far",
    ),
    Check(
        name="coverage-map/shell-density",
        claim="A mapped shell has at each latitude the mean number of satellites in view of theory",
        authority="closed form (share of a shell within a cap)",
        unit="relative",
        tolerance=0.03,
        measure=density_error,
        planted_bug=steeper,
        bug="inclinations ten degrees too low",
    ),
)
