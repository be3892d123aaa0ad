"""Infrared satellites as they really are in one future, and their looks at a raid."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from opendome.quantities.errors import OpendomeError
from opendome.sensing.detection import amplitude_threshold
from opendome.sensing.kernels.eyes import NO_EXCLUSION, Eyes, Skies
from opendome.sensing.kernels.flight import Flight
from opendome.sensing.kernels.infrared import write_infrared_looks
from opendome.sensing.kernels.service import reweigh, serve
from opendome.sensing.kernels.sheet import Sheet, chosen, filled, new_sheet
from opendome.sensing.orbits import Orbit
from opendome.sensing.sky import Sky, luck_of
from opendome.threats.records import Raid
from opendome.world.constellations import orbit_table
from opendome.world.kepler import Elements

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHEET_ROOM = 1 << 16


@dataclass(frozen=True, kw_only=True)
class InfraredSatellite:
    """One infrared satellite: a sensor that measures two angles.

    Attributes
    ----------
    name, asset : what it is called; index of the scenario asset it belongs to
    orbit : mean elements at the epoch
    revisit_s, revisit_phase_s : time between scans; time of one of them after the epoch
    angle_noise_rad : standard deviation of each angle, at `snr_reference` and above
    sensitivity_w_sr : intensity that gives `snr_reference` at `sensitivity_range_m`
    snr_reference : signal over standard deviation of the noise (amplitude)
    p_false_alarm : of one look
    field_of_regard_rad : half-angle around nadir
    cloud_break_altitude_m : below this nothing is seen
    limb_altitude_m : up to here the air glows behind a cold body
    tracks_cold_bodies : whether it sees objects that do not burn, before space
    sensitivity_below_horizon_w_sr : before the Earth; None for the same as before space
    background : the only one before which it looks; None for both
    sun_exclusion_rad : half-angle around the Sun, 0 for none
    p_clear_sky, clear_sky_altitude_m : share of launches below a clear sky; where they show
    angle_bias_rad : standard deviation of the error of each angle that its looks have in common
    bias_memory_s : how long it stays the same
    targets : objects it can look at in one scan; None for any number
    k_factor, k_time_s : how well it tells threats from other bodies, as in `Looks`
    """

    name: str
    asset: int
    orbit: Orbit
    revisit_s: float
    revisit_phase_s: float
    angle_noise_rad: float
    sensitivity_w_sr: float
    sensitivity_range_m: float
    snr_reference: float
    p_false_alarm: float
    field_of_regard_rad: float
    cloud_break_altitude_m: float
    limb_altitude_m: float
    tracks_cold_bodies: bool
    sensitivity_below_horizon_w_sr: float | None = None
    background: Literal["earth", "space"] | None = None
    sun_exclusion_rad: float = 0.0
    p_clear_sky: float = 0.0
    clear_sky_altitude_m: float = 0.0
    angle_bias_rad: float = 0.0
    bias_memory_s: float = math.inf
    targets: int | None = None
    k_factor: float = 0.0
    k_time_s: float = math.inf

    @property
    def before_space_w_sr(self) -> float:
        """Sensitivity before space, inf if it does not look there [W/sr]."""
        return math.inf if self.background == "earth" else self.sensitivity_w_sr

    @property
    def before_earth_w_sr(self) -> float:
        """Sensitivity before the Earth, inf if it does not look there [W/sr]."""
        if self.background == "space":
            return math.inf
        below_w_sr = self.sensitivity_below_horizon_w_sr
        return self.sensitivity_w_sr if below_w_sr is None else below_w_sr

    @property
    def cos_sun_exclusion(self) -> float:
        """Cosine of the exclusion angle, `NO_EXCLUSION` without one."""
        return math.cos(self.sun_exclusion_rad) if self.sun_exclusion_rad > 0.0 else NO_EXCLUSION


def eyes_of(satellites: Sequence[InfraredSatellite], era_epoch_rad: float) -> tuple[Eyes, Floats]:
    """Satellites as plain arrays for the kernels, and the table of their orbits."""

    def column(name: str) -> Floats:
        return np.array([getattr(satellite, name) for satellite in satellites], dtype=np.float64)

    def element(name: str) -> Floats:
        return np.array([getattr(s.orbit, name) for s in satellites], dtype=np.float64)

    elements = Elements(
        semi_major_axis_m=element("semi_major_axis_m"),
        eccentricity=element("eccentricity"),
        inclination_rad=element("inclination_rad"),
        raan_rad=element("raan_rad") + element("node_turns_with_earth") * era_epoch_rad,
        argument_of_perigee_rad=element("argument_of_perigee_rad"),
        mean_anomaly_rad=element("mean_anomaly_rad"),
    )
    eyes = Eyes(
        revisit_s=column("revisit_s"),
        phase_s=column("revisit_phase_s"),
        angle_noise_rad=column("angle_noise_rad"),
        space_w_sr=column("before_space_w_sr"),
        earth_w_sr=column("before_earth_w_sr"),
        sensitivity_range_m=column("sensitivity_range_m"),
        snr_reference=column("snr_reference"),
        threshold_sigmas=np.array([amplitude_threshold(s.p_false_alarm) for s in satellites]),
        cos_field_of_regard=np.cos(column("field_of_regard_rad")),
        cos_sun_exclusion=column("cos_sun_exclusion"),
        cloud_break_altitude_m=column("cloud_break_altitude_m"),
        p_clear_sky=column("p_clear_sky"),
        clear_sky_altitude_m=column("clear_sky_altitude_m"),
        limb_altitude_m=column("limb_altitude_m"),
        angle_bias_rad=column("angle_bias_rad"),
        bias_memory_s=column("bias_memory_s"),
        tracks_cold_bodies=np.array([s.tracks_cold_bodies for s in satellites], dtype=np.bool_),
    )
    return eyes, orbit_table(elements)


def skies_of(raid: Raid, satellites: Sequence[InfraredSatellite], sky: Sky | None) -> Skies:
    """What satellites need to know of Sun and clouds; without any need, nothing.

    Raises OpendomeError if a satellite needs to know and nobody says.
    """
    asked = [s.name for s in satellites if s.sun_exclusion_rad > 0.0 or s.p_clear_sky > 0.0]
    if sky is None and asked:
        raise OpendomeError(
            got=f"no sky for {asked[0]}, which minds the Sun or the clouds",
            allowed="the sky of the future for such sensors",
            do="give `sky`, as `Realisation.sky` has it",
        )
    if sky is None or not asked:
        return Skies(1.0, 0.0, 0.0, np.ones(raid.objects))
    x, y, z = (float(part) for part in sky.sun_eci)
    return Skies(x, y, z, luck_of(raid, sky))


def infrared_looks(
    flight: Flight,
    skies: Skies,
    satellites: Sequence[InfraredSatellite],
    era_epoch_rad: float,
    *,
    first_sensor: int,
    p_detect_min: float,
) -> list[Sheet]:
    """As many sheets of looks as the satellites fill, in order of satellite."""
    sheets: list[Sheet] = []
    if not satellites:
        return sheets
    if not flight.samples.size:
        return sheets
    eyes, orbit = eyes_of(satellites, era_epoch_rad)
    flown_s = float(np.max(flight.end_t_s - flight.launch_t_s))
    room = max(SHEET_ROOM, int(flown_s / eyes.revisit_s.min()) + 2)
    satellite, obj = 0, 0
    while satellite < len(satellites):
        sheet = new_sheet(room)
        satellite, obj, used = write_infrared_looks(
            flight, skies, eyes, orbit, first_sensor, p_detect_min, satellite, obj, sheet
        )
        sheets.append(filled(sheet, used))
    for sensor, one in enumerate(satellites):
        if one.targets is not None:
            sheets = _served(sheets, first_sensor + sensor, flight.samples.size, one)
    return sheets


def _served(
    sheets: list[Sheet], sensor: int, objects: int, satellite: InfraredSatellite
) -> list[Sheet]:
    """Sheets without the looks for which one sensor has no time."""
    mine = [np.flatnonzero(sheet.sensor == sensor) for sheet in sheets]
    pairs = list(zip(sheets, mine, strict=True))
    t_s = np.concatenate([sheet.t_s[rows] for sheet, rows in pairs])
    obj = np.concatenate([sheet.obj[rows] for sheet, rows in pairs])
    share = np.concatenate([sheet.share_after_bias[rows] for sheet, rows in pairs])
    order = np.lexsort((obj, t_s))
    kept = serve(t_s[order], obj[order], objects, satellite.targets or objects)
    weight = share[order]
    reweigh(t_s[order], obj[order], kept, objects, satellite.bias_memory_s, weight)
    happens, fresh = np.empty(order.size, np.bool_), np.empty(order.size)
    happens[order], fresh[order] = kept, weight
    left: list[Sheet] = []
    first = 0
    for sheet, rows in pairs:
        part = slice(first, first + rows.size)
        first += rows.size
        sheet.information_m2[rows] *= (fresh[part] / share[part])[:, None]
        sheet.share_after_bias[rows] = fresh[part]
        keep = np.ones(sheet.t_s.size, np.bool_)
        keep[rows] = happens[part]
        left.append(chosen(sheet, keep))
    return left
