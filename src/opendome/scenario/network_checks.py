"""What only the whole scenario can tell of its network: names that lead somewhere, islands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from opendome.network.models import MEASURED
from opendome.network.spec import SharingSpec
from opendome.scenario.draft import Asset, Draft
from opendome.scenario.network_entries import NETWORK, NetworkParts
from opendome.scenario.notes import Notes
from opendome.scenario.problems import Path, advise, one_of
from opendome.sensing.orbit_spec import ConstellationSpec
from opendome.sensing.spec import highest, lowest

PLACES_MAX = 2500
CELLS_MAX = 5_000_000  # places times steps; each takes about 40 bytes per way asked for
GAIN = "give it a node, or remove it"


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Nodes and sensors as a graph of names, light and time left out.

    Attributes
    ----------
    nation : name -> whose it is     ends : of every link, and of the own lines of sensors
    commands : name -> nation or sector that decides there
    silent : sensors that pass on nothing     home : sector -> its nation
    """

    nation: Mapping[str, str]
    ends: Sequence[tuple[str, str]]
    commands: Mapping[str, str]
    silent: frozenset[str]
    home: Mapping[str, str]

    def nations(self, parties: Sequence[str]) -> list[str]:
        """The nations of some nations or sectors."""
        return [self.home.get(party, party) for party in parties]

    def reached(self, start: Sequence[str], nations: Sequence[str]) -> set[str]:
        """Names reached from some, through those of nations that a message is releasable to."""
        reached = set(start)
        waiting = list(start)
        while waiting:
            here = waiting.pop()
            for first, second in self.ends:
                there = second if first == here else first if second == here else here
                if there not in reached and self.nation.get(there) in nations:
                    reached.add(there)
                    waiting += [] if there in self.silent else [there]
        return reached

    def commands_of(self, nation: str) -> list[str]:
        """Names of the nodes where a nation or a sector decides."""
        return [name for name, owner in self.commands.items() if owner == nation]


def unlinked(sensors: Sequence[Asset], parts: NetworkParts) -> list[Asset]:
    """Sensors that no link names: they keep a line of their own to their command."""
    named = {end for link in parts.link_specs for end in link.between}
    return [asset for asset in sensors if asset.name not in named]


def patterns_of(parts: NetworkParts) -> dict[str, ConstellationSpec]:
    """Walker patterns of relays, by name."""
    return {
        node.name: node.constellation for node in parts.node_specs if node.constellation is not None
    }


def silent(sensors: Sequence[Asset], parts: NetworkParts) -> frozenset[str]:
    """Sensors that pass on no messages of others: all but those linked among themselves."""
    meshed = {link.between[0] for link in parts.link_specs if len(set(link.between)) == 1}
    return frozenset(asset.name for asset in sensors) - meshed


def groups_of(sensors: Sequence[Asset], parts: NetworkParts) -> Groups:
    """The graph of names of a network."""
    nodes = parts.node_specs
    commands = {node.name: node.sector or node.nation for node in nodes if node.kind == "command"}
    own = [
        (asset.name, name)
        for asset in unlinked(sensors, parts)
        for name, nation in commands.items()
        if nation == asset.nation
    ]
    return Groups(
        nation={node.name: node.nation for node in nodes} | {a.name: a.nation for a in sensors},
        ends=[*(link.between for link in parts.link_specs), *own],
        commands=commands,
        silent=silent(sensors, parts),
        home={node.sector: node.nation for node in nodes if node.sector is not None},
    )


def check_network(draft: Draft, notes: Notes, *, longest_s: float) -> None:
    """Note every problem of the network that no part of it shows by itself.

    longest_s : a time that no flight of the raid lasts longer than [s]
    """
    parts = draft.network
    if parts is None:
        return
    sensors = [asset for asset in draft.assets if asset.is_sensor]
    before = len(notes.problems)
    _check_names(draft, parts, notes)
    _check_ends(draft, parts, sensors, notes)
    _check_outages(parts, sensors, notes)
    _check_nations(draft, parts, notes)
    if parts.whole and not draft.unread and len(notes.problems) == before:
        _check_islands(draft, parts, sensors, notes)
        _check_sharing(draft, groups_of(sensors, parts), sensors, notes)
        _check_size(parts, sensors, longest_s, notes)


def _check_names(draft: Draft, parts: NetworkParts, notes: Notes) -> None:
    """Every node and link has a name of its own."""
    known = {asset.name for asset in draft.assets}
    for path, node in parts.nodes:
        if node.spec.name in known:
            got = f"a second node or asset named {node.spec.name!r}"
            notes.add((*path, "name"), got, "a name of its own for each", "rename one of them")
        known.add(node.spec.name)
    for path, link in parts.links:
        if link.spec.label in known:
            got = f"a second link, node or asset named {link.spec.label!r}"
            notes.add(path, got, "a name of its own for each", 'add "name: ..." to one of them')
        known.add(link.spec.label)


