"""What a ballistic missile lets go at burnout, with every value known, and its flight."""

from dataclasses import dataclass

import numpy as np

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.ballistic import STEP_ERROR_M, ThreatClass
from opendome.threats.groups import RaidGroup
from opendome.threats.kernels.raid import CRAFT_COLUMNS, DRAG_FALL_M2_KG, aim_raid
from opendome.threats.kernels.separation import fly_parts, sample_parts
from opendome.threats.kernels.solve import MISS_M
from opendome.threats.kernels.status import HIT, REASONS
from opendome.threats.records import Floats, Flown
from opendome.threats.signatures import by_phase
from opendome.world.earth import ecef_from_geodetic

LONGEST_S = 14400.0  # no part falls longer; the integration is given up there
NOT_FLOWN = "the missile that it is part of does not fly"


@dataclass(frozen=True, kw_only=True)
class PartClass:
    """Parts of one kind of the missiles of a group, released at burnout, in one future.

    A group of this class has the parts of the first missile, then those of the next; it is
    launched when the missiles burn out.

    Attributes
    ----------
    carrier : the class of the missiles
    carrier_courses : (missile, 4) their launch and aim points, as `RaidGroup.courses`
    kicks_m_s : (part, 3) velocity added at release, in the launch axes of the missile
    steered : whether the velocity added is the one that leads each part to its own aim, found
        from `kicks_m_s` as a first guess
    ballistic_coefficient_kg_m2, intensity_w_sr, rcs_m2 : of a part
    reliability : chance that a part does not fail by itself, given that its missile did not
    """

    carrier: ThreatClass
    carrier_courses: Floats
    kicks_m_s: Floats
    steered: bool = False
    ballistic_coefficient_kg_m2: float
    intensity_w_sr: float
    rcs_m2: float
    reliability: float = 1.0

    def fly(self, group: RaidGroup, *, era_epoch_rad: float, step_s: float) -> Flown:
        """Fly every part of a group without any defence.

        group : parts of this class    era_epoch_rad : Earth rotation angle at the epoch [rad]
        step_s : interval of the samples [s]
        Model: the state of the missile at burnout, a velocity added, free fall with drag; see
        docs/models/separation.md.
        """
        missiles, parts = len(self.carrier_courses), len(group.launch_t_s)
        each = parts // max(1, missiles)
        crafts = np.array([self.carrier.numbers] * missiles).reshape(-1, CRAFT_COLUMNS)
        courses = np.ascontiguousarray(self.carrier_courses, np.float64)
        guesses, aimed = np.empty((missiles, 4)), np.empty((missiles, 3))
        found = np.empty(missiles, dtype=np.int32)
        aim_raid(crafts, courses, STEP_ERROR_M, guesses, aimed, found)
        crafts[:, DRAG_FALL_M2_KG] = 1.0 / self.ballistic_coefficient_kg_m2
        kicks, aims = self.kicks_m_s.astype(np.float64), np.full((parts, 3), np.nan)
        if self.steered:
            aims = ecef_from_geodetic(group.aim_lat_rad, group.aim_lon_rad)
        impacts, status = np.empty((parts, 3)), np.empty(parts, dtype=np.int32)
        fly_parts(
            crafts, courses, guesses, kicks, aims, STEP_ERROR_M, LONGEST_S, MISS_M, impacts, status
        )
        samples = 1 + int(np.nanmax(impacts[:, 0], initial=0.0) / step_s)
        pos, vel = np.full((2, parts, samples, 3), np.nan)
        lifted_t_s = group.launch_t_s[::each] - self.carrier.boost_s
        era_rad = era_epoch_rad + ROTATION_RAD_S * lifted_t_s
        sample_parts(
            crafts,
            courses,
            guesses,
            kicks,
            impacts,
            era_rad,
            STEP_ERROR_M,
            LONGEST_S,
            step_s,
            pos,
            vel,
        )
        start_s = np.where(status == HIT, 0.0, np.nan)
        burning = np.zeros((parts, samples), np.bool_)
        valid = ~np.isnan(pos[:, :, 0])
        lost = np.repeat(found != HIT, each)
        return Flown(
            burnout_s=start_s,
            impact_s=impacts[:, 0],
            impact_lat_rad=impacts[:, 1],
            impact_lon_rad=impacts[:, 2],
            pos_eci_m=pos,
            vel_eci_m_s=vel,
            intensity_w_sr=by_phase(0.0, self.intensity_w_sr, burning, valid),
            rcs_m2=by_phase(0.0, self.rcs_m2, burning, valid),
            hot_until_s=start_s,
            turn_s=np.where(status == HIT, -np.inf, np.nan),
            manoeuvre_psd_m2_s3=0.0,
            reasons=tuple(
                NOT_FLOWN if gone else REASONS.get(int(code), "")
                for gone, code in zip(lost, status, strict=True)
            ),
        )
