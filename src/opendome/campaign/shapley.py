"""Fair shares of a joint result: what each of several changes adds, whatever the order."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]
PLAYERS_MAX = 20  # two to the power of this many coalitions are held in memory


def worth_of_all(players: int, worth: Callable[[tuple[bool, ...]], float]) -> Floats:
    """Worth of every coalition, (2**players,).

    players : how many     worth : of a coalition, told as one flag per player
    Coalition number c holds player k when bit k of c is set.
    """
    if not 0 <= players <= PLAYERS_MAX:
        raise OpendomeError(
            got=f"{players} players",
            allowed=f"at most {PLAYERS_MAX}: every coalition is evaluated",
            do="put players that belong together into one",
        )
    return np.array(
        [
            worth(tuple(bool(coalition >> k & 1) for k in range(players)))
            for coalition in range(1 << players)
        ],
        dtype=np.float64,
    )


def marginals(worth: Floats, player: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """What a player adds to every coalition without it, and the sizes of these coalitions.

    worth : (2**n,) as `worth_of_all` gives it
    Returns (2**(n-1),) each.
    """
    coalitions = np.arange(worth.size)
    without = coalitions[coalitions >> player & 1 == 0]
    sizes = np.array([int(c).bit_count() for c in without], dtype=np.int64)
    return worth[without | 1 << player] - worth[without], sizes


def shapley_values(worth: Floats) -> Floats:
    """Each player's mean contribution over all orders in which players can join, (n,).

    worth : (2**n,) as `worth_of_all` gives it
    The shares sum to the worth of all less the worth of none.
    Source: L. S. Shapley, A value for n-person games, Contributions to the Theory of Games II
    (1953) 307.
    """
    players = worth.size.bit_length() - 1
    if worth.size != 1 << players:
        raise OpendomeError(
            got=f"the worth of {worth.size} coalitions",
            allowed="a power of two: one for every coalition",
            do="use worth_of_all",
        )
    of_size = np.array([1.0 / (players * math.comb(players - 1, size)) for size in range(players)])
    shares = np.empty(players)
    for player in range(players):
        adds, sizes = marginals(worth, player)
        shares[player] = math.fsum(adds * of_size[sizes])
    return shares
