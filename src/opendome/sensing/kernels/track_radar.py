"""The looks of one radar at a raid: when objects are in view, and what each look is worth."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.kernels.bias import looks_remembered, share_after_bias
from opendome.sensing.kernels.course import Way, sees, site_at
from opendome.sensing.kernels.detection import p_detect_one_look
from opendome.sensing.kernels.flight import (
    Flight,
    position_at,
    sample_before,
    signature_sample,
)
from opendome.sensing.kernels.radar import Site, in_mask, noise_at, outside_by, radar_snr
from opendome.sensing.kernels.sheet import Sheet, write_look

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


EDGE_HALVINGS = 14  # a crossing of the mask is found to step / 2^14: 60 microseconds for 1 s


class Bias(NamedTuple):
    """Standard deviations of errors of a radar that stay the same for a time, and that time."""

    angle_rad: float
    range_m: float
    memory_s: float


@kernel
def in_mask_at(
    flight: Flight, site: Site, way: Way | None, era_epoch_rad: float, obj: int, t_s: float
) -> bool:
    """Whether an object is inside the mask of a radar at a moment."""
    k = sample_before(t_s, flight.launch_t_s[obj], flight.step_s, flight.samples[obj])
    x, y, z = position_at(flight, obj, k, t_s)
    theta = era_epoch_rad + ROTATION_RAD_S * t_s
    c = math.cos(theta)
    s = math.sin(theta)
    return sees(site, way, t_s, c * x + s * y, c * y - s * x, z)


@kernel
def edge_of_mask(
    flight: Flight,
    site: Site,
    way: Way | None,
    era_epoch_rad: float,
    obj: int,
    inside_t_s: float,
    outside_t_s: float,
) -> float:
    """Last moment inside the mask between one inside and one outside, by halving [s]."""
    for _ in range(EDGE_HALVINGS):
        middle = 0.5 * (inside_t_s + outside_t_s)
        if in_mask_at(flight, site, way, era_epoch_rad, obj, middle):
            inside_t_s = middle
        else:
            outside_t_s = middle
    return inside_t_s


@kernel
def steps_outside(flight: Flight, site: Site, obj: int, x: float, y: float, z: float) -> int:
    """Steps until an object outside the mask of a radar that stands still can come in, 1 or more.

    x, y, z : where it is, ECEF [m]
    """
    return max(1, math.floor(outside_by(site, x, y, z) / flight.stride_m[obj]))


@kernel
def find_stays(
    flight: Flight,
    site: Site,
    way: Way | None,
    era_epoch_rad: float,
    pos_ecef_m: Floats,
    stay_obj: Integers,
    enter_t_s: Floats,
    leave_t_s: Floats,
) -> int:
    """List when each object is in the mask of a radar; returns the number of stays.

    pos_ecef_m : (object, time, 3) samples of the flights [m]
    stay_obj, enter_t_s, leave_t_s : (room,) filled; when the number returned is larger than
        the room, only the first stays were written
    Valid for: stays longer than one step of the raid; shorter ones may be missed.
    """
    room = stay_obj.shape[0]
    stays = 0
    for obj in range(flight.samples.shape[0]):
        inside = False
        enter_s = 0.0
        k = 0
        while k < flight.samples[obj]:
            t_s = flight.launch_t_s[obj] + k * flight.step_s
            x, y, z = pos_ecef_m[obj, k, 0], pos_ecef_m[obj, k, 1], pos_ecef_m[obj, k, 2]
            now = sees(site, way, t_s, x, y, z)
            if now and not inside:
                enter_s = t_s
                if k > 0:
                    before = t_s - flight.step_s
                    enter_s = edge_of_mask(flight, site, way, era_epoch_rad, obj, t_s, before)
            if inside and (not now or k == flight.samples[obj] - 1):
                leave_s = t_s
                if not now:
                    before = t_s - flight.step_s
                    leave_s = edge_of_mask(flight, site, way, era_epoch_rad, obj, before, t_s)
                if stays < room:
                    stay_obj[stays] = obj
                    enter_t_s[stays] = enter_s
                    leave_t_s[stays] = leave_s
                stays += 1
            inside = now
            k += 1 if now or way is not None else steps_outside(flight, site, obj, x, y, z)
    return stays


@kernel
def write_radar_looks(
    flight: Flight,
    site: Site,
    way: Way | None,
    bias: Bias,
    era_epoch_rad: float,
    sensor: int,
    looked_obj: Integers,
    looked_t_s: Floats,
    p_detect_min: float,
    sheet: Sheet,
) -> int:
    """Write the looks of one radar that are worth anything; returns the rows written.

    bias : errors that all its looks have in common
    looked_obj, looked_t_s : (look,) which object, and when
    sheet : empty, with room for all of them
    """
    biased = bias.angle_rad > 0.0 or bias.range_m > 0.0
    looks = np.zeros(flight.samples.shape[0] if biased else 1)
    last_t_s = np.zeros(looks.shape[0])
    used = 0
    for look in range(looked_obj.shape[0]):
        obj = int(looked_obj[look])
        t_s = looked_t_s[look]
        k = sample_before(t_s, flight.launch_t_s[obj], flight.step_s, flight.samples[obj])
        x, y, z = position_at(flight, obj, k, t_s)
        theta = era_epoch_rad + ROTATION_RAD_S * t_s
        c = math.cos(theta)
        s = math.sin(theta)
        here = site_at(site, way, t_s)
        dx = c * x + s * y - here.x
        dy = c * y - s * x - here.y
        dz = z - here.z
        if not in_mask(here, dx + here.x, dy + here.y, z):
            continue
        distance = math.sqrt(dx * dx + dy * dy + dz * dz)
        rcs = flight.rcs_m2[obj, signature_sample(t_s, flight.burnout_t_s[obj], k)]
        snr = radar_snr(site.calibration_m2, rcs, distance)
        p_detect = p_detect_one_look(snr, site.p_false_alarm)
        if not p_detect >= p_detect_min:
            continue
        along = noise_at(snr, site.snr_reference, site.range_noise_m, site.range_noise_floor_m)
        angle = noise_at(snr, site.snr_reference, site.angle_noise_rad, site.angle_noise_floor_rad)
        if biased:
            looks[obj] = looks_remembered(looks[obj], t_s - last_t_s[obj], bias.memory_s)
            last_t_s[obj] = t_s
            share = share_after_bias(angle, bias.angle_rad, looks[obj])
            range_share = share_after_bias(along, bias.range_m, looks[obj])
            angle /= math.sqrt(share)
            along /= math.sqrt(range_share)
            sheet.share_after_bias[used] = share
            sheet.range_share_after_bias[used] = range_share
        ux = (c * dx - s * dy) / distance
        uy = (s * dx + c * dy) / distance
        uz = dz / distance
        snr_db = 10.0 * math.log10(snr)
        across = distance * angle
        write_look(sheet, used, sensor, obj, t_s, p_detect, snr_db, ux, uy, uz, along, across)
        used += 1
    return used
