"""Compile the trial ahead of its first use, beside other work."""

import subprocess
import sys
from typing import Any

import numpy as np

from opendome.command.kernels.impact import IMPACT_PLACE
from opendome.command.kernels.people import PERSON
from opendome.engagement.board import fill
from opendome.engagement.play import play
from opendome.engagement.records import (
    ARRIVAL,
    ASSET_RULE,
    LAYER_RULE,
    LOOK,
    OBJECT,
    PAIR,
    SENSOR,
    SHOOTER,
    Board,
    Rules,
)


def empty_board() -> Board:
    """A future in which nothing flies and one node watches."""
    return Board(
        objects=np.zeros(0, OBJECT),
        path=np.zeros((0, 1, 6)),
        path_step_s=1.0,
        looks=np.zeros(0, LOOK),
        arrivals=np.zeros(0, ARRIVAL),
        arrival_start=np.zeros((1, 1), np.int64),
        delivery_purpose=np.zeros((1, 0), np.int64),
        sensors=np.zeros(0, SENSOR),
        pairs=np.zeros(0, PAIR),
        latest_t_s=np.zeros(0),
        meet_step_s=1.0,
        shooters=np.zeros(0, SHOOTER),
        places=np.zeros(0, IMPACT_PLACE),
        vertices=np.zeros((0, 2)),
        ground=np.zeros((0, 4, 3)),
        loss_max=0.0,
    )


def empty_rules() -> Rules:
    """Rules of any kind: nothing will ask for them."""
    numbers: dict[str, Any] = dict.fromkeys(Rules._fields, 1.0)
    whole: dict[str, Any] = dict.fromkeys(
        (
            "confirm_hits",
            "confirm_window",
            "reliability_purpose",
            "improving",
            "impact_purpose",
            "impact_north_purpose",
            "taken_purpose",
        ),
        1,
    )
    tables: dict[str, Any] = {
        "layers": fill(LAYER_RULE, salvo=[1]),
        "assets": fill(ASSET_RULE, p_kill=[1.0]),
        "people": np.zeros((1, 0), PERSON),
        "coordination_s": np.zeros((0, 0)),
    }
    return Rules(**(numbers | whole | tables))


def compile_trial() -> None:
    """Compile the trial and keep it on disk."""
    play(empty_board(), empty_rules(), seed=0, first_trial=0, trials=1)


def compile_trial_beside() -> "subprocess.Popen[bytes]":
    """Start `compile_trial` in a process of its own: the compiler keeps one core busy only."""
    command = f"from {__name__} import {compile_trial.__name__} as work; work()"
    return subprocess.Popen(
        [sys.executable, "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
