"""Fractional-orbit vehicles with every value known, and their flight."""

from dataclasses import dataclass

import numpy as np

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.ballistic import STEP_ERROR_M
from opendome.threats.groups import RaidGroup
from opendome.threats.kernels.orbit import Orbiter, sample_orbits, solve_orbits
from opendome.threats.kernels.raid import CRAFT_COLUMNS, PLAIN
from opendome.threats.kernels.solve import MISS_M
from opendome.threats.kernels.status import HIT, REASONS
from opendome.threats.records import Flown
from opendome.threats.signatures import by_phase


@dataclass(frozen=True, kw_only=True)
class OrbitalClass:
    """A generic class of fractional-orbit vehicle in one future.

    Attributes
    ----------
    boost_s, stages, exhaust_m_s, ballistic_coefficient_boost_kg_m2 : as of a ballistic missile
    altitude_m : of the insertion into a circular orbit
    retro_m_s : speed that the deorbit impulse takes away
    long_way : whether it goes round the far side of the Earth
    range_min_m, range_max_m : shortest and longest ground range, by the short way
    ballistic_coefficient_kg_m2 : of the body that falls
    intensity_boost_w_sr, intensity_body_w_sr : infrared until and after burnout [W/sr]
    rcs_boost_m2, rcs_midcourse_m2 : radar cross-section until and after burnout [m2]
    reliability : chance that one does not fail by itself
    """

    boost_s: float
    stages: int
    exhaust_m_s: float | None = None
    ballistic_coefficient_boost_kg_m2: float | None = None
    altitude_m: float
    retro_m_s: float
    long_way: bool
    range_min_m: float
    range_max_m: float
    ballistic_coefficient_kg_m2: float
    intensity_boost_w_sr: float
    intensity_body_w_sr: float
    rcs_boost_m2: float
    rcs_midcourse_m2: float
    reliability: float = 1.0

    @property
    def numbers(self) -> tuple[float, ...]:
        """What the kernels of the boost need, in the order of their columns."""
        rising = self.ballistic_coefficient_boost_kg_m2
        return (
            self.boost_s,
            float(self.stages),
            self.exhaust_m_s or 0.0,
            self.altitude_m,
            1.0 / rising if rising else 0.0,
            1.0 / self.ballistic_coefficient_kg_m2,
            self.range_min_m,
            self.range_max_m,
            *PLAIN,
        )

    def fly(self, group: RaidGroup, *, era_epoch_rad: float, step_s: float) -> Flown:
        """Fly every object of a group without any defence.

        group : objects of this class    era_epoch_rad : Earth rotation angle at the epoch [rad]
        step_s : interval of the samples [s]
        Model: boost into a circular orbit, part of a turn, an impulse against the velocity, fall
        with drag, aimed within 250 m; see docs/models/fractional-orbit.md.
        Valid for: less than one turn; altitudes of 120 km and more.
        """
        objects = len(group.launch_t_s)
        crafts = np.array([self.numbers] * objects).reshape(-1, CRAFT_COLUMNS)
        orbiter = Orbiter(retro_m_s=self.retro_m_s, long_way=self.long_way)
        guesses, impacts = np.empty((objects, 4)), np.empty((objects, 3))
        deorbits_s, status = np.empty(objects), np.empty(objects, dtype=np.int32)
        courses = group.courses
        solve_orbits(
            crafts,
            courses,
            orbiter,
            0.0,
            STEP_ERROR_M,
            MISS_M,
            guesses,
            impacts,
            deorbits_s,
            status,
        )
        samples = 1 + int(np.nanmax(impacts[:, 0], initial=0.0) / step_s)
        pos, vel = np.full((2, objects, samples, 3), np.nan)
        era_rad = era_epoch_rad + ROTATION_RAD_S * group.launch_t_s
        sample_orbits(
            crafts, courses, orbiter, guesses, deorbits_s, era_rad, STEP_ERROR_M, step_s, pos, vel
        )
        boost_s = np.where(status == HIT, self.boost_s, np.nan)
        burning = np.arange(samples) * step_s < boost_s[:, None]
        valid = ~np.isnan(pos[:, :, 0])
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
            turn_s=deorbits_s,
            manoeuvre_psd_m2_s3=0.0,
            reasons=tuple(REASONS.get(int(code), "") for code in status),
        )
