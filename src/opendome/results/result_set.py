"""One run, whole: what was asked, what came out, what it rests on."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from opendome.campaign.study import Study
from opendome.results.credibility import NOTICE, Factor
from opendome.results.intervals import Estimate
from opendome.results.losses import losses
from opendome.results.metrics import Metrics
from opendome.scenario.scenario import Scenario
from opendome.version import __version__

LEANS_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class ResultSet:
    """Result of a run.

    Attributes
    ----------
    scenario : as resolved
    study : every trial
    metrics : figures with intervals
    timing_s : compile, geometry, dice, total; geometry and dice are summed over workers
    card : credibility factors
    until_ci : half-width of the interval of the mean leakers that was asked for, if any
    run_dir : folder that keeps the run, None when it was not stored
    """

    scenario: Scenario
    study: Study
    metrics: Metrics
    timing_s: Mapping[str, float]
    card: tuple[Factor, ...]
    until_ci: float | None = None
    run_dir: Path | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the ledger: the same for the same input on the same kind of machine."""
        return self.study.digest

    def sources(self) -> list[dict[str, Any]]:
        """Sources of every value this run used, with the inputs that rest on each."""
        return self.scenario.cited()

    def to_dict(self) -> dict[str, Any]:
        """The document that `opendome run --json` prints."""
        m = self.metrics
        leakers = m.leakers
        return {
            "opendome": __version__,
            "notice": NOTICE,
            "scenario": self.scenario.name,
            "title": self.scenario.title,
            "trials": self.study.plan.trials_total,
            "futures": self.study.plan.futures_total,
            "seed": self.study.seed,
            "tracking": self.study.plan.tracking,
            "policy": policy.document() if (policy := self.study.plan.policy) else None,
            "digest": self.digest,
            "raid": self._raid(),
            "leakers": _interval(leakers),
            "until_ci": None
            if self.until_ci is None
            else {"asked": self.until_ci, "reached": leakers.half_width <= self.until_ci},
            "leaker_counts": m.leaker_counts.tolist(),
            "p_no_leaker": _interval(m.p_no_leaker, "value")
            | {"effective_trials": m.effective_trials},
            "fates": dict(m.fates),
            "fate_intervals": {
                words: _interval(estimate) for words, estimate in m.fate_estimates.items()
            },
            "layers": {
                name: {"kills": use.kills, "rounds": use.rounds} for name, use in m.layers.items()
            },
            "stock": {
                name: {"start": use.stock, "used": use.rounds, "left": use.stock - use.rounds}
                for name, use in m.layers.items()
            },
            "value": self._value(),
            "time_budget_s": dict(m.time_budget_s),
            "timing_s": dict(self.timing_s),
            "spread": dict(m.spread),
            "sensors": {
                "without_looks": list(self.study.without_looks),
                "down": dict(self.study.sensors_down),
            },
            "command": self.scenario.roster.document(self.study.plan.futures_total),
            "leans_on": [
                {
                    "input": lean.path,
                    "rank_correlation": lean.rank_correlation,
                    "p_value": lean.p_value,
                    "p_adjusted": lean.p_adjusted,
                    "low": lean.low,
                    "high": lean.high,
                }
                for lean in m.leans[:LEANS_SHOWN]
            ],
            "credibility": [
                {"factor": f.name, "level": f.level, "reason": f.reason} for f in self.card
            ],
            "sources": self.sources(),
            "unverified_inputs": self.scenario.unverified_inputs(),
            "run_dir": None if self.run_dir is None else str(self.run_dir),
        }

    def _raid(self) -> dict[str, Any]:
        """What flew in."""
        m, counts = self.metrics, Counter[str]()
        for name, count, _ in self.scenario.raid_roll:
            counts[name] += count
        return {
            "objects": m.objects,
            "threats": m.threats,
            "flights": self.scenario.raid_flights,
            "by_class": dict(counts),
            "others_killed": _interval(m.others_killed),
        }

    def _value(self) -> dict[str, Any] | None:
        """What was lost of the value defended, None without values."""
        if not self.scenario.valued:
            return None
        found = losses(self.study)
        return {field.name: _interval(getattr(found, field.name)) for field in fields(found)}

    def _repr_html_(self) -> str:
        """Short table for notebooks."""
        m = self.metrics
        rows = "".join(
            f"<tr><td>{words}</td><td>{mean:.2f}</td></tr>"
            for words, mean in m.fates.items()
            if mean
        )
        return (
            f"<p><b>{self.scenario.title}</b>: {m.leakers.value:.2f} leakers of {m.threats} "
            f"({m.leakers.low:.2f} to {m.leakers.high:.2f}); {NOTICE}</p><table>{rows}</table>"
        )


def _interval(estimate: Estimate, name: str = "mean") -> dict[str, float]:
    """An estimate as plain values; `name` says what it is."""
    return {name: estimate.value, "low": estimate.low, "high": estimate.high}
