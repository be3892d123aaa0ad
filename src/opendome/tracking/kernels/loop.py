"""The measured tracker: scan after scan, then what it reports at a cycle.

Source: S. Blackman, R. Popoli, Design and Analysis of Modern Tracking Systems, 1999, chapters 6
(association, scores) and 9 (from many sensors).
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.quantities.constants import RADIUS_POLE_M
from opendome.tracking.kernels.assignment import NOBODY
from opendome.tracking.kernels.bank import (
    Bank,
    BankRules,
    copy_track,
    predict_track,
    score,
    update_track,
    update_track_mixed,
)
from opendome.tracking.kernels.beginning import (
    begin,
    note_hit,
    take_place,
    too_coarse,
    unresolved,
)
from opendome.tracking.kernels.clusters import (
    decide_cluster,
    join_pairs,
    root_of,
    sort_pairs,
    weigh_cluster,
)
from opendome.tracking.kernels.gating import TrackRules, fill_pairs
from opendome.tracking.kernels.scene import (
    FREE,
    Feed,
    Scene,
    Work,
    copy_row,
    copy_rows,
    note_guess,
)

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

OUTSIDE = 3.0  # customary: a track three sigma under the ground has come down
SHARED = -2  # a reading that several tracks may own
MOSTLY = 0.5  # a reading shared by probability is noted with the track that has more than half


class Given(NamedTuple):
    """What became of each detection: (reading,) track number, -1 for none, and its distance."""

    track: Longs
    nis: Floats


class Sheet(NamedTuple):
    """Room for what is reported at one cycle, one row a track; as in `TrackHistory`."""

    slot: Longs
    mean: Floats
    cov: Floats
    weight: Floats


@table_kernel
def feed_winners(
    scene: Scene,
    bank_rules: BankRules,
    rules: TrackRules,
    feed: Feed,
    work: Work,
    given: Given,
    rows: Longs,
    first: int,
    end: int,
) -> None:
    """Give the readings of a scan to the tracks that `work.winner` says."""
    bank = scene.bank
    for n in range(first, end):
        k = int(work.winner[n - first])
        if k < 0:
            continue
        reading, slot = int(rows[n]), int(work.pair_slot[k])
        log_density = work.pair_log[k]
        predict_track(bank, bank_rules, slot, feed.readings.t_s[reading])
        if too_coarse(bank, feed.readings, slot, reading):
            take_place(bank, bank_rules, feed.readings, work.small, slot, reading)
        else:
            log_density = update_track(bank, bank_rules, feed.readings, slot, reading)
        scene.score[slot] += log_density - math.log(feed.density[reading])
        note_hit(scene, rules, feed, slot, reading)
        t_s, mean, cov = bank.t_s[slot], bank.fused_mean[slot], bank.fused_cov[slot]
        note_guess(t_s, mean, cov, scene.guess[slot])
        given.track[reading] = scene.number[slot]
        given.nis[reading] = work.pair_square[k]


@table_kernel
def share_cluster(
    scene: Scene,
    bank_rules: BankRules,
    rules: TrackRules,
    feed: Feed,
    work: Work,
    given: Given,
    rows: Longs,
    first: int,
    begin_pair: int,
    end_pair: int,
) -> None:
    """Give the readings of a cluster to its tracks by joint probability."""
    bank = scene.bank
    density = float(feed.density[rows[first]])
    tracks, readings = weigh_cluster(scene, work, begin_pair, end_pair, rules.p_detect, density)
    for i in range(tracks):
        slot = int(work.slots[i])
        predict_track(bank, bank_rules, slot, float(feed.readings.t_s[rows[first]]))
        picks = 0
        for j in range(readings):
            if work.share[i, j] > 0.0:
                work.picks[picks] = rows[first + work.places[j]]
                work.p_picks[picks] = work.share[i, j]
                picks += 1
        for k in range(picks):
            if work.p_picks[k] > MOSTLY:
                reading = int(work.picks[k])
                distance, log_density = score(scene.bank, feed.readings, slot, reading)
                scene.score[slot] += log_density - math.log(density)
                note_hit(scene, rules, feed, slot, reading)
                given.track[reading] = scene.number[slot]
                given.nis[reading] = distance
        if picks > 0 and too_coarse(bank, feed.readings, slot, int(work.picks[0])):
            take_likeliest(bank, bank_rules, feed, work, slot, picks)
            picks = 0
        update_track_mixed(
            bank, bank_rules, feed.readings, slot, work.picks[:picks], work.p_picks[:picks]
        )
        t_s, mean, cov = bank.t_s[slot], bank.fused_mean[slot], bank.fused_cov[slot]
        note_guess(t_s, mean, cov, scene.guess[slot])
    for j in range(readings):
        total = 0.0
        for i in range(tracks):
            total += work.share[i, j]
        if total > MOSTLY:
            work.winner[work.places[j]] = SHARED


@table_kernel
def take_likeliest(
    bank: Bank, bank_rules: BankRules, feed: Feed, work: Work, slot: int, picks: int
) -> None:
    """Take in the likeliest of the picks as a place, if it is likelier than not the track's own."""
    for k in range(picks):
        if work.p_picks[k] > MOSTLY:
            take_place(bank, bank_rules, feed.readings, work.small, slot, int(work.picks[k]))


