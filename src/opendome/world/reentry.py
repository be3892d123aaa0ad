"""Steep ballistic re-entry in closed form (Allen and Eggers)."""

import math

from opendome.compiled import kernel


@kernel
def entry_speed_m_s(
    altitude_m: float, speed_entry_m_s: float, dive_rad: float, beta_kg_m2: float,
    density_sea_level_kg_m3: float, scale_height_m: float,
) -> float:  # fmt: skip
    """Speed of a re-entering body at a height [m/s].

    altitude_m : height [m]     speed_entry_m_s : speed above the air [m/s]
    dive_rad : angle of the path below the horizon [rad]
    beta_kg_m2 : ballistic coefficient, mass / (drag coefficient x area) [kg/m2]
    density_sea_level_kg_m3, scale_height_m : of the exponential air [kg/m3], [m]
    Returns V = V0 exp(-rho0 H exp(-h/H) / (2 beta sin(dive))).
    Valid for: straight path, gravity small against drag, constant beta: steep dives (more than
    about 10 deg) until the deceleration has fallen to a few g.
    Source: H. J. Allen, A. J. Eggers, NACA Report 1381, 1958.
    """
    air = density_sea_level_kg_m3 * scale_height_m * math.exp(-altitude_m / scale_height_m)
    return speed_entry_m_s * math.exp(-0.5 * air / (beta_kg_m2 * math.sin(dive_rad)))


@kernel
def peak_deceleration_m_s2(speed_entry_m_s: float, dive_rad: float, scale_height_m: float) -> float:
    """Largest deceleration of a re-entry that is over before the ground [m/s2].

    Arguments as `entry_speed_m_s`. Returns V0^2 sin(dive) / (2 e H); it does not depend on the
    ballistic coefficient. Validity, source: `entry_speed_m_s`.
    """
    return speed_entry_m_s**2 * math.sin(dive_rad) / (2.0 * math.e * scale_height_m)


@kernel
def peak_altitude_m(
    dive_rad: float, beta_kg_m2: float, density_sea_level_kg_m3: float, scale_height_m: float
) -> float:
    """Height of the largest deceleration [m]; negative if the ground comes first.

    Arguments as `entry_speed_m_s`. Returns H ln(rho0 H / (beta sin(dive))); the speed there is
    V0 / sqrt(e). Validity, source: `entry_speed_m_s`.
    """
    return scale_height_m * math.log(
        density_sea_level_kg_m3 * scale_height_m / (beta_kg_m2 * math.sin(dive_rad))
    )
