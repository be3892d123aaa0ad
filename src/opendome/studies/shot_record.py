"""What a record of intercept tests says: of one shot, of several, and of a stock of them."""

import math
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Bounds, Count, Probability
from opendome.quantities.values import TestRecord
from opendome.studies.records import Answer, Output, StudyModel

Some = Annotated[Count, Bounds("1", "100000")]


class RecordInputs(BaseModel):
    """A test record, a way to shoot and a stock."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    successes: Annotated[Count, Bounds("0", "100000")]
    trials: Some
    shots: Some
    stock: Annotated[Count, Bounds("0", "1000000")]
    targets: Some
    confidence: Annotated[Probability, Bounds(above="0", high="1")]
    common_cause: Probability

    @model_validator(mode="after")
    def _no_more_hits_than_tests(self) -> Self:
        """Refuse more successes than trials."""
        if self.successes.middle > self.trials.middle:
            raise QuantityError(
                got=f"{self.successes.text()} successes in {self.trials.text()} trials",
                allowed="at most as many successes as trials",
                do="check the order of the two",
                where="successes",
            )
        return self


def p_killed(p_kill: float, shots: float, common_cause: float = 0.0) -> float:
    """Chance that at least one of several shots at a target kills.

    p_kill : chance of one     shots : fired at the target
    common_cause : share of the chance to miss that lies in a cause which all of them meet
    Model: misses q = 1 - p; all miss with chance c q + (1 - c q) s^n, s = (1 - c) q / (1 - c q).
    One shot kills with chance p whatever the share is; without one this is 1 - q^n.
    Source: beta-factor model of common causes, K. N. Fleming (1975).
    """
    miss = 1.0 - p_kill
    shared = common_cause * miss
    if shots == 0.0 or shared >= 1.0:
        return 0.0
    alone = (miss - shared) / (1.0 - shared)
    return 1.0 - shared - (1.0 - shared) * alone**shots


def p_killed_expected(record: TestRecord, shots: int) -> float:
    """Chance of the same for shots without a common cause, over all that the record allows.

    Model: mean of 1 - (1 - p)^n over Beta(a, b) = 1 - prod (b + k) / (a + b + k), k < n.
    Source: moments of the beta distribution.
    """
    misses = record.trials - record.successes + 0.5
    factors = ((misses + k) / (record.trials + 1.0 + k) for k in range(shots))
    return 1.0 - math.prod(factors)


def solve(inputs: RecordInputs) -> Answer:
    """Chance to kill with one shot and with several, and how far a stock goes.

    Model: p = successes / trials, its interval that of the Jeffreys posterior; several shots as
    `p_killed`; a stock serves floor(stock / shots) targets, what is left over goes to the next
    one, and all others get nothing.
    Valid for: tests and targets that are alike; targets without a common cause.
    Source: as `p_killed`; `opendome.quantities.values.TestRecord` for the interval.
    """
    record = TestRecord(int(inputs.successes.middle), int(inputs.trials.middle))
    p_kill = record.successes / record.trials
    shared = inputs.common_cause.middle
    shots = int(inputs.shots.middle)
    low, high = _interval(record, inputs.confidence.middle)
    stock, targets = int(inputs.stock.middle), int(inputs.targets.middle)
    served, left = divmod(stock, shots)
    met = min(served, targets)
    p_each = p_killed(p_kill, shots, shared)
    p_next = p_killed(p_kill, left, shared) if targets > served else 1.0
    p_rest = 1.0 if targets <= served + 1 else 0.0
    return Answer(
        figures={
            "p_kill": p_kill,
            "p_kill_low": low,
            "p_kill_high": high,
            "p_two_shots": p_killed(p_kill, 2, shared),
            "p_four_shots": p_killed(p_kill, 4, shared),
            "p_shots": p_each,
            "targets_served": float(served),
            "p_no_leaker": p_each**met * p_next * p_rest,
            "p_shots_low": p_killed(low, shots, shared),
            "p_shots_high": p_killed(high, shots, shared),
            "p_shots_expected": p_killed_expected(record, shots),
            "p_shots_limit": 1.0 - shared * (1.0 - p_kill),
            "targets_without": float(max(0, targets - served - (left > 0))),
        },
        remarks=_remarks(targets - met, left),
    )


def _interval(record: TestRecord, confidence: float) -> tuple[float, float]:
    """Ends of the equal-tailed interval of the chance behind a record."""
    tail = 0.5 * (1.0 - confidence)
    return record.quantile(tail), record.quantile(1.0 - tail)


def _remarks(unserved: int, left: int) -> dict[str, str]:
    """Where the stock does not go round."""
    if unserved == 0:
        return {}
    rounds = f"{left} left-over rounds go to the next one" if left else "no round is left"
    return {"p_no_leaker": f"the stock does not go round: {unserved} targets too many; {rounds}"}


MODEL = StudyModel(
    form=RecordInputs,
    outputs=(
        Output(name="p_kill", unit="", meaning="successes over trials"),
        Output(name="p_kill_low", unit="", meaning="lower end of the interval"),
        Output(name="p_kill_high", unit="", meaning="upper end of the interval"),
        Output(name="p_two_shots", unit="", meaning="chance that two shots kill"),
        Output(name="p_four_shots", unit="", meaning="chance that four shots kill"),
        Output(name="p_shots", unit="", meaning="chance that all shots at a target kill"),
        Output(name="targets_served", unit="", meaning="targets that the stock serves in full"),
        Output(name="p_no_leaker", unit="", meaning="chance that no target gets through"),
        Output(name="p_shots_low", unit="", meaning="p_shots at the lower end"),
        Output(name="p_shots_high", unit="", meaning="p_shots at the upper end"),
        Output(
            name="p_shots_expected",
            unit="",
            meaning="p_shots over all the record allows, no common cause",
        ),
        Output(name="p_shots_limit", unit="", meaning="what no number of shots can exceed"),
        Output(name="targets_without", unit="", meaning="targets that get no shot at all"),
    ),
    solve=solve,
)
