"""One radar shares its looks: in order, fairly, and never more than it has."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.sensing.kernels.budget import grant_looks, looks_at_most

stays = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 60)), min_size=1, max_size=25)


def grant(enter, leave, interval, budget):
    enter, leave = np.asarray(enter, float), np.asarray(leave, float)
    room = looks_at_most(enter, leave, interval)
    stay, t_s = np.empty(room, np.int64), np.empty(room)
    count = grant_looks(enter, leave, interval, budget, stay, t_s)
    assert count <= room
    return stay[:count], t_s[:count]


@settings(max_examples=200, deadline=None)
@given(stays, st.floats(0.2, 10.0), st.floats(0.2, 30.0))
def test_budget_is_never_exceeded_and_order_is_kept(times, interval, budget):
    times = sorted(times)
    enter = [first for first, _ in times]
    leave = [first + length for first, length in times]
    stay, t_s = grant(enter, leave, interval, budget)
    assert np.all(np.diff(t_s) >= (1.0 - 1e-9) / budget)
    for k in range(len(times)):
        own = t_s[stay == k]
        assert np.all((own >= enter[k]) & (own <= leave[k]))
        assert np.all(np.diff(own) >= interval - 1e-9)
    for width in (1.0, 7.0):
        inside = np.searchsorted(t_s, t_s + width) - np.arange(t_s.size)
        assert inside.max(initial=0) <= width * budget + 1.0 + 1e-6


@pytest.mark.parametrize(("objects", "wanted"), [(1, 2.0), (5, 2.0), (10, 2.0), (40, 8.0)])
def test_interval_is_the_larger_of_rule_and_share(objects, wanted):
    """max(look_interval, objects / budget): 2 s, and 5 looks a second."""
    stay, t_s = grant(np.zeros(objects), np.full(objects, 200.0), 2.0, 5.0)
    for k in range(objects):
        gaps = np.diff(t_s[stay == k])[1:]
        assert gaps == pytest.approx(np.full(gaps.size, wanted), abs=1e-9)


def test_an_object_that_leaves_frees_its_share():
    enter, leave = np.zeros(8), np.array([50.0] * 4 + [100.0] * 4)
    stay, t_s = grant(enter, leave, 1.0, 4.0)
    gaps = np.diff(t_s[stay == 7])
    assert gaps[10] == pytest.approx(2.0)
    assert gaps[-5] == pytest.approx(1.0)


def test_without_the_share_the_budget_would_break():
    """Negative control: every object at its own interval, as if it were alone."""
    t_s = np.sort(np.concatenate([np.arange(0.0, 50.0, 2.0) + 1e-3 * k for k in range(40)]))
    inside = np.searchsorted(t_s, t_s + 1.0) - np.arange(t_s.size)
    assert inside.max() > 1.0 * 5.0 + 1.0


def test_nothing_in_view_gives_no_looks():
    stay, t_s = grant([], [], 1.0, 5.0)
    assert stay.size == t_s.size == 0
