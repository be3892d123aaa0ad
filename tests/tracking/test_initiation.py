import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from opendome.tracking.kernels import confirmed, hit


@given(looks=st.lists(st.booleans(), max_size=80), n=st.integers(1, 31), m=st.integers(1, 31))
def test_equals_counting_the_last_looks(looks, n, m):
    mask = 0
    for k, seen in enumerate(looks):
        mask = hit(mask, int(seen), n)
        last = looks[max(0, k + 1 - n) : k + 1]
        assert confirmed(mask, m) == (sum(last) >= m)
        assert 0 <= mask < 2**31


@given(mask=st.integers(0, 2**31 - 1), m=st.integers(1, 31), n=st.integers(1, 31))
def test_a_shorter_window_never_confirms_more(mask, m, n):
    assert not (confirmed(mask, m, n) and not confirmed(mask, m))
    assert confirmed(mask, m, n) == (bin(mask & (2**n - 1)).count("1") >= m)


def test_takes_the_small_integers_of_a_mask_array():
    masks = np.zeros(1, np.int32)
    for seen in (1, 0, 1, 1):
        masks[0] = hit(masks[0], seen, 3)
    assert masks[0] == 0b011
    assert confirmed(masks[0], 2)
    assert not confirmed(masks[0], 3)