def _check_ends(draft: Draft, parts: NetworkParts, sensors: Sequence[Asset], notes: Notes) -> None:
    """Both ends of every link are nodes or sensors; a line lies on the ground."""
    flying = {node.name for node in parts.node_specs if node.flies}
    flying |= {asset.name for asset in sensors if asset.in_orbit}
    known = [*parts.node_names, *(asset.name for asset in sensors)]
    patterns = patterns_of(parts)
    for path, link in parts.links:
        if link.spec.mesh == "grid" and len(set(link.spec.between)) > 1:
            got = f"a grid between {' and '.join(link.spec.between)}"
            do = 'name one constellation twice, or use "mesh: all"'
            notes.add((*path, "mesh"), got, "a constellation joined with itself", do)
        for place, name in enumerate(link.spec.between):
            here = (*path, "between", place)
            if name not in known and name not in draft.names:
                do = advise(name, known, "name a node or a sensor")
                notes.add(here, f"the unknown node {name!r}", one_of(known), do)
            elif name not in known and not draft.unread:
                got = f"{name!r}, which is no sensor"
                notes.add(here, got, f"a node or a sensor: {one_of(known)}", "name one of them")
            elif link.spec.mesh == "grid" and name not in patterns:
                got = f"a grid of {name!r}, which is no relay with a constellation"
                notes.add(here, got, "a constellation joined with itself", 'use "mesh: all"')
            elif link.spec.kind == "line" and name in flying:
                got = f"a line to {name!r}, which is in orbit"
                notes.add(here, got, "a line between places on the ground", "use optical or radio")


def _check_outages(parts: NetworkParts, sensors: Sequence[Asset], notes: Notes) -> None:
    """Every outage is of something."""
    known = [*parts.node_names, *(asset.name for asset in sensors)]
    known += [link.label for link in parts.link_specs]
    for path, outage in parts.outages:
        if outage.of not in known and parts.whole:
            do = advise(outage.of, known, "name a node, a sensor or a link")
            notes.add((*path, "of"), f"the unknown node or link {outage.of!r}", one_of(known), do)


def _check_nations(draft: Draft, parts: NetworkParts, notes: Notes) -> None:
    """Nations that carry the messages of another have nodes to do so."""
    with_nodes = {node.nation for node in parts.node_specs}
    known = [*(with_nodes | draft.nations)]
    for owner, nations in (parts.head.spec.releases or {}).items() if parts.head else ():
        here = (NETWORK, "releases", owner)
        if owner not in known:
            do = advise(owner, known, "remove it")
            notes.add(here, f"{owner!r}, a nation without assets", one_of(known), do, key=True)
        _check_carriers(nations, with_nodes, here, parts, notes)
    for path, rule in draft.sharing:
        _check_carriers(rule.via or (), with_nodes, (*path, "via"), parts, notes)


def _check_carriers(
    nations: Sequence[str], with_nodes: set[str], path: Path, parts: NetworkParts, notes: Notes
) -> None:
    for index, nation in enumerate(nations):
        if nation not in with_nodes and parts.whole:
            do = advise(nation, with_nodes, GAIN)
            got = f"{nation!r}, a nation without nodes in the network"
            notes.add((*path, index), got, one_of(list(with_nodes)), do)


def _check_islands(
    draft: Draft, parts: NetworkParts, sensors: Sequence[Asset], notes: Notes
) -> None:
    """Every deciding nation has a command node that some sensor could reach."""
    groups = groups_of(sensors, parts)
    shooting = [asset.nation for asset in draft.assets if not asset.is_sensor]
    for nation in dict.fromkeys(shooting or [asset.nation for asset in draft.assets]):
        if not groups.commands_of(nation):
            got = f"no command node of {nation}, which decides"
            allowed = "a node of the kind command for every nation with interceptors"
            notes.add((NETWORK,), got, allowed, f"add one with nation: {nation}")
        elif sensors and not any(
            groups.reached([a.name], nations) & set(groups.commands_of(nation))
            for a, nations in _givers(draft, parts, sensors, nation)
        ):
            got = f"{nation}, which decides, cut off from every sensor"
            allowed = "links from some sensor to every deciding nation"
            do = "add links, nodes or releases: no chain of links leads there"
            notes.add((NETWORK,), got, allowed, do)


def _givers(
    draft: Draft, parts: NetworkParts, sensors: Sequence[Asset], nation: str
) -> Iterator[tuple[Asset, list[str]]]:
    """Sensors whose measurements a nation may have, and the nations they may pass."""
    released = (parts.spec.releases or {}).get(nation, ())
    given = {
        rule.from_nation: [rule.from_nation, nation, *(rule.via or ())]
        for _, rule in draft.sharing
        if rule.to_nation == nation and rule.what in MEASURED
    }
    given[nation] = [nation, *released]
    for asset in sensors:
        if asset.nation in given:
            yield asset, given[asset.nation]


