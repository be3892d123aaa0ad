"""Constellations: Walker patterns, and where all their satellites are at a moment.

The motion is Kepler's with the mean rates that J2 gives node, perigee and mean anomaly. The
bulk kernels are written for vector registers: one flat loop over satellites, no branch and no
library call inside; the functions it calls are small enough for the compiler to open up.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel
from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.quantities.errors import OpendomeError
from opendome.world.kepler import Elements, eccentric_anomaly_kernel, secular_rates
from opendome.world.trigonometry import sine_cosine

Floats = npt.NDArray[np.float64]

TABLE_ROWS = 11
BLOCK = 256  # satellites worked on at once: the scratch stays in the nearest cache
PAD = 8  # keeps the scratch rows from sharing cache sets
NEAR_CIRCULAR = 0.1  # the fixed three Newton steps are exact to 1e-15 up to here


@dataclass(frozen=True, kw_only=True)
class Walker:
    """A Walker pattern of circular orbits.

    Attributes
    ----------
    kind : "delta" spreads the nodes over the whole turn, "star" over half of it
    satellites, planes, phasing : T, P, F of the notation T/P/F
    altitude_m : above the equatorial radius [m]
    inclination_rad, raan0_rad : [rad]; `raan0_rad` is the node of the first plane
    phase0_rad : argument of latitude of the first satellite [rad]
    """

    kind: Literal["delta", "star"]
    satellites: int
    planes: int
    phasing: float
    altitude_m: float
    inclination_rad: float
    raan0_rad: float = 0.0
    phase0_rad: float = 0.0

    def elements(self) -> Elements:
        """Elements of all satellites, plane by plane.

        Returns `Elements` of `satellites` satellites; satellite k is number k mod (T/P) of
        plane k div (T/P).
        Model: node raan0 + p spread / P, argument of latitude phase0 + 2 pi (s P / T + F p / T).
        Source: J. G. Walker, Circular orbit patterns providing continuous whole earth coverage,
        RAE TR 70211 (1970).
        """
        self.validate()
        per_plane = self.satellites // self.planes
        plane, place = np.divmod(np.arange(self.satellites), per_plane)
        spread = 2.0 * math.pi if self.kind == "delta" else math.pi
        same = np.ones(self.satellites)
        return Elements(
            semi_major_axis_m=(RADIUS_EQUATOR_M + self.altitude_m) * same,
            eccentricity=0.0 * same,
            inclination_rad=self.inclination_rad * same,
            raan_rad=self.raan0_rad + spread * plane / self.planes,
            argument_of_perigee_rad=0.0 * same,
            mean_anomaly_rad=self.phase0_rad
            + 2.0 * math.pi * (place / per_plane + self.phasing * plane / self.satellites),
        )

    def validate(self) -> None:
        """Refuse a pattern that cannot be laid out."""
        if self.satellites < 1 or self.planes < 1 or self.satellites % self.planes:
            raise OpendomeError(
                got=f"{self.satellites} satellites in {self.planes} planes",
                allowed="the same whole number, at least 1, of satellites in each plane",
                do="change the number of satellites or of planes",
            )
        if not 0.0 <= self.phasing < self.planes:
            raise OpendomeError(
                got=f"phasing {self.phasing:g} with {self.planes} planes",
                allowed=f"0 up to, not including, {self.planes}",
                do="give the F of the T/P/F notation",
            )
        if not (self.altitude_m > 0.0 and 0.0 <= self.inclination_rad <= math.pi):
            raise OpendomeError(
                got=f"altitude {self.altitude_m:g} m, "
                f"inclination {math.degrees(self.inclination_rad):g} deg",
                allowed="an altitude above 0 and an inclination from 0 to 180 deg",
                do="correct the orbit",
            )


def join_elements(*parts: Elements) -> Elements:
    """All satellites of several sets, in order."""
    return Elements.from_rows(np.concatenate([part.rows() for part in parts], axis=1))


@kernel
def fill_orbit_table(rows: Floats, table: Floats) -> None:
    """What the position kernels need of each orbit: rows (6, n) -> table (11, n)."""
    for i in range(rows.shape[1]):
        axis = rows[0, i]
        eccentricity = rows[1, i]
        motion, node_rate, perigee_rate = secular_rates(axis, eccentricity, rows[2, i])
        table[0, i] = axis
        table[1, i] = eccentricity
        table[2, i] = axis * math.sqrt(1.0 - eccentricity * eccentricity)
        table[3, i] = math.cos(rows[2, i])
        table[4, i] = math.sin(rows[2, i])
        table[5, i] = rows[3, i]
        table[6, i] = node_rate
        table[7, i] = rows[5, i]
        table[8, i] = motion
        table[9, i] = rows[4, i]
        table[10, i] = perigee_rate


def orbit_table(elements: Elements) -> Floats:
    """Table of orbit constants for the kernels of this module.

    elements : of n satellites
    Returns (11, n): semi-major axis, eccentricity, semi-minor axis [m], cos i, sin i, node,
    node rate, mean anomaly, its rate, perigee, perigee rate [rad, rad/s].
    """
    elements.validate()
    table = np.empty((TABLE_ROWS, elements.satellites))
    fill_orbit_table(elements.rows(), table)
    return table


@kernel
def near_circular_anomaly(sine: float, cosine: float, eccentricity: float) -> tuple[float, float]:
    """Sine and cosine of the eccentric anomaly from those of the mean anomaly.

    Valid for: eccentricity up to 0.1; absolute error below 1e-15.
    Model: Kepler's equation by three Newton steps from E = M; each step turns the sine and
    cosine by the small correction instead of taking them anew, so nothing branches.
    """
    d1 = eccentricity * sine / (1.0 - eccentricity * cosine)
    z = d1 * d1
    turn_s = 1.0 / 120.0 + z * (-1.0 / 5040.0 + z * (1.0 / 362880.0))
    turn_s = d1 * (1.0 + z * (-1.0 / 6.0 + z * turn_s))
    turn_c = 1.0 / 24.0 + z * (-1.0 / 720.0 + z * (1.0 / 40320.0))
    turn_c = 1.0 + z * (-0.5 + z * turn_c)
    s1 = sine * turn_c + cosine * turn_s
    c1 = cosine * turn_c - sine * turn_s
    d2 = (eccentricity * s1 - d1) / (1.0 - eccentricity * c1)
    z = d2 * d2
    turn_s = d2 * (1.0 - z * (1.0 / 6.0))
    turn_c = 1.0 + z * (-0.5 + z * (1.0 / 24.0))
    s2 = s1 * turn_c + c1 * turn_s
    c2 = c1 * turn_c - s1 * turn_s
    d3 = (eccentricity * s2 - d1 - d2) / (1.0 - eccentricity * c2)
    return s2 + c2 * d3, c2 - s2 * d3


@kernel
def satellite_state(
    table: Floats, satellite: int, t_s: float
) -> tuple[float, float, float, float, float, float]:
    """Position and velocity of one satellite at one moment, any eccentricity below 1.

    table : from `orbit_table`     satellite : column     t_s : [s after epoch]
    Returns (x, y, z [m], vx, vy, vz [m/s]) in ECI; the velocity is the exact time derivative
    of the position.
    """
    eccentricity = table[1, satellite]
    mean = table[7, satellite] + table[8, satellite] * t_s
    if eccentricity <= NEAR_CIRCULAR:
        s, c = sine_cosine(mean)
        s, c = near_circular_anomaly(s, c, eccentricity)
    else:
        s, c = sine_cosine(eccentric_anomaly_kernel(mean, eccentricity))
    rate = table[8, satellite] / (1.0 - eccentricity * c)
    along = table[0, satellite] * (c - eccentricity)
    across = table[2, satellite] * s
    along_rate = -table[0, satellite] * s * rate
    across_rate = table[2, satellite] * c * rate
    s, c = sine_cosine(table[9, satellite] + table[10, satellite] * t_s)
    p = along * c - across * s
    q = along * s + across * c
    p_rate = along_rate * c - across_rate * s - table[10, satellite] * q
    q_rate = along_rate * s + across_rate * c + table[10, satellite] * p
    s, c = sine_cosine(table[5, satellite] + table[6, satellite] * t_s)
    level = q * table[3, satellite]
    level_rate = q_rate * table[3, satellite]
    x = p * c - level * s
    y = p * s + level * c
    return (
        x,
        y,
        q * table[4, satellite],
        p_rate * c - level_rate * s - table[6, satellite] * y,
        p_rate * s + level_rate * c + table[6, satellite] * x,
        q_rate * table[4, satellite],
    )


@kernel
def fill_axes_block(table: Floats, t_s: float, first: int, count: int, axes: Floats) -> None:
    """Positions of `count` near-circular orbits from column `first`, into axes (3, count)."""
    for i in range(count):
        e = table[1, first + i]
        s, c = sine_cosine(table[7, first + i] + table[8, first + i] * t_s)
        s, c = near_circular_anomaly(s, c, e)
        along = table[0, first + i] * (c - e)
        across = table[2, first + i] * s
        s, c = sine_cosine(table[9, first + i] + table[10, first + i] * t_s)
        p = along * c - across * s
        q = along * s + across * c
        s, c = sine_cosine(table[5, first + i] + table[6, first + i] * t_s)
        level = q * table[3, first + i]
        axes[0, i] = p * c - level * s
        axes[1, i] = p * s + level * c
        axes[2, i] = q * table[4, first + i]


@kernel
def fill_plane_block(table: Floats, t_s: float, first: int, count: int, plane: Floats) -> None:
    """Motion in the orbit plane, measured from the node: plane (4, count) = p, q and rates."""
    for i in range(count):
        e = table[1, first + i]
        s, c = sine_cosine(table[7, first + i] + table[8, first + i] * t_s)
        s, c = near_circular_anomaly(s, c, e)
        rate = table[8, first + i] / (1.0 - e * c)
        along = table[0, first + i] * (c - e)
        across = table[2, first + i] * s
        along_rate = -table[0, first + i] * s * rate
        across_rate = table[2, first + i] * c * rate
        s, c = sine_cosine(table[9, first + i] + table[10, first + i] * t_s)
        p = along * c - across * s
        q = along * s + across * c
        plane[0, i] = p
        plane[1, i] = q
        plane[2, i] = along_rate * c - across_rate * s - table[10, first + i] * q
        plane[3, i] = along_rate * s + across_rate * c + table[10, first + i] * p


@kernel
def turn_plane_block(
    table: Floats, t_s: float, first: int, count: int, plane: Floats, axes: Floats
) -> None:
    """Turn plane (4, count) by inclination and node: axes (6, count), position and velocity.

    A loop of its own: with more arrays in one loop the compiler gives up vector registers.
    """
    for i in range(count):
        s, c = sine_cosine(table[5, first + i] + table[6, first + i] * t_s)
        level = plane[1, i] * table[3, first + i]
        level_rate = plane[3, i] * table[3, first + i]
        x = plane[0, i] * c - level * s
        y = plane[0, i] * s + level * c
        axes[0, i] = x
        axes[1, i] = y
        axes[2, i] = plane[1, i] * table[4, first + i]
        axes[3, i] = plane[2, i] * c - level_rate * s - table[6, first + i] * y
        axes[4, i] = plane[2, i] * s + level_rate * c + table[6, first + i] * x
        axes[5, i] = plane[3, i] * table[4, first + i]


@kernel
def fill_axes(table: Floats, t_s: float, axes_eci_m: Floats) -> None:
    """Positions of all satellites at one moment, one row per axis: the fastest form.

    table : (11, n) from `orbit_table`     t_s : [s after epoch]     axes_eci_m : (3, n) [m]
    """
    fill_axes_block(table, t_s, 0, table.shape[1], axes_eci_m)
    for i in range(table.shape[1]):
        if table[1, i] > NEAR_CIRCULAR:
            x, y, z, _, _, _ = satellite_state(table, i, t_s)
            axes_eci_m[0, i] = x
            axes_eci_m[1, i] = y
            axes_eci_m[2, i] = z


@kernel
def fill_positions(table: Floats, t_s: Floats, pos_eci_m: Floats) -> None:
    """Positions of all satellites at some moments, into the caller's buffer.

    table : (11, n) from `orbit_table`     t_s : (m,) [s after epoch]
    pos_eci_m : (n, m, 3) [m]
    """
    satellites = table.shape[1]
    axes = np.empty((3, BLOCK + PAD))
    for first in range(0, satellites, BLOCK):
        count = min(BLOCK, satellites - first)
        for k in range(t_s.shape[0]):
            fill_axes_block(table, t_s[k], first, count, axes)
            for i in range(count):
                pos_eci_m[first + i, k, 0] = axes[0, i]
                pos_eci_m[first + i, k, 1] = axes[1, i]
                pos_eci_m[first + i, k, 2] = axes[2, i]
    for i in range(satellites):
        if table[1, i] > NEAR_CIRCULAR:
            for k in range(t_s.shape[0]):
                x, y, z, _, _, _ = satellite_state(table, i, t_s[k])
                pos_eci_m[i, k, 0] = x
                pos_eci_m[i, k, 1] = y
                pos_eci_m[i, k, 2] = z


@kernel
def fill_states(table: Floats, t_s: Floats, pos_eci_m: Floats, vel_eci_m_s: Floats) -> None:
    """Positions and velocities of all satellites at some moments, into the caller's buffers.

    table : (11, n) from `orbit_table`     t_s : (m,) [s after epoch]
    pos_eci_m : (n, m, 3) [m]     vel_eci_m_s : (n, m, 3) [m/s]
    """
    satellites = table.shape[1]
    plane = np.empty((4, BLOCK + PAD))
    axes = np.empty((6, BLOCK + PAD))
    for first in range(0, satellites, BLOCK):
        count = min(BLOCK, satellites - first)
        for k in range(t_s.shape[0]):
            fill_plane_block(table, t_s[k], first, count, plane)
            turn_plane_block(table, t_s[k], first, count, plane, axes)
            for i in range(count):
                for axis in range(3):
                    pos_eci_m[first + i, k, axis] = axes[axis, i]
                    vel_eci_m_s[first + i, k, axis] = axes[3 + axis, i]
    for i in range(satellites):
        if table[1, i] > NEAR_CIRCULAR:
            for k in range(t_s.shape[0]):
                x, y, z, vx, vy, vz = satellite_state(table, i, t_s[k])
                pos_eci_m[i, k, 0] = x
                pos_eci_m[i, k, 1] = y
                pos_eci_m[i, k, 2] = z
                vel_eci_m_s[i, k, 0] = vx
                vel_eci_m_s[i, k, 1] = vy
                vel_eci_m_s[i, k, 2] = vz


def positions_eci(elements: Elements, t_s: npt.ArrayLike, *, out: Floats | None = None) -> Floats:
    """Where all satellites are.

    elements : of n satellites     t_s : scalar or (m,) [s after epoch]
    out : buffer of the shape of the result, C order, if the caller has one
    Returns (n, 3) or (n, m, 3) [m] in ECI.
    Model: Kepler's ellipse with the secular J2 rates of `kepler.secular_rates`.
    Valid for: days from the epoch; periodic J2 terms (up to some 10 km in low orbit), drag,
    Sun and Moon are left out.
    """
    times = np.asarray(t_s, dtype=np.float64)
    shape = (elements.satellites, *times.shape, 3)
    pos = np.empty(shape) if out is None else out
    if pos.shape != shape or pos.dtype != np.float64 or not pos.flags.c_contiguous:
        raise OpendomeError(
            got=f"a buffer of shape {pos.shape} and type {pos.dtype}",
            allowed=f"float64 in C order, shape {shape}",
            do="let the function make its own",
        )
    moments = times.reshape(-1)
    rows = pos.reshape(elements.satellites, moments.size, 3)
    fill_positions(orbit_table(elements), moments, rows)
    return pos


def states_eci(elements: Elements, t_s: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Positions and velocities of all satellites.

    elements : of n satellites     t_s : scalar or (m,) [s after epoch]
    Returns two arrays (n, 3) or (n, m, 3) [m], [m/s] in ECI; the velocity is the exact time
    derivative of the position.
    Model and validity: as `positions_eci`.
    """
    times = np.asarray(t_s, dtype=np.float64)
    pos = np.empty((elements.satellites, times.size, 3))
    vel = np.empty_like(pos)
    fill_states(orbit_table(elements), times.reshape(-1), pos, vel)
    shape = (elements.satellites, *times.shape, 3)
    return pos.reshape(shape), vel.reshape(shape)
