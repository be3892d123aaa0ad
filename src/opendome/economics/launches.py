"""What it costs to bring units up: by mass, or by the launch with its capacity."""

import numpy as np
import numpy.typing as npt

from opendome.economics.learning import cumulative_usd
from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]
Number = float | Floats

ROUNDING = 1e-9  # relative: a quotient that misses a whole number by less counts as that number


class LaunchError(OpendomeError, ValueError):
    """A launch that cannot lift what it must. Also a ValueError."""


def per_launch(mass_kg: Number, capacity_kg: Number) -> Number:
    """Units that one launch lifts.

    mass_kg : (...) mass of a unit [kg]     capacity_kg : (...) what a launch lifts [kg]
    Returns (...) whole units, 1 or more.
    Model: floor(capacity / mass). Valid for: mass as the only limit; no room, no planes of orbits.
    """
    fit = np.floor(np.asarray(capacity_kg) / np.asarray(mass_kg) * (1.0 + ROUNDING))
    if not np.all(fit >= 1.0):
        raise LaunchError(
            got=f"a unit of {_worst(mass_kg, capacity_kg)}",
            allowed="a unit that one launch can lift",
            do="give a lighter unit or a larger launch capacity",
        )
    return _like(fit, mass_kg, capacity_kg)


def launches(units: Number, mass_kg: Number, capacity_kg: Number) -> Number:
    """Launches that bring up so many units.

    units : (...) how many     mass_kg, capacity_kg : as in `per_launch`
    Returns (...) whole launches.     Model: ceil(units / floor(capacity / mass)).
    """
    full = np.asarray(units) / np.asarray(per_launch(mass_kg, capacity_kg))
    return _like(np.ceil(full * (1.0 - ROUNDING)), units, mass_kg, capacity_kg)


def by_launch_usd(count: Number, first_usd: Number, learning: Number = 1.0) -> Number:
    """Price of so many launches [US dollars].

    count : (...) launches     first_usd : (...) price of the first [US dollars]
    learning : (...) share left at each doubling, as in `learning.exponent`
    Returns (...) [US dollars].     Model: exact sum of the unit learning curve.
    """
    return cumulative_usd(first_usd, count, learning)


def by_mass_usd(units: Number, mass_kg: Number, price_usd_per_kg: Number) -> Number:
    """Price of lifting so many units at a price per kilogram [US dollars].

    units : (...) how many     mass_kg : (...) of each [kg]
    price_usd_per_kg : (...) [US dollars/kg]
    Returns (...) [US dollars].     Model: product. Valid for: launches shared and full.
    """
    return units * mass_kg * price_usd_per_kg


def _like(result: Floats, *given: Number) -> Number:
    """A plain float where no input was an array."""
    if any(isinstance(value, np.ndarray) for value in given):
        return result
    return float(result)


def _worst(mass_kg: Number, capacity_kg: Number) -> str:
    """The heaviest unit and the smallest launch, in words."""
    return f"{float(np.max(mass_kg)):,.0f} kg on a launch of {float(np.min(capacity_kg)):,.0f} kg"
