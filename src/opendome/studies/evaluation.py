"""Evaluates a study and lays its figures beside the published ones."""

from collections.abc import Iterator, Mapping
from typing import Any

from opendome.quantities.values import Interval
from opendome.sources.catalogue import cite
from opendome.studies.loading import (
    case_of,
    form_of,
    load_study,
    same_inputs,
    split_name,
    study_names,
    unit_size,
    used_inputs,
)
from opendome.studies.records import (
    Answer,
    Case,
    Output,
    Published,
    PublishedStudy,
    Row,
    StudyResult,
)


def study(name: str, **inputs: Any) -> StudyResult:
    """A study of the published record, evaluated from its own inputs or from changed ones.

    name : "aei-sbi-calculator", or one of its cases: "aei-sbi-calculator:AT-1"
    inputs : changed inputs, with units where they have a dimension: flyout="75 s", salvo=5
    Returns published value, our value and difference of every output. Where the inputs are
    those of a published case, the published values are that case's.
    Raises OpendomeError for an unknown study, case or input, or a value that is not allowed.
    """
    study_name, case_name = split_name(name)
    record = load_study(study_name)
    case = case_of(record, case_name)
    form = form_of(record, case, inputs)
    answer = record.model.solve(form)
    met = _met(record, form) if inputs else case
    published = {} if met is None else met.published
    rows = tuple(
        _row(output, answer, published.get(output.name)) for output in record.model.outputs
    )
    used = used_inputs(record, case, form, inputs)
    return StudyResult(
        study=record,
        case=met,
        inputs=used,
        rows=rows,
        feasible=answer.binding is None,
        binding=answer.binding,
        layer=answer.layer,
        sources=tuple(_cited(record, published)),
    )


def every_case(name: str) -> dict[str, StudyResult]:
    """All published cases of a study, by name."""
    return {case: study(f"{name}:{case}") for case in load_study(name).cases}


def record() -> dict[str, dict[str, StudyResult]]:
    """The whole published record: every case of every study."""
    return {name: every_case(name) for name in study_names()}


def _met(record: PublishedStudy, form: Any) -> Case | None:
    """The published case that has exactly these inputs."""
    for case in record.cases.values():
        if same_inputs(form_of(record, case, {}), form):
            return case
    return None


def _row(output: Output, answer: Answer, published: Published | None) -> Row:
    size = unit_size(output.unit)
    ours = answer.figures.get(output.name)
    remark = answer.remarks.get(output.name, "")
    shown = ours if ours is None or isinstance(ours, bool) else ours / size
    if published is None:
        return _bare(output, shown, remark)
    value = published.value
    stated = (
        (value.low / size, value.high / size)
        if isinstance(value, Interval)
        else value.middle / size
    )
    tolerance = published.tolerance
    return Row(
        name=output.name,
        unit=output.unit,
        meaning=output.meaning,
        ours=shown,
        published=stated,
        difference=None if ours is None else tolerance.difference(ours, value) / size,
        tolerance=tolerance.text,
        within=False if ours is None else tolerance.admits(ours, value, size),
        reason="; ".join(filter(None, (published.reason, remark))),
        sources=published.passport.sources,
    )


def _bare(output: Output, shown: float | None, remark: str) -> Row:
    """A row for which nothing was published."""
    return Row(
        name=output.name,
        unit=output.unit,
        meaning=output.meaning,
        ours=shown,
        published=None,
        difference=None,
        tolerance=None,
        within=None,
        reason=remark,
        sources=(),
    )


def _cited(record: PublishedStudy, published: Mapping[str, Published]) -> Iterator[dict[str, Any]]:
    """Every source with the inputs and outputs that rest on it."""
    used: dict[str, list[str]] = {}
    for name, parameter in record.inputs.items():
        for source in parameter.passport.sources:
            used.setdefault(source, []).append(name)
    for name, figure in published.items():
        for source in figure.passport.sources:
            used.setdefault(source, []).append(name)
    for source in cite(used):
        yield {
            "id": source.id,
            "title": source.title,
            "kind": source.kind,
            "date": source.date,
            "url": source.url,
            "weak": source.weak,
            "for": used[source.id],
        }
