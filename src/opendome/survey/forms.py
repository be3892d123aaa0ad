"""A question of coverage as a user writes it: fields with units, defaults, all problems at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from opendome.quantities.fields import Angle, Bounds, Count, Duration, Length, Probability, Ratio
from opendome.quantities.values import Value
from opendome.scenario.explain import check
from opendome.scenario.places import area_entries
from opendome.scenario.problems import Problem, ScenarioError, advise, one_of, path_text, show
from opendome.scenario.spec import FUTURES_MAX
from opendome.sources.catalogue import load_all, load_system
from opendome.sources.records import Passport

DEFAULTS = "coverage-defaults"
THREAT = "threat"


class CoverageError(ScenarioError):
    """Every problem with a question of coverage at once."""


class CoverageQuestion(BaseModel):
    """Of what, where and when coverage is asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    threat: str | None = Field(default=None, description="class; the first of the raid if left out")
    phase: str | None = Field(default=None, description="moment of its flight")
    altitude: Annotated[Length, Bounds("0 km", "40000 km")] | None = Field(
        default=None, description="height above the ellipsoid instead of that of the phase"
    )
    region: str | None = Field(default=None, description="a named area: opendome list areas")
    node: str | None = Field(default=None, description="the nation whose picture is drawn")
    hours: Annotated[Ratio, Bounds(above="0", high="1000")] = Field(
        description="time that is looked at, from the start of the future"
    )
    step: Annotated[Duration, Bounds("1 s", "1 day")] = Field(description="time between moments")
    dwell: Annotated[Duration, Bounds("1 s", "1 h")] = Field(
        description="time that sensors have at each moment"
    )
    grid: Annotated[Angle, Bounds("0.05 deg", "45 deg")] = Field(
        description="height and width of a cell in latitude and longitude"
    )
    p_detect: Annotated[Probability, Bounds(above="0")] = Field(
        description="chance of detection from which a look counts"
    )
    approach: Annotated[Length, Bounds("1 km", "20000 km")] = Field(
        description="width of the belt around what is defended"
    )
    future: Annotated[Count, Bounds("0", str(FUTURES_MAX))] = Field(
        default=0, validate_default=True, description="state of affairs"
    )


@dataclass(frozen=True, kw_only=True)
class CoverageInput:
    """One input as it was used: its text, and its passport unless the user set it."""

    text: str
    passport: Passport | None

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        passport = self.passport
        return {
            "value": self.text,
            "set": passport is None,
            "sources": [] if passport is None else list(passport.sources),
            "basis": None if passport is None else passport.basis,
            "note": "" if passport is None else passport.note,
        }


def read_question(
    settings: Mapping[str, Any], *, classes: tuple[str, ...], nodes: tuple[str, ...]
) -> tuple[CoverageQuestion, dict[str, CoverageInput]]:
    """A checked question, and every input with its origin.

    settings : fields by name     classes : of the raid     nodes : deciding nations
    Raises CoverageError with every problem at once.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    defaults = {
        name: CoverageInput(text=str(parameter.given), passport=parameter.passport)
        for name, parameter in load_system(DEFAULTS).parameters.items()
    }
    problems = _names(given, classes, nodes)
    texts = {name: one.text for name, one in defaults.items()} | given
    question, findings = check(CoverageQuestion, texts)
    problems += [problem(path_text(f.path), f.got, f.allowed, f.do) for f in findings]
    for name, value in given.items():
        if name in CoverageQuestion.model_fields and ".." in str(value):
            problems.append(problem(name, show(value), "one value", "ask once for each end"))
    if question is None or problems:
        raise CoverageError(problems)
    used = defaults | {n: CoverageInput(text=str(v), passport=None) for n, v in given.items()}
    return question, {name: used[name] for name in CoverageQuestion.model_fields if name in used}


def threat_names() -> tuple[str, ...]:
    """Every class of threats of the catalogue."""
    return tuple(name for name, system in load_all().items() if system.kind == THREAT)


def _names(
    given: Mapping[str, Any], classes: tuple[str, ...], nodes: tuple[str, ...]
) -> list[Problem]:
    """Names that nothing has."""
    known = {
        "threat": tuple(dict.fromkeys((*classes, *threat_names()))),
        "region": tuple(area_entries()),
        "node": nodes,
    }
    return [
        unknown(name, str(given[name]), names)
        for name, names in known.items()
        if name in given and given[name] not in names
    ]


def number(value: Value) -> float:
    """The number that a field without a range holds [SI]."""
    return value.middle


def unknown(name: str, given: str, known: tuple[str, ...]) -> Problem:
    """A name that nothing has."""
    words = {"threat": "class", "region": "area", "node": "deciding nation"}.get(name, name)
    do = advise(given, known, "choose one of them")
    return problem(name, f"the unknown {words} {show(given)}", one_of(known), do)


def problem(name: str, got: str, allowed: str, do: str) -> Problem:
    """A problem with one field of the question."""
    name = {"threat": "class"}.get(name, name)
    return Problem(file="coverage", line=0, column=0, path=name, got=got, allowed=allowed, do=do)
