"""What a bill is: lines with their sources, what is not in it, and its sums."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.economics.lifecycle import CATEGORIES, LifeCycle, marginal_usd
from opendome.quantities.dates import YEAR_S
from opendome.quantities.errors import OpendomeError
from opendome.sources.catalogue import cite

Floats = npt.NDArray[np.float64]

# Ends of the middle 95 % of the samples, the customary range, named wherever it is shown.
LOW, HIGH = 0.025, 0.975
BILLION = 1e9  # scale of the short table only
DIGITS = 9  # significant digits that enter the digest: machines differ in the last few
SPACE = "space layer"
OTHER = "other"  # what a study counts without breaking it down


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money over the samples [US dollars]: mean, and the ends of 95 % of them."""

    mean: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """The form of `opendome cost --json`."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


def amount(usd: Floats | float) -> Amount:
    """Mean and 95 % range of a sum (sample,) [US dollars]."""
    values = np.atleast_1d(np.asarray(usd, dtype=np.float64))
    if values.size == 1 or values.min() == values.max():
        return Amount(float(values[0]), float(values[0]), float(values[0]))
    low, high = (float(end) for end in np.quantile(values, (LOW, HIGH)))
    return Amount(float(values.mean()), low, high)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One category of one system.

    system : name of the asset     layer : what it belongs to
    category : of `CATEGORIES`, or "other"
    usd : (sample,) [US dollars of the bill's price year]
    sources : ids of what it rests on     unverified : whether a value of it is
    """

    system: str
    layer: str
    category: str
    usd: Floats
    sources: tuple[str, ...]
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class Omission:
    """A part of a system that is not in the bill."""

    system: str
    part: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Scope:
    """One kind of cost: whether it is counted ("yes", "partly", "no") and why."""

    name: str
    counted: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What a shield costs.

    Attributes
    ----------
    price_year : whose prices all sums are in     horizon_s : years that are paid for
    baseline : whether units already bought are charged too
    lines : systems in the order of the scenario     layers : system -> layer
    life_cycles : system -> what it was priced from
    scope : kinds of cost, counted or not     omissions : what has no published figure
    standing : systems that are already bought as a whole and not charged
    remarks : what must be known to read the sums
    published : published totals to lay beside it     sources : every source of it
    """

    scenario: str
    title: str
    price_year: int
    horizon_s: float
    baseline: bool
    samples: int
    seed: int
    lines: tuple[Line, ...]
    layers: Mapping[str, str]
    life_cycles: Mapping[str, LifeCycle]
    scope: tuple[Scope, ...]
    omissions: tuple[Omission, ...]
    standing: tuple[str, ...]
    remarks: tuple[str, ...]
    published: tuple["PublishedTotal", ...]
    sources: tuple[Mapping[str, Any], ...]
    unverified: tuple[str, ...] = field(default=())

    @property
    def horizon_years(self) -> float:
        """Years that are paid for."""
        return self.horizon_s / YEAR_S

    @cached_property
    def usd(self) -> Floats:
        """Total of every sample (sample,) [US dollars]."""
        return sum((line.usd for line in self.lines), np.zeros(self.samples))

    @property
    def total(self) -> Amount:
        """All lines together."""
        return amount(self.usd)

    def by_category(self) -> dict[str, Amount]:
        """Category -> its sum; categories without a line are absent."""
        sums = self._sums([line.category for line in self.lines])
        return {name: amount(sums[name]) for name in (*CATEGORIES, OTHER) if name in sums}

    def by_system(self) -> dict[str, Amount]:
        """System -> its sum, dearest first."""
        return self._dearest_first([line.system for line in self.lines])

    def by_layer(self) -> dict[str, Amount]:
        """Layer -> its sum, dearest first."""
        return self._dearest_first([line.layer for line in self.lines])

    def marginal(self, system: str) -> Amount | None:
        """What one more unit of a system costs over the horizon; None if it has no price."""
        if system not in self.life_cycles:
            raise OpendomeError(
                got=f"the system {system!r}",
                allowed=", ".join(self.life_cycles) or "no system of this bill has a price",
                do="choose a system that is in the bill",
            )
        usd = marginal_usd(self.life_cycles[system])
        return None if usd is None else amount(usd)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of every sum, to nine digits, and of what it was asked for."""
        asked = (self.scenario, self.price_year, self.horizon_years, self.baseline, self.seed)
        sums = [
            (line.system, line.category, *amount(line.usd).to_dict().values())
            for line in self.lines
        ]
        rounded = [[f"{v:.{DIGITS}g}" if isinstance(v, float) else v for v in row] for row in sums]
        text = json.dumps([*asked, self.samples, rounded], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """The document that `opendome cost --json` prints; sums in US dollars."""
        return {
            "scenario": self.scenario,
            "title": self.title,
            "price_year": self.price_year,
            "horizon_years": self.horizon_years,
            "baseline": "included" if self.baseline else "excluded",
            "samples": self.samples,
            "seed": self.seed,
            "total": self.total.to_dict(),
            "per_year": self.total.mean / self.horizon_years,
            "lines": [_line(line) for line in self.lines],
            "by_category": _all(self.by_category()),
            "by_system": _all(self.by_system()),
            "by_layer": _all(self.by_layer()),
            "marginal": {
                name: None if cost is None else cost.to_dict()
                for name in self.life_cycles
                for cost in (self.marginal(name),)
            },
            "scope": [
                {"name": part.name, "counted": part.counted, "why": part.why} for part in self.scope
            ],
            "not_counted": [
                {"system": gap.system, "part": gap.part, "reason": gap.reason}
                for gap in self.omissions
            ],
            "already_bought": list(self.standing),
            "remarks": list(self.remarks),
            "published": [total.to_dict() for total in self.published],
            "sources": [dict(source) for source in self.sources],
            "unverified_inputs": list(self.unverified),
            "digest": self.digest,
        }

    def layer_usd(self, layer: str) -> Floats:
        """Sum of a layer in every sample (sample,) [US dollars]; zeros if it has no line."""
        return self._sums([line.layer for line in self.lines]).get(layer, np.zeros(self.samples))

    def _sums(self, keys: Sequence[str]) -> dict[str, Floats]:
        """Sum of the lines that share a key, in the order of first use; keys : (line,)."""
        total: dict[str, Floats] = {}
        for key, line in zip(keys, self.lines, strict=True):
            total[key] = total.get(key, 0.0) + line.usd
        return total

    def _dearest_first(self, keys: Sequence[str]) -> dict[str, Amount]:
        sums = {key: amount(usd) for key, usd in self._sums(keys).items()}
        return dict(sorted(sums.items(), key=lambda item: -item[1].mean))

    def _repr_html_(self) -> str:
        """Short table for notebooks."""
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{cost.mean / BILLION:,.2f}</td>"
            f"<td>{cost.low / BILLION:,.2f} to {cost.high / BILLION:,.2f}</td></tr>"
            for name, cost in self.by_system().items()
        )
        total = self.total
        return (
            f"<p><b>{escape(self.title)}</b>: {total.mean / BILLION:,.1f} billion dollars of "
            f"{self.price_year} over {self.horizon_years:g} years "
            f"({total.low / BILLION:,.1f} to {total.high / BILLION:,.1f}).</p><table>{rows}</table>"
        )


