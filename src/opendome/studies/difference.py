"""The way from one published study to another, one assumption at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.campaign.shapley import marginals, shapley_values, worth_of_all
from opendome.economics.dollars import in_prices_of
from opendome.economics.learning import Number
from opendome.economics.lifecycle import LifeCycle, total_usd
from opendome.quantities.dates import YEAR_S
from opendome.quantities.errors import OpendomeError
from opendome.quantities.money import Money
from opendome.quantities.values import Point
from opendome.studies.evaluation import study
from opendome.studies.loading import load_study, split_name
from opendome.studies.records import Layer, StudyResult

MONEY_FIELDS = tuple(field.name for field in fields(LifeCycle) if "_usd" in field.name)


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """What two studies may assume differently; changed as one.

    name : stable     words : for people     fields : of the life cycle
    """

    name: str
    words: str
    fields: tuple[str, ...] = ()


SCOPE = Assumption(name="scope", words="what else is counted")
TARGETS = Assumption(name="targets", words="targets met at once")
PER_TARGET = Assumption(name="per_target", words="interceptors in orbit for each target")
ASSUMPTIONS = (
    TARGETS,
    PER_TARGET,
    Assumption(
        name="unit_price",
        words="price of an interceptor",
        fields=("first_unit_usd", "learning"),
    ),
    Assumption(
        name="launch",
        words="launch",
        fields=(
            "mass_kg", "launch_usd_per_kg", "launch_usd_per_launch", "launch_capacity_kg",
            "launch_learning",
        ),
    ),
    Assumption(
        name="design_life",
        words="life and replacement",
        fields=("design_life_s", "new_designs"),
    ),
    Assumption(name="horizon", words="years counted", fields=("horizon_s",)),
    Assumption(name="development", words="development", fields=("development_usd",)),
    Assumption(
        name="operations",
        words="operations",
        fields=("operations_usd_per_year", "operations_unit_usd_per_year", "construction_usd"),
    ),
    SCOPE,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Step:
    """One assumption on the way.

    value_a, value_b : in words, as each study has it
    share_usd : its fair (Shapley) share of the difference
    low_usd, high_usd : least and most it changes the total, over all orders of the steps
    alone_usd : what it changes when it alone is changed in A
    before_usd, after_usd : total before and after it when the steps are taken as listed
    """

    assumption: str
    words: str
    value_a: str
    value_b: str
    share_usd: float
    low_usd: float
    high_usd: float
    alone_usd: float
    before_usd: float
    after_usd: float


@dataclass(frozen=True, kw_only=True)
class Walk:
    """From study A to study B; all sums in US dollars of `price_year`.

    steps : largest share first
    unexplained_a_usd, unexplained_b_usd : each study's own total less that of the same
    assumptions in the common life cycle; what the steps cannot tell apart
    """

    a: str
    b: str
    title_a: str
    title_b: str
    price_year: int
    total_a_usd: float
    total_b_usd: float
    unexplained_a_usd: float
    unexplained_b_usd: float
    steps: tuple[Step, ...]
    sources: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """The document of `opendome study diff A B --json`."""
        return asdict(self)

    def _repr_html_(self) -> str:
        """Table for notebooks."""
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(step.words)}</td><td>{escape(step.value_a)}</td>"
            f"<td>{escape(step.value_b)}</td><td>{step.share_usd:,.4g}</td></tr>"
            for step in self.steps
        )
        head = f"<th></th><th>{escape(self.a)}</th><th>{escape(self.b)}</th><th>share, USD</th>"
        return f"<table><tr>{head}</tr>{rows}</table>"


def difference(a: str, b: str | None = None) -> Walk:
    """Walk from one study to another, one assumption at a time.

    a, b : studies or cases ("cbo-2026", "aei-2025:boost-basic"); with `b` left out, the pair
    that study `a` names itself
    Model: both studies restated as one life cycle in prices of the later year; the difference
    is shared out by Shapley's value, the mean over all orders in which the assumptions can be
    changed. Raises OpendomeError when a study prices no orbital layer.
    """
    if b is None:
        a, b = _own_pair(a)
    one, other = study(a), study(b)
    year = max(_layer(one).price_year, _layer(other).price_year)
    first, second = _in_prices_of(_layer(one), year), _in_prices_of(_layer(other), year)
    changed = [each for each in ASSUMPTIONS if _differs(each, first, second)]
    worth = worth_of_all(len(changed), lambda flags: _total(_mixed(first, second, changed, flags)))
    ends = {"a": first.total_usd - float(worth[0]), "b": second.total_usd - float(worth[-1])}
    return Walk(
        a=_name(one),
        b=_name(other),
        title_a=_title(one),
        title_b=_title(other),
        price_year=year,
        total_a_usd=first.total_usd,
        total_b_usd=second.total_usd,
        unexplained_a_usd=ends["a"],
        unexplained_b_usd=ends["b"],
        steps=tuple(_steps(changed, first, second, worth)),
        sources=_sources(one, other),
    )


def _own_pair(name: str) -> tuple[str, str]:
    """The two cases that a study compares by itself."""
    pair = load_study(split_name(name)[0]).compare
    if len(pair) != 2:
        raise OpendomeError(
            got=f"one study, {name!r}",
            allowed="two studies or cases",
            do=f"name another: opendome study diff {name} cbo-2026",
        )
    return f"{name}:{pair[0]}", f"{name}:{pair[1]}"


def _name(result: StudyResult) -> str:
    case = result.case
    several = len(result.study.cases) > 1
    return f"{result.study.name}:{case.name}" if case is not None and several else result.study.name


def _title(result: StudyResult) -> str:
    """Title of the case where there are several, else of the study."""
    several = result.case is not None and len(result.study.cases) > 1
    return result.case.title if several and result.case is not None else result.study.title


def _layer(result: StudyResult) -> Layer:
    if result.layer is None:
        reason = result.binding or "it prices no layer of orbital interceptors"
        raise OpendomeError(
            got=f"{result.study.name}: {reason}",
            allowed="studies that price a layer of orbital interceptors",
            do="compare for example cbo-2026 with aei-2025",
        )
    return result.layer


def _in_prices_of(layer: Layer, year: int) -> Layer:
    """The same layer in prices of another year."""
    if layer.price_year == year:
        return layer
    money = Money(amount=Point(1.0), currency="USD", base_year=layer.price_year)
    factor = in_prices_of(money, year).middle
    prices = {
        name: value * factor
        for name in MONEY_FIELDS
        if (value := getattr(layer.life_cycle, name)) is not None
    }
    return replace(
        layer,
        life_cycle=replace(layer.life_cycle, **prices),
        other_usd=layer.other_usd * factor,
        total_usd=layer.total_usd * factor,
        price_year=year,
    )


def _mixed(a: Layer, b: Layer, changed: Sequence[Assumption], flags: Sequence[bool]) -> Layer:
    """A with the flagged assumptions of B."""
    taken = [each for each, flag in zip(changed, flags, strict=True) if flag]
    names = [name for each in taken for name in each.fields]
    targets = b.targets if TARGETS in taken else a.targets
    per_target = b.per_target if PER_TARGET in taken else a.per_target
    return replace(
        a,
        targets=targets,
        per_target=per_target,
        other_usd=b.other_usd if SCOPE in taken else a.other_usd,
        life_cycle=replace(
            a.life_cycle,
            units=targets * per_target,
            **{name: getattr(b.life_cycle, name) for name in names},
        ),
    )


def _total(layer: Layer) -> float:
    return _mean(total_usd(layer.life_cycle)) + layer.other_usd


def _differs(each: Assumption, a: Layer, b: Layer) -> bool:
    return _facts(each, a) != _facts(each, b)


def _facts(each: Assumption, layer: Layer) -> tuple[Any, ...]:
    """What a study assumes there, as numbers."""
    if each is TARGETS:
        return (layer.targets,)
    if each is PER_TARGET:
        return (layer.per_target,)
    if each is SCOPE:
        return (layer.other_usd,)
    return tuple(getattr(layer.life_cycle, name) for name in each.fields)


def _steps(
    changed: Sequence[Assumption], a: Layer, b: Layer, worth: npt.NDArray[np.float64]
) -> list[Step]:
    """The steps, largest share first, with the totals on the way when taken in that order."""
    shares = shapley_values(worth) if changed else np.zeros(0)
    order = sorted(range(len(changed)), key=lambda k: -abs(shares[k]))
    steps: list[Step] = []
    coalition = 0
    for k in order:
        adds, _ = marginals(worth, k)
        joined = coalition | 1 << k
        steps.append(
            Step(
                assumption=changed[k].name,
                words=changed[k].words,
                value_a=WORDS[changed[k].name](a),
                value_b=WORDS[changed[k].name](b),
                share_usd=float(shares[k]),
                low_usd=float(adds.min()),
                high_usd=float(adds.max()),
                alone_usd=float(worth[1 << k] - worth[0]),
                before_usd=float(worth[coalition]),
                after_usd=float(worth[joined]),
            )
        )
        coalition = joined
    return steps


def _sources(a: StudyResult, b: StudyResult) -> tuple[dict[str, Any], ...]:
    """Sources of both, each once."""
    return tuple({source["id"]: source for source in (*a.sources, *b.sources)}.values())


def _dollars(usd: float) -> str:
    """An amount of money as a newspaper writes it."""
    for size, word in ((TRILLION, "trillion"), (BILLION, "billion"), (MILLION, "million")):
        if abs(usd) >= size:
            return f"${usd / size:.3g} {word}"
    return f"${usd:,.0f}"


def _unit_price(layer: Layer) -> str:
    cycle = layer.life_cycle
    learning = _mean(cycle.learning)
    if cycle.first_unit_usd is None:
        return "not counted"
    first = _dollars(_mean(cycle.first_unit_usd))
    if learning == 1.0:
        return f"{first} each"
    return f"{first} for the first, {100.0 * (1.0 - learning):.3g} % off with each doubling"


def _launch(layer: Layer) -> str:
    cycle = layer.life_cycle
    if cycle.mass_kg is None:
        return "under other lines"
    mass = f"{_mean(cycle.mass_kg):,.0f} kg"
    if cycle.launch_usd_per_launch is not None and cycle.launch_capacity_kg is not None:
        lifted = int(_mean(cycle.launch_capacity_kg) // _mean(cycle.mass_kg))
        return f"{mass}, {lifted} on a launch of {_dollars(_mean(cycle.launch_usd_per_launch))}"
    if cycle.launch_usd_per_kg is None:
        return "under other lines"
    return f"{mass} at {_dollars(_mean(cycle.launch_usd_per_kg))} per kg"


def _mean(value: Number) -> float:
    return float(np.mean(np.asarray(value)))


def _life(layer: Layer) -> str:
    life_s = layer.life_cycle.design_life_s
    if life_s is None:
        return "not replaced"
    anew = ", each generation a new design" if layer.life_cycle.new_designs else ""
    return f"{_years(_mean(life_s))}{anew}"


def _years(seconds: float) -> str:
    return f"{seconds / YEAR_S:.3g} years"


def _operations(layer: Layer) -> str:
    yearly = layer.life_cycle.operations_usd_per_year
    return "not counted" if yearly is None else f"{_dollars(_mean(yearly))} a year"


def _development(layer: Layer) -> str:
    spent = layer.life_cycle.development_usd
    return "not counted" if spent is None else _dollars(_mean(spent))


def _scope(layer: Layer) -> str:
    return f"{_dollars(layer.other_usd)} for the rest" if layer.other_usd else "this layer alone"


MILLION, BILLION, TRILLION = 10.0**6, 10.0**9, 10.0**12
WORDS: Mapping[str, Callable[[Layer], str]] = {
    "targets": lambda layer: f"{layer.targets:,.4g}",
    "per_target": lambda layer: f"{layer.per_target:,.0f}",
    "unit_price": _unit_price,
    "launch": _launch,
    "design_life": _life,
    "horizon": lambda layer: _years(_mean(layer.life_cycle.horizon_s)),
    "development": _development,
    "operations": _operations,
    "scope": _scope,
}