@table_kernel
def associate(
    scene: Scene,
    bank_rules: BankRules,
    rules: TrackRules,
    feed: Feed,
    work: Work,
    given: Given,
    rows: Longs,
    first: int,
    end: int,
    pairs: int,
) -> None:
    """Decide the clusters of a scan and feed the tracks; `work.winner` says what was taken."""
    slots = scene.number.shape[0]
    join_pairs(work, pairs, slots)
    sort_pairs(work, pairs)
    begin_pair = 0
    while begin_pair < pairs:
        root = root_of(work.parent, int(work.pair_slot[work.order[begin_pair]]))
        end_pair = begin_pair + 1
        while end_pair < pairs and root == root_of(
            work.parent, int(work.pair_slot[work.order[end_pair]])
        ):
            end_pair += 1
        if rules.joint:
            share_cluster(
                scene, bank_rules, rules, feed, work, given, rows, first, begin_pair, end_pair
            )
        elif end_pair == begin_pair + 1:
            k = int(work.order[begin_pair])
            work.winner[work.pair_place[k]] = k
        else:
            decide_cluster(work, begin_pair, end_pair, slots)
        begin_pair = end_pair
    feed_winners(scene, bank_rules, rules, feed, work, given, rows, first, end)


@table_kernel
def take_scan(
    scene: Scene,
    bank_rules: BankRules,
    rules: TrackRules,
    feed: Feed,
    work: Work,
    given: Given,
    rows: Longs,
    first: int,
    end: int,
) -> int:
    """Take in one scan, rows[first:end]; returns how many tracks found no room."""
    pairs = fill_pairs(scene, bank_rules, rules, feed, work, rows, first, end)
    associate(scene, bank_rules, rules, feed, work, given, rows, first, end, pairs)
    refused = 0
    for n in range(first, end):
        reading = int(rows[n])
        if work.winner[n - first] != NOBODY:
            continue
        if unresolved(scene, rules, feed, work, pairs, n - first, reading):
            continue
        slot, other = begin(scene, bank_rules, rules, feed, work, reading)
        if slot != FREE:
            given.track[reading] = reading
            if other >= 0:
                given.track[other] = reading
        elif scene.top[0] >= scene.number.shape[0] - 1:
            refused += 1
    return refused


@table_kernel
def take_scans(
    scene: Scene,
    bank_rules: BankRules,
    rules: TrackRules,
    feed: Feed,
    work: Work,
    given: Given,
    rows: Longs,
    scan: Longs,
) -> int:
    """Take in readings in order of time, scan by scan; returns how many tracks found no room.

    rows : (n,) readings, rising     scan : (reading,) scan of each
    """
    refused = 0
    first = 0
    while first < rows.shape[0]:
        end = first + 1
        while end < rows.shape[0] and scan[rows[end]] == scan[rows[first]]:
            end += 1
        refused += take_scan(scene, bank_rules, rules, feed, work, given, rows, first, end)
        first = end
    return refused


@table_kernel
def hopeless(scene: Scene, rules: TrackRules, slot: int, spare: int, now_s: float) -> bool:
    """Whether a track is given up, its state at `now_s` being in the slot `spare`.

    Unfed for too long, its error too large, not confirmed in time, or under the ground.
    """
    age_s = now_s - scene.fed_t_s[slot]
    if age_s > rules.custody_gap_s:
        return True
    if scene.confirmed[slot] == 0 and age_s > scene.patience_s[slot]:
        return True
    mean, cov = scene.bank.fused_mean[spare], scene.bank.fused_cov[spare]
    sigma_m = math.sqrt(cov[0, 0] + cov[1, 1] + cov[2, 2])
    if not sigma_m <= rules.custody_sigma_m:
        return True
    radius_m = math.sqrt(mean[0] * mean[0] + mean[1] * mean[1] + mean[2] * mean[2])
    return radius_m < RADIUS_POLE_M - OUTSIDE * sigma_m


