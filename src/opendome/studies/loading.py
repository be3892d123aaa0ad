"""From a data file and the settings of a user to checked inputs."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from opendome.quantities.errors import OpendomeError
from opendome.quantities.money import Money, parse_money
from opendome.quantities.units import quantity
from opendome.quantities.values import Interval, Point, TestRecord, Value
from opendome.scenario import explain
from opendome.scenario.problems import Problem, ScenarioError, advise, one_of
from opendome.sources.catalogue import CATALOGUE, parse_plain, read_parameter
from opendome.studies.records import Case, Published, PublishedStudy, UsedInput
from opendome.studies.registry import model
from opendome.studies.tolerances import Tolerance

STUDIES = CATALOGUE / "studies"
_KEYS = {
    "study", "title", "question", "about", "as_of", "model", "source", "basis", "certainty",
    "inputs", "cases", "compare",
}  # fmt: skip
_INHERITED = ("source", "basis", "certainty", "as_of", "note")  # by a case, and by its figures
_UNIT = re.compile(r"[0-9.] (?P<unit>[^0-9\s][^\s]*)$")


class StudyError(ScenarioError):
    """Every problem with the settings of a study at once."""


@cache
def study_names() -> tuple[str, ...]:
    """Names of all studies, sorted."""
    return tuple(sorted(path.stem for path in STUDIES.glob("*.yaml")))


@cache
def load_study(name: str) -> PublishedStudy:
    """A study of the published record; reads one file."""
    if name not in study_names():
        raise OpendomeError(
            got=f"the unknown study {name!r}",
            allowed=one_of(study_names()),
            do=advise(name, study_names(), "choose one of them: opendome list studies"),
        )
    return read_study((STUDIES / f"{name}.yaml").read_text("utf-8"), name)


def read_study(text: str, name: str) -> PublishedStudy:
    """Study of the text of its file `name`.yaml."""
    entry = parse_plain(text)
    unknown = set(entry) - _KEYS
    if unknown or entry.get("study") != name:
        raise OpendomeError(
            got=f"study {entry.get('study')!r} with the keys {', '.join(sorted(unknown)) or '..'}",
            allowed=f"study: {name}, and {one_of(sorted(_KEYS))}",
            do="correct the data file",
            where=f"{name}.yaml",
        )
    of_study = _passport_of(entry)
    return PublishedStudy(
        name=name,
        title=entry["title"],
        question=entry["question"].strip(),
        about=entry["about"].strip(),
        model=model(entry["model"]),
        inputs={
            key: read_parameter(key, {**of_study, **body}, entry["as_of"], name)
            for key, body in entry["inputs"].items()
        },
        cases={key: _case(key, body, of_study, name) for key, body in entry["cases"].items()},
        compare=tuple(entry.get("compare", ())),
    )


def _passport_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of an entry that its parts inherit unless they have their own."""
    return {key: entry[key] for key in _INHERITED if key in entry}


def _case(name: str, body: Mapping[str, Any], of_study: Mapping[str, Any], file: str) -> Case:
    inherited = {**of_study, **_passport_of(body)}
    return Case(
        name=name,
        title=body["title"],
        settings={
            key: read_parameter(key, {**inherited, "value": given}, inherited["as_of"], file)
            for key, given in body.get("inputs", {}).items()
        },
        published={
            key: _published(key, {**inherited, **entry}, file)
            for key, entry in body.get("published", {}).items()
        },
    )


def _published(name: str, entry: dict[str, Any], file: str) -> Published:
    tolerance = Tolerance(entry.pop("tolerance"))
    reason = entry.pop("reason", "")
    parameter = read_parameter(name, entry, entry["as_of"], file)
    value = parameter.value
    return Published(
        value=value.amount if isinstance(value, Money) else value,
        text=str(parameter.given),
        tolerance=tolerance,
        passport=parameter.passport,
        reason=reason,
    )


def split_name(name: str) -> tuple[str, str | None]:
    """Study and case of "aei-2025:boost-basic"; the case is None when none is named."""
    study, _, case = name.partition(":")
    return study, case or None


