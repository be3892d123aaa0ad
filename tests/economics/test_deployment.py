"""Production, launch and ageing: closed forms, a unit-by-unit simulator, and properties."""

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.economics.deployment import STEP_S, Rollout, deploy
from opendome.quantities.dates import YEAR_S

INF = np.inf


def rollout(assets=1, launch_t_per_year=INF, **over):
    """One sample; every value of an asset as a list or one for all, in years and tonnes."""
    plain = {
        "planned": 100, "in_service": 0, "first": 1.0, "rate": 20, "rate_target": None,
        "ramp": 0.0, "life": INF, "mass": 0.0,
    } | over  # fmt: skip
    if plain["rate_target"] is None:
        plain["rate_target"] = plain["rate"]
    v = {k: np.broadcast_to(np.asarray(x, float)[..., None], (assets, 1)) for k, x in plain.items()}
    return Rollout(
        planned=v["planned"],
        in_service=v["in_service"],
        first_s=v["first"] * YEAR_S,
        rate_hz=v["rate"] / YEAR_S,
        rate_target_hz=v["rate_target"] / YEAR_S,
        ramp_s=v["ramp"] * YEAR_S,
        life_s=v["life"] * YEAR_S,
        mass_kg=v["mass"] * 1000.0,
        launch_kg_s=np.array([launch_t_per_year * 1000.0 / YEAR_S]),
    )


def standing(plan, years, horizon=30.0):
    return deploy(plan, horizon * YEAR_S).units(years * YEAR_S)[:, 0]


def test_a_steady_line_is_a_straight_line():
    plan = rollout(planned=100, first=1.0, rate=20)
    # one at the first delivery, then twenty a year: 1 + 20 (t - 1)
    assert [standing(plan, t)[0] for t in (0.99, 1.0, 2.0, 4.0, 20.0)] == [0, 1, 21, 61, 100]
    done = deploy(plan, 10 * YEAR_S).reached_s(plan.planned)[0, 0] / YEAR_S
    assert 0.0 <= done - (1.0 + 99 / 20) <= STEP_S / YEAR_S + 1e-9


def test_a_ramp_is_a_parabola():
    plan = rollout(planned=1000, first=0.5, rate=10, rate_target=50, ramp=4.0)
    # after the ramp: 1 + 4 (10 + 50) / 2, then 50 a year
    assert standing(plan, 4.5)[0] == 121
    assert standing(plan, 6.5)[0] == 221
    assert standing(plan, 2.5)[0] == 1 + 10 * 2 + 40 / 4 * 2**2 / 2


def test_a_short_life_never_completes():
    """The steady state is rate times design life, less than is planned."""
    plan = rollout(planned=7800, first=1.0, rate=500, life=5.0)
    assert plan.ceiling_production[0, 0] == pytest.approx(2500.0)
    assert standing(plan, 29.0)[0] == pytest.approx(2500, abs=500 / 12 + 1)
    assert np.isinf(deploy(plan, 30 * YEAR_S).reached_s(plan.planned)[0, 0])


def test_enough_production_holds_the_number_for_ever():
    plan = rollout(planned=2000, first=1.0, rate=500, life=5.0)
    assert min(standing(plan, t)[0] for t in np.arange(6.0, 30.0, 0.5)) == 2000


def test_launch_capacity_is_shared_by_what_waits():
    # two alike, 10 t each, and a capacity of ten of them a year between both
    plan = rollout(
        assets=2, planned=[40, 40], rate=[100, 100], mass=[10, 10], launch_t_per_year=100
    )
    played = deploy(plan, 20 * YEAR_S)
    assert np.allclose(played.units(5 * YEAR_S)[:, 0], 20, atol=1)
    assert np.all(played.held_by_launch > 0.9)
    lifted_t = played.launched.sum(axis=(1, 2)) * 10.0
    assert lifted_t.max() <= 100.0 / 12 + 1e-9


def test_what_stays_on_earth_needs_no_launch():
    plan = rollout(assets=2, planned=[40, 40], rate=[100, 100], mass=[0, 10], launch_t_per_year=10)
    units = deploy(plan, 20 * YEAR_S).units(3 * YEAR_S)[:, 0]
    assert units[0] == 40
    assert units[1] <= 2


def test_no_rate_gives_the_first_unit_only():
    plan = rollout(assets=2, planned=[1, 5], rate=[0, 0])
    assert list(standing(plan, 20.0)) == [1, 1]


def test_units_in_service_stay():
    plan = rollout(planned=44, in_service=44, first=INF, rate=0, life=5.0)
    assert standing(plan, 0.0)[0] == standing(plan, 29.0)[0] == 44


