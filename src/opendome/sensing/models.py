"""Every sensor of one future, and what they could see of a raid."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from opendome.sensing.cues import Cues
from opendome.sensing.infrared import InfraredSatellite, infrared_looks, skies_of
from opendome.sensing.kernels.sheet import Sheet, copy_rows, new_sheet
from opendome.sensing.radar import Radar, radar_looks
from opendome.sensing.records import Looks, Measures
from opendome.sensing.resources import Luck
from opendome.sensing.samples import flight_of
from opendome.sensing.sky import Sky
from opendome.sensing.skywave import SkywaveRadar, skywave_looks
from opendome.threats.records import Raid

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# A thousand such looks hold one detection; two of them within one confirmation window are
# so rare that no track ever begins with them. A limit of bookkeeping, not of physics.
P_DETECT_NEGLIGIBLE = 1e-3


@dataclass(frozen=True, kw_only=True)
class SensorSuite:
    """Every sensor of a future: numbered radars first, then satellites, then skywave radars.

    luck : where the luck of searching radars is drawn
    p_detect_min : looks less likely than this to detect are left out
    """

    radars: tuple[Radar, ...] = ()
    satellites: tuple[InfraredSatellite, ...] = ()
    skywave: tuple[SkywaveRadar, ...] = ()
    luck: Luck = field(default_factory=Luck)
    p_detect_min: float = P_DETECT_NEGLIGIBLE

    @property
    def sensors(self) -> tuple[Radar | InfraredSatellite | SkywaveRadar, ...]:
        """Every sensor in the order of its number."""
        return (*self.radars, *self.satellites, *self.skywave)

    @property
    def sensor_names(self) -> tuple[str, ...]:
        """Name of each sensor."""
        return tuple(sensor.name for sensor in self.sensors)

    @property
    def sensor_asset(self) -> npt.NDArray[np.int32]:
        """Scenario asset of each sensor."""
        return np.array([sensor.asset for sensor in self.sensors], dtype=np.int32)

    @property
    def sensor_measures(self) -> npt.NDArray[np.int8]:
        """What each sensor measures, as `Measures` counts it."""
        kinds = [Measures.ANGLES_RANGE] * len(self.radars)
        kinds += [Measures.ANGLES] * len(self.satellites)
        return np.array(kinds + [Measures.RANGE_AZIMUTH] * len(self.skywave), np.int8)

    @property
    def sensor_gives_range(self) -> npt.NDArray[np.bool_]:
        """True for each radar."""
        return self.sensor_measures != Measures.ANGLES

    def sensor_column(self, name: str) -> Floats:
        """A number that every sensor has: (sensor,)."""
        return np.array([getattr(sensor, name) for sensor in self.sensors], np.float64)

    @property
    def sensor_range_bias_m(self) -> Floats:
        """Error of the range that all looks of a sensor have in common, one sigma; 0 without."""
        return np.array([getattr(sensor, "range_bias_m", 0.0) for sensor in self.sensors])


def look_at(
    raid: Raid, suite: SensorSuite, *, era_epoch_rad: float, sky: Sky | None = None
) -> Looks:
    """List every look of every sensor at every object of a raid.

    raid : what flies     suite : what watches
    era_epoch_rad : Earth rotation angle at the epoch [rad]
    sky : Sun and clouds; needed only by sensors with an exclusion angle or a share of clear sky
    Returns looks sorted by object, then time, then sensor.
    Model: radars share their looks (`kernels.budget`) inside their mask, or search and follow
    (`resources`); satellites scan everything in their field at fixed times (`kernels.infrared`),
    skywave radars everything in their belt (`kernels.skywave`).
    Valid for: expected signal; no weather or jamming; refraction only where a radar's
    `earth_factor` says so.
    """
    flight = flight_of(raid)
    seen = infrared_looks(
        flight,
        skies_of(raid, suite.satellites, sky),
        suite.satellites,
        era_epoch_rad,
        first_sensor=len(suite.radars),
        p_detect_min=suite.p_detect_min,
    )
    heard = skywave_looks(
        flight,
        suite.skywave,
        era_epoch_rad,
        first_sensor=len(suite.radars) + len(suite.satellites),
        p_detect_min=suite.p_detect_min,
    )
    sheets = radar_looks(
        flight,
        suite.radars,
        era_epoch_rad,
        p_detect_min=suite.p_detect_min,
        luck=suite.luck,
        cues=Cues(sheets=[*seen, *heard], sensor_asset=suite.sensor_asset),
    )
    sheets += seen
    sheets += heard
    del seen, heard
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
        sensor_measures=suite.sensor_measures,
        sensor_k_factor=suite.sensor_column("k_factor"),
        sensor_k_time_s=suite.sensor_column("k_time_s"),
        sensor_angle_bias_rad=suite.sensor_column("angle_bias_rad"),
        sensor_range_bias_m=suite.sensor_range_bias_m,
        start=start,
        sensor=whole.sensor,
        t_s=whole.t_s,
        p_detect=whole.p_detect,
        snr_db=whole.snr_db,
        share_after_bias=whole.share_after_bias,
        range_share_after_bias=whole.range_share_after_bias,
        information_m2=whole.information_m2,
    )


def _places(sheets: Sequence[Sheet], objects: int) -> tuple[Integers, Integers]:
    """Where looks go when sorted by object, then time, then sensor.

    Returns the first place of each object (object + 1,), and the place of each look in the
    order of the sheets.
    """
    obj = np.concatenate([sheet.obj for sheet in sheets] or [np.empty(0, np.int32)])
    t_s = np.concatenate([sheet.t_s for sheet in sheets] or [np.empty(0)])
    start = np.zeros(objects + 1, np.int64)
    np.cumsum(np.bincount(obj, minlength=objects), out=start[1:])
    order = np.argsort(obj.astype(np.min_scalar_type(objects)), kind="stable")  # in linear time
    for first, end in itertools.pairwise(start):
        rows = order[first:end]
        # rows come sensor by sensor, so that a stable sort by time leaves ties by sensor
        order[first:end] = rows[np.argsort(t_s[rows], kind="stable")]
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return start, rank
