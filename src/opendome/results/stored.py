"""A finished run, read back from its folder as it was."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.campaign.files import RunFolderError
from opendome.campaign.plan import Plan
from opendome.campaign.study import Study
from opendome.campaign.tables import digest
from opendome.command.policy import PolicyName
from opendome.engagement.records import FATE_WORDS, SHOT_WORDS, Fate, Ledger, ShotResult
from opendome.results.credibility import card
from opendome.results.folder import SCENARIO_FILE, StoredRun, open_run
from opendome.results.metrics import measure
from opendome.results.result_set import ResultSet
from opendome.scenario.loading import load_text
from opendome.scenario.scenario import Scenario

Column = npt.NDArray[Any]
FATE_OF = [FATE_WORDS[fate] for fate in Fate]
RESULT_OF = [SHOT_WORDS[result] for result in ShotResult]


def read_result(folder: str | Path) -> ResultSet:
    """The ResultSet of a finished run folder; its digest is worked out anew and compared."""
    stored = open_run(folder)
    scenario = load_text(stored.scenario_text, str(stored.folder / SCENARIO_FILE))
    study = _study(stored, scenario)
    if study.digest != stored.run["digest"]:
        raise RunFolderError(
            got=f"{folder}: tables that do not give the digest of the run",
            allowed="a folder written by this version of opendome",
            do=f"opendome reproduce {folder}",
        )
    return ResultSet(
        scenario=scenario,
        study=study,
        metrics=measure(
            study,
            layers=scenario.layers,
            layer_stock=scenario.layer_stock,
            lethal=scenario.lethal,
        ),
        timing_s=stored.summary["timing_s"],
        card=card(unverified_share=scenario.unverified_share(), futures=study.plan.futures_total),
        until_ci=(stored.summary["until_ci"] or {}).get("asked"),
        run_dir=stored.folder,
    )


def plan_of(stored: StoredRun) -> Plan:
    """Futures, trials and rounds of a finished run."""
    run = stored.run
    return Plan(
        trials=run["trials"],
        futures=run["futures"],
        rounds=run["rounds"],
        chunk=run["chunk"],
        tracking=run["tracking"],
        policy=PolicyName(**run["policy"]) if run.get("policy") else None,
    )


def _study(stored: StoredRun, scenario: Scenario) -> Study:
    plan = plan_of(stored)
    ledger = read_ledger(stored, layers=scenario.layers, assets=scenario.asset_names)
    return Study(
        plan=plan,
        seed=scenario.seed,
        ledger=ledger,
        sampled=[scenario.sampled(future) for future in range(plan.futures_total)],
        digest=digest(ledger, plan.policy),
        geometry_s=0.0,
        dice_s=0.0,
        without_looks=tuple(stored.summary["sensors"]["without_looks"]),
        sensors_down=stored.summary["sensors"]["down"],
    )


def read_ledger(stored: StoredRun, *, layers: Sequence[str], assets: Sequence[str]) -> Ledger:
    """The ledger of a run, words turned back into codes."""
    objects = stored.table("ledger")
    shots = stored.table("shots")
    return Ledger(
        objects=_without(objects, "future", "leaked", "killed_by")
        | {
            "fate": _codes(objects["fate"], FATE_OF).astype(np.uint8),
            "killer": _codes(objects["killed_by"], ["", *layers]) - 1,
        },
        shots=shots
        | {
            "asset": _codes(shots["asset"], assets),
            "layer": _codes(shots["layer"], layers),
            "result": _codes(shots["result"], RESULT_OF).astype(np.uint8),
            "believed_dead": shots["believed_dead"].astype(np.uint8),
        },
        tracks=stored.table("tracks"),
        quality=quality if (quality := stored.table("quality"))["trial"].size else {},
    )


def _without(table: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: column for name, column in table.items() if name not in names}


def _codes(words: Column, known: Sequence[str]) -> Column:
    """Place of each word in a list: (row,) -> (row,)."""
    place = {word: index for index, word in enumerate(known)}
    return np.array([place[word] for word in words], np.int32)
