"""Every trial once, in its own future, however the plan is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.campaign.plan import Plan


@st.composite
def plans(draw):
    trials = draw(st.integers(1, 300))
    return Plan(
        trials=trials,
        futures=draw(st.integers(1, trials)),
        rounds=draw(st.sampled_from([1, 1, 2, 4])),
        chunk=draw(st.integers(1, 400)),
    )


@given(plans())
def test_every_trial_is_in_exactly_one_chunk(plan):
    assert [trial for chunk in plan.chunks() for trial in chunk] == list(range(plan.trials_total))


@given(plans())
def test_every_trial_of_a_chunk_is_in_exactly_one_batch_of_its_own_future(plan):
    for chunk in plan.chunks():
        batches = plan.batches(chunk)
        assert [trial for _, trials in batches for trial in trials] == list(chunk)
        for future, trials in batches:
            assert {plan.future_of(trial) for trial in trials} == {future}
        futures = [future for future, _ in batches]
        assert futures == sorted(set(futures))


@given(plans(), st.integers(1, 400))
def test_the_future_of_a_trial_does_not_depend_on_the_cut(plan, chunk):
    other = Plan(trials=plan.trials, futures=plan.futures, rounds=plan.rounds, chunk=chunk)
    of_one = {t: f for c in plan.chunks() for f, trials in plan.batches(c) for t in trials}
    of_other = {t: f for c in other.chunks() for f, trials in other.batches(c) for t in trials}
    assert of_one == of_other


@given(plans())
def test_every_future_has_its_fair_share_of_trials(plan):
    counts = [0] * plan.futures_total
    for trial in range(plan.trials_total):
        counts[plan.future_of(trial)] += 1
    assert max(counts) - min(counts) <= 1
    assert min(counts) >= 1


@given(plans())
def test_more_rounds_leave_the_first_as_it_was(plan):
    more = Plan(trials=plan.trials, futures=plan.futures, rounds=plan.rounds * 2, chunk=plan.chunk)
    for trial in range(plan.trials_total):
        assert more.future_of(trial) == plan.future_of(trial)
    later = [more.future_of(t) for t in range(plan.trials_total, more.trials_total)]
    assert min(later) == plan.futures_total  # new trials, new futures


@pytest.mark.parametrize(
    ("trial", "future"), [(0, 0), (19, 0), (20, 1), (999, 49), (1000, 50), (1999, 99)]
)
def test_by_hand(trial, future):
    assert Plan(trials=1000, futures=50, rounds=2).future_of(trial) == future
