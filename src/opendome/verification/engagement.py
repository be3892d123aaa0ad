"""Checks of the engagement: with all physics pinned, the dice must give the closed forms.

Source of the formulas: D. A. Wilkening, A simple model for calculating ballistic missile
defense effectiveness, Science & Global Security 8 (1999) 183-215.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from opendome.command.spec import UNLIMITED
from opendome.engagement.play import play
from opendome.engagement.records import Board, Fate, Ledger, Rules
from opendome.verification.boards import pinned_board, pinned_rules
from opendome.verification.checks import Check

Play = Callable[[Board, Rules, int], Ledger]
WILKENING = "D. A. Wilkening, Science & Global Security 8 (1999) 183"
SEED = 2029
STANDARD_ERRORS = 3.0
PLENTY = 10_000
TRIALS = 40_000
FEWER = 10_000  # where a trial has twenty objects
P_KILL = 0.56  # 10 of 18 tests, the figure of the public dispute over four shots
P_TRACK = 0.95


def engine(board: Board, rules: Rules, trials: int) -> Ledger:
    """The engine that every run uses."""
    return play(board, rules, seed=SEED, first_trial=0, trials=trials)


def killed(ledger: Ledger, warheads: int) -> Any:
    """Whether each warhead of each trial was killed: (trial, warhead)."""
    return (np.asarray(ledger.objects["fate"]) == Fate.KILLED).reshape(-1, warheads)


def standard_errors(share: float, expected: float, trials: int) -> float:
    """Distance of a share from its formula, in standard errors of the trials."""
    return abs(share - expected) / math.sqrt(expected * (1.0 - expected) / trials)


def measure_salvo(model: Play = engine) -> float:
    """One warhead, one to four rounds: 1 - (1 - p)^n [standard errors]."""
    board = pinned_board(warheads=1, p_seen=1.0, stock=PLENTY)
    worst = 0.0
    for rounds in (1, 2, 3, 4):
        ledger = model(board, pinned_rules(p_kill=P_KILL, salvo=rounds), TRIALS)
        share = float(killed(ledger, 1).mean())
        expected = 1.0 - (1.0 - P_KILL) ** rounds
        worst = max(worst, standard_errors(share, expected, TRIALS))
    return worst


def lost_round(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: of each salvo of several rounds, one never leaves."""
    layers = rules.layers.copy()
    layers["salvo"] = np.maximum(1, layers["salvo"] - 1)
    return engine(board, rules._replace(layers=layers), trials)


def measure_raid(model: Play = engine) -> float:
    """Twenty warheads, two rounds each: [1 - (1 - p)^n]^W [standard errors]."""
    warheads, rounds, p_kill = 20, 2, 0.8
    board = pinned_board(warheads=warheads, p_seen=1.0, stock=PLENTY)
    ledger = model(board, pinned_rules(p_kill=p_kill, salvo=rounds), FEWER)
    share = float(killed(ledger, warheads).all(axis=1).mean())
    return standard_errors(share, (1.0 - (1.0 - p_kill) ** rounds) ** warheads, FEWER)


