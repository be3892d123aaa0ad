"""The orbits that a sensor specification can name."""

import math
from dataclasses import dataclass
from typing import Literal

from opendome.quantities.constants import J2, MU_M3_S2, RADIUS_EQUATOR_M, ROTATION_RAD_S
from opendome.world.constellations import Walker


@dataclass(frozen=True, kw_only=True)
class Orbit:
    """Mean elements of one satellite at the epoch.

    Attributes
    ----------
    node_turns_with_earth : `raan_rad` counts from Greenwich, not from the first axis of ECI
    """

    semi_major_axis_m: float
    eccentricity: float
    inclination_rad: float
    raan_rad: float
    argument_of_perigee_rad: float
    mean_anomaly_rad: float
    node_turns_with_earth: bool = False


def geostationary_axis_m() -> float:
    """Mean semi-major axis at which a satellite keeps its longitude [m].

    Model: n (1 + 3 J2 (R / a)^2) = rotation rate of the Earth, n = sqrt(mu / a^3): the
    sum of the mean rates of node, perigee and anomaly of a circular equatorial orbit.
    Valid for: the motion that `world.constellations` plays (2 km above the true radius,
    because mean and osculating axis differ).
    Source: D. A. Vallado, Fundamentals of Astrodynamics, 4th ed. 2013, chapter 9.
    """
    axis = (MU_M3_S2 / ROTATION_RAD_S**2) ** (1.0 / 3.0)
    for _ in range(5):
        faster = 1.0 + 3.0 * J2 * (RADIUS_EQUATOR_M / axis) ** 2
        axis = (MU_M3_S2 * faster**2 / ROTATION_RAD_S**2) ** (1.0 / 3.0)
    return axis


def geostationary_orbit(lon_rad: float) -> Orbit:
    """Orbit of a satellite that stands above the equator at a longitude [rad]."""
    return Orbit(
        semi_major_axis_m=geostationary_axis_m(),
        eccentricity=0.0,
        inclination_rad=0.0,
        raan_rad=lon_rad,
        argument_of_perigee_rad=0.0,
        mean_anomaly_rad=0.0,
        node_turns_with_earth=True,
    )


def walker_orbits(
    *,
    kind: Literal["delta", "star"],
    satellites: int,
    planes: int,
    phasing: float,
    altitude_m: float,
    inclination_rad: float,
    raan_rad: float,
    phase_rad: float,
) -> list[Orbit]:
    """Orbits of a Walker pattern, plane by plane; arguments as in `world.constellations.Walker`."""
    elements = Walker(
        kind=kind,
        satellites=satellites,
        planes=planes,
        phasing=phasing,
        altitude_m=altitude_m,
        inclination_rad=inclination_rad,
        raan0_rad=raan_rad,
        phase0_rad=phase_rad,
    ).elements()
    raan, anomaly = elements.raan_rad.tolist(), elements.mean_anomaly_rad.tolist()
    return [
        Orbit(
            semi_major_axis_m=RADIUS_EQUATOR_M + altitude_m,
            eccentricity=0.0,
            inclination_rad=inclination_rad,
            raan_rad=raan[k] % (2.0 * math.pi),
            argument_of_perigee_rad=0.0,
            mean_anomaly_rad=anomaly[k] % (2.0 * math.pi),
        )
        for k in range(satellites)
    ]
