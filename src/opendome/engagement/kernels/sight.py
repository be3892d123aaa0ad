"""Luck of seeing, and the track each node holds from what it was told."""

import math

from opendome.compiled import table_kernel
from opendome.draws.philox import normal, uniform
from opendome.engagement.kernels.state import JUDGED, Floats, State
from opendome.engagement.records import Board, Book, Rules
from opendome.tracking.kernels import confirmed, hit, predict, start, update
from opendome.tracking.kernels.discrimination import evidence, information

MILLISECONDS = 1000.0
CAUTION = 0.999  # a bound, so that rounding can only lead to one check too many


@table_kernel
def path_row(board: Board, obj: int, t_s: float) -> int:
    """Row of the path of `obj` just before `t_s`."""
    flying = board.objects[obj]
    since_s = min(t_s, flying["impact_t_s"]) - flying["launch_t_s"]
    return max(0, min(board.path.shape[1] - 1, int(since_s / board.path_step_s)))


@table_kernel
def draw_hits(board: Board, state: State, seed: int, trial: int, obj: int) -> None:
    """Turn every look at `obj` into a detection or not.

    The draw belongs to the sensor and to the moment of the look, so that another sensor
    more or less changes nobody else's luck.
    """
    for row in range(board.objects[obj]["first_look"], board.objects[obj]["end_look"]):
        look = board.looks[row]
        index = look_index(board, obj, row)
        luck = uniform(seed, board.sensors[look["sensor"]]["purpose"], trial, obj, index)
        state.hit[row] = 1 if luck < look["p_detect"] else 0


@table_kernel
def look_index(board: Board, obj: int, look: int) -> int:
    """Address of the luck of a look: milliseconds after the launch of its object."""
    since_s = board.looks[look]["t_s"] - board.objects[obj]["launch_t_s"]
    return math.floor(since_s * MILLISECONDS + 0.5)


@table_kernel
def delivered(board: Board, seed: int, trial: int, node: int, obj: int, cursor: int) -> bool:
    """Whether an arrival at a node was not lost on the way."""
    arrival = board.arrivals[cursor]
    if arrival["p_delivered"] >= 1.0:
        return True
    index = look_index(board, obj, arrival["look"])
    stream = board.delivery_purpose[node, board.looks[arrival["look"]]["sensor"]]
    return uniform(seed, stream, trial, obj, index) < arrival["p_delivered"]


@table_kernel
def weigh(
    board: Board, state: State, seed: int, trial: int, node: int, obj: int, look: int
) -> None:
    """Add what a detection tells a node about the kind of an object.

    What a sensor of K-factor K has told after watching for w seconds is worth
    I = K^2 min(1, w / k_time); a look adds log odds of mean dI/2 for a threat, -dI/2 for
    anything else, and variance dI.
    """
    sensor = board.looks[look]["sensor"]
    judge = board.sensors[sensor]
    if judge["k_factor"] <= 0.0:
        return
    before_s = state.watched_s[node, obj, sensor]
    after_s = before_s + board.looks[look]["watched_s"]
    state.watched_s[node, obj, sensor] = after_s
    added = information(judge["k_factor"], judge["k_time_s"], before_s, after_s)
    if added > 0.0:
        index = look_index(board, obj, look)
        luck = normal(seed, judge["k_purpose"], trial, obj, index)
        state.tracks[node, obj]["log_odds"] += evidence(
            added, board.objects[obj]["lethal"] == 1, luck
        )


@table_kernel
def note_look(board: Board, rules: Rules, state: State, node: int, obj: int, row: int) -> None:
    """Count one look of a sensor towards the confirmation of a track at `node`."""
    sensor = board.looks[row]["sensor"]
    old = state.mask[node, obj, sensor]
    new = hit(old, state.hit[row], rules.confirm_window)
    state.mask[node, obj, sensor] = new
    step = int(confirmed(new, rules.confirm_hits)) - int(confirmed(old, rules.confirm_hits))
    if board.sensors[sensor]["ranging"] == 1:
        state.tracks[node, obj]["ranging_confirmed"] += step
    else:
        state.tracks[node, obj]["angles_confirmed"] += step


@table_kernel
def forms_track(state: State, node: int, obj: int) -> bool:
    """One ranging sensor, or two angles-only sensors, are sure of the object."""
    track = state.tracks[node, obj]
    return track["ranging_confirmed"] >= 1 or track["angles_confirmed"] >= 2


@table_kernel
def open_eyes(board: Board, rules: Rules, state: State, book: Book, row: int, obj: int) -> None:
    """First detection, and first track if all sensors were one node without delay."""
    fiction = state.tracks.shape[0] - 1
    written = book.objects[row, obj]
    for look in range(board.objects[obj]["first_look"], board.objects[obj]["end_look"]):
        t_s = board.looks[look]["t_s"]
        if math.isnan(written["detected_t_s"]) and state.hit[look] == 1:
            written["detected_t_s"] = t_s
        note_look(board, rules, state, fiction, obj, look)
        if forms_track(state, fiction, obj):
            written["tracked_t_s"] = t_s
            return


@table_kernel
def carry(
    board: Board, rules: Rules, cov: Floats, obj: int, from_t_s: float, to_t_s: float
) -> None:
    """Predict a covariance in place, in steps no longer than a decision cycle."""
    t_s = from_t_s
    burnout_t_s = board.objects[obj]["burnout_t_s"]
    while t_s < to_t_s:
        step_s = min(to_t_s - t_s, rules.cycle_s)
        psd = rules.accel_psd_coast_m2_s3
        if t_s >= board.objects[obj]["manoeuvre_t_s"]:
            psd += board.objects[obj]["manoeuvre_psd_m2_s3"]
        if t_s < burnout_t_s:
            psd = rules.accel_psd_boost_m2_s3
        k = path_row(board, obj, t_s)
        predict(
            cov, step_s, board.path[obj, k, 0], board.path[obj, k, 1], board.path[obj, k, 2], psd
        )
        t_s += step_s


