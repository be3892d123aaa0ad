"""The programme over columns: one column for each target, within the limits of the rows.

Its relaxation gives prices of the rows, its whole-number solution gives plans. Both are solved by
HiGHS through SciPy (Q. Huangfu, J. A. J. Hall, Parallelizing the dual revised simplex method,
Mathematical Programming Computation 10, 2018). No bound is taken from here: see `certified`.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from opendome.command.assign.kernels.columns import Pool
from opendome.command.assign.kernels.pricing import Layout
from opendome.command.assign.quiet import quiet

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

FEASIBLE = 1e-9  # tolerance of HiGHS, in a problem whose largest value is between 0.5 and 1
FINE = 1e4  # objective of the programmes for whole numbers, whose gap HiGHS closes to 1e-6
TOLERANCE = 1e-9  # of the objective: more than the tolerances of HiGHS leave open
WHOLE = 1e-6  # a weight this near to 0 or 1 counts as whole


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """Solution of the relaxation with its prices held in a box.

    Attributes
    ----------
    value : its objective
    weight : (column,) of the columns given
    prices : (row,) with the last one 0
    free : whether no price is held back by the box: then this is the relaxation without one
    """

    value: float
    weight: Floats
    prices: Floats
    free: bool

    @property
    def whole(self) -> bool:
        """Whether every weight is 0 or 1."""
        return bool((np.minimum(self.weight, 1.0 - self.weight) < WHOLE).all())


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The best choice of columns that was found, none if none was, and a bound of all choices."""

    columns: Longs
    bound: float


def _matrices(layout: Layout, pool: Pool, columns: Longs) -> tuple[Any, Any]:
    """Rows of limits and rows of targets, over these columns of a pool."""
    from scipy.sparse import csc_array  # heavy, and needed only here

    counts = pool.start[columns + 1] - pool.start[columns]
    starts = np.concatenate([[0], np.cumsum(counts)])
    entry = np.arange(starts[-1]) + np.repeat(pool.start[columns] - starts[:-1], counts)
    option = pool.option[entry]
    column = np.repeat(np.arange(columns.size), counts)
    rows = layout.capacity.size
    use = csc_array(
        (
            np.ones(2 * option.size),
            (
                np.concatenate([layout.stock[option], layout.pace[option]]),
                np.concatenate([column, column]),
            ),
        ),
        shape=(rows, columns.size),
    )
    one = csc_array(
        (np.ones(columns.size), pool.target[columns], np.arange(columns.size + 1)),
        shape=(layout.value.size, columns.size),
    )
    return use[: rows - 1], one


def relax(
    layout: Layout, pool: Pool, columns: Longs, box: tuple[Floats, float], *, seconds: float
) -> Relaxation | None:
    """Solve the relaxation with prices near given ones; None where the time was too short.

    box : (row,) prices, and how far from them the new prices may lie
    Model: prices are kept in a box by rounds that can be bought at its upper edge and sold at its
    lower one (R. E. Marsten, W. W. Hogan, J. W. Blankenship, The boxstep method for large-scale
    optimization, Operations Research 23, 1975).
    """
    from scipy.optimize import linprog
    from scipy.sparse import csc_array, hstack

    use, one = _matrices(layout, pool, columns)
    centre, radius = box[0][:-1], box[1]
    sold = np.flatnonzero(centre > radius)
    edges = np.concatenate([centre + radius, radius - centre[sold]])
    rows = np.concatenate([np.arange(centre.size), sold])
    signs = np.concatenate([np.full(centre.size, -1.0), np.ones(sold.size)])
    places = (rows, np.arange(rows.size))
    traded = csc_array((signs, places), shape=(centre.size, rows.size))
    found = linprog(
        np.concatenate([pool.worth[columns], edges]),
        A_ub=hstack([use, traded]),
        b_ub=layout.capacity[:-1],
        A_eq=hstack([one, csc_array((one.shape[0], rows.size))]),
        b_eq=np.ones(one.shape[0]),
        method="highs-ds",
        options={
            "time_limit": max(seconds, 0.0),
            "primal_feasibility_tolerance": FEASIBLE,
            "dual_feasibility_tolerance": FEASIBLE,
        },
    )
    if found.status != 0:
        return None
    return Relaxation(
        value=float(found.fun),
        weight=found.x[: columns.size],
        prices=np.append(np.maximum(0.0, -found.ineqlin.marginals), 0.0),
        free=bool((found.x[columns.size :] < WHOLE).all()),
    )


def choose(
    layout: Layout, pool: Pool, columns: Longs, above: float, *, seconds: float, nodes: int
) -> Choice:
    """The best whole choice of columns.

    above : an objective that some plan reaches, in whose unit HiGHS is asked
    seconds, nodes : limits of time, and of nodes of the search
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    use, one = _matrices(layout, pool, columns)
    unit = max(above, FEASIBLE)
    scale = FINE / unit
    with quiet():
        found = milp(
            scale * pool.worth[columns],
            integrality=np.ones(columns.size),
            bounds=Bounds(0.0, 1.0),
            constraints=[
                LinearConstraint(use, cast("Any", -np.inf), cast("Any", layout.capacity[:-1])),
                LinearConstraint(one, 1.0, 1.0),
            ],
            options={"time_limit": max(seconds, 0.0), "mip_rel_gap": FEASIBLE, "node_limit": nodes},
        )
    bound = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
    return Choice(
        columns=columns[:0] if found.x is None else columns[found.x > 0.5],
        bound=bound / scale - TOLERANCE * unit,
    )
