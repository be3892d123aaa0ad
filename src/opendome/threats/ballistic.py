"""Ballistic missiles with every value known, and their flight."""

import math
from dataclasses import dataclass

import numpy as np

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.groups import RaidGroup
from opendome.threats.kernels.raid import CRAFT_COLUMNS, aim_raid, sample_raid
from opendome.threats.kernels.status import HIT, REASONS
from opendome.threats.records import Flags, Floats, Flown
from opendome.threats.signatures import by_phase
from opendome.world.earth import geodetic_from_ecef

STEP_ERROR_M = 0.01  # of the numerical integration, per step; see docs/models/ballistic-missile.md

STEADY = 3.0 / 4.0  # see `_pull_psd_m2_s3`


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
    apogee_m : altitude of the apogee; None for the arc of least energy [m]
    pull_m_s2 : largest acceleration to the side during re-entry; 0 for none [m/s2]
    pull_below_m : altitude on the way down at which it begins [m]
    pull_period_s : of its swing from side to side; None for a steady pull to the right [s]
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
    apogee_m: float | None = None
    pull_m_s2: float = 0.0
    pull_below_m: float = 0.0
    pull_period_s: float | None = None

    @property
    def pull_rad_s(self) -> float:
        """Rate of the swing; 0 for a steady pull."""
        return math.tau / self.pull_period_s if self.pull_period_s else 0.0

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
            self.apogee_m or 0.0,
            self.pull_m_s2,
            self.pull_below_m,
            self.pull_rad_s,
        )

    def fly(self, group: RaidGroup, *, era_epoch_rad: float, step_s: float) -> Flown:
        """Fly every missile of a group without any defence.

        group : missiles of this class    era_epoch_rad : Earth rotation angle at the epoch [rad]
        step_s : interval of the samples [s]
        Model: staged boost, coast, re-entry of a point mass over the rotating WGS 84 ellipsoid
        with J2 and US-1976 drag, aimed within 250 m; see docs/models/ballistic-missile.md.
        Valid for: ranges of 100 km to 13 000 km; positions within 10 m of an exact integration.
        """
        objects = len(group.launch_t_s)
        crafts = np.array([self.numbers] * objects).reshape(-1, CRAFT_COLUMNS)
        courses = group.courses
        guesses, impacts = np.empty((objects, 4)), np.empty((objects, 3))
        status = np.empty(objects, dtype=np.int32)
        aim_raid(crafts, courses, STEP_ERROR_M, guesses, impacts, status)
        samples = 1 + int(np.nanmax(impacts[:, 0], initial=0.0) / step_s)
        pos, vel = np.full((2, objects, samples, 3), np.nan)
        era_rad = era_epoch_rad + ROTATION_RAD_S * group.launch_t_s
        sample_raid(crafts, courses, guesses, era_rad, STEP_ERROR_M, step_s, pos, vel)
        boost_s = np.where(status == HIT, self.boost_s, np.nan)
        burning = np.arange(samples) * step_s < boost_s[:, None]
        valid = ~np.isnan(pos[:, :, 0])
        pull_s = self._pull_from_s(pos, valid, step_s)
        return Flown(
            burnout_s=boost_s,
            impact_s=impacts[:, 0],
            impact_lat_rad=impacts[:, 1],
            impact_lon_rad=impacts[:, 2],
            pos_eci_m=pos,
            vel_eci_m_s=vel,
            intensity_w_sr=by_phase(
                self.intensity_boost_w_sr, self.intensity_body_w_sr, burning, valid
            ),
            rcs_m2=by_phase(self.rcs_boost_m2, self.rcs_midcourse_m2, burning, valid),
            hot_until_s=boost_s,
            turn_s=np.where(status == HIT, -np.inf, np.nan),
            manoeuvre_psd_m2_s3=self._pull_psd_m2_s3(impacts[:, 0] - pull_s),
            manoeuvre_s=pull_s,
            reasons=tuple(REASONS.get(int(code), "") for code in status),
        )

    def _pull_from_s(self, pos_eci_m: Floats, valid: Flags, step_s: float) -> Floats:
        """When each missile begins to pull to the side, to one sample before [s]: (object,)."""
        if self.pull_m_s2 == 0.0:
            return np.full(len(valid), -math.inf)
        height_m = geodetic_from_ecef(pos_eci_m)[2]  # turning about the axis changes no height
        above = valid & (np.nan_to_num(height_m) > self.pull_below_m)
        last = valid.shape[1] - 1 - np.argmax(above[:, ::-1], axis=1)
        return np.where(above.any(axis=1), last * step_s, math.inf)

    def _pull_psd_m2_s3(self, pulls_s: Floats) -> Floats | float:
        """Density of white acceleration that stands for a pull nobody can know (object,).

        pulls_s : how long it lasts until the ground (object,) [s]
        Model: a steady pull moves the impact by A T^2 / 2, white acceleration q by a standard
        deviation of sqrt(q T^3 / 3) on each axis, so that q = 3 A^2 T / 4; a swing of the rate w
        has the variance A^2 / 2 and the memory 1 / w, so that q = A^2 / w where that is less.
        """
        if self.pull_m_s2 == 0.0:
            return 0.0
        steady = STEADY * np.where(np.isfinite(pulls_s), pulls_s, 0.0)
        memory_s = np.minimum(steady, 1.0 / self.pull_rad_s) if self.pull_period_s else steady
        return self.pull_m_s2**2 * memory_s
