"""Areas on the ground: is a point inside, how far is it, and points drawn evenly from inside.

An outline is a closed line of (latitude, longitude) corners, straight in latitude and
longitude, that may cross the date line. Distances are on a sphere.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
TURN = 2.0 * math.pi
STEP_RAD = math.pi / 180.0  # outlines are cut into pieces this short before measuring
TRIES_MAX = 100_000


@kernel
def crosses_oddly(lat_rad: Floats, lon_rad: Floats, lats_rad: Floats, lons_rad: Floats) -> Flags:
    """Whether a ray to the east from each point crosses an outline an odd number of times.

    lat_rad, lon_rad : (n,) [rad]     lats_rad, lons_rad : (corner,) closed [rad]
    Returns (n,).
    """
    odd = np.zeros(lat_rad.shape[0], np.bool_)
    for n in range(lat_rad.shape[0]):
        for k in range(lats_rad.shape[0] - 1):
            low, high = lats_rad[k], lats_rad[k + 1]
            if (low > lat_rad[n]) == (high > lat_rad[n]):
                continue
            share = (lat_rad[n] - low) / (high - low)
            if lon_rad[n] < lons_rad[k] + share * (lons_rad[k + 1] - lons_rad[k]):
                odd[n] = not odd[n]
    return odd


@dataclass(frozen=True, kw_only=True)
class Patch:
    """One closed outline.

    Attributes
    ----------
    lat_rad, lon_rad : (corner,) closed, longitude running on across the date line
    border : (corner - 1,) False for a piece that is no border (the seam of a whole turn, a pole)
    """

    lat_rad: Floats
    lon_rad: Floats
    border: Flags

    def contains(self, lat_rad: Floats, lon_rad: Floats) -> Flags:
        """Whether points lie inside. lat_rad, lon_rad : (n,) [rad]. Returns (n,).

        Model: a ray to the east crosses the outline an odd number of times.
        """
        near = self._middle_rad + wrap(lon_rad - self._middle_rad)
        return crosses_oddly(lat_rad, near, self.lat_rad, self.lon_rad)

    @cached_property
    def _middle_rad(self) -> float:
        """Longitude halfway between its western and its eastern end [rad]."""
        return float(0.5 * (self.lon_rad.min() + self.lon_rad.max()))

    def distance_m(self, lat_rad: Floats, lon_rad: Floats) -> Floats:
        """Distance from points to the nearest piece of border [m]; inf without a border."""
        starts = unit_vector(self.lat_rad[:-1], self.lon_rad[:-1])[self.border]
        ends = unit_vector(self.lat_rad[1:], self.lon_rad[1:])[self.border]
        if not starts.size:
            return np.full(lat_rad.shape, math.inf)
        points = unit_vector(lat_rad, lon_rad)
        return RADIUS_MEAN_M * _angle_to_arcs(points, starts, ends).min(axis=1)


@dataclass(frozen=True, kw_only=True)
class Disc:
    """All points within a distance of a centre. Angles [rad], radius [m]."""

    lat_rad: float
    lon_rad: float
    radius_m: float

    def signed_distance_m(self, lat_rad: Floats, lon_rad: Floats) -> Floats:
        """Distance to the rim, negative inside [m]. lat_rad, lon_rad : (n,)."""
        centre = unit_vector(np.array([self.lat_rad]), np.array([self.lon_rad]))
        chord = np.linalg.norm(unit_vector(lat_rad, lon_rad) - centre, axis=1)
        return 2.0 * RADIUS_MEAN_M * np.arcsin(np.minimum(0.5 * chord, 1.0)) - self.radius_m


@dataclass(frozen=True, kw_only=True)
class Area:
    """A named part of the ground, of one or more patches."""

    name: str
    patches: tuple[Patch, ...]

    @cached_property
    def _box(self) -> tuple[float, float, float, float]:
        """Sine of the southern and northern end, west end and width [rad] of the box around."""
        south = min(float(patch.lat_rad.min()) for patch in self.patches)
        north = max(float(patch.lat_rad.max()) for patch in self.patches)
        west, width = _span(self.patches)
        return math.sin(south), math.sin(north), west, width

    def contains(self, lat_rad: Floats, lon_rad: Floats) -> Flags:
        """Whether points lie inside. lat_rad, lon_rad : (n,) [rad]. Returns (n,)."""
        inside = [patch.contains(lat_rad, lon_rad) for patch in self.patches]
        return np.logical_or.reduce(inside)

    def signed_distance_m(self, lat_rad: Floats, lon_rad: Floats) -> Floats:
        """Distance to the border, negative inside [m]. lat_rad, lon_rad : (n,) [rad]."""
        distances = [patch.distance_m(lat_rad, lon_rad) for patch in self.patches]
        nearest = np.minimum.reduce(distances)
        return np.where(self.contains(lat_rad, lon_rad), -nearest, nearest)

    def draw(self, uniform: Callable[[int], float]) -> tuple[float, float]:
        """A point evenly distributed over the area: latitude, longitude [rad].

        uniform : a number in (0, 1) for each index 0, 1, 2...
        Model: rejection from the box around the area, even on the sphere.
        """
        low, high, west, width = self._box
        for attempt in range(TRIES_MAX):
            lat = math.asin(low + uniform(2 * attempt) * (high - low))
            lon = float(wrap(west + uniform(2 * attempt + 1) * width))
            if self.contains(np.array([lat]), np.array([lon]))[0]:
                return lat, lon
        raise OpendomeError(
            got=f"no point of area {self.name} in {TRIES_MAX:,} draws",
            allowed="an area that fills more of the box around it",
            do="split the area",
        )


def _span(patches: Sequence[Patch]) -> tuple[float, float]:
    """West end and width of the shortest stretch of longitude that holds all patches [rad]."""
    spans = sorted(
        (float(wrap(patch.lon_rad.min())), float(np.ptp(patch.lon_rad))) for patch in patches
    )
    best = (-math.pi, TURN)
    for west, _ in spans:
        width = max((start - west) % TURN + size for start, size in spans)
        if width < best[1]:
            best = (west, width)
    return best


def wrap(angle_rad: float | Floats) -> Floats:
    """Angle in -pi..pi [rad]."""
    return np.asarray((np.asarray(angle_rad) + math.pi) % TURN - math.pi)


def unit_vector(lat_rad: Floats, lon_rad: Floats) -> Floats:
    """Unit vectors (n, 3) of points on a sphere."""
    flat = np.cos(lat_rad)
    return np.stack([flat * np.cos(lon_rad), flat * np.sin(lon_rad), np.sin(lat_rad)], axis=-1)


def _angle_to_arcs(points: Floats, starts: Floats, ends: Floats) -> Floats:
    """Angle from each point to each great-circle arc, (point, arc) [rad].

    Model: the foot of the perpendicular when it falls on the arc, else the nearer end.
    """
    normals = np.cross(starts, ends)
    lengths = np.linalg.norm(normals, axis=1)
    poles = normals / np.where(lengths > 0.0, lengths, 1.0)[:, None]
    height = points @ poles.T
    after_start = points @ np.cross(poles, starts).T >= 0.0
    before_end = points @ np.cross(ends, poles).T >= 0.0
    to_circle = np.arcsin(np.clip(np.abs(height), 0.0, 1.0))
    to_ends = np.minimum(_angles(points, starts), _angles(points, ends))
    on_arc = after_start & before_end & (lengths > 0.0)[None, :]
    return np.where(on_arc, to_circle, to_ends)


def _angles(points: Floats, others: Floats) -> Floats:
    """Angle between unit vectors, (point, other) [rad]; exact for small angles too."""
    chords = np.linalg.norm(points[:, None, :] - others[None, :, :], axis=2)
    return 2.0 * np.arcsin(np.minimum(0.5 * chords, 1.0))


def patch(corners_deg: Sequence[Sequence[float]]) -> Patch:
    """Patch of (latitude, longitude) corners [deg], closed here if it is not."""
    corners = np.radians(np.asarray(corners_deg, np.float64))
    if not np.array_equal(corners[0], corners[-1]):
        corners = np.concatenate([corners, corners[:1]])
    steps = wrap(np.diff(corners[:, 1]))
    lon = corners[0, 1] + np.concatenate([[0.0], np.cumsum(steps)])
    return _fine(corners[:, 0], lon, np.ones(len(lon) - 1, np.bool_))


def box(south_deg: float, north_deg: float, west_deg: float, east_deg: float) -> Patch:
    """Patch between two parallels and two meridians [deg]; a whole turn and poles are allowed."""
    turn = 360.0
    width = (east_deg - west_deg) % turn or turn
    east_deg = west_deg + width
    lat = [south_deg, south_deg, north_deg, north_deg, south_deg]
    lon = [west_deg, east_deg, east_deg, west_deg, west_deg]
    open_sides = width < turn
    border = [abs(south_deg) < 90.0, open_sides, abs(north_deg) < 90.0, open_sides]
    return _fine(np.radians(lat), np.radians(lon), np.array(border))


def _fine(lat_rad: Floats, lon_rad: Floats, border: Flags) -> Patch:
    """Patch whose pieces are at most `STEP_RAD` long in latitude and in longitude."""
    lats, lons, borders = [lat_rad[:1]], [lon_rad[:1]], [border[:0]]
    for k in range(len(border)):
        longest = max(abs(lat_rad[k + 1] - lat_rad[k]), abs(lon_rad[k + 1] - lon_rad[k]))
        pieces = max(1, math.ceil(longest / STEP_RAD - 1e-9))  # rounding makes no piece more
        lats.append(np.linspace(lat_rad[k], lat_rad[k + 1], pieces + 1)[1:])
        lons.append(np.linspace(lon_rad[k], lon_rad[k + 1], pieces + 1)[1:])
        borders.append(np.full(pieces, border[k]))
    return Patch(
        lat_rad=np.concatenate(lats), lon_rad=np.concatenate(lons), border=np.concatenate(borders)
    )
