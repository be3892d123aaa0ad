"""Steep re-entry: the flight kernel against the closed form of Allen and Eggers.

Authority: H. J. Allen, A. J. Eggers, NACA Report 1381 (1958): an iron sphere of one foot,
ballistic coefficient 1600 kg/m2, vertical, 30 000 ft/s, air of 0.0034 slug/ft3 and scale height
22 000 ft: 233.88 g at 43 865 ft, there 5546.1 m/s, 232.5 m/s at the ground; at 30 degrees
116.94 g at 59 114 ft. Gravity is off, as in the closed form.
"""

import math

import numpy as np

from opendome.quantities.constants import STANDARD_GRAVITY_M_S2
from opendome.verification.checks import Check
from opendome.world.atmosphere import exponential_air
from opendome.world.propagation import Planet, fly_all
from opendome.world.reentry import entry_speed_m_s, peak_altitude_m, peak_deceleration_m_s2

FOOT_M = 0.3048
SLUG_KG = 14.593903
DENSITY_KG_M3 = 0.0034 * SLUG_KG / FOOT_M**3
SCALE_HEIGHT_M = 22000.0 * FOOT_M
SPEED_M_S = 30000.0 * FOOT_M
BETA_KG_M2 = 1600.0
AIR = exponential_air(density_sea_level_kg_m3=DENSITY_KG_M3, scale_height_m=SCALE_HEIGHT_M)
# without gravity, at rest, and so large that its ground is flat
FLAT = Planet(mu_m3_s2=0.0, j2=0.0, radius_m=1e10, flattening=0.0, rotation_rad_s=0.0)
START_M = 150e3
STEP_S = 0.002
# dive [deg] -> largest deceleration [g], its height [ft]
PUBLISHED = {90.0: (233.88, 43865.0), 30.0: (116.94, 59114.0)}
PUBLISHED_SPEEDS_M_S = (5546.1, 232.5)  # at the peak and at the ground, vertical


def fly_entry(dive_deg: float, beta_kg_m2: float = BETA_KG_M2) -> tuple[float, ...]:
    """Peak deceleration [m/s2], its height [m], speed there and at the ground [m/s]."""
    dive = math.radians(dive_deg)
    samples = int(START_M / math.sin(dive) / SPEED_M_S / STEP_S * 2.0)
    flown = fly_all(
        [[FLAT.radius_m + START_M, 0.0, 0.0]],
        [[-SPEED_M_S * math.sin(dive), SPEED_M_S * math.cos(dive), 0.0]],
        t_end_s=600.0,
        beta_kg_m2=beta_kg_m2,
        tolerance=1e-10,
        step_s=STEP_S,
        samples=samples,
        planet=FLAT,
        air=AIR,
    )
    speed = np.linalg.norm(flown.vel_eci_m_s[0], axis=1)
    height = np.linalg.norm(flown.pos_eci_m[0], axis=1) - FLAT.radius_m
    braking = -np.gradient(speed, STEP_S)
    at = int(np.nanargmax(braking))
    ground = float(np.linalg.norm(flown.vel_stop_eci_m_s[0]))
    return float(braking[at]), float(height[at]), float(speed[at]), ground


def closed_form(dive_deg: float, beta_kg_m2: float = BETA_KG_M2) -> tuple[float, ...]:
    """The same figures in closed form."""
    dive = math.radians(dive_deg)
    top = peak_altitude_m(dive, beta_kg_m2, DENSITY_KG_M3, SCALE_HEIGHT_M)
    at_top, at_ground = (
        entry_speed_m_s(height, SPEED_M_S, dive, beta_kg_m2, DENSITY_KG_M3, SCALE_HEIGHT_M)
        for height in (top, 0.0)
    )
    return peak_deceleration_m_s2(SPEED_M_S, dive, SCALE_HEIGHT_M), top, at_top, at_ground


def published_error(beta_kg_m2: float = BETA_KG_M2) -> float:
    """Largest relative difference of the flown entries from the published figures."""
    worst = 0.0
    for dive_deg, (peak_g, height_ft) in PUBLISHED.items():
        peak, height, *speeds = fly_entry(dive_deg, beta_kg_m2)
        pairs = [(peak, peak_g * STANDARD_GRAVITY_M_S2), (height, height_ft * FOOT_M)]
        if dive_deg == 90.0:
            pairs += zip(speeds, PUBLISHED_SPEEDS_M_S, strict=True)
        worst = max(worst, *(abs(ours / theirs - 1.0) for ours, theirs in pairs))
    return worst


def closed_form_error(beta_kg_m2: float = BETA_KG_M2) -> float:
    """Largest relative difference of flown entries from the closed form, five dives.

    The speed at the ground is left out below 60 degrees: there the body has all but stopped.
    """
    worst = 0.0
    for dive_deg in (20.0, 30.0, 45.0, 60.0, 90.0):
        figures = 4 if dive_deg >= 60.0 else 3
        flown = fly_entry(dive_deg, beta_kg_m2)[:figures]
        wanted = closed_form(dive_deg)[:figures]
        worst = max(worst, *(abs(f / w - 1.0) for f, w in zip(flown, wanted, strict=True)))
    return worst


CHECKS = (
    Check(
        name="reentry/published",
        claim="an iron sphere brakes in the air as Allen and Eggers published",
        authority="Allen and Eggers, NACA Report 1381 (1958)",
        unit="relative",
        tolerance=1e-3,
        measure=published_error,
        planted_bug=0.5 * BETA_KG_M2,
        bug="drag without the factor one half",
    ),
    Check(
        name="reentry/closed-form",
        claim="entries at 20 to 90 degrees agree with the closed form at peak and ground",
        authority="closed form of Allen and Eggers (1958)",
        unit="relative",
        tolerance=1e-3,
        measure=closed_form_error,
        planted_bug=1.01 * BETA_KG_M2,
        bug="a ballistic coefficient wrong by one per cent",
    ),
)
