"""Radars beyond the horizon, and what a radar does with its time."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.cues import CUE_DETECTIONS, CuePool, Cues
from opendome.sensing.kernels.flight import Flight, bounds_of
from opendome.sensing.kernels.information import ground_information, position_information
from opendome.sensing.kernels.sheet import new_sheet
from opendome.sensing.kernels.skywave import Belt, ground_place
from opendome.sensing.radar import Radar, shared_looks
from opendome.sensing.resources import Luck, Search, Stays, managed_looks
from opendome.sensing.skywave import SkywaveRadar
from opendome.verification.checks import Check
from opendome.world.earth import ecef_from_geodetic, ecef_from_geodetic_xyz
from opendome.world.geodesy import geodesic_direct_radians

Floats = npt.NDArray[np.float64]
Place = Callable[[Belt, float, float, float], tuple[float, float]]
Looking = Callable[..., tuple[npt.NDArray[np.int64], Floats]]
Cue = Callable[[Cues, CuePool], float]
Told = Callable[..., tuple[float, float, float, float, float, float]]

LATITUDES_DEG, AZIMUTHS_DEG = (-60.0, -20.0, 0.0, 43.0, 65.0), (10.0, 100.0, 200.0, 310.0)
GROUND_M = (1.0e6, 2.0e6, 3.0e6)
RAID, STAY_S, INTERVAL_S, BUDGET_HZ = 150, 400.0, 2.0, 20.0
SCANS, SCAN_S, SHARED_S, P_SCANS = 40, 3.0, 5.0, (0.125, 0.25, 0.375, 0.5, 0.75, 1.0)
CROSSINGS, CROSS_S, FRAME_S, P_LOOK = 4000, 6.0, 20.0, 0.6


def skywave(lat_deg: float) -> SkywaveRadar:
    """A skywave radar that sees all round."""
    return SkywaveRadar(
        name="skywave",
        asset=0,
        lat_rad=math.radians(lat_deg),
        lon_rad=0.7,
        azimuth_from_rad=0.0,
        azimuth_to_rad=2.0 * math.pi,
        range_min_m=0.9e6,
        range_max_m=3.1e6,
        altitude_max_m=60e3,
        speed_min_m_s=0.0,
        range_reference_m=2e6,
        rcs_reference_m2=10.0,
        snr_reference=20.0,
        rcs_m2=10.0,
        p_false_alarm=1e-6,
        azimuth_noise_rad=0.005,
        azimuth_noise_floor_rad=0.0,
        range_noise_m=1e4,
        range_noise_floor_m=0.0,
        revisit_s=30.0,
    )


def ground_error(place: Place = ground_place) -> float:
    """Largest relative error of the ground range, or error of the azimuth [rad]."""
    worst = 0.0
    for lat_deg in LATITUDES_DEG:
        radar = skywave(lat_deg)
        for azimuth_deg in AZIMUTHS_DEG:
            azimuth = math.radians(azimuth_deg)
            for distance_m in GROUND_M:
                end = geodesic_direct_radians(radar.lat_rad, radar.lon_rad, azimuth, distance_m)
                x, y, z = ecef_from_geodetic_xyz(end[0], end[1], 500.0)
                ground_m, bearing = place(radar.belt(), x, y, z)
                off = math.remainder(bearing - azimuth, 2.0 * math.pi)
                worst = max(worst, abs(ground_m / distance_m - 1.0), abs(off))
    return worst


def slant_place(belt: Belt, x: float, y: float, z: float) -> tuple[float, float]:
    """Planted bug: the straight distance through the Earth in place of that along the ground."""
    ground_m, azimuth = ground_place(belt, x, y, z)
    radius_m = math.sqrt(x * x + y * y + z * z)
    return 2.0 * radius_m * math.sin(0.5 * ground_m / radius_m), azimuth


def height_told(told: Told = ground_information) -> float:
    """Largest part of the information of a look that is on the height."""
    worst = 0.0
    for turn in (0.0, 1.0, 2.5):
        c, s = math.cos(turn), math.sin(turn)
        up, along = (c * 0.6, s * 0.6, 0.8), (-s, c, 0.0)
        xx, xy, xz, yy, yz, zz = told(*along, *up, 8e3, 12e3)
        matrix = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        wanted = 1.0 / 8e3**2 + 1.0 / 12e3**2
        vertical = float(np.array(up) @ matrix @ np.array(up)) / wanted
        worst = max(worst, abs(vertical), abs(float(np.trace(matrix)) / wanted - 1.0))
    return worst


def a_look_with_elevation(*parts: float) -> tuple[float, float, float, float, float, float]:
    """Planted bug: both angles and the range are measured, as by a radar in line of sight."""
    ax, ay, az, _, _, _, along_m, across_m = parts
    return position_information(ax, ay, az, along_m, across_m)


def air_radar(*, search: Search | None, priority: str | None, budget_hz: float) -> Radar:
    """A radar that sees all round, and `P_LOOK` of what hangs 100 km away."""
    snr = math.log(1e-6) / math.log(P_LOOK) - 1.0  # p_detect = p_false_alarm^(1 / (1 + snr))
    return Radar(
        name="air",
        asset=0,
        lat_rad=0.6,
        lon_rad=0.7,
        alt_m=0.0,
        azimuth_from_rad=0.0,
        azimuth_to_rad=2.0 * math.pi,
        elevation_min_rad=0.0,
        elevation_max_rad=0.5 * math.pi,
        range_max_m=1e6,
        range_reference_m=100e3,
        rcs_reference_m2=1.0,
        snr_reference=snr,
        p_false_alarm=1e-6,
        angle_noise_rad=1e-3,
        angle_noise_floor_rad=0.0,
        range_noise_m=10.0,
        range_noise_floor_m=0.0,
        look_interval_s=INTERVAL_S,
        look_budget_hz=budget_hz,
        search=search,
        priority=priority,
    )


def hanging(radar: Radar, objects: int, until_s: float) -> Flight:
    """Objects that hang over the ground 100 km around a radar, spread evenly in azimuth."""
    azimuth = 2.0 * math.pi * (np.arange(objects) + 0.5) / objects
    lat = radar.lat_rad + 100e3 / 6.36e6 * np.cos(azimuth)
    lon = radar.lon_rad + 100e3 / 6.38e6 * np.sin(azimuth) / math.cos(radar.lat_rad)
    ecef = ecef_from_geodetic(lat, lon, np.full(objects, 10e3))
    t_s = np.arange(0.0, until_s + 10.0, 10.0)
    c, s = np.cos(ROTATION_RAD_S * t_s), np.sin(ROTATION_RAD_S * t_s)
    pos = np.zeros((objects, t_s.size, 3))
    pos[:, :, 0] = np.outer(ecef[:, 0], c) - np.outer(ecef[:, 1], s)
    pos[:, :, 1] = np.outer(ecef[:, 0], s) + np.outer(ecef[:, 1], c)
    pos[:, :, 2] = ecef[:, 2, None]
    vel = np.zeros_like(pos)
    vel[:, :, 0], vel[:, :, 1] = -ROTATION_RAD_S * pos[:, :, 1], ROTATION_RAD_S * pos[:, :, 0]
    nothing = np.zeros(objects)
    samples = np.full(objects, t_s.size, np.int64)
    high_m, stride_m = bounds_of(pos, samples, 10.0)
    return Flight(
        launch_t_s=nothing,
        burnout_t_s=nothing,
        hot_until_t_s=nothing,
        end_t_s=nothing + t_s[-1],
        samples=samples,
        high_m=high_m,
        stride_m=stride_m,
        step_s=10.0,
        pos_eci_m=pos,
        vel_eci_m_s=vel,
        intensity_w_sr=np.zeros((objects, t_s.size)),
        rcs_m2=np.ones((objects, t_s.size)),
    )


def follow(flight: Flight, radar: Radar, stays: Stays) -> tuple[npt.NDArray[np.int64], Floats]:
    """Looks of a radar with its own search and priority."""
    return managed_looks(
        flight,
        radar.site(),
        None,
        stays,
        name=radar.name,
        search=radar.search,
        priority=radar.priority,
        cue_t_s=np.full(flight.samples.size, np.inf),
        luck=Luck(seed=7, future=0),
        era_epoch_rad=0.0,
    )


def tracks_beyond(looking: Looking = follow) -> float:
    """Difference of the tracks held in a dense raid from budget over rate."""
    search = Search(frame_s=10.0, share=0.25, fence_rad=0.5 * math.pi)
    radar = air_radar(search=search, priority="first-come", budget_hz=BUDGET_HZ)
    flight = hanging(radar, RAID, STAY_S)
    enter = np.linspace(0.0, 5.0, RAID)
    stays = Stays(obj=np.arange(RAID), enter_t_s=enter, leave_t_s=np.full(RAID, STAY_S))
    obj, t_s = looking(flight, radar, stays)
    wanted = math.floor((1.0 - search.share) * BUDGET_HZ * INTERVAL_S)
    return max(
        abs(np.unique(obj[(t_s >= begin) & (t_s < begin + INTERVAL_S)]).size - wanted)
        for begin in (200.0, 250.0, 300.0, 350.0)
    )


def share_all(flight: Flight, radar: Radar, stays: Stays) -> tuple[npt.NDArray[np.int64], Floats]:
    """Planted bug: a radar that is never full and searches for nothing."""
    del flight
    return shared_looks(stays, radar.site())


def acquired_beyond(looking: Looking = follow) -> float:
    """Difference of the objects found from the closed form, in its standard deviations."""
    search = Search(frame_s=FRAME_S, share=0.25, fence_rad=0.5 * math.pi)
    radar = air_radar(search=search, priority=None, budget_hz=1e4)
    flight = hanging(radar, CROSSINGS, STAY_S)
    enter = np.arange(CROSSINGS) * 0.6180339887 % 1.0 * (STAY_S - CROSS_S)
    order = np.argsort(enter)
    begin: Floats = enter[order].astype(np.float64)
    stays = Stays(obj=order, enter_t_s=begin, leave_t_s=begin + CROSS_S)
    found = np.unique(looking(flight, radar, stays)[0]).size
    chance = CROSS_S / FRAME_S * P_LOOK
    return abs(found - CROSSINGS * chance) / math.sqrt(CROSSINGS * chance * (1.0 - chance))


def first_cue(cues: Cues, pool: CuePool) -> float:
    """When a pool tells of the first object [s]."""
    return float(cues.times((pool,), 1)[0])


def cue_error(cue: Cue = first_cue) -> float:
    """Largest departure of the time of a cue from the closed form [s].

    Two satellites scan together at an even pace and detect with one chance; the one alone, and
    its own detections counted with those that the other shares as `raw`, late by `SHARED_S`.
    """
    own = CuePool(assets=(0,), delay_s=(0.0,), carriers=(None,))
    both = CuePool(assets=(0, 1), delay_s=(0.0, SHARED_S), carriers=(None, None))
    worst = 0.0
    for chance in P_SCANS:
        sheet = new_sheet(2 * SCANS)
        sheet.sensor[:] = np.repeat([0, 1], SCANS)
        sheet.t_s[:] = np.tile(SCAN_S * np.arange(1, SCANS + 1), 2)
        sheet.obj[:], sheet.p_detect[:] = 0, chance
        cues = Cues(sheets=[sheet], sensor_asset=np.array([0, 1], np.int32))
        needed = math.ceil(CUE_DETECTIONS / chance)
        alone_s = SCAN_S * needed
        begun = math.floor((SHARED_S + SCAN_S) / SCAN_S)  # own scans before any of the other's
        turn = needed - begun  # from then on they take turns, the other first
        other_s = SHARED_S + SCAN_S * ((turn + 1) // 2)
        own_s = SCAN_S * (begun + turn // 2)
        both_s = alone_s if turn <= 0 else other_s if turn % 2 else own_s
        worst = max(worst, abs(cue(cues, own) - alone_s), abs(cue(cues, both) - both_s))
    return worst


def told_at_once(cues: Cues, pool: CuePool) -> float:
    """Planted bug: what is shared takes no time."""
    at_once = CuePool(assets=pool.assets, delay_s=(0.0,) * len(pool.assets), carriers=pool.carriers)
    return first_cue(cues, at_once)


def _check(name: str, **parts: Any) -> Check:
    return Check(name=f"radar/{name}", **parts)


CHECKS: tuple[Check, ...] = (
    _check(
        "skywave-ground",
        claim="a skywave radar places bodies by range along the ground and azimuth",
        authority="geodesics of the ellipsoid (Vincenty), 60 lines of 1,000 to 3,000 km",
        unit="relative, rad",
        tolerance=0.006,
        measure=ground_error,
        planted_bug=slant_place,
        bug="straight distance through the Earth",
    ),
    _check(
        "skywave-height",
        claim="a look of a skywave radar tells nothing of the height and all of range and azimuth",
        authority="definition: two sigmas, rank 2",
        unit="share",
        tolerance=1e-12,
        measure=height_told,
        planted_bug=a_look_with_elevation,
        bug="information of a radar in line of sight",
    ),
    _check(
        "saturation",
        claim="a full radar follows (1 - share) * budget * interval objects at full rate",
        authority=f"closed form, {RAID} objects in view",
        unit="tracks",
        tolerance=1.0,
        measure=tracks_beyond,
        planted_bug=share_all,
        bug="a radar that is never full",
    ),
    _check(
        "acquisition",
        claim="a fence crossed in less than a frame finds time / frame * p_detect of all bodies",
        authority=f"binomial law, {CROSSINGS} crossings",
        unit="standard deviations",
        tolerance=4.0,
        measure=acquired_beyond,
        planted_bug=share_all,
        bug="bodies known as soon as they are in view",
    ),
    _check(
        "cue",
        claim="a cue comes when two detections are expected, an ally's late by the agreement",
        authority="closed form: scans at an even pace, alone and shared",
        unit="s",
        tolerance=1e-9,
        measure=cue_error,
        planted_bug=told_at_once,
        bug="what is shared takes no time",
    ),
)
