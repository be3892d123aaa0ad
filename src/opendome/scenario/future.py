"""From a scenario and the number of a future to everything that is true in it."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from opendome.intercept.models import ShooterSuite
from opendome.network.flow import places_of
from opendome.network.models import Link, Sharing
from opendome.network.onward import onward
from opendome.network.spec import SharingSpec
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.scenario.defended import defended_places
from opendome.scenario.draws import Draws
from opendome.scenario.network_future import realise_network
from opendome.scenario.raid import raid_groups
from opendome.scenario.realisation import (
    Realisation,
    launching_column,
    realise_assets,
    shooter_columns,
)
from opendome.scenario.sectors import Commanders, commanders, coordination_s
from opendome.scenario.sensors import cued
from opendome.sensing.resources import Luck
from opendome.sensing.sky import Sky
from opendome.world.sun import sun_direction_eci
from opendome.world.time import earth_rotation_angle_rad

if TYPE_CHECKING:
    from opendome.scenario.scenario import Scenario


def realise(scenario: "Scenario", future: int) -> Realisation:
    """One state of affairs.

    Every uncertain value is drawn once, under its own path, so that a change elsewhere leaves
    it as it was. The future begins at a moment even over the day after the epoch: the Earth
    has turned and every satellite has flown on by then.
    """
    draws = Draws(scenario.seed, future)
    offset_s = draws.epoch_offset_s()
    era_rad = earth_rotation_angle_rad(scenario.head.epoch) + ROTATION_RAD_S * offset_s
    command = scenario.command.spec
    who = commanders(command, scenario.assets, draws)
    parties = who.parties(scenario.assets)
    models = realise_assets(scenario.assets, draws, offset_s)
    layers = scenario.layers
    columns = shooter_columns(models.shooters, len(scenario.assets))
    sharing = _sharing(scenario.sharing, who, draws)
    era_epoch_rad = era_rad % math.tau
    real = Realisation(
        era_epoch_rad=era_epoch_rad,
        sky=Sky(
            sun_eci=sun_direction_eci(scenario.head.epoch, offset_s),
            seed=scenario.seed,
            future=future,
        ),
        raid_groups=raid_groups(scenario.raid, draws),
        suite=models.suite(Luck(seed=scenario.seed, future=future)),
        shooters=ShooterSuite(entries=models.shooters),
        tracking=scenario.tracking.spec.realise(draws.below("tracking")),
        command=command.realise(draws.below("command")),
        layers=layers,
        layer_doctrine=tuple(command.doctrine_of(layer) for layer in layers),
        nodes=who.nodes,
        asset_names=scenario.asset_names,
        asset_class=tuple(asset.system or asset.name for asset in scenario.assets),
        asset_layer=_number_in(layers, [asset.layer for asset in scenario.assets]),
        asset_p_kill=columns[0],
        asset_divert_radius_m=columns[1],
        asset_homing_s=columns[2],
        asset_launch_delay_s=columns[3],
        asset_launching=launching_column(models.shooters, len(scenario.assets)),
        shooter_node=who.shooter_node(models.shooters, scenario.assets),
        asset_nation=tuple(asset.nation for asset in scenario.assets),
        asset_party=parties,
        asset_delay_s=models.link_column("delay_s", scenario.assets),
        asset_processing_s=models.link_column("processing_delay_s", scenario.assets),
        sharing=sharing,
        coordination_s=coordination_s(who.nodes, sharing),
        places=tuple(defended_places(scenario.defended, draws)),
        sampled=draws.sampled,
        sensors_down=models.down,
        cut_off=who.cut_off,
    )
    return _joined(real, scenario, models.links, draws, who=who, offset_s=offset_s)


def _number_in(names: Sequence[str], of_assets: Sequence[str | None]) -> npt.NDArray[np.int32]:
    """Place of the name of each asset in a list, -1 for one that is not in it: (asset,)."""
    return np.array([names.index(n) if n in names else -1 for n in of_assets], np.int32)


def _sharing(rules: Sequence[SharingSpec], who: Commanders, draws: Draws) -> tuple[Sharing, ...]:
    """Agreements in force, every delay drawn."""
    drawn = [rule.realise(draws.below(f"sharing.{index}")) for index, rule in enumerate(rules)]
    return who.in_force(drawn)


def _joined(
    real: Realisation,
    scenario: "Scenario",
    links: dict[int, Link],
    draws: Draws,
    *,
    who: Commanders,
    offset_s: float,
) -> Realisation:
    """A state of affairs with its network, and with radars that hear their cues."""
    network, place = None, np.empty(0, np.int64)
    if scenario.network is not None:
        network = realise_network(
            scenario.network,
            scenario.assets,
            real.suite,
            links,
            draws,
            who=who,
            offset_s=offset_s,
            era_epoch_rad=real.era_epoch_rad,
        )
        place = places_of(network, [real.asset_names[asset] for asset in real.suite.sensor_asset])
    told = onward(
        real.sharing, network=network, sensor_place=place, era_epoch_rad=real.era_epoch_rad
    )
    radars = cued(real.suite.radars, scenario.assets, real.asset_party, told)
    return replace(real, network=network, suite=replace(real.suite, radars=radars))
