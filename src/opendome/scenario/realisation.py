"""One possible state of affairs: every value of a scenario drawn, every model made."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.command.models import CommandModel, Doctrine
from opendome.intercept.interceptors import NO_LIMITS, Launching
from opendome.intercept.models import OrbitalInterceptor, Shooters, ShooterSuite
from opendome.network.drawn import picture as drawn_picture
from opendome.network.flow import Flow, places_of
from opendome.network.graph import Network
from opendome.network.holding import Holding
from opendome.network.models import Link, Sharing
from opendome.network.plain import picture
from opendome.network.records import Picture
from opendome.quantities.constants import RADIUS_EQUATOR_M, ROTATION_RAD_S
from opendome.scenario.defended import DefendedPlace
from opendome.scenario.draft import Asset
from opendome.scenario.draws import Draws
from opendome.scenario.sensors import working
from opendome.sensing.infrared import InfraredSatellite
from opendome.sensing.models import SensorSuite
from opendome.sensing.orbits import Orbit
from opendome.sensing.radar import Radar
from opendome.sensing.records import Looks
from opendome.sensing.resources import Luck
from opendome.sensing.sky import Sky
from opendome.sensing.skywave import SkywaveRadar
from opendome.threats.groups import RaidGroup
from opendome.tracking.models import TrackingModel
from opendome.world.constellations import Walker
from opendome.world.kepler import secular_rates

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Realisation:
    """One future of a scenario, every value known.

    Attributes
    ----------
    era_epoch_rad : Earth rotation angle at t_s = 0 of this future [rad]
    sky : where the Sun stands, and over which launches the sky is clear
    raid_groups : what flies in
    suite, shooters : what watches and what shoots
    tracking, command : rules
    layers, layer_doctrine : (layer,) names in the order of the assets, and how each fires
    nodes : deciding nations, and sectors that decide in some future; the same in all futures
    cut_off : nations whose command is cut off in this future, so that their sectors decide
    asset_names, asset_class : (asset,) name; what it is: its id in the catalogue, else its name
    asset_layer : (asset,) -1 if it does not shoot
    asset_p_kill, asset_divert_radius_m, asset_homing_s, asset_launch_delay_s : (asset,) NaN
        if it does not shoot
    asset_launching : (asset,) how its sites handle their rounds
    shooter_node : (shooter,) node that commands it, -1 if it is out of action
    asset_nation : (asset,) owner
    asset_party : (asset,) who has it as a whole: its nation or sector, empty for nobody
    asset_delay_s : (asset,) delay of a sensor to its command [s]
    asset_processing_s : (asset,) the part of that delay after the ground station [s]
    sharing : what nations and sectors give to each other in this future
    coordination_s : (node, node) from an order of the first to the second knowing of it, 0 for
        its own, inf for never [s]
    network : how messages travel; None when a scenario does not say
    places : what is worth defending, each with its value if values are given
    sampled : path -> value drawn [SI], for every uncertain input
    sensors_down : name of each sensor that does not work in this future -> why
    """

    era_epoch_rad: float
    sky: Sky
    raid_groups: tuple[RaidGroup, ...]
    suite: SensorSuite
    shooters: ShooterSuite
    tracking: TrackingModel
    command: CommandModel
    layers: tuple[str, ...]
    layer_doctrine: tuple[Doctrine, ...]
    nodes: tuple[str, ...]
    asset_names: tuple[str, ...]
    asset_class: tuple[str, ...]
    asset_layer: Integers
    asset_p_kill: Floats
    asset_divert_radius_m: Floats
    asset_homing_s: Floats
    asset_launch_delay_s: Floats
    asset_launching: tuple[Launching, ...]
    shooter_node: Integers
    asset_nation: tuple[str, ...]
    asset_party: tuple[str, ...]
    asset_delay_s: Floats
    asset_processing_s: Floats
    sharing: tuple[Sharing, ...]
    coordination_s: Floats
    places: tuple[DefendedPlace, ...]
    sampled: dict[str, float]
    network: Network | None = None
    sensors_down: Mapping[str, str] = field(default_factory=dict[str, str])
    cut_off: tuple[str, ...] = ()

    def picture(self, looks: Looks) -> Picture:
        """When each look becomes known to each deciding node."""
        owners = tuple(self.asset_party[asset] for asset in looks.sensor_asset)
        holding = Holding(confirm_hits=int(self.tracking.confirm_hits))
        if self.network is None:
            return picture(
                self.nodes,
                looks,
                sensor_nation=owners,
                sensor_delay_s=[float(self.asset_delay_s[asset]) for asset in looks.sensor_asset],
                sharing=self.sharing,
                holding=holding,
            )
        names = [self.asset_names[asset] for asset in looks.sensor_asset]
        return drawn_picture(
            Flow(
                network=self.network,
                looks=looks,
                nodes=self.nodes,
                sensor_nation=owners,
                sensor_place=places_of(self.network, names),
                processing_s=self.asset_processing_s[looks.sensor_asset],
                sharing=self.sharing,
                holding=holding,
                era_epoch_rad=self.era_epoch_rad,
            )
        )

    def defended_distance_m(self, lat_rad: Floats, lon_rad: Floats) -> Floats:
        """Distance of points to the nearest thing defended, negative inside (n,) [m]."""
        known = np.isfinite(lat_rad) & np.isfinite(lon_rad)
        result = np.full(lat_rad.shape, np.nan)
        lat, lon = lat_rad[known], lon_rad[known]
        parts = [place.shape.signed_distance_m(lat, lon) for place in self.places]
        result[known] = np.minimum.reduce(parts) if parts else math.inf
        return result

    @property
    def valued(self) -> tuple[DefendedPlace, ...]:
        """What has a value; all that is defended, or nothing."""
        return tuple(place for place in self.places if place.value is not None)

    def loss_at(self, lat_rad: Floats, lon_rad: Floats) -> Floats:
        """Value that one object costs where it falls (n,); NaN without values or place."""
        known = np.isfinite(lat_rad) & np.isfinite(lon_rad)
        result = np.full(lat_rad.shape, np.nan)
        if self.valued:
            lat, lon = lat_rad[known], lon_rad[known]
            hits = [place.contains(lat, lon) * (place.value or 0.0) for place in self.valued]
            result[known] = np.sum(hits, axis=0)
        return result


@dataclass(frozen=True, kw_only=True)
class Models:
    """Models of all assets in one future; down : name of each missing sensor -> why."""

    radars: tuple[Radar, ...]
    satellites: tuple[InfraredSatellite, ...]
    skywave: tuple[SkywaveRadar, ...]
    shooters: tuple[Shooters, ...]
    links: dict[int, Link]
    down: dict[str, str]

    def suite(self, luck: Luck) -> SensorSuite:
        """Everything that watches."""
        return SensorSuite(
            radars=self.radars, satellites=self.satellites, skywave=self.skywave, luck=luck
        )

    def link_column(self, name: str, assets: Sequence[Asset]) -> Floats:
        """A number of the link of each asset, NaN for one without: (asset,)."""
        found = (self.links.get(asset.index) for asset in assets)
        numbers = [math.nan if link is None else getattr(link, name) for link in found]
        return np.array(numbers, np.float64)


def realise_assets(assets: Sequence[Asset], draws: Draws, offset_s: float) -> Models:
    """Models of all assets, orbits moved on to the moment of this future; no radar is cued yet."""
    radars: list[Radar] = []
    satellites: list[InfraredSatellite] = []
    skywave: list[SkywaveRadar] = []
    shooters: list[Shooters] = []
    links: dict[int, Link] = {}
    down: dict[str, str] = {}
    for asset in assets:
        pick = draws.below(f"assets.{asset.name}")
        spec: Any = asset.values.spec
        if asset.link is not None:
            links[asset.index] = asset.link.spec.realise(pick)
        if asset.is_sensor:
            made = spec.realise(pick, name=asset.name, asset=asset.index)
            every = made if isinstance(made, tuple) else (made,)
            parts, missing = working(asset, every, pick, draws.seed, draws.future)
            down |= missing
            radars += [s for s in parts if isinstance(s, Radar)]
            skywave += [s for s in parts if isinstance(s, SkywaveRadar)]
            eyes = [s for s in parts if isinstance(s, InfraredSatellite)]
            satellites += [replace(s, orbit=later_orbit(s.orbit, offset_s)) for s in eyes]
        else:
            model = spec.realise(pick)
            if isinstance(model, OrbitalInterceptor):
                model = replace(model, walker=later_walker(model.walker, offset_s))
            shooters.append(Shooters(asset=asset.index, name=asset.name, interceptor=model))
    return Models(
        radars=tuple(radars),
        satellites=tuple(satellites),
        skywave=tuple(skywave),
        shooters=tuple(shooters),
        links=links,
        down=down,
    )


def later_orbit(orbit: Orbit, offset_s: float) -> Orbit:
    """The orbit when its satellite has flown for a time.

    Model: mean motion and secular J2 rates; a node counted from Greenwich turns back.
    """
    anomaly, node, perigee = secular_rates(
        orbit.semi_major_axis_m, orbit.eccentricity, orbit.inclination_rad
    )
    turned = ROTATION_RAD_S if orbit.node_turns_with_earth else 0.0
    return replace(
        orbit,
        raan_rad=(orbit.raan_rad + (node - turned) * offset_s) % math.tau,
        argument_of_perigee_rad=(orbit.argument_of_perigee_rad + perigee * offset_s) % math.tau,
        mean_anomaly_rad=(orbit.mean_anomaly_rad + anomaly * offset_s) % math.tau,
    )


def later_walker(walker: Walker, offset_s: float) -> Walker:
    """The pattern when its satellites have flown for a time; model as in `later_orbit`."""
    axis_m = RADIUS_EQUATOR_M + walker.altitude_m
    anomaly, node, perigee = secular_rates(axis_m, 0.0, walker.inclination_rad)
    return replace(
        walker,
        raan0_rad=(walker.raan0_rad + node * offset_s) % math.tau,
        phase0_rad=(walker.phase0_rad + (anomaly + perigee) * offset_s) % math.tau,
    )


def shooter_columns(
    shooters: Sequence[Shooters], assets: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """p_kill, divert radius [m], homing time [s], launch delay [s] by asset, NaN if none."""
    table = np.full((4, assets), np.nan)
    for entry in shooters:
        model = entry.interceptor
        table[:, entry.asset] = (
            model.p_kill,
            model.divert_radius_m,
            model.homing_time_s,
            model.launch_delay_s,
        )
    return table[0], table[1], table[2], table[3]


def launching_column(shooters: Sequence[Shooters], assets: int) -> tuple[Launching, ...]:
    """How the sites of each asset handle their rounds, without limits if it does not shoot."""
    found = {entry.asset: entry.interceptor.launching for entry in shooters}
    return tuple(found.get(asset, NO_LIMITS) for asset in range(assets))
