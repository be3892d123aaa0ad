"""The values of one future: each uncertain input drawn once, under its own path."""

from collections.abc import Callable

from opendome.draws.philox import uniform
from opendome.draws.purposes import purpose
from opendome.quantities.constants import SECONDS_PER_DAY
from opendome.quantities.values import Value

EPOCH_OFFSET = "epoch_offset"


class Draws:
    """Values of one future: each uncertain input drawn once, under its own path.

    sampled : path -> value drawn [SI], for every uncertain input used so far
    """

    def __init__(self, seed: int, future: int) -> None:
        self.seed = seed
        self.future = future
        self.sampled: dict[str, float] = {}

    def value(self, path: str, value: Value) -> float:
        """Value of an input in this future [SI]."""
        if not value.uncertain:
            return value.middle
        drawn = value.quantile(self.uniform(f"input {path}", 0, 0))
        self.sampled[path] = drawn
        return drawn

    def uniform(self, name: str, obj: int, index: int) -> float:
        """Number in (0, 1) for a purpose, an object and an index."""
        return float(uniform(self.seed, purpose(name), self.future, obj, index))

    def below(self, prefix: str) -> Callable[[str, Value], float]:
        """What a spec asks for its values: `pick(name, value)`."""

        def pick(name: str, value: Value) -> float:
            return self.value(f"{prefix}.{name}", value)

        return pick

    def epoch_offset_s(self) -> float:
        """When within a day of the epoch it happens [s]."""
        offset_s = self.uniform(EPOCH_OFFSET, 0, 0) * SECONDS_PER_DAY
        self.sampled[EPOCH_OFFSET] = offset_s
        return offset_s
