"""The rules of one future, as the compiled trial reads them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.command.models import CommandModel, Doctrine, people_table
from opendome.draws.purposes import purpose
from opendome.engagement.board import fill
from opendome.engagement.records import ASSET_RULE, LAYER_RULE, Records, Rules
from opendome.intercept.interceptors import Launching
from opendome.tracking.models import TrackingModel

ENGAGE = ("free", "tight", "hold")  # numbered as in kernels.possible
LAUNCHING = (
    "price",
    "p_common_failure",
    "channel_time_s",
    "launch_interval_s",
    "reload_s",
)
UNLIMITED = 2**31  # more rounds than any site has, still a whole number
IMPROVING = 4  # sweeps over the assignment of one layer
Floats = npt.NDArray[np.float64]


def _partners(coordination_s: Floats) -> Floats:
    """The delays between nodes that tell each other of their shots; (0, 0) where none does."""
    others = ~np.eye(coordination_s.shape[0], dtype=np.bool_)
    return coordination_s if np.isfinite(coordination_s[others]).any() else np.zeros((0, 0))


def _limited(launching: Launching) -> bool:
    """Whether a launcher limits what can be fired at all."""
    some = launching.channels, launching.ready
    return bool(np.isfinite(some).any()) or launching.launch_interval_s > 0.0


def write_rules(
    command: CommandModel,
    tracking: TrackingModel,
    *,
    nodes: tuple[str, ...],
    coordination_s: Floats,
    layer_doctrine: tuple[Doctrine, ...],
    asset_names: tuple[str, ...],
    asset_class: tuple[str, ...],
    asset_p_kill: Floats,
    asset_divert_radius_m: Floats,
    asset_homing_s: Floats,
    asset_launch_delay_s: Floats,
    asset_launching: tuple[Launching, ...],
) -> Rules:
    """Join the rules of command, tracking and interceptors of one future."""
    return Rules(
        cycle_s=float(command.cycle_s),
        confirm_s=float(command.confirm_s),
        assessment_delay_s=float(command.assessment_delay_s),
        p_false_kill=float(command.p_false_kill),
        p_false_miss=float(command.p_false_miss),
        commit_sigma_m=float(command.commit_sigma_m),
        harmless_sigmas=float(command.harmless_sigmas),
        log_odds_to_engage=command.log_odds_to_engage,
        p_inside=float(command.p_inside),
        confirm_hits=int(tracking.confirm_hits),
        confirm_window=int(tracking.confirm_window),
        prior_position_sigma_m=float(tracking.prior_position_sigma_m),
        prior_speed_sigma_m_s=float(tracking.prior_speed_sigma_m_s),
        accel_psd_boost_m2_s3=float(tracking.accel_psd_boost_m2_s3),
        accel_psd_coast_m2_s3=float(tracking.accel_psd_coast_m2_s3),
        custody_gap_s=float(tracking.custody_gap_s),
        custody_sigma_m=float(tracking.custody_sigma_m),
        layers=fill(
            LAYER_RULE,
            salvo=[doctrine.salvo for doctrine in layer_doctrine],
            salvos_max=[doctrine.salvos_max for doctrine in layer_doctrine],
            reserve=[doctrine.reserve for doctrine in layer_doctrine],
            engage=[ENGAGE.index(doctrine.engage) for doctrine in layer_doctrine],
        ),
        assets=_asset_rules(
            asset_names,
            asset_class,
            asset_launching,
            p_kill=asset_p_kill,
            divert_radius_m=asset_divert_radius_m,
            homing_s=asset_homing_s,
            launch_delay_s=asset_launch_delay_s,
        ),
        people=people_table(command.people, nodes),
        coordination_s=_partners(coordination_s),
        improving=IMPROVING if command.solver == "improved" else 0,
        reliability_purpose=purpose("reliability"),
        impact_purpose=purpose("predicted impact"),
        impact_north_purpose=purpose("predicted impact north"),
        taken_purpose=purpose("taken for real"),
    )


def _asset_rules(
    names: tuple[str, ...],
    classes: tuple[str, ...],
    launching: tuple[Launching, ...],
    **columns: Floats,
) -> Records:
    """What every system obeys; columns : (asset,) fields that are known as they are.

    Assets of one class have their common fault in common, under whatever names.
    """
    handling: dict[str, Any] = {
        name: [getattr(rule, name) for rule in launching] for name in LAUNCHING
    }
    counts: dict[str, Any] = {
        name: [min(getattr(rule, name), UNLIMITED) for rule in launching]
        for name in ("channels", "ready")
    }
    return fill(
        ASSET_RULE,
        kill_purpose=[purpose(f"kill {name}") for name in names],
        assess_purpose=[purpose(f"assessment {name}") for name in names],
        common_purpose=[purpose(f"common failure {name}") for name in classes],
        limited=[_limited(rule) for rule in launching],
        **columns,
        **handling,
        **counts,
    )
