"""Unguided rockets and mortar rounds with every value known, and their flight."""

import math
from dataclasses import dataclass

import numpy as np

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.groups import RaidGroup
from opendome.threats.kernels.rocket import (
    FLOWN,
    MISSED,
    OUT_OF_RANGE,
    OUT_OF_REACH,
    TOO_NEAR,
    Rocket,
    aim_rockets,
    sample_rockets,
)
from opendome.threats.records import Floats, Flown
from opendome.threats.signatures import by_phase
from opendome.world.earth import ecef_from_geodetic

REASONS = {
    OUT_OF_RANGE: "the aim point lies outside the range of the class",
    OUT_OF_REACH: "no launch angle throws so far: its speed and drag do not carry it to the "
    "range declared",
    TOO_NEAR: "the aim point is too near for the arc of the class, steepest or flattest",
    MISSED: "the flight could not be corrected to the aim point",
}


@dataclass(frozen=True, kw_only=True)
class RocketClass:
    """A generic class of unguided rocket or mortar round in one future.

    Attributes
    ----------
    launch_m_s : speed at the muzzle, or on leaving the launcher
    burnout_m_s, burn_s : speed at the end of the boost and its length; burn 0 for a mortar
    ballistic_coefficient_kg_m2 : of the body after the boost; None for no drag
    high : whether it takes the higher of the two arcs
    range_min_m, range_max_m : shortest and longest range
    dispersion : standard deviation of the impact, along and across, as a share of the range
    dispersion_m : the same as a length; the two add as squares
    intensity_boost_w_sr, intensity_body_w_sr : infrared until and after burnout [W/sr]
    rcs_m2 : radar cross-section
    reliability : chance that one does not misfire
    """

    launch_m_s: float
    burnout_m_s: float
    burn_s: float = 0.0
    ballistic_coefficient_kg_m2: float | None = None
    high: bool
    range_min_m: float
    range_max_m: float
    dispersion: float = 0.0
    dispersion_m: float = 0.0
    intensity_boost_w_sr: float
    intensity_body_w_sr: float
    rcs_m2: float
    reliability: float = 1.0

    @property
    def rocket(self) -> Rocket:
        """What the kernels need."""
        falling = self.ballistic_coefficient_kg_m2
        return Rocket(
            launch_m_s=self.launch_m_s,
            burnout_m_s=self.burnout_m_s,
            burn_s=self.burn_s,
            drag_m2_kg=1.0 / falling if falling else 0.0,
            high=self.high,
            range_min_m=self.range_min_m,
            range_max_m=self.range_max_m,
        )

    def errors(self, group: RaidGroup) -> Floats:
        """(object, 2) error of the impact along and across, as shares of the range."""
        if group.scatter is None:
            return np.zeros((len(group.launch_t_s), 2))
        start = ecef_from_geodetic(group.launch_lat_rad, group.launch_lon_rad)
        aim = ecef_from_geodetic(group.aim_lat_rad, group.aim_lon_rad)
        range_m = np.linalg.norm(aim - start, axis=1)
        share = np.hypot(self.dispersion, self.dispersion_m / np.maximum(range_m, 1.0))
        return np.ascontiguousarray(group.scatter * share[:, None])

    def fly(self, group: RaidGroup, *, era_epoch_rad: float, step_s: float) -> Flown:
        """Fly every object of a group without any defence.

        group : objects of this class    era_epoch_rad : Earth rotation angle at the epoch [rad]
        step_s : interval of the samples [s]
        Model: straight boost, then free fall with J2 and drag of a constant ballistic coefficient
        over the turning ellipsoid, aimed within 0.1 m and then thrown off by the dispersion; see
        docs/models/rocket-and-mortar.md.
        Valid for: ranges up to 300 km, no wind; one drag coefficient at every speed.
        """
        objects = len(group.launch_t_s)
        courses = group.courses
        shots, impacts = np.empty((objects, 3)), np.empty((objects, 3))
        status = np.empty(objects, dtype=np.int32)
        aim_rockets(self.rocket, courses, self.errors(group), shots, impacts, status)
        samples = 1 + int(np.nanmax(impacts[:, 0], initial=0.0) / step_s)
        pos, vel = np.full((2, objects, samples, 3), np.nan)
        era_rad = era_epoch_rad + ROTATION_RAD_S * group.launch_t_s
        sample_rockets(self.rocket, courses, shots, impacts, era_rad, step_s, pos, vel)
        burnout_s = np.where(status == FLOWN, self.burn_s, math.nan)
        burning = np.arange(samples) * step_s < burnout_s[:, None]
        valid = ~np.isnan(pos[:, :, 0])
        return Flown(
            burnout_s=burnout_s,
            impact_s=impacts[:, 0],
            impact_lat_rad=impacts[:, 1],
            impact_lon_rad=impacts[:, 2],
            pos_eci_m=pos,
            vel_eci_m_s=vel,
            intensity_w_sr=by_phase(
                self.intensity_boost_w_sr, self.intensity_body_w_sr, burning, valid
            ),
            rcs_m2=np.where(valid, self.rcs_m2, math.nan),
            hot_until_s=burnout_s,
            turn_s=np.where(status == FLOWN, -math.inf, math.nan),
            manoeuvre_psd_m2_s3=0.0,
            reasons=tuple(REASONS.get(int(code), "") for code in status),
        )
