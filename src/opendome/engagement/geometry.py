"""The geometry pass of one future: from a scenario to a board and its rules."""

from dataclasses import dataclass

import numpy as np

from opendome.engagement.board import lay_board
from opendome.engagement.impact import impact_table
from opendome.engagement.records import Board, Rules
from opendome.engagement.rules import write_rules
from opendome.intercept.models import reach
from opendome.intercept.records import Reach
from opendome.network.records import Picture
from opendome.quantities.errors import OpendomeError
from opendome.scenario.realisation import Realisation
from opendome.scenario.scenario import Scenario
from opendome.sensing.models import look_at
from opendome.sensing.records import Looks
from opendome.threats.models import fly_raid
from opendome.threats.records import Raid

RAID_STEP_S = 1.0
REACH_STEP_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Geometry:
    """Everything about one future that no dice decide."""

    realisation: Realisation
    raid: Raid
    looks: Looks
    picture: Picture
    reach: Reach
    board: Board
    rules: Rules


def lay_out(scenario: Scenario, future: int) -> Geometry:
    """Fly the raid of a future, list every look and every reachable shot, lay the board."""
    real = scenario.realise(future)
    raid = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=RAID_STEP_S)
    if raid.refused:
        raise _refusal(raid, future)
    looks = look_at(raid, real.suite, era_epoch_rad=real.era_epoch_rad, sky=real.sky)
    picture = real.picture(looks)
    reached = reach(raid, real.shooters, era_epoch_rad=real.era_epoch_rad, step_s=REACH_STEP_S)
    board = lay_board(
        raid,
        looks,
        picture,
        reached,
        impact=impact_table(
            raid,
            real.valued,
            loss=np.nan_to_num(real.loss_at(raid.impact_lat_rad, raid.impact_lon_rad)),
            era_epoch_rad=real.era_epoch_rad,
        ),
        defended_distance_m=real.defended_distance_m(raid.impact_lat_rad, raid.impact_lon_rad),
        asset_layer=real.asset_layer,
        shooter_node=real.shooter_node,
        asset_launch_delay_s=np.nan_to_num(real.asset_launch_delay_s),
        watch_gap_s=real.tracking.custody_gap_s,
    )
    rules = write_rules(
        real.command,
        real.tracking,
        nodes=real.nodes,
        coordination_s=real.coordination_s,
        layer_doctrine=real.layer_doctrine,
        asset_names=real.asset_names,
        asset_class=real.asset_class,
        asset_p_kill=real.asset_p_kill,
        asset_divert_radius_m=real.asset_divert_radius_m,
        asset_homing_s=real.asset_homing_s,
        asset_launch_delay_s=np.nan_to_num(real.asset_launch_delay_s),
        asset_launching=real.asset_launching,
    )
    return Geometry(
        realisation=real,
        raid=raid,
        looks=looks,
        picture=picture,
        reach=reached,
        board=board,
        rules=rules,
    )


def _refusal(raid: Raid, future: int) -> OpendomeError:
    """Error for missiles that cannot reach where they are aimed."""
    first = raid.refused[0]
    return OpendomeError(
        got=f"{len(raid.refused)} of {raid.objects} missiles of future {future} that cannot fly: "
        f"raid.{first.group}: {first.reason}",
        allowed="aim points within the range of the class, from every launch point",
        do="bring `from` and `to` closer to the range of the class, or choose another class",
    )
