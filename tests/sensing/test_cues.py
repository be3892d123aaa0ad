"""What other sensors tell a radar: sums by hand, and what a cue may and may not change."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.sensing.cues import CuePool, Cues
from opendome.sensing.kernels.sheet import new_sheet
from opendome.sensing.models import SensorSuite, look_at
from opendome.sensing.resources import Search

ERA = 0.3
NEVER = math.inf
WIDE = {"lat_rad": math.radians(42.0), "lon_rad": math.radians(105.0), "azimuth_from_rad": 0.0}
WIDE |= {"azimuth_to_rad": 2 * math.pi, "elevation_min_rad": 0.0, "range_max_m": 4e6}
WIDE |= {"range_reference_m": 9e7, "look_budget_hz": 1e6}


def pool(*assets, delay_s=0.0, carrier=None):
    count = len(assets)
    return CuePool(assets=assets, delay_s=(delay_s,) * count, carriers=(carrier,) * count)


def both(*pools):
    """Pools counted together."""
    return CuePool(
        assets=sum((p.assets for p in pools), ()),
        delay_s=sum((p.delay_s for p in pools), ()),
        carriers=sum((p.carriers for p in pools), ()),
    )


def blind(**fields):
    """A search that hardly ever finds anything by itself."""
    return Search(frame_s=3000.0, share=0.3, fence_rad=math.radians(0.5), **fields)


@pytest.fixture
def cues():
    """Sensor 0 of asset 9, 1 of asset 4, 2 of asset 6; objects 0 and 1 of three are seen."""
    sheet = new_sheet(5)
    sheet.sensor[:] = [1, 1, 2, 1, 1]
    sheet.obj[:] = [0, 0, 0, 0, 1]
    sheet.t_s[:] = [10.0, 30.0, 20.0, 40.0, 5.0]
    sheet.p_detect[:] = [0.9, 0.9, 0.9, 0.9, 1.0]
    return Cues(sheets=[sheet], sensor_asset=np.array([9, 4, 6], np.int32))


@pytest.mark.parametrize(
    ("pools", "told"),
    [
        ([pool(4)], 40.0),  # 0.9, 1.8, 2.7 at 10, 30, 40 s
        ([pool(4, 6)], 30.0),  # 2.7 at 30 s
        ([pool(4), pool(6)], 40.0),  # each by itself: asset 6 has one look
        ([both(pool(4), pool(6, delay_s=15.0))], 35.0),  # raw, late: 10, 30, 35 s
        ([both(pool(4), pool(6, delay_s=25.0))], 40.0),  # too late to help
        ([pool(6), pool(4, delay_s=3.0)], 43.0),  # told by a giver that counts by itself
        ([pool(8)], NEVER),
        ([], NEVER),
    ],
)
def test_a_cue_comes_when_two_detections_are_expected(cues, pools, told):
    assert cues.times(pools, 3).tolist() == [told, NEVER, NEVER]


class Slow:
    """A carrier that takes `late_s`, and loses what sensors other than the one it knows send."""

    def __init__(self, sensor, late_s):
        self.sensor, self.late_s = sensor, late_s

    def arrival_t_s(self, sensor, t_s):
        return np.where(sensor == self.sensor, t_s + self.late_s, NEVER)


def test_a_network_adds_its_way_to_the_delay_and_may_lose_all(cues):
    assert cues.times([pool(4, delay_s=3.0, carrier=Slow(1, 4.0))], 1).tolist() == [47.0]
    assert cues.times([pool(4, carrier=Slow(2, 4.0))], 1).tolist() == [NEVER]


def first_looks(raid, radar, satellites=(), others=()):
    """First look of the first radar at each object."""
    suite = SensorSuite(radars=(radar, *others), satellites=satellites)
    looks = look_at(raid, suite, era_epoch_rad=ERA)
    owner = np.repeat(np.arange(raid.objects), np.diff(looks.start))
    mine = looks.sensor == 0
    first = [looks.t_s[mine & (owner == k)].min(initial=NEVER) for k in range(raid.objects)]
    return np.array(first)


def test_a_cue_spares_the_search(make_raid, make_radar, make_satellites):
    raid, eyes = make_raid(10, seed=9), make_satellites(40)
    alone = make_radar(**WIDE, search=blind())
    told = dataclasses.replace(alone, search=blind(cue_delay_s=30.0, cue_pools=(pool(5),)))
    of_others = dataclasses.replace(alone, search=blind(cue_delay_s=30.0, cue_pools=(pool(6),)))
    by_itself, helped, ignored = (
        first_looks(raid, radar, eyes) for radar in (alone, told, of_others)
    )
    assert ignored.tolist() == by_itself.tolist(), "negative control: satellites of nobody's"
    assert np.isfinite(helped).sum() > np.isfinite(by_itself).sum()


@given(delay_s=st.floats(0.0, 600.0), more_s=st.floats(0.0, 600.0), seed=st.integers(0, 30))
@settings(max_examples=15, deadline=None)
def test_a_cue_never_delays_and_a_later_cue_is_never_earlier(
    make_raid, make_radar, make_satellites, delay_s, more_s, seed
):
    """With looks to spare; a full radar may lose one object by being told of another."""
    raid, eyes = make_raid(4, seed=seed), make_satellites(40)
    radars = [
        make_radar(**WIDE, search=blind(cue_delay_s=5.0, cue_pools=pools))
        for pools in ((), (pool(5, delay_s=delay_s),), (pool(5, delay_s=delay_s + more_s),))
    ]
    none, soon, late = (first_looks(raid, radar, eyes) for radar in radars)
    rounding_s = 4 / WIDE["look_budget_hz"]
    assert np.all(soon <= late + rounding_s)
    assert np.all(late <= none + rounding_s)


@given(
    times=st.lists(st.floats(0.0, 100.0), min_size=1, max_size=12),
    delay_s=st.floats(0.0, 50.0),
    split=st.integers(0, 12),
)
@settings(max_examples=60, deadline=None)
def test_detections_shared_tell_no_later_than_results(times, delay_s, split):
    """Raw together is never later than the sooner of one's own cue and that of the giver."""
    sheet = new_sheet(len(times))
    sheet.sensor[:] = [int(k >= split) for k in range(len(times))]
    sheet.obj[:], sheet.t_s[:], sheet.p_detect[:] = 0, times, 0.8
    cues = Cues(sheets=[sheet], sensor_asset=np.array([0, 1], np.int32))
    given_later = pool(1, delay_s=delay_s)
    raw = cues.times([both(pool(0), given_later)], 1)
    results = cues.times([pool(0), given_later], 1)
    alone = cues.times([pool(0)], 1)
    assert raw[0] <= results[0] <= alone[0]


def test_an_early_warning_radar_cues_only_who_takes_cues_of_any(make_raid, make_radar):
    raid = make_raid(10, seed=9)
    far = make_radar(**WIDE | {"asset": 7, "lon_rad": math.radians(125.0)}, name="far")
    none, deaf, told = (
        make_radar(**WIDE, search=blind(cue_delay_s=3.0, cue_pools=pools, cued_by_any=any_of_them))
        for pools, any_of_them in (((), True), ((pool(7),), False), ((pool(7),), True))
    )
    by_itself, unheard, helped = (
        first_looks(raid, radar, others=(far,)) for radar in (none, deaf, told)
    )
    assert unheard.tolist() == by_itself.tolist()
    assert np.all(helped <= by_itself + 10 / WIDE["look_budget_hz"])
    assert np.isfinite(helped).sum() > np.isfinite(by_itself).sum()
    asking = dataclasses.replace(far, search=blind(cue_delay_s=3.0, cue_pools=(pool(3),)))
    again = first_looks(raid, told, others=(asking,))
    assert again.tolist() == by_itself.tolist(), "radars that ask for cues give none"
