"""Philox4x32-10: a counter-based generator, and our own uniforms and normals from it.

A draw is addressed by (seed, purpose, trial, object, index). The counter of the generator
is (index // 2, object, trial, purpose), its key the low and the high half of the seed;
each block gives two 64-bit words, one for an even and one for an odd index.

Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel Random Numbers: As
Easy as 1, 2, 3", SC'11 (2011), section 3.3; multipliers and Weyl constants as printed
there.
"""

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.draws.normal import normal_quantile

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW_32 = np.uint64(0xFFFFFFFF)
_ZERO, _ONE, _TWO = np.uint64(0), np.uint64(1), np.uint64(2)
_12, _32 = np.uint64(12), np.uint64(32)
_STEP = 2.0**-52
_ROUNDS = 10
_RUN = 256  # blocks worked on together: 8 KiB, inside the first cache


@kernel
def philox4x32(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Ten rounds of Philox4x32 on one block.

    c0..c3 : counter; k0, k1 : key; each a uint64 below 2**32
    Returns four uint64 below 2**32.
    """
    for _ in range(_ROUNDS // 2):
        c0, c1, c2, c3 = _two_rounds(c0, c1, c2, c3, k0, k1)
        k0 += _TWO * _WEYL_0
        k1 += _TWO * _WEYL_1
    return c0, c1, c2, c3


@kernel
def _two_rounds(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Two rounds; only the lower 32 bits of the keys count."""
    product_0 = _MULTIPLIER_0 * c0
    product_1 = _MULTIPLIER_1 * c2
    d0 = (product_1 >> _32) ^ c1 ^ (k0 & _LOW_32)
    d1 = product_1 & _LOW_32
    d2 = (product_0 >> _32) ^ c3 ^ (k1 & _LOW_32)
    d3 = product_0 & _LOW_32
    product_0 = _MULTIPLIER_0 * d0
    product_1 = _MULTIPLIER_1 * d2
    return (
        (product_1 >> _32) ^ d1 ^ ((k0 + _WEYL_0) & _LOW_32),
        product_1 & _LOW_32,
        (product_0 >> _32) ^ d3 ^ ((k1 + _WEYL_1) & _LOW_32),
        product_0 & _LOW_32,
    )


@kernel
def unit_interval(low: np.uint64, high: np.uint64) -> float:
    """The upper 52 bits of the word high:low as an odd multiple of 2**-53.

    low, high : halves of a 64-bit word, each below 2**32
    Returns a value in (0, 1), exact, never 0 or 1.
    """
    word = (low | (high << _32)) >> _12
    return (np.float64(np.int64(word)) + 0.5) * _STEP


@kernel
def uniform(seed: int, purpose: int, trial: int, obj: int, index: int) -> float:
    """Uniform draw in the open interval (0, 1).

    seed : 0 to 2**63 - 1; purpose, trial, obj, index : 0 to 2**32 - 1
    Returns one of 2**52 equally likely values, never 0 or 1.
    """
    key = np.uint64(seed)
    slot = np.uint64(index)
    w0, w1, w2, w3 = philox4x32(
        (slot >> _ONE) & _LOW_32,
        np.uint64(obj) & _LOW_32,
        np.uint64(trial) & _LOW_32,
        np.uint64(purpose) & _LOW_32,
        key & _LOW_32,
        key >> _32,
    )
    odd = (slot & _ONE) != _ZERO
    return unit_interval(w2 if odd else w0, w3 if odd else w1)


@kernel
def normal(seed: int, purpose: int, trial: int, obj: int, index: int) -> float:
    """Standard normal draw: the normal quantile of the uniform at the same address."""
    return normal_quantile(uniform(seed, purpose, trial, obj, index))


@kernel
def fill_uniform(seed: int, purpose: int, trial: int, obj: int, out: Floats) -> None:
    """Put the uniforms of indices 0, 1, 2, ... into `out` (draw,).

    Equal to `uniform` at every index. Rounds are done over short runs of blocks, because a
    loop with the whole generator in it is too long for the compiler to turn into vectors.
    """
    key = np.uint64(seed)
    c0 = np.empty(_RUN, dtype=np.uint64)
    c1 = np.empty(_RUN, dtype=np.uint64)
    c2 = np.empty(_RUN, dtype=np.uint64)
    c3 = np.empty(_RUN, dtype=np.uint64)
    blocks = out.shape[0] // 2
    pairs = out[: 2 * blocks].reshape((blocks, 2))
    for start in range(0, blocks, _RUN):
        for lane in range(_RUN):
            c0[lane] = np.uint64(start + lane) & _LOW_32
            c1[lane] = np.uint64(obj) & _LOW_32
            c2[lane] = np.uint64(trial) & _LOW_32
            c3[lane] = np.uint64(purpose) & _LOW_32
        _run_of_blocks(c0, c1, c2, c3, key & _LOW_32, key >> _32)
        for lane in range(min(_RUN, blocks - start)):
            pairs[start + lane, 0] = unit_interval(c0[lane], c1[lane])
            pairs[start + lane, 1] = unit_interval(c2[lane], c3[lane])
    if out.shape[0] > 2 * blocks:
        out[2 * blocks] = uniform(seed, purpose, trial, obj, 2 * blocks)


@kernel
def _run_of_blocks(
    c0: Words, c1: Words, c2: Words, c3: Words, k0: np.uint64, k1: np.uint64
) -> None:
    """Replace every counter (lane,) by its block of the generator."""
    for _ in range(_ROUNDS // 2):
        for lane in range(_RUN):
            c0[lane], c1[lane], c2[lane], c3[lane] = _two_rounds(
                c0[lane], c1[lane], c2[lane], c3[lane], k0, k1
            )
        k0 += _TWO * _WEYL_0
        k1 += _TWO * _WEYL_1


@kernel
def fill_normal(seed: int, purpose: int, trial: int, obj: int, out: Floats) -> None:
    """Put the standard normals of indices 0, 1, 2, ... into `out` (draw,)."""
    fill_uniform(seed, purpose, trial, obj, out)
    for index in range(out.shape[0]):
        out[index] = normal_quantile(out[index])


@kernel
def fill_uniforms_at(
    seed: int, purpose: Integers, trial: int, obj: Integers, index: Integers, out: Floats
) -> None:
    """Put the uniform of every address into `out` (draw,); purpose, obj, index : (draw,)."""
    for k in range(out.shape[0]):
        out[k] = uniform(seed, purpose[k], trial, obj[k], index[k])


def uniforms(seed: int, purpose: int, count: int, *, trial: int = 0, obj: int = 0) -> Floats:
    """Uniforms of indices 0..count-1 as a new array (draw,)."""
    out = np.empty(count)
    fill_uniform(seed, purpose, trial, obj, out)
    return out


def normals(seed: int, purpose: int, count: int, *, trial: int = 0, obj: int = 0) -> Floats:
    """Standard normals of indices 0..count-1 as a new array (draw,)."""
    out = np.empty(count)
    fill_normal(seed, purpose, trial, obj, out)
    return out


def plain_uniforms(seed: int, purpose: int, count: int, *, trial: int = 0, obj: int = 0) -> Floats:
    """The same as `uniforms`, bit for bit, without compiled code.

    For a command that asks once: loading a compiled kernel takes longer than its few draws.
    """
    block = np.arange((count + 1) // 2, dtype=np.uint64)
    words = [
        block & _LOW_32,
        *(np.full_like(block, part) & _LOW_32 for part in (obj, trial, purpose)),
    ]
    k0, k1 = np.uint64(seed) & _LOW_32, np.uint64(seed) >> _32
    for _ in range(_ROUNDS):
        product_0, product_1 = _MULTIPLIER_0 * words[0], _MULTIPLIER_1 * words[2]
        words = [
            (product_1 >> _32) ^ words[1] ^ k0,
            product_1 & _LOW_32,
            (product_0 >> _32) ^ words[3] ^ k1,
            product_0 & _LOW_32,
        ]
        k0, k1 = (k0 + _WEYL_0) & _LOW_32, (k1 + _WEYL_1) & _LOW_32
    out = np.empty(2 * block.size)
    for place in (0, 1):
        whole = (words[2 * place] | (words[2 * place + 1] << _32)) >> _12
        out[place::2] = (whole.astype(np.float64) + 0.5) * _STEP
    return out[:count]
