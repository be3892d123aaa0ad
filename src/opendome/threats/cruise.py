"""Air-breathing fliers with every value known, and their flight: cruise missiles and drones."""

import math
from dataclasses import dataclass

import numpy as np

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.groups import RaidGroup
from opendome.threats.kernels.cruise import (
    FLOWN,
    NO_LINE,
    OUT_OF_RANGE,
    TOO_SHORT,
    Flier,
    lay_routes,
    sample_routes,
)
from opendome.threats.records import Floats, Flown

REASONS = {
    OUT_OF_RANGE: "the route from launch to aim, by its waypoints, lies outside the range of the "
    "class",
    TOO_SHORT: "the route is too short to reach the cruise altitude and come down from it again",
    NO_LINE: "two points of the route are nearly antipodal, so that no shortest line joins them",
}


@dataclass(frozen=True, kw_only=True)
class CruiseClass:
    """A generic class of cruise missile or one-way drone in one future.

    Attributes
    ----------
    speed_m_s : over the turning Earth, along the path
    launch_altitude_m, altitude_m : where it starts and where it cruises, above the ellipsoid [m]
    approach_altitude_m, approach_distance_m : height of the last part, and how far from the aim
        it begins along the ground [m]; a distance of 0 for no such part
    climb_rad, dive_rad : path angles of every change of height, and of the end
    range_min_m, range_max_m : shortest and longest route
    via_rad : waypoints (latitude, longitude), geodetic [rad]
    intensity_w_sr, rcs_m2 : infrared [W/sr] and radar cross-section [m2]
    manoeuvre_psd_m2_s3 : spectral density of the acceleration that nobody who watches can know
    reliability : chance that one does not fail by itself
    """

    speed_m_s: float
    launch_altitude_m: float = 0.0
    altitude_m: float
    approach_altitude_m: float = 0.0
    approach_distance_m: float = 0.0
    climb_rad: float
    dive_rad: float
    range_min_m: float
    range_max_m: float
    via_rad: tuple[tuple[float, float], ...] = ()
    intensity_w_sr: float
    rcs_m2: float
    manoeuvre_psd_m2_s3: float
    reliability: float = 1.0

    @property
    def flier(self) -> Flier:
        """What the kernels need."""
        return Flier(
            speed_m_s=self.speed_m_s,
            launch_height_m=self.launch_altitude_m,
            height_m=self.altitude_m,
            approach_height_m=self.approach_altitude_m,
            approach_m=self.approach_distance_m,
            climb_rad=self.climb_rad,
            dive_rad=self.dive_rad,
            range_min_m=self.range_min_m,
            range_max_m=self.range_max_m,
        )

    def routes(self, group: RaidGroup) -> Floats:
        """(object, point, 2) latitude and longitude of launch, waypoints and aim [rad]."""
        objects = len(group.launch_t_s)
        via = np.array(self.via_rad, dtype=np.float64).reshape(1, -1, 2)
        ends = group.courses.reshape(objects, 2, 2)
        via = np.broadcast_to(via, (objects, via.shape[1], 2))
        return np.ascontiguousarray(np.concatenate([ends[:, :1], via, ends[:, 1:]], axis=1))

    def fly(self, group: RaidGroup, *, era_epoch_rad: float, step_s: float) -> Flown:
        """Fly every object of a group without any defence.

        group : objects of this class    era_epoch_rad : Earth rotation angle at the epoch [rad]
        step_s : interval of the samples [s]
        Model: geodesics of WGS 84 from launch by the waypoints to the aim, at one speed over the
        turning Earth; climb, cruise, approach and dive of constant path angle; see
        docs/models/air-breathing.md.
        Valid for: heights below 30 km, no wind, no terrain; speed and times within 1e-5.
        """
        era_rad = era_epoch_rad + ROTATION_RAD_S * group.launch_t_s
        return self.follow(self.routes(group), era_rad=era_rad, step_s=step_s)

    def follow(self, routes: Floats, *, era_rad: Floats, step_s: float) -> Flown:
        """Fly along given routes (object, point, 2) [rad]; it falls, or lands, at their ends.

        era_rad : (object,) Earth rotation angle at each launch [rad]
        """
        objects = len(routes)
        flier = self.flier
        times_s, status = np.empty((objects, 2)), np.empty(objects, dtype=np.int32)
        lay_routes(flier, routes, times_s, status)
        samples = 1 + int(np.nanmax(times_s[:, 1], initial=0.0) / step_s)
        pos, vel = np.full((2, objects, samples, 3), np.nan)
        sample_routes(flier, routes, status, era_rad, step_s, pos, vel)
        valid = ~np.isnan(pos[:, :, 0])
        flown = status == FLOWN
        return Flown(
            burnout_s=np.where(flown, 0.0, math.nan),
            impact_s=times_s[:, 1],
            impact_lat_rad=np.where(flown, routes[:, -1, 0], math.nan),
            impact_lon_rad=np.where(flown, routes[:, -1, 1], math.nan),
            pos_eci_m=pos,
            vel_eci_m_s=vel,
            intensity_w_sr=np.where(valid, self.intensity_w_sr, math.nan),
            rcs_m2=np.where(valid, self.rcs_m2, math.nan),
            hot_until_s=times_s[:, 1],
            turn_s=times_s[:, 0],
            manoeuvre_psd_m2_s3=self.manoeuvre_psd_m2_s3,
            reasons=tuple(REASONS.get(int(code), "") for code in status),
        )
