"""Thermal radiation: Planck's law integrated over a band.

With x = c2 / (wavelength * temperature), c2 = h c / k, the share of all radiation that a black
body emits between two wavelengths is 15 / pi^4 times the integral of x^3 / (exp(x) - 1).
"""

import math

from opendome.quantities.constants import (
    BOLTZMANN_J_K,
    PLANCK_J_S,
    SPEED_OF_LIGHT_M_S,
    STEFAN_BOLTZMANN_W_M2_K4,
)

C2_M_K = PLANCK_J_S * SPEED_OF_LIGHT_M_S / BOLTZMANN_J_K
WHOLE = math.pi**4 / 15.0

# Bernoulli numbers by order: those that the series of x / (exp(x) - 1) needs for x up to 1
BERNOULLI = {
    0: 1.0,
    1: -1.0 / 2.0,
    2: 1.0 / 6.0,
    4: -1.0 / 30.0,
    6: 1.0 / 42.0,
    8: -1.0 / 30.0,
    10: 5.0 / 66.0,
    12: -691.0 / 2730.0,
    14: 7.0 / 6.0,
    16: -3617.0 / 510.0,
}
TERMS_MAX = 40  # exp(-40) is below the last bit


def beyond(x: float) -> float:
    """Integral of t^3 / (exp(t) - 1) from x to infinity, for x of 1 or more.

    Model: sum over n of exp(-n x) / n (x^3 + 3 x^2 / n + 6 x / n^2 + 6 / n^3).
    Source: geometric series, integrated term by term.
    """
    terms = (
        math.exp(-n * x) / n * (x**3 + 3.0 * x**2 / n + 6.0 * x / n**2 + 6.0 / n**3)
        for n in range(1, TERMS_MAX + 1)
    )
    return math.fsum(terms)


def up_to(x: float) -> float:
    """Integral of t^3 / (exp(t) - 1) from 0 to x, for x up to 1.

    Model: sum of B_k x^(k + 3) / (k! (k + 3)), B_k the Bernoulli numbers.
    """
    return math.fsum(
        number * x ** (k + 3) / (math.factorial(k) * (k + 3)) for k, number in BERNOULLI.items()
    )


def band_share(temperature_k: float, shortest_m: float, longest_m: float) -> float:
    """Share of the radiation of a black body between two wavelengths.

    temperature_k : [K]     shortest_m, longest_m : ends of the band [m]
    Returns 0 to 1.
    Valid for: any band and temperature; 1e-14 of the larger of share and its parts.
    Source: M. Planck, Annalen der Physik 309, 1901; module docstring.
    """
    high = C2_M_K / (shortest_m * temperature_k)
    low = C2_M_K / (longest_m * temperature_k)
    if low >= 1.0:
        part = beyond(low) - beyond(high)
    elif high < 1.0:
        part = up_to(high) - up_to(low)
    else:
        part = WHOLE - up_to(low) - beyond(high)
    return part / WHOLE


def grey_body_intensity(
    temperature_k: float, emissivity: float, area_m2: float, shortest_m: float, longest_m: float
) -> float:
    """Radiant intensity of a grey body in a band [W/sr].

    temperature_k : [K]     emissivity : 0 to 1, the same over the band
    area_m2 : as it appears from the sensor [m2]     shortest_m, longest_m : the band [m]
    Returns [W/sr].
    Model: emissivity * sigma T^4 / pi * area * share of the band (Lambert's law).
    Valid for: one temperature all over; its own radiation only, no sunlight or earthshine
    thrown back.  Source: Stefan and Boltzmann; J. H. Lambert.
    """
    exitance_w_m2 = STEFAN_BOLTZMANN_W_M2_K4 * temperature_k**4
    share = band_share(temperature_k, shortest_m, longest_m)
    return emissivity * exitance_w_m2 / math.pi * area_m2 * share
