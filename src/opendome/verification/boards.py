"""A board with all physics pinned, on which every answer is a formula."""

from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.command.kernels.impact import IMPACT_PLACE
from opendome.command.kernels.people import PERSON
from opendome.draws.purposes import purpose
from opendome.engagement.board import fill
from opendome.engagement.records import (
    ARRIVAL,
    ASSET_RULE,
    LAYER_RULE,
    LOOK,
    OBJECT,
    PAIR,
    SENSOR,
    SHOOTER,
    Board,
    Rules,
)

RADIUS_M = 6.9e6
SPEED_M_S = 7000.0
FLIGHT_S = 100.0
SEEN_T_S = 9.0
FIRST_MEET_T_S, MEET_STEP_S = 40.0, 2.0
SHOT_S = 30.0  # from launch to intercept
ANYWHERE_M = 1e12


def circle(samples: int, step_s: float) -> npt.NDArray[np.float64]:
    """Position [m] and velocity [m/s] on a circle above the ground: (sample, 6)."""
    angle = SPEED_M_S / RADIUS_M * np.arange(samples) * step_s
    zero = np.zeros(samples)
    place = RADIUS_M * np.stack([np.cos(angle), np.sin(angle), zero], axis=1)
    motion = SPEED_M_S * np.stack([-np.sin(angle), np.cos(angle), zero], axis=1)
    return np.concatenate([place, motion], axis=1)


def pinned_board(*, warheads: int, p_seen: float, stock: int) -> Board:
    """Certain reach of one site, one look that decides whether a warhead is tracked at all."""
    meets = np.arange(FIRST_MEET_T_S, FLIGHT_S, MEET_STEP_S)
    rows = np.arange(warheads + 1)
    last = np.full(warheads, meets[-1] - SHOT_S)
    return Board(
        objects=fill(
            OBJECT,
            launch_t_s=np.zeros(warheads),
            burnout_t_s=np.zeros(warheads),
            impact_t_s=np.full(warheads, FLIGHT_S),
            p_reliable=np.ones(warheads),
            defended_distance_m=np.full(warheads, -ANYWHERE_M),
            last_order_t_s=last,
            parent=np.full(warheads, -1),
            lethal=np.ones(warheads),
            p_taken_for_real=np.ones(warheads),
            first_look=rows[:-1],
            end_look=rows[1:],
            first_pair=rows[:-1],
            end_pair=rows[1:],
        ),
        path=np.repeat(circle(int(FLIGHT_S) + 1, 1.0)[None], warheads, 0),
        path_step_s=1.0,
        looks=fill(
            LOOK,
            t_s=np.full(warheads, SEEN_T_S),
            p_detect=np.full(warheads, p_seen),
            sensor=np.zeros(warheads),
            information_m2=np.tile([1e-2, 0.0, 0.0, 1e-2, 0.0, 1e-2], (warheads, 1)),
        ),
        arrivals=fill(
            ARRIVAL,
            t_s=np.full(warheads, SEEN_T_S),
            look=rows[:-1],
            p_delivered=np.ones(warheads),
        ),
        arrival_start=rows[None, :].astype(np.int64),
        delivery_purpose=np.array([[purpose("pinned delivery")]]),
        sensors=fill(SENSOR, ranging=[1], purpose=[purpose("pinned detection")]),
        pairs=fill(
            PAIR,
            shooter=np.zeros(warheads),
            first_t_s=np.full(warheads, meets[0]),
            first_sample=rows[:-1] * meets.size,
            end_sample=rows[1:] * meets.size,
            last_t_s=last,
        ),
        latest_t_s=np.tile(meets - SHOT_S, warheads),
        meet_step_s=MEET_STEP_S,
        shooters=fill(SHOOTER, asset=[0], layer=[0], node=[0], stock=[stock]),
        places=np.zeros(0, IMPACT_PLACE),
        vertices=np.zeros((0, 2)),
        ground=np.zeros((0, 4, 3)),
        loss_max=0.0,
    )


def pinned_rules(*, p_kill: float, salvo: int, salvos_max: int = 1, **changes: Any) -> Rules:
    """Certain tracks, no human delay, no errors of assessment.

    changes : any other field of `Rules`
    """
    rules = Rules(
        cycle_s=5.0,
        confirm_s=0.0,
        assessment_delay_s=1.0,
        p_false_kill=0.0,
        p_false_miss=0.0,
        commit_sigma_m=ANYWHERE_M,
        harmless_sigmas=2.0,
        log_odds_to_engage=0.0,
        p_inside=0.5,
        confirm_hits=1,
        confirm_window=1,
        prior_position_sigma_m=1e6,
        prior_speed_sigma_m_s=4e3,
        accel_psd_boost_m2_s3=50.0,
        accel_psd_coast_m2_s3=1e-4,
        custody_gap_s=1e6,
        custody_sigma_m=ANYWHERE_M,
        layers=fill(LAYER_RULE, salvo=[salvo], salvos_max=[salvos_max]),
        assets=fill(
            ASSET_RULE,
            p_kill=[p_kill],
            divert_radius_m=[ANYWHERE_M],
            homing_s=[10.0],
            launch_delay_s=[0.0],
            kill_purpose=[purpose("pinned kill")],
            assess_purpose=[purpose("pinned assess")],
        ),
        reliability_purpose=purpose("reliability"),
        people=np.zeros((1, 0), PERSON),
        coordination_s=np.zeros((0, 0)),
        improving=0,
        impact_purpose=purpose("predicted impact"),
        impact_north_purpose=purpose("predicted impact north"),
        taken_purpose=purpose("taken for real"),
    )
    return rules._replace(**changes)
