"""What gets lost if an object gets through, as a node believes: its predicted impact."""

import math

from opendome.command.kernels import believed_harmless
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
def worth_of(board: Board, rules: Rules, state: State, node: int, obj: int, now_s: float) -> float:
    """What a node believes is lost if an object gets through; 0 for one to be left alone.

    Without values every object counts the same, but for one whose predicted impact lies clearly
    outside every defended area. An object whose impact is still open counts in full.
    """
    track = state.tracks[node, obj]
    if track["tracked"] == 0:
        return 0.0
    if impact_open(board, obj, now_s):
        return EVERY_OBJECT
    sigma_m = impact_sigma(board, state, node, obj)
    believed_m = board.objects[obj]["defended_distance_m"] + sigma_m * track["impact_error"]
    return 0.0 if believed_harmless(believed_m, sigma_m, rules.harmless_sigmas) else EVERY_OBJECT
