"""A network with every value known: groups of places, links between groups, outages."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from opendome.network.kernels.plan import LINK, OUTAGE, PLACE, Plan
from opendome.network.records import Names
from opendome.quantities.errors import OpendomeError
from opendome.world.constellations import TABLE_ROWS, join_elements, orbit_table
from opendome.world.kepler import Elements

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Places of one name: a constellation, a station, a command node, the sensors of an asset.

    Attributes
    ----------
    name, nation : what it is called, and whose it is
    names : (place,) name of each place
    elements : of satellites, nodes counted in ECI at t_s = 0; None on the ground
    site_ecef_m, up_ecef : (place, 3) on the ground, and the vertical there; None in orbit
    mask_rad : lowest elevation at which a place on the ground sees
    delay_s : to handle a message that comes in [s]
    commands : whether a nation decides here
    sector : the part of that nation which decides here, empty for the nation itself
    passes : whether it passes on the messages of others
    works : (place,) whether it works at all in this future
    """

    name: str
    nation: str
    names: Names
    elements: Elements | None = None
    site_ecef_m: Floats | None = None
    up_ecef: Floats | None = None
    mask_rad: float = 0.0
    delay_s: float = 0.0
    commands: bool = False
    sector: str = ""
    passes: bool = True
    works: Flags | None = None


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A pattern of satellites whose links join only neighbours.

    Attributes
    ----------
    planes, slots : of the pattern, satellites numbered plane by plane
    shift : slots by which the first plane is ahead, seen from the last; None for a seam there
    """

    planes: int
    slots: int
    shift: int | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A kind of link between the places of two groups, or among those of one.

    Attributes
    ----------
    name : what it is called     ends : names of the two groups
    fixed : always in contact, whatever the distance; its delay is all it takes
    range_max_m, margin_m, elevation_min_rad : where it reaches: distance; height above the
        ellipsoid that the line between satellites clears; elevation seen from the ground
    delay_s : added to the light time of each hop [s]
    rate_hz : messages it carries per second, each way; inf for anything
    p_loss : chance that a message is lost on a hop
    works : whether it works at all in this future
    grid : joins only neighbours of this pattern; all in sight without
    """

    name: str
    ends: tuple[str, str]
    fixed: bool = False
    range_max_m: float = math.inf
    margin_m: float = 0.0
    elevation_min_rad: float = 0.0
    delay_s: float = 0.0
    rate_hz: float = math.inf
    p_loss: float = 0.0
    works: bool = True
    grid: Grid | None = None


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A group or a link that is down for a time. name : of it     from_s, to_s : [s after epoch]"""

    name: str
    from_s: float
    to_s: float


@dataclass(frozen=True, kw_only=True)
class Network:
    """A network of one future.

    Attributes
    ----------
    groups : the groups of sensors that a line names, and all nodes
    lines, outages : between and of them
    releases : nation -> further nations through whose places its own messages may pass
    step_s : between two looks at who is in contact with whom [s]
    age_max_s : a message that would be older on arrival is dropped on the way [s]
    queue_max_s : a message that would wait longer at one link is lost [s]
    """

    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    outages: tuple[Outage, ...] = ()
    releases: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    step_s: float
    age_max_s: float
    queue_max_s: float

    @property
    def place_names(self) -> Names:
        """Name of each place."""
        return tuple(name for group in self.groups for name in group.names)

    @property
    def place_nations(self) -> npt.NDArray[np.str_]:
        """(place,) whose each is."""
        return np.array([group.nation for group in self.groups for _ in group.names], np.str_)

    @property
    def place_group(self) -> npt.NDArray[np.int64]:
        """(place,) number of the group of each."""
        return np.repeat(np.arange(len(self.groups)), [len(group.names) for group in self.groups])

    def range_of(self, name: str) -> tuple[int, int]:
        """First place of a group, and the one after its last."""
        first = 0
        for group in self.groups:
            if group.name == name:
                return first, first + len(group.names)
            first += len(group.names)
        raise OpendomeError(
            got=f"the group {name!r}",
            allowed=", ".join(group.name for group in self.groups),
            do="name a group of the network",
        )

    def nation_of(self, party: str) -> str:
        """The nation of a sector; a nation itself."""
        return next((g.nation for g in self.groups if g.sector and g.sector == party), party)

    def commands_of(self, party: str) -> npt.NDArray[np.uint8]:
        """(place,) 1 where a nation or a sector decides."""
        flags = [g.commands and (g.sector or g.nation) == party for g in self.groups
                 for _ in g.names]  # fmt: skip
        return np.array(flags, np.uint8)

    def open_to(self, parties: Sequence[str]) -> npt.NDArray[np.uint8]:
        """(place,) 1 where a message may pass that is releasable to these nations or sectors."""
        nations = [self.nation_of(party) for party in parties]
        return np.isin(self.place_nations, nations).astype(np.uint8)

    def plan(self, era_epoch_rad: float) -> Plan:
        """The tables for the kernels. era_epoch_rad : Earth rotation angle at t_s = 0 [rad]."""
        flying = [group.elements for group in self.groups if group.elements is not None]
        places = len(self.place_names)
        table = np.zeros(places, PLACE)
        site, up = np.zeros((places, 3)), np.zeros((places, 3))
        orbit = 0
        for group in self.groups:
            first, end = self.range_of(group.name)
            rows = slice(first, end)
            table["orbit"][rows] = -1
            if group.elements is not None:
                table["orbit"][rows] = orbit + np.arange(end - first)
                orbit += end - first
            elif group.site_ecef_m is not None and group.up_ecef is not None:
                site[rows], up[rows] = group.site_ecef_m, group.up_ecef
            table["sin_mask"][rows] = math.sin(group.mask_rad)
            table["delay_s"][rows] = group.delay_s
            table["passes"][rows] = group.passes
            table["works"][rows] = 1 if group.works is None else group.works
        return Plan(
            places=table,
            site_ecef_m=site,
            up_ecef=up,
            orbits=orbit_table(join_elements(*flying)) if flying else np.zeros((TABLE_ROWS, 0)),
            links=self._links(),
            outages=self._outages(),
            era_epoch_rad=era_epoch_rad,
        )

    def _links(self) -> npt.NDArray[np.void]:
        table = np.zeros(len(self.lines), LINK)
        for row, line in zip(table, self.lines, strict=True):
            row["first_a"], row["end_a"] = self.range_of(line.ends[0])
            row["first_b"], row["end_b"] = self.range_of(line.ends[1])
            row["line"] = line.fixed
            row["range_max_m"] = line.range_max_m
            row["margin_m"] = line.margin_m
            row["sin_elevation_min"] = math.sin(line.elevation_min_rad)
            row["delay_s"], row["rate_hz"] = line.delay_s, line.rate_hz
            row["p_loss"], row["works"] = line.p_loss, line.works
            if line.grid is not None:
                row["planes"], row["slots"] = line.grid.planes, line.grid.slots
                row["shift"] = -1 if line.grid.shift is None else line.grid.shift
        return table

    def _outages(self) -> npt.NDArray[np.void]:
        table = np.zeros(len(self.outages), OUTAGE)
        named = {line.name: number for number, line in enumerate(self.lines)}
        for row, outage in zip(table, self.outages, strict=True):
            row["link"] = named.get(outage.name, -1)
            if outage.name not in named:
                row["first_place"], row["end_place"] = self.range_of(outage.name)
            row["from_s"], row["to_s"] = outage.from_s, outage.to_s
        return table
