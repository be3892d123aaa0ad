"""Beams against the closed form of a straight pass."""

import json
import math

import numpy as np
import pytest

from opendome.intercept.energy_spec import DirectedEnergySpec
from opendome.intercept.kernels.beam import came_in, solve_beams
from opendome.intercept.models import Shooters, ShooterSuite, reach
from opendome.quantities.errors import OpendomeError
from opendome.sources.catalogue import load_system

from .raids import flown

RADIUS_M = 6378137.0
SITE = np.array([[RADIUS_M, 0.0, 0.0]])
UP = np.array([[1.0, 0.0, 0.0]])


def passing(speed, height_m, aside_m, step_s, *, range_m, dwell_s, low_rad=0.0, is_open=None):
    """Latest starts for a straight, level pass over a site; time 0 is the closest point."""
    t = np.arange(-60.0, 60.0, step_s)
    pos = np.zeros((1, t.size, 3))
    pos[0, :, 0], pos[0, :, 1], pos[0, :, 2] = RADIUS_M + height_m, speed * t, aside_m
    latest, span = np.empty((1, 1, t.size)), np.zeros((1, 1, 2), np.int64)
    turned = np.empty_like(pos)  # undo the turning of the Earth
    angle = 7.292115e-5 * t
    turned[0, :, 0] = np.cos(angle) * pos[0, :, 0] - np.sin(angle) * pos[0, :, 1]
    turned[0, :, 1] = np.sin(angle) * pos[0, :, 0] + np.cos(angle) * pos[0, :, 1]
    turned[0, :, 2] = pos[0, :, 2]
    if is_open is None:
        is_open = np.ones((1, t.size), bool)
    solve_beams(SITE, UP, range_m, low_rad, dwell_s, turned, is_open, np.array([-60.0]), 0.0,
                step_s, latest, span)  # fmt: skip
    return t, latest[0, 0], span[0, 0]


def first_kill_s(speed, height_m, aside_m, range_m, dwell_s):
    """Closed form: half the chord before the closest point, then the dwell."""
    return dwell_s - math.sqrt(range_m**2 - height_m**2 - aside_m**2) / speed


@pytest.mark.parametrize(("speed", "height_m", "aside_m"), [(50.0, 300.0, 0.0), (250.0, 1e3, 2e3)])
def test_the_first_kill_of_a_straight_pass(speed, height_m, aside_m):
    wanted_s = first_kill_s(speed, height_m, aside_m, 5000.0, 4.0)
    t, latest, span = passing(speed, height_m, aside_m, 0.05, range_m=5000.0, dwell_s=4.0)
    if wanted_s < -60.0 + 4.0:
        wanted_s = -60.0 + 4.0  # the pass begins within range
    assert t[span[0]] == pytest.approx(wanted_s, abs=0.051)
    finite = np.isfinite(latest)
    np.testing.assert_allclose(latest[finite], t[finite] - 4.0, atol=1e-9)
    assert finite[span[0] : span[1]].all()


def test_a_coarse_clock_finds_the_entry_within_its_curve():
    wanted_s = first_kill_s(250.0, 1e3, 2e3, 5000.0, 4.0)
    t, _, span = passing(250.0, 1e3, 2e3, 2.0, range_m=5000.0, dwell_s=4.0)
    assert wanted_s - 0.05 <= t[span[0]] <= wanted_s + 2.0


def test_too_short_a_pass_or_too_long_a_dwell_never_kills():
    within_s = 2.0 * math.sqrt(5000.0**2 - 1e3**2 - 2e3**2) / 250.0
    for dwell_s, kills in ((within_s - 0.2, True), (within_s + 0.2, False)):
        _, latest, _ = passing(250.0, 1e3, 2e3, 0.05, range_m=5000.0, dwell_s=dwell_s)
        assert np.isfinite(latest).any() == kills


def test_the_closed_form_catches_a_beam_that_needs_no_dwell():
    t, _, span = passing(250.0, 1e3, 2e3, 0.05, range_m=5000.0, dwell_s=1e-9)
    assert abs(t[span[0]] - first_kill_s(250.0, 1e3, 2e3, 5000.0, 4.0)) > 1.0


def test_below_the_lowest_elevation_nothing_counts():
    _, above, _ = passing(250.0, 1e3, 0.0, 0.05, range_m=5000.0, dwell_s=1.0, low_rad=0.5)
    t, _, span = passing(250.0, 1e3, 0.0, 0.05, range_m=5000.0, dwell_s=1.0)
    t_in = -1e3 / math.tan(0.5) / 250.0
    assert t[np.flatnonzero(np.isfinite(above))[0]] == pytest.approx(t_in + 1.0, abs=0.11)
    assert np.isfinite(above).sum() < span[1] - span[0]


def test_a_gap_in_the_window_starts_the_dwell_again():
    is_open = np.ones((1, 2400), bool)
    is_open[0, 1200] = False
    _, latest, _ = passing(100.0, 500.0, 0.0, 0.05, range_m=4000.0, dwell_s=3.0, is_open=is_open)
    assert np.isfinite(latest[1199])
    assert not np.isfinite(latest[1200:1260]).any()
    assert np.isfinite(latest[1262])


def test_came_in():
    assert came_in(4000.0, 3000.0, 5000.0) == 1.0
    assert came_in(6000.0, 4000.0, 5000.0) == 0.5


def spec(**changes):
    return DirectedEnergySpec(**(load_system("iron-beam").tree() | changes))


def test_a_spec_is_read_back():
    made = spec()
    assert DirectedEnergySpec(**json.loads(made.model_dump_json(exclude_none=True))) == made
    model = made.realise(lambda _name, value: value.middle)
    assert model.launching.channels == 1.0
    assert model.launching.channel_time_s == model.dwell_s == model.homing_time_s == 6.5


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"against": ["owa-dron"]}, "owa-dron"), ({"against": ["thaad"]}, "thaad"),
     ({"intercept_altitude_min": "12 km"}, "intercept_altitude")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(changes, word):
    with pytest.raises((OpendomeError, ValueError)) as told:
        spec(**changes)
    assert word in str(told.value)


def test_a_beam_meets_only_what_it_can_hurt():
    raid = flown(3, step_s=1.0, boost_s=30.0, longest_s=200.0)
    lat, lon = raid.launch_lat_rad[0], raid.launch_lon_rad[0]
    for against, met in ((raid.class_names, True), (("owa-drone",), False)):
        made = spec(
            sites={"s": {"latitude": f"{math.degrees(lat)} deg",
                         "longitude": f"{math.degrees(lon)} deg", "stock": 10}},
            dwell="2 s", range_max="90 km", intercept_altitude_max="90 km",
        )  # fmt: skip
        model = made.realise(lambda _name, value: value.middle)
        object.__setattr__(model, "against", against)
        suite = ShooterSuite(entries=(Shooters(asset=0, name="beam", interceptor=model),))
        found = reach(raid, suite, era_epoch_rad=0.0, step_s=1.0)
        assert bool(np.isfinite(found.latest_launch_t_s).any()) == met
        assert found.shooter_names == ("beam s",)