@table_kernel
def note_track(
    rules: Rules, state: State, book: Book, row: int, node: int, obj: int, formed_t_s: float
) -> None:
    """Write down the first track of an object at a node, which starts the clocks of its people."""
    book.tracks[row, node, obj]["formed_t_s"] = formed_t_s
    state.tracks[node, obj]["release_t_s"] = formed_t_s + rules.confirm_s
    at = state.nodes[node]
    at["first_track_t_s"] = min(at["first_track_t_s"], formed_t_s)


@table_kernel
def absorb(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    seed: int,
    trial: int,
    row: int,
    node: int,
    obj: int,
    now_s: float,
) -> None:
    """Bring the track of `obj` at `node` up to what has arrived by `now_s`."""
    track = state.tracks[node, obj]
    newest_s = -math.inf
    j0 = j1 = j2 = j3 = j4 = j5 = 0.0
    cursor = track["next_arrival"]
    end = board.arrival_start[node, obj + 1]
    while cursor < end and board.arrivals[cursor]["t_s"] <= now_s:
        look = board.arrivals[cursor]["look"]
        if not delivered(board, seed, trial, node, obj, cursor):
            cursor += 1
            continue
        note_look(board, rules, state, node, obj, look)
        if state.hit[look] == 1:
            if state.options[obj]["taken"] == JUDGED:
                weigh(board, state, seed, trial, node, obj, look)
            newest_s = max(newest_s, board.looks[look]["t_s"])
            information = board.looks[look]["information_m2"]
            j0 += information[0]
            j1 += information[1]
            j2 += information[2]
            j3 += information[3]
            j4 += information[4]
            j5 += information[5]
        if track["tracked"] == 0 and forms_track(state, node, obj):
            track["tracked"] = 1
            if math.isnan(book.tracks[row, node, obj]["formed_t_s"]):
                note_track(rules, state, book, row, node, obj, board.arrivals[cursor]["t_s"])
        cursor += 1
    track["next_arrival"] = cursor
    if newest_s > -math.inf:
        cov = state.cov[node, obj]
        if track["held"] == 0:
            start(cov, rules.prior_position_sigma_m, rules.prior_speed_sigma_m_s)
            track["held"] = 1
            track["filter_t_s"] = newest_s
        elif newest_s > track["filter_t_s"]:
            carry(board, rules, cov, obj, track["filter_t_s"], newest_s)
            track["filter_t_s"] = newest_s
        update(cov, j0, j1, j2, j3, j4, j5)
        track["doubtful_t_s"] = track["filter_t_s"] + CAUTION * custody_lasts(
            board, rules, cov, obj
        )


@table_kernel
def position_sigma(board: Board, state: State, node: int, obj: int, age_s: float) -> float:
    """Root of the summed position variances of a track `age_s` after its last detection [m].

    Model: errors of position and speed, and white acceleration q of an object that manoeuvres:
    q s^3 / 3 on each axis, s the part of that time in which it does.
    """
    cov = state.cov[node, obj]
    position = cov[0, 0] + cov[1, 1] + cov[2, 2]
    speed = cov[3, 3] + cov[4, 4] + cov[5, 5]
    then_s = state.tracks[node, obj]["filter_t_s"] + age_s
    swerve_s = min(age_s, max(0.0, then_s - board.objects[obj]["manoeuvre_t_s"]))
    swerve = board.objects[obj]["manoeuvre_psd_m2_s3"] * swerve_s * swerve_s * swerve_s
    return math.sqrt(position + speed * age_s * age_s + swerve)


@table_kernel
def custody_lasts(board: Board, rules: Rules, cov: Floats, obj: int) -> float:
    """How long a track without news stays within the custody limits, at least [s].

    An object that manoeuvres has half of the room for its speed error, half for its manoeuvre,
    as if that began at once.
    """
    speed = cov[3, 3] + cov[4, 4] + cov[5, 5]
    room = rules.custody_sigma_m * rules.custody_sigma_m - cov[0, 0] - cov[1, 1] - cov[2, 2]
    if room <= 0.0:
        return 0.0
    psd = board.objects[obj]["manoeuvre_psd_m2_s3"]
    if psd > 0.0:
        lasts_s = min(math.sqrt(0.5 * room / speed), (0.5 * room / psd) ** (1.0 / 3.0))
        return min(rules.custody_gap_s, lasts_s)
    return min(rules.custody_gap_s, math.sqrt(room / speed))


@table_kernel
def keep_custody(
    board: Board,
    rules: Rules,
    state: State,
    book: Book,
    row: int,
    node: int,
    obj: int,
    now_s: float,
) -> None:
    """Drop a track that was not fed for too long, or whose error grew too large."""
    track = state.tracks[node, obj]
    age_s = now_s - track["filter_t_s"]
    too_old = age_s > rules.custody_gap_s
    if too_old or position_sigma(board, state, node, obj, age_s) > rules.custody_sigma_m:
        for sensor in range(state.mask.shape[2]):
            state.mask[node, obj, sensor] = 0
        track["angles_confirmed"] = 0
        track["ranging_confirmed"] = 0
        track["tracked"] = 0
        track["held"] = 0
        book.tracks[row, node, obj]["drops"] += 1
