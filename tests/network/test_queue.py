"""Queues: the fluid against its closed forms, and a link that carries too little."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.network.kernels.queue import fluid_step

from .looks import looks_of
from .nets import command, delays, line, net, standing

rates = st.floats(0.1, 50.0)


def run(coming, rate_hz, step_s, steps, room):
    """Backlogs, waits and shares of a link that always gets the same."""
    backlog, rows = 0.0, []
    for _ in range(steps):
        backlog, wait_s, kept = fluid_step(backlog, coming, rate_hz, step_s, room)
        rows.append((backlog, wait_s, kept))
    return np.array(rows).T


def test_under_a_steady_overload_the_wait_grows_with_time():
    """Closed form: after t seconds at load r the wait is (r - 1) t."""
    step_s, rate_hz, load = 10.0, 4.0, 1.5
    backlog, wait_s, kept = run(load * rate_hz * step_s, rate_hz, step_s, 12, 1e9)
    middle_s = step_s * (np.arange(12) + 0.5)
    assert wait_s == pytest.approx((load - 1.0) * middle_s)
    assert backlog[-1] == pytest.approx((load - 1.0) * rate_hz * 120.0)
    assert (kept == 1.0).all()


def test_a_full_queue_keeps_what_the_link_carries():
    _, wait_s, kept = run(60.0, 4.0, 10.0, 30, 20.0)
    assert kept[-1] == pytest.approx(4.0 / 6.0)
    assert wait_s[-1] == pytest.approx(5.0)


def test_a_queue_empties_by_itself():
    backlog, wait_s, kept = fluid_step(20.0, 0.0, 4.0, 10.0, 1e9)
    assert (backlog, kept) == (0.0, 1.0)
    assert wait_s == pytest.approx(0.5 * 20.0 / 4.0 * 5.0 / 10.0)
    assert fluid_step(0.0, 10.0, 4.0, 10.0, 1e9) == (0.0, 0.0, 1.0)


@settings(deadline=None)
@given(coming=st.floats(0.0, 1e3), rate=rates, before=st.floats(0.0, 1.0), room=st.floats(0, 100))
def test_what_comes_leaves_waits_or_is_lost(coming, rate, before, room):
    step_s = 7.0
    start = before * room
    after, wait_s, kept = fluid_step(start, coming, rate, step_s, room)
    assert 0.0 <= after <= max(room, start) + 1e-9
    assert 0.0 <= kept <= 1.0 + 1e-12
    assert 0.0 <= wait_s <= max(room, start) / rate + 1e-9
    left = start + coming * kept - after
    assert -1e-6 <= left <= rate * step_s + 1e-6


@settings(deadline=None)
@given(coming=st.floats(0.1, 1e3), rate=rates)
def test_a_faster_link_never_makes_it_wait_longer(coming, rate):
    slow = fluid_step(0.0, coming, rate, 10.0, 1e9)
    fast = fluid_step(0.0, coming, 1.5 * rate, 10.0, 1e9)
    assert fast[1] <= slow[1] + 1e-12
    assert fast[0] <= slow[0] + 1e-9


def crowded(rate_hz, **more):
    """One sensor that looks twice a second for a minute over a link of some rate."""
    looks = looks_of([(0, k / 2.0, 0) for k in range(120)], ranging=[True], p_detect=1.0)
    groups = [standing("s0"), command()]
    network = net(groups, [line("s0", "hq", 1.0, rate_hz=rate_hz)], **more)
    return looks, *delays(network, looks, sensors=["s0"])


def test_a_link_that_carries_too_little_delays_more_and_more():
    looks, delay_s, got = crowded(1.0, queue_max_s=1000.0)
    # 2 per second come, 1 goes: after t seconds the wait is t, in steps of 10 s its mean
    wanted = 10.0 * np.floor(looks.t_s / 10.0) + 5.0 + 1.0 + 1.0
    assert delay_s[0] == pytest.approx(wanted)
    assert (got.p_delivered == 1.0).all()


def test_a_short_queue_loses_what_finds_no_room():
    _, delay_s, got = crowded(1.0, queue_max_s=5.0)
    assert delay_s.max() == pytest.approx(5.0 + 1.0 + 1.0)
    assert got.p_delivered[0, -1] == pytest.approx(0.5)
    _, delay_s, got = crowded(4.0)
    assert delay_s[0] == pytest.approx(1.25)
    assert (got.p_delivered == 1.0).all()


def test_a_message_for_two_nations_loads_a_shared_link_once():
    looks = looks_of([(0, k / 2.0, 0) for k in range(120)], ranging=[True], p_detect=1.0)
    groups = [standing("s0"), standing("a"), command(), command("hq2", "US")]
    lines = [line("s0", "a", 1.0, rate_hz=3.0), line("a", "hq"), line("a", "hq2")]
    one, _ = delays(net(groups, lines), looks, sensors=["s0"])
    two, _ = delays(net(groups, lines), looks, sensors=["s0"], nodes=["US", "US"])
    assert two[0].tolist() == two[1].tolist() == one[0].tolist()
