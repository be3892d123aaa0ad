"""Which readings of a scan a track may own: a quick look first, then the gate itself."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.quantities.constants import STANDARD_GRAVITY_M_S2
from opendome.tracking.kernels.bank import Bank, BankRules, foresee, predict_track, score_place
from opendome.tracking.kernels.readings import (
    AZIMUTH_ELEVATION_RANGE,
    AZIMUTH_RANGE,
    DIRECTION,
    Readings,
)
from opendome.tracking.kernels.scene import FREE, Feed, Scene, Work, note_guess

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

QUICK_STEPS = 12.0  # a quick look trusts its straight guess for so many seconds
SOON_S = 2.0  # the gate trusts the track's own acceleration for so long
TENTATIVE = 1000.0  # added cost of a track not confirmed: confirmed ones choose first


class TrackRules(NamedTuple):
    """What the tracker goes by; `tracking.measured` fills it in.

    gate_2, gate_3 : squared distance at the gate, readings of 2 and of 3 values
    twin_gate : squared distance of two tracks, 6 values, below which they may be one
    joint : whether readings are shared by probability    p_detect : taken for granted there
    confirm_hits .. custody_sigma_m : as in `TrackingModel`
    speed_max_m_s, altitude_max_m : of anything that may begin a track
    pair_window_s : time between two sightings that may begin one together
    """

    gate_2: float
    gate_3: float
    twin_gate: float
    joint: bool
    p_detect: float
    confirm_hits: int
    confirm_window: int
    prior_speed_sigma_m_s: float
    custody_gap_s: float
    custody_sigma_m: float
    speed_max_m_s: float
    altitude_max_m: float
    pair_window_s: float


@table_kernel
def carry(bank: Bank, bank_rules: BankRules, guess: Floats, slot: int, t_s: float) -> None:
    """Carry a track to a time, and note it for the quick look."""
    predict_track(bank, bank_rules, slot, t_s)
    note_guess(t_s, bank.fused_mean[slot], bank.fused_cov[slot], guess)


@table_kernel
def look_closer(scene: Scene, bank_rules: BankRules, work: Work, slot: int, t_s: float) -> None:
    """Write where a track is at the time of a scan, `work.place` and `work.spread`, once a scan."""
    if work.ready[slot] == 1:
        return
    bank = scene.bank
    if bank.t_s[slot] < t_s - SOON_S:
        carry(bank, bank_rules, scene.guess[slot], slot, t_s)
    h_s = max(0.0, t_s - bank.t_s[slot])
    mean, cov, half_pull = bank.fused_mean[slot], bank.fused_cov[slot], scene.guess[slot, 7:10]
    foresee(mean, cov, half_pull, h_s, work.place[slot], work.spread[slot])
    work.ready[slot] = 1


@table_kernel
def look_ahead(
    scene: Scene, bank_rules: BankRules, rules: TrackRules, feed: Feed, work: Work, reading: int
) -> None:
    """Write where every track may be at the time of a reading: `work.spot`, `work.reach_m`.

    Tracks that the same sensor saw less than half an interval ago are passed over: it cannot
    have looked at them again. Tracks last touched long ago are carried to now.
    Model: a parabola; the error grows as the covariance says, plus a g of unknown acceleration.
    """
    t_s = feed.readings.t_s[reading]
    sensor = feed.sensor[reading]
    recent_s = t_s - 0.5 * feed.interval_s[sensor]
    gate = math.sqrt(rules.gate_3)
    for slot in range(int(scene.top[0])):
        work.reach_m[slot] = -1.0
        work.ready[slot] = 0
        if scene.number[slot] == FREE or scene.seen_t_s[slot, sensor] > recent_s:
            continue
        guess = scene.guess[slot]
        dt_s = t_s - guess[0]
        if dt_s > QUICK_STEPS:
            carry(scene.bank, bank_rules, scene.guess[slot], slot, t_s)
            dt_s = 0.0
        square = dt_s * dt_s
        for i in range(3):
            work.spot[i, slot] = guess[1 + i] + guess[4 + i] * dt_s + guess[7 + i] * square
        spread = guess[10] + abs(dt_s) * guess[11] + square * guess[12]
        work.reach_m[slot] = gate * spread + STANDARD_GRAVITY_M_S2 * square


@table_kernel
def list_near(
    readings: Readings,
    spot: Floats,
    reach_m: Floats,
    hint: npt.NDArray[np.bool_],
    near: Longs,
    gate: float,
    top: int,
    reading: int,
) -> int:
    """List the tracks near enough to their spots to have given a reading; returns how many.

    spot, reach_m, hint, near : of `Work`     gate : in standard deviations
    top : slots in use are below
    Model: with d from sensor to spot and u the measured direction, the part of d across u is at
    most the reach of the track plus the angle noise at its distance; a range may differ from the
    part along u by as much again. A bound: never too strict, and without a root in the loop.
    Readings with an azimuth have no such direction: all tracks are listed.
    """
    kind = readings.kind[reading]
    anywhere = kind in (AZIMUTH_RANGE, AZIMUTH_ELEVATION_RANGE)
    px = readings.sensor_pos_eci_m[reading, 0]
    py = readings.sensor_pos_eci_m[reading, 1]
    pz = readings.sensor_pos_eci_m[reading, 2]
    ux = readings.axes[reading, 2, 0]
    uy = readings.axes[reading, 2, 1]
    uz = readings.axes[reading, 2, 2]
    wide = gate * math.sqrt(readings.variance[reading, 0])
    range_m, deep_m = 0.0, math.inf
    if kind != DIRECTION:
        range_m, deep_m = (
            readings.value[reading, 2],
            gate * math.sqrt(readings.variance[reading, 2]),
        )
    for slot in range(top):  # without a branch: eight tracks at a time
        reach = reach_m[slot]
        dx = spot[0, slot] - px
        dy = spot[1, slot] - py
        dz = spot[2, slot] - pz
        along = ux * dx + uy * dy + uz * dz
        across = dx * dx + dy * dy + dz * dz - along * along
        allowed = reach + wide * abs(along)
        fits = (across <= allowed * allowed) & (along >= -reach)
        fits = fits & (abs(along - range_m) <= reach + deep_m + allowed)
        hint[slot] = (reach >= 0.0) & (fits | anywhere)
    count = 0
    for slot in range(top):
        if hint[slot]:
            near[count] = slot
            count += 1
    return count


@table_kernel
def gate_of(rules: TrackRules, feed: Feed, reading: int) -> float:
    """Squared distance at the gate for a reading."""
    kind = feed.readings.kind[reading]
    return rules.gate_2 if kind in (DIRECTION, AZIMUTH_RANGE) else rules.gate_3


@table_kernel
def fill_pairs(
    scene: Scene,
    bank_rules: BankRules,
    rules: TrackRules,
    feed: Feed,
    work: Work,
    rows: Longs,
    first: int,
    end: int,
) -> int:
    """List the pairs of track and reading inside the gate; returns how many.

    rows[first:end] : the readings of the scan, all of one sensor and one moment
    """
    look_ahead(scene, bank_rules, rules, feed, work, int(rows[first]))
    t_s, top = float(feed.readings.t_s[rows[first]]), int(scene.top[0])
    pairs = 0
    for n in range(first, end):
        reading = int(rows[n])
        gate = gate_of(rules, feed, reading)
        wide = math.sqrt(gate)
        work.winner[n - first] = -1
        near = list_near(
            feed.readings, work.spot, work.reach_m, work.hint, work.near, wide, top, reading
        )
        for k in range(near):
            slot = int(work.near[k])
            look_closer(scene, bank_rules, work, slot, t_s)
            distance, log_density = score_place(
                feed.readings, reading, work.place[slot], work.spread[slot], gate, work.small[0]
            )
            if distance <= gate:
                work.pair_slot[pairs] = slot
                work.pair_place[pairs] = n - first
                work.pair_log[pairs] = log_density
                work.pair_square[pairs] = distance
                doubt = 0.0 if scene.confirmed[slot] == 1 else TENTATIVE
                work.pair_cost[pairs] = doubt - 2.0 * log_density
                pairs += 1
    return pairs