def test_a_delivery_on_the_first_day_counts():
    assert standing(rollout(planned=1, first=0.0, rate=0), 0.1)[0] == 1


# --- against a simulator of single units ----------------------------------------------


def unit_by_unit(planned, first, rate, life, until):
    """Whole units that stand at a time [years]: an event for each unit, no arrays."""
    events, standing_now, next_free = [], 0, first
    while next_free <= until:
        while events and events[0] <= next_free:
            heapq.heappop(events)
            standing_now -= 1
        if standing_now < planned:
            standing_now += 1
            heapq.heappush(events, next_free + life)
            next_free += 1.0 / rate
        else:
            next_free = max(events[0], next_free + 1e-9)
    return sum(1 for end in events if end > until)


@given(
    planned=st.integers(1, 300),
    first=st.floats(0.1, 4.0),
    rate=st.floats(2.0, 200.0),
    life=st.floats(2.0, 12.0),
    until=st.floats(0.5, 15.0),
)
@settings(max_examples=60, deadline=None)
def test_agrees_with_a_simulator_of_single_units(planned, first, rate, life, until):
    """Steps of a month: what is built in one and a half, and one unit, may differ."""
    ours = standing(rollout(planned=planned, first=first, rate=rate, life=life), until, 16.0)[0]
    theirs = unit_by_unit(planned, first, rate, life, until)
    lump = min(planned, rate / 12.0)
    assert abs(ours - theirs) <= 2.5 * lump + 2.0


def test_the_simulator_tells_a_planted_mistake():
    """Without ageing, the same comparison fails by far."""
    ours = standing(rollout(planned=300, first=1.0, rate=30, life=INF), 12.0, 16.0)[0]
    assert abs(ours - unit_by_unit(300, 1.0, 30, 4.0, 12.0)) > 2.5 * 30 / 12 + 2.0


# --- properties -------------------------------------------------------------------

PLANS = st.fixed_dictionaries(
    {
        "planned": st.lists(st.integers(1, 500), min_size=3, max_size=3),
        "first": st.lists(st.floats(0.0, 5.0), min_size=3, max_size=3),
        "rate": st.lists(st.floats(0.0, 100.0), min_size=3, max_size=3),
        "ramp": st.just([0.0, 2.0, 4.0]),
        "life": st.just([INF, 5.0, 8.0]),
        "mass": st.just([0.0, 1.0, 3.0]),
    }
)


@given(plan=PLANS, capacity=st.floats(1.0, 500.0))
@settings(max_examples=40, deadline=None)
def test_nothing_is_lost_and_nothing_is_too_many(plan, capacity):
    made = rollout(assets=3, launch_t_per_year=capacity, **plan)
    played = deploy(made, 12 * YEAR_S)
    built, launched = played.built.cumsum(axis=0), played.launched.cumsum(axis=0)
    assert np.all(launched <= built + 1e-6)
    assert np.all(played.standing <= made.planned + 1e-6)
    assert np.all(played.standing <= launched + made.in_service + 1e-6)
    borders = YEAR_S * np.arange(13)
    assert np.allclose(played.sum_by_span(played.built, borders).sum(axis=0), built[-1])


@given(plan=PLANS, capacity=st.floats(1.0, 500.0), later=st.floats(0.0, 3.0))
@settings(max_examples=40, deadline=None)
def test_a_later_start_never_stands_more(plan, capacity, later):
    """Of one asset alone: of several, a late one leaves its launches to the others."""
    alone = {name: values[1] for name, values in plan.items()}
    early = rollout(launch_t_per_year=capacity, **alone)
    late = rollout(launch_t_per_year=capacity, **{**alone, "first": alone["first"] + later})
    built = [deploy(one, 12 * YEAR_S).built.cumsum(axis=0) for one in (early, late)]
    assert np.all(built[0] >= built[1] - 1e-6)


def test_a_batch_of_one_equals_its_part_of_a_batch():
    one = rollout(planned=100, first=1.3, rate=17, life=5.0, mass=2.0, launch_t_per_year=30)
    other = rollout(planned=100, first=2.7, rate=40, life=6.0, mass=2.0, launch_t_per_year=90)
    both = Rollout(
        **{
            name: np.concatenate([getattr(one, name), getattr(other, name)], axis=-1)
            for name in Rollout.__dataclass_fields__
        }
    )
    played = deploy(both, 12 * YEAR_S)
    assert np.array_equal(played.standing[:, :, :1], deploy(one, 12 * YEAR_S).standing)
    assert np.array_equal(played.standing[:, :, 1:], deploy(other, 12 * YEAR_S).standing)
