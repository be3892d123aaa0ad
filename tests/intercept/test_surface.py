"""Surface interceptors against plain flights, published envelopes and direct evaluation."""

import functools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, root

from opendome.intercept.kernels.ascent import ERROR_MAX, burn
from opendome.intercept.kernels.fronts import flyout_time_of
from opendome.intercept.kick import WEIGHT_M_S2, lowest_kick, thrust_acceleration
from opendome.intercept.models import (
    Shooters,
    ShooterSuite,
    Site,
    SurfaceInterceptor,
    Window,
    reach,
)
from opendome.intercept.table import LEAST_WEIGHTS, SLOWER, flyout_table
from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.quantities.errors import OpendomeError
from opendome.world.earth import altitude_xyz, ecef_from_geodetic
from opendome.world.frames import ecef_from_eci, enu_axes

from .flights import boxes, first_passage, plane_flights, turning_flight
from .raids import flown

# Classes in the middle of the published and assumed intervals of the catalogue, with the
# altitudes at which they work and the step of the plain flights [s].
CLASSES = {
    "fastest": ((140.0, 8500.0, 40000.0, 5300e3, 1500.0), (120e3, 1900e3), 1.0),
    "long range": ((160.0, 7500.0, 20000.0, 5300e3, 1800.0), (120e3, 1900e3), 1.0),
    "ship, upper": ((110.0, 4300.0, 6000.0, 2000e3, 800.0), (100e3, 1000e3), 1.0),
    "terminal, high": ((16.0, 2800.0, 8000.0, 200e3, 200.0), (40e3, 150e3), 0.2),
    "terminal, low": ((9.0, 1500.0, 4000.0, 35e3, 80.0), (3e3, 30e3), 0.1),
}


def table_of(parameters):
    burn_s, speed, beta, range_m, end_s = parameters
    return flyout_table(
        burn_time_s=burn_s,
        burnout_speed_m_s=speed,
        ballistic_coefficient_kg_m2=beta,
        range_max_m=range_m,
        flight_time_max_s=end_s,
    )


@functools.cache
def plain_times(name: str, count: int = 25):
    """Random points of a class and the soonest time a plain flight passes each."""
    parameters, (low, high), step_s = CLASSES[name]
    burn_s, _, beta, range_m, end_s = parameters
    families = [
        plane_flights(
            np.linspace(lowest_kick(thrust), 0.5 * math.pi, 300),
            thrust=thrust,
            burn_s=burn_s,
            beta=beta,
            end_s=end_s,
            step_s=step_s,
        )
        for thrust in table_of(parameters).thrust_m_s2 * np.array([1.0, *SLOWER])
        if thrust > LEAST_WEIGHTS * WEIGHT_M_S2
    ]
    families = [(flights, boxes(flights)) for flights in families]
    rng = np.random.default_rng(len(name))
    rows = []
    for _ in range(count):
        ground_m, height_m = rng.uniform(0.0, range_m), rng.uniform(low, high)
        angle, r = ground_m / RADIUS_MEAN_M, RADIUS_MEAN_M + height_m
        point = r * np.array([math.sin(angle), math.cos(angle)])
        time_s = np.fmin.reduce([first_passage(*family, step_s, point) for family in families])
        rows.append((ground_m, height_m, time_s))
    return rows


def worst_share(name: str, table) -> float:
    """Largest relative error of a table's flight times; inf for a point too few or many."""
    worst = 0.0
    for ground_m, height_m, time_s in plain_times(name):
        ours_s = table.flight_time(ground_m, height_m)
        if math.isnan(ours_s) != math.isnan(time_s):
            return math.inf
        if not math.isnan(time_s):
            worst = max(worst, abs(ours_s / time_s - 1.0))
    return worst


@pytest.mark.parametrize("name", CLASSES)
def test_the_table_is_within_half_a_per_cent_of_plain_flights(name):
    assert sum(not math.isnan(time_s) for _, _, time_s in plain_times(name)) >= 20
    assert worst_share(name, table_of(CLASSES[name][0])) < 0.005


@pytest.mark.parametrize("name", ["ship, upper", "terminal, low"])
def test_plain_flights_catch_a_slower_interceptor(name):
    burn_s, speed, *rest = CLASSES[name][0]
    assert worst_share(name, table_of((burn_s, 0.98 * speed, *rest))) > 0.005


