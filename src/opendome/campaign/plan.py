"""Which trial belongs to which future, and which trials are played together."""

from dataclasses import dataclass
from typing import Literal, get_args

from opendome.command.policy import PolicyName

Tracking = Literal["expected", "measured"]
TRACKINGS: tuple[Tracking, ...] = get_args(Tracking)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Futures times dice, cut into chunks.

    Attributes
    ----------
    trials, futures : totals of one round
    rounds : how many rounds of these, each with new futures
    chunk : trials played together
    tracking : expected, by the covariance that the detections earn; or measured, by filters on
        noisy measurements
    policy : what decides, None for the rules of the scenario
    """

    trials: int
    futures: int
    rounds: int = 1
    chunk: int = 20
    tracking: Tracking = "expected"
    policy: PolicyName | None = None

    @property
    def trials_total(self) -> int:
        """Trials of all rounds."""
        return self.trials * self.rounds

    @property
    def futures_total(self) -> int:
        """Futures of all rounds."""
        return self.futures * self.rounds

    def future_of(self, trial: int) -> int:
        """Future that a trial is played in; the trials of one future are neighbours."""
        block, inside = divmod(trial, self.trials)
        return block * self.futures + inside * self.futures // self.trials

    def chunks(self) -> list[range]:
        """Consecutive ranges of trials that cover everything once."""
        total = self.trials_total
        return [
            range(first, min(first + self.chunk, total)) for first in range(0, total, self.chunk)
        ]

    def batches(self, chunk: range) -> list[tuple[int, range]]:
        """A chunk cut where its trials change future: (future, trials)."""
        cuts: list[tuple[int, range]] = []
        first = chunk.start
        while first < chunk.stop:
            future = self.future_of(first)
            last = first
            while last < chunk.stop and self.future_of(last) == future:
                last += 1
            cuts.append((future, range(first, last)))
            first = last
        return cuts
