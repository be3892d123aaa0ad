"""Lofted flight, a pull to the side during re-entry, and objects that separate.

Authorities: range, apogee and time of flight announced by the Korean Central News Agency for four
lofted tests, as quoted by the press; the parabola of a steady acceleration; two bodies.
"""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import MU_M3_S2, ROTATION_RAD_S
from opendome.threats.ballistic import ThreatClass
from opendome.threats.groups import RaidGroup
from opendome.threats.models import fly_raid
from opendome.threats.records import Raid
from opendome.threats.separation import PartClass
from opendome.verification.checks import Check
from opendome.world.earth import geodetic_from_ecef

Floats = npt.NDArray[np.float64]
Fly = Callable[[ThreatClass, tuple[float, ...]], Raid]
LetGo = Callable[[ThreatClass, tuple[float, ...], Floats], Raid]

KM = 1e3
DEGREE_KM = 111.19  # of a great circle of the mean sphere
STEP_S = 1.0
# range [km], apogee [km], time of flight [s], boost time [s] assumed for the class
ANNOUNCED = {
    "Hwasong-12, 2017-05-14": (787.0, 2111.5, 1800.0, 150.0),
    "Hwasong-14, 2017-07-28": (998.0, 3724.9, 2832.0, 270.0),
    "Hwasong-15, 2017-11-29": (950.0, 4475.0, 3180.0, 270.0),
    "Hwasong-17, 2022-11-18": (999.2, 6040.9, 4135.0, 270.0),
}
COURSE_DEG = (40.0, 127.0, 64.0, -148.0)
MISSILE = ThreatClass(
    boost_s=170.0,
    stages=3,
    burnout_altitude_m=220.0 * KM,
    range_min_m=500.0 * KM,
    range_max_m=14_000.0 * KM,
    ballistic_coefficient_kg_m2=100_000.0,
    intensity_boost_w_sr=1e6,
    intensity_body_w_sr=40.0,
    rcs_boost_m2=1.0,
    rcs_midcourse_m2=0.05,
)
PULLING = dataclasses.replace(MISSILE, pull_m_s2=20.0, pull_below_m=40.0 * KM)
KICK_M_S = np.array([[0.0, 0.0, 20.0]])


def _group(threat: ThreatClass, course_deg: tuple[float, ...]) -> RaidGroup:
    """One missile from launch to aim (latitudes and longitudes) [deg]."""
    ends = np.radians(np.array(course_deg))
    return RaidGroup(
        threat=threat,
        class_name="missile",
        launch_t_s=np.zeros(1),
        launch_lat_rad=ends[:1],
        launch_lon_rad=ends[1:2],
        aim_lat_rad=ends[2:3],
        aim_lon_rad=ends[3:],
    )


def fly(threat: ThreatClass, course_deg: tuple[float, ...]) -> Raid:
    """A raid of one missile."""
    return fly_raid([_group(threat, course_deg)], era_epoch_rad=0.0, step_s=STEP_S)


def let_go(threat: ThreatClass, course_deg: tuple[float, ...], kicks_m_s: Floats) -> Raid:
    """A raid of one missile and its parts, each with a velocity of its own added [m/s]."""
    missile, parts = _group(threat, course_deg), len(kicks_m_s)
    part = PartClass(
        carrier=threat,
        carrier_courses=missile.courses,
        kicks_m_s=kicks_m_s,
        ballistic_coefficient_kg_m2=threat.ballistic_coefficient_kg_m2,
        intensity_w_sr=threat.intensity_body_w_sr,
        rcs_m2=threat.rcs_midcourse_m2,
    )
    released = dataclasses.replace(
        missile,
        threat=part,
        class_name="part",
        launch_t_s=np.full(parts, threat.boost_s),
        launch_lat_rad=np.repeat(missile.launch_lat_rad, parts),
        launch_lon_rad=np.repeat(missile.launch_lon_rad, parts),
        aim_lat_rad=np.repeat(missile.aim_lat_rad, parts),
        aim_lon_rad=np.repeat(missile.aim_lon_rad, parts),
        parent=np.zeros(parts, np.int32),
    )
    return fly_raid([missile, released], era_epoch_rad=0.0, step_s=STEP_S)


def lofted_error(flown: Fly = fly) -> float:
    """Largest relative difference from the announced times of flight."""
    worst = 0.0
    for range_km, apogee_km, time_s, boost_s in ANNOUNCED.values():
        start_deg = (39.3, 125.9)
        east_deg = range_km / DEGREE_KM / math.cos(math.radians(start_deg[0]))
        threat = dataclasses.replace(MISSILE, boost_s=boost_s, apogee_m=apogee_km * KM)
        raid = flown(threat, (*start_deg, start_deg[0], start_deg[1] + east_deg))
        worst = max(worst, abs(float(raid.impact_t_s[0]) / time_s - 1.0))
    return worst


def fly_least_energy(threat: ThreatClass, course_deg: tuple[float, ...]) -> Raid:
    """Planted bug: the apogee of the class is forgotten."""
    return fly(dataclasses.replace(threat, apogee_m=None), course_deg)


