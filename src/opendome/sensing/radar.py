"""Radars as they really are in one future, and their looks at a raid."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.compiled import interpreted
from opendome.sensing.cues import Cues
from opendome.sensing.kernels.budget import grant_looks, looks_at_most
from opendome.sensing.kernels.course import Way, site_at
from opendome.sensing.kernels.flight import Flight
from opendome.sensing.kernels.radar import FULL_TURN, Site, calibration, local_frame
from opendome.sensing.kernels.sheet import Sheet, filled, new_sheet
from opendome.sensing.kernels.track_radar import Bias, find_stays, write_radar_looks
from opendome.sensing.resources import Luck, Search, Stays, managed_looks
from opendome.sensing.samples import rotate_samples

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

STAYS_PER_OBJECT = 4


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a radar moves over the ellipsoid, at a constant height and speed.

    Attributes
    ----------
    heading_rad, speed_m_s : clockwise from north, at t_s = 0 at the point where the radar is
        declared
    leg_m, turn_radius_m : straights and half circles of a racetrack around the declared point,
        flown clockwise; radius 0 for a straight course
    flown_m : how far along the racetrack it is at t_s = 0, from the begin of the left straight
    """

    heading_rad: float
    speed_m_s: float
    leg_m: float = 0.0
    turn_radius_m: float = 0.0
    flown_m: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Radar:
    """One radar: on the ground, on a ship or in the air.

    Attributes
    ----------
    name, asset : what it is called; index of the scenario asset it belongs to
    lat_rad, lon_rad, alt_m : antenna, geodetic; at t_s = 0, or middle of its racetrack, if it moves
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
    course : how it moves; stands still when left out
    search : how it finds what it follows; knows everything in its mask at once when left out
    priority : a word of `resources.PRIORITIES`: it follows no more objects than it can at full
        rate; all share its looks when left out
    angle_bias_rad, range_bias_m : standard deviations of errors that looks have in common
    bias_memory_s : how long such an error stays the same; through a trial when left out
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
    course: Course | None = None
    search: Search | None = None
    priority: str | None = None
    angle_bias_rad: float = 0.0
    range_bias_m: float = 0.0
    bias_memory_s: float = math.inf
    k_factor: float = 0.0
    k_time_s: float = math.inf

    @property
    def azimuth_width_rad(self) -> float:
        """Width of the sector, clockwise; a full turn or more sees all round."""
        width = self.azimuth_to_rad - self.azimuth_from_rad
        return width if width >= 0.0 else width % FULL_TURN

    def site(self) -> Site:
        """The radar as plain numbers for the kernels."""
        stand = interpreted(local_frame)(self.lat_rad, self.lon_rad, self.alt_m)
        return Site(
            *stand,
            alt_m=self.alt_m,
            earth_factor=self.earth_factor,
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

    def way(self) -> Way | None:
        """Its motion as plain numbers for the kernels, None if it stands still."""
        if self.course is None:
            return None
        return Way(
            lat_rad=self.lat_rad,
            lon_rad=self.lon_rad,
            heading_rad=self.course.heading_rad,
            speed_m_s=self.course.speed_m_s,
            leg_m=self.course.leg_m,
            turn_radius_m=self.course.turn_radius_m,
            flown_m=self.course.flown_m,
        )

    def antenna_ecef_m(self, t_s: float) -> tuple[float, float, float]:
        """Where the antenna is at a moment, ECEF [m].  t_s : [s after epoch]."""
        here = site_at(self.site(), self.way(), t_s)
        return here.x, here.y, here.z


def view_stays(
    flight: Flight, site: Site, way: Way | None, pos_ecef_m: Floats, era_epoch_rad: float
) -> Stays:
    """When each object is in the mask of a radar, by time of entering."""
    room = STAYS_PER_OBJECT * max(1, flight.samples.size)
    while True:
        obj, enter, leave = np.empty(room, np.int64), np.empty(room), np.empty(room)
        stays = find_stays(flight, site, way, era_epoch_rad, pos_ecef_m, obj, enter, leave)
        if stays <= room:
            order = np.argsort(enter[:stays], kind="stable")
            return Stays(
                obj=obj[:stays][order],
                enter_t_s=enter[:stays][order],
                leave_t_s=leave[:stays][order],
            )
        room = stays


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What all radars of a future look at, and by which rules.

    pos_ecef_m : samples of the flight, turned with the Earth
    p_detect_min : looks less likely than this to detect are left out
    luck : where the luck of searching is drawn
    """

    flight: Flight
    pos_ecef_m: Floats
    era_epoch_rad: float
    p_detect_min: float
    luck: Luck


def radar_looks(
    flight: Flight,
    radars: Sequence[Radar],
    era_epoch_rad: float,
    *,
    p_detect_min: float,
    luck: Luck,
    cues: Cues,
) -> list[Sheet]:
    """One sheet of looks for each radar.

    cues : looks of sensors that are no radars of this list
    Model: radars that ask for cues are laid out after all others, whose looks may cue them; so
    no cue ever waits for one of its own.
    """
    if not radars:
        return []
    watch = Watch(
        flight=flight,
        pos_ecef_m=rotate_samples(flight, era_epoch_rad),
        era_epoch_rad=era_epoch_rad,
        p_detect_min=p_detect_min,
        luck=luck,
    )
    asking = [radar.search is not None and radar.search.asks_for_cues for radar in radars]
    sheets: dict[int, Sheet] = {}
    for sensor in np.argsort(asking, kind="stable").tolist():
        told = np.full(flight.samples.size, np.inf)
        search = radars[sensor].search
        if search is not None and search.asks_for_cues:
            known = [sheets[other] for other in sheets if not asking[other]]
            heard = cues.with_looks(known) if search.cued_by_any else cues
            told = heard.times(search.cue_pools, flight.samples.size) + search.cue_delay_s
        sheets[sensor] = _looks_of(radars[sensor], sensor, told, watch)
    return [sheets[sensor] for sensor in range(len(radars))]


def _looks_of(radar: Radar, sensor: int, cue_t_s: Floats, watch: Watch) -> Sheet:
    """Looks of one radar.  cue_t_s : (object,) when it is told of each [s after epoch]."""
    site, way = radar.site(), radar.way()
    stays = view_stays(watch.flight, site, way, watch.pos_ecef_m, watch.era_epoch_rad)
    if radar.search is None and radar.priority is None:
        looked, t_s = shared_looks(stays, site)
    else:
        looked, t_s = managed_looks(
            watch.flight,
            site,
            way,
            stays,
            name=radar.name,
            search=radar.search,
            priority=radar.priority,
            cue_t_s=cue_t_s,
            luck=watch.luck,
            era_epoch_rad=watch.era_epoch_rad,
        )
    sheet = new_sheet(looked.size)
    bias = Bias(radar.angle_bias_rad, radar.range_bias_m, radar.bias_memory_s)
    used = write_radar_looks(
        watch.flight, site, way, bias, watch.era_epoch_rad, sensor, looked, t_s,
        watch.p_detect_min, sheet,
    )  # fmt: skip
    return filled(sheet, used)


def shared_looks(stays: Stays, site: Site) -> tuple[Integers, Floats]:
    """Looks of a radar that shares its time evenly: object and time of each, (look,)."""
    room = looks_at_most(stays.enter_t_s, stays.leave_t_s, site.look_interval_s)
    stay, t_s = np.empty(room, np.int64), np.empty(room)
    granted = grant_looks(
        stays.enter_t_s, stays.leave_t_s, site.look_interval_s, site.look_budget_hz, stay, t_s
    )
    return stays.obj[stay[:granted]], t_s[:granted]
