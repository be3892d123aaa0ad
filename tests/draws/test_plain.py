"""Draws without compiled code are the draws."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from opendome.draws import philox

parts = st.integers(0, 2**32 - 1)


@given(st.integers(0, 2**63 - 1), parts, st.integers(0, 300), parts, parts)
def test_bit_for_bit(seed, purpose, count, trial, obj):
    plain = philox.plain_uniforms(seed, purpose, count, trial=trial, obj=obj)
    compiled = philox.uniforms(seed, purpose, count, trial=trial, obj=obj)
    assert plain.shape == (count,)
    assert np.array_equal(plain, compiled)


def test_another_address_gives_other_draws():
    """Negative control."""
    assert not np.array_equal(philox.plain_uniforms(7, 1, 9), philox.uniforms(7, 2, 9))
