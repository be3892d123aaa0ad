"""The bill of a scenario: what it costs to buy, launch, keep and replace what is in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from opendome.economics.dollars import price_index
from opendome.economics.figures import Figure, Figures
from opendome.economics.learning import Number
from opendome.economics.lifecycle import LifeCycle, charge
from opendome.economics.published import published_totals
from opendome.economics.records import SPACE, Bill, Line, Omission, cited
from opendome.economics.scope import scope_of
from opendome.quantities.dimensions import DURATION
from opendome.quantities.errors import OpendomeError
from opendome.quantities.units import format_value, parse
from opendome.scenario.draft import Asset
from opendome.scenario.scenario import Scenario

SAMPLES = 10_000  # moves an end of a 95 % range by about 1 % of its width
SAMPLES_MAX = 1_000_000
INCLUDED = "included"
UNPUBLISHED = "no published figure"

# category -> figures of `cost` it rests on, the first of which it cannot do without
NEEDS = {
    "development": ("development",),
    "construction": ("construction",),
    "procurement": ("unit", "learning"),
    "launch": ("mass", "launch"),
    "replacement": ("life", "unit", "learning", "mass", "launch"),
    "operations": ("operations", "operations_unit"),
}
LAYER_WORDS = {
    "orbital-interceptor": SPACE,
    "infrared-satellite": "warning and tracking satellites",
    "radar": "ground radars",
    "over-the-horizon-radar": "ground radars",
}
LAUNCH_DEFAULT = "economics.launch_price"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a bill was asked for; every part is settled."""

    samples: int
    seed: int
    horizon_s: float
    price_year: int
    baseline: bool


def bill(
    scenario: Scenario,
    *,
    samples: int = SAMPLES,
    seed: int | None = None,
    horizon: str | None = None,
    price_year: int | None = None,
    baseline: bool | None = None,
) -> Bill:
    """What a scenario costs over its years.

    scenario : its assets, with the cost figures of `Scenario.cost_inputs()`
    samples : values drawn of every uncertain figure     seed : of the draws; the scenario's if None
    horizon : years paid for, as "20 years"     price_year : whose prices are wanted
    baseline : whether units already bought are charged too; all three the scenario's if None
    Returns the bill; the same input gives the same bill.
    Model: each asset is one `LifeCycle`, charged as `charge` says.
    Valid for: comparing designs and published totals. Not an offer: a part without a published
    figure is named under `omissions` and is not in the sum.
    """
    asked = _settle(scenario, samples, seed, horizon, price_year, baseline)
    figures = Figures(
        figures=_figures(scenario),
        price_year=asked.price_year,
        samples=asked.samples,
        seed=asked.seed,
    )
    life_cycles = {asset.name: life_cycle(asset, figures, asked) for asset in scenario.assets}
    lines = [line for a in scenario.assets for line in _lines(a, life_cycles[a.name], figures)]
    standing = tuple(name for name, own in life_cycles.items() if not np.any(own.added))
    omissions = [
        gap
        for asset in scenario.assets
        if asset.name not in standing
        for gap in _omissions(asset, life_cycles[asset.name])
    ]
    published = published_totals(asked.price_year)
    ids = [source for line in lines for source in line.sources]
    ids += [source for total in published for source in total.sources]
    return Bill(
        scenario=scenario.name,
        title=scenario.title,
        price_year=asked.price_year,
        horizon_s=asked.horizon_s,
        baseline=asked.baseline,
        samples=asked.samples,
        seed=asked.seed,
        lines=tuple(lines),
        layers={asset.name: layer_of(asset) for asset in scenario.assets},
        life_cycles=life_cycles,
        scope=scope_of(lines, omissions, baseline=asked.baseline, standing=standing),
        omissions=tuple(omissions),
        standing=standing,
        remarks=tuple(_remarks(figures, life_cycles)),
        published=published,
        sources=tuple(cited(ids, lines)),
        unverified=_unverified(life_cycles, figures),
    )


def layer_of(asset: Asset) -> str:
    """What an asset belongs to on a bill: a layer that fires, or a kind of sensor."""
    return LAYER_WORDS.get(asset.kind) or asset.layer or asset.name


def life_cycle(asset: Asset, figures: Figures, asked: Asked) -> LifeCycle:
    """One asset as a system to be priced, its uncertain figures drawn."""

    def cost(name: str) -> Number | None:
        return figures.number(f"assets.{asset.name}.cost.{name}")

    launched = asset.in_orbit
    launch = cost("launch")
    if launch is None and launched:
        launch = figures.number(LAUNCH_DEFAULT)
    construction, learning = cost("construction"), cost("learning")
    return LifeCycle(
        name=asset.name,
        units=float(asset.units),
        units_in_service=0.0 if asked.baseline else _in_service(asset, figures),
        horizon_s=asked.horizon_s,
        development_usd=cost("development"),
        first_unit_usd=cost("unit"),
        learning=1.0 if learning is None else learning,
        construction_usd=None if construction is None else construction * asset.site_count,
        mass_kg=cost("mass") if launched else None,
        launch_usd_per_kg=launch if launched else None,
        design_life_s=cost("life"),
        operations_usd_per_year=cost("operations"),
        operations_unit_usd_per_year=cost("operations_unit"),
    )


