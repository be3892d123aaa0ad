"""Metrics against published cases and closed forms."""

import math

import numpy as np
import pytest

from opendome.quantities.errors import OpendomeError
from opendome.tracking.metrics import consistency, gospa, ospa

LINE = np.arange(5.0)[:, None]


@pytest.mark.parametrize("p", [1.0, 2.0, math.inf])
@pytest.mark.parametrize("offset", [0.5, 0.2])
def test_ospa_of_tracks_beside_their_truths(p, offset):
    """Published case: five tracks at i + offset, truths at i, c = 10."""
    assert ospa(LINE + offset, LINE, c=10.0, p=p) == pytest.approx(offset, abs=1e-12)


@pytest.mark.parametrize(("offset", "wanted"), [(0.5, 2.5), (1.0, 5.0)])
def test_gospa_of_tracks_beside_their_truths(offset, wanted):
    """Published case: order 1, not divided by the number."""
    assert gospa(LINE + offset, LINE, c=10.0, p=1.0).distance == pytest.approx(wanted, abs=1e-12)


def test_gospa_with_switches():
    """Published case: c 2, p 2, switch 3: two tracks swap, one object is lost, then found again."""
    truths = np.array([[0.0], [100.0], [200.0]])
    first = gospa(truths, truths, c=2.0, p=2.0)
    swapped = np.array([[100.0], [0.0], [300.0]])
    second = gospa(swapped, truths, c=2.0, p=2.0, before=first.track_of, switch=3.0)
    assert (second.missed, second.false, second.localisation) == (2.0, 2.0, 0.0)
    assert math.sqrt(second.switching) == pytest.approx(math.sqrt(2.5) * 3.0, abs=1e-12)
    assert second.distance == pytest.approx(math.sqrt(4.0 + 2.5 * 9.0), abs=1e-12)
    found = np.array([[100.0], [0.0], [200.0]])
    third = gospa(found, truths, c=2.0, p=2.0, before=second.track_of, switch=3.0)
    assert third.distance == pytest.approx(math.sqrt(0.5) * 3.0, abs=1e-12)


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0])
@pytest.mark.parametrize(("tracks", "truths"), [(2, 5), (5, 2), (0, 3), (3, 0), (4, 4)])
def test_perfect_tracks_of_the_wrong_number(p, tracks, truths):
    """Closed forms: OSPA c (|n - m| / max)^(1/p), GOSPA (c^p |n - m| / 2)^(1/p)."""
    c, gap = 7.0, abs(tracks - truths)
    wanted = c * (gap / max(tracks, truths)) ** (1.0 / p)
    assert ospa(LINE[:tracks], LINE[:truths], c=c, p=p) == pytest.approx(wanted, abs=1e-12)
    one = gospa(LINE[:tracks], LINE[:truths], c=c, p=p)
    assert one.distance == pytest.approx((c**p * gap / 2.0) ** (1.0 / p), abs=1e-12)
    assert (one.missed_objects, one.false_tracks) == (
        max(0, truths - tracks),
        max(0, tracks - truths),
    )


def test_ospa_of_different_numbers_at_order_infinity_is_the_cut_off():
    assert ospa(LINE, LINE[:3], c=4.0, p=math.inf) == 4.0


def test_infinite_order_asks_for_the_least_largest_distance():
    """The least sum would pair 0 with 0; the least largest must not."""
    tracks, truths = np.array([[0.0], [3.0]]), np.array([[-2.0], [0.0]])
    assert ospa(tracks, truths, c=10.0, p=math.inf) == 3.0
    assert ospa(tracks, truths, c=10.0, p=1.0) == pytest.approx(2.5)


def test_metrics_do_not_depend_on_the_order_and_obey_the_triangle():
    luck = np.random.default_rng(4)
    for _ in range(50):
        sets = [luck.normal(size=(luck.integers(1, 6), 2)) * 3.0 for _ in range(3)]
        for measure in (ospa, lambda a, b, c, p: gospa(a, b, c=c, p=p).distance):
            ab, bc, ac = (
                measure(*pair, c=2.0, p=2.0) for pair in zip(sets, sets[1:] + sets[:1], strict=True)
            )
            assert ab == pytest.approx(measure(sets[1], sets[0], c=2.0, p=2.0))
            assert ac <= ab + bc + 1e-12
            assert measure(sets[0][::-1], sets[1], c=2.0, p=2.0) == pytest.approx(ab)


def test_distance_beyond_the_cut_off_is_one_missed_and_one_false():
    one = gospa(np.array([[5.0]]), np.array([[0.0]]), c=2.0, p=2.0)
    assert (one.missed_objects, one.false_tracks, one.localisation) == (1, 1, 0.0)
    assert one.distance == pytest.approx(2.0)


def test_bands_hold_what_they_say():
    """1,000 honest samples of 50 values: 95 % inside, false-alarm rate of the test below 1e-4."""
    luck = np.random.default_rng(9)
    inside = [consistency(luck.chisquare(6, 50), 6).inside for _ in range(1000)]
    assert 0.92 < np.mean(inside) < 0.977
    assert not consistency(luck.chisquare(6, 50) / 4.0, 6).inside


@pytest.mark.parametrize(("c", "p"), [(0.0, 2.0), (1.0, 0.5)])
def test_wrong_orders_are_refused(c, p):
    with pytest.raises(OpendomeError, match="cut-off"):
        ospa(LINE, LINE, c=c, p=p)


def test_nothing_to_judge_is_refused():
    with pytest.raises(OpendomeError, match="no normalised error"):
        consistency(np.array([np.nan]), 6)
