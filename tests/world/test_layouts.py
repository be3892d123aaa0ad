"""Searches for the smallest constellation: what they promise, tried at other moments too."""

import math
from dataclasses import replace

import numpy as np
import pytest

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.world import layouts
from opendome.world.layouts import Demand, Layout, planes_near_root, smallest_pattern
from opendome.world.shells import NO_ANGLE, cap_share, reach_angle, satellites_within

DAY = Layout(kind="delta", phasing=1.0, step_s=60.0, duration_s=86_400.0)
ALTITUDE_M = 400e3
ANGLE_RAD = reach_angle(700e3, RADIUS_EQUATOR_M + ALTITUDE_M, RADIUS_EQUATOR_M + ALTITUDE_M)


def demand(wanted=4, latitude=40.0, inclination=85.0):
    return Demand(
        wanted=wanted,
        cosines=(math.cos(ANGLE_RAD), NO_ANGLE),
        altitude_m=ALTITUDE_M,
        inclination_rad=math.radians(inclination),
        lat_rad=np.radians([latitude]),
        lon_rad=np.zeros(1),
    )


def mean_number(asked):
    share = cap_share(asked.inclination_rad, float(asked.lat_rad[0]), ANGLE_RAD)
    return math.ceil(asked.wanted / share)


def search(asked, planes, layout=DAY, satellites_max=100_000):
    return smallest_pattern(
        asked, layout, planes, mean_number=mean_number(asked), satellites_max=satellites_max
    )


def fewest_of(pattern, asked, step_s):
    counts = satellites_within(
        pattern,
        asked.lat_rad,
        asked.lon_rad,
        angle_rad=ANGLE_RAD,
        t_s=replace(DAY, step_s=step_s).moments_s(),
    )
    return int(counts.min())


@pytest.mark.parametrize(("wanted", "latitude"), [(1, 40.0), (4, 0.0), (12, 61.0)])
def test_what_is_found_does_and_one_less_does_not(wanted, latitude):
    asked = demand(wanted, latitude)
    found = search(asked, [44, 50]).pattern
    assert found is not None
    assert fewest_of(found, asked, 60.0) >= wanted
    assert fewest_of(found, asked, 60.0 / layouts.FINER) >= wanted
    less = replace(found, satellites=found.satellites - found.planes)
    fewest = min(fewest_of(less, asked, step) for step in (60.0, 60.0 / layouts.FINER))
    assert fewest < wanted


def test_what_is_found_holds_at_moments_nobody_tried():
    """Twelve tasks, looked at every 4 s: none is short for more than 0.1 % of the day."""
    rng = np.random.default_rng(3)
    for _ in range(12):
        asked = demand(int(rng.integers(1, 20)), rng.uniform(0.0, 70.0))
        root = round(math.sqrt(mean_number(asked)))
        found = search(asked, [root]).pattern
        assert found is not None
        counts = satellites_within(
            found, asked.lat_rad, 0.0, angle_rad=ANGLE_RAD, t_s=np.arange(0.0, 86_400.0, 4.0)
        )
        assert np.mean(counts < asked.wanted) <= 1e-3
        assert counts.min() >= asked.wanted - 1


def test_closer_moments_never_ask_for_less(monkeypatch):
    asked = demand(10, 20.0)
    closer = search(asked, [60]).pattern
    monkeypatch.setattr(layouts, "FINER", 1)
    assert closer.satellites >= search(asked, [60]).pattern.satellites


def test_more_planes_tried_never_need_more():
    asked = demand(6)
    few, more = (search(asked, planes).pattern.satellites for planes in ([40], [40, 50, 60, 70]))
    assert more <= few


def test_planes_that_leave_gaps_are_named():
    found = search(demand(1), [3, 5, 60])
    assert found.gaps == (3, 5)
    assert found.pattern.planes == 60
    assert search(demand(1), [3]).pattern is None


def test_a_limit_on_satellites_ends_the_search():
    found = search(demand(50), [70], satellites_max=2000)
    assert found.pattern is None
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("satellites", "planes"), [(7800, 78), (54, 6), (1, 1), (7919, 1), (100, 10), (72, 8)]
)
def test_planes_near_the_root(satellites, planes):
    assert planes_near_root(satellites) == planes
    assert satellites % planes == 0


def test_a_judged_layout_takes_its_planes_or_chooses():
    orbit = {"altitude_m": ALTITUDE_M, "inclination_rad": 1.0}
    assert replace(DAY, satellites=54, planes=6).judged(**orbit).planes == 6
    assert replace(DAY, satellites=100).judged(**orbit).planes == 10
    assert replace(DAY, phasing=7.0).pattern(12, 3, **orbit).phasing == 1.0
