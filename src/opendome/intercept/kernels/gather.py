"""Samples of many pairs, moved to where they stay."""

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@table_kernel
def gather(samples: Floats, offset: Longs, count: Longs, place: Longs, out: Floats) -> None:
    """Copy the samples of every pair to its place.

    offset, count, place : (pair,) its first of `samples`, how many, where they go in `out`
    """
    for pair in range(count.shape[0]):
        for n in range(count[pair]):
            out[place[pair] + n] = samples[offset[pair] + n]
