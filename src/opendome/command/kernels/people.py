"""How long people take before the first shot of an attack."""

import math
from typing import Any

import numpy as np

from opendome.compiled import table_kernel
from opendome.draws.philox import normal

PERSON = np.dtype([("median_s", "f8"), ("sigma_log", "f8"), ("purpose", "i8")])


@table_kernel
def permission_delay_s(people: Any, seed: int, trial: int, node: int) -> float:
    """Time from the first track at a node to the permission to fire, in one trial [s].

    people : (node, person) of PERSON, as `models.people_table` writes it
    Model: one step after the other, ``sum of median * exp(sigma_log * z)`` with z standard
    normal, drawn by step, trial and node; 0 where nobody is asked.
    """
    total_s = 0.0
    for number in range(people.shape[1]):
        step = people[node, number]
        luck = 0.0
        if step["sigma_log"] > 0.0:
            luck = normal(seed, step["purpose"], trial, 0, 0)
        total_s += step["median_s"] * math.exp(step["sigma_log"] * luck)
    return total_s
