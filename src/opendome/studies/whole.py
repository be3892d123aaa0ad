"""Whole numbers from real ones, so that the dust of floating point never adds or takes one."""

import math

DUST = 1e-12  # relative; a number this near a whole one is that whole one


def at_least(number: float, dust: float = DUST) -> int:
    """Smallest whole number not below `number`, but for a relative `dust`."""
    return math.ceil(number * (1.0 - dust))


def at_most(number: float, dust: float = DUST) -> int:
    """Largest whole number not above `number`, but for a relative `dust`."""
    return math.floor(number * (1.0 + dust))
