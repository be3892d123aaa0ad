"""Signatures over the samples of a flight."""

import numpy as np

from opendome.threats.records import Flags, Floats


def by_phase(boost: float | Floats, after: float | Floats, burning: Flags, valid: Flags) -> Floats:
    """One value until burnout, another after it, NaN where not valid: (object, time).

    boost, after : a number, or (object, time)    burning, valid : (object, time)
    """
    return np.where(valid, np.where(burning, boost, after), np.nan)
