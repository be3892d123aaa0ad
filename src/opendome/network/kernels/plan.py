"""The tables of a network that the kernels read."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Records = Any  # a table of one of the record types below

PLACE = np.dtype(
    [
        ("orbit", "i8"),
        ("sin_mask", "f8"),
        ("delay_s", "f8"),
        ("works", "i8"),
        ("passes", "i8"),
    ]
)
LINK = np.dtype(
    [
        ("first_a", "i8"),
        ("end_a", "i8"),
        ("first_b", "i8"),
        ("end_b", "i8"),
        ("line", "i8"),
        ("range_max_m", "f8"),
        ("margin_m", "f8"),
        ("sin_elevation_min", "f8"),
        ("delay_s", "f8"),
        ("rate_hz", "f8"),
        ("p_loss", "f8"),
        ("works", "i8"),
        ("planes", "i8"),
        ("slots", "i8"),
        ("shift", "i8"),
    ]
)
OUTAGE = np.dtype(
    [
        ("link", "i8"),
        ("first_place", "i8"),
        ("end_place", "i8"),
        ("from_s", "f8"),
        ("to_s", "f8"),
    ]
)


class Plan(NamedTuple):
    """A network of one future. A place is one satellite, one station, one sensor on the ground.

    Attributes
    ----------
    places : (place,) of PLACE; `orbit` is its column in `orbits`, -1 on the ground; `delay_s`
        what it takes to handle a message that comes in; `works` at all in this future; `passes`
        on the messages of others
    site_ecef_m, up_ecef : (place, 3) where it stands, and the vertical there; 0 in orbit
    orbits : (11, orbit) of `world.constellations.orbit_table`
    links : (link,) of LINK, between two ranges of places; a `line` is always in contact;
        `rate_hz` is what it carries, inf for anything; `delay_s` is added to the light time;
        with `planes` it joins only neighbours of a pattern with so many `slots` in a plane:
        the last plane has the first beside it `shift` slots on, or not at all (-1)
    outages : (outage,) of OUTAGE; of a link, or of a range of places (`link` -1)
    era_epoch_rad : Earth rotation angle at t_s = 0 [rad]
    """

    places: Records
    site_ecef_m: Floats
    up_ecef: Floats
    orbits: Floats
    links: Records
    outages: Records
    era_epoch_rad: float


class Clock(NamedTuple):
    """The moments at which the network is looked at.

    start_s : the first [s after epoch]     step_s : between two [s]     steps : how many
    """

    start_s: float
    step_s: float
    steps: int

    def step_of(self, t_s: Floats) -> Longs:
        """Step in which times lie; those before the first or after the last are pulled in."""
        step = np.floor((t_s - self.start_s) / self.step_s)
        return np.clip(step, 0, self.steps - 1).astype(np.int64)
