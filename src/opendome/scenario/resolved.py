"""A scenario written out in full: every value spelled, so that it can be read again."""

from collections.abc import Sequence
from typing import Any, cast

import yaml
from pydantic import BaseModel

from opendome.command.spec import CommandSpec
from opendome.network.spec import SharingSpec
from opendome.scenario.draft import Asset
from opendome.scenario.economics_spec import EconomicsSpec
from opendome.scenario.network_entries import NETWORK, NetworkParts
from opendome.scenario.raid_entries import CARRIER, CLASSES, Group
from opendome.scenario.raid_files import digest, pack
from opendome.scenario.reader import plain_scalar
from opendome.scenario.spec import DefendedSpec, HeadSpec
from opendome.tracking.spec import TrackingSpec


def plain(part: BaseModel) -> dict[str, Any]:
    """A validated part as plain values, quantities as the text that reads back to them."""
    return part.model_dump(mode="json", by_alias=True, exclude_none=True)


def _values(part: BaseModel) -> dict[str, Any]:
    """A spec as plain values; numbers without unit as numbers."""
    return _numbers(plain(part))


def _numbers(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _numbers(value) for key, value in cast("dict[str, Any]", node).items()}
    if isinstance(node, list):
        return [_numbers(value) for value in cast("list[Any]", node)]
    number = plain_scalar(node) if isinstance(node, str) else node
    return number if isinstance(number, int | float) and not isinstance(number, bool) else node


def asset_tree(asset: Asset) -> dict[str, Any]:
    """An asset with every field of its kind."""
    origin = {"use": asset.system} if asset.system else {"kind": asset.kind}
    tree: dict[str, Any] = {**origin, "name": asset.name, "nation": asset.nation}
    if asset.host is not None:
        tree["host"] = asset.host
    if asset.layer is not None:
        tree["layer"] = asset.layer
    if asset.link is not None:
        tree |= _values(asset.link.spec)
    plans = {"cost": _values(asset.cost.spec), "schedule": _values(asset.schedule.spec)}
    return tree | _values(asset.values.spec) | {key: part for key, part in plans.items() if part}


def group_tree(group: Group) -> dict[str, Any]:
    """An entry of the raid with every field of its classes, and the file that it names."""
    tree = plain(group.frame) | _values(group.values.spec)
    if group.carrier is not None:
        tree[CARRIER] |= _values(group.carrier.spec)
    if group.tracks is not None:
        tree[CLASSES] = {name: _values(part.spec) for name, part in group.classes.items()}
        tree |= {"sha256": digest(group.tracks.raw), "packed": pack(group.tracks.raw)}
    return tree


def resolved_tree(
    *,
    head: HeadSpec,
    defended: Sequence[DefendedSpec],
    assets: Sequence[Asset],
    sharing: Sequence[SharingSpec],
    network: NetworkParts | None,
    raid: Sequence[Group],
    command: CommandSpec,
    tracking: TrackingSpec,
    economics: EconomicsSpec,
) -> dict[str, Any]:
    """The whole scenario as plain values."""
    return {
        **plain(head),
        "defended": [plain(place) for place in defended],
        "assets": [asset_tree(asset) for asset in assets],
        "sharing": [plain(rule) for rule in sharing],
        **({} if network is None else {NETWORK: _numbers(network.tree())}),
        "raid": [group_tree(group) for group in raid],
        "command": _values(command),
        "tracking": _values(tracking),
        "economics": _values(economics),
    }


class _Writer(yaml.CSafeDumper):
    """Writes plain values so that the YAML 1.2 core rules read the same values back."""


def _text(writer: yaml.CSafeDumper, text: str) -> Any:
    style = None if isinstance(plain_scalar(text), str) else "'"
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def to_yaml(tree: Any) -> str:
    """YAML text of plain values."""
    return yaml.dump(tree, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=100)