def _in_service(asset: Asset, figures: Figures) -> Number:
    """Units already bought; where only the calendar says so, those that stand at its start."""
    for place in ("cost", "schedule"):
        found = figures.number(f"assets.{asset.name}.{place}.in_service")
        if found is not None:
            return found
    return 0.0


def _settle(
    scenario: Scenario,
    samples: int,
    seed: int | None,
    horizon: str | None,
    price_year: int | None,
    baseline: bool | None,
) -> Asked:
    """What was asked for, where nothing was the scenario's own; refused where it makes no sense."""
    if not 1 <= samples <= SAMPLES_MAX:
        raise OpendomeError(
            got=f"{samples} samples",
            allowed=f"1 to {SAMPLES_MAX:,}",
            do="give a number in that range",
        )
    economics = scenario.economics.spec
    year = economics.price_year if price_year is None else price_year
    price_index().factor(of=year, at=year)
    span = economics.horizon if horizon is None else parse(horizon, DURATION)
    if span.uncertain or not span.middle > 0.0:
        raise OpendomeError(
            got=f"a horizon of {format_value(span, DURATION)}",
            allowed="one number of years, more than 0",
            do='give for example "20 years"; run it again for another',
        )
    return Asked(
        samples=samples,
        seed=scenario.seed if seed is None else seed,
        horizon_s=span.middle,
        price_year=year,
        baseline=economics.baseline == INCLUDED if baseline is None else baseline,
    )


def _figures(scenario: Scenario) -> dict[str, Figure]:
    """Every cost figure of a scenario by its path."""
    return {
        entry.path: Figure(path=entry.path, value=entry.value, passport=entry.passport)
        for entry in scenario.cost_inputs()
        if not isinstance(entry.value, str | int)
    }


def _paths(asset: Asset, category: str, figures: Figures) -> tuple[str, ...]:
    """Paths of the figures that a category of an asset rests on."""
    own = tuple(f"assets.{asset.name}.cost.{name}" for name in NEEDS[category])
    priced = f"assets.{asset.name}.cost.launch" in figures.figures
    return tuple(
        LAUNCH_DEFAULT if path.endswith(".cost.launch") and not priced else path for path in own
    )


def _lines(asset: Asset, own: LifeCycle, figures: Figures) -> Iterator[Line]:
    """What an asset costs, category by category; nothing for what is already bought."""
    if not np.any(own.added):
        return
    for category, usd in charge(own).items():
        paths = _paths(asset, category, figures)
        if own.mass_kg is None or own.launch_usd_per_kg is None:
            paths = tuple(path for path in paths if "launch" not in path)
        yield Line(
            system=asset.name,
            layer=layer_of(asset),
            category=category,
            usd=np.broadcast_to(np.asarray(usd, dtype=np.float64), (figures.samples,)),
            sources=figures.sources(paths),
            unverified=bool(figures.unverified(paths)),
        )


def _omissions(asset: Asset, own: LifeCycle) -> Iterator[Omission]:
    """Parts of an asset that have no published figure."""
    known = {
        "development": own.development_usd is not None or bool(np.all(own.units_in_service)),
        "construction": own.construction_usd is not None or asset.in_orbit,
        "procurement": own.first_unit_usd is not None,
        "launch": own.mass_kg is not None or not asset.in_orbit,
        "replacement": own.design_life_s is not None,
        "operations": own.operations_usd_per_year is not None
        or own.operations_unit_usd_per_year is not None,
    }
    words = {"launch": "launch (mass)", "replacement": "replacement (design life)"}
    for part, present in known.items():
        if not present:
            yield Omission(system=asset.name, part=words.get(part, part), reason=UNPUBLISHED)


def _remarks(figures: Figures, life_cycles: Mapping[str, LifeCycle]) -> Iterator[str]:
    """What must be known to read the sums."""
    yield "every system is whole from the first day; opendome timeline spreads it over the years"
    charged = [name for name, own in life_cycles.items() if np.any(own.added)]
    if charged:
        yield (
            "the interval holds only figures known as ranges, each drawn by itself: "
            "what is not known is more than that"
        )
    flat = [
        name
        for name in charged
        if life_cycles[name].first_unit_usd is not None
        and f"assets.{name}.cost.learning" not in figures.figures
    ]
    if flat:
        yield f"no learning published, every unit at the price given: {', '.join(flat)}"
    then = [path.split(".")[1] for path in figures.then_year() if path.startswith("assets.")]
    named = [name for name in dict.fromkeys(then) if name in charged]
    if named:
        yield f"then-year prices taken as of the date of their source: {', '.join(named)}"


def _unverified(life_cycles: Mapping[str, LifeCycle], figures: Figures) -> tuple[str, ...]:
    """Cost figures of what is charged that are known only from memory or a weak source."""
    charged = [f"assets.{name}.cost." for name, own in life_cycles.items() if np.any(own.added)]
    return figures.unverified(
        tuple(path for path in figures.figures if path.startswith(tuple(charged)))
    )
