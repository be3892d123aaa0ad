"""Checks of command: people, orders, partners and sectors, against formulas of probability.

All physics is pinned as in `boards`: a track for certain, a site that reaches everything, and
time for two rounds one after the other.
"""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.command.models import HumanTime, people_table
from opendome.draws.purposes import purpose
from opendome.engagement.board import fill
from opendome.engagement.records import ASSET_RULE, Board, Ledger, Rules
from opendome.verification.boards import SEEN_T_S, pinned_board, pinned_rules
from opendome.verification.checks import Check
from opendome.verification.engagement import (
    STANDARD_ERRORS,
    WILKENING,
    engine,
    killed,
    standard_errors,
)

Play = Callable[[Board, Rules, int], Ledger]
PROBABILITY = "formulas of elementary probability"
TRIALS = 20_000
PLENTY = 10_000
P_KILL, P_TRACK, P_COMMON = 0.6, 0.9, 0.2
P_FALSE_KILL, P_FALSE_MISS = 0.15, 0.3
PEOPLE = HumanTime(name="release", median_s=45.0, sigma_log=0.6)
LAST_CYCLE_S = 65.0  # of 5 s, before the last useful launch of the pinned board
LATE_S = 24.0  # when a second node sees what the first saw at SEEN_T_S
FIRST_ORDER_S, SECOND_ORDER_S = 10.0, 25.0  # cycles in which the two nodes could fire
TIGHT, P_INSIDE = 1, 0.7


def single(**changes: Any) -> tuple[Board, Rules]:
    """One warhead before one site; its rules with changes."""
    rules = pinned_rules(p_kill=P_KILL, salvo=1, **changes)
    return pinned_board(warheads=1, p_seen=1.0, stock=PLENTY), rules


def rounds_per_trial(ledger: Ledger, trials: int) -> float:
    """Mean number of rounds fired."""
    return np.asarray(ledger.shots["trial"]).size / trials


def mean_errors(mean: float, expected: float, variance: float) -> float:
    """Distance of a mean from its formula, in standard errors."""
    return abs(mean - expected) / math.sqrt(variance / TRIALS)


# --- people ------------------------------------------------------------------------------


def measure_permission(model: Play = engine) -> float:
    """People who take a lognormal time: kills with p P(T < time left) [standard errors]."""
    board, rules = single(people=people_table((PEOPLE,), ("US",)))
    share = float(killed(model(board, rules, TRIALS), 1).mean())
    left_s = LAST_CYCLE_S - SEEN_T_S
    in_time = NormalDist().cdf(math.log(left_s / PEOPLE.median_s) / PEOPLE.sigma_log)
    return standard_errors(share, P_KILL * in_time, TRIALS)


