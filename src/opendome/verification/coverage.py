"""Constellation coverage: Ballard's rosettes, a street of coverage, and relations that must hold.

The constellations are laid out and moved by the simulator's own kernels; the geometry of the
worst point is exact (the hull of the satellite directions).
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.verification.checks import Check
from opendome.world.constellations import Walker, positions_eci
from opendome.world.coverage import (
    covered_fraction,
    even_directions,
    footprint_half_angle,
    street_half_width,
    worst_central_angle,
)
from opendome.world.kepler import Elements

Floats = npt.NDArray[np.float64]
Layout = Callable[[Walker], Elements]

# satellites, planes, harmonic m, inclination [deg], worst central angle [deg]
ROSETTES = (
    (5, 5, 1.0, 43.66, 69.15),
    (6, 6, 4.0, 53.13, 66.42),
    (7, 7, 5.0, 55.69, 60.26),
    (8, 8, 6.0, 61.86, 56.52),
    (9, 9, 7.0, 70.54, 54.81),
    (11, 11, 4.0, 53.79, 47.62),
    (12, 3, 0.25, 50.73, 47.90),
)
PHASES = 120  # moments of one period; the pattern repeats far sooner

IRIDIUM_PLANES, IRIDIUM_PER_PLANE = 6, 11
IRIDIUM_ALTITUDE_M = 780e3
IRIDIUM_MASK_RAD = math.radians(8.2)


def our_layout(pattern: Walker) -> Elements:
    """Our model."""
    return pattern.elements()


def next_phasing(pattern: Walker) -> Elements:
    """The bug: the phasing between planes counted one too far."""
    return replace(pattern, phasing=(pattern.phasing + 1.0) % pattern.planes).elements()


def rosette_error_deg(layout: Layout = our_layout) -> float:
    """Largest difference of the worst central angle from the published ones [deg]."""
    return max(
        abs(_worst_deg(layout, satellites, planes, harmonic, tilt) - published)
        for satellites, planes, harmonic, tilt, published in ROSETTES
    )


def _worst_deg(
    layout: Layout, satellites: int, planes: int, harmonic: float, inclination_deg: float
) -> float:
    # Ballard: satellite j has node 2 pi j / P and phase m times that, so Walker's F is m T / P
    pattern = Walker(
        kind="delta",
        satellites=satellites,
        planes=planes,
        phasing=harmonic * satellites / planes % planes,
        altitude_m=1e6,  # the angle at the centre does not depend on it
        inclination_rad=math.radians(inclination_deg),
    )
    elements = layout(pattern)
    return math.degrees(max(worst_central_angle(pos) for pos in _over_a_period(elements)))


def _over_a_period(elements: Elements) -> list[Floats]:
    """Positions at evenly spaced phases of the motion, without any drift of the planes."""
    phases = 2.0 * math.pi * np.arange(PHASES) / PHASES
    return [
        positions_eci(replace(elements, mean_anomaly_rad=elements.mean_anomaly_rad + phase), 0.0)
        for phase in phases
    ]


def street_spacing(footprint_rad: float, half_width_rad: float) -> float:
    """Widest spacing of planes that move alike: one footprint and one half street [rad]."""
    return footprint_rad + half_width_rad


def even_spacing(footprint_rad: float, half_width_rad: float) -> float:
    """The bug: planes spread evenly over the half turn, so that the seam is too wide."""
    del footprint_rad, half_width_rad
    return math.pi / IRIDIUM_PLANES


def street_error_deg(spacing: Callable[[float, float], float] = street_spacing) -> float:
    """Worst of: error of the published sum, and how far a moving street misses a point [deg]."""
    footprint = footprint_half_angle(
        IRIDIUM_ALTITUDE_M, IRIDIUM_MASK_RAD, radius_m=RADIUS_EQUATOR_M
    )
    half_width = street_half_width(footprint, IRIDIUM_PER_PLANE)
    step = spacing(footprint, half_width)
    total = math.degrees(5.0 * (footprint + half_width) + 2.0 * half_width)
    closed_form = max(
        abs(math.degrees(footprint) - 19.925),
        abs(math.degrees(half_width) - 11.527),
        abs(total - 180.31),
    )
    elements = _street(step)
    reach = max(worst_central_angle(pos) for pos in _over_a_period(elements))
    return max(closed_form, math.degrees(reach - footprint))


def _street(spacing_rad: float) -> Elements:
    """Six polar planes of eleven, neighbours half a slot out of step."""
    plane, place = np.divmod(np.arange(IRIDIUM_PLANES * IRIDIUM_PER_PLANE), IRIDIUM_PER_PLANE)
    same = np.ones(plane.shape)
    return Elements(
        semi_major_axis_m=(RADIUS_EQUATOR_M + IRIDIUM_ALTITUDE_M) * same,
        eccentricity=0.0 * same,
        inclination_rad=0.5 * math.pi * same,
        raan_rad=spacing_rad * plane,
        argument_of_perigee_rad=0.0 * same,
        mean_anomaly_rad=2.0 * math.pi * (place + 0.5 * plane) / IRIDIUM_PER_PLANE,
    )


def turn_all(elements: Elements, angle_rad: float) -> Elements:
    """All nodes turned by one angle: the same constellation on a turned globe."""
    return replace(elements, raan_rad=elements.raan_rad + angle_rad)


def turn_half(elements: Elements, angle_rad: float) -> Elements:
    """The bug: only the second half of the satellites is turned."""
    half = np.arange(elements.satellites) >= elements.satellites // 2
    return replace(elements, raan_rad=elements.raan_rad + angle_rad * half)


def relations_error_rad(turn: Callable[[Elements, float], Elements] = turn_all) -> float:
    """Largest breach of what coverage cannot do [rad]; a wrong ordering counts as pi.

    Turning all nodes or renaming the satellites changes nothing; one satellite more never
    makes the worst point worse; a higher mask never covers more.
    """
    breach = 0.0
    ground = even_directions(2000)
    for satellites, planes, harmonic, tilt, _ in ROSETTES:
        pattern = Walker(
            kind="delta",
            satellites=satellites,
            planes=planes,
            phasing=harmonic * satellites / planes % planes,
            altitude_m=8e6,
            inclination_rad=math.radians(tilt),
        )
        elements = pattern.elements()
        pos = positions_eci(elements, 0.0)
        worst = worst_central_angle(pos)
        breach = max(breach, abs(worst_central_angle(pos[::-1]) - worst))
        turned = positions_eci(turn(elements, 0.7), 0.0)
        breach = max(breach, abs(worst_central_angle(turned) - worst))
        more = np.concatenate([pos, [[1e7, 2e6, -3e6]]])
        breach = max(breach, worst_central_angle(more) - worst)
        fractions = [
            covered_fraction(pos, ground, footprint_rad=footprint_half_angle(8e6, mask))
            for mask in np.radians([0.0, 5.0, 10.0, 20.0, 40.0])
        ]
        breach = max(breach, math.pi if any(np.diff(fractions) > 0.0) else 0.0)
    return breach


CHECKS = (
    Check(
        name="coverage/rosettes",
        claim="Seven rosettes leave the worst point on Earth as far from a satellite as published",
        authority="Ballard, Rosette constellations of Earth satellites, IEEE Trans. AES-16 (1980)",
        unit="deg",
        tolerance=0.02,
        measure=rosette_error_deg,
        planted_bug=next_phasing,
        bug="phasing between planes one too far",
    ),
    Check(
        name="coverage/street",
        claim="Six polar planes of eleven at 780 km and 8.2 deg cover the globe without a gap",
        authority="streets of coverage (Rider 1986; Iridium's figures)",
        unit="deg",
        tolerance=0.01,
        measure=street_error_deg,
        planted_bug=even_spacing,
        bug="planes spread evenly, seam included",
    ),
    Check(
        name="coverage/relations",
        claim="Turned or renamed constellations cover alike; more satellites or a lower mask "
        "never cover less",
        authority="symmetry",
        unit="rad",
        tolerance=1e-12,
        measure=relations_error_rad,
        planted_bug=turn_half,
        bug="half of the planes turned",
    ),
)
