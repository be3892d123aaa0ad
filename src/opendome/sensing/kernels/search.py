"""Searching: when a radar that sweeps a fence meets what it does not know yet."""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.draws.philox import uniform
from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.kernels.course import Way, site_at
from opendome.sensing.kernels.detection import p_detect_one_look
from opendome.sensing.kernels.flight import Flight, position_at, sample_before, signature_sample
from opendome.sensing.kernels.radar import FULL_TURN, Site, in_mask, radar_snr

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SWEEP_ROUNDS = 2  # the object turns while the sweep comes: guess, then mend


@kernel
def search_look(
    flight: Flight,
    site: Site,
    way: Way | None,
    era_epoch_rad: float,
    sin_fence: float,
    obj: int,
    t_s: float,
) -> tuple[float, float]:
    """What a search look at the place of an object would give.

    sin_fence : sine of the highest elevation searched
    Returns (part of the sector on its left, chance to detect it; 0 outside the fence).
    """
    k = sample_before(t_s, flight.launch_t_s[obj], flight.step_s, flight.samples[obj])
    x, y, z = position_at(flight, obj, k, t_s)
    theta = era_epoch_rad + ROTATION_RAD_S * t_s
    c = math.cos(theta)
    s = math.sin(theta)
    here = site_at(site, way, t_s)
    dx = c * x + s * y - here.x
    dy = c * y - s * x - here.y
    dz = z - here.z
    up = dx * here.up_x + dy * here.up_y + dz * here.up_z
    north = dx * here.north_x + dy * here.north_y + dz * here.north_z
    east = (
        dx * (here.north_y * here.up_z - here.north_z * here.up_y)
        + dy * (here.north_z * here.up_x - here.north_x * here.up_z)
        + dz * (here.north_x * here.up_y - here.north_y * here.up_x)
    )
    turned = (math.atan2(east, north) - here.azimuth_from_rad) % FULL_TURN
    part = min(1.0, turned / here.azimuth_width_rad)
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    if up > distance * sin_fence or not in_mask(here, dx + here.x, dy + here.y, z):
        return part, 0.0
    rcs = flight.rcs_m2[obj, signature_sample(t_s, flight.burnout_t_s[obj], k)]
    snr = radar_snr(here.calibration_m2, rcs, distance)
    return part, p_detect_one_look(snr, here.p_false_alarm)


@kernel
def find_hits(
    flight: Flight,
    site: Site,
    way: Way | None,
    era_epoch_rad: float,
    frame_s: float,
    sin_fence: float,
    stay_obj: Integers,
    enter_t_s: Floats,
    leave_t_s: Floats,
    seed: int,
    purpose: int,
    future: int,
    hit_stay: Integers,
    hit_t_s: Floats,
) -> int:
    """List the search looks that find an object; returns how many.

    frame_s : time in which the whole fence is swept once [s]
    sin_fence : sine of the highest elevation searched
    stay_obj, enter_t_s, leave_t_s : (stay,) when each object is in the mask
    seed, purpose, future : address of the luck, with object and number of the frame
    hit_stay, hit_t_s : (room,) filled; room for (leave - enter) / frame + 2 of each stay
    Model: frame k begins at k * frame; within it the sector is swept once from left to right at
    an even pace, so that an object at the part q of the sector is looked at at (k + q) * frame.
    The look finds it by the chance of one look; its luck is drawn here, once per future.
    Valid for: an object that turns by little of the sector in one frame; the strength of a
    search look is that of any look.
    Source: project model; D. K. Barton, Radar System Analysis and Modeling, 2005 (search).
    """
    hits = 0
    for stay in range(stay_obj.shape[0]):
        obj = int(stay_obj[stay])
        frame = math.floor(enter_t_s[stay] / frame_s) - 1
        guess_s = enter_t_s[stay]
        while frame * frame_s <= leave_t_s[stay]:
            t_s = guess_s
            for _ in range(SWEEP_ROUNDS):
                part, _ = search_look(flight, site, way, era_epoch_rad, sin_fence, obj, t_s)
                t_s = (frame + part) * frame_s
            frame += 1
            if t_s < enter_t_s[stay] or t_s > leave_t_s[stay]:
                continue
            guess_s = t_s
            _, chance = search_look(flight, site, way, era_epoch_rad, sin_fence, obj, t_s)
            if chance > 0.0 and uniform(seed, purpose, future, obj, frame) < chance:
                hit_stay[hits] = stay
                hit_t_s[hits] = t_s
                hits += 1
    return hits
