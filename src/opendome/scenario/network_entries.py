"""From the `network` section of a file to its validated parts, every problem noted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeVar, cast, get_args

from pydantic import BaseModel

from opendome.quantities.values import Value
from opendome.scenario import anatomy
from opendome.scenario.compose import AUTHOR, Composed, compose, known_systems
from opendome.scenario.explain import Finding, missing, unknown_key
from opendome.scenario.network_spec import ORBITS, LineSpec, NetworkSpec, NodeSpec, OutageSpec
from opendome.scenario.notes import MAPPING_WORDS, Notes, read_form
from opendome.scenario.problems import Path, advise, one_of, show
from opendome.sources.catalogue import load_system
from opendome.sources.records import Passport, System

Part = TypeVar("Part", bound=BaseModel)
NETWORK = "network"
NODES, LINKS, OUTAGES = "nodes", "links", "outages"
DEFAULTS_SYSTEM = "network-defaults"
RELAYS = "communication"
LIST_WORDS = "a list: lines that start with -"
ENTRIES_MAX = 1000  # of each list
NODE_FRAME = {"name": "unnamed", "kind": "relay", "nation": "XX"}  # stand-ins for what is not given
LINK_FRAME = {"kind": "optical", "between": ["unnamed", "unnamed"]}  # the same of a link


@dataclass(kw_only=True)
class NetworkParts:
    """The network of a scenario, as far as it could be read.

    Attributes
    ----------
    head : its plain fields, None if they could not be read
    nodes, links, outages : entries that could be read, with their places
    node_names : of all nodes, readable or not     whole : whether everything could be read
    """

    head: Composed[NetworkSpec] | None = None
    nodes: list[tuple[Path, Composed[NodeSpec]]] = field(
        default_factory=list[tuple[Path, Composed[NodeSpec]]]
    )
    links: list[tuple[Path, Composed[LineSpec]]] = field(
        default_factory=list[tuple[Path, Composed[LineSpec]]]
    )
    outages: list[tuple[Path, OutageSpec]] = field(default_factory=list[tuple[Path, OutageSpec]])
    node_names: set[str] = field(default_factory=set[str])
    whole: bool = True

    @property
    def spec(self) -> NetworkSpec:
        """The plain fields of a network that was read."""
        return cast("Composed[NetworkSpec]", self.head).spec

    @property
    def node_specs(self) -> list[NodeSpec]:
        """Nodes in the order of the scenario."""
        return [node.spec for _, node in self.nodes]

    @property
    def link_specs(self) -> list[LineSpec]:
        """Links in the order of the scenario."""
        return [link.spec for _, link in self.links]

    def inputs(self) -> Iterator[tuple[type[BaseModel], Path, Path, Value, Passport]]:
        """Every quantity: its form, place of the form, place inside, value, passport."""
        if self.head is not None:
            for path, value, passport in self.head.inputs():
                yield NetworkSpec, (NETWORK,), path, value, passport
        for _, node in self.nodes:
            for path, value, passport in node.inputs():
                yield NodeSpec, (NETWORK, NODES, node.spec.name), path, value, passport
        for index, (_, link) in enumerate(self.links):
            for path, value, passport in link.inputs():
                yield LineSpec, (NETWORK, LINKS, index), path, value, passport
        for index, (_, outage) in enumerate(self.outages):
            for path, value in anatomy.values(outage):
                yield OutageSpec, (NETWORK, OUTAGES, index), path, value, AUTHOR

    def tree(self) -> dict[str, Any]:
        """The network as plain values that read back to the same."""
        parts: dict[str, list[BaseModel]] = {
            NODES: [*self.node_specs],
            LINKS: [*self.link_specs],
            OUTAGES: [outage for _, outage in self.outages],
        }
        return _plain(self.spec) | {
            key: [_plain(part) for part in entries] for key, entries in parts.items() if entries
        }


def _plain(part: BaseModel) -> dict[str, Any]:
    return part.model_dump(mode="json", by_alias=True, exclude_none=True)


def read_network(notes: Notes, data: Mapping[str, Any]) -> NetworkParts | None:
    """The network of the plain values of a scenario; None when it has none."""
    if NETWORK not in data:
        return None
    parts = NetworkParts()
    before = len(notes.problems)
    if not isinstance(data[NETWORK], dict):
        notes.add((NETWORK,), show(data[NETWORK]), MAPPING_WORDS, "write it in that form")
        parts.whole = False
        return parts
    section = cast("dict[str, Any]", data[NETWORK])
    head_keys = anatomy.fields(NetworkSpec)
    known = [*head_keys, NODES, LINKS, OUTAGES]
    notes.findings((NETWORK,), [unknown_key((key,), known) for key in section if key not in known])
    own = {key: value for key, value in section.items() if key in head_keys}
    parts.head, findings = compose(NetworkSpec, own, _defaults(""))
    notes.findings((NETWORK,), findings)
    for path, item in _items(notes, section, NODES):
        if isinstance(item.get("name"), str):
            parts.node_names.add(item["name"])
        node = _read_node(notes, item, path)
        if node is not None:
            parts.nodes.append((path, node))
    for path, item in _items(notes, section, LINKS):
        link = _read_link(notes, item, path)
        if link is not None:
            parts.links.append((path, link))
    for path, item in _items(notes, section, OUTAGES):
        outage = read_form(notes, OutageSpec, item, path)
        if outage is not None:
            parts.outages.append((path, outage))
    parts.whole = len(notes.problems) == before
    return parts


def _items(notes: Notes, section: Mapping[str, Any], key: str) -> Iterator[tuple[Path, Any]]:
    """Mappings of a list with their paths; anything else is noted."""
    items = section.get(key, [])
    path: Path = (NETWORK, key)
    if not isinstance(items, list):
        notes.add(path, show(items), LIST_WORDS, "write it in that form")
        return
    entries = cast("list[Any]", items)
    if len(entries) > ENTRIES_MAX:
        notes.add(path, f"a list of {len(entries)} entries", f"at most {ENTRIES_MAX}", "use fewer")
    for index, item in enumerate(entries[:ENTRIES_MAX]):
        if isinstance(item, dict):
            yield (*path, index), item
        else:
            notes.add((*path, index), show(item), MAPPING_WORDS, "write it in that form")


def _read_node(notes: Notes, item: Mapping[str, Any], path: Path) -> Composed[NodeSpec] | None:
    """One node, what is left out from the system it uses and the defaults of its kind."""
    system = _defaults(_kind(item, NodeSpec))
    replaced = frozenset[str]()
    if isinstance(item.get("use"), str):
        relay = _relay(notes, item["use"], (*path, "use"))
        if relay is not None:
            orbit = {k: v for k, v in relay.parameters.items() if k.split(".")[0] in ORBITS}
            system = replace(system, id=relay.id, parameters={**system.parameters, **orbit})
            given = set(ORBITS) & set(item)
            replaced = frozenset(set(ORBITS) - given) if given else replaced
    node, findings = compose(NodeSpec, _filled(item, NODE_FRAME), system, replaced=replaced)
    if "kind" not in item:  # the rule of a kind that is only a stand-in
        findings = [found for found in findings if found.path]
    findings += _missing(item, NODE_FRAME, NodeSpec)
    notes.findings(path, findings)
    return None if findings else node


def _read_link(notes: Notes, item: Mapping[str, Any], path: Path) -> Composed[LineSpec] | None:
    """One link, what is left out from the defaults of its kind."""
    system = _defaults(_kind(item, LineSpec))
    link, findings = compose(LineSpec, _filled(item, LINK_FRAME), system)
    findings += _missing(item, LINK_FRAME, LineSpec)
    notes.findings(path, findings)
    return None if findings else link


def _filled(item: Mapping[str, Any], frame: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with stand-ins for what only its author can give, so that all else is read."""
    return {**{key: value for key, value in frame.items() if key not in item}, **item}


