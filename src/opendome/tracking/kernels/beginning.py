"""How a track begins: from one place that a radar measures, or from two sightings that cross."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.quantities.constants import RADIUS_EQUATOR_M, RADIUS_POLE_M
from opendome.tracking.kernels.bank import Bank, BankRules, foresee, score_place, start_track
from opendome.tracking.kernels.crossing import add_line, closest_approach, invert_3x3
from opendome.tracking.kernels.gating import TrackRules, gate_of
from opendome.tracking.kernels.initiation import WINDOW_MAX, confirmed, hit
from opendome.tracking.kernels.readings import DIRECTION, DIRECTION_RANGE, Readings
from opendome.tracking.kernels.scene import FREE, Feed, Scene, Work, free_slot, note_guess

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@table_kernel
def note_hit(scene: Scene, rules: TrackRules, feed: Feed, slot: int, reading: int) -> None:
    """Count a detection towards the confirmation of a track.

    Looks of the same sensor since its last detection of this track that brought nothing count
    as looks, by the sensor's interval. The rule is that of `track-initiation`: m of the last n.
    """
    sensor = feed.sensor[reading]
    t_s = feed.readings.t_s[reading]
    seen_s = scene.seen_t_s[slot, sensor]
    old = int(scene.hits[slot, sensor])
    new = old
    if seen_s > -math.inf:
        looks = round((t_s - seen_s) / feed.interval_s[sensor])
        for _ in range(min(WINDOW_MAX, looks - 1)):
            new = hit(new, 0, rules.confirm_window)
    new = hit(new, 1, rules.confirm_window)
    scene.hits[slot, sensor] = new
    scene.seen_t_s[slot, sensor] = t_s
    scene.fed_t_s[slot] = max(scene.fed_t_s[slot], t_s)
    scene.patience_s[slot] = rules.confirm_window * feed.interval_s[sensor]
    step = int(confirmed(new, rules.confirm_hits)) - int(confirmed(old, rules.confirm_hits))
    kind = 1 if feed.ranging[sensor] else 0
    scene.sure[slot, kind] += step
    if scene.sure[slot, 0] >= 2 or scene.sure[slot, 1] >= 1:
        scene.confirmed[slot] = 1


@table_kernel
def open_slot(scene: Scene, number: int) -> int:
    """An empty slot with a clean sheet for a new track, `FREE` when there is none."""
    slot = free_slot(scene)
    if slot == FREE:
        return FREE
    scene.number[slot] = number
    scene.confirmed[slot] = 0
    scene.fed_t_s[slot] = -math.inf
    scene.score[slot] = 0.0
    scene.sure[slot] = 0
    scene.hits[slot] = 0
    scene.seen_t_s[slot] = -math.inf
    return slot


@table_kernel
def begin_track(
    scene: Scene,
    bank_rules: BankRules,
    rules: TrackRules,
    work: Work,
    slot: int,
    t_s: float,
    pos_eci_m: Floats,
) -> None:
    """Start the filters at a place, its covariance in `work.small[0, :3, :3]`, at rest."""
    state, cov = work.small[1, 0], work.small[2]
    cov[:] = 0.0
    for i in range(3):
        state[i] = pos_eci_m[i]
        state[3 + i] = 0.0
        cov[3 + i, 3 + i] = rules.prior_speed_sigma_m_s * rules.prior_speed_sigma_m_s
        for j in range(3):
            cov[i, j] = work.small[0, i, j]
    bank = scene.bank
    start_track(bank, bank_rules, slot, t_s, state, cov)
    note_guess(t_s, bank.fused_mean[slot], bank.fused_cov[slot], scene.guess[slot])


@table_kernel
def write_place(readings: Readings, reading: int, place: Floats, cov: Floats) -> None:
    """Place that a direction and a range stand for: (3,), and its covariance, cov[:3, :3]."""
    u, range_m = readings.axes[reading, 2], readings.value[reading, 2]
    across = range_m * range_m * readings.variance[reading, 0]
    along = readings.variance[reading, 2]
    for i in range(3):
        place[i] = readings.sensor_pos_eci_m[reading, i] + range_m * u[i]
        for j in range(3):
            cov[i, j] = (along - across) * u[i] * u[j]
        cov[i, i] += across


@table_kernel
def too_coarse(bank: Bank, readings: Readings, slot: int, reading: int) -> bool:
    """Whether a track knows its place too badly for a range to be taken as linear about it.

    Model: a place off by e across the line of sight is e^2 / (2 range) nearer than its tangent
    says; that must stay below half the range noise.
    Source: D. Lerro, Y. Bar-Shalom, Tracking with debiased consistent converted measurements,
    IEEE Trans. AES-29(3), 1993.
    """
    if readings.kind[reading] != DIRECTION_RANGE:
        return False
    cov = bank.fused_cov[slot]
    spread = cov[0, 0] + cov[1, 1] + cov[2, 2]
    return spread > readings.value[reading, 2] * math.sqrt(readings.variance[reading, 2])


@table_kernel
def take_gain(cov: Floats, gain: Floats, out: Floats) -> None:
    """Covariance after a measured place, P - K H P, kept symmetric.

    cov : (n, n), its first six are read     gain : (3, 6), K by rows of places     out : (6, 6)
    """
    for i in range(6):
        for j in range(i + 1):
            taken = 0.0
            for k in range(3):
                taken += 0.5 * (gain[k, i] * cov[k, j] + gain[k, j] * cov[k, i])
            out[i, j] = cov[i, j] - taken
            out[j, i] = out[i, j]


@table_kernel
def take_place(
    bank: Bank, bank_rules: BankRules, readings: Readings, small: Floats, slot: int, reading: int
) -> None:
    """Take in a radar's reading as a place, and begin the filters anew from there.

    For tracks that are `too_coarse`: after one detection, when the speed is hardly known. A
    linear update of position and velocity, P+ = P - P H' (H P H' + R)^-1 H P.
    """
    place, noise, inverse = small[3, 0], small[0], small[1]
    write_place(readings, reading, place, noise)
    mean, cov = bank.fused_mean[slot], bank.fused_cov[slot]
    for i in range(3):
        place[i] -= mean[i]
        for j in range(3):
            noise[i, j] += cov[i, j]
    invert_3x3(noise, inverse)
    state, after = small[3, 1], small[2]
    for i in range(6):
        state[i] = mean[i]
        for k in range(3):
            gain = 0.0
            for j in range(3):
                gain += cov[i, j] * inverse[j, k]
            state[i] += gain * place[k]
            small[3, 2 + k, i] = gain
    take_gain(cov, small[3, 2:5], after)
    start_track(bank, bank_rules, slot, bank.t_s[slot], state, after)


@table_kernel
def begin_with_range(
    scene: Scene, bank_rules: BankRules, rules: TrackRules, feed: Feed, work: Work, reading: int
) -> int:
    """Begin a track where a radar saw something; returns its slot, `FREE` without room."""
    slot = open_slot(scene, reading)
    if slot == FREE:
        return FREE
    readings, place = feed.readings, work.small[3, 0]
    write_place(readings, reading, place, work.small[0])
    begin_track(scene, bank_rules, rules, work, slot, readings.t_s[reading], place)
    note_hit(scene, rules, feed, slot, reading)
    return slot


@table_kernel
def cross_quality(
    rules: TrackRules, readings: Readings, one: int, other: int
) -> tuple[float, float, float]:
    """How well two sightings fit one object; returns (misfit, distances from both sensors).

    Misfit is the squared miss of the two lines over its variance, from the noise of both and from
    the way at top speed between them at three sigma; inf beyond the gate, for places
    under the ground or above `altitude_max_m`, and for lines that hardly cross.
    """
    x, y = readings.sensor_pos_eci_m[one], readings.sensor_pos_eci_m[other]
    u, w = readings.axes[one, 2], readings.axes[other, 2]
    s, t, miss_m, _ = closest_approach(x, u, y, w)
    if not (s > 0.0 and t > 0.0):
        return math.inf, s, t
    moved_m = rules.speed_max_m_s * (readings.t_s[one] - readings.t_s[other]) / 3.0
    variance = s * s * readings.variance[one, 0] + t * t * readings.variance[other, 0]
    misfit = miss_m * miss_m / (variance + moved_m * moved_m)
    if misfit > rules.gate_2:
        return math.inf, s, t
    px = x[0] + s * u[0]
    py = x[1] + s * u[1]
    pz = x[2] + s * u[2]
    radius_m = math.sqrt(px * px + py * py + pz * pz)
    if radius_m < RADIUS_POLE_M or radius_m > RADIUS_EQUATOR_M + rules.altitude_max_m:
        return math.inf, s, t
    return misfit, s, t


@table_kernel
def find_partner(rules: TrackRules, feed: Feed, work: Work, reading: int) -> int:
    """Place among the waiting sightings of the one that fits best, -1 for none; old ones leave."""
    t_s = feed.readings.t_s[reading]
    best = -1
    lowest = math.inf
    kept = 0
    for n in range(int(work.waits[0])):
        other = int(work.waiting[n])
        if feed.readings.t_s[other] < t_s - rules.pair_window_s:
            continue
        work.waiting[kept] = other
        if feed.sensor[other] != feed.sensor[reading]:
            misfit = cross_quality(rules, feed.readings, reading, other)[0]
            if misfit < lowest:
                lowest = misfit
                best = kept
        kept += 1
    work.waits[0] = kept
    return best


@table_kernel
def begin_with_two(
    scene: Scene, bank_rules: BankRules, rules: TrackRules, feed: Feed, work: Work, reading: int
) -> tuple[int, int]:
    """Begin a track where a sighting crosses one that waits.

    Returns (slot, the other reading); slot `FREE` where none fits, and the sighting waits on.
    """
    partner = find_partner(rules, feed, work, reading)
    slot = open_slot(scene, reading) if partner >= 0 else FREE
    if slot == FREE:
        work.waiting[work.waits[0]] = reading
        work.waits[0] += 1
        return FREE, -1
    other = int(work.waiting[partner])
    work.waits[0] -= 1
    work.waiting[partner] = work.waiting[work.waits[0]]
    readings = feed.readings
    _, s, t = cross_quality(rules, feed.readings, reading, other)
    moved_m = rules.speed_max_m_s * (readings.t_s[reading] - readings.t_s[other]) / 3.0
    information, place = work.small[1], work.small[3, 0]
    information[:] = 0.0
    add_line(information, readings.axes[reading, 2], s * s * readings.variance[reading, 0])
    late = t * t * readings.variance[other, 0] + moved_m * moved_m
    add_line(information, readings.axes[other, 2], late)
    invert_3x3(information, work.small[0])
    for i in range(3):
        place[i] = readings.sensor_pos_eci_m[reading, i] + s * readings.axes[reading, 2, i]
    begin_track(scene, bank_rules, rules, work, slot, readings.t_s[reading], place)
    note_hit(scene, rules, feed, slot, other)
    note_hit(scene, rules, feed, slot, reading)
    return slot, other


@table_kernel
def unresolved(
    scene: Scene, rules: TrackRules, feed: Feed, work: Work, pairs: int, place: int, reading: int
) -> bool:
    """Whether a reading that no track took cannot be told from a track that got another.

    A track that was just fed knows its place better than the gate was wide: what still lies in
    its gate may be a second object, but not one that could be followed by itself.
    """
    gate = gate_of(rules, feed, reading)
    for k in range(pairs):
        if work.pair_place[k] == place:
            slot = int(work.pair_slot[k])
            mean, cov = scene.bank.fused_mean[slot], scene.bank.fused_cov[slot]
            h_s = max(0.0, feed.readings.t_s[reading] - scene.bank.t_s[slot])
            foresee(mean, cov, scene.guess[slot, 7:10], h_s, work.place[slot], work.spread[slot])
            distance, _ = score_place(
                feed.readings, reading, work.place[slot], work.spread[slot], gate, work.small[0]
            )
            if distance <= gate:
                return True
    return False


@table_kernel
def begin(
    scene: Scene, bank_rules: BankRules, rules: TrackRules, feed: Feed, work: Work, reading: int
) -> tuple[int, int]:
    """Try to begin a track with a reading that no track took.

    Returns (slot, other reading): slot `FREE` when none begins, other -1 when it is alone.
    Readings without an elevation begin no track.
    """
    kind = feed.readings.kind[reading]
    if kind == DIRECTION_RANGE:
        return begin_with_range(scene, bank_rules, rules, feed, work, reading), -1
    if kind == DIRECTION:
        return begin_with_two(scene, bank_rules, rules, feed, work, reading)
    return FREE, -1
