"""Windows judged by the sensors of a run: levels, views, assets, chunks, agreement with a run."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

import opendome
from opendome.engagement.geometry import lay_out
from opendome.sensing.kernels.flight import position_at
from opendome.sensing.models import SensorSuite
from opendome.sensing.samples import flight_of, rotate_samples
from opendome.survey import map as survey_map
from opendome.survey.grid import Grid
from opendome.survey.kernels import FIRE_CONTROL, SEEN, TRACKED, UNSEEN
from opendome.survey.map import coverage
from opendome.survey.passing import headings_rad, pass_over, unshared
from opendome.survey.target import find_target
from opendome.verification.coverage_maps import RULES, target_at
from opendome.world.earth import geodetic_from_ecef
from opendome.world.frames import ecef_from_eci

from .scenes import dish_at, eye_at, grid_of, surveyed

SMALL = {"grid": "20 deg", "step": "20 min", "hours": 1}


@pytest.fixture(scope="module")
def homeland():
    return opendome.load("homeland-2026")


@pytest.fixture(scope="module")
def cold(homeland):
    return coverage(homeland, altitude="250 km", **SMALL)


def shaped(verdicts, grid):
    return verdicts.level[0].reshape(grid.cells, grid.moments)


@pytest.mark.parametrize("speed_m_s", [0.0, 250.0, 7000.0])
def test_an_object_passes_over_its_cell_level_and_at_its_speed(speed_m_s):
    grid = grid_of(30.0, step_s=100.0, dwell_s=60.0)
    target = replace(target_at(3e5), ground_speed_m_s=speed_m_s)
    cells = np.arange(grid.cells)
    raid = pass_over(target, grid, cells, np.array([3, 7]), era_epoch_rad=2.0)
    assert raid.objects == 2 * grid.cells
    flight = flight_of(raid)
    ecef = rotate_samples(flight, 2.0)
    lat, lon, alt = geodetic_from_ecef(ecef.reshape(-1, 3))
    np.testing.assert_allclose(alt, 3e5, atol=1e-3)
    middle = slice(3, None, 7)  # six steps of ten seconds
    np.testing.assert_allclose(lat[middle], np.repeat(grid.lat_rad, 2), atol=1e-9)
    away = lon[middle] - np.repeat(grid.lon_rad, 2)
    np.testing.assert_allclose(np.cos(away), 1.0, atol=1e-12)
    steps_m = np.linalg.norm(np.diff(ecef, axis=1), axis=2)
    np.testing.assert_allclose(steps_m, 10.0 * speed_m_s, rtol=1e-3, atol=1e-6)
    for obj in range(0, raid.objects, 7):  # between the samples it flies on along its path
        t_s = raid.launch_t_s[obj] + 25.0
        between = np.array(position_at(flight, obj, 2, t_s))
        ends = raid.pos_eci_m[obj, 2:4]
        height_m = np.linalg.norm(between) - np.linalg.norm(ends, axis=1).mean()
        assert abs(height_m) < 800.0  # of the arc over its chord, 7 km/s for 10 s


def test_headings_are_spread_evenly():
    counts, _ = np.histogram(headings_rad(np.arange(3600)), bins=36, range=(0.0, 2.0 * np.pi))
    assert counts.min() >= 98
    assert counts.max() <= 102


def test_one_eye_sees_two_track_and_their_crossing_gives_the_place():
    grid = grid_of(10.0, hours=0.1)
    one = shaped(surveyed(grid, satellites=[eye_at(0.0)]), grid)
    two = shaped(surveyed(grid, satellites=[eye_at(0.0), eye_at(50.0)]), grid)
    assert set(np.unique(one)) == {UNSEEN, SEEN}
    both = (np.abs(grid.lon_rad - 0.44) < 0.3) & (np.abs(grid.lat_rad) < 0.3)
    assert (two[both] >= TRACKED).all()
    strict = RULES._replace(commit_sigma_m=1e9)
    fire = shaped(surveyed(grid, satellites=[eye_at(0.0), eye_at(50.0)], rules=strict), grid)
    assert (fire[two >= TRACKED] == FIRE_CONTROL).all()
    assert (two >= one).all()  # one more sensor never lowers a level


def test_a_radar_tracks_alone():
    grid = grid_of(5.0, hours=0.1)
    level = shaped(surveyed(grid, radars=[dish_at(40.0, 10.0)]), grid)
    near = (np.abs(grid.lat_rad - 0.7) < 0.1) & (np.abs(grid.lon_rad - 0.17) < 0.1)
    assert (level[near] >= TRACKED).all()
    assert not (level == SEEN).any()


def test_a_sensor_must_be_sure_within_the_dwell():
    sluggish = [eye_at(0.0, revisit_s=10.0), eye_at(30.0, revisit_s=10.0)]
    rules = RULES._replace(confirm_hits=3, confirm_window=5)
    for dwell_s, most in ((15.0, SEEN), (40.0, FIRE_CONTROL)):
        grid = grid_of(20.0, hours=0.1, dwell_s=dwell_s)
        verdicts = surveyed(grid, satellites=sluggish, rules=rules)
        assert verdicts.level.max() <= most
        assert (verdicts.level.max() > SEEN) == (dwell_s > 15.0)
    known = verdicts.confirm_s[np.isfinite(verdicts.confirm_s)]
    assert known.min() > 20.0  # three looks ten seconds apart
    assert known.max() <= 30.0


def test_what_a_nation_is_not_given_it_does_not_see():
    def tell(looks):
        first = np.where(looks.sensor == 0, looks.t_s + 7.0, np.inf)
        return np.stack([first, looks.t_s]), np.ones((2, looks.t_s.size))

    grid = grid_of(20.0, hours=0.1)
    eyes = [eye_at(0.0, asset=0), eye_at(40.0, asset=1)]
    verdicts = surveyed(grid, satellites=eyes, tell=tell, views=2)
    alone = surveyed(grid, satellites=eyes[:1])
    assert (verdicts.level[0] == alone.level[0]).all()
    assert verdicts.level[1].max() >= TRACKED
    assert verdicts.assets[0, 1].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert verdicts.sensors[1].max() == 2


def test_delays_count_until_a_track_is_known():
    def late(looks):
        return (looks.t_s + 25.0)[None, :], np.ones((1, looks.t_s.size))

    grid = grid_of(20.0, hours=0.1)
    eyes = [eye_at(0.0), eye_at(40.0)]
    at_once, later = surveyed(grid, satellites=eyes), surveyed(grid, satellites=eyes, tell=late)
    np.testing.assert_array_equal(at_once.level, later.level)
    gained = later.confirm_s - at_once.confirm_s
    np.testing.assert_allclose(gained[np.isfinite(gained)], 25.0, atol=1e-3)


def test_a_look_that_is_mostly_lost_on_its_way_does_not_count():
    def lossy(looks):
        return looks.t_s[None, :], np.full((1, looks.t_s.size), 0.4)

    grid = grid_of(20.0, hours=0.1)
    assert surveyed(grid, satellites=[eye_at(0.0)], tell=lossy).level.max() == UNSEEN


def test_what_an_asset_brings_is_what_is_lost_without_it():
    """The counts kept for every asset against maps without it."""
    grid = grid_of(6.0, hours=0.3)
    eyes = [eye_at(0.0, asset=0), eye_at(10.0, asset=0), eye_at(70.0, asset=1)]
    radars = [dish_at(30.0, 120.0, asset=2)]
    whole = surveyed(grid, satellites=eyes, radars=radars)
    weight = np.repeat(grid.weight, grid.moments)
    for asset in range(3):
        kept = [[s for s in part if s.asset != asset] for part in (eyes, radars)]
        own = [[s for s in part if s.asset == asset] for part in (eyes, radars)]
        without = surveyed(grid, satellites=kept[0], radars=kept[1]).level[0]
        alone = surveyed(grid, satellites=own[0], radars=own[1]).level[0]
        expected = [
            weight[alone >= SEEN].sum(),
            weight[alone >= TRACKED].sum(),
            weight[(whole.level[0] >= SEEN) & (without < SEEN)].sum(),
            weight[(whole.level[0] >= TRACKED) & (without < TRACKED)].sum(),
        ]
        np.testing.assert_allclose(whole.assets[0, asset], expected, atol=1e-12)
    assert whole.assets[0, 1, 3] > 0.0


def test_pieces_of_the_work_change_nothing(monkeypatch):
    eyes = [eye_at(0.0, revisit_s=3.0), eye_at(60.0, revisit_s=4.0)]
    grid = grid_of(15.0, hours=0.2, step_s=30.0, dwell_s=20.0)
    whole = surveyed(grid, satellites=eyes, radars=[dish_at(10.0, 20.0)])
    monkeypatch.setattr(survey_map, "SCANS_ROWS", 3000)
    monkeypatch.setattr(survey_map, "MOMENTS_ROWS", 5)
    cut = surveyed(grid, satellites=eyes, radars=[dish_at(10.0, 20.0)])
    for name in ("level", "sensors", "sigma_m", "confirm_s"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(cut, name))
    np.testing.assert_allclose(whole.assets, cut.assets, rtol=1e-12)


def test_a_map_agrees_with_the_looks_of_a_run(homeland):
    """Moments of a flight of the raid: the map there says what the run's own looks say."""
    geometry = lay_out(homeland, 0)
    raid, looks, real = geometry.raid, geometry.looks, geometry.realisation
    target = find_target(homeland, real, threat=None, phase="midcourse", altitude_m=None, future=0)
    agree = total = 0
    for obj, share in itertools.product(range(raid.objects), (0.35, 0.5, 0.65, 0.8)):
        t_s = raid.burnout_t_s[obj] + share * (raid.impact_t_s[obj] - raid.burnout_t_s[obj])
        t_s -= t_s % 1.0
        k = int((t_s - raid.launch_t_s[obj]) / raid.step_s)
        theta = real.era_epoch_rad + 7.292115e-5 * (raid.launch_t_s[obj] + k * raid.step_s)
        lat, lon, alt = geodetic_from_ecef(ecef_from_eci(raid.pos_eci_m[obj, k], theta))
        rows = slice(*looks.start[obj : obj + 2])
        inside = np.abs(looks.t_s[rows] - t_s) <= 5.0
        good = inside & (looks.p_detect[rows] >= 0.5)
        seen_by = set(looks.sensor[rows][good].tolist())
        cell = Grid(
            size_rad=0.1, region=None, lat_rad=np.atleast_1d(lat), lon_rad=np.atleast_1d(lon),
            weight=np.ones(1), t_s=np.array([t_s - 5.0]), step_s=60.0, dwell_s=10.0,
        )  # fmt: skip
        sky = survey_map.Sky(
            era_epoch_rad=real.era_epoch_rad,
            suite=unshared(real.suite),
            assets=len(real.asset_names),
            target=replace(target, altitude_m=float(alt)),
            grid=cell,
            rules=RULES._replace(dwell_s=10.0),
            views=("all",),
            tell=survey_map.tell_all,
            weather=real.sky,
        )
        found = survey_map.survey(sky)
        agree += int(found.sensors[0, 0]) == len(seen_by)
        total += 1
    assert total >= 40
    assert agree / total >= 0.9  # objects that cross the edge of a sensor's view in ten seconds


