"""How near a published figure we must come, as a data file words it."""

import re
from dataclasses import dataclass

from opendome.quantities.errors import OpendomeError
from opendome.quantities.values import Interval, Value

_FORMS = re.compile(
    r"(?P<word>exact|inside|at least|at most)"
    r"|(?P<percent>[0-9.]+) %"
    r"|factor (?P<factor>[0-9.]+)"
    r"|(?P<absolute>[0-9.]+)"
)
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Tolerance:
    """One of: `exact`, `0.2 %` of the published value, `1` in its unit, `factor 1.5`, `inside`
    a published range, `at least` or `at most` the published value.
    """

    text: str

    def __post_init__(self) -> None:
        """Refuse a wording that is none of these."""
        if _FORMS.fullmatch(self.text) is None:
            raise OpendomeError(
                got=f"the tolerance {self.text!r}",
                allowed="exact, inside, at least, at most, N %, factor N, or N in the unit",
                do="correct the data file of the study",
            )

    def difference(self, ours: float, published: Value) -> float:
        """Ours less published; of a range, less the nearer end, and 0 inside."""
        low, high = _ends(published)
        return ours - min(max(ours, low), high)

    def admits(self, ours: float, published: Value, unit: float) -> bool:
        """Whether ours is near enough.

        ours, published : in base units     unit : one of the output's units, in base units
        """
        low, high = _ends(published)
        off = abs(self.difference(ours, published))
        match = _FORMS.fullmatch(self.text)
        if match is None:
            raise AssertionError(self.text)
        room = _ROUNDING * max(abs(low), abs(high))
        if match["word"] == "at least":
            return ours >= low - room
        if match["word"] == "at most":
            return ours <= high + room
        if match["percent"]:
            room += float(match["percent"]) / 100 * max(abs(low), abs(high))
        elif match["factor"]:
            factor = float(match["factor"])
            return low / factor <= ours <= high * factor
        elif match["absolute"]:
            room += float(match["absolute"]) * unit
        return off <= room


def _ends(value: Value) -> tuple[float, float]:
    return (value.low, value.high) if isinstance(value, Interval) else (value.middle, value.middle)