def shift_error(flown: Fly = fly) -> float:
    """Largest relative difference of the way to the side from A t^2 / 2.

    The missile is aimed with its pull, so that a free fall to the same aim is another flight; a
    part that is not pushed falls freely from the same burnout.
    """
    raid = flown(PULLING, COURSE_DEG)
    free = let_go(PULLING, COURSE_DEG, np.zeros((1, 3)))
    first = int(PULLING.boost_s)  # samples of the part are those of the missile from then on
    own = raid.valid[0, first:] & _within(free.valid[1], raid.valid[0, first:].size)
    pos = free.pos_eci_m[1, : own.size][own]
    vel = free.vel_eci_m_s[1, : own.size][own]
    height_m = geodetic_from_ecef(pos)[2]
    right = np.cross(vel - np.cross((0.0, 0.0, ROTATION_RAD_S), pos), pos)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    aside_m = np.einsum("ij,ij->i", raid.pos_eci_m[0, first:][: own.size][own] - pos, right)
    row = int(np.flatnonzero(height_m > PULLING.pull_below_m)[-1])
    sink_m_s = height_m[row] - height_m[row + 1]
    begun_s = row + (height_m[row] - PULLING.pull_below_m) / sink_m_s
    t_s = np.arange(aside_m.size) - begun_s
    late = t_s > 3.0 * STEP_S
    wanted_m = 0.5 * PULLING.pull_m_s2 * t_s[late] ** 2
    return float(np.abs(aside_m[late] / wanted_m - 1.0).max())


def _within(flags: npt.NDArray[np.bool_], size: int) -> npt.NDArray[np.bool_]:
    """Flags cut, or filled up with False, to a size."""
    result = np.zeros(size, np.bool_)
    result[: flags.size] = flags[:size]
    return result


def fly_with_a_swing(threat: ThreatClass, course_deg: tuple[float, ...]) -> Raid:
    """Planted bug: a steady pull that changes sides."""
    return fly(dataclasses.replace(threat, pull_period_s=20.0), course_deg)


def follow_error(released: LetGo = let_go) -> float:
    """Largest distance of a part that is not pushed from its missile [m]."""
    raid = released(MISSILE, COURSE_DEG, np.zeros((1, 3)))
    first = int(MISSILE.boost_s)
    both = raid.valid[0, first:] & raid.valid[1, : raid.valid.shape[1] - first]
    gap = raid.pos_eci_m[0, first:] - raid.pos_eci_m[1, : both.size]
    return float(np.linalg.norm(gap[both], axis=1).max())


def let_go_lighter(threat: ThreatClass, course_deg: tuple[float, ...], kicks: Floats) -> Raid:
    """Planted bug: a part a hundred times as light as it should be."""
    light = dataclasses.replace(
        threat, ballistic_coefficient_kg_m2=threat.ballistic_coefficient_kg_m2 / 100.0
    )
    parted, whole = let_go(light, course_deg, kicks), let_go(threat, course_deg, kicks)
    size = min(parted.pos_eci_m.shape[1], whole.pos_eci_m.shape[1])
    pos = whole.pos_eci_m.copy()
    pos[1, :size] = parted.pos_eci_m[1, :size]
    return dataclasses.replace(whole, pos_eci_m=pos)


def energy_error(released: LetGo = let_go) -> float:
    """Largest relative difference of the energy that a push adds from v.k + k^2 / 2."""
    pushed = released(MISSILE, COURSE_DEG, KICK_M_S)
    still = let_go(MISSILE, COURSE_DEG, np.zeros((1, 3)))
    kick = KICK_M_S[0]
    wanted = float(still.vel_eci_m_s[1, 0] @ kick + 0.5 * kick @ kick)
    height_m = geodetic_from_ecef(np.nan_to_num(still.pos_eci_m[1], nan=1.0))[2]
    rows = int(np.flatnonzero(height_m > 100.0 * KM)[-1])

    def energy(raid: Raid) -> Floats:
        speed = np.linalg.norm(raid.vel_eci_m_s[1, :rows], axis=1)
        return 0.5 * speed**2 - MU_M3_S2 / np.linalg.norm(raid.pos_eci_m[1, :rows], axis=1)

    return float(np.abs((energy(pushed) - energy(still)) / wanted - 1.0).max())


def push_backwards(threat: ThreatClass, course_deg: tuple[float, ...], kicks: Floats) -> Raid:
    """Planted bug: the velocity taken away instead of added."""
    return let_go(threat, course_deg, -kicks)


def _check(name: str, **parts: Any) -> Check:
    return Check(name=f"ballistic/{name}", **parts)


CHECKS: tuple[Check, ...] = (
    _check(
        "lofted",
        claim="a flight of announced range and apogee takes the announced time",
        authority="KCNA as quoted by the press: Hwasong-12, -14, -15, -17, 2017 to 2022",
        unit="relative",
        tolerance=0.05,
        measure=lofted_error,
        planted_bug=fly_least_energy,
        bug="the apogee forgotten",
    ),
    _check(
        "pull",
        claim="a steady pull of A moves a re-entry by A t^2 / 2 to the side",
        authority="parabola of a steady acceleration",
        unit="relative",
        tolerance=0.03,
        measure=shift_error,
        planted_bug=fly_with_a_swing,
        bug="a pull that changes sides",
    ),
    _check(
        "follow",
        claim="a part that is not pushed and has the same drag follows its missile to the ground",
        authority="the flight of the missile itself",
        unit="m",
        tolerance=0.1,
        measure=follow_error,
        planted_bug=let_go_lighter,
        bug="a part a hundred times as light",
    ),
    _check(
        "push",
        claim="a push k adds v.k + k^2 / 2 to the energy of a part, all the way to the air",
        authority="two bodies; J2 within the tolerance",
        unit="relative",
        tolerance=0.02,
        measure=energy_error,
        planted_bug=push_backwards,
        bug="the velocity taken away",
    ),
)
