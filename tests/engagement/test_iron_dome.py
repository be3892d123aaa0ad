"""The scenario of 2014 against the published counts: 4,594 fired, 805 engaged, 735 intercepted."""

import numpy as np
import pytest

from opendome.engagement.geometry import lay_out
from opendome.engagement.play import play
from opendome.engagement.records import Fate
from opendome.scenario.loading import load

FIRED, ENGAGED, INTERCEPTED = 4594, 805, 735
SHARE_POINTS = 0.01  # the published rate may be off by one point, as the study says
DEVIATIONS = 3.3  # of the counts below: one false alarm in a thousand for each share
DAYS = 16


@pytest.fixture(scope="module")
def days():
    """Objects engaged, killed and in all over some of the days, two trials each."""
    scenario = load("iron-dome-2014")
    found = []
    for day in range(DAYS):
        geometry = lay_out(scenario, day)
        ledger = play(
            geometry.board, geometry.rules, seed=scenario.seed, first_trial=2 * day, trials=2
        )
        rows = ledger.objects
        engaged = np.asarray(rows["rounds"]) > 0
        killed = np.asarray(rows["fate"]) == Fate.KILLED
        found.append((engaged.size, engaged.sum(), killed.sum()))
    return np.array(found, float)


def spread(top, bottom):
    """Standard error of a ratio of sums over days that are alike."""
    ratio = top.sum() / bottom.sum()
    return np.std(top - ratio * bottom, ddof=1) * np.sqrt(top.size) / bottom.sum()


def test_rockets_engaged_are_those_published(days):
    share = days[:, 1].sum() / days[:, 0].sum()
    published = ENGAGED / FIRED
    room = DEVIATIONS * spread(days[:, 1], days[:, 0]) + SHARE_POINTS
    assert abs(share - published) < room
    assert room < 0.06  # enough days to tell 17 % from 24 %


def test_rockets_intercepted_are_those_published(days):
    rate = days[:, 2].sum() / days[:, 1].sum()
    chance = np.sqrt(INTERCEPTED / ENGAGED * (1.0 - INTERCEPTED / ENGAGED) / ENGAGED)
    room = DEVIATIONS * np.hypot(spread(days[:, 2], days[:, 1]), chance)
    assert abs(rate - INTERCEPTED / ENGAGED) < room
    assert room < 0.08


def test_a_looser_aim_would_be_seen(days):
    """Negative control: half the defended ground halves what is engaged."""
    share = days[:, 1].sum() / days[:, 0].sum()
    room = DEVIATIONS * spread(days[:, 1], days[:, 0]) + SHARE_POINTS
    assert abs(0.5 * share - ENGAGED / FIRED) > room
