"""The protocol of a policy: what a node believes at a decision cycle in, orders out.

A policy is a class without arguments. Every node of every trial gets an instance of its own.
Nothing here knows the truth: what a node believes is written by `engagement`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from opendome.command.models import Doctrine

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What a node knows before anything flies.

    Attributes
    ----------
    node : name of the node that decides
    cycle_s : time between two decisions [s]
    assessment_delay_s : from an intercept to the word about its result [s]
    layers : (layer,) names
    doctrine : (layer,) how the scenario wants each to fire: advice, but for `engage` and
        `reserve`, which no order can break
    shooters : (shooter,) names, of all nodes
    shooter_layer : (shooter,) number of its layer
    shooter_rounds : (shooter,) rounds at the start; 0 for what this node does not command
    seed : a number of this node and trial, for a policy that rolls dice of its own
    """

    node: str
    cycle_s: float
    assessment_delay_s: float
    layers: tuple[str, ...]
    doctrine: tuple[Doctrine, ...]
    shooters: Words
    shooter_layer: Longs
    shooter_rounds: Longs
    seed: int


@dataclass(frozen=True, kw_only=True)
class Tracks:
    """Objects that a node believes to fly, in the order in which it first tracked them.

    Attributes
    ----------
    number : (track,) counted by the node from 1; stays with the track for the whole trial
    held : (track,) whether it is tracked now; if not, no shot at it is possible
    position_sigma_m : (track,) root of the summed variances of its position now [m]
    open : (track,) whether nobody can know yet where it will fall: it burns, or has yet to turn
    impact_t_s, impact_sigma_s : (track,) believed impact and its error [s]; NaN while open
    defended_distance_m, impact_sigma_m : (track,) believed distance of the impact from what is
        defended, negative inside, and root of the summed variances of the impact [m]; NaN while
        open
    p_threat : (track,) chance that it is a threat
    worth : (track,) believed loss if it gets through, in the unit of the values of what is
        defended; 1 or 0 where nothing has a value
    believed_dead : (track,) whether the last result said that it is dead
    in_flight : (track,) rounds of this node whose result is not known
    survival : (track,) chance to outlive all that flies at it, as the node knows
    result_t_s : (track,) when the last of those results will be known [s], -inf for none
    permitted : (track,) whether the node may fire at it at all
    wanted : (track, layer) rounds that doctrine would fire at it now
    last_launch_t_s : (track, layer) believed last launch of a layer with rounds at it [s], -inf
        for none, NaN while open
    """

    number: Longs
    held: Flags
    position_sigma_m: Floats
    open: Flags
    impact_t_s: Floats
    impact_sigma_s: Floats
    defended_distance_m: Floats
    impact_sigma_m: Floats
    p_threat: Floats
    worth: Floats
    believed_dead: Flags
    in_flight: Longs
    survival: Floats
    result_t_s: Floats
    permitted: Flags
    wanted: Longs
    last_launch_t_s: Floats


@dataclass(frozen=True, kw_only=True)
class Shots:
    """What a node could order now and not leave for the next cycle.

    Attributes
    ----------
    track : (shot,) row of its object in the tracks
    shooter, layer : (shot,) numbers of both, as in the brief
    launch_t_s : (shot,) when the interceptor is launched [s]
    intercept_t_s : (shot,) believed intercept [s]
    p_kill : (shot,) chance that one round stops its object
    price : (shot,) what a round kept is worth, in the unit of `Tracks.worth`
    rounds_left : (shot,) most rounds that its shooter can launch in this cycle, over all shots
    """

    track: Longs
    shooter: Longs
    layer: Longs
    launch_t_s: Floats
    intercept_t_s: Floats
    p_kill: Floats
    price: Floats
    rounds_left: Longs


@dataclass(frozen=True, kw_only=True)
class View:
    """What a node believes at one decision cycle. All arrays are read-only.

    Attributes
    ----------
    node : its name
    now_s : time of the cycle [s after the start of the future]
    cycle_s : until the next [s]
    tracks : objects
    shots : what could be ordered
    stock : (layer,) rounds left at the node
    """

    node: str
    now_s: float
    cycle_s: float
    tracks: Tracks
    shots: Shots
    stock: Longs


class Order(NamedTuple):
    """Fire a number of rounds.

    shot : row in `View.shots`     rounds : 0 or more
    """

    shot: int
    rounds: int = 1


@runtime_checkable
class Policy(Protocol):
    """Decides for one node in one trial.

    It may also have `begin(brief: Brief)`, which is called once, before the first decision.
    """

    def decide(self, view: View) -> Sequence[Order]:
        """Orders of one cycle; asked only when at least one shot is possible."""
        ...


class PolicyName(NamedTuple):
    """Which policy, of which make: kept with a run.

    name : as given     distribution : what it came with     version : of that
    """

    name: str
    distribution: str
    version: str

    def document(self) -> dict[str, Any]:
        """As plain values."""
        return self._asdict()