def test_sensors_are_free_for_one_object():
    """What a radar or a pointed field shares among many objects, none of a map has to share."""
    busy = replace(dish_at(20.0, 0.0), look_budget_hz=1.0, priority="newest")
    pointed = replace(eye_at(0.0), targets=1)
    suite = SensorSuite(radars=(busy,), satellites=(pointed,))
    free = unshared(suite)
    assert free.satellites[0].targets is None
    assert free.radars[0].priority is None
    grid = grid_of(10.0, hours=0.1)
    alone = surveyed(grid, radars=[dish_at(20.0, 0.0)], satellites=[eye_at(0.0)])
    freed = surveyed(grid, radars=free.radars, satellites=free.satellites)
    crowded = surveyed(grid, radars=suite.radars, satellites=suite.satellites)
    np.testing.assert_array_equal(freed.level, alone.level)
    np.testing.assert_array_equal(freed.sensors, alone.sensors)
    assert (crowded.level < alone.level).any()


def test_levels_are_nested_and_shares_add_up(cold):
    shares = cold.shares()
    assert 1.0 > shares["seen"] >= shares["tracked"] >= shares["fire control"] > 0.0
    everyone = cold.shares(len(cold.views) - 1)
    assert all(everyone[name] >= share for name, share in shares.items())
    whole = sum(
        band.shares["seen"] * cold.grid.weight[_between(cold.grid, band)].sum()
        for band in cold.bands()
    )
    assert whole == pytest.approx(shares["seen"], rel=1e-12)
    assert np.isnan(cold.confirm_s[cold.level < TRACKED]).all()
    assert np.isfinite(cold.confirm_s[cold.level >= TRACKED]).all()
    assert np.isnan(cold.sigma_m[cold.level == UNSEEN]).all()


def _between(grid, band):
    lat = np.degrees(grid.lat_rad)
    return (lat >= band.south_deg) & (lat < band.north_deg)


def test_the_same_question_has_the_same_digest(homeland, cold):
    again = coverage("homeland-2026", altitude="250 km", **SMALL)
    assert again.digest == cold.digest
    assert coverage(homeland, altitude="251 km", **SMALL).digest != cold.digest
    assert coverage(homeland, altitude="250 km", future=1, **SMALL).digest != cold.digest


def test_a_shield_without_sensors_sees_nothing():
    blind = surveyed(grid_of(45.0))
    assert blind.level.max() == UNSEEN
    assert np.isnan(blind.sigma_m).all()
