"""Assignment at the least total cost, pair by pair, with pairs that are not allowed.

Source: R. Jonker, A. Volgenant, A shortest augmenting path algorithm for dense and sparse
linear assignment problems, Computing 38 (1987) 325-340, its augmentation phase; D. F. Crouse,
On implementing 2D rectangular assignment algorithms, IEEE Trans. AES-52(4), 2016.
"""

import math

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel, table_kernel

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

NOBODY = -1


@table_kernel
def shortest_path(
    cost: Floats,
    row: int,
    row_price: Floats,
    column_price: Floats,
    taken_by: Longs,
    reached: Floats,
    came_from: Longs,
    done: Longs,
) -> tuple[int, float]:
    """Cheapest alternating path from a free row to a free column, by Dijkstra.

    Returns (column, length), column `NOBODY` where no allowed path exists. `reached`,
    `came_from` and `done` (column,) hold the tree afterwards.
    """
    columns = cost.shape[1]
    for j in range(columns):
        reached[j] = math.inf
        came_from[j] = NOBODY
        done[j] = 0
    length = 0.0
    while True:
        nearest = NOBODY
        lowest = math.inf
        for j in range(columns):
            if done[j] == 1:
                continue
            step = length + cost[row, j] - row_price[row] - column_price[j]
            if step < reached[j]:
                reached[j] = step
                came_from[j] = row
            free_is_better = reached[j] == lowest and nearest >= 0 and taken_by[j] == NOBODY
            if reached[j] < lowest or free_is_better:
                lowest = reached[j]
                nearest = j
        if nearest == NOBODY or not lowest < math.inf:
            return NOBODY, math.inf
        length = lowest
        done[nearest] = 1
        if taken_by[nearest] == NOBODY:
            return nearest, length
        row = int(taken_by[nearest])


@table_kernel
def assign_rows(
    cost: Floats,
    column_of: Longs,
    taken_by: Longs,
    row_price: Floats,
    column_price: Floats,
    reached: Floats,
    came_from: Longs,
    done: Longs,
) -> int:
    """Give as many rows as can be a column of their own, at the least total cost.

    cost : (row, column), at most as many rows as columns; inf where a pair is not allowed
    column_of : (row,) out, -1 for a row that gets none     taken_by : (column,) out, or -1
    row_price : (row,), column_price, reached, came_from, done : (column,) scratch
    Returns how many rows have a column.
    Model: rows enter one after the other, each along the cheapest alternating path; prices
    stay a dual solution, so that the total is the least for the rows assigned so far.
    Valid for: costs that are finite or inf; NaN is taken as not allowed. Where not every row
    can have a column, as many have one as can, and rows that come first go first; the total is
    the least for those rows. `assign` picks the rows by cost as well.
    """
    rows, columns = cost.shape
    for i in range(rows):
        column_of[i] = NOBODY
        row_price[i] = 0.0
    for j in range(columns):
        taken_by[j] = NOBODY
        column_price[j] = 0.0
    given = 0
    for row in range(rows):
        end, length = shortest_path(
            cost, row, row_price, column_price, taken_by, reached, came_from, done
        )
        if end == NOBODY:
            continue
        given += 1
        row_price[row] += length
        for j in range(columns):
            if done[j] == 1 and j != end:
                row_price[taken_by[j]] += length - reached[j]
                column_price[j] -= length - reached[j]
        j = end
        while True:
            i = int(came_from[j])
            taken_by[j] = i
            j, column_of[i] = int(column_of[i]), j
            if i == row:
                break
    return given


@kernel
def assign(cost: Floats) -> Longs:
    """Column of every row, as many pairs as can be, and of those the least total cost.

    cost : (row, column), of any shape; inf where a pair is not allowed
    Returns (row,) columns, -1 for a row that gets none.
    Model: `assign_rows` with a spare column for each row where pairs are forbidden. A spare
    one costs more than any rearrangement of allowed pairs could save.
    Valid for: costs of either sign, finite or inf; the spare costs take three or four of the
    sixteen digits at a few hundred rows.
    """
    rows, columns = cost.shape
    tall = rows > columns
    table = np.ascontiguousarray(cost.T) if tall else np.ascontiguousarray(cost)
    short, long = table.shape
    lowest, highest, forbidden = math.inf, -math.inf, False
    for i in range(short):
        for j in range(long):
            if table[i, j] < math.inf:
                lowest = min(lowest, table[i, j])
                highest = max(highest, table[i, j])
            else:
                forbidden = True
    if forbidden:
        spare = highest + (short + 1) * (highest - lowest) + 1.0 if lowest < math.inf else 0.0
        wide = np.full((short, long + short), spare)
        wide[:, :long] = table
        table = wide
    column_of = np.empty(short, np.int64)
    taken_by = np.empty(table.shape[1], np.int64)
    assign_rows(
        table,
        column_of,
        taken_by,
        np.empty(short),
        np.empty(table.shape[1]),
        np.empty(table.shape[1]),
        np.empty(table.shape[1], np.int64),
        np.empty(table.shape[1], np.int64),
    )
    if tall:
        return taken_by[:long]
    return np.where(column_of < long, column_of, NOBODY)
