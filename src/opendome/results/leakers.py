"""The objects of one trial of a stored run that got through, to pick one to explain."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from opendome.results.explained import check_number
from opendome.results.folder import open_run, query

CLASSES = "SELECT DISTINCT object, class FROM paths"


@dataclass(frozen=True, kw_only=True)
class Leaker:
    """One that got through. loss : where it really falls, in the unit of what is defended."""

    number: int
    threat_class: str
    fate: str
    rounds: int
    loss: float


@dataclass(frozen=True, kw_only=True)
class Leakers:
    """Who got through in one trial.

    chosen : how the trial was chosen, empty if asked for     objects : how many flew
    """

    folder: Path
    trial: int
    chosen: str
    objects: int
    leakers: tuple[Leaker, ...]


def leakers_of(folder: str | Path, *, trial: int | None = None) -> Leakers:
    """Objects that got through in a trial of a finished run, by number.

    trial : the first in which anything got through when None, else the first one
    """
    stored = open_run(folder)
    ledger = stored.table("ledger")
    chosen = ""
    if trial is None:
        leaking = ledger["trial"][ledger["leaked"].astype(bool)]
        trial = int(leaking[0]) if leaking.size else int(ledger["trial"][0])
        found = "the first in which anything got through"
        chosen = found if leaking.size else "the first, as nothing got through in any"
    check_number("trial", trial, ledger["trial"])
    mine = np.flatnonzero(ledger["trial"] == trial)
    classes = {int(number): str(name) for number, name in query(folder, CLASSES)[1]}
    return Leakers(
        folder=stored.folder,
        trial=trial,
        chosen=chosen,
        objects=mine.size,
        leakers=tuple(
            Leaker(
                number=int(ledger["object"][row]),
                threat_class=classes.get(int(ledger["object"][row]), ""),
                fate=str(ledger["fate"][row]),
                rounds=int(ledger["rounds"][row]),
                loss=float(ledger["loss"][row]),
            )
            for row in mine[ledger["leaked"][mine].astype(bool)]
        ),
    )
