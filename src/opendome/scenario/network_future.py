"""The network of one future: every value drawn, every place where it is, what works."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import numpy.typing as npt

from opendome.network.graph import Grid, Group, Line, Network, Outage
from opendome.network.models import Link
from opendome.quantities.values import Value
from opendome.scenario.draft import Asset
from opendome.scenario.draws import Draws
from opendome.scenario.network_checks import patterns_of, silent, unlinked
from opendome.scenario.network_entries import LINKS, NETWORK, NODES, OUTAGES, NetworkParts
from opendome.scenario.network_spec import LineSpec, NodeSpec, OutageSpec
from opendome.scenario.realisation import later_orbit
from opendome.scenario.sectors import Commanders
from opendome.sensing.infrared import InfraredSatellite
from opendome.sensing.models import SensorSuite
from opendome.sensing.orbit_spec import ConstellationSpec
from opendome.sensing.orbits import Orbit
from opendome.world.earth import ecef_from_geodetic
from opendome.world.frames import enu_axes
from opendome.world.kepler import Elements

Flags = npt.NDArray[np.bool_]


def realise_network(
    parts: NetworkParts,
    assets: Sequence[Asset],
    suite: SensorSuite,
    links: dict[int, Link],
    draws: Draws,
    *,
    who: Commanders,
    offset_s: float,
    era_epoch_rad: float,
) -> Network:
    """The network of a future.

    parts : of the scenario     assets, suite, links : its sensors, in this future
    who : commands in this future; the command nodes of a nation that is cut off do not work
    offset_s : the epoch of this future, after that of the scenario [s]
    """
    pick = draws.below(NETWORK)
    spec = parts.spec
    sensors = [asset for asset in assets if asset.is_sensor]
    mute = silent(sensors, parts)
    groups = [
        replace(_sensors(asset, suite, era_epoch_rad), passes=asset.name not in mute)
        for asset in sensors
    ]
    groups += [_node(node, draws, offset_s, era_epoch_rad) for node in parts.node_specs]
    patterns = patterns_of(parts)
    lines = [_line(index, link, draws, patterns) for index, link in enumerate(parts.link_specs)]
    lines += _own_lines(parts, sensors, links, who)
    works, outages = _outages([outage for _, outage in parts.outages], groups, draws)
    works |= {group.name: np.zeros(1, np.bool_) for group in groups if _is_cut_off(group, who)}
    return Network(
        groups=tuple(replace(group, works=works.get(group.name)) for group in groups),
        lines=tuple(
            replace(line, works=bool(works[line.name].all())) if line.name in works else line
            for line in lines
        ),
        outages=tuple(outages),
        releases=dict(spec.releases or {}),
        step_s=pick("step", spec.step),
        age_max_s=pick("age_max", spec.age_max),
        queue_max_s=pick("queue_max", spec.queue_max),
    )


def _is_cut_off(group: Group, who: Commanders) -> bool:
    """Whether a place is the national command of a nation that is cut off."""
    return group.commands and not group.sector and group.nation in who.cut_off


def _elements(orbits: Sequence[Orbit], era_epoch_rad: float) -> Elements:
    """Orbits as elements in ECI."""

    def column(name: str) -> npt.NDArray[np.float64]:
        return np.array([getattr(orbit, name) for orbit in orbits], np.float64)

    return Elements(
        semi_major_axis_m=column("semi_major_axis_m"),
        eccentricity=column("eccentricity"),
        inclination_rad=column("inclination_rad"),
        raan_rad=column("raan_rad") + column("node_turns_with_earth") * era_epoch_rad,
        argument_of_perigee_rad=column("argument_of_perigee_rad"),
        mean_anomaly_rad=column("mean_anomaly_rad"),
    )


def _sensors(asset: Asset, suite: SensorSuite, era_epoch_rad: float) -> Group:
    """The sensors of an asset as places."""
    own = [sensor for sensor in suite.sensors if sensor.asset == asset.index]
    group = Group(name=asset.name, nation=asset.nation, names=tuple(s.name for s in own))
    orbits = [sensor.orbit for sensor in own if isinstance(sensor, InfraredSatellite)]
    if orbits:
        return replace(group, elements=_elements(orbits, era_epoch_rad))
    at = [(s.lat_rad, s.lon_rad, s.alt_m) for s in own
          if not isinstance(s, InfraredSatellite)]  # fmt: skip
    return _standing(group, np.array(at, np.float64).reshape(-1, 3))


def _standing(group: Group, at: npt.NDArray[np.float64]) -> Group:
    """A group on the ground. at : (place, 3) latitude, longitude [rad], height [m]."""
    return replace(
        group,
        site_ecef_m=ecef_from_geodetic(at[:, 0], at[:, 1], at[:, 2]),
        up_ecef=enu_axes(at[:, 0], at[:, 1])[:, 2],
    )


def _node(node: NodeSpec, draws: Draws, offset_s: float, era_epoch_rad: float) -> Group:
    """A node with its places."""
    pick = draws.below(f"{NETWORK}.{NODES}.{node.name}")
    names = tuple(f"{node.name} {place + 1}" for place in range(node.places))
    group = Group(
        name=node.name,
        nation=node.nation,
        names=names if node.flies else (node.name,),
        delay_s=pick("handling_delay", node.handling_delay),
        commands=node.kind == "command",
        sector=node.sector or "",
    )
    if node.flies:
        orbits = [later_orbit(orbit, offset_s) for orbit in _orbits(node, draws)]
        return replace(group, elements=_elements(orbits, era_epoch_rad))
    lat_rad = pick("latitude", cast("Value", node.latitude))
    lon_rad = pick("longitude", cast("Value", node.longitude))
    alt_m = 0.0 if node.altitude is None else pick("altitude", node.altitude)
    mask = node.mask_elevation
    return replace(
        _standing(group, np.array([[lat_rad, lon_rad, alt_m]])),
        mask_rad=0.0 if mask is None else pick("mask_elevation", mask),
    )


def _orbits(node: NodeSpec, draws: Draws) -> list[Orbit]:
    """Orbits of a relay at the epoch of the scenario."""
    pick = draws.below(f"{NETWORK}.{NODES}.{node.name}")
    if node.constellation is not None:
        return node.constellation.orbits(pick)
    if node.geostationary is not None:
        return node.geostationary.orbits(pick)
    elements = node.elements or []
    return [entry.orbit(pick, f"elements.{index}") for index, entry in enumerate(elements)]


def _grid(pattern: ConstellationSpec) -> Grid:
    """Neighbours of a Walker pattern; a star has a seam between its last plane and its first."""
    planes = round(pattern.planes.middle)
    shift = None if pattern.walker == "star" else round(pattern.phasing.middle)
    return Grid(planes=planes, slots=round(pattern.satellites.middle) // planes, shift=shift)


def _line(
    index: int, link: LineSpec, draws: Draws, patterns: Mapping[str, ConstellationSpec]
) -> Line:
    """A link of the scenario."""
    draw = draws.below(f"{NETWORK}.{LINKS}.{index}")

    def own(name: str, otherwise: float) -> float:
        value: Value | None = getattr(link, name)
        return otherwise if value is None else draw(name, value)

    return Line(
        name=link.label,
        ends=link.between,
        fixed=link.kind == "line",
        range_max_m=own("range_max", math.inf),
        margin_m=own("grazing_altitude", 0.0),
        elevation_min_rad=own("elevation_min", 0.0),
        delay_s=own("delay", 0.0),
        rate_hz=own("capacity", math.inf),
        p_loss=own("p_loss", 0.0),
        grid=_grid(patterns[link.between[0]]) if link.mesh == "grid" else None,
    )


def _own_lines(
    parts: NetworkParts, sensors: Sequence[Asset], links: dict[int, Link], who: Commanders
) -> list[Line]:
    """Lines of sensors that no link names: their `downlink_delay` to their own command."""
    return [
        Line(
            name=f"{asset.name} to {node.name}",
            ends=(asset.name, node.name),
            fixed=True,
            delay_s=links[asset.index].downlink_delay_s,
        )
        for asset in unlinked(sensors, parts)
        for node in parts.node_specs
        if node.kind == "command"
        and (node.sector or node.nation) in (asset.nation, who.division.of(asset.name))
    ]


def _outages(
    outages: Sequence[OutageSpec], groups: Sequence[Group], draws: Draws
) -> tuple[dict[str, Flags], list[Outage]]:
    """What works at all, by name, and what is down for a time.

    The luck of a place belongs to its name, so that another outage changes nobody else's.
    """
    works: dict[str, Flags] = {}
    timed: list[Outage] = []
    places = {group.name: len(group.names) for group in groups}
    for index, outage in enumerate(outages):
        pick = draws.below(f"{NETWORK}.{OUTAGES}.{index}")
        if outage.availability is not None:
            p_works = pick("availability", outage.availability)
            luck = [
                draws.uniform(f"outage {outage.of}", place, 0)
                for place in range(places.get(outage.of, 1))
            ]
            flags = np.array(luck) < p_works
            works[outage.of] = flags & works.get(outage.of, flags)
        elif outage.from_ is not None and outage.to is not None:
            times = (pick("from", outage.from_), pick("to", outage.to))
            timed.append(Outage(name=outage.of, from_s=times[0], to_s=times[1]))
    return works, timed