@given(st.floats(5.0, 250.0), st.floats(1.6, 20.0), st.floats(2000.0, 50000.0))
@settings(max_examples=20, deadline=None)
def test_the_thrust_gives_the_published_speed(burn_s, weights, beta):
    speed = min(9000.0, max(1200.0, weights * 9.8 * burn_s))
    if speed < 1.3 * 9.8 * burn_s or speed > 30.0 * 9.8 * burn_s:
        return
    thrust = thrust_acceleration(
        burnout_speed_m_s=speed, burn_time_s=burn_s, ballistic_coefficient_kg_m2=beta
    )

    def climb(kick_rad):
        return burn(kick_rad, thrust, burn_s, beta, ERROR_MAX * speed)[1] - 0.25 * math.pi

    kick = brentq(climb, lowest_kick(thrust), 0.5 * math.pi, xtol=1e-10)
    assert burn(kick, thrust, burn_s, beta, ERROR_MAX * speed)[0] == pytest.approx(speed, rel=1e-4)


def test_a_booster_that_cannot_fly_is_refused_with_a_reason():
    with pytest.raises(OpendomeError) as told:
        table_of((600.0, 5900.0, 100.0, 100e3, 900.0))
    assert "drag leaves possible" in told.value.allowed
    with pytest.raises(OpendomeError) as told:
        table_of((60.0, 3000.0, 10000.0, 100e3, 60.0))
    assert "longer than the burn" in told.value.allowed


# Published envelopes. A table must contain them: what a class was said or seen to do must be
# possible. How much more the kinematics allow is told in docs/models/surface-interceptor.md.
@pytest.mark.parametrize(
    ("parameters", "points_km"),
    [
        # GBI: booster flight of 2003 over about 5,300 km; apogee about 1,900 km; intercept of
        # 2007 at 120 km.
        ((200.0, 7000.0, 10000.0, 6000e3, 1500.0), [(5300, 200), (0, 1900), (1000, 120)]),
        ((140.0, 8500.0, 40000.0, 6000e3, 1500.0), [(5300, 200), (0, 1900), (1000, 120)]),
        # SM-3 Block IIA: "1,000 km or more"; quoted ranges start at 1,200 km.
        ((130.0, 4000.0, 3000.0, 2500e3, 800.0), [(0, 1000), (1200, 200)]),
        ((90.0, 4500.0, 12000.0, 2500e3, 800.0), [(0, 1000), (1200, 200)]),
        # THAAD: 40 to 150 km high, 200 km far.
        ((20.0, 2600.0, 5000.0, 220e3, 200.0), [(200, 40), (200, 150), (0, 150)]),
        ((14.0, 2800.0, 12000.0, 220e3, 200.0), [(200, 40), (200, 150), (0, 150)]),
        # PAC-3 MSE: 20 to 35 km far against ballistic missiles, 24 to 36 km high.
        ((12.0, 1400.0, 2000.0, 35e3, 80.0), [(20, 10), (0, 24)]),
        ((6.0, 1700.0, 6000.0, 35e3, 80.0), [(35, 10), (0, 36)]),
    ],
)
def test_published_envelopes_are_inside_the_table(parameters, points_km):
    table = table_of(parameters)
    for ground_km, height_km in points_km:
        assert table.flight_time(ground_km * 1e3, height_km * 1e3) < parameters[4]


def flight_with_apogee(speed: float, burn_s: float, apogee_m: float) -> float:
    """Ground range of the flight with a given apogee [m]."""
    thrust = thrust_acceleration(
        burnout_speed_m_s=speed, burn_time_s=burn_s, ballistic_coefficient_kg_m2=20000.0
    )
    paths = plane_flights(
        np.linspace(lowest_kick(thrust), 0.5 * math.pi - 1e-6, 300),
        thrust=thrust,
        burn_s=burn_s,
        beta=20000.0,
        end_s=2600.0,
        step_s=2.0,
    )
    tops = np.nanmax(np.linalg.norm(paths, axis=-1), axis=1) - RADIUS_MEAN_M
    ranges = np.nanmax(np.unwrap(np.arctan2(paths[..., 0], paths[..., 1]), axis=-1), axis=1)
    rising = tops > 500e3
    return float(np.interp(apogee_m, tops[rising], ranges[rising])) * RADIUS_MEAN_M


# The booster flight of 2003: 5,300 km with an apogee of about 1,900 km. Two-body motion from
# 150 km height needs 6.05 km/s for such an arc; so does our flight, within the burn's own range.
def test_the_booster_flight_of_2003_needs_about_six_kilometres_a_second():
    speed = brentq(
        lambda v: flight_with_apogee(v, 150.0, 1900e3) - 5300e3, 5000.0, 6800.0, xtol=10.0
    )
    assert 5600.0 < speed < 6050.0


