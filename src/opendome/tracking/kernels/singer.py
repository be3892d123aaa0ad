"""A force that fades: how it carries position and velocity, and what its noise adds.

A force f with f' = -a f + white noise of spectral density q moves the velocity, the velocity
the position. Over a time h, with x = a h (any sign: x < 0 is a force that grows),

    f <- C f,  v <- v + B f,  p <- p + h v + A f,
    C = exp(-x),  B = h (1 - exp(-x)) / x,  A = h^2 (exp(-x) - 1 + x) / x^2,

and the noise adds q h^n times six functions of x alone, integrals from 0 to 1 of the
products of the three responses. Near x = 0 all are power series, farther out closed forms.

Source: R. A. Singer, Estimating optimal tracking filter performance for manned maneuvering
targets, IEEE Trans. AES-6(4), 1970; Bar-Shalom, Li, Kirubarajan 2001, section 8.2.3.
"""

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel

Floats = npt.NDArray[np.float64]

# Below, the power series of TERMS terms is exact to rounding; above, the closed forms are.
SERIES_END = 0.5
TERMS = 14  # the first one left out is below 1e-17
FORCE, VELOCITY, POSITION = 0, 1, 2  # whole-number powers of time in the three responses


def _response_series(power: int) -> list[float]:
    """Coefficients of the powers of x: h^power times them is C, B or A."""
    return [float(Fraction((-1) ** k, math.factorial(k + power))) for k in range(TERMS)]


def _noise_series(one: int, other: int) -> list[float]:
    """Coefficients of the powers of x in the integral of the product of two responses."""
    return [
        float(
            sum(
                Fraction((-1) ** m, math.factorial(k + one) * math.factorial(m - k + other))
                for k in range(m + 1)
            )
            / (m + one + other + 1)
        )
        for m in range(TERMS)
    ]


_PAIRS = (
    (POSITION, POSITION),
    (POSITION, VELOCITY),
    (POSITION, FORCE),
    (VELOCITY, VELOCITY),
    (VELOCITY, FORCE),
    (FORCE, FORCE),
)
RESPONSE = np.array([_response_series(power) for power in (POSITION, VELOCITY, FORCE)]).T.copy()
NOISE = np.array([_noise_series(*pair) for pair in _PAIRS]).T.copy()


@table_kernel
def response(a_s: float, h_s: float) -> tuple[float, float, float]:
    """Coefficients A [s2], B [s] and C of a fading force.

    a_s : rate of fading, 1 / time constant [1/s], any sign     h_s : step [s]
    """
    x = a_s * h_s
    if abs(x) > SERIES_END:
        c = math.exp(-x)
        b = -math.expm1(-x) / x
        return h_s * h_s * (1.0 - b) / x, h_s * b, c
    a, b, c = 0.0, 0.0, 0.0
    for k in range(TERMS - 1, -1, -1):
        a = a * x + RESPONSE[k, 0]
        b = b * x + RESPONSE[k, 1]
        c = c * x + RESPONSE[k, 2]
    return h_s * h_s * a, h_s * b, c


@table_kernel
def noise(a_s: float, h_s: float) -> tuple[float, float, float, float, float, float]:
    """What white noise of density 1 into the force adds in a step.

    Returns pp [s5], pv [s4], pf [s3], vv [s3], vf [s2], ff [s], to be multiplied by q
    [m2/s5]; the same on each axis.
    """
    x = a_s * h_s
    pp, pv, pf, vv, vf, ff = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if abs(x) > SERIES_END:
        e = math.exp(-x)
        e2, half = e * e, 0.5 / x
        ff = (1.0 - e2) * half
        half /= x
        vf = (1.0 - 2.0 * e + e2) * half
        half /= x
        vv = (2.0 * x - 3.0 + 4.0 * e - e2) * half
        pf = (1.0 - e2 - 2.0 * x * e) * half
        half /= x
        pv = (1.0 + e2 - 2.0 * e + 2.0 * x * e - 2.0 * x + x * x) * half
        half /= x
        pp = (1.0 - e2 + 2.0 * x + 2.0 * x * x * x / 3.0 - 2.0 * x * x - 4.0 * x * e) * half
    else:
        for k in range(TERMS - 1, -1, -1):
            pp = pp * x + NOISE[k, 0]
            pv = pv * x + NOISE[k, 1]
            pf = pf * x + NOISE[k, 2]
            vv = vv * x + NOISE[k, 3]
            vf = vf * x + NOISE[k, 4]
            ff = ff * x + NOISE[k, 5]
    h2 = h_s * h_s
    return pp * h2 * h2 * h_s, pv * h2 * h2, pf * h2 * h_s, vv * h2 * h_s, vf * h2, ff * h_s
