"""Joint probabilities: whose reading is whose, summed over all ways to share them out.

Source: T. E. Fortmann, Y. Bar-Shalom, M. Scheffe, Sonar tracking of multiple targets using joint
probabilistic data association, IEEE J. Oceanic Eng. 8(3), 1983; for crowds R. J. Fitzgerald,
Development of practical PDA logic for multitarget tracking by microprocessor, American Control
Conference 1986.
"""

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel

Floats = npt.NDArray[np.float64]

EXACT_MAX = 8  # readings of a cluster that are shared out exactly: 2^8 subsets for each track


@table_kernel
def joint_probabilities(
    gain: Floats,
    tracks: int,
    readings: int,
    p_detect: float,
    ahead: Floats,
    behind: Floats,
    share: Floats,
) -> None:
    """Probability that each reading of a cluster is that of each track, all tracks together.

    gain : (track, reading) p_detect times density of the reading over the density of false
        alarms, 0 outside the gate; only [:tracks, :readings] is read
    ahead, behind : (tracks + 1, 2^readings) scratch     share : (track, reading) out
    Model: every joint event gives each track one reading or none, and no reading to two. Its
    weight is the product of the gains and of 1 - p_detect for tracks without; a subset of the
    readings is a number of bits, so that all events are summed by running over the tracks once
    forwards and once backwards.
    Valid for: up to EXACT_MAX readings; exact there.
    """
    subsets = 1 << readings
    miss = 1.0 - p_detect
    ahead[0, :subsets] = 0.0
    ahead[0, 0] = 1.0
    for i in range(tracks):
        for used in range(subsets):
            before = miss * ahead[i, used]
            for j in range(readings):
                if used >> j & 1:
                    before += gain[i, j] * ahead[i, used ^ (1 << j)]
            ahead[i + 1, used] = before
    behind[tracks, :subsets] = 1.0
    for i in range(tracks - 1, -1, -1):
        for used in range(subsets):
            after = miss * behind[i + 1, used]
            for j in range(readings):
                if not used >> j & 1:
                    after += gain[i, j] * behind[i + 1, used | (1 << j)]
            behind[i, used] = after
    meet_halfway(gain, tracks, readings, ahead, behind, share)


@table_kernel
def meet_halfway(
    gain: Floats, tracks: int, readings: int, ahead: Floats, behind: Floats, share: Floats
) -> None:
    """Share of each pair in the weight of all joint events, from the sums both ways."""
    whole = behind[0, 0]
    for i in range(tracks):
        for j in range(readings):
            total = 0.0
            for used in range(1 << readings):
                if not used >> j & 1:
                    total += ahead[i, used] * behind[i + 1, used | (1 << j)]
            share[i, j] = gain[i, j] * total / whole if whole > 0.0 else 0.0


@table_kernel
def crowd_probabilities(
    gain: Floats, tracks: int, readings: int, p_detect: float, share: Floats
) -> None:
    """The same for clusters too large to be shared out exactly, by Fitzgerald's rule.

    Model: G_ij / (sum of row i + sum of column j - G_ij + 1 - p_detect).
    Valid for: crowds; exact for a single track, and never above 1.
    """
    for i in range(tracks):
        row = 0.0
        for j in range(readings):
            row += gain[i, j]
        for j in range(readings):
            column = 0.0
            for other in range(tracks):
                column += gain[other, j]
            below = row + column - gain[i, j] + 1.0 - p_detect
            share[i, j] = gain[i, j] / below if below > 0.0 else 0.0
