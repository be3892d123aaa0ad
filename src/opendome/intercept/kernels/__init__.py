"""Compiled arithmetic of interceptors, one file per effect.

targets: where the objects are at the intercept times, and in which part of their flight.
flyout:  straight-line flyout of orbital interceptors.
search:  which satellites come near enough to an object.   orbital: their latest launches.
ascent:  flight of surface interceptors.   fronts: their flyout table.   surface: latest launches.
kill:    divert reach and kill probability of a shot.
"""

from opendome.intercept.kernels.flyout import (
    flyout_range,
    flyout_time,
    footprint_radius,
    satellites_per_footprint,
)
from opendome.intercept.kernels.kill import divert_radius, p_salvo, p_shot

__all__ = [
    "divert_radius",
    "flyout_range",
    "flyout_time",
    "footprint_radius",
    "p_salvo",
    "p_shot",
    "satellites_per_footprint",
]