def one_luck_for_all(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: the warheads of a trial share their luck."""
    ledger = engine(board, rules, trials)
    warheads = board.objects.size
    fate = np.repeat(np.asarray(ledger.objects["fate"])[::warheads], warheads)
    return Ledger(
        objects={**ledger.objects, "fate": fate}, shots=ledger.shots, tracks=ledger.tracks
    )


def measure_common_mode(model: Play = engine) -> float:
    """A track that fails fails for every round: P (1 - (1 - p)^n) [standard errors]."""
    board = pinned_board(warheads=1, p_seen=P_TRACK, stock=PLENTY)
    ledger = model(board, pinned_rules(p_kill=P_KILL, salvo=4), TRIALS)
    share = float(killed(ledger, 1).mean())
    return standard_errors(share, P_TRACK * (1.0 - (1.0 - P_KILL) ** 4), TRIALS)


def track_of_its_own(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: each round has a track of its own, which fails for it alone."""
    looks, assets = board.looks.copy(), rules.assets.copy()
    assets["p_kill"] *= looks["p_detect"][0]
    looks["p_detect"] = 1.0
    return engine(board._replace(looks=looks), rules._replace(assets=assets), trials)


def measure_look(model: Play = engine) -> float:
    """Shoot, look, shoot with time for two: kills 1 - (1 - p)^2 with 2 - p rounds.

    Returns the worse of the two [standard errors].
    """
    p_kill = 0.8
    board = pinned_board(warheads=1, p_seen=1.0, stock=PLENTY)
    rules = pinned_rules(p_kill=p_kill, salvo=1, salvos_max=UNLIMITED)
    ledger = model(board, rules, TRIALS)
    share = float(killed(ledger, 1).mean())
    second = ledger.shots["trial"].size / TRIALS - 1.0
    return max(
        standard_errors(share, 1.0 - (1.0 - p_kill) ** 2, TRIALS),
        standard_errors(second, 1.0 - p_kill, TRIALS),
    )


def without_looking(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: the second round leaves with the first."""
    layers = rules.layers.copy()
    layers["salvo"], layers["salvos_max"] = 2, 1
    return engine(board, rules._replace(layers=layers), trials)


def measure_stock(model: Play = engine) -> float:
    """Forty-four rounds, up to four at each of twelve: four get three, eight get four.

    Equal targets and rounds: no assignment saves more than the even one (den Broeder).
    Returns the largest error over all trials and warheads [rounds].
    """
    warheads, rounds, stock = 12, 4, 44
    board = pinned_board(warheads=warheads, p_seen=1.0, stock=stock)
    trials = FEWER // 10
    ledger = model(board, pinned_rules(p_kill=P_KILL, salvo=rounds), trials)
    fired = np.sort(np.asarray(ledger.objects["rounds"]).reshape(trials, warheads), axis=1)
    even = np.sort(np.bincount(np.arange(stock) % warheads))
    return float(np.abs(fired - even).max())


def endless_stock(board: Board, rules: Rules, trials: int) -> Ledger:
    """Bug: rounds are not taken from stock."""
    shooters = board.shooters.copy()
    shooters["stock"] = PLENTY
    return engine(board._replace(shooters=shooters), rules, trials)


def _check(part: str, **fields: Any) -> Check:
    common: dict[str, Any] = {
        "authority": WILKENING,
        "unit": "standard errors",
        "tolerance": STANDARD_ERRORS,
    }
    return Check(name=f"engagement/{part}", **(common | fields))


CHECKS = (
    _check(
        "salvo",
        claim="n rounds at one warhead kill it with 1 - (1 - p)^n, p 0.56, n 1 to 4, 4e4 trials",
        measure=measure_salvo,
        planted_bug=lost_round,
        bug="one round of each salvo never leaves",
    ),
    _check(
        "raid",
        claim="no warhead of twenty leaks with [1 - (1 - p)^2]^20, p 0.8, 1e4 trials",
        measure=measure_raid,
        planted_bug=one_luck_for_all,
        bug="the warheads of a trial share their luck",
    ),
    _check(
        "common-mode",
        claim="tracking that fails with 5 % caps four rounds at 0.95 [1 - (1 - p)^4], 4e4 trials",
        measure=measure_common_mode,
        planted_bug=track_of_its_own,
        bug="the track fails for each round alone",
    ),
    _check(
        "look",
        claim="shoot, look, shoot with time for two kills with 1 - (1 - p)^2 and fires 2 - p",
        measure=measure_look,
        planted_bug=without_looking,
        bug="the second round does not wait for the result of the first",
    ),
    _check(
        "stock",
        claim="44 rounds, up to four at each of twelve, are dealt evenly and none is made up",
        authority="G. G. den Broeder, R. E. Ellison, L. Emerling, Operations Research 7 (1959)",
        unit="rounds",
        tolerance=0.0,
        measure=measure_stock,
        planted_bug=endless_stock,
        bug="rounds are not taken from stock",
    ),
)
