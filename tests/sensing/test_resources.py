"""Radars that search, and that follow only as many objects as they can."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from opendome.sensing.kernels.custody import time_to_radar, tracks_at_most
from opendome.sensing.models import SensorSuite, look_at
from opendome.sensing.resources import Luck, Search
from opendome.sensing.samples import flight_of

ERA = 0.3
ALL_ROUND = {"lat_rad": math.radians(42.0), "lon_rad": math.radians(105.0), "azimuth_from_rad": 0.0}
ALL_ROUND |= {"azimuth_to_rad": 2 * math.pi, "elevation_min_rad": 0.0, "range_max_m": 4e6}
STRONG = {"range_reference_m": 9e7}


def search(**fields):
    return Search(**({"frame_s": 10.0, "share": 0.3, "fence_rad": math.pi / 2} | fields))


def looks_of(raid, radar, *, future=0, seed=1):
    suite = SensorSuite(radars=(radar,), luck=Luck(seed=seed, future=future))
    return look_at(raid, suite, era_epoch_rad=ERA)


def owners(looks):
    return np.repeat(np.arange(looks.start.size - 1), np.diff(looks.start))


def held(looks, begin_s, end_s):
    """Objects looked at in a span of time."""
    inside = (looks.t_s >= begin_s) & (looks.t_s < end_s)
    return np.unique(owners(looks)[inside])


@pytest.fixture(scope="module")
def dense(make_raid):
    """120 objects in view at once."""
    return make_raid(120, seed=7, within_s=5.0)


@pytest.mark.parametrize(("interval", "budget", "share"), [(2.0, 10.0, 0.3), (4.0, 5.0, 0.0)])
@pytest.mark.parametrize("priority", ["first-come", "closing"])
def test_a_dense_raid_saturates_at_budget_over_update_rate(
    dense, make_radar, interval, budget, share, priority
):
    """Tracks held = (1 - share) * budget * interval, each looked at every interval."""
    radar = make_radar(
        **ALL_ROUND, **STRONG, look_interval_s=interval, look_budget_hz=budget, priority=priority,
        search=search(share=share) if share else None,
    )  # fmt: skip
    looks = looks_of(dense, radar)
    wanted = math.floor((1.0 - share) * budget * interval + 1e-9)
    everything = looks_of(dense, dataclasses.replace(radar, priority=None))
    assert held(everything, 600.0, 600.0 + 40.0).size > 3 * wanted
    for begin_s in (500.0, 600.0, 700.0):
        inside = (looks.t_s >= begin_s) & (looks.t_s < begin_s + interval)
        assert np.count_nonzero(inside) == pytest.approx(wanted, abs=2)
    if priority == "first-come":
        kept = held(looks, 500.0, 500.0 + interval)
        assert kept.size == pytest.approx(wanted, abs=1)
        owner = owners(looks)
        for obj in np.intersect1d(kept, held(looks, 556.0, 560.0))[:5]:
            own = looks.t_s[(owner == obj) & (looks.t_s > 500.0) & (looks.t_s < 560.0)]
            assert np.diff(own).min(initial=interval) >= interval - 1e-9
            assert np.diff(own).mean() == pytest.approx(interval, rel=0.01)


def test_without_a_priority_the_same_raid_is_shared_thinly(dense, make_radar):
    """Negative control: as before, every object waits for all the others."""
    shared = make_radar(**ALL_ROUND, **STRONG, look_interval_s=2.0, look_budget_hz=10.0)
    looks = looks_of(dense, shared)
    in_view = held(looks, 600.0, 630.0).size
    own = looks.t_s[(owners(looks) == held(looks, 600.0, 630.0)[0]) & (looks.t_s > 600.0)]
    assert np.diff(own)[:3] == pytest.approx(np.full(3, in_view / 10.0), rel=0.05)
    assert in_view > 60


def test_first_come_never_gives_up_what_it_follows(dense, make_radar):
    radar = make_radar(
        **ALL_ROUND, **STRONG, look_interval_s=2.0, look_budget_hz=10.0, priority="first-come"
    )
    looks = looks_of(dense, radar)
    owner = owners(looks)
    for obj in np.unique(owner):
        gaps = np.diff(looks.t_s[owner == obj])
        assert gaps.min(initial=2.0) >= 2.0 - 1e-9
        assert gaps.max(initial=2.0) <= 2.0 + 5.0 / 10.0, "a few others that are taken up meanwhile"


def test_newest_takes_in_every_newcomer(make_raid, make_radar):
    """Objects that enter one after the other: each is looked at when it comes."""
    raid = make_raid(60, seed=7, within_s=600.0)
    few = {"look_interval_s": 4.0, "look_budget_hz": 2.0}
    newest = looks_of(raid, make_radar(**ALL_ROUND, **STRONG, **few, priority="newest"))
    first = looks_of(raid, make_radar(**ALL_ROUND, **STRONG, **few, priority="first-come"))
    assert np.unique(owners(newest)).size > np.unique(owners(first)).size


def test_closing_prefers_what_reaches_the_radar_soonest(dense, make_radar):
    ahead = ALL_ROUND | {"lat_rad": math.radians(58.0), "lon_rad": math.radians(135.0)}
    radar = make_radar(
        **ahead, **STRONG, look_interval_s=2.0, look_budget_hz=10.0, priority="closing"
    )
    looks, t_s = looks_of(dense, radar), 600.0
    kept = held(looks, t_s, t_s + 2.0)
    every = held(looks_of(dense, dataclasses.replace(radar, priority=None)), t_s, t_s + 15.0)
    left = np.setdiff1d(every, kept)
    assert left.size > 20
    flight, site = flight_of(dense), radar.site()
    rank = {obj: time_to_radar(flight, site, None, ERA, int(obj), t_s) for obj in every}
    urgency = {obj: 1.0 / value for obj, value in rank.items()}
    assert np.mean([urgency[k] for k in kept]) > 2.0 * np.mean([urgency[k] for k in left])
    assert max(urgency[k] for k in left) < np.median([urgency[k] for k in kept])


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 100.0), st.integers(1, 500))
def test_capacity_is_whole(interval, tracks):
    assert tracks_at_most(interval, tracks / interval) == tracks
    assert tracks_at_most(interval, 0.5 / interval) == 1


def test_search_looks_fall_where_the_sweep_is(make_raid, make_radar):
    """Taken up at (frame + part of the sector) * frame time: azimuths read from a plain twin."""
    raid = make_raid(30, seed=9)
    radar = make_radar(**ALL_ROUND, **STRONG, look_budget_hz=5e3, search=search(frame_s=20.0))
    looks, free = looks_of(raid, radar), looks_of(raid, dataclasses.replace(radar, search=None))
    site = radar.site()
    for obj in range(raid.objects):
        if looks.start[obj] == looks.start[obj + 1]:
            continue
        first_s = looks.t_s[looks.start[obj]]
        entered_s = free.t_s[free.start[obj]]
        assert entered_s <= first_s <= entered_s + 2 * 20.0
        k = int((first_s - raid.launch_t_s[obj]) / raid.step_s)
        part = (first_s - raid.launch_t_s[obj]) / raid.step_s - k
        theta = ERA + 7.292115e-5 * first_s
        x, y, z = (1 - part) * raid.pos_eci_m[obj, k] + part * raid.pos_eci_m[obj, k + 1]
        line = [
            math.cos(theta) * x + math.sin(theta) * y,
            math.cos(theta) * y - math.sin(theta) * x,
        ]
        line = np.array([*line, z]) - np.array([site.x, site.y, site.z])
        north = line @ np.array([site.north_x, site.north_y, site.north_z])
        east = line @ np.cross(
            [site.north_x, site.north_y, site.north_z], [site.up_x, site.up_y, site.up_z]
        )
        part = (math.atan2(east, north) % (2 * math.pi)) / (2 * math.pi)
        off = (first_s / 20.0 - part + 0.5) % 1.0 - 0.5
        assert abs(off) < 0.03, "up to the time of one look and the turn of the object in it"


def test_chance_to_be_acquired_is_time_in_the_fence_over_frame_times_chance_of_a_look(
    make_raid, make_radar
):
    """Closed form for a fence crossed in less than one frame, over many futures and objects."""
    raid = make_raid(40, seed=12, rcs_m2=0.05, within_s=400.0)
    frame_s = 120.0
    weak = {"range_reference_m": 2.2e6, "snr_reference": 20.0}
    fence = {"elevation_min_rad": math.radians(3.0), "fence_rad": math.radians(4.0)}
    place = ALL_ROUND | {"elevation_min_rad": fence["elevation_min_rad"]}
    radar = make_radar(
        **place, **weak, look_budget_hz=1000.0,
        search=search(frame_s=frame_s, fence_rad=fence["fence_rad"]),
    )  # fmt: skip
    thin = dataclasses.replace(
        radar, search=None, elevation_max_rad=fence["fence_rad"], look_interval_s=1.0
    )
    inside = look_at(raid, SensorSuite(radars=(thin,), p_detect_min=0.0), era_epoch_rad=ERA)
    owner = owners(inside)
    wanted, certain = [], []
    for obj in range(raid.objects):
        t_s, chance = inside.t_s[owner == obj], inside.p_detect[owner == obj]
        missed, unmet = 1.0, 1.0
        for part in np.split(np.arange(t_s.size), np.flatnonzero(np.diff(t_s) > 5.0) + 1):
            met = (np.ptp(t_s[part]) + 1.0) / frame_s if part.size else 0.0
            assert met < 1.0, "each crossing is shorter than a frame"
            missed *= 1.0 - met * (chance[part].mean() if part.size else 0.0)
            unmet *= 1.0 - met
        wanted.append(1.0 - missed)
        certain.append(1.0 - unmet)
    found = np.zeros(raid.objects)
    futures = 60
    for future in range(futures):
        # another future: another moment within the frame, and other luck of each look
        later = dataclasses.replace(raid, launch_t_s=raid.launch_t_s + 2.0 * future)
        suite = SensorSuite(radars=(radar,), luck=Luck(seed=3, future=future))
        looks = look_at(later, suite, era_epoch_rad=ERA - 7.292115e-5 * 2.0 * future)
        found += np.diff(looks.start) > 0
    got, trials = found.sum(), futures * raid.objects
    assert 0.05 < np.mean(wanted) < 0.8
    low, high = binom.ppf([5e-4, 1 - 5e-4], trials, np.mean(wanted))
    assert low <= got <= high
    assert not low <= np.mean(certain) * trials <= high, "negative control: looks that never miss"


def test_searching_takes_time_from_tracks(dense, make_radar):
    free = {"look_interval_s": 2.0, "look_budget_hz": 20.0, **ALL_ROUND, **STRONG}
    counts = []
    for share in (0.0, 0.25, 0.5):
        looks = looks_of(dense, make_radar(**free, search=search(share=share)))
        inside = (looks.t_s > 600.0) & (looks.t_s <= 640.0)
        counts.append(np.count_nonzero(inside) / 40.0)
    assert counts == pytest.approx([20.0, 15.0, 10.0], rel=0.02)


def test_luck_of_searching_belongs_to_the_future(make_raid, make_radar):
    raid = make_raid(30, seed=9)
    weak = make_radar(**ALL_ROUND, range_reference_m=1e6, search=search())
    one, same, other = (looks_of(raid, weak, future=future) for future in (0, 0, 1))
    assert np.array_equal(one.t_s, same.t_s)
    assert not np.array_equal(one.t_s, other.t_s)
    alike = looks_of(raid, dataclasses.replace(weak, name="other"))
    assert not np.array_equal(one.t_s, alike.t_s)


def test_nothing_in_view_of_a_searching_radar(make_raid, make_radar):
    far = ALL_ROUND | {"lat_rad": math.radians(-60.0), "lon_rad": math.radians(-60.0)}
    radar = make_radar(**far, search=search(), priority="closing")
    assert looks_of(make_raid(5, seed=2), radar).t_s.size == 0
    assert looks_of(make_raid(0), radar).t_s.size == 0


def test_a_crowd_never_gets_more_than_the_budget_left(dense, make_radar):
    radar = make_radar(
        **ALL_ROUND, **STRONG, look_interval_s=1.0, look_budget_hz=8.0, priority="newest",
        search=search(share=0.5),
    )  # fmt: skip
    t_s = np.sort(looks_of(dense, radar).t_s)
    assert t_s.size > 1000
    assert np.diff(t_s).min() >= 0.25 - 1e-9