def _check_sharing(draft: Draft, groups: Groups, sensors: Sequence[Asset], notes: Notes) -> None:
    """Agreements for measurements have a chain of links to go by."""
    for path, rule in draft.sharing:
        if rule.what not in MEASURED or not groups.commands_of(rule.to_nation):
            continue
        nations = groups.nations([rule.from_nation, rule.to_nation, *(rule.via or ())])
        start = [asset.name for asset in sensors if asset.nation == nations[0]]
        if rule.what == "tracks":
            start = groups.commands_of(rule.from_nation)
        if not start:
            if rule.what == "tracks":
                _no_command(path, rule, notes)
            continue
        if not groups.reached(start, nations) & set(groups.commands_of(rule.to_nation)):
            got = f"{rule.what} from {rule.from_nation} to {rule.to_nation} that no links carry"
            allowed = "links from the giver to the taker through nations it is releasable to"
            notes.add(path, got, allowed, "add links, or nations to `via`, or remove the rule")


def _no_command(path: Path, rule: SharingSpec, notes: Notes) -> None:
    got = f"tracks from {rule.from_nation}, which has no command node in the network"
    do = "add one, or share raw measurements"
    notes.add(path, got, "a giver of tracks with a node of the kind command", do)


def _check_size(
    parts: NetworkParts, sensors: Sequence[Asset], longest_s: float, notes: Notes
) -> None:
    """Refuse what would not fit, before anything is allocated."""
    places = sum(node.places for node in parts.node_specs)
    places += sum(asset.units if asset.in_orbit else 1 for asset in sensors)
    steps = round((longest_s + highest(parts.spec.age_max)) / lowest(parts.spec.step))
    if places > PLACES_MAX:
        got = f"a network of {places} satellites, stations and sensors"
        notes.add((NETWORK,), got, f"at most {PLACES_MAX}", "use fewer relays or sensors")
    elif places * steps > CELLS_MAX:
        got = f"{places} places at up to {steps} steps"
        do = "use a longer step, or fewer relays or sensors"
        notes.add((NETWORK, "step"), got, f"a product of at most {CELLS_MAX}", do)


def unheard_cues(sensors: Sequence[Asset], sharing: Sequence[SharingSpec]) -> list[str]:
    """Agreements for cues alone with nations of which no radar takes cues."""
    searches = [(asset.nation, getattr(asset.values.spec, "search", None)) for asset in sensors]
    nations = {asset.nation for asset in sensors}
    taking = {nation for nation, search in searches if search and search.cue_delay is not None}
    return [
        f"cue from {rule.from_nation} to {rule.to_nation} changes nothing: no radar of "
        f"{rule.to_nation} has search.cue_delay"
        for rule in sharing
        if rule.what == "cue" and rule.to_nation in nations - taking
    ]


def consequences(
    sensors: Sequence[Asset], parts: NetworkParts, sharing: Sequence[SharingSpec]
) -> list[str]:
    """What follows from a sound network that a reader may not expect, in plain sentences."""
    groups = groups_of(sensors, parts)
    found = [
        f"{asset.name} is named by no link: it keeps its downlink_delay to the command of "
        f"{asset.nation}"
        for asset in unlinked(sensors, parts)
    ]
    releases = parts.spec.releases or {}
    for asset in sensors:
        ways = [[asset.nation, *releases.get(asset.nation, ())]]
        ways += [
            groups.nations([rule.from_nation, rule.to_nation, *(rule.via or ())])
            for rule in sharing
            if groups.nations([rule.from_nation])[0] == asset.nation and rule.what == "raw"
        ]
        seen = set[str]().union(*(groups.reached([asset.name], nations) for nations in ways))
        if not any(name in seen for name in groups.commands):
            found.append(f"{asset.name} is an island: no chain of links leads to any command")
    for rule in sharing:
        nations = groups.nations([rule.from_nation, rule.to_nation, *(rule.via or ())])
        reached = groups.reached(groups.commands_of(rule.from_nation), nations)
        if rule.what == "cue" and not reached & set(groups.commands_of(rule.to_nation)):
            found.append(f"cue from {rule.from_nation} to {rule.to_nation} is carried by no links")
    linked = {end for pair in groups.ends for end in pair}
    found += [
        f"{node.name} is an island: no link names it"
        for node in parts.node_specs
        if node.name not in linked
    ]
    anybody = list(groups.nation.values())
    found += [
        f"{node.name} is an island: no chain of links leads to any command"
        for node in parts.node_specs
        if node.name in linked and not groups.reached([node.name], anybody) & set(groups.commands)
    ]
    return found
