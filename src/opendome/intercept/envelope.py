"""What a surface interceptor can reach at all: ground range and altitude against time of flight."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.intercept.interceptors import SurfaceInterceptor
from opendome.intercept.spec import SurfaceInterceptorSpec
from opendome.sources.catalogue import load_system

Floats = npt.NDArray[np.float64]

ALTITUDES = 9  # of the window, at which the longest range is looked for
HALVINGS = 40  # to less than a millimetre


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Longest ground range by altitude and time of flight.

    Attributes
    ----------
    altitude_m : (altitude,)
    flight_s : (time,)
    ground_range_m : (altitude, time), NaN where the altitude is not reached in that time
    ceiling_m : (time,) highest point straight above the site
    """

    altitude_m: Floats
    flight_s: Floats
    ground_range_m: Floats
    ceiling_m: Floats

    @property
    def range_max_m(self) -> float:
        """Longest ground range of all [m]."""
        return float(np.nanmax(self.ground_range_m))


def catalogue_interceptor(system: str) -> SurfaceInterceptor:
    """The interceptor of a catalogue entry, in the middle of all its intervals."""
    values = load_system(system).tree()
    fields = {name: values[name] for name in SurfaceInterceptorSpec.model_fields if name in values}
    return SurfaceInterceptorSpec(**fields).realise(lambda _name, value: value.middle)


def envelope(
    interceptor: SurfaceInterceptor,
    *,
    altitude_m: Sequence[float] | None = None,
    flight_s: Sequence[float] | None = None,
) -> Envelope:
    """What the flights of an interceptor reach, its published range and window left aside.

    altitude_m : evenly over its window when left out [m]
    flight_s : its longest flight when left out [s]
    Model: flyout table (`intercept.table`); spherical Earth that stands still.
    """
    window = interceptor.window
    if altitude_m is None:
        heights = np.linspace(window.altitude_min_m, window.altitude_max_m, ALTITUDES)
    else:
        heights = np.array(altitude_m, dtype=np.float64)
    times = np.array(flight_s or [interceptor.flight_time_max_s], dtype=np.float64)
    table = interceptor.table()
    ranges = [[table.ground_range(h, t) for t in times.tolist()] for h in heights.tolist()]
    return Envelope(
        altitude_m=heights,
        flight_s=times,
        ground_range_m=np.array(ranges),
        ceiling_m=np.array([ceiling(interceptor, t) for t in times.tolist()]),
    )


def ceiling(interceptor: SurfaceInterceptor, flight_s: float) -> float:
    """Highest point straight above the site within a time of flight [m].

    Found by halving: along the vertical the time of flight grows with height.
    """
    table = interceptor.table()
    low, high = 0.0, 2.0 * interceptor.burnout_speed_m_s * flight_s
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if table.flight_time(0.0, middle) <= flight_s:
            low = middle
        else:
            high = middle
    return low if low > 0.0 else math.nan
