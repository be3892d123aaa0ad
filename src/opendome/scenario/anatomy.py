"""Walks a pydantic model: its parts by place, and every quantity inside it."""

from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from opendome.quantities.fields import Bounds, Quantity
from opendome.quantities.values import Interval, Point, TestRecord, Value
from opendome.scenario.problems import Path


def field_name(name: str, info: FieldInfo) -> str:
    """Name of a field in a scenario file."""
    return info.alias or name


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Fields of a model by their name in a scenario file."""
    return {field_name(name, info): info for name, info in model.model_fields.items()}


def branches(annotation: Any) -> Iterator[Any]:
    """The plain types an annotation allows."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from branches(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from branches(part)
    else:
        yield annotation


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models an annotation allows."""
    for part in branches(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part


def child(annotation: Any, key: str | int) -> Iterator[Any]:
    """Annotations of what stands under `key` in a value of an annotation."""
    for part in branches(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            info = fields(part).get(str(key))
            if info is not None:
                yield annotation_of(info)
            continue
        origin, inner = get_origin(part), get_args(part)
        if not isinstance(origin, type) or not inner:
            continue
        if issubclass(origin, Mapping):
            yield inner[1]
        elif issubclass(origin, tuple) and isinstance(key, int) and inner[-1] is not Ellipsis:
            yield from inner[key : key + 1]
        elif issubclass(origin, Sequence):
            yield inner[0]


def annotation_of(info: FieldInfo) -> Any:
    """Annotation of a field together with its metadata."""
    annotation = info.annotation
    for extra in info.metadata:
        annotation = Annotated[annotation, extra]
    return annotation


def at(annotation: Any, path: Path) -> list[Any]:
    """Annotations of what stands at a path below a value of an annotation."""
    found = [annotation]
    for key in path:
        found = [inner for outer in found for inner in child(outer, key)]
    return found


def extras(annotation: Any) -> list[Any]:
    """Metadata of an annotation and of the parts of its union, outermost last."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *own = get_args(annotation)
        return [*extras(inner), *own]
    if origin in (Union, UnionType):
        return [extra for part in get_args(annotation) for extra in extras(part)]
    return []


def quantity_of(annotation: Any) -> Quantity | None:
    """The quantity an annotation asks for, if it does."""
    found = (extra for extra in extras(annotation) if isinstance(extra, Quantity))
    return next(found, None)


def values(node: Any, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """Every quantity inside a validated model, with its place."""
    if isinstance(node, Point | Interval | TestRecord):
        yield path, node
    elif isinstance(node, BaseModel):
        for name, info in type(node).model_fields.items():
            yield from values(getattr(node, name), (*path, field_name(name, info)))
    elif isinstance(node, Mapping):
        for key, inner in node.items():
            yield from values(inner, (*path, key))
    elif isinstance(node, list | tuple):
        for index, inner in enumerate(node):
            yield from values(inner, (*path, index))


def leaves(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything that was given inside a validated model: quantities, money, words, numbers."""
    if isinstance(node, BaseModel):
        for name, info in type(node).model_fields.items():
            yield from leaves(getattr(node, name), (*path, field_name(name, info)))
    elif isinstance(node, Mapping):
        for key, inner in node.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(node, list | tuple):
        for index, inner in enumerate(node):
            yield from leaves(inner, (*path, index))
    elif node is not None:
        yield path, node


def quantity_at(annotation: Any, path: Path) -> Quantity | None:
    """The quantity asked for at a path below a value of an annotation."""
    found = (quantity_of(part) for part in at(annotation, path))
    return next((quantity for quantity in found if quantity is not None), None)


def bounds_at(annotation: Any, path: Path) -> Bounds | None:
    """The range asked for at a path below a value of an annotation."""
    found = (extra for part in at(annotation, path) for extra in extras(part))
    return next((extra for extra in found if isinstance(extra, Bounds)), None)


def text(annotation: Any, path: Path, value: Value) -> str:
    """A value at a path as it would be written in a scenario file."""
    quantity = quantity_at(annotation, path)
    return quantity.write(value) if quantity is not None else value.text()


def default_at(annotation: Any, path: Path) -> Any:
    """What stands at a path when nothing is given there; None when something must be."""
    for outer in at(annotation, path[:-1]):
        for model in models(outer):
            info = fields(model).get(str(path[-1]))
            if info is not None and not info.is_required():
                return info.get_default(call_default_factory=False)
    return None
