"""What the sensors measure in one trial, and what was true: for measured tracking and tests."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.draws.philox import normal
from opendome.draws.purposes import purpose
from opendome.sensing.infrared import eyes_of
from opendome.sensing.kernels.measuring import (
    CELLS_ACROSS,
    MILLISECONDS,
    Luck,
    Measured,
    Sights,
    fill_antenna,
    fill_satellite,
    fill_sigmas,
    fill_targets,
    measure_sights,
)
from opendome.sensing.models import SensorSuite
from opendome.sensing.records import Detections, Looks, Measures
from opendome.sensing.samples import flight_of
from opendome.threats.records import Raid

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class View:
    """Everything about the measurements of one future that no dice decide.

    Attributes
    ----------
    sights : looks with their geometry, by time, then sensor
    angle_cell_rad, range_cell_m : (sensor,) size of a resolution cell; range NaN for angles only
    """

    looks: Looks
    sights: Sights
    p_false_alarm: Floats
    interval_s: Floats
    angle_cell_rad: Floats
    range_cell_m: Floats
    angle_bias_rad: Floats
    range_bias_m: Floats

    @property
    def false_alarm_density(self) -> Floats:
        """False alarms a look expects where it looks: (sensor,) [1/rad2] or [1/(rad2 m)]."""
        depth = np.where(np.isnan(self.range_cell_m), 1.0, self.range_cell_m)
        return self.p_false_alarm / (self.angle_cell_rad**2 * depth)


def view(raid: Raid, looks: Looks, suite: SensorSuite, *, era_epoch_rad: float) -> View:
    """Prepare the looks of a future for measuring.

    raid, suite, era_epoch_rad : those that `look_at` made the looks of
    Model: noise follows from the information of the look, `share_after_bias` undone; the sensor
    reports the sigma that stands for the information with the share taken. A resolution cell is
    sqrt(2 snr) times the noise of a radar, snr times that of a camera, each at its reference.
    Source: D. K. Barton, Radar System Analysis and Modeling, 2005, chapter 8; K. A. Winick,
    J. Opt. Soc. Am. A 3, 1986.
    Valid for: looks that have a direction; those of skywave radars are left out.
    """
    obj = np.repeat(np.arange(raid.objects), np.diff(looks.start))
    order = np.lexsort((looks.sensor, looks.t_s))
    order = order[looks.sensor_measures[looks.sensor[order]] != Measures.RANGE_AZIMUTH]
    obj, sensor, t_s = obj[order], looks.sensor[order].astype(np.int64), looks.t_s[order]
    target, place = np.empty((order.size, 3)), np.empty((order.size, 3))
    fill_targets(flight_of(raid), obj, t_s, target)
    _fill_places(suite, era_epoch_rad, sensor, t_s, place)
    line = target - place
    distance_m = np.linalg.norm(line, axis=1)
    sigma = np.empty((order.size, 2))
    fill_sigmas(looks.information_m2[order], line / distance_m[:, None], distance_m, sigma)
    share = np.sqrt(looks.share_after_bias[order])
    since_s = t_s - raid.launch_t_s[obj]
    sights = Sights(
        look=order.astype(np.int64),
        obj=obj,
        sensor=sensor,
        t_s=t_s,
        p_detect=looks.p_detect[order],
        slot=np.floor(since_s * MILLISECONDS + 0.5).astype(np.int64),
        target_pos_eci_m=target,
        sensor_pos_eci_m=place,
        angle_noise_rad=sigma[:, 0] * share,
        range_noise_m=sigma[:, 1] * np.sqrt(looks.range_share_after_bias[order]),
        angle_sigma_rad=sigma[:, 0].copy(),
        range_sigma_m=sigma[:, 1].copy(),
    )
    radars, eyes, skywave = suite.radars, suite.satellites, suite.skywave
    wide = [r.angle_noise_rad * np.sqrt(2.0 * r.snr_reference) for r in radars]
    wide += [s.angle_noise_rad * s.snr_reference for s in eyes]
    wide += [r.azimuth_noise_rad * np.sqrt(2.0 * r.snr_reference) for r in skywave]
    deep = [r.range_noise_m * np.sqrt(2.0 * r.snr_reference) for r in radars]
    deep += [np.nan] * len(eyes)
    deep += [r.range_noise_m * np.sqrt(2.0 * r.snr_reference) for r in skywave]
    paces = [r.look_interval_s for r in radars] + [s.revisit_s for s in (*eyes, *skywave)]
    return View(
        looks=looks,
        sights=sights,
        p_false_alarm=suite.sensor_column("p_false_alarm"),
        interval_s=np.array(paces),
        angle_cell_rad=np.array(wide),
        range_cell_m=np.array(deep),
        angle_bias_rad=looks.sensor_angle_bias_rad,
        range_bias_m=looks.sensor_range_bias_m,
    )


def _fill_places(
    suite: SensorSuite, era_epoch_rad: float, sensor: Longs, t_s: Floats, place: Floats
) -> None:
    """Where each sensor was at each of its looks: `place` (sight, 3), ECI [m]."""
    orbit = eyes_of(suite.satellites, era_epoch_rad)[1] if suite.satellites else np.empty((0, 0))
    by_sensor = np.argsort(sensor, kind="stable")
    ends = np.searchsorted(sensor[by_sensor], np.arange(len(suite.sensor_names) + 1))
    for k in np.unique(sensor):
        rows = by_sensor[ends[k] : ends[k + 1]]
        out = np.empty((rows.size, 3))
        if k < len(suite.radars):
            radar = suite.radars[k]
            fill_antenna(radar.site(), radar.way(), era_epoch_rad, t_s[rows], out)
        else:
            fill_satellite(orbit, int(k) - len(suite.radars), t_s[rows], out)
        place[rows] = out


def _luck(view: View, seed: int, trial: int) -> Luck:
    """Streams of the sensors, and the errors that stay the same through this trial."""
    names = view.looks.sensor_names
    bias = [purpose(f"bias {name}") for name in names]
    draws = np.array([[normal(seed, p, trial, 0, i) for i in range(4)] for p in bias])
    draws = draws.reshape(len(names), 4)
    return Luck(
        detection=np.array([purpose(f"detection {name}") for name in names], np.int64),
        noise=np.array([purpose(f"measurement error {name}") for name in names], np.int64),
        alarm=np.array([purpose(f"false alarm {name}") for name in names], np.int64),
        p_false_alarm=view.p_false_alarm,
        angle_cell_rad=view.angle_cell_rad,
        range_cell_m=view.range_cell_m,
        tilt_rad=np.ascontiguousarray(draws[:, :3] * view.angle_bias_rad[:, None]),
        range_bias_m=draws[:, 3] * view.range_bias_m,
    )


def measure(view: View, *, seed: int, trial: int, flies: Flags | None = None) -> Detections:
    """What the sensors measure in one trial.

    flies : (object,) False for objects that fail by themselves; all fly when left out
    Returns `Detections`, by time, then sensor, then look.
    Model: each look detects with its own chance, by the draw that every model of this trial
    uses; a direction errs by two independent normal angles and by a small turn of its sensor's
    axes, which stays the same through the trial; a range by noise and by a bias that stays.
    False alarms: `measure_sights`.
    Valid for: errors small against a radian; false alarms are met only where a sensor looks at
    an object, in the cells around it, not all over its field.
    """
    sights = view.sights
    room = 2 * sights.t_s.size
    out = Measured(
        sight=np.empty(room, np.int64),
        obj=np.empty(room, np.int64),
        direction_eci=np.empty((room, 3)),
        range_m=np.empty(room),
    )
    flown = np.ones(view.looks.start.size - 1, np.bool_) if flies is None else flies
    rows = measure_sights(sights, _luck(view, seed, trial), flown, seed, trial, out)
    sight = out.sight[:rows]
    sensor, t_s = sights.sensor[sight], sights.t_s[sight]
    fresh = np.ones(rows, np.int64)
    fresh[1:] = (t_s[1:] != t_s[:-1]) | (sensor[1:] != sensor[:-1])
    return Detections(
        sensor_names=view.looks.sensor_names,
        sensor_gives_range=view.looks.sensor_gives_range,
        sensor_interval_s=view.interval_s,
        sensor=sensor.astype(np.int32),
        scan=np.cumsum(fresh) - 1,
        look=sights.look[sight],
        t_s=t_s,
        sensor_pos_eci_m=sights.sensor_pos_eci_m[sight],
        direction_eci=out.direction_eci[:rows].copy(),
        range_m=np.where(np.isfinite(sights.range_sigma_m[sight]), out.range_m[:rows], np.nan),
        angle_sigma_rad=sights.angle_sigma_rad[sight],
        range_sigma_m=sights.range_sigma_m[sight],
        false_alarm_density=view.false_alarm_density[sensor],
        obj=out.obj[:rows].astype(np.int32),
    )


def expected_false_alarms(view: View) -> float:
    """False alarms that one trial expects in all, every object flying."""
    axes = np.where(view.looks.sensor_gives_range, 3.0, 2.0)
    chance = view.p_false_alarm * CELLS_ACROSS**axes
    return float(chance[view.sights.sensor].sum())


def states_at(raid: Raid, t_s: Floats) -> Floats:
    """True states at moments: (time, object, 6), ECI [m, m/s]; NaN while an object does not fly.

    Model: positions and velocities between samples by cubic Hermite polynomials, the velocity
    as the derivative of the position.
    """
    since = (np.asarray(t_s)[:, None] - raid.launch_t_s) / raid.step_s
    samples = raid.valid.sum(axis=1)
    k = np.clip(np.floor(since), 0, np.maximum(samples - 2, 0)).astype(np.int64)
    flying = (since >= 0.0) & (since <= samples - 1) & (samples > 1)
    s = np.where(flying, since - k, np.nan)[..., None]
    rows, h = np.arange(raid.objects), raid.step_s
    p0, p1 = raid.pos_eci_m[rows, k], raid.pos_eci_m[rows, np.minimum(k + 1, _last(raid))]
    v0, v1 = raid.vel_eci_m_s[rows, k], raid.vel_eci_m_s[rows, np.minimum(k + 1, _last(raid))]
    r = 1.0 - s
    pos = r * r * (1.0 + 2.0 * s) * p0 + s * s * (1.0 + 2.0 * r) * p1
    pos += h * s * r * r * v0 - h * s * s * r * v1
    vel = 6.0 * s * r * (p1 - p0) / h + r * (1.0 - 3.0 * s) * v0 + s * (1.0 - 3.0 * r) * v1
    return np.concatenate([pos, vel], axis=-1)


def _last(raid: Raid) -> int:
    """Number of the last sample there is room for."""
    return raid.pos_eci_m.shape[1] - 1
