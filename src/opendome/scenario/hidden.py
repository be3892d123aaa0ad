"""Rules over several fields, tried on what is sound of a part of which another field is not.

Pydantic tries such a rule only when every field of the part could be read, so that one typing
error would hide it until the next attempt.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from opendome.quantities.errors import OpendomeError
from opendome.scenario import anatomy
from opendome.scenario.problems import Path

Refusal = tuple[Path, OpendomeError]


class _Unsound:
    """Stands for a field that was given but cannot be read: a rule may ask no more of it."""

    def __bool__(self) -> bool:
        raise AttributeError

    def __eq__(self, other: object) -> bool:
        raise AttributeError

    __hash__ = None  # pyright: ignore[reportAssignmentType]  (a rule that hashes it stops, too)


UNSOUND = _Unsound()


def refusals(model: type[BaseModel], data: Any, path: Path = ()) -> Iterator[Refusal]:
    """What rules refuse that pydantic has not tried, with its place below `data`.

    model : the part     data : plain values that are not a sound `model`
    """
    if not isinstance(data, dict):
        return
    given = cast("dict[str, Any]", data)
    sound: dict[str, Any] = {}
    misspelt = given.keys() - anatomy.fields(model).keys()
    tried = not misspelt
    for name, info in model.model_fields.items():
        key = anatomy.field_name(name, info)
        if key in given:
            try:
                sound[name] = _field(model, name).validate_python(given[key])
            except ValidationError:
                tried = False
                sound[name] = UNSOUND
                yield from _inside(anatomy.annotation_of(info), given[key], (*path, key))
        elif info.is_required() or misspelt:  # it may be what an unknown key was meant to be
            tried = False
        else:
            sound[name] = _default(info, sound)
    if not tried:
        yield from ((path, refusal) for refusal in _rules(model, sound))


def _default(info: FieldInfo, sound: dict[str, Any]) -> Any:
    """What stands for a field left out; unsound if it follows from a field that is."""
    try:
        return info.get_default(call_default_factory=True, validated_data=sound)
    except (AttributeError, TypeError):
        return UNSOUND


@cache
def _field(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    return TypeAdapter(anatomy.annotation_of(model.model_fields[name]))


def _inside(annotation: Any, data: Any, path: Path) -> Iterator[Refusal]:
    """The same for the parts inside a field."""
    for branch in anatomy.branches(annotation):
        if isinstance(branch, type) and issubclass(branch, BaseModel):
            yield from refusals(branch, data, path)
            continue
        items: list[tuple[Any, Any]] = []
        if isinstance(data, dict):
            items = list(cast("dict[str, Any]", data).items())
        elif isinstance(data, list):
            items = list(enumerate(cast("list[Any]", data)))
        for key, value in items:
            for inner in anatomy.child(branch, key):
                yield from _inside(inner, value, (*path, key))


def _rules(model: type[BaseModel], sound: dict[str, Any]) -> Iterator[OpendomeError]:
    """Refusals of the rules of a part that need nothing but its sound fields.

    A rule stops with AttributeError or TypeError at a field that is missing or not sound; that
    field has its own problem.
    """
    part = model.model_construct()
    vars(part).clear()
    vars(part).update(sound)
    for rule in model.__pydantic_decorators__.model_validators.values():
        try:
            getattr(part, rule.cls_var_name)()
        except OpendomeError as refusal:
            yield refusal
        except (AttributeError, TypeError):
            continue
