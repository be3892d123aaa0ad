"""A stored run, laid out for figures: its tables read once, its example trial picked out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.report.words import BROKEN, KILLED, STOPPED
from opendome.results.folder import StoredRun

Table = Mapping[str, npt.NDArray[Any]]
SURE = 0.05  # adjusted p-value up to which a correlation is hardly chance
EXAMPLE = 0  # the trial whose looks and paths a run keeps


@dataclass(frozen=True)
class Story:
    """What figures ask of a run."""

    run: StoredRun

    @property
    def summary(self) -> Mapping[str, Any]:
        """The document of `opendome run --json`."""
        return self.run.summary

    @property
    def objects(self) -> int:
        """Objects of the raid."""
        return int(self.summary["raid"]["objects"])

    @property
    def trials(self) -> int:
        """Trials played."""
        return int(self.summary["trials"])

    @property
    def layers(self) -> Sequence[str]:
        """Layers in the order of the scenario."""
        return list(self.summary["layers"])

    @cached_property
    def ledger(self) -> Table:
        """One row per trial and object."""
        return self.run.table("ledger")

    @cached_property
    def shots(self) -> Table:
        """One row per shot of every trial."""
        return self.run.table("shots")

    @cached_property
    def looks(self) -> Table:
        """Looks of the example trial."""
        return self.run.table("looks")

    @cached_property
    def looking(self) -> list[str]:
        """Assets that looked at anything in the example trial."""
        return list(dict.fromkeys(self.looks["asset"].tolist()))

    @cached_property
    def paths(self) -> Table:
        """Flights of the example trial."""
        return self.run.table("paths")

    @cached_property
    def routes(self) -> Table:
        """How the looks of each sensor come to each deciding nation."""
        return self.run.table("routes")

    @cached_property
    def knowledge(self) -> Table:
        """First news of each object at each deciding nation."""
        return self.run.table("knowledge")

    @cached_property
    def quality(self) -> Table:
        """Quality of the tracks; without rows unless tracking was measured."""
        return self.run.table("quality")

    @cached_property
    def sites(self) -> Table:
        """Where sensors and shooters stand at the start of the example trial."""
        return self.run.table("sites")

    @cached_property
    def flights(self) -> Mapping[int, Table]:
        """Rows of `paths` by object."""
        numbers, first = np.unique(self.paths["object"], return_index=True)
        cuts = [slice(a, b) for a, b in pairwise([*first, self.paths["object"].size])]
        return {
            int(number): {name: column[cut] for name, column in self.paths.items()}
            for number, cut in zip(numbers, cuts, strict=True)
        }

    @cached_property
    def example(self) -> Table:
        """Ledger rows of the example trial, by object."""
        return rows(self.ledger, self.ledger["trial"] == EXAMPLE)

    @cached_property
    def example_shots(self) -> Table:
        """Shots of the example trial."""
        return rows(self.shots, self.shots["trial"] == EXAMPLE)

    @cached_property
    def start_t_s(self) -> float:
        """First launch of the raid in the example trial [s after epoch]."""
        return float(np.min(self.example["launch_t_s"]))

    @cached_property
    def object_class(self) -> Mapping[int, str]:
        """Threat class of every object that has a flight."""
        return {number: str(flight["class"][0]) for number, flight in self.flights.items()}

    @property
    def leans(self) -> Sequence[Mapping[str, Any]]:
        """Inputs the result leans on, the strongest first; without those that do nothing."""
        return leans(self.summary)

    @cached_property
    def leakers_by_future(self) -> npt.NDArray[np.float64]:
        """Mean leakers of every future."""
        future = self.ledger["future"]
        leaked = np.bincount(future, self.ledger["leaked"].astype(float))
        return leaked / np.maximum(np.bincount(future), 1) * self.objects


def rows(table: Table, keep: npt.NDArray[np.bool_]) -> Table:
    """Some rows of a table."""
    return {name: column[keep] for name, column in table.items()}


def leans(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Inputs the result leans on, the strongest first; without those that do nothing."""
    return [lean for lean in summary["leans_on"] if lean["rank_correlation"] != 0.0]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step from the raid to what got through: mean objects that end here.

    kind : "raid", "lost" (by itself or left alone), "killed", "through" or "link"
    """

    label: str
    kind: str
    mean: float
    low: float | None = None
    high: float | None = None


def steps(summary: Mapping[str, Any]) -> list[Step]:
    """The raid taken apart: all objects, those that fell out or were killed, those that leaked.

    "lost", "killed" and "link" steps sum to the raid; steps of nothing are left out, layers
    are not.
    """
    fates: Mapping[str, float] = summary["fates"]
    ranges: Mapping[str, Mapping[str, float]] = summary["fate_intervals"]

    def step(label: str, kind: str, words: str) -> Step:
        interval = ranges[words]
        return Step(
            label=label, kind=kind, mean=fates[words], low=interval["low"], high=interval["high"]
        )

    leakers = summary["leakers"]
    found = [Step(label="the raid", kind="raid", mean=float(summary["raid"]["objects"]))]
    found += [step(words, "lost", words) for words in STOPPED if fates[words] > 0.0]
    for name, use in summary["layers"].items():
        found.append(Step(label=f"{KILLED} by {name}", kind="killed", mean=use["kills"]))
    through = (leakers["mean"], leakers["low"], leakers["high"])
    found.append(
        Step(label="got through", kind="through", mean=through[0], low=through[1], high=through[2])
    )
    return found + [step(words, "link", words) for words in BROKEN if fates.get(words, 0.0) > 0.0]
