"""What a trial remembers while it is played."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.engagement.records import Board

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Records = Any  # a table of one of the record types below

HARMLESS, THREAT, JUDGED = 0, 1, 2

TRACK = np.dtype(
    [
        ("next_arrival", "i8"),
        ("angles_confirmed", "i8"),
        ("ranging_confirmed", "i8"),
        ("tracked", "i8"),
        ("held", "i8"),
        ("filter_t_s", "f8"),
        ("doubtful_t_s", "f8"),
        ("release_t_s", "f8"),
        ("waiting", "i8"),
        ("known_t_s", "f8"),
        ("survival", "f8"),
        ("believed_dead", "i8"),
        ("impact_error", "f8"),
        ("log_odds", "f8"),
    ]
)
SALVO = np.dtype([("in_salvo", "i8"), ("pending", "i8"), ("closed", "i8")])
OPTION = np.dtype(
    [
        ("flies", "i8"),
        ("pair", "i8"),
        ("sample", "i8"),
        ("count", "i8"),
        ("had_reach", "i8"),
        ("had_stock", "i8"),
        ("taken", "i8"),
        ("believed", "i8"),
        ("dismissed", "i8"),
    ]
)
FLIGHT = np.dtype([("handed_over", "i8"), ("known", "i8"), ("ordinal", "i8")])
CHANCE = np.dtype([("open", "i8"), ("last_t_s", "f8")])


class State(NamedTuple):
    """Scratch of one trial, reused by the next.

    Attributes
    ----------
    hit : (look,) whether the look was a detection
    mask : (node, object, sensor) last looks of a sensor as bits
    watched_s : (node, object, sensor) how long a sensor has watched an object, as the node
        knows; without a row where no sensor judges
    tracks : (node, object) of TRACK; `held`: its covariance is alive, `filter_t_s`: last
        detection in it, `doubtful_t_s`: custody holds without news until then, `release_t_s`:
        permission to fire, inf before the first track, `waiting`: shots whose result is not
        known, `known_t_s`: when the last result will be, `survival`: chance to outlive the
        shots since it last had none, `log_odds`: evidence that it is a threat
    cov : (node, object, 6, 6)
    pointer : (pair,) earliest intercept still possible
    stock : (shooter,)
    salvos : (node, object, layer) of SALVO
    fired : (object, asset) shots so far
    options : (object,) of OPTION: whether it flies at all, its best shot of this cycle,
        whether it ever had any; `taken` for real (1), for harmless (0) or judged by sensors
        (2), and whether a node that could decide ever `believed` or `dismissed` it
    flights : (shot,) of FLIGHT
    chances : (layer,) of CHANCE: may it fire at the object in hand, and until when
    in_flight : (1,) shots whose result is not known
    due : (shot,) shots to be resolved now, in order
    scratch : (6, 6)
    """

    hit: Bytes
    mask: Longs
    watched_s: Floats
    tracks: Records
    cov: Floats
    pointer: Longs
    stock: Longs
    salvos: Records
    fired: Longs
    options: Records
    flights: Records
    chances: Records
    in_flight: Longs
    due: Longs
    scratch: Floats


def new_state(board: Board, *, nodes: int, layers: int, assets: int, shots: int) -> State:
    """Empty scratch that fits a board; one more node than decide, for the all-seeing fiction."""
    objects = board.objects.size
    judged = bool(np.isnan(board.objects["p_taken_for_real"]).any())
    return State(
        hit=np.zeros(board.looks.size, np.uint8),
        mask=np.zeros((nodes + 1, objects, board.sensors.size), np.int64),
        watched_s=np.zeros((nodes, objects if judged else 0, board.sensors.size)),
        tracks=np.zeros((nodes + 1, objects), TRACK),
        cov=np.zeros((nodes, objects, 6, 6)),
        pointer=np.zeros(board.pairs.size, np.int64),
        stock=np.zeros(board.shooters.size, np.int64),
        salvos=np.zeros((nodes, objects, layers), SALVO),
        fired=np.zeros((objects, assets), np.int64),
        options=np.zeros(objects, OPTION),
        flights=np.zeros(shots, FLIGHT),
        chances=np.zeros(layers, CHANCE),
        in_flight=np.zeros(1, np.int64),
        due=np.zeros(shots, np.int64),
        scratch=np.zeros((6, 6)),
    )


@table_kernel
def clear(board: Board, state: State) -> None:
    """Bring the scratch back to the start of a trial."""
    state.mask[:] = 0
    state.watched_s[:] = 0.0
    state.fired[:] = 0
    state.in_flight[0] = 0
    for pair in range(state.pointer.shape[0]):
        state.pointer[pair] = board.pairs[pair]["first_sample"]
    for shooter in range(state.stock.shape[0]):
        state.stock[shooter] = board.shooters[shooter]["stock"]
    for obj in range(state.options.shape[0]):
        state.options[obj]["had_reach"] = 0
        state.options[obj]["had_stock"] = 0
        state.options[obj]["believed"] = 0
        state.options[obj]["dismissed"] = 0
        for node in range(state.tracks.shape[0]):
            clear_track(state, node, obj)
        for node in range(state.salvos.shape[0]):
            state.tracks[node, obj]["next_arrival"] = board.arrival_start[node, obj]
            for layer in range(state.salvos.shape[2]):
                state.salvos[node, obj, layer]["in_salvo"] = 0
                state.salvos[node, obj, layer]["pending"] = 0
                state.salvos[node, obj, layer]["closed"] = 0


@table_kernel
def clear_track(state: State, node: int, obj: int) -> None:
    """Forget everything a node knew of an object."""
    track = state.tracks[node, obj]
    track["angles_confirmed"] = 0
    track["ranging_confirmed"] = 0
    track["tracked"] = 0
    track["held"] = 0
    track["filter_t_s"] = -np.inf
    track["doubtful_t_s"] = -np.inf
    track["release_t_s"] = np.inf
    track["waiting"] = 0
    track["known_t_s"] = -np.inf
    track["survival"] = 1.0
    track["believed_dead"] = 0
    track["log_odds"] = 0.0
