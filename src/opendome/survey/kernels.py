"""What the looks of a window are worth: who sees, who is sure, and how well the place is known."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel, table_kernel
from opendome.tracking.kernels import confirmed, hit, predict, start, update

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
UNSEEN, SEEN, TRACKED, FIRE_CONTROL = range(4)
STEREO = 2  # angles-only sensors that give a track


class Rules(NamedTuple):
    """When a look counts, when a sensor is sure, and how a track forgets; units as their names.

    accel_psd_m2_s3 : of the object at its phase     cycle_s : looks of one cycle are taken in
    together, as in a run     commit_sigma_m : largest error with which a shot may be ordered
    """

    p_detect_min: float
    confirm_hits: int
    confirm_window: int
    prior_position_sigma_m: float
    prior_speed_sigma_m_s: float
    accel_psd_m2_s3: float
    commit_sigma_m: float
    cycle_s: float
    dwell_s: float


class Told(NamedTuple):
    """The looks of some objects as plain arrays, as in `sensing.records.Looks`.

    known_t_s, p_known : (view, look) when a view has it, inf for never; chance that it comes
    ranging, asset : (sensor,)
    """

    start: Integers
    sensor: npt.NDArray[np.int32]
    t_s: Floats
    p_detect: Floats
    information_m2: Floats
    known_t_s: Floats
    p_known: Floats
    ranging: npt.NDArray[np.bool_]
    asset: npt.NDArray[np.int32]


class Work(NamedTuple):
    """Room for one window: bits, times and counts by sensor, then counts by asset.

    touched : (sensor + 1,) sensors with a look so far, their number first
    """

    mask: Integers
    seen: Integers
    sure_t_s: Floats
    touched: Integers
    asset_seen: Integers
    asset_angles: Integers
    asset_ranging: Integers
    cov: Floats


class Verdicts(NamedTuple):
    """What each window is worth to each view: (view, window).

    level : UNSEEN, SEEN, TRACKED or FIRE_CONTROL     sensors : that see it
    sigma_m : position error at the end of the window, NaN where nothing was seen
    confirm_s : from the start of the window until a track is known, NaN where there is none
    assets : (view, asset, 4) weight of the windows in which an asset sees, tracks alone, is the
        last that sees, is needed for a track
    """

    level: npt.NDArray[np.uint8]
    sensors: npt.NDArray[np.uint16]
    sigma_m: npt.NDArray[np.float32]
    confirm_s: npt.NDArray[np.float32]
    assets: Floats


def new_work(sensors: int, assets: int) -> Work:
    """Empty room."""
    return Work(
        mask=np.zeros(sensors, np.int64),
        seen=np.zeros(sensors, np.int64),
        sure_t_s=np.full(sensors, np.inf),
        touched=np.zeros(sensors + 1, np.int64),
        asset_seen=np.zeros(assets, np.int64),
        asset_angles=np.zeros(assets, np.int64),
        asset_ranging=np.zeros(assets, np.int64),
        cov=np.zeros((6, 6)),
    )


def new_verdicts(views: int, windows: int, assets: int) -> Verdicts:
    """Verdicts to be written."""
    return Verdicts(
        level=np.zeros((views, windows), np.uint8),
        sensors=np.zeros((views, windows), np.uint16),
        sigma_m=np.full((views, windows), np.nan, np.float32),
        confirm_s=np.full((views, windows), np.nan, np.float32),
        assets=np.zeros((views, assets, 4)),
    )


@table_kernel
def note(told: Told, rules: Rules, work: Work, view: int, row: int) -> float:
    """Count one look; returns its chance to detect and come through, 0 if it does not count."""
    sensor = told.sensor[row]
    chance = told.p_detect[row] * told.p_known[view, row]
    counts = chance >= rules.p_detect_min
    if work.mask[sensor] == 0 and work.seen[sensor] == 0 and counts:
        work.touched[0] += 1
        work.touched[work.touched[0]] = sensor
        work.seen[sensor] = 1
    bits = hit(int(work.mask[sensor]), 1 if counts else 0, rules.confirm_window)
    work.mask[sensor] = bits
    if counts and confirmed(bits, rules.confirm_hits):
        known_t_s = told.known_t_s[view, row]
        work.sure_t_s[sensor] = min(work.sure_t_s[sensor], known_t_s)
    return float(chance) if counts else 0.0


@table_kernel
def final_sigma(
    told: Told, rules: Rules, work: Work, view: int, first: int, end: int,
    t_s: float, x: float, y: float, z: float,
) -> float:  # fmt: skip
    """Count all looks of a window, and filter those that detect; returns the error at its end [m].

    t_s : start of the window     x, y, z : the object, ECI [m]
    Model: covariance filter of a run; looks of one decision cycle are one update at the newest of
    them, each look's information weighed with its chance of detection.
    Returns NaN when nothing was seen.
    """
    held = False
    at_s = 0.0
    row = first
    while row < end:
        cycle = math.floor((told.t_s[row] - t_s) / rules.cycle_s)
        newest_s = -math.inf
        j0 = j1 = j2 = j3 = j4 = j5 = 0.0
        while row < end and math.floor((told.t_s[row] - t_s) / rules.cycle_s) == cycle:
            known = told.known_t_s[view, row] < math.inf
            p = note(told, rules, work, view, row) if known else 0.0
            if p > 0.0:
                newest_s = told.t_s[row]
                j0 += p * told.information_m2[row, 0]
                j1 += p * told.information_m2[row, 1]
                j2 += p * told.information_m2[row, 2]
                j3 += p * told.information_m2[row, 3]
                j4 += p * told.information_m2[row, 4]
                j5 += p * told.information_m2[row, 5]
            row += 1
        if newest_s == -math.inf:
            continue
        if not held:
            start(work.cov, rules.prior_position_sigma_m, rules.prior_speed_sigma_m_s)
            held = True
        else:
            predict(work.cov, newest_s - at_s, x, y, z, rules.accel_psd_m2_s3)
        at_s = newest_s
        update(work.cov, j0, j1, j2, j3, j4, j5)
    if not held:
        return math.nan
    predict(work.cov, t_s + rules.dwell_s - at_s, x, y, z, rules.accel_psd_m2_s3)
    return math.sqrt(work.cov[0, 0] + work.cov[1, 1] + work.cov[2, 2])


@table_kernel
def track_time(told: Told, work: Work) -> float:
    """When a track is known: a ranging sensor is sure, or a second angles-only one [s]."""
    ranging_s = first_s = second_s = math.inf
    for k in range(1, work.touched[0] + 1):
        sensor = work.touched[k]
        sure_s = work.sure_t_s[sensor]
        if told.ranging[sensor]:
            ranging_s = min(ranging_s, sure_s)
        elif sure_s < first_s:
            first_s, second_s = sure_s, first_s
        else:
            second_s = min(second_s, sure_s)
    return float(min(ranging_s, second_s))


@table_kernel
def credit_assets(told: Told, work: Work, credit: Floats, weight: float) -> None:
    """Add a window to what each asset brings.

    credit : (asset, 4) of `Verdicts.assets`
    """
    angles = ranging = 0
    for k in range(1, work.touched[0] + 1):
        sensor = work.touched[k]
        asset = told.asset[sensor]
        work.asset_seen[asset] += 1
        if work.sure_t_s[sensor] == math.inf:
            continue
        if told.ranging[sensor]:
            ranging += 1
            work.asset_ranging[asset] += 1
        else:
            angles += 1
            work.asset_angles[asset] += 1
    tracked = ranging >= 1 or angles >= STEREO
    for k in range(1, work.touched[0] + 1):
        asset = told.asset[work.touched[k]]
        own = work.asset_seen[asset]
        if own == 0:
            continue  # its other sensor was here before
        own_angles, own_ranging = work.asset_angles[asset], work.asset_ranging[asset]
        credit[asset, 0] += weight
        if own_ranging >= 1 or own_angles >= STEREO:
            credit[asset, 1] += weight
        if own == work.touched[0]:
            credit[asset, 2] += weight
        if tracked and ranging - own_ranging == 0 and angles - own_angles < STEREO:
            credit[asset, 3] += weight
        work.asset_seen[asset] = work.asset_angles[asset] = work.asset_ranging[asset] = 0


@table_kernel
def clear(work: Work) -> None:
    """Make room for the next window."""
    for k in range(1, work.touched[0] + 1):
        sensor = work.touched[k]
        work.mask[sensor] = work.seen[sensor] = 0
        work.sure_t_s[sensor] = math.inf
    work.touched[0] = 0


@table_kernel
def judge(
    told: Told, rules: Rules, work: Work, verdicts: Verdicts, view: int, window: int,
    first: int, end: int, t_s: float, x: float, y: float, z: float, weight: float,
) -> None:  # fmt: skip
    """Write the verdict of one view on one window of looks."""
    sigma_m = final_sigma(told, rules, work, view, first, end, t_s, x, y, z)
    if work.touched[0] > 0:
        known_s = track_time(told, work)
        level = SEEN
        if known_s < math.inf:
            level = FIRE_CONTROL if sigma_m <= rules.commit_sigma_m else TRACKED
            verdicts.confirm_s[view, window] = known_s - t_s
        verdicts.level[view, window] = level
        verdicts.sensors[view, window] = work.touched[0]
        verdicts.sigma_m[view, window] = sigma_m
        credit_assets(told, work, verdicts.assets[view], weight)
    clear(work)


@kernel
def judge_objects(
    told: Told, rules: Rules, work: Work, verdicts: Verdicts,
    start_t_s: Floats, pos_eci_m: Floats, weight: Floats,
) -> None:  # fmt: skip
    """Judge the window of every object.

    start_t_s : (object,) start of the window     pos_eci_m : (object, 3)     weight : (object,)
    """
    for obj in range(start_t_s.shape[0]):
        x, y, z = pos_eci_m[obj, 0], pos_eci_m[obj, 1], pos_eci_m[obj, 2]
        for view in range(told.known_t_s.shape[0]):
            judge(
                told, rules, work, verdicts, view, obj,
                told.start[obj], told.start[obj + 1], start_t_s[obj], x, y, z, weight[obj],
            )  # fmt: skip
