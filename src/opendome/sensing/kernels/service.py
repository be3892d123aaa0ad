"""A sensor that can look at no more than so many objects in one scan."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.sensing.kernels.bias import looks_remembered

Floats = npt.NDArray[np.float64]


@kernel
def longest_waiting(
    obj: npt.NDArray[np.int32],
    begin: int,
    end: int,
    looked_t_s: Floats,
    kept: npt.NDArray[np.bool_],
) -> int:
    """Row of one scan, not kept yet, whose object was looked at longest ago; the first of equals.

    obj : (row,)     begin, end : rows of the scan     looked_t_s : (object,) [s after epoch]
    """
    best = -1
    for row in range(begin, end):
        if kept[row]:
            continue
        if best < 0 or looked_t_s[obj[row]] < looked_t_s[obj[best]]:
            best = row
    return best


@kernel
def serve(
    t_s: Floats, obj: npt.NDArray[np.int32], objects: int, at_once: int
) -> npt.NDArray[np.bool_]:
    """Which looks of one sensor really happen, when it can look at so many objects in a scan.

    t_s, obj : (row,) its looks, sorted by time, then object; looks of one scan have one time
    objects : in the raid     at_once : objects in one scan, 1 or more
    Returns (row,) True for looks that happen.
    Model: in each scan those are looked at who were looked at longest ago, never first of all;
    among equals the one that comes first in the raid.
    Source: round robin, the usual rule of a sensor that owes every target the same.
    """
    rows = t_s.shape[0]
    kept = np.zeros(rows, np.bool_)
    looked_t_s = np.full(objects, -math.inf)
    begin = 0
    while begin < rows:
        end = begin
        while end < rows and t_s[end] == t_s[begin]:
            end += 1
        for _ in range(min(at_once, end - begin)):
            row = longest_waiting(obj, begin, end, looked_t_s, kept)
            kept[row] = True
            looked_t_s[obj[row]] = t_s[row]
        begin = end
    return kept


@kernel
def reweigh(
    t_s: Floats,
    obj: npt.NDArray[np.int32],
    kept: npt.NDArray[np.bool_],
    objects: int,
    memory_s: float,
    share: Floats,
) -> None:
    """Count the looks that share a bias again, now that some of them do not happen.

    t_s, obj, kept : (row,) as in `serve`     memory_s : of the bias [s]
    share : (row,) `share_after_bias` of all looks in, of those that happen out
    Model: 1 / share - 1 is (looks remembered) * bias^2 / sigma^2; the last factor stays.
    """
    before = np.zeros((objects, 2))
    last_t_s = np.zeros((objects, 2))
    for row in range(t_s.shape[0]):
        j = obj[row]
        all_looks = looks_remembered(before[j, 0], t_s[row] - last_t_s[j, 0], memory_s)
        before[j, 0] = all_looks
        last_t_s[j, 0] = t_s[row]
        if not kept[row]:
            continue
        looks = looks_remembered(before[j, 1], t_s[row] - last_t_s[j, 1], memory_s)
        before[j, 1] = looks
        last_t_s[j, 1] = t_s[row]
        share[row] = 1.0 / (1.0 + (1.0 / share[row] - 1.0) * looks / all_looks)
