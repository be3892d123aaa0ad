"""What gets lost if an object gets through, as a node believes: its predicted impact."""

import math

from opendome.command.kernels import believed_harmless
from opendome.command.kernels.impact import expected_loss, ground_spread
from opendome.compiled import table_kernel
from opendome.engagement.kernels.sight import position_sigma
from opendome.engagement.kernels.state import State
from opendome.engagement.records import Board, Rules

EVERY_OBJECT = 1.0  # worth of an object where nothing defended has a value


@table_kernel
def impact_open(board: Board, obj: int, now_s: float) -> bool:
    """Whether nobody can know yet where an object will fall: it burns, or has yet to turn."""
    return now_s < board.objects[obj]["burnout_t_s"] or now_s < board.objects[obj]["turn_t_s"]


@table_kernel
def impact_sigma(board: Board, state: State, node: int, obj: int) -> float:
    """Root of the summed variances of the predicted impact of a track [m]."""
    filter_t_s = state.tracks[node, obj]["filter_t_s"]
    return position_sigma(board, state, node, obj, board.objects[obj]["impact_t_s"] - filter_t_s)


@table_kernel
def inside_enough(
    board: Board, rules: Rules, state: State, node: int, obj: int, now_s: float
) -> bool:
    """Whether the predicted impact lies within what is defended with the chance a node asks for.

    Model: the border of what is defended is straight as seen from the predicted impact, whose
    error across it is normal.
    """
    track = state.tracks[node, obj]
    if track["tracked"] == 0 or impact_open(board, obj, now_s):
        return False
    sigma_m = impact_sigma(board, state, node, obj)
    believed_m = board.objects[obj]["defended_distance_m"] + sigma_m * track["impact_error"]
    return 0.5 * math.erfc(believed_m / (sigma_m * math.sqrt(2.0))) >= rules.p_inside


@table_kernel
def believed_loss(board: Board, state: State, node: int, obj: int) -> float:
    """Value that a node expects an object to cost, from the impact it predicts.

    Model: the prediction errs from the true impact by a draw of its own covariance, the same
    draw as long as the object flies. White acceleration of one that manoeuvres adds
    q s^3 / 3 on each axis.
    """
    flying, track = board.objects[obj], state.tracks[node, obj]
    ground = board.ground[obj]
    age_s = flying["impact_t_s"] - track["filter_t_s"]
    xx, xy, yy = ground_spread(
        state.cov[node, obj], age_s, ground[3], ground[0], ground[1], ground[2]
    )
    swerve_s = min(age_s, max(0.0, flying["impact_t_s"] - flying["manoeuvre_t_s"]))
    swerve_m2 = flying["manoeuvre_psd_m2_s3"] * swerve_s * swerve_s * swerve_s / 3.0
    xx, yy = xx + swerve_m2, yy + swerve_m2
    east_sigma_m = math.sqrt(xx)
    slope = xy / east_sigma_m if east_sigma_m > 0.0 else 0.0
    north_sigma_m = math.sqrt(max(0.0, yy - slope * slope))
    return expected_loss(
        board.places,
        board.vertices,
        flying["first_place"],
        flying["end_place"],
        east_sigma_m * track["impact_error"],
        slope * track["impact_error"] + north_sigma_m * track["impact_error_north"],
        xx,
        xy,
        yy,
    )


@table_kernel
def worth_of(board: Board, rules: Rules, state: State, node: int, obj: int, now_s: float) -> float:
    """What a node believes is lost if an object gets through; 0 for one to be left alone.

    Where what is defended has values, the loss that the predicted impact makes expect, and the
    largest value as long as the impact is open. Without values every object counts the same, but
    for one whose predicted impact lies clearly outside every defended area.
    """
    track = state.tracks[node, obj]
    if track["tracked"] == 0:
        return 0.0
    if board.loss_max > 0.0:
        if impact_open(board, obj, now_s):
            return board.loss_max
        return believed_loss(board, state, node, obj)
    if impact_open(board, obj, now_s):
        return EVERY_OBJECT
    sigma_m = impact_sigma(board, state, node, obj)
    believed_m = board.objects[obj]["defended_distance_m"] + sigma_m * track["impact_error"]
    return 0.0 if believed_harmless(believed_m, sigma_m, rules.harmless_sigmas) else EVERY_OBJECT