@pytest.mark.parametrize("name", ["ship, upper", "terminal, high"])
def test_faster_or_longer_flights_never_lose_reach(name):
    burn_s, speed, beta, range_m, end_s = CLASSES[name][0]
    table = table_of(CLASSES[name][0])
    faster = table_of((burn_s, 1.1 * speed, beta, range_m, end_s))
    longer = table_of((burn_s, speed, beta, range_m, 1.2 * end_s))
    rng = np.random.default_rng(2)
    low, high = CLASSES[name][1]
    for _ in range(300):
        ground_m, height_m = rng.uniform(0.0, range_m), rng.uniform(low, high)
        time_s = table.flight_time(ground_m, height_m)
        if math.isnan(time_s):
            continue
        assert faster.flight_time(ground_m, height_m) <= time_s
        assert longer.flight_time(ground_m, height_m) <= 1.002 * time_s


@pytest.mark.parametrize("name", CLASSES)
def test_ground_range_is_where_the_flight_time_ends(name):
    parameters, (low, high), _ = CLASSES[name]
    table = table_of(parameters)
    height_m = 0.5 * (low + high)
    ground_m = table.ground_range(height_m, 0.6 * parameters[4])
    assert table.flight_time(ground_m, height_m) <= 0.6 * parameters[4]
    assert not table.flight_time(ground_m + 1000.0, height_m) <= 0.6 * parameters[4]
    assert math.isnan(table.ground_range(20000e3, parameters[4]))


def aimed(lat_deg, azimuth_deg, ground_m, height_m):
    """A point at a bearing and range from a site on the ellipsoid: site, up, point [m]."""
    lat, azimuth, angle = math.radians(lat_deg), math.radians(azimuth_deg), ground_m / RADIUS_MEAN_M
    to_lat = math.asin(
        math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(azimuth)
    )
    to_lon = math.atan2(
        math.sin(azimuth) * math.sin(angle) * math.cos(lat),
        math.cos(angle) - math.sin(lat) * math.sin(to_lat),
    )
    up = enu_axes(lat, 0.0)[2]
    return ecef_from_geodetic(lat, 0.0), up, ecef_from_geodetic(to_lat, to_lon, height_m)


BEARINGS = [
    (64.0, 270.0, 2000e3, 300e3),
    (35.0, 90.0, 3000e3, 1000e3),
    (0.0, 90.0, 5000e3, 500e3),
    (0.0, 270.0, 5000e3, 500e3),
    (35.0, 300.0, 600e3, 200e3),
]


def rotation_error(case, *, turning: bool) -> float:
    """Relative error of the flight time against a flight over the turning, flattened Earth."""
    lat_deg, azimuth_deg, ground_m, height_m = case
    parameters = CLASSES["long range"][0]
    burn_s, _, beta, _, _ = parameters
    table = table_of(parameters)
    site, up, point = aimed(*case)
    guess_s, _ = flyout_time_of(
        table.fronts,
        table.times_s,
        table.sine_min,
        burn_s,
        (up[0], up[1], up[2]),
        tuple(point - site),
        math.nan,
        0,
    )
    ours_s = guess_s if turning else table.flight_time(ground_m, height_m)

    def miss(unknown):
        flown_to = turning_flight(
            unknown[0],
            unknown[1],
            site=(math.radians(lat_deg), 0.0),
            thrust=table.thrust_m_s2,
            burn_s=burn_s,
            beta=beta,
            time_s=unknown[2] * guess_s,
        )
        return (flown_to - point) / 1e6

    for kick in (1.25, 1.1, 1.4):
        found = root(miss, [kick, math.radians(azimuth_deg), 1.0], tol=1e-6)
        if found.success:
            return abs(ours_s / (found.x[2] * guess_s) - 1.0)
    raise AssertionError(case)


@pytest.mark.parametrize("case", BEARINGS)
def test_flight_times_hold_over_the_turning_flattened_earth(case):
    assert rotation_error(case, turning=True) < 0.003


def test_the_turning_earth_catches_a_table_that_stands_still():
    assert rotation_error((0.0, 90.0, 5000e3, 500e3), turning=False) > 0.003


