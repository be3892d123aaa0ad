"""What each object of a raid may cost: valued ground around its true impact, and the fall there."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.command.kernels.impact import IMPACT_PLACE
from opendome.quantities.constants import RADIUS_MEAN_M, ROTATION_RAD_S
from opendome.scenario.defended import DefendedPlace
from opendome.scenario.geography import unit_vector
from opendome.threats.records import Raid
from opendome.world.frames import earth_angle_rad, eci_from_ecef, enu_axes

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
# Farther ground is left out of the table. Objects are judged when their track is good enough to
# fire on, with an error of some kilometres; a hundred times that is room enough.
REACH_M = RADIUS_MEAN_M / 16.0


class ImpactTable(NamedTuple):
    """What each object may hit, in metres east and north of where it really falls.

    Attributes
    ----------
    places : (row,) of IMPACT_PLACE, by object: the value of a part of the ground, its rows in
        `vertices_m`, and a circle around it
    first_place, end_place : (object,) rows in `places`
    vertices_m : (vertex, 2) corners, east and north of the true impact of the object
    east, north, up : (object, 3) unit vectors at the impact, in ECI
    velocity_m_s : (object, 3) relative to the ground at the impact, in ECI
    loss : (object,) value that it costs where it really falls, 0 for what harms nobody
    """

    places: Any
    first_place: Longs
    end_place: Longs
    vertices_m: Floats
    east: Floats
    north: Floats
    up: Floats
    velocity_m_s: Floats
    loss: Floats

    @property
    def nbytes(self) -> int:
        """Memory held [bytes]."""
        return sum(part.nbytes for part in self)


def impact_table(
    raid: Raid,
    places: Sequence[DefendedPlace],
    *,
    loss: Floats,
    era_epoch_rad: float,
    reach_m: float = REACH_M,
) -> ImpactTable:
    """What each object of a raid may hit near its true impact.

    places : what has a value     loss : (object,) true loss, as `Realisation.loss_at` says
    reach_m : ground farther from the true impact is left out [m]
    Model: distances and directions from the impact on a sphere (azimuthal equidistant), true
    near the impact and right in kind for large areas; objects that have no impact have no rows.
    A part that harms nobody has rows as any other: what it is taken for is another question.
    """
    rings = [
        (float(place.value or 0.0), unit_vector(lat, lon))
        for place in places
        for lat, lon in place.outlines()
    ]
    rows: list[tuple[float, int, int, float, float, float]] = []
    corners: list[Floats] = [np.zeros((0, 2))]
    first, end = (np.zeros(raid.objects, np.int64) for _ in range(2))
    filled = 0
    for obj in range(raid.objects):
        first[obj] = end[obj] = len(rows)
        lat, lon = float(raid.impact_lat_rad[obj]), float(raid.impact_lon_rad[obj])
        if not (np.isfinite(lat) and np.isfinite(lon)):
            continue
        for value, points in rings:
            flat = _flat_m(points, lat, lon)
            east_m, north_m, radius_m = _circle(flat)
            if np.hypot(east_m, north_m) - radius_m <= reach_m:
                rows.append((value, filled, filled + len(flat), east_m, north_m, radius_m))
                corners.append(flat)
                filled += len(flat)
        end[obj] = len(rows)
    axes = eci_from_ecef(
        enu_axes(raid.impact_lat_rad, raid.impact_lon_rad),
        earth_angle_rad(era_epoch_rad, raid.impact_t_s)[:, None],
    )
    return ImpactTable(
        places=np.array(rows, IMPACT_PLACE),
        first_place=first,
        end_place=end,
        vertices_m=np.concatenate(corners),
        east=np.ascontiguousarray(axes[:, 0]),
        north=np.ascontiguousarray(axes[:, 1]),
        up=np.ascontiguousarray(axes[:, 2]),
        velocity_m_s=falling_velocity_m_s(raid),
        loss=np.where(raid.lethal, loss, 0.0 * loss),
    )


def _flat_m(points: Floats, lat_rad: float, lon_rad: float) -> Floats:
    """Points (n, 3) as metres east and north of a place: (n, 2)."""
    axes = enu_axes(lat_rad, lon_rad)
    east, north, up = (points @ axes[k] for k in range(3))
    away = np.hypot(east, north)
    angle = np.arctan2(away, up)
    scale = np.where(away > 0.0, angle / np.where(away > 0.0, away, 1.0), 1.0)
    return RADIUS_MEAN_M * scale[:, None] * np.stack([east, north], axis=1)


def _circle(flat_m: Floats) -> tuple[float, float, float]:
    """Circle around corners: its centre and radius [m]."""
    centre = 0.5 * (flat_m.min(axis=0) + flat_m.max(axis=0))
    radius_m = np.hypot(*(flat_m - centre).T).max()
    return float(centre[0]), float(centre[1]), float(radius_m)


def falling_velocity_m_s(raid: Raid) -> Floats:
    """Velocity of each object over the turning ground at its impact, in ECI: (object, 3) [m/s].

    Model: the last sample carried on by the change between the last two.
    """
    objects = np.arange(raid.objects)
    last = np.maximum(raid.valid.sum(axis=1) - 1, 0)
    before = np.maximum(last - 1, 0)
    vel, pos = raid.vel_eci_m_s[objects, last], raid.pos_eci_m[objects, last]
    left_s = raid.impact_t_s - raid.launch_t_s - last * raid.step_s
    pull = (vel - raid.vel_eci_m_s[objects, before]) / raid.step_s
    vel = vel + pull * np.clip(left_s, 0.0, raid.step_s)[:, None]
    turning = ROTATION_RAD_S * np.stack([-pos[:, 1], pos[:, 0], 0.0 * pos[:, 0]], axis=1)
    return np.ascontiguousarray(vel - turning)
