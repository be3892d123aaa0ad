"""Layouts of a constellation that is sized or judged: how many planes, which moments, how few do.

What a satellite reaches or sees is a band of angles at the Earth's centre between it and a
point, see `opendome.world.shells`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.world.constellations import Walker
from opendome.world.shells import directions, fewest, plane_table, smallest_per_plane

Floats = npt.NDArray[np.float64]

CROWD = 1_000_000  # satellites in a plane that stand for a ring without gaps
FEWER = 15 / 16  # of the number for the mean: below it no minimum is as large as wanted
FINER = 7  # a found constellation must also do at so many times as many moments; no divisor of 60


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How satellites are laid out, and the moments at which they are counted.

    Attributes
    ----------
    kind, phasing : as of `Walker`; the phasing is taken modulo the number of planes
    satellites : a constellation to be judged; None searches for the smallest
    planes : None chooses them
    step_s, duration_s : spacing and span of the moments
    """

    kind: Literal["delta", "star"]
    phasing: float
    satellites: int | None = None
    planes: int | None = None
    step_s: float
    duration_s: float

    def moments_s(self) -> Floats:
        """(m,) moments, from 0."""
        return np.arange(0.0, self.duration_s, self.step_s)

    def pattern(
        self, satellites: int, planes: int, *, altitude_m: float, inclination_rad: float
    ) -> Walker:
        """Pattern of so many satellites in so many planes."""
        return Walker(
            kind=self.kind,
            satellites=satellites,
            planes=planes,
            phasing=self.phasing % planes,
            altitude_m=altitude_m,
            inclination_rad=inclination_rad,
        )

    def judged(self, *, altitude_m: float, inclination_rad: float) -> Walker:
        """The constellation that `satellites` names; planes near the root where none are given."""
        if self.satellites is None:
            raise AssertionError
        planes = self.planes or planes_near_root(self.satellites)
        return self.pattern(
            self.satellites, planes, altitude_m=altitude_m, inclination_rad=inclination_rad
        )


class Demand(NamedTuple):
    """What every point must have at every moment.

    Attributes
    ----------
    wanted : satellites within the band     cosines : of its largest and smallest angle
    altitude_m, inclination_rad : of the orbits     lat_rad, lon_rad : (n,) of the points
    """

    wanted: int
    cosines: tuple[float, float]
    altitude_m: float
    inclination_rad: float
    lat_rad: Floats
    lon_rad: Floats


class Search(NamedTuple):
    """What a search found.

    pattern : the smallest that does, None where none does
    gaps : numbers of planes that leave gaps however many satellites each of them has
    """

    pattern: Walker | None
    gaps: tuple[int, ...]


def planes_near_root(satellites: int) -> int:
    """Divisor of a number of satellites that is nearest to its root.

    Neighbours in a plane and neighbouring planes are then about equally far apart.
    """
    root = math.sqrt(satellites)
    low = [k for k in range(1, math.isqrt(satellites) + 1) if satellites % k == 0]
    return min((k for d in low for k in (d, satellites // d)), key=lambda k: abs(k - root))


def smallest_pattern(
    demand: Demand,
    layout: Layout,
    planes_tried: Sequence[int],
    *,
    mean_number: int,
    satellites_max: int,
) -> Search:
    """Smallest pattern that gives every point what is wanted at every moment.

    planes_tried : numbers of planes     mean_number : satellites that do on average
    satellites_max : more are not tried
    Returns a `Search`; of two equal numbers the one tried first.
    Model: for each number of planes every number per plane, upwards from `FEWER` of the mean,
    until the fewest over all points and moments are as many as wanted; then on from there at
    moments `FINER` times closer.
    Valid for: the moments that were tried; a shorter lack between two of them may remain.
    """
    best: Walker | None = None
    gaps: list[int] = []
    for planes in planes_tried:
        most = (satellites_max if best is None else best.satellites - 1) // planes
        first = max(1, math.floor(FEWER * mean_number / planes))
        number = _smallest(demand, layout, planes, (first, most)) if first <= most else 0
        if number is None:
            gaps.append(planes)
        elif number:
            best = layout.pattern(
                number * planes, planes,
                altitude_m=demand.altitude_m, inclination_rad=demand.inclination_rad,
            )  # fmt: skip
    return Search(best, tuple(gaps))


def _smallest(demand: Demand, layout: Layout, planes: int, limits: tuple[int, int]) -> int | None:
    """Smallest number per plane that does; 0 when none within the limits, None when none at all."""
    points = directions(demand.lat_rad, demand.lon_rad)
    ring = layout.pattern(
        planes, planes, altitude_m=demand.altitude_m, inclination_rad=demand.inclination_rad
    )
    table, wanted = plane_table(ring), demand.wanted
    moments, fine = layout.moments_s(), replace(layout, step_s=layout.step_s / FINER).moments_s()
    table[6] = CROWD
    if fewest(table, points, demand.cosines, moments, 1) == 0:
        return None
    first, most = limits
    number = smallest_per_plane(table, points, demand.cosines, moments, wanted, (first, most))
    if not number:
        return 0
    return smallest_per_plane(table, points, demand.cosines, fine, wanted, (number, most))