def surface(**changes) -> SurfaceInterceptor:
    burn_s, speed, beta, range_m, end_s = CLASSES["long range"][0]
    values = {
        "sites": (
            Site(name="north", lat_rad=math.radians(64.0), lon_rad=math.radians(-146.0), stock=40),
            Site(name="east", lat_rad=math.radians(45.0), lon_rad=math.radians(140.0), stock=4),
        ),
        "burn_time_s": burn_s,
        "burnout_speed_m_s": speed,
        "ballistic_coefficient_kg_m2": beta,
        "range_max_m": range_m,
        "flight_time_max_s": end_s,
        "window": Window(altitude_min_m=120e3, altitude_max_m=1900e3, boost=False),
        "divert_m_s": 600.0,
        "homing_time_s": 60.0,
        "p_kill": 0.5,
        "launch_delay_s": 10.0,
    }
    return SurfaceInterceptor(**(values | changes))


def suite(*models) -> ShooterSuite:
    return ShooterSuite(
        entries=tuple(
            Shooters(asset=i, name=f"class {i}", interceptor=model)
            for i, model in enumerate(models)
        )
    )


ERA_RAD = 0.7


@pytest.fixture(scope="module")
def record():
    raid = flown(5, step_s=2.0)
    return raid, reach(raid, suite(surface()), era_epoch_rad=ERA_RAD, step_s=4.0)


def worst_disagreement(raid, record, model, era_rad) -> float:
    """Latest launches of all samples against direct evaluation, sample by sample [s]."""
    table = model.table()
    worst = 0.0
    owner = np.repeat(np.arange(raid.objects), np.diff(record.start))
    found = {
        (int(owner[q]), int(record.shooter[q]), round((t - raid.launch_t_s[owner[q]]) / 4.0)): row
        for q in range(record.shooter.size)
        for t, row in zip(
            record.first_t_s[q] + 4.0 * np.arange(record.offset[q + 1] - record.offset[q]),
            record.latest_launch_t_s[record.offset[q] : record.offset[q + 1]],
            strict=True,
        )
    }
    for j in range(raid.objects):
        for k in range(0, int(raid.valid[j].sum()) // 2, 9):
            t_s = raid.launch_t_s[j] + 4.0 * k
            point = ecef_from_eci(raid.pos_eci_m[j, 2 * k], era_rad + 7.292115e-5 * t_s)
            height_m = altitude_xyz(*point)
            for i, site in enumerate(model.sites):
                base = ecef_from_geodetic(site.lat_rad, site.lon_rad)
                up = enu_axes(site.lat_rad, site.lon_rad)[2]
                cosine = point @ base / np.linalg.norm(point) / np.linalg.norm(base)
                theirs = -math.inf
                if (
                    math.acos(cosine) * RADIUS_MEAN_M <= model.range_max_m
                    and 120e3 <= height_m <= 1900e3
                    and t_s > raid.burnout_t_s[j]
                ):
                    flight_s = math.nan
                    for _ in range(3):
                        flight_s, _ = flyout_time_of(
                            table.fronts,
                            table.times_s,
                            table.sine_min,
                            model.burn_time_s,
                            tuple(up),
                            tuple(point - base),
                            flight_s,
                            0,
                        )
                    if flight_s <= 4.0 * k:
                        theirs = t_s - flight_s
                ours = found.get((j, i, k), -math.inf)
                worst = max(worst, 0.0 if ours == theirs else abs(ours - theirs))
    return worst


def test_every_sample_agrees_with_direct_evaluation(record):
    raid, found = record
    assert np.isfinite(found.latest_launch_t_s).sum() > 500
    assert worst_disagreement(raid, found, surface(), ERA_RAD) < 0.05


def test_direct_evaluation_catches_a_wrong_earth_angle(record):
    raid, found = record
    assert worst_disagreement(raid, found, surface(), ERA_RAD + 0.01) > 0.05


def test_sites_and_stock_are_named(record):
    _, found = record
    assert found.shooter_names == ("class 0 north", "class 0 east")
    assert list(found.shooter_stock) == [40, 4]


def test_a_second_site_or_class_only_adds_pairs(record):
    raid, found = record
    more = surface(
        sites=(
            *surface().sites,
            Site(name="far", lat_rad=-0.6, lon_rad=2.0, stock=1),
            Site(name="near", lat_rad=math.radians(50.0), lon_rad=math.radians(135.0), stock=1),
        )
    )
    both = reach(raid, suite(more), era_epoch_rad=ERA_RAD, step_s=4.0)
    old = {(int(s), float(t)) for s, t in zip(found.shooter, found.first_t_s, strict=True)}
    new = {(int(s), float(t)) for s, t in zip(both.shooter, both.first_t_s, strict=True)}
    assert old <= new
    assert any(shooter == 3 for shooter, _ in new)
    assert not any(shooter == 2 for shooter, _ in new)
