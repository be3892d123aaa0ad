"""Columns found so far: which rounds a target may get, each kept once."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


# SplitMix64: its step and multipliers
STEP, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
TURNS = (30, 27, 31)


class Pool(NamedTuple):
    """Columns, their rounds one after another, and a table that tells known ones.

    size : (2,) columns and rounds held so far
    target, worth : (column,) `worth` is the expected loss of the target plus the price of rounds
    start : (column + 1,)     option : (round,)
    known : (place,) open addressing, 0 where free
    """

    size: Longs
    target: Longs
    worth: Floats
    start: Longs
    option: Longs
    known: Hashes


def pool_of(columns: int, rounds: int) -> Pool:
    """An empty pool with room for so many columns and rounds."""
    places = 1 << int(2 * columns).bit_length()
    return Pool(
        size=np.zeros(2, np.int64),
        target=np.zeros(columns, np.int64),
        worth=np.zeros(columns),
        start=np.zeros(columns + 1, np.int64),
        option=np.zeros(rounds, np.int64),
        known=np.zeros(places, np.uint64),
    )


@kernel
def scramble(number: int) -> np.uint64:
    """Spread an integer over 64 bits.

    Source: the finaliser of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, Fast splittable
    pseudorandom number generators, OOPSLA 2014).
    """
    word = np.uint64(number) + np.uint64(STEP)
    word = (word ^ (word >> np.uint64(TURNS[0]))) * np.uint64(FIRST)
    word = (word ^ (word >> np.uint64(TURNS[1]))) * np.uint64(SECOND)
    return word ^ (word >> np.uint64(TURNS[2]))


@kernel
def is_new(pool: Pool, name: np.uint64) -> bool:
    """Whether a column's name was not known; it is from now on."""
    mask = np.uint64(pool.known.size - 1)
    place = name & mask
    while pool.known[place] != np.uint64(0):
        if pool.known[place] == name:
            return False
        place = (place + np.uint64(1)) & mask
    pool.known[place] = name
    return True


@kernel
def keep(pool: Pool, target: int, worth: float, rounds: Longs, count: int) -> bool:
    """Add the column that fires the first `count` of `rounds` at a target.

    Returns False where the pool has no room; a known column needs none.
    """
    columns, held = pool.size[0], pool.size[1]
    if columns >= pool.target.size or held + count > pool.option.size:
        return False
    name = scramble(-1 - target)
    for k in range(count):
        name += scramble(rounds[k])
    if not is_new(pool, name | np.uint64(1)):
        return True
    for k in range(count):
        pool.option[held + k] = rounds[k]
    pool.target[columns] = target
    pool.worth[columns] = worth
    pool.start[columns + 1] = held + count
    pool.size[0] = columns + 1
    pool.size[1] = held + count
    return True


@kernel
def within(pool: Pool, lower: Ints, upper: Ints, wanted: Longs, inside: Flags) -> None:
    """Tell which columns respect the least and most rounds of each option.

    lower, upper : (option,)     wanted : (target,) sum of `lower` over its options
    inside : (column,) out
    """
    for c in range(pool.size[0]):
        met, good = 0, True
        first, end = pool.start[c], pool.start[c + 1]
        for k in range(first, end):
            option, count, earlier = pool.option[k], 0, 0
            for q in range(first, end):
                if pool.option[q] == option:
                    count += 1
                    earlier += int(q < k)
            good = good and count <= upper[option]
            met += int(earlier < lower[option])
        inside[c] = good and met >= wanted[pool.target[c]]


@kernel
def merge(pool: Pool, other: Pool) -> bool:
    """Add the columns of another pool; False where there is no room."""
    for c in range(other.size[0]):
        rounds = other.option[other.start[c] : other.start[c + 1]]
        if not keep(pool, other.target[c], other.worth[c], rounds, rounds.size):
            return False
    return True
