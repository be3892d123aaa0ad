"""Who commands whom: nations, and their sectors where the national command is cut off."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.command.spec import CommandSpec
from opendome.intercept.models import Shooters
from opendome.network.models import ENGAGEMENTS, Sharing
from opendome.quantities.values import Interval
from opendome.scenario.draft import Asset
from opendome.scenario.draws import Draws

NOBODY = ""  # the party of what is out of action
Place = tuple[str, str]  # name of an asset, and of one of its sites; no site: the whole asset


@dataclass(frozen=True, kw_only=True)
class Division:
    """The sectors of a scenario.

    Attributes
    ----------
    sector_of : asset and site, or asset and "" -> sector
    nation_of : sector -> the nation whose it is
    """

    sector_of: Mapping[Place, str]
    nation_of: Mapping[str, str]

    def of(self, asset: str, site: str = "") -> str:
        """Sector of an asset, or of one of its sites; NOBODY for what is in none."""
        whole = self.sector_of.get((asset, ""), NOBODY)
        return self.sector_of.get((asset, site), whole)

    def divides(self, asset: Asset) -> bool:
        """Whether an asset or a site of it is in a sector."""
        return any(name == asset.name for name, _ in self.sector_of)

    def with_shooters(self, assets: Sequence[Asset]) -> list[str]:
        """Sectors that can fire, in their order; all of them where nobody can."""
        shooting = {a.name for a in assets if not a.is_sensor}
        armed = {sector for (name, _), sector in self.sector_of.items() if name in shooting}
        return [sector for sector in self.nation_of if sector in armed or not shooting]


def division(command: CommandSpec, assets: Sequence[Asset]) -> Division:
    """The sectors of a scenario whose members were found sound."""
    sector_of: dict[Place, str] = {}
    nation_of: dict[str, str] = {}
    nations = {asset.name: asset.nation for asset in assets}
    for sector, members in command.sectors.items():
        for member in members:
            for place in matches(member, assets):
                sector_of[place] = sector
                nation_of.setdefault(sector, nations[place[0]])
    return Division(sector_of=sector_of, nation_of=nation_of)


def matches(member: str, assets: Sequence[Asset]) -> list[Place]:
    """What a member of a sector may stand for: an asset, `asset.site`, or a site by its name."""
    if any(asset.name == member for asset in assets):
        return [(member, "")]
    places = [(asset.name, site) for asset in assets for site in sites_of(asset)]
    return [place for place in places if member in (place[1], ".".join(place))]


def sites_of(asset: Asset) -> Iterator[str]:
    """Names of the sites of an asset; none for a sensor or a satellite."""
    spec: Any = asset.values.spec
    yield from getattr(spec, "sites", None) or ()


def may_be_cut_off(command: CommandSpec) -> bool:
    """Whether there is a future in which sectors fight alone."""
    given = command.cut_off
    if given is None:
        return False
    return (given.high if isinstance(given, Interval) else given.middle) > 0.0


def deciding_nations(assets: Sequence[Asset]) -> tuple[str, ...]:
    """Nations with interceptors, in the order of the assets; without any, all with assets."""
    shooting = [asset.nation for asset in assets if not asset.is_sensor]
    return tuple(dict.fromkeys(shooting or [asset.nation for asset in assets]))


def deciding_nodes(command: CommandSpec, assets: Sequence[Asset]) -> tuple[str, ...]:
    """Every node that decides in some future: nations, then their sectors."""
    nations = deciding_nations(assets)
    if not may_be_cut_off(command):
        return nations
    return (*nations, *division(command, assets).with_shooters(assets))


@dataclass(frozen=True, kw_only=True)
class Commanders:
    """Who commands in one future.

    Attributes
    ----------
    nodes : every node that decides in some future, the same in all of them
    cut_off : nations whose command is cut off in this future
    division : the sectors
    """

    nodes: tuple[str, ...]
    cut_off: tuple[str, ...]
    division: Division

    def party(self, asset: Asset, site: str = "") -> str:
        """Who has an asset or a site: its nation, its sector, or NOBODY."""
        if asset.nation not in self.cut_off:
            return asset.nation
        return self.division.of(asset.name, site)

    def parties(self, assets: Sequence[Asset]) -> tuple[str, ...]:
        """Who has each asset as a whole: (asset,)."""
        return tuple(self.party(asset) for asset in assets)

    def acts(self, party: str) -> bool:
        """Whether a nation or a sector commands anything in this future."""
        nation = self.division.nation_of.get(party)
        return party not in self.cut_off if nation is None else nation in self.cut_off

    def in_force(self, sharing: Sequence[Sharing]) -> tuple[Sharing, ...]:
        """Agreements whose giver and taker both act."""
        return tuple(
            rule for rule in sharing if self.acts(rule.from_nation) and self.acts(rule.to_nation)
        )

    def shooter_node(
        self, shooters: Sequence[Shooters], assets: Sequence[Asset]
    ) -> npt.NDArray[np.int32]:
        """Node that commands each shooter, -1 for one out of action: (shooter,)."""
        nodes: list[int] = []
        for entry in shooters:
            asset = assets[entry.asset]
            sites = list(sites_of(asset))
            parties = [self.party(asset, site) for site in sites or [""]]
            own = [self.nodes.index(p) if p in self.nodes else -1 for p in parties]
            nodes += own if sites else own * len(entry.stocks)
        return np.array(nodes, np.int32)


def commanders(command: CommandSpec, assets: Sequence[Asset], draws: Draws) -> Commanders:
    """Who commands in a future.

    Model: the command of each nation that has sectors is cut off with the chance `cut_off`,
    drawn once per nation and future, by the name of the nation.
    """
    parts = division(command, assets)
    cut_off: tuple[str, ...] = ()
    if command.cut_off is not None:
        chance = draws.value("command.cut_off", command.cut_off)
        cut_off = tuple(
            nation
            for nation in dict.fromkeys(parts.nation_of.values())
            if draws.uniform(f"cut off {nation}", 0, 0) < chance
        )
    return Commanders(nodes=deciding_nodes(command, assets), cut_off=cut_off, division=parts)


def coordination_s(nodes: Sequence[str], sharing: Sequence[Sharing]) -> npt.NDArray[np.float64]:
    """When a node knows of the shots of another, after the order: (node, node) [s].

    sharing : agreements in force
    Returns row: who fires, column: who knows; 0 for its own shots, inf where nobody tells.
    Model: direct agreements only; a nation's sectors tell each other nothing by themselves.
    """
    delay_s = np.full((len(nodes), len(nodes)), np.inf)
    np.fill_diagonal(delay_s, 0.0)
    for rule in sharing:
        if rule.what == ENGAGEMENTS and {rule.from_nation, rule.to_nation} <= set(nodes):
            delay_s[nodes.index(rule.from_nation), nodes.index(rule.to_nation)] = rule.delay_s
    return delay_s
