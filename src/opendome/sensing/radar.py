"""Ground radars as they really are in one future, and their looks at a raid."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.sensing.kernels.budget import grant_looks, looks_at_most
from opendome.sensing.kernels.flight import Flight
from opendome.sensing.kernels.radar import FULL_TURN, Site, calibration
from opendome.sensing.kernels.sheet import Sheet, filled, new_sheet
from opendome.sensing.kernels.track_radar import find_stays, write_radar_looks
from opendome.sensing.samples import rotate_samples
from opendome.world.earth import ecef_from_geodetic_xyz

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

STAYS_PER_OBJECT = 4


@dataclass(frozen=True, kw_only=True)
class Radar:
    """One ground radar.

    Attributes
    ----------
    name, asset : what it is called; index of the scenario asset it belongs to
    lat_rad, lon_rad, alt_m : antenna, geodetic
    azimuth_from_rad, azimuth_to_rad : mask, clockwise; `to` may pass a full turn
    elevation_min_rad, elevation_max_rad : mask above the local horizontal
    range_max_m : instrumented range
    range_reference_m, rcs_reference_m2, snr_reference : one known triple, power ratio
    p_false_alarm : of one look
    angle_noise_rad, range_noise_m : standard deviations at `snr_reference`
    angle_noise_floor_rad, range_noise_floor_m : what no signal betters
    look_interval_s : time between looks at one object
    look_budget_hz : looks in a second, all objects together
    earth_factor : effective over true radius of the Earth for its rays; 1 for straight ones
    angle_bias_rad : standard deviation of the error of each angle that its looks have in common
    k_factor, k_time_s : how well it tells threats from other bodies, as in `Looks`
    """

    name: str
    asset: int
    lat_rad: float
    lon_rad: float
    alt_m: float
    azimuth_from_rad: float
    azimuth_to_rad: float
    elevation_min_rad: float
    elevation_max_rad: float
    range_max_m: float
    range_reference_m: float
    rcs_reference_m2: float
    snr_reference: float
    p_false_alarm: float
    angle_noise_rad: float
    angle_noise_floor_rad: float
    range_noise_m: float
    range_noise_floor_m: float
    look_interval_s: float
    look_budget_hz: float
    earth_factor: float = 1.0
    angle_bias_rad: float = 0.0
    k_factor: float = 0.0
    k_time_s: float = math.inf

    @property
    def azimuth_width_rad(self) -> float:
        """Width of the sector, clockwise; a full turn or more sees all round."""
        width = self.azimuth_to_rad - self.azimuth_from_rad
        return width if width >= 0.0 else width % FULL_TURN

    def site(self) -> Site:
        """The radar as plain numbers for the kernels."""
        x, y, z = ecef_from_geodetic_xyz(self.lat_rad, self.lon_rad, self.alt_m)
        sin_lat, cos_lat = math.sin(self.lat_rad), math.cos(self.lat_rad)
        sin_lon, cos_lon = math.sin(self.lon_rad), math.cos(self.lon_rad)
        return Site(
            x=x,
            y=y,
            z=z,
            alt_m=self.alt_m,
            earth_factor=self.earth_factor,
            north_x=-sin_lat * cos_lon,
            north_y=-sin_lat * sin_lon,
            north_z=cos_lat,
            up_x=cos_lat * cos_lon,
            up_y=cos_lat * sin_lon,
            up_z=sin_lat,
            azimuth_from_rad=self.azimuth_from_rad,
            azimuth_width_rad=self.azimuth_width_rad,
            sin_elevation_min=math.sin(self.elevation_min_rad),
            sin_elevation_max=math.sin(self.elevation_max_rad),
            range_max_m=self.range_max_m,
            calibration_m2=calibration(
                self.range_reference_m, self.rcs_reference_m2, self.snr_reference
            ),
            snr_reference=self.snr_reference,
            p_false_alarm=self.p_false_alarm,
            angle_noise_rad=self.angle_noise_rad,
            angle_noise_floor_rad=self.angle_noise_floor_rad,
            range_noise_m=self.range_noise_m,
            range_noise_floor_m=self.range_noise_floor_m,
            look_interval_s=self.look_interval_s,
            look_budget_hz=self.look_budget_hz,
        )


def view_stays(
    flight: Flight, site: Site, pos_ecef_m: Floats, era_epoch_rad: float
) -> tuple[Integers, Floats, Floats]:
    """When each object is in the mask of a radar, by time of entering.

    Returns object (stay,), time of entering and of leaving (stay,) [s after epoch].
    """
    room = STAYS_PER_OBJECT * max(1, flight.samples.size)
    while True:
        obj, enter, leave = np.empty(room, np.int64), np.empty(room), np.empty(room)
        stays = find_stays(flight, site, era_epoch_rad, pos_ecef_m, obj, enter, leave)
        if stays <= room:
            order = np.argsort(enter[:stays], kind="stable")
            return obj[:stays][order], enter[:stays][order], leave[:stays][order]
        room = stays


def radar_looks(
    flight: Flight, radars: Sequence[Radar], era_epoch_rad: float, *, p_detect_min: float
) -> list[Sheet]:
    """One sheet of looks for each radar."""
    sheets: list[Sheet] = []
    if not radars:
        return sheets
    pos_ecef_m = rotate_samples(flight, era_epoch_rad)
    for sensor, radar in enumerate(radars):
        site = radar.site()
        obj, enter, leave = view_stays(flight, site, pos_ecef_m, era_epoch_rad)
        room = looks_at_most(enter, leave, site.look_interval_s)
        stay, t_s = np.empty(room, np.int64), np.empty(room)
        granted = grant_looks(enter, leave, site.look_interval_s, site.look_budget_hz, stay, t_s)
        sheet = new_sheet(granted)
        looked = obj[stay[:granted]]
        used = write_radar_looks(
            flight, site, era_epoch_rad, sensor, looked, t_s[:granted], p_detect_min, sheet
        )
        sheets.append(filled(sheet, used))
    return sheets