def median_for_mean(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: the median given is taken for the mean."""
    people = rules.people.copy()
    people["median_s"] *= np.exp(-0.5 * people["sigma_log"] ** 2)
    return engine(board, rules._replace(people=people), trials)


# --- results -----------------------------------------------------------------------------


def measure_assessment(model: Play = engine) -> float:
    """Shoot, look, shoot with errors of the look: rounds and kills [standard errors].

    A second round follows when the object is believed alive: after a kill with p_false_miss,
    after a miss with 1 - p_false_kill.
    """
    board, rules = single(salvos_max=2, p_false_kill=P_FALSE_KILL, p_false_miss=P_FALSE_MISS)
    ledger = model(board, rules, TRIALS)
    again = P_KILL * P_FALSE_MISS + (1.0 - P_KILL) * (1.0 - P_FALSE_KILL)
    kills = P_KILL + (1.0 - P_KILL) * (1.0 - P_FALSE_KILL) * P_KILL
    second = rounds_per_trial(ledger, TRIALS) - 1.0
    return max(
        standard_errors(second, again, TRIALS),
        standard_errors(float(killed(ledger, 1).mean()), kills, TRIALS),
    )


def sure_of_misses(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: no live object is ever believed dead."""
    return engine(board, rules._replace(p_false_kill=0.0), trials)


def measure_common_failure(model: Play = engine) -> float:
    """A track, a fault of all rounds, and each round: P (1 - f) (1 - (1 - p)^n)."""
    worst = 0.0
    for rounds in (1, 2, 4):
        rules = pinned_rules(p_kill=P_KILL, salvo=rounds)
        assets = rules.assets.copy()
        assets["p_common_failure"], assets["common_purpose"] = P_COMMON, purpose("pinned fault")
        board = pinned_board(warheads=1, p_seen=P_TRACK, stock=PLENTY)
        share = float(killed(model(board, rules._replace(assets=assets), TRIALS), 1).mean())
        expected = P_TRACK * (1.0 - P_COMMON) * (1.0 - (1.0 - P_KILL) ** rounds)
        worst = max(worst, standard_errors(share, expected, TRIALS))
    return worst


def faults_of_their_own(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: the fault strikes each round alone."""
    assets = rules.assets.copy()
    assets["p_kill"] *= 1.0 - assets["p_common_failure"]
    assets["p_common_failure"] = 0.0
    return engine(board, rules._replace(assets=assets), trials)


# --- orders ------------------------------------------------------------------------------


def measure_tight(model: Play = engine) -> float:
    """An impact on the border of what is defended: a tight layer fires with 1 - p_inside.

    The predicted impact is normal about the true one, so that the chance a node gives to an
    impact inside is even between 0 and 1.
    """
    board, rules = single(p_inside=P_INSIDE)
    objects, layers = board.objects.copy(), rules.layers.copy()
    objects["defended_distance_m"], layers["engage"] = 0.0, TIGHT
    ledger = model(board._replace(objects=objects), rules._replace(layers=layers), TRIALS)
    return standard_errors(rounds_per_trial(ledger, TRIALS), 1.0 - P_INSIDE, TRIALS)


def free_for_all(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: a tight layer fires at everything that may be a threat."""
    layers = rules.layers.copy()
    layers["engage"] = 0
    return engine(board, rules._replace(layers=layers), trials)


# --- two sites, of one node or of two -----------------------------------------------------


def two_sites(warheads: int, stock: Sequence[int]) -> Board:
    """The pinned board with a second site like the first, an asset of its own."""
    board = pinned_board(warheads=warheads, p_seen=1.0, stock=PLENTY)
    pairs = np.repeat(board.pairs, 2)
    pairs["shooter"] = np.tile([0, 1], warheads)
    objects = board.objects.copy()
    objects["first_pair"], objects["end_pair"] = (
        2 * np.arange(warheads),
        2 * np.arange(1, warheads + 1),
    )
    shooters = np.repeat(board.shooters, 2)
    shooters["asset"], shooters["stock"] = [0, 1], stock
    return board._replace(objects=objects, pairs=pairs, shooters=shooters)


def two_assets(rules: Rules, nodes: int, layers: Sequence[int] = (0,)) -> Rules:
    """Rules of two assets, each with luck of its own. layers : reserve of each."""
    assets = np.repeat(rules.assets, 2)
    for number, name in enumerate(("one", "two")):
        assets["kill_purpose"][number] = purpose(f"pinned kill {name}")
        assets["assess_purpose"][number] = purpose(f"pinned assess {name}")
    table = np.repeat(rules.layers, len(layers))
    table["reserve"] = layers
    return rules._replace(
        assets=assets, layers=table, people=np.repeat(rules.people, nodes, axis=0)
    )


def two_nodes(warheads: int, *, second_t_s: float = SEEN_T_S) -> Board:
    """The board of two sites, each of a node of its own. second_t_s : news at the second."""
    board = two_sites(warheads, (PLENTY, PLENTY))
    arrivals = np.tile(board.arrivals, 2)
    arrivals["t_s"][warheads:] = second_t_s
    shooters = board.shooters.copy()
    shooters["node"] = [0, 1]
    starts = board.arrival_start
    return board._replace(
        arrivals=arrivals,
        arrival_start=np.concatenate([starts, starts + warheads]),
        delivery_purpose=np.repeat(board.delivery_purpose, 2, axis=0),
        shooters=shooters,
    )


def told(delay_s: float) -> npt.NDArray[np.float64]:
    """The first node tells the second of its shots, which tells nothing."""
    return np.array([[0.0, delay_s], [math.inf, 0.0]])


def measure_partners(model: Play = engine) -> float:
    """Two nations, a round of each: 2 rounds untold; told, 1 + P(believed alive)."""
    believed_alive = P_KILL * P_FALSE_MISS + (1.0 - P_KILL) * (1.0 - P_FALSE_KILL)
    worst = 0.0
    for second_t_s, delay_s in ((SEEN_T_S, 0.0), (LATE_S, 12.0), (LATE_S, 20.0)):
        board = two_nodes(1, second_t_s=second_t_s)
        rules = pinned_rules(
            p_kill=P_KILL,
            salvo=1,
            p_false_kill=P_FALSE_KILL,
            p_false_miss=P_FALSE_MISS,
            coordination_s=told(delay_s),
        )
        ledger = model(board, two_assets(rules, nodes=2), TRIALS)
        in_time = FIRST_ORDER_S + delay_s <= (
            FIRST_ORDER_S if second_t_s == SEEN_T_S else SECOND_ORDER_S
        )
        more = rounds_per_trial(ledger, TRIALS) - 1.0
        error = standard_errors(more, believed_alive, TRIALS) if in_time else abs(more - 1.0)
        worst = max(worst, error)
    return worst


def nobody_tells(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: no nation knows of the shots of another."""
    return engine(board, rules._replace(coordination_s=np.zeros((0, 0))), trials)


def measure_reserve(model: Play = engine) -> float:
    """Rounds of a reserve that went to what another layer could meet, or were never fired.

    Ten warheads, eight rounds in the first layer, five of them in reserve. The second layer
    reaches the first five warheads only, which come first: of these the first layer may take
    three, and it must have a round for each of the others.
    """
    warheads, both, stock, reserve = 10, 5, 8, 5
    board = two_sites(warheads, (stock, PLENTY))
    shooters, objects = board.shooters.copy(), board.objects.copy()
    arrivals = board.arrivals.copy()
    shooters["layer"] = [0, 1]
    objects["end_pair"][both:] -= 1
    arrivals["t_s"][both:] = LATE_S
    rules = two_assets(pinned_rules(p_kill=P_KILL, salvo=1), nodes=1, layers=(reserve, 0))
    board = board._replace(shooters=shooters, objects=objects, arrivals=arrivals)
    shots = model(board, rules, 1).shots
    first = np.asarray(shots["layer"]) == 0
    shared = first & (np.asarray(shots["object"]) < both)
    spent, kept = int(shared.sum()), int(first.sum() - shared.sum())
    return float(max(0, spent - (stock - reserve)) + max(0, warheads - both - kept))


def nothing_kept(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: the layer spends its reserve like any round."""
    layers = rules.layers.copy()
    layers["reserve"] = 0
    return engine(board, rules._replace(layers=layers), trials)


def measure_sectors(model: Play = engine) -> float:
    """Sectors without word of each other end as each of them alone, trial by trial [fates].

    One round each: a warhead dies if it dies before either of the two when it stands alone.
    """
    warheads, trials = 4, 2_000
    rules = two_assets(pinned_rules(p_kill=P_KILL, salvo=1), nodes=2)
    both = model(two_nodes(warheads), rules, trials)
    lost = np.zeros((trials, warheads), np.bool_)
    for site in range(2):
        board = pinned_board(warheads=warheads, p_seen=1.0, stock=PLENTY)
        alone = pinned_rules(p_kill=P_KILL, salvo=1)
        asset = fill(ASSET_RULE, **{n: rules.assets[n][[site]] for n in ASSET_RULE.names or ()})
        lost |= killed(engine(board, alone._replace(assets=asset), trials), warheads)
    return float((killed(both, warheads) != lost).sum())


def one_command(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: one node still commands both sites."""
    shooters = board.shooters.copy()
    shooters["node"] = 0
    return engine(board._replace(shooters=shooters), rules, trials)


def _check(part: str, **fields: Any) -> Check:
    common: dict[str, Any] = {
        "authority": PROBABILITY,
        "unit": "standard errors",
        "tolerance": STANDARD_ERRORS,
    }
    return Check(name=f"command/{part}", **(common | fields))


CHECKS = (
    _check(
        "permission",
        claim="people of a lognormal time let a round go with p P(T < time left), 2e4 trials",
        measure=measure_permission,
        planted_bug=median_for_mean,
        bug="the median is taken for the mean",
    ),
    _check(
        "assessment",
        claim="a look with false kills and misses gives the rounds and kills of its formula",
        measure=measure_assessment,
        planted_bug=sure_of_misses,
        bug="no live object is ever believed dead",
    ),
    _check(
        "common-failure",
        claim="track, common fault and n rounds kill with P (1 - f) (1 - (1 - p)^n), n 1, 2, 4",
        authority=WILKENING,
        measure=measure_common_failure,
        planted_bug=faults_of_their_own,
        bug="the fault strikes each round alone",
    ),
    _check(
        "tight",
        claim="a tight layer fires at what falls on the border with 1 - p_inside",
        measure=measure_tight,
        planted_bug=free_for_all,
        bug="a tight layer fires as a free one",
    ),
    _check(
        "partners",
        claim="a nation told in time fires after a partner with P(believed alive), else at once",
        measure=measure_partners,
        planted_bug=nobody_tells,
        bug="no nation knows of the shots of another",
    ),
    _check(
        "reserve",
        claim="no round of a reserve goes to what another layer can meet, none is left unused",
        unit="rounds",
        tolerance=0.0,
        measure=measure_reserve,
        planted_bug=nothing_kept,
        bug="a reserve is spent like any round",
    ),
    _check(
        "sectors",
        claim="two sectors end as each of them alone under the same luck, 2e3 trials",
        unit="fates",
        tolerance=0.0,
        measure=measure_sectors,
        planted_bug=one_command,
        bug="one node still commands both sectors",
    ),
)
