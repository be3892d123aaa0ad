"""Infrared satellites as they really are in one future, and their looks at a raid."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.sensing.detection import amplitude_threshold
from opendome.sensing.kernels.flight import Flight
from opendome.sensing.kernels.infrared import Eyes, write_infrared_looks
from opendome.sensing.kernels.sheet import Sheet, filled, new_sheet
from opendome.sensing.orbits import Orbit
from opendome.world.constellations import orbit_table
from opendome.world.kepler import Elements

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHEET_ROOM = 1 << 16


@dataclass(frozen=True, kw_only=True)
class InfraredSatellite:
    """One infrared satellite: a sensor that measures two angles.

    Attributes
    ----------
    name, asset : what it is called; index of the scenario asset it belongs to
    orbit : mean elements at the epoch
    revisit_s, revisit_phase_s : time between scans; time of one of them after the epoch
    angle_noise_rad : standard deviation of each angle, at `snr_reference` and above
    sensitivity_w_sr : intensity that gives `snr_reference` at `sensitivity_range_m`
    snr_reference : signal over standard deviation of the noise (amplitude)
    p_false_alarm : of one look
    field_of_regard_rad : half-angle around nadir
    cloud_break_altitude_m : below this nothing is seen
    limb_altitude_m : up to here the air glows behind a cold body
    tracks_cold_bodies : whether it sees objects that do not burn, before space
    k_factor, k_time_s : how well it tells threats from other bodies, as in `Looks`
    """

    name: str
    asset: int
    orbit: Orbit
    revisit_s: float
    revisit_phase_s: float
    angle_noise_rad: float
    sensitivity_w_sr: float
    sensitivity_range_m: float
    snr_reference: float
    p_false_alarm: float
    field_of_regard_rad: float
    cloud_break_altitude_m: float
    limb_altitude_m: float
    tracks_cold_bodies: bool
    k_factor: float = 0.0
    k_time_s: float = math.inf


def eyes_of(satellites: Sequence[InfraredSatellite], era_epoch_rad: float) -> tuple[Eyes, Floats]:
    """Satellites as plain arrays for the kernels, and the table of their orbits."""

    def column(name: str) -> Floats:
        return np.array([getattr(satellite, name) for satellite in satellites], dtype=np.float64)

    def element(name: str) -> Floats:
        return np.array([getattr(s.orbit, name) for s in satellites], dtype=np.float64)

    elements = Elements(
        semi_major_axis_m=element("semi_major_axis_m"),
        eccentricity=element("eccentricity"),
        inclination_rad=element("inclination_rad"),
        raan_rad=element("raan_rad") + element("node_turns_with_earth") * era_epoch_rad,
        argument_of_perigee_rad=element("argument_of_perigee_rad"),
        mean_anomaly_rad=element("mean_anomaly_rad"),
    )
    eyes = Eyes(
        revisit_s=column("revisit_s"),
        phase_s=column("revisit_phase_s"),
        angle_noise_rad=column("angle_noise_rad"),
        sensitivity_w_sr=column("sensitivity_w_sr"),
        sensitivity_range_m=column("sensitivity_range_m"),
        snr_reference=column("snr_reference"),
        threshold_sigmas=np.array([amplitude_threshold(s.p_false_alarm) for s in satellites]),
        cos_field_of_regard=np.cos(column("field_of_regard_rad")),
        cloud_break_altitude_m=column("cloud_break_altitude_m"),
        limb_altitude_m=column("limb_altitude_m"),
        tracks_cold_bodies=np.array([s.tracks_cold_bodies for s in satellites], dtype=np.bool_),
    )
    return eyes, orbit_table(elements)


def infrared_looks(
    flight: Flight,
    satellites: Sequence[InfraredSatellite],
    era_epoch_rad: float,
    *,
    first_sensor: int,
    p_detect_min: float,
) -> list[Sheet]:
    """As many sheets of looks as the satellites fill, in order of satellite."""
    sheets: list[Sheet] = []
    if not satellites:
        return sheets
    if not flight.samples.size:
        return sheets
    eyes, orbit = eyes_of(satellites, era_epoch_rad)
    flown_s = float(np.max(flight.end_t_s - flight.launch_t_s))
    room = max(SHEET_ROOM, int(flown_s / eyes.revisit_s.min()) + 2)
    satellite, obj = 0, 0
    while satellite < len(satellites):
        sheet = new_sheet(room)
        satellite, obj, used = write_infrared_looks(
            flight, eyes, orbit, first_sensor, p_detect_min, satellite, obj, sheet
        )
        sheets.append(filled(sheet, used))
    return sheets
