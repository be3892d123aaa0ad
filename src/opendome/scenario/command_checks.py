"""What only the whole scenario can tell of its command: layers, sectors, agreements, stock."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from opendome.command.spec import SHOOT_LOOK_SHOOT, CommandSpec, DoctrineSpec
from opendome.network.models import ENGAGEMENTS
from opendome.network.spec import SharingSpec
from opendome.quantities.values import TestRecord, Value
from opendome.scenario.draft import Asset, Draft
from opendome.scenario.network_entries import NETWORK, NetworkParts
from opendome.scenario.notes import Notes
from opendome.scenario.problems import Path, advise, one_of, show
from opendome.scenario.sectors import (
    Division,
    Place,
    division,
    matches,
    may_be_cut_off,
    sites_of,
)
from opendome.sensing.spec import highest, lowest

COMMAND = "command"
DOCTRINE = (COMMAND, "doctrine")
SECTORS = (COMMAND, "sectors")


def check_command(draft: Draft, notes: Notes) -> None:
    """Note every problem of the command that no part of it shows by itself."""
    _check_layers(draft, notes)
    if draft.command is None:
        return
    command = draft.command.spec
    before = len(notes.problems)
    for layer, rule in _rules(command):
        _check_doctrine(layer, rule, draft, notes)
    if command.cut_off is not None and not command.sectors:
        got = "cut_off without sectors"
        do = "name the sectors that fight alone, or remove cut_off"
        notes.add((COMMAND, "cut_off"), got, "cut_off together with sectors", do)
    _check_members(command, draft, notes)
    if not draft.unread and len(notes.problems) == before:
        parts = division(command, draft.assets)
        _check_parties(parts, draft, notes)
        _check_places(command, parts, draft, notes)


def _rules(command: CommandSpec) -> list[tuple[str, DoctrineSpec]]:
    """Doctrine by layer, the short word written out."""
    return [
        (layer, SHOOT_LOOK_SHOOT if isinstance(rule, str) else rule)
        for layer, rule in command.doctrine.items()
    ]


def _check_layers(draft: Draft, notes: Notes) -> None:
    """Every layer with a doctrine fires, also where another part of the command is wrong."""
    layers = {asset.layer for asset in draft.assets if asset.layer is not None}
    layers |= draft.layers
    section = notes.document.data.get(COMMAND)
    rules = cast("dict[Any, Any]", section).get("doctrine") if isinstance(section, dict) else None
    for layer in cast("dict[Any, Any]", rules) if isinstance(rules, dict) else ():
        if isinstance(layer, str) and layer not in layers:
            do = advise(layer, layers, "remove it, or add interceptors in that layer")
            got = f"the unknown layer {show(layer)}"
            notes.add((*DOCTRINE, layer), got, one_of(list(layers)), do, key=True)


def _check_doctrine(layer: str, rule: DoctrineSpec, draft: Draft, notes: Notes) -> None:
    """A reserve that the layer can hold, and an order that it can follow."""
    armed = _armed(layer, draft.assets)
    if not armed or draft.unread:
        return
    most = sum(stock_of(asset, highest) for asset in armed)
    if rule.reserve > most:
        got = f"a reserve of {rule.reserve} in a layer of {most:.0f} rounds"
        do = "lower the reserve; with all rounds in it a layer fires only where no other can"
        notes.add((*DOCTRINE, layer, "reserve"), got, f"at most {most:.0f}", do)
    if rule.engage == "tight" and all(_phases(asset) == ("boost",) for asset in armed):
        got = f"engage: tight for {layer}, which meets objects only while they burn"
        allowed = "tight for layers that meet objects after burnout: before it no impact is known"
        notes.add((*DOCTRINE, layer, "engage"), got, allowed, "use free, or hold")


def _armed(layer: str, assets: Iterable[Asset]) -> list[Asset]:
    return [asset for asset in assets if asset.layer == layer]


def _phases(asset: Asset) -> tuple[str, ...]:
    spec: Any = asset.values.spec
    return getattr(spec, "phases", ())


def stock_of(asset: Asset, end: Any) -> float:
    """Rounds of an interceptor asset. end : `lowest` or `highest`, of an uncertain stock."""
    if asset.in_orbit:
        return asset.units
    sites: Mapping[str, Any] = asset.values.spec.sites
    return sum(end(cast("Value", site.stock)) for site in sites.values())


def _check_members(command: CommandSpec, draft: Draft, notes: Notes) -> None:
    """Every member of a sector is one thing, in one sector, and of one nation with the others."""
    taken: dict[Place, str] = {}
    nations = {asset.name: asset.nation for asset in draft.assets}
    for sector, members in command.sectors.items():
        owner = ""
        for index, member in enumerate(members):
            path = (*SECTORS, sector, index)
            found = matches(member, draft.assets)
            if len(found) != 1:
                _not_one(member, found, path, draft, notes)
                continue
            _take(found[0], sector, taken, path, notes)
            nation = nations[found[0][0]]
            owner = owner or nation
            if nation != owner:
                got = f"{member!r} of {nation} in a sector of {owner}"
                do = "make two sectors that share, one of each nation"
                notes.add(path, got, "members of one nation in a sector", do)


def _not_one(member: str, found: list[Place], path: Path, draft: Draft, notes: Notes) -> None:
    """A member that stands for nothing, or for several sites."""
    if found:
        each = [".".join(place) for place in found]
        got = f"{member!r}, a site of {len(found)} assets"
        notes.add(path, got, one_of(each), f"write {each[0]}, or the one you mean")
    elif not draft.unread and member not in draft.names:
        names = [asset.name for asset in draft.assets]
        sites = [f"{asset.name}.{site}" for asset in draft.assets for site in sites_of(asset)]
        bare = [site for asset in draft.assets for site in sites_of(asset)]
        do = advise(member, [*names, *sites, *bare], "name an asset, or a site as asset.site")
        notes.add(path, f"the unknown asset or site {member!r}", one_of([*names, *sites]), do)


def _take(place: Place, sector: str, taken: dict[Place, str], path: Path, notes: Notes) -> None:
    """Put an asset or a site into a sector, once."""
    asset, site = place
    other = next(
        (
            owner
            for (name, part), owner in taken.items()
            if name == asset and (part == site or not part or not site)
        ),
        None,
    )
    if other is None:
        taken[place] = sector
        return
    where = "this sector" if other == sector else f"the sector {other!r}"
    got = f"{'.'.join(place).rstrip('.')!r} a second time; it is in {where}"
    do = "keep one; what another sector needs of it, an entry of sharing gives"
    notes.add(path, got, "each asset and site in one sector at most", do)


def _check_parties(parts: Division, draft: Draft, notes: Notes) -> None:
    """Agreements of sectors with others, and of those who can fire about what they fire at."""
    shooting = {asset.nation for asset in draft.assets if not asset.is_sensor}
    shooting |= set(parts.with_shooters(draft.assets)) if shooting else set()
    for path, rule in draft.sharing:
        ends = (rule.from_nation, rule.to_nation)
        for sector, nation in (ends, ends[::-1]):
            if parts.nation_of.get(sector) == nation:
                got = f"a sharing rule between {nation} and its own sector {sector!r}"
                do = "remove it; a sector decides only while its nation does not"
                notes.add(path, got, "two parties that decide at the same time", do)
        if rule.what != ENGAGEMENTS:
            continue
        for key, party in zip(("from", "to"), ends, strict=True):
            if party in (*parts.nation_of, *draft.nations) and party not in shooting:
                got = f"engagements {key} {party!r}, which has no interceptors"
                allowed = f"those with interceptors: {one_of(sorted(shooting))}"
                notes.add((*path, key), got, allowed, "remove the rule; it would tell nothing")


def _check_places(command: CommandSpec, parts: Division, draft: Draft, notes: Notes) -> None:
    """On a drawn network every sector that decides has a place of its own, of its own nation."""
    network = draft.network
    if network is None or not network.whole:
        return
    known = list(parts.nation_of)
    for path, node in network.nodes:
        sector = node.spec.sector
        if sector is None:
            continue
        if sector not in parts.nation_of:
            do = advise(sector, known, "name one of `command.sectors`, or remove it")
            notes.add((*path, "sector"), f"the unknown sector {sector!r}", one_of(known), do)
        elif parts.nation_of[sector] != node.spec.nation:
            got = f"{sector!r}, a sector of {parts.nation_of[sector]}, on a node of another nation"
            notes.add((*path, "sector"), got, "a node of the sector's own nation", "correct it")
    if may_be_cut_off(command):
        _check_seats(parts, network, draft, notes)


def _check_seats(parts: Division, network: NetworkParts, draft: Draft, notes: Notes) -> None:
    seats = {node.sector for node in network.node_specs}
    for sector in parts.with_shooters(draft.assets):
        if sector not in seats:
            got = f"no command node of the sector {sector!r}, which may have to decide"
            allowed = "a node of the kind command with `sector` for every sector with interceptors"
            notes.add((NETWORK,), got, allowed, f"add one with sector: {sector}")


def command_consequences(
    command: CommandSpec,
    assets: Sequence[Asset],
    sharing: Sequence[SharingSpec],
    *,
    longest_s: float,
    valued: bool,
) -> list[str]:
    """What follows from sound rules that a reader may not expect, in plain sentences.

    longest_s : a time that no flight of the raid lasts longer than [s]
    valued : whether what is defended has values
    """
    found = [] if valued else _too_dear(assets)
    found += [
        sentence
        for layer, rule in _rules(command)
        for sentence in _of_layer(layer, rule, command, assets, longest_s)
    ]
    layers = {asset.layer for asset in assets if asset.layer is not None}
    if layers and all(command.doctrine_of(layer).engage == "hold" for layer in layers):
        found.append("every layer holds its fire: no object is ever engaged")
    if command.people is not None and _soonest_s(command) >= longest_s:
        found.append("people take longer than any object flies: permission comes too late")
    return found + _of_sectors(command, assets, sharing)


def _of_layer(
    layer: str, rule: DoctrineSpec, command: CommandSpec, assets: Sequence[Asset], longest_s: float
) -> list[str]:
    """What follows from the doctrine of one layer."""
    least = sum(stock_of(asset, lowest) for asset in _armed(layer, assets))
    others = {asset.layer for asset in assets if asset.layer not in (None, layer)}
    found: list[str] = []
    if rule.engage == "hold":
        found.append(f"{layer} holds its fire: it never engages")
    if least < rule.salvo:
        found.append(
            f"{layer} may hold {least:.0f} rounds, below its salvo of {rule.salvo}: "
            "it fires what it has"
        )
    if rule.reserve and not others:
        found.append(f"the reserve of {layer} keeps nothing: no other layer could take an object")
    elif rule.reserve and least <= rule.reserve:
        found.append(f"{layer} may be all reserve: it fires only where no other layer can")
    if rule.looks != 1 and lowest(command.assessment_delay) >= longest_s:
        found.append(
            f"{layer} never has a second look: a result is known after {longest_s:.0f} s, "
            "the longest flight"
        )
    return found


def _too_dear(assets: Sequence[Asset]) -> list[str]:
    """Rounds that are worth more than any object, where every object counts as 1."""
    found: list[str] = []
    for asset in assets:
        spec: Any = asset.values.spec
        if getattr(spec, "price", None) is None:
            continue
        record = isinstance(spec.p_kill, TestRecord)  # drawn from its posterior: up to 1
        price, gain = lowest(spec.price), 1.0 if record else highest(spec.p_kill)
        if price >= gain:
            found.append(
                f"{asset.name} never fires: without values in `defended` an object counts as 1, "
                f"and a round of price {price:g} takes away {gain:g} at most"
            )
    return found


def _soonest_s(command: CommandSpec) -> float:
    """Least time of all people together, of a spread its median [s]."""
    people = command.people
    given = () if people is None else (people.warning, people.confirmation, people.release)
    values = (getattr(step, "median", step) for step in given if step is not None)
    return sum(lowest(cast("Value", value)) for value in values)


def _of_sectors(
    command: CommandSpec, assets: Sequence[Asset], sharing: Sequence[SharingSpec]
) -> list[str]:
    """What follows for who fights, with what."""
    if not command.sectors:
        return []
    if not may_be_cut_off(command):
        return ["command.sectors never fight alone: cut_off is 0 or left out"]
    parts = division(command, assets)
    seeing = {parts.of(asset.name) for asset in assets if asset.is_sensor}
    given = {rule.to_nation for rule in sharing if rule.what in ("raw", "tracks")}
    found = [
        f"{sector} has no sensor, and nobody shares with it: it fires at nothing"
        for sector in parts.with_shooters(assets)
        if sector not in seeing | given
    ]
    for nation in dict.fromkeys(parts.nation_of.values()):
        idle = [name for asset in assets if asset.nation == nation for name in _idle(asset, parts)]
        if idle:
            found.append(f"out of action where {nation} is cut off: {', '.join(idle)}")
    return found


def _idle(asset: Asset, parts: Division) -> list[str]:
    """What of an asset is in no sector."""
    sites = list(sites_of(asset))
    lost = [site for site in sites if not parts.of(asset.name, site)]
    if sites and lost and len(lost) < len(sites):
        return [f"{asset.name}.{site}" for site in lost]
    whole = len(lost) == len(sites) if sites else not parts.of(asset.name)
    return [asset.name] if whole else []