def case_of(study: PublishedStudy, name: str | None) -> Case:
    """The case of this name; the first when none is named."""
    if name is None:
        return next(iter(study.cases.values()))
    if name not in study.cases:
        raise OpendomeError(
            got=f"the unknown case {name!r} of {study.name}",
            allowed=one_of(list(study.cases)),
            do=advise(name, study.cases, f"choose one of them: opendome show {study.name}"),
        )
    return study.cases[name]


def form_of(study: PublishedStudy, case: Case, settings: Mapping[str, Any]) -> BaseModel:
    """Checked inputs: the study's own, then those of the case, then those of the user.

    Raises StudyError with every problem of the settings at once.
    """
    defaults = {name: parameter.raw for name, parameter in study.inputs.items()}
    of_case = {name: parameter.raw for name, parameter in case.settings.items()}
    given = {**defaults, **of_case, **settings}
    problems = [_unknown(study, name) for name in settings if name not in study.inputs]
    known: dict[str, Any] = {name: value for name, value in given.items() if name in defaults}
    try:
        form = study.model.form.model_validate(known)
    except ValidationError as error:
        findings = explain.explain(error, study.model.form, known)
        problems += [_problem(".".join(map(str, f.path)), f.got, f.allowed, f.do) for f in findings]
        raise StudyError(problems) from None
    problems += [_no_point(name) for name in settings if name in known and _spread(form, name)]
    if problems:
        raise StudyError(problems)
    return form


def _unknown(study: PublishedStudy, name: str) -> Problem:
    do = advise(name, study.inputs, "choose one of them")
    return _problem(
        name, f"the unknown input {name!r} of {study.name}", one_of(list(study.inputs), most=30), do
    )


def _no_point(name: str) -> Problem:
    do = "give one value; evaluate the study once for each end of a range"
    return _problem(name, "a range or a test record", "one value", do)


def _spread(form: BaseModel, name: str) -> bool:
    value = getattr(form, name)
    amount = value.amount if isinstance(value, Money) else value
    return isinstance(amount, Interval | TestRecord)


def _problem(name: str, got: str, allowed: str, do: str) -> Problem:
    return Problem(file="--set", line=0, column=0, path=name, got=got, allowed=allowed, do=do)


def used_inputs(
    study: PublishedStudy, case: Case, form: BaseModel, settings: Mapping[str, Any]
) -> dict[str, UsedInput]:
    """Every input as it was used, in the unit in which the data file states it."""
    used: dict[str, UsedInput] = {}
    for name, parameter in study.inputs.items():
        value = getattr(form, name)
        number, unit = in_unit_of(value, str(parameter.given))
        used[name] = UsedInput(
            name=name,
            value=number,
            unit=unit,
            passport=None if name in settings else case.settings.get(name, parameter).passport,
        )
    return used


def in_unit_of(value: Any, text: str) -> tuple[float | str | bool, str]:
    """A checked value as a number in the unit of an edge text, and that unit."""
    if isinstance(value, str | bool):
        return value, ""
    found = _UNIT.search(text)
    unit = found["unit"] if found else ""
    if isinstance(value, Money):
        year = "then" if value.base_year is None else str(value.base_year)
        unit = re.sub(r"_([0-9]{4}|then)", f"_{year}", unit)
        return _whole(value.amount.middle / unit_size(unit)), unit
    return _whole(cast("Value", value).middle / unit_size(unit)), unit


def unit_size(unit: str) -> float:
    """One of an edge unit in SI or in whole units of its currency."""
    if "_" in unit:
        return parse_money(f"1 {unit}").amount.middle
    return quantity(f"1 {unit}")[0].middle if unit else 1.0


def _whole(number: float) -> float:
    """A number without the dust of a change of units."""
    near = float(f"{number:.12g}")
    return near if Point(near) != Point(number) else number


def same_inputs(one: BaseModel, other: BaseModel) -> bool:
    """Whether two forms hold the same values."""
    return one.model_dump() == other.model_dump()
