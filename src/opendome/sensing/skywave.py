"""Skywave radars as they really are in one future, and their looks beyond the horizon."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from opendome.sensing.kernels.flight import Flight
from opendome.sensing.kernels.radar import FULL_TURN, calibration
from opendome.sensing.kernels.sheet import Sheet, filled, new_sheet
from opendome.sensing.kernels.skywave import Belt, write_skywave_looks
from opendome.world.earth import ecef_from_geodetic_xyz


@dataclass(frozen=True, kw_only=True)
class SkywaveRadar:
    """One radar that sees over the horizon by way of the ionosphere.

    Attributes
    ----------
    name, asset : what it is called; index of the scenario asset it belongs to
    lat_rad, lon_rad, alt_m : of its receiver
    azimuth_from_rad, azimuth_to_rad : sector, clockwise; `to` may pass a full turn
    range_min_m, range_max_m : along the ground, of the belt it sees
    altitude_max_m : highest flier that it sees
    speed_min_m_s : slowest change of the ground range that it tells from the ground
    range_reference_m, rcs_reference_m2, snr_reference : one known triple; ground range, power ratio
    rcs_m2 : of any body, at its wavelength
    p_false_alarm : of one look
    azimuth_noise_rad, range_noise_m : standard deviations at `snr_reference`
    azimuth_noise_floor_rad, range_noise_floor_m : what no signal betters
    revisit_s : time between two looks at one place
    angle_bias_rad, range_bias_m : standard deviations of errors that looks have in common
    bias_memory_s : how long such an error stays the same; through a trial when left out
    k_factor, k_time_s : how well it tells threats from other bodies, as in `Looks`
    """

    name: str
    asset: int
    lat_rad: float
    lon_rad: float
    azimuth_from_rad: float
    azimuth_to_rad: float
    range_min_m: float
    range_max_m: float
    altitude_max_m: float
    speed_min_m_s: float
    range_reference_m: float
    rcs_reference_m2: float
    snr_reference: float
    rcs_m2: float
    p_false_alarm: float
    azimuth_noise_rad: float
    azimuth_noise_floor_rad: float
    range_noise_m: float
    range_noise_floor_m: float
    revisit_s: float
    alt_m: float = 0.0
    angle_bias_rad: float = 0.0
    range_bias_m: float = 0.0
    bias_memory_s: float = math.inf
    k_factor: float = 0.0
    k_time_s: float = math.inf

    def belt(self) -> Belt:
        """The radar as plain numbers for the kernels."""
        x, y, z = ecef_from_geodetic_xyz(self.lat_rad, self.lon_rad, self.alt_m)
        across, radius = math.hypot(x, y), math.hypot(x, y, z)
        sin_lat, cos_lat = z / radius, across / radius  # seen from the centre of the Earth
        sin_lon, cos_lon = math.sin(self.lon_rad), math.cos(self.lon_rad)
        width = self.azimuth_to_rad - self.azimuth_from_rad
        return Belt(
            north_x=-sin_lat * cos_lon,
            north_y=-sin_lat * sin_lon,
            north_z=cos_lat,
            east_x=-sin_lon,
            east_y=cos_lon,
            up_x=cos_lat * cos_lon,
            up_y=cos_lat * sin_lon,
            up_z=sin_lat,
            azimuth_from_rad=self.azimuth_from_rad,
            azimuth_width_rad=width if width >= 0.0 else width % FULL_TURN,
            range_min_m=self.range_min_m,
            range_max_m=self.range_max_m,
            altitude_max_m=self.altitude_max_m,
            speed_min_m_s=self.speed_min_m_s,
            calibration_m2=calibration(
                self.range_reference_m, self.rcs_reference_m2, self.snr_reference
            ),
            rcs_m2=self.rcs_m2,
            snr_reference=self.snr_reference,
            p_false_alarm=self.p_false_alarm,
            azimuth_noise_rad=self.azimuth_noise_rad,
            azimuth_noise_floor_rad=self.azimuth_noise_floor_rad,
            range_noise_m=self.range_noise_m,
            range_noise_floor_m=self.range_noise_floor_m,
            revisit_s=self.revisit_s,
            azimuth_bias_rad=self.angle_bias_rad,
            range_bias_m=self.range_bias_m,
            bias_memory_s=self.bias_memory_s,
        )


def skywave_looks(
    flight: Flight,
    radars: Sequence[SkywaveRadar],
    era_epoch_rad: float,
    *,
    first_sensor: int,
    p_detect_min: float,
) -> list[Sheet]:
    """One sheet of looks for each skywave radar; sensors are numbered from `first_sensor`."""
    sheets: list[Sheet] = []
    for number, radar in enumerate(radars):
        belt = radar.belt()
        flown = flight.samples > 1
        times_s = (flight.end_t_s - flight.launch_t_s)[flown]
        sheet = new_sheet(int((times_s / belt.revisit_s + 2.0).sum()))
        used = 0
        for obj in flown.nonzero()[0]:
            used = write_skywave_looks(
                flight,
                belt,
                era_epoch_rad,
                first_sensor + number,
                p_detect_min,
                int(obj),
                sheet,
                used,
            )
        sheets.append(filled(sheet, used))
    return sheets
