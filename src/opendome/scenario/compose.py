"""Joins what the catalogue says of a system with what a scenario changes, value by value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from opendome.quantities.values import Value
from opendome.scenario import anatomy, explain
from opendome.scenario.explain import Finding
from opendome.scenario.problems import Path
from opendome.sources.catalogue import load_system, system_ids
from opendome.sources.records import Parameter, Passport, System

Spec = TypeVar("Spec", bound=BaseModel)
DEFAULTS_SYSTEM = "engine-defaults"
AUTHOR = Passport(
    sources=("scenario-author",), basis="assumed", as_of="", note="given in the scenario"
)
FORM = Passport(
    sources=("project-assumption",),
    basis="assumed",
    as_of="",
    note="default of the scenario form",
)


@dataclass(frozen=True, kw_only=True)
class Composed(Generic[Spec]):
    """A validated spec and where each of its values comes from.

    Attributes
    ----------
    spec : the values
    passports : place in the spec -> passport, for every quantity
    """

    spec: Spec
    passports: Mapping[Path, Passport] = field(default_factory=dict[Path, Passport])

    def inputs(self) -> list[tuple[Path, Value, Passport]]:
        """Every quantity with its place and passport."""
        return [(path, value, self.passports[path]) for path, value in anatomy.values(self.spec)]


@cache
def known_systems() -> frozenset[str]:
    """Ids of all systems of the catalogue."""
    return frozenset(system_ids())


def compose(
    model: type[Spec],
    overrides: Mapping[str, Any],
    system: System | None = None,
    *,
    replaced: frozenset[str] = frozenset(),
) -> tuple[Composed[Spec] | None, list[Finding]]:
    """Spec of a system with some values changed, or why there is none.

    overrides : values by field, as in a scenario file
    system : fills the fields left out, and deeper levels of a mapping that is given in part;
        the catalogue's `engine-defaults` fill what it has not
    replaced : fields of the catalogue that are not used at all
    """
    engine = load_system(DEFAULTS_SYSTEM)
    base: dict[str, Any] = {}
    parameters: dict[str, Parameter] = {}
    for source in (engine, system) if system is not None else (engine,):
        kept = {
            name: value
            for name, value in source.tree().items()
            if name in anatomy.fields(model) and name not in replaced
        }
        base |= kept
        parameters |= {
            name: parameter
            for name, parameter in source.parameters.items()
            if name.split(".")[0] in anatomy.fields(model)
        }
    merged = {**base, **{key: _merge(base.get(key), value) for key, value in overrides.items()}}
    spec, findings = explain.check(model, merged)
    if spec is None:
        return None, _about(findings, overrides, system)
    passports = {
        path: _passport(model, path, value, overrides, parameters)
        for path, value in anatomy.values(spec)
    }
    return Composed(spec=spec, passports=passports), []


def _merge(base: Any, change: Any) -> Any:
    """`change` over `base`: mappings key by key, anything else replaced."""
    if not isinstance(base, dict) or not isinstance(change, dict):
        return change
    return {**base, **{key: _merge(base.get(key), value) for key, value in change.items()}}


def _about(
    findings: list[Finding], overrides: Mapping[str, Any], system: System | None
) -> list[Finding]:
    """Findings about values that the scenario does not give name the system they belong to."""
    if system is None:
        return findings
    own = [f for f in findings if not f.path or f.path[0] in overrides]
    lacking = [f for f in findings if f not in own and f.absent]
    names = ", ".join(".".join(str(part) for part in f.path) for f in lacking)
    about = [
        Finding((), f"{f.got} in the catalogue's {system.id}", f.allowed, "give it here")
        for f in findings
        if f not in own and f not in lacking
    ]
    if lacking:
        got = f"{system.id}, for which the catalogue has no {names}"
        do = "give them here, or choose another system"
        about.append(Finding((), got, "a system with every value it needs to be played", do))
    return own + about


def _passport(
    model: type[BaseModel],
    path: Path,
    value: Value,
    overrides: Mapping[str, Any],
    parameters: Mapping[str, Parameter],
) -> Passport:
    """Who vouches for a value: the author, the catalogue, or the form's own default."""
    parameter = _parameter(path, parameters)
    if not given(overrides, path):
        return parameter.passport if parameter is not None else FORM
    if parameter is not None and _catalogue_value(model, path, parameter) == value:
        return parameter.passport  # a resolved scenario repeats the catalogue
    if parameter is None and anatomy.default_at(model, path) == value:
        return FORM
    return AUTHOR


def given(tree: Any, path: Path) -> bool:
    """Whether a tree of mappings and lists holds something at a path."""
    for part in path:
        if isinstance(tree, Mapping):
            if part not in tree:
                return False
            tree = tree[part]
        elif isinstance(tree, list | tuple) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        else:
            return True  # a shorter form of the whole was given here
    return True


def _parameter(path: Path, parameters: Mapping[str, Parameter]) -> Parameter | None:
    """The catalogue's entry for a place, which may hold a whole list."""
    for length in range(len(path), 0, -1):
        found = parameters.get(".".join(str(part) for part in path[:length]))
        if found is not None:
            return found
    return None


def _catalogue_value(model: type[BaseModel], path: Path, parameter: Parameter) -> Value | None:
    """The catalogue's value for a place."""
    raw = parameter.raw
    for part in path[parameter.name.count(".") + 1 :]:
        if not isinstance(raw, list) or not isinstance(part, int) or part >= len(raw):
            return None
        raw = raw[part]
    quantity = anatomy.quantity_at(model, path)
    return quantity.read(raw) if quantity is not None else None
