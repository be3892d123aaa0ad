"""Threat classes with every value known, and the raid they fly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.kernels.raid import CRAFT_COLUMNS, aim_raid, sample_raid
from opendome.threats.kernels.status import HIT, REASONS
from opendome.threats.records import Flags, Floats, Integers, Raid, Refusal

STEP_ERROR_M = 0.01  # of the numerical integration, per step; see docs/models/ballistic-missile.md


@dataclass(frozen=True, kw_only=True)
class ThreatClass:
    """A generic class of ballistic missile in one future.

    Attributes
    ----------
    boost_s : from lift-off to burnout [s]
    stages : stages, burning equally long and giving equal velocity changes
    exhaust_m_s : exhaust speed [m/s]; None gives every stage the mass ratio e
    burnout_altitude_m : wanted altitude of burnout [m]
    range_min_m, range_max_m : shortest and longest ground range [m]
    ballistic_coefficient_kg_m2 : of the body that falls [kg/m2]
    ballistic_coefficient_boost_kg_m2 : of the rising missile [kg/m2]; None for no drag
    intensity_boost_w_sr, intensity_body_w_sr : infrared until and after burnout [W/sr]
    rcs_boost_m2, rcs_midcourse_m2 : radar cross-section until and after burnout [m2]
    reliability : chance that a missile does not fail by itself
    """

    boost_s: float
    stages: int
    exhaust_m_s: float | None = None
    burnout_altitude_m: float
    range_min_m: float
    range_max_m: float
    ballistic_coefficient_kg_m2: float
    ballistic_coefficient_boost_kg_m2: float | None = None
    intensity_boost_w_sr: float
    intensity_body_w_sr: float
    rcs_boost_m2: float
    rcs_midcourse_m2: float
    reliability: float = 1.0

    @property
    def numbers(self) -> tuple[float, ...]:
        """What the kernels need, in the order of their columns."""
        rising = self.ballistic_coefficient_boost_kg_m2
        return (
            self.boost_s,
            float(self.stages),
            self.exhaust_m_s or 0.0,
            self.burnout_altitude_m,
            1.0 / rising if rising else 0.0,
            1.0 / self.ballistic_coefficient_kg_m2,
            self.range_min_m,
            self.range_max_m,
        )


@dataclass(frozen=True, kw_only=True)
class RaidGroup:
    """Missiles of one class with their times and points.

    Attributes
    ----------
    threat : the class    class_name : its name
    launch_t_s : (missile,) [s after epoch]
    launch_lat_rad, launch_lon_rad, aim_lat_rad, aim_lon_rad : (missile,) geodetic [rad]
    """

    threat: ThreatClass
    class_name: str
    launch_t_s: Floats
    launch_lat_rad: Floats
    launch_lon_rad: Floats
    aim_lat_rad: Floats
    aim_lon_rad: Floats

    @property
    def courses(self) -> Floats:
        """(missile, 4) launch and aim points, as the kernels read them."""
        return np.column_stack(
            (self.launch_lat_rad, self.launch_lon_rad, self.aim_lat_rad, self.aim_lon_rad)
        ).astype(np.float64)


def fly_raid(groups: Sequence[RaidGroup], *, era_epoch_rad: float, step_s: float) -> Raid:
    """Fly every missile of a raid without any defence.

    groups : missiles by class    era_epoch_rad : Earth rotation angle at the epoch [rad]
    step_s : interval of the samples [s]
    Returns the raid, objects in the order of the groups; `Raid.refused` names the missiles whose
    aim point their class cannot reach.
    Model: staged boost, coast, re-entry of a point mass over the rotating WGS 84 ellipsoid with
    J2 and US-1976 drag, aimed within 250 m; see docs/models/ballistic-missile.md.
    Valid for: ranges of 100 km to 13 000 km; positions within 10 m of an exact integration.
    """
    sizes = [len(entry.launch_t_s) for entry in groups]
    group = np.repeat(np.arange(len(groups), dtype=np.int32), sizes)
    threats = [groups[g].threat for g in group.tolist()]
    crafts = np.array([threat.numbers for threat in threats]).reshape(-1, CRAFT_COLUMNS)
    courses = np.concatenate([np.empty((0, 4)), *(entry.courses for entry in groups)])
    launch_t_s = np.concatenate([np.empty(0), *(entry.launch_t_s for entry in groups)])
    guesses, impacts = np.empty((len(group), 4)), np.empty((len(group), 3))
    status = np.empty(len(group), dtype=np.int32)
    aim_raid(crafts, courses, STEP_ERROR_M, guesses, impacts, status)
    samples = 1 + int(np.nanmax(impacts[:, 0], initial=0.0) / step_s)
    pos, vel = np.full((2, len(group), samples, 3), np.nan)
    era_rad = era_epoch_rad + ROTATION_RAD_S * launch_t_s
    sample_raid(crafts, courses, guesses, era_rad, STEP_ERROR_M, step_s, pos, vel)
    boost_s = np.where(status == HIT, crafts[:, 0], np.nan)
    burning = np.arange(samples) * step_s < boost_s[:, None]
    valid = ~np.isnan(pos[:, :, 0])
    names = tuple(dict.fromkeys(entry.class_name for entry in groups))
    classes = np.array([names.index(entry.class_name) for entry in groups], dtype=np.int32)
    return Raid(
        class_names=names,
        object_class=classes[group],
        group=group,
        launch_t_s=launch_t_s,
        burnout_t_s=launch_t_s + boost_s,
        impact_t_s=launch_t_s + impacts[:, 0],
        launch_lat_rad=courses[:, 0].copy(),
        launch_lon_rad=courses[:, 1].copy(),
        impact_lat_rad=impacts[:, 1].copy(),
        impact_lon_rad=impacts[:, 2].copy(),
        p_reliable=np.array([threat.reliability for threat in threats]),
        step_s=step_s,
        pos_eci_m=pos,
        vel_eci_m_s=vel,
        intensity_w_sr=_by_phase(
            [(threat.intensity_boost_w_sr, threat.intensity_body_w_sr) for threat in threats],
            burning,
            valid,
        ),
        rcs_m2=_by_phase(
            [(threat.rcs_boost_m2, threat.rcs_midcourse_m2) for threat in threats], burning, valid
        ),
        valid=valid,
        refused=_refusals(status, group),
    )


def _by_phase(pairs: list[tuple[float, float]], burning: Flags, valid: Flags) -> Floats:
    """First value of each object's pair until burnout, second after, NaN where not valid."""
    table = np.array(pairs).reshape(-1, 2)
    return np.where(valid, np.where(burning, table[:, :1], table[:, 1:]), np.nan)


def _refusals(status: Integers, group: Integers) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(object=int(n), group=int(group[n]), reason=REASONS[int(status[n])])
        for n in np.flatnonzero(status != HIT)
    )
