"""Sensors as they really are in one future, and what they could see of a raid."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.sensing.detection import amplitude_threshold
from opendome.sensing.kernels.budget import grant_looks, looks_at_most
from opendome.sensing.kernels.flight import Flight
from opendome.sensing.kernels.infrared import Eyes, write_infrared_looks
from opendome.sensing.kernels.radar import FULL_TURN, Site, calibration
from opendome.sensing.kernels.sheet import Sheet, copy_rows, filled, new_sheet
from opendome.sensing.kernels.track_radar import (
    find_stays,
    write_radar_looks,
)
from opendome.sensing.orbits import Orbit
from opendome.sensing.records import Looks
from opendome.threats.records import Raid
from opendome.world.constellations import orbit_table
from opendome.world.earth import ecef_from_geodetic_xyz
from opendome.world.kepler import Elements

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHEET_ROOM = 1 << 16
STAYS_PER_OBJECT = 4
# A thousand such looks hold one detection; two of them within one confirmation window are
# so rare that no track ever begins with them. A limit of bookkeeping, not of physics.
P_DETECT_NEGLIGIBLE = 1e-3


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


@dataclass(frozen=True, kw_only=True)
class SensorSuite:
    """Every sensor of a future; sensors are numbered radars first, then satellites.

    p_detect_min : looks less likely than this to detect are left out
    """

    radars: tuple[Radar, ...] = ()
    satellites: tuple[InfraredSatellite, ...] = ()
    p_detect_min: float = P_DETECT_NEGLIGIBLE

    @property
    def sensor_names(self) -> tuple[str, ...]:
        """Name of each sensor."""
        return tuple(sensor.name for sensor in (*self.radars, *self.satellites))

    @property
    def sensor_asset(self) -> npt.NDArray[np.int32]:
        """Scenario asset of each sensor."""
        assets = [sensor.asset for sensor in (*self.radars, *self.satellites)]
        return np.array(assets, dtype=np.int32)

    @property
    def sensor_gives_range(self) -> npt.NDArray[np.bool_]:
        """True for each radar."""
        return np.arange(len(self.radars) + len(self.satellites)) < len(self.radars)


def look_at(raid: Raid, suite: SensorSuite, *, era_epoch_rad: float) -> Looks:
    """List every look of every sensor at every object of a raid.

    raid : what flies     suite : what watches
    era_epoch_rad : Earth rotation angle at the epoch [rad]
    Returns looks sorted by object, then time, then sensor.
    Model: radars share their looks (`kernels.budget`) inside their mask; satellites scan
    everything in their field at fixed times (`kernels.infrared`).
    Valid for: expected signal; no search, weather, jamming or sun in the field; refraction only
    where a radar's `earth_factor` says so.
    """
    flight = flight_of(raid)
    sheets = _radar_looks(flight, suite, era_epoch_rad)
    sheets += _infrared_looks(flight, suite, era_epoch_rad)
    start, rank = _places(sheets, raid.objects)
    whole = new_sheet(int(start[-1]))
    done = 0
    while sheets:
        sheet = sheets.pop(0)  # a sheet that was copied gives its memory back
        copy_rows(sheet, whole, rank[done : done + sheet.t_s.size])
        done += sheet.t_s.size
    return Looks(
        sensor_names=suite.sensor_names,
        sensor_asset=suite.sensor_asset,
        sensor_gives_range=suite.sensor_gives_range,
        start=start,
        sensor=whole.sensor,
        t_s=whole.t_s,
        p_detect=whole.p_detect,
        snr_db=whole.snr_db,
        information_m2=whole.information_m2,
    )


def flight_of(raid: Raid) -> Flight:
    """The part of a raid that the kernels read."""
    gone = np.concatenate([~raid.valid, np.ones((raid.objects, 1), np.bool_)], axis=1)
    samples = gone.argmax(axis=1).astype(np.int64)
    end_t_s = raid.launch_t_s + (samples - 1) * raid.step_s
    return Flight(
        launch_t_s=np.ascontiguousarray(raid.launch_t_s),
        burnout_t_s=np.ascontiguousarray(raid.burnout_t_s),
        hot_until_t_s=np.ascontiguousarray(raid.hot_until_t_s),
        end_t_s=np.where(samples > 1, end_t_s, -np.inf),
        samples=samples,
        step_s=float(raid.step_s),
        pos_eci_m=np.ascontiguousarray(raid.pos_eci_m),
        vel_eci_m_s=np.ascontiguousarray(raid.vel_eci_m_s),
        intensity_w_sr=np.ascontiguousarray(raid.intensity_w_sr),
        rcs_m2=np.ascontiguousarray(raid.rcs_m2),
    )


def rotate_samples(flight: Flight, era_epoch_rad: float) -> Floats:
    """Positions of all samples (object, time, 3), ECEF [m]."""
    after_launch_s = np.arange(flight.pos_eci_m.shape[1]) * flight.step_s
    theta = era_epoch_rad + ROTATION_RAD_S * (flight.launch_t_s[:, None] + after_launch_s)
    c, s = np.cos(theta), np.sin(theta)
    x, y = flight.pos_eci_m[:, :, 0], flight.pos_eci_m[:, :, 1]
    pos_ecef_m = np.empty_like(flight.pos_eci_m)
    pos_ecef_m[:, :, 0] = c * x + s * y
    pos_ecef_m[:, :, 1] = c * y - s * x
    pos_ecef_m[:, :, 2] = flight.pos_eci_m[:, :, 2]
    return pos_ecef_m


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


def _radar_looks(flight: Flight, suite: SensorSuite, era_epoch_rad: float) -> list[Sheet]:
    """One sheet of looks for each radar."""
    sheets: list[Sheet] = []
    if not suite.radars:
        return sheets
    pos_ecef_m = rotate_samples(flight, era_epoch_rad)
    for sensor, radar in enumerate(suite.radars):
        site = radar.site()
        obj, enter, leave = view_stays(flight, site, pos_ecef_m, era_epoch_rad)
        room = looks_at_most(enter, leave, site.look_interval_s)
        stay, t_s = np.empty(room, np.int64), np.empty(room)
        granted = grant_looks(enter, leave, site.look_interval_s, site.look_budget_hz, stay, t_s)
        sheet = new_sheet(granted)
        looked = obj[stay[:granted]]
        used = write_radar_looks(
            flight, site, era_epoch_rad, sensor, looked, t_s[:granted], suite.p_detect_min, sheet
        )
        sheets.append(filled(sheet, used))
    return sheets


def _infrared_looks(flight: Flight, suite: SensorSuite, era_epoch_rad: float) -> list[Sheet]:
    """As many sheets of looks as the satellites fill, in order of satellite."""
    sheets: list[Sheet] = []
    if not suite.satellites:
        return sheets
    if not flight.samples.size:
        return sheets
    eyes, orbit = eyes_of(suite.satellites, era_epoch_rad)
    flown_s = float(np.max(flight.end_t_s - flight.launch_t_s))
    room = max(SHEET_ROOM, int(flown_s / eyes.revisit_s.min()) + 2)
    satellite, obj = 0, 0
    while satellite < len(suite.satellites):
        sheet = new_sheet(room)
        satellite, obj, used = write_infrared_looks(
            flight, eyes, orbit, len(suite.radars), suite.p_detect_min, satellite, obj, sheet
        )
        sheets.append(filled(sheet, used))
    return sheets


def _places(sheets: Sequence[Sheet], objects: int) -> tuple[Integers, Integers]:
    """Where looks go when sorted by object, then time, then sensor.

    Returns the first place of each object (object + 1,), and the place of each look in the
    order of the sheets.
    """
    obj = np.concatenate([sheet.obj for sheet in sheets] or [np.empty(0, np.int32)])
    t_s = np.concatenate([sheet.t_s for sheet in sheets] or [np.empty(0)])
    start = np.zeros(objects + 1, np.int64)
    np.cumsum(np.bincount(obj, minlength=objects), out=start[1:])
    order = np.argsort(obj, kind="stable")
    for first, end in itertools.pairwise(start):
        rows = order[first:end]
        # rows come sensor by sensor, so that a stable sort by time leaves ties by sensor
        order[first:end] = rows[np.argsort(t_s[rows], kind="stable")]
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return start, rank
