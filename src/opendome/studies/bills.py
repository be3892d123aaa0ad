"""The bill of a published study: its orbital layer as one life cycle, and the rest it counts."""

from collections.abc import Iterator

import numpy as np

from opendome.economics.dollars import price_index
from opendome.economics.lifecycle import CATEGORIES, LifeCycle, charge, scaled
from opendome.economics.published import published_totals
from opendome.economics.records import BILLION, OTHER, SPACE, Bill, Line, Scope, cited
from opendome.economics.scope import NO, WORDS, YES
from opendome.quantities.errors import OpendomeError
from opendome.studies.records import StudyResult

INTERCEPTORS, REST = "interceptors in orbit", "everything else it counts"
NEAR = 1e-6  # relative: two sums that differ by less are one


def study_bill(result: StudyResult, *, price_year: int | None = None) -> Bill:
    """What a study prices, as a bill.

    result : of a study that prices a layer of orbital interceptors
    price_year : whose prices are wanted; the study's own if None
    Returns a bill without uncertainty: a study's inputs are points.
    Model: `charge` of the study's layer, and as one line what else it counts. Its own arithmetic
    may be another (closed forms for sums, whole generations); where the two differ a remark
    says by how much.
    """
    layer = result.layer
    if layer is None:
        raise OpendomeError(
            got=f"{result.study.name}: {result.binding or 'it prices nothing'}",
            allowed="studies that price a layer of orbital interceptors, and scenarios",
            do="choose for example cbo-2026, or opendome list scenarios",
        )
    year = layer.price_year if price_year is None else price_year
    factor = price_index().factor(of=layer.price_year, at=year)
    life_cycle = scaled(layer.life_cycle, factor)
    lines = tuple(_lines(result, life_cycle, factor * layer.other_usd))
    horizon_s = float(np.mean(life_cycle.horizon_s))
    published = published_totals(year)
    ids = [source for line in lines for source in line.sources]
    ids += [source for total in published for source in total.sources]
    return Bill(
        scenario=result.study.name,
        title=result.study.title,
        price_year=year,
        horizon_s=horizon_s,
        baseline=False,
        samples=1,
        seed=0,
        lines=lines,
        layers={line.system: line.layer for line in lines},
        life_cycles={INTERCEPTORS: life_cycle},
        scope=tuple(_scope(lines)),
        omissions=(),
        standing=(),
        remarks=tuple(_remarks(result, sum(float(line.usd[0]) for line in lines) / factor)),
        published=published,
        sources=tuple(cited(ids, lines)),
    )


def _lines(result: StudyResult, own: LifeCycle, other_usd: float) -> Iterator[Line]:
    """The layer category by category, and the rest as one line."""
    passports = [used.passport for used in result.inputs.values() if used.passport is not None]
    sources = tuple(dict.fromkeys(source for each in passports for source in each.sources))
    doubtful = any(each.basis == "unverified" for each in passports)

    def line(system: str, of: str, category: str, usd: float) -> Line:
        return Line(
            system=system,
            layer=of,
            category=category,
            usd=np.full(1, usd),
            sources=sources,
            unverified=doubtful,
        )

    for category, usd in charge(own).items():
        yield line(INTERCEPTORS, SPACE, category, float(np.mean(usd)))
    if other_usd:
        yield line(REST, REST, OTHER, other_usd)


def _scope(lines: tuple[Line, ...]) -> Iterator[Scope]:
    """Which kinds of cost the study has."""
    priced = {line.category for line in lines}
    for category in CATEGORIES:
        present = category in priced
        why = "the study has it" if present else "the study has no figure of its own for it"
        yield Scope(name=WORDS[category], counted=YES if present else NO, why=why)
    present = OTHER in priced
    why = "one sum of the study, not broken down" if present else "the study prices this layer only"
    yield Scope(name="sensors, other layers, command", counted=YES if present else NO, why=why)


def _remarks(result: StudyResult, ours_usd: float) -> Iterator[str]:
    """What must be known to read the sums."""
    name, layer = result.study.name, result.layer
    yield f"the study's inputs in one life cycle; its own figures: opendome study {name}"
    if layer is not None and abs(ours_usd - layer.total_usd) > NEAR * layer.total_usd:
        own = f"{layer.total_usd / BILLION:,.1f} billion dollars of {layer.price_year}"
        yield f"by its own arithmetic {own}: closed forms, or whole generations, for exact sums"