@table_kernel
def report(
    scene: Scene,
    bank_rules: BankRules,
    rules: TrackRules,
    feed: Feed,
    work: Work,
    now_s: float,
    out: Sheet,
) -> int:
    """Give up what is lost, join twins, and write what is left at `now_s`; returns the rows."""
    spare = scene.number.shape[0] - 1
    rows = 0
    for slot in range(int(scene.top[0])):
        if scene.number[slot] == FREE:
            continue
        copy_track(scene.bank, slot, spare)
        predict_track(scene.bank, bank_rules, spare, now_s)
        if hopeless(scene, rules, slot, spare, now_s):
            scene.number[slot] = FREE
            continue
        out.slot[rows] = slot
        copy_row(scene.bank.fused_mean[spare, :6], out.mean[rows])
        copy_rows(scene.bank.fused_cov[spare], out.cov[rows])
        copy_row(scene.bank.weight[spare], out.weight[rows])
        rows += 1
    for a in range(rows):
        for b in range(a + 1, rows):
            if are_twins(scene, rules, feed, work, out, a, b):
                worse = a if less_sure(scene, int(out.slot[a]), int(out.slot[b])) else b
                scene.number[out.slot[worse]] = FREE
    return without_freed(scene, out, rows)


@table_kernel
def less_sure(scene: Scene, one: int, other: int) -> bool:
    """Whether one track has less behind it than another: unconfirmed, or a lower score."""
    if scene.confirmed[one] != scene.confirmed[other]:
        return scene.confirmed[one] < scene.confirmed[other]
    return scene.score[one] < scene.score[other]


@table_kernel
def without_freed(scene: Scene, out: Sheet, rows: int) -> int:
    """Close the gaps of given-up tracks in the sheet."""
    kept = 0
    for row in range(rows):
        if scene.number[out.slot[row]] != FREE:
            move_row(out, row, kept)
            kept += 1
    return kept


@table_kernel
def move_row(out: Sheet, source: int, target: int) -> None:
    """Copy a row of the sheet to another."""
    out.slot[target] = out.slot[source]
    copy_row(out.mean[source], out.mean[target])
    copy_rows(out.cov[source], out.cov[target])
    copy_row(out.weight[source], out.weight[target])


@table_kernel
def are_twins(
    scene: Scene, rules: TrackRules, feed: Feed, work: Work, out: Sheet, a: int, b: int
) -> bool:
    """Whether two rows of the sheet are tracks of one object.

    They are when they lie within each other's error, and no sensor ever saw both in one sweep.
    """
    one, other = int(out.slot[a]), int(out.slot[b])
    if scene.number[one] == FREE or scene.number[other] == FREE:
        return False
    square = 0.0
    spread = 0.0
    for i in range(3):
        gap = out.mean[a, i] - out.mean[b, i]
        square += gap * gap
        spread += out.cov[a, i, i] + out.cov[b, i, i]
    if square > rules.twin_gate * spread:
        return False
    for sensor in range(scene.seen_t_s.shape[1]):
        apart_s = abs(scene.seen_t_s[one, sensor] - scene.seen_t_s[other, sensor])
        if apart_s < 0.5 * feed.interval_s[sensor]:  # NaN, neither seen, is not
            return False
    return distance_of_rows(work, out, a, b) <= rules.twin_gate


@table_kernel
def distance_of_rows(work: Work, out: Sheet, a: int, b: int) -> float:
    """Squared distance of two tracks, d' (Pa + Pb)^-1 d over six values, by Cholesky."""
    root, gap = work.small[0], work.small[1, 0]
    for i in range(6):
        gap[i] = out.mean[a, i] - out.mean[b, i]
        for j in range(6):
            root[i, j] = out.cov[a, i, j] + out.cov[b, i, j]
    total = 0.0
    for i in range(6):
        for j in range(i + 1):
            left = root[i, j]
            for k in range(j):
                left -= root[i, k] * root[j, k]
            if i == j:
                if not left > 0.0:
                    return math.inf
                root[i, i] = math.sqrt(left)
            else:
                root[i, j] = left / root[j, j]
        value = gap[i]
        for k in range(i):
            value -= root[i, k] * gap[k]
        gap[i] = value / root[i, i]
        total += gap[i] * gap[i]
    return total