def cited(ids: Iterable[str], lines: Sequence[Line]) -> Iterator[Mapping[str, Any]]:
    """Every source once, with the lines that rest on it."""
    for source in cite(ids):
        yield {
            "id": source.id,
            "title": source.title,
            "kind": source.kind,
            "date": source.date,
            "url": source.url,
            "weak": source.weak,
            "lines": [
                f"{line.system} {line.category}" for line in lines if source.id in line.sources
            ],
        }


@dataclass(frozen=True, kw_only=True)
class PublishedTotal:
    """A published sum to lay beside a bill.

    who : who published it     of : "shield" or "space layer"
    text : the sum as published     given_usd : the same, in its own prices [US dollars]
    given_year : its price year; None for then-year money
    usd : in the prices asked for [US dollars]; None where its price year is not known
    years : it covers; None where that is not stated
    scope : what it counts, in words
    basis : how the sum was read     sources : ids
    """

    name: str
    who: str
    of: str
    text: str
    given_usd: float
    given_year: int | None
    usd: float | None
    years: float | None
    scope: str
    basis: str
    sources: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The form of `opendome cost --json`."""
        return {
            "name": self.name,
            "who": self.who,
            "of": self.of,
            "text": self.text,
            "given": self.given_usd,
            "given_price_year": self.given_year,
            "converted": self.usd,
            "years": self.years,
            "scope": self.scope,
            "basis": self.basis,
            "sources": list(self.sources),
        }


def _line(line: Line) -> dict[str, Any]:
    return {
        "system": line.system,
        "layer": line.layer,
        "category": line.category,
        **amount(line.usd).to_dict(),
        "sources": list(line.sources),
        "unverified": line.unverified,
    }


def _all(sums: Mapping[str, Amount]) -> dict[str, dict[str, float]]:
    return {name: cost.to_dict() for name, cost in sums.items()}
