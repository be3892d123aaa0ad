"""What a trial remembers while it is played."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.command.assign.kernels.greedy import Firing
from opendome.command.assign.kernels.improve import Bench, new_bench
from opendome.compiled import table_kernel
from opendome.engagement.records import Board, Rules

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
        ("impact_error_north", "f8"),
        ("log_odds", "f8"),
    ]
)
SALVO = np.dtype([("in_salvo", "i8"), ("pending", "i8"), ("closed", "i8")])
OPTION = np.dtype(
    [
        ("flies", "i8"),
        ("had_reach", "i8"),
        ("had_stock", "i8"),
        ("taken", "i8"),
        ("believed", "i8"),
        ("dismissed", "i8"),
        ("worthy", "i8"),
        ("unworthy", "i8"),
        ("overpriced", "i8"),
        ("first_shot", "i8"),
        ("end_shot", "i8"),
        ("worth", "f8"),
        ("survival", "f8"),
        ("others_known_t_s", "f8"),
        ("others_survival", "f8"),
    ]
)
FLIGHT = np.dtype([("handed_over", "i8"), ("known", "i8"), ("ordinal", "i8"), ("before", "i8")])
CHANCE = np.dtype([("wanted", "i8"), ("last_t_s", "f8"), ("order_t_s", "f8")])
SHOT = np.dtype(
    [
        ("object", "i8"),
        ("pair", "i8"),
        ("sample", "i8"),
        ("shooter", "i8"),
        ("layer", "i8"),
        ("meets_t_s", "f8"),
        ("launch_t_s", "f8"),
        ("p_kill", "f8"),
        ("price", "f8"),
        ("rounds", "i8"),
    ]
)
WEAPON = np.dtype([("launched_t_s", "f8"), ("fired", "i8"), ("last_shot", "i8"), ("place", "i8")])
NODE = np.dtype([("first_track_t_s", "f8"), ("human_s", "f8")])


class Desk(NamedTuple):
    """The assignment of one layer at one cycle.

    Attributes
    ----------
    line : (object,) numbers of its targets, those with the fewest shots first
    row : (option,) its row in the shots of this cycle
    firing : the problem and the plan, as the assignment kernels read them; one slot
    bench : where a plan is improved; `value` is the worth of a target before the first round
    """

    line: Longs
    row: Longs
    firing: Firing
    bench: Bench


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
    options : (object,) of OPTION: whether it flies at all, whether it was ever in reach of a
        shooter, and whether one with rounds was among them when it last was; `taken` for real
        (1), for harmless (0) or judged by sensors (2), whether a node that could decide ever
        `believed` or `dismissed` it, ever found it `worthy` or `unworthy` of a round, or worth
        something and yet less than one (`overpriced`);
        `first_shot`..`end_shot` the shots possible at it in this cycle, `worth` what is lost
        if it gets through, `survival` its chance to outlive what flies at it, as the node in
        hand knows, `others_` what of that is due to the shots of other nodes
    flights : (shot,) of FLIGHT; `before` is the shot of the same shooter before it, or -1
    chances : (object, layer) of CHANCE: rounds the layer may fire at the object in this cycle,
        and its last launch and last order at it, -inf where that was not asked
    shots : (pair,) of SHOT: what a node could order in this cycle and not leave for the next
    weapons : (shooter,) of WEAPON: its last launch, rounds fired, last shot, and its place in
        the assignment of this cycle
    nodes : (node,) of NODE: its first track, and how long its people take from then on
    layer_stock : (node, layer) rounds left
    in_flight : (1,) shots whose result is not known
    due : (shot,) shots to be resolved now, in order
    scratch : (6, 6)
    desk : where shots are assigned
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
    shots: Records
    weapons: Records
    nodes: Records
    layer_stock: Longs
    in_flight: Longs
    due: Longs
    scratch: Floats
    desk: Desk


def new_desk(targets: int, options: int, weapons: int, *, improved: int) -> Desk:
    """Empty desk with room for so many; improved : weapons whose plans are improved."""
    return Desk(
        line=np.zeros(targets, np.int64),
        row=np.zeros(options, np.int64),
        firing=Firing(
            first=np.zeros(targets + 1, np.int64),
            weapon=np.zeros(options, np.int64),
            slot=np.zeros(options, np.int64),
            p_kill=np.zeros(options),
            price=np.zeros(weapons),
            survival=np.zeros(targets),
            salvo=np.zeros(targets, np.int64),
            looks=np.ones(targets, np.int64),
            shots=np.zeros(weapons, np.int64),
            rate=np.zeros((weapons, 1), np.int64),
            fired=np.zeros((targets, 1), np.int64),
            used=np.zeros(targets, np.int64),
            rounds=np.zeros(options, np.int64),
            gain=np.zeros(targets),
            best=np.zeros(targets, np.int64),
        ),
        bench=new_bench(targets, options, improved),
    )


def new_state(board: Board, rules: Rules, *, shots: int) -> State:
    """Empty scratch that fits a board; one more node than decide, for the all-seeing fiction."""
    nodes, layers = board.arrival_start.shape[0], rules.layers.size
    objects, assets = board.objects.size, rules.assets.size
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
        chances=np.zeros((objects, layers), CHANCE),
        shots=np.zeros(board.pairs.size, SHOT),
        weapons=np.zeros(board.shooters.size, WEAPON),
        nodes=np.zeros(nodes, NODE),
        layer_stock=np.zeros((nodes, layers), np.int64),
        in_flight=np.zeros(1, np.int64),
        due=np.zeros(shots, np.int64),
        scratch=np.zeros((6, 6)),
        desk=new_desk(
            objects,
            board.pairs.size,
            board.shooters.size,
            improved=board.shooters.size if rules.improving > 0 else 0,
        ),
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
    clear_shooters(board, state)
    for obj in range(state.options.shape[0]):
        state.options[obj]["had_reach"] = 0
        state.options[obj]["had_stock"] = 0
        state.options[obj]["believed"] = 0
        state.options[obj]["dismissed"] = 0
        state.options[obj]["worthy"] = 0
        state.options[obj]["unworthy"] = 0
        state.options[obj]["overpriced"] = 0
        for node in range(state.tracks.shape[0]):
            clear_track(state, node, obj)
        for node in range(state.salvos.shape[0]):
            state.tracks[node, obj]["next_arrival"] = board.arrival_start[node, obj]
            for layer in range(state.salvos.shape[2]):
                state.salvos[node, obj, layer]["in_salvo"] = 0
                state.salvos[node, obj, layer]["pending"] = 0
                state.salvos[node, obj, layer]["closed"] = 0


@table_kernel
def clear_shooters(board: Board, state: State) -> None:
    """Fill every magazine, and forget what was fired."""
    state.layer_stock[:] = 0
    for node in range(state.nodes.shape[0]):
        state.nodes[node]["first_track_t_s"] = np.inf
        state.nodes[node]["human_s"] = 0.0
    for index in range(state.stock.shape[0]):
        shooter = board.shooters[index]
        state.stock[index] = shooter["stock"]
        weapon = state.weapons[index]
        weapon["launched_t_s"] = -np.inf
        weapon["fired"] = 0
        weapon["last_shot"] = -1
        if shooter["node"] >= 0:
            state.layer_stock[shooter["node"], shooter["layer"]] += shooter["stock"]


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
