"""One step of the motion, and the curve between its two ends."""

import numpy as np

from opendome.compiled import kernel
from opendome.threats.kernels.motion import Missile, derivative
from opendome.threats.kernels.work import AHEAD, RATES, STATE
from opendome.threats.records import Floats

LAST = RATES + 6
NODES = np.array((0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0))
WEIGHTS = np.array(
    (
        (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        (1 / 5, 0.0, 0.0, 0.0, 0.0, 0.0),
        (3 / 40, 9 / 40, 0.0, 0.0, 0.0, 0.0),
        (44 / 45, -56 / 15, 32 / 9, 0.0, 0.0, 0.0),
        (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0.0, 0.0),
        (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0.0),
        (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
    )
)
DOUBTS = np.array(
    (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)
)  # fifth-order weights less fourth-order ones


@kernel
def step(
    t_s: float, step_s: float, work: Floats, stage: int, missile: Missile, tolerance_m: float
) -> float:
    """Fill row AHEAD with the state one step after row STATE; returns error over tolerance.

    work : row RATES must hold the derivative at the start; row LAST gets that at the end
    tolerance_m : error allowed in position [m], in velocity one thousandth of it [m/s]
    Model: Dormand-Prince 5(4); the fifth-order result is kept.
    Source: J. R. Dormand, P. J. Prince, "A family of embedded Runge-Kutta formulae",
    J. Comp. Appl. Math. 6 (1980) 19-26, table 2.
    """
    for row in range(1, 7):
        for i in range(6):
            change = 0.0
            for k in range(row):
                change += WEIGHTS[row, k] * work[RATES + k, i]
            work[AHEAD, i] = work[STATE, i] + step_s * change
        derivative(t_s + NODES[row] * step_s, work, AHEAD, stage, missile, RATES + row)
    worst = 0.0
    for i in range(6):
        error = 0.0
        for k in range(7):
            error += DOUBTS[k] * work[RATES + k, i]
        allowed = tolerance_m if i < 3 else 1e-3 * tolerance_m
        worst = max(worst, abs(step_s * error) / allowed)
    return worst


@kernel
def between(share: float, step_s: float, work: Floats, out: Floats, row: int) -> None:
    """Fill `out[row]` with the state at `share` (0..1) of the step from STATE to AHEAD.

    Model: the quintic through position, velocity and acceleration at both ends (Hermite).
    Valid for: error of position of sixth order in the step, below that of the step itself.
    """
    u = share
    u2 = u * u
    u3 = u2 * u
    u4 = u2 * u2
    u5 = u4 * u
    b1 = 10.0 * u3 - 15.0 * u4 + 6.0 * u5
    c0 = u - 6.0 * u3 + 8.0 * u4 - 3.0 * u5
    c1 = -4.0 * u3 + 7.0 * u4 - 3.0 * u5
    d0 = 0.5 * (u2 - 3.0 * u3 + 3.0 * u4 - u5)
    d1 = 0.5 * (u3 - 2.0 * u4 + u5)
    rb1 = 30.0 * (u2 - 2.0 * u3 + u4)
    rc0 = 1.0 - 18.0 * u2 + 32.0 * u3 - 15.0 * u4
    rc1 = -12.0 * u2 + 28.0 * u3 - 15.0 * u4
    rd0 = 0.5 * (2.0 * u - 9.0 * u2 + 12.0 * u3 - 5.0 * u4)
    rd1 = 0.5 * (3.0 * u2 - 8.0 * u3 + 5.0 * u4)
    h = step_s
    for i in range(3):
        p0, v0, a0 = work[STATE, i], work[STATE, i + 3], work[RATES, i + 3]
        p1, v1, a1 = work[AHEAD, i], work[AHEAD, i + 3], work[LAST, i + 3]
        out[row, i] = p0 + b1 * (p1 - p0) + h * (c0 * v0 + c1 * v1 + h * (d0 * a0 + d1 * a1))
        out[row, i + 3] = rb1 * (p1 - p0) / h + rc0 * v0 + rc1 * v1 + h * (rd0 * a0 + rd1 * a1)