def _missing(
    item: Mapping[str, Any], frame: Mapping[str, Any], model: type[BaseModel]
) -> list[Finding]:
    """What only its author can give, and has not."""
    return [missing((key,), model) for key in frame if key not in item]


def _relay(notes: Notes, name: str, path: Path) -> System | None:
    """A constellation of relays of the catalogue, or None with the problem noted."""
    known = [n for n in known_systems() if load_system(n).kind == RELAYS and n != DEFAULTS_SYSTEM]
    if name in known:
        return load_system(name)
    allowed = f"a system of the kind {RELAYS}: {one_of(known)}"
    notes.add(path, f"the system {name!r}", allowed, advise(name, known, "choose one of them"))
    return None


def _kind(item: Mapping[str, Any], model: type[BaseModel]) -> str:
    """Kind of a node or link; of one that cannot be told any, so that all else can be read."""
    kinds: tuple[str, ...] = get_args(model.model_fields["kind"].annotation)
    return item["kind"] if item.get("kind") in kinds else kinds[0]


@cache
def _defaults(kind: str) -> System:
    """What the catalogue says of a kind of node or link; of no kind, of the network itself."""
    system = load_system(DEFAULTS_SYSTEM)
    start = f"{kind}." if kind else ""
    own = {
        name.removeprefix(start): replace(parameter, name=name.removeprefix(start))
        for name, parameter in system.parameters.items()
        if (name.startswith(start) if kind else "." not in name)
    }
    return replace(system, parameters=own)
