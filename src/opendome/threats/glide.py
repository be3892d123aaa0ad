"""Hypersonic glide vehicles with every value known, and their flight."""

import math
from dataclasses import dataclass

import numpy as np

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.ballistic import STEP_ERROR_M
from opendome.threats.groups import RaidGroup
from opendome.threats.kernels.glide import Glider
from opendome.threats.kernels.gliders import sample_gliders, solve_gliders
from opendome.threats.kernels.raid import CRAFT_COLUMNS, PLAIN
from opendome.threats.kernels.solve import MISS_M
from opendome.threats.kernels.status import HIT, REASONS
from opendome.threats.records import Floats, Flown
from opendome.threats.signatures import by_phase
from opendome.world.earth import ecef_from_geodetic

LONGEST_S = 6000.0  # no glide lasts longer; the integration is given up there


@dataclass(frozen=True, kw_only=True)
class GlideClass:
    """A generic class of hypersonic glide vehicle in one future.

    Attributes
    ----------
    boost_s, stages, exhaust_m_s, ballistic_coefficient_boost_kg_m2 : as of a ballistic missile
    burnout_altitude_m, burnout_path_rad : where the boost ends, and the path angle there
    speed_max_m_s : fastest speed in the air at which a glide may begin
    range_min_m, range_max_m : shortest and longest route over ground
    lift_to_drag : at its best    ballistic_coefficient_kg_m2 : of the glider, there
    lift_max : largest lift coefficient over that of the best lift-to-drag ratio
    damping : of the swing about the equilibrium, a share of the critical one; 0 skips
    dive_distance_m, dive_speed_m_s : distance to the aim and speed at which the dive begins
    side_step_m : how far a waypoint halfway lies to the right of the direct way
    glow_m_s, glow_w_sr : table of the infrared intensity of the glider by its speed
    intensity_boost_w_sr : infrared until burnout [W/sr]
    rcs_boost_m2, rcs_m2 : radar cross-section until and after burnout [m2]
    manoeuvre_psd_m2_s3 : spectral density of the acceleration that nobody who watches can know
    reliability : chance that one does not fail by itself
    """

    boost_s: float
    stages: int
    exhaust_m_s: float | None = None
    ballistic_coefficient_boost_kg_m2: float | None = None
    burnout_altitude_m: float
    burnout_path_rad: float = 0.0
    speed_max_m_s: float
    range_min_m: float
    range_max_m: float
    lift_to_drag: float
    ballistic_coefficient_kg_m2: float
    lift_max: float
    damping: float
    dive_distance_m: float
    dive_speed_m_s: float
    side_step_m: float = 0.0
    glow_m_s: tuple[float, ...]
    glow_w_sr: tuple[float, ...]
    intensity_boost_w_sr: float
    rcs_boost_m2: float
    rcs_m2: float
    manoeuvre_psd_m2_s3: float
    reliability: float = 1.0

    @property
    def numbers(self) -> tuple[float, ...]:
        """What the kernels of the boost need, in the order of their columns."""
        rising = self.ballistic_coefficient_boost_kg_m2
        drag_boost_m2_kg = 1.0 / rising if rising else 0.0
        return (
            self.boost_s,
            float(self.stages),
            self.exhaust_m_s or 0.0,
            self.burnout_altitude_m,
            drag_boost_m2_kg,
            drag_boost_m2_kg,
            self.range_min_m,
            self.range_max_m,
            *PLAIN,
        )

    @property
    def glider(self) -> Glider:
        """What the kernels of the glide need."""
        return Glider(
            lift_to_drag=self.lift_to_drag,
            drag_m2_kg=1.0 / self.ballistic_coefficient_kg_m2,
            lift_max=self.lift_max,
            damping=self.damping,
            dive_m=self.dive_distance_m,
            spin_rad_s=ROTATION_RAD_S,
        )

    def legs(self, group: RaidGroup) -> Floats:
        """(object, point, 3) waypoint, if there is one, and aim, Earth-fixed [m]."""
        start = ecef_from_geodetic(group.launch_lat_rad, group.launch_lon_rad)
        aim = ecef_from_geodetic(group.aim_lat_rad, group.aim_lon_rad)
        if self.side_step_m == 0.0:
            return np.ascontiguousarray(aim[:, None, :])
        radius = np.linalg.norm(aim, axis=1, keepdims=True)
        middle = start + aim
        middle /= np.linalg.norm(middle, axis=1, keepdims=True)
        right = np.cross(aim, start)
        right /= np.linalg.norm(right, axis=1, keepdims=True)
        angle = self.side_step_m / radius
        way = radius * (np.cos(angle) * middle + np.sin(angle) * right)
        return np.ascontiguousarray(np.stack((way, aim), axis=1))

    def fly(self, group: RaidGroup, *, era_epoch_rad: float, step_s: float) -> Flown:
        """Fly every object of a group without any defence.

        group : objects of this class    era_epoch_rad : Earth rotation angle at the epoch [rad]
        step_s : interval of the samples [s]
        Model: boost as of a ballistic missile to a burnout in the upper air, pull-up, glide about
        the equilibrium of lift and weight, dive; see docs/models/glide-vehicle.md.
        Valid for: speeds below circular; a parabolic polar that does not change with speed.
        """
        objects = len(group.launch_t_s)
        crafts = np.array([self.numbers] * objects).reshape(-1, CRAFT_COLUMNS)
        courses, legs = group.courses, self.legs(group)
        guesses, impacts = np.empty((objects, 4)), np.empty((objects, 3))
        speeds, status = np.empty(objects), np.empty(objects, dtype=np.int32)
        solve_gliders(
            crafts,
            courses,
            legs,
            self.glider,
            self.burnout_path_rad,
            self.dive_speed_m_s,
            self.speed_max_m_s,
            STEP_ERROR_M,
            LONGEST_S,
            MISS_M,
            guesses,
            impacts,
            speeds,
            status,
        )
        samples = 1 + int(np.nanmax(impacts[:, 0], initial=0.0) / step_s)
        pos, vel = np.full((2, objects, samples, 3), np.nan)
        era_rad = era_epoch_rad + ROTATION_RAD_S * group.launch_t_s
        sample_gliders(
            crafts,
            courses,
            legs,
            self.glider,
            guesses,
            era_rad,
            STEP_ERROR_M,
            LONGEST_S,
            step_s,
            pos,
            vel,
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
            intensity_w_sr=by_phase(self.intensity_boost_w_sr, self.glow(pos, vel), burning, valid),
            rcs_m2=by_phase(self.rcs_boost_m2, self.rcs_m2, burning, valid),
            hot_until_s=impacts[:, 0],
            turn_s=np.where(status == HIT, -math.inf, math.nan),
            manoeuvre_psd_m2_s3=self.manoeuvre_psd_m2_s3,
            reasons=tuple(REASONS.get(int(code), "") for code in status),
        )

    def glow(self, pos_eci_m: Floats, vel_eci_m_s: Floats) -> Floats:
        """Infrared intensity of the glider by its speed in the air (object, time) [W/sr].

        Model: power law between the points of the table, and on beyond its ends.
        """
        across = vel_eci_m_s.copy()
        across[:, :, 0] += ROTATION_RAD_S * pos_eci_m[:, :, 1]
        across[:, :, 1] -= ROTATION_RAD_S * pos_eci_m[:, :, 0]
        speed = np.log(np.maximum(np.linalg.norm(across, axis=2), 1.0))
        known, bright = np.log(self.glow_m_s), np.log(self.glow_w_sr)
        part = np.clip(np.searchsorted(known, speed) - 1, 0, len(known) - 2)
        slope = np.diff(bright)[part] / np.diff(known)[part]
        return np.exp(bright[part] + slope * (speed - known[part]))
