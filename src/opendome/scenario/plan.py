"""What an asset costs and when it comes, joined from the catalogue and the scenario."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel

from opendome.quantities.money import Money, parse_money
from opendome.quantities.values import Interval, Point, TestRecord, Value
from opendome.scenario import anatomy
from opendome.scenario.compose import AUTHOR, FORM, compose, given
from opendome.scenario.economics_spec import CostSpec, EconomicsSpec, ScheduleSpec
from opendome.scenario.explain import Finding
from opendome.scenario.problems import Path
from opendome.sources.catalogue import load_system
from opendome.sources.records import Parameter, Passport, System

Form = TypeVar("Form", bound=BaseModel)
DEFAULTS_SYSTEM = "economics-defaults"
COST, SCHEDULE, ECONOMICS = "cost", "schedule", "economics"
KEYS: Mapping[str, type[BaseModel]] = {COST: CostSpec, SCHEDULE: ScheduleSpec}


@dataclass(frozen=True, kw_only=True)
class Planned(Generic[Form]):
    """A part on money or calendar, and where each of its entries comes from.

    spec : the entries; None where nothing is known     passports : of every entry that is not None
    """

    spec: Form
    passports: Mapping[str, Passport]

    def entries(self) -> Iterator[tuple[str, Value | Money | str | int, Passport]]:
        """Every known entry by its key, with its passport."""
        for path, value in anatomy.leaves(self.spec):
            yield str(path[0]), value, self.passports[str(path[0])]


@dataclass(frozen=True, kw_only=True)
class PlanInput:
    """One entry on money or calendar that a bill or a timeline rests on.

    path : its place, the same that `--set` takes     text : as written in a scenario file
    value : quantity in base SI, a sum of money, or words     passport : where it comes from
    """

    path: str
    value: Value | Money | str | int
    text: str
    passport: Passport


def read_part(
    model: type[Form], key: str, data: Any, system: System | None
) -> tuple[Planned[Form] | None, list[Finding]]:
    """One part from what the catalogue's system says of it and what a scenario changes.

    model : its form     key : its name in both     data : the scenario's mapping, or nothing
    """
    changes = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    own = None if system is None else _within(system, key)
    composed, findings = compose(model, changes, own)
    if composed is None:
        return None, findings
    parameters = {} if own is None else own.parameters
    passports = {
        str(path[0]): _passport(path, value, changes, parameters)
        for path, value in anatomy.leaves(composed.spec)
    }
    return Planned(spec=composed.spec, passports=passports), []


def read_economics(data: Any) -> tuple[Planned[EconomicsSpec] | None, list[Finding]]:
    """How a scenario counts money and years; what it leaves out from the catalogue."""
    return read_part(EconomicsSpec, ECONOMICS, data, load_system(DEFAULTS_SYSTEM))


def plan_inputs(part: Planned[Any], prefix: str) -> Iterator[PlanInput]:
    """Entries of a part as inputs, their places below `prefix`."""
    for key, value, passport in part.entries():
        text = _text(type(part.spec), (key,), value)
        yield PlanInput(path=f"{prefix}.{key}", value=value, text=text, passport=passport)


def _within(system: System, key: str) -> System:
    """What a system says below a key, as a system of its own."""
    start = f"{key}."
    own = {
        name.removeprefix(start): replace(parameter, name=name.removeprefix(start))
        for name, parameter in system.parameters.items()
        if name.startswith(start)
    }
    return replace(system, parameters=own)


def _passport(
    path: Path, value: Any, changes: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> Passport:
    """Who vouches for an entry: the author, the catalogue, or the form's own default."""
    parameter = parameters.get(str(path[0]))
    if parameter is None:
        return AUTHOR if given(changes, path) else FORM
    if given(changes, path) and not _same(parameter, value):
        return AUTHOR
    return parameter.passport  # a resolved scenario repeats the catalogue


def _same(parameter: Parameter, value: Any) -> bool:
    """Whether an entry is what the catalogue holds."""
    if isinstance(value, str | int) or parameter.words:
        return str(value) == str(parameter.raw)
    if isinstance(value, Money):
        return value == parse_money(str(parameter.raw))
    return value == parameter.value


def _text(model: type[BaseModel], path: Path, value: Any) -> str:
    if isinstance(value, Point | Interval | TestRecord):
        return anatomy.text(model, path, value)
    return value.text() if isinstance(value, Money) else str(value)
