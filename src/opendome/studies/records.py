"""What a published study is, and what comes out when it is evaluated."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from opendome.quantities.values import Value
from opendome.sources.records import Parameter, Passport
from opendome.studies.tolerances import Tolerance

if TYPE_CHECKING:
    from opendome.economics.lifecycle import LifeCycle


@dataclass(frozen=True, kw_only=True)
class Output:
    """One figure that a model gives.

    name : stable, ends in its unit     unit : edge unit it is shown in ("km", "MUSD_2026", "")
    meaning : what it is, in a few words
    """

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a model says of one set of inputs.

    figures : output name -> value [SI; US dollars]; absent where there is no answer
    binding : the constraint that makes the task infeasible, in words; None when it is feasible
    remarks : output name -> what must be known to read it
    layer : the same system as one life cycle in prices of one year, for comparing studies
    """

    figures: Mapping[str, float]
    binding: str | None = None
    remarks: Mapping[str, str] = field(default_factory=dict[str, str])
    layer: "Layer | None" = None


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A study in the terms in which studies can be compared.

    targets : met at once     per_target : interceptors in orbit for each of them
    life_cycle : everything else, for one interceptor; its `units` are targets x per_target
    other_usd : whatever the study counts beside this layer [US dollars of `price_year`]
    total_usd : the study's own total of all this, by its own arithmetic [same]
    price_year : whose prices all sums are in
    """

    targets: float
    per_target: float
    life_cycle: "LifeCycle"
    other_usd: float
    total_usd: float
    price_year: int


@dataclass(frozen=True, kw_only=True)
class StudyModel:
    """How the figures of a study follow from its inputs.

    form : inputs by their public names, with units and bounds
    outputs : figures it gives, in the order of the page
    solve : the model itself; receives a checked `form`
    """

    form: type[BaseModel]
    outputs: tuple[Output, ...]
    solve: Callable[[Any], Answer]


@dataclass(frozen=True, kw_only=True)
class Published:
    """A figure that a study states.

    value : in base SI or US dollars; an interval where a range was stated
    text : as the data file holds it
    tolerance : how near ours must come     reason : why ours differs, or what to know
    """

    value: Value
    text: str
    tolerance: Tolerance
    passport: Passport
    reason: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row of a study: inputs that differ from the study's own, and what was published."""

    name: str
    title: str
    settings: Mapping[str, Parameter]
    published: Mapping[str, Published]


@dataclass(frozen=True, kw_only=True)
class PublishedStudy:
    """A study as its data file tells it.

    inputs : name -> text with passport     cases : the first is what is shown when none is named
    compare : names of two of its own cases that make a story of their own, if any
    """

    name: str
    title: str
    question: str
    about: str
    model: StudyModel
    inputs: Mapping[str, Parameter]
    cases: Mapping[str, Case]
    compare: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UsedInput:
    """An input as it was used.

    value, unit : in the unit of the data file; words and true or false have no unit
    passport : None where the user set it
    """

    name: str
    value: float | str | bool
    unit: str
    passport: Passport | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One output beside its published value, both in `unit`.

    published : a number, or lowest and highest of a stated range; None if nothing was published
    difference : ours less published (less the nearer end of a range, 0 inside it)
    within : whether the difference is inside the tolerance; None when there is nothing to compare
    """

    name: str
    unit: str
    meaning: str
    ours: float | None
    published: float | tuple[float, float] | None
    difference: float | None
    tolerance: str | None
    within: bool | None
    reason: str
    sources: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The form of `opendome study --json`."""
        published = list(self.published) if isinstance(self.published, tuple) else self.published
        return {
            "ours": self.ours,
            "published": published,
            "unit": self.unit,
            "difference": self.difference,
            "tolerance": self.tolerance,
            "within": self.within,
            "reason": self.reason,
            "meaning": self.meaning,
            "sources": list(self.sources),
        }


@dataclass(frozen=True, kw_only=True)
class StudyResult:
    """A study, evaluated.

    case : name of the published case whose inputs these are, None for inputs of the user
    """

    study: PublishedStudy
    case: Case | None
    inputs: Mapping[str, UsedInput]
    rows: tuple[Row, ...]
    feasible: bool
    binding: str | None
    layer: Layer | None
    sources: tuple[dict[str, Any], ...]

    def __getitem__(self, output: str) -> float | None:
        """Our value of an output, in its unit; None where the answer is "infeasible"."""
        return {row.name: row.ours for row in self.rows}[output]

    @property
    def compared(self) -> Sequence[Row]:
        """Rows for which something was published."""
        return [row for row in self.rows if row.within is not None]

    def to_dict(self) -> dict[str, Any]:
        """The document of `opendome study NAME --json`."""
        return {
            "study": self.study.name,
            "title": self.study.title,
            "case": None if self.case is None else self.case.name,
            "inputs": {
                name: {"value": used.value, "unit": used.unit, "set": used.passport is None}
                for name, used in self.inputs.items()
            },
            "outputs": {row.name: row.to_dict() for row in self.rows},
            "feasible": self.feasible,
            "binding": self.binding,
            "sources": list(self.sources),
        }

    def _repr_html_(self) -> str:
        """Table for notebooks."""
        from html import escape

        def cell(value: Any) -> str:
            text = f"{value:,.6g}" if isinstance(value, float) else value
            return f"<td>{escape('' if text is None else str(text))}</td>"

        rows = "".join(
            f"<tr>{cell(row.name)}{cell(row.published)}{cell(row.ours)}{cell(row.difference)}"
            f"{cell(row.unit)}{cell(row.reason)}</tr>"
            for row in self.rows
        )
        head = "".join(
            f"<th>{name}</th>"
            for name in ("output", "published", "ours", "difference", "unit", "reason")
        )
        end = "" if self.feasible else f"<p>infeasible: {escape(self.binding or '')}</p>"
        return f"<p>{escape(self.study.title)}</p><table><tr>{head}</tr>{rows}</table>{end}"
