"""Known answers, frozen streams and statistics of the keyed draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from opendome.draws import philox
from opendome.draws.normal import normal_quantile

# Random123 (Salmon et al. 2011), kat_vectors, philox4x32 10 rounds: counter, key, result.
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),  # digits of pi
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]

# Our own streams, frozen at version 0.1: a change here changes every stored result.
FROZEN_UNIFORMS = {
    (0, 0, 0, 0, 0): 0.8805201978886142,
    (7, 1, 2, 3, 4): 0.6625043106828611,
    (7, 1, 2, 3, 5): 0.43803004617040286,
    (2**63 - 1, 2**32 - 1, 2**32 - 1, 2**32 - 1, 2**32 - 1): 0.448581881761947,
}
COUNTS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_block_equals_the_published_known_answers(counter, key, expected):
    words = philox.philox4x32(*(np.uint64(word) for word in (*counter, *key)))
    assert tuple(int(word) for word in words) == expected


def test_a_wrong_multiplier_would_be_caught():
    counter, key, expected = KNOWN_ANSWERS[0]
    assert _plain_philox(counter, key) == expected
    assert _plain_philox(KNOWN_ANSWERS[2][0], KNOWN_ANSWERS[2][1]) == KNOWN_ANSWERS[2][2]
    assert (
        _plain_philox(KNOWN_ANSWERS[2][0], KNOWN_ANSWERS[2][1], m0=0xD2511F55)
        != (KNOWN_ANSWERS[2][2])
    )


@given(words=st.tuples(*[COUNTS] * 6))
@settings(max_examples=200, deadline=None)
def test_block_equals_the_plain_reference(words):
    ours = philox.philox4x32(*(np.uint64(word) for word in words))
    assert tuple(int(word) for word in ours) == _plain_philox(words[:4], words[4:])


@pytest.mark.parametrize("address", FROZEN_UNIFORMS)
def test_frozen_uniforms(address):
    assert philox.uniform(*address) == FROZEN_UNIFORMS[address]


def test_frozen_normals():
    assert philox.normals(42, 7, 4, trial=3, obj=9).tolist() == [
        0.25538249773714083,
        0.6299129494331157,
        -1.2408422554436096,
        -0.8614310279455838,
    ]


@given(
    seed=st.integers(0, 2**63 - 1), purpose=COUNTS, trial=COUNTS, obj=COUNTS,
    count=st.integers(0, 1100),
)  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_filler_equals_single_draws(seed, purpose, trial, obj, count):
    out = philox.uniforms(seed, purpose, count, trial=trial, obj=obj)
    picks = sorted({0, 1, count // 2, count - 2, count - 1} & set(range(count)))
    assert [out[i] for i in picks] == [philox.uniform(seed, purpose, trial, obj, i) for i in picks]
    normals = philox.normals(seed, purpose, count, trial=trial, obj=obj)
    assert [normals[i] for i in picks] == [
        philox.normal(seed, purpose, trial, obj, i) for i in picks
    ]


def test_scattered_addresses_equal_single_draws():
    purposes, objects, indices = np.random.default_rng(4).integers(0, 2**32, (3, 50))
    out = np.empty(50)
    philox.fill_uniforms_at(2026, purposes, 7, objects, indices, out)
    assert out.tolist() == [
        philox.uniform(2026, purpose, 7, obj, index)
        for purpose, obj, index in zip(purposes, objects, indices, strict=True)
    ]


@given(address=st.tuples(st.integers(0, 2**63 - 1), COUNTS, COUNTS, COUNTS, COUNTS))
@settings(max_examples=200, deadline=None)
def test_every_part_of_the_address_counts(address):
    draw = philox.uniform(*address)
    for part in range(5):
        other = list(address)
        other[part] ^= 1
        assert philox.uniform(*other) != draw


def test_uniform_is_open_at_both_ends():
    low, full = np.uint64(0), np.uint64(2**32 - 1)
    assert philox.unit_interval(low, low) == 2.0**-53
    assert philox.unit_interval(full, full) == 1.0 - 2.0**-53


def test_uniforms_are_uniform_and_streams_are_independent():
    """False-alarm rate 1e-6 a test, fixed seed."""
    first = philox.uniforms(11, 1, 100_000)
    second = philox.uniforms(11, 2, 100_000)
    by_trial = np.array([philox.uniform(11, 1, trial, 5, 0) for trial in range(20_000)])
    assert stats.kstest(first, "uniform").pvalue > 1e-6
    assert stats.kstest(by_trial, "uniform").pvalue > 1e-6
    assert stats.pearsonr(first, second).pvalue > 1e-6
    assert stats.pearsonr(first[:-1], first[1:]).pvalue > 1e-6
    assert stats.kstest(philox.normals(11, 3, 100_000), "norm").pvalue > 1e-6


def test_normal_quantile_equals_scipy():
    """AS 241 claims about 1e-16; both are double precision, so 2e-15 relative."""
    p = np.concatenate(
        [
            np.linspace(1e-6, 1 - 1e-6, 20_001),
            10.0 ** np.linspace(-300, -6, 2_001),
            1.0 - 10.0 ** np.linspace(-15, -6, 200),
        ]
    )
    ours = np.array([normal_quantile(value) for value in p])
    exact = special.ndtri(p)
    away = np.abs(exact) > 1e-9
    assert np.max(np.abs(ours[away] / exact[away] - 1.0)) < 2e-15
    assert np.max(np.abs(ours[~away] - exact[~away])) < 1e-15


def test_normal_quantile_is_symmetric_and_refuses_the_ends():
    assert normal_quantile(0.5) == 0.0
    assert normal_quantile(0.0625) == -normal_quantile(0.9375)
    assert all(np.isnan(normal_quantile(p)) for p in (0.0, 1.0, -0.5, 1.5, np.nan))


def _plain_philox(counter, key, m0=0xD2511F53):
    """The generator in plain integers, straight from the paper."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high_0, low_0 = divmod(m0 * c0, 2**32)
        high_1, low_1 = divmod(0xCD9E8D57 * c2, 2**32)
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3
