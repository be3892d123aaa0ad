"""The time curve of Lambert's problem: flight time as a function of x, and its inverse."""

import math

from opendome.compiled import kernel

ITERATIONS_MAX = 100
# Householder's step has order four: once a step is this small a part of the length over which
# the time curve bends, what is left is below one rounding error
STEP_SMALL = 1e-4
SERIES_LIMIT = 0.06  # the hypergeometric series has 14 terms: 0.06**14 < 1e-16
SERIES_TERM_MAX = 13
ROUNDING = 4e-16  # two roundings of a number near one
PARABOLA_NEAR = 1e-5  # the quotients of the derivatives lose their digits this near to x = 1


@kernel
def flight_time(x: float, chord_ratio: float, lam: float) -> float:
    """Time of flight of less than one revolution, in units of sqrt(s^3 / 2 mu).

    x : Lancaster and Blanchard's variable, above -1; 1 is the parabola
    chord_ratio : c / s = 1 - lam^2     lam : sqrt(r1 r2) cos(theta / 2) / s
    Returns T.
    Model: T = (psi / sqrt(1 - x^2) - x + lam y) / (1 - x^2); near the parabola and for short
    arcs, where that loses digits, T = eta^3 F(3, 1; 5/2; S) 2/3 + 2 lam eta.
    Valid for: x > -1; relative error some 1e-15.
    Source: D. Izzo, Revisiting Lambert's problem, Celest. Mech. Dyn. Astr. 121 (2015), eqs. 18
    and 20; the series: R. H. Battin, Introduction to the Mathematics and Methods of
    Astrodynamics (1999), ch. 7.
    """
    bend = (1.0 - x) * (1.0 + x)
    y = math.sqrt(chord_ratio + lam * lam * x * x)
    slant = lam * x
    eta = chord_ratio / (y + slant) if slant > 0.0 else y - slant
    series = 0.5 * (1.0 - lam - x * eta)
    if abs(series) < SERIES_LIMIT:
        total = 1.0
        for n in range(SERIES_TERM_MAX, -1, -1):
            total = 1.0 + series * total * (3.0 + n) / (2.5 + n)
        return 2.0 * eta * (lam + eta * eta * total * (1.0 / 3.0))
    if bend > 0.0:
        root = math.sqrt(bend)
        psi = math.atan2(eta * root, x * y + lam * bend)
        return (psi / root - x + lam * y) / bend
    root = math.sqrt(-bend)
    return (math.asinh(eta * root) / root - x + lam * y) / bend


@kernel
def time_derivatives(
    x: float, time: float, chord_ratio: float, lam: float
) -> tuple[float, float, float]:
    """First three derivatives of the flight time by x, at T = time.

    Source: Izzo (2015), eq. 22. At the parabola the first is 2/5 (lam^5 - 1), eq. 24, and the
    higher ones are answered with 0: only the speed of convergence depends on them.
    """
    bend = (1.0 - x) * (1.0 + x)
    if abs(bend) < PARABOLA_NEAR and time < 4.0:
        return -2.0 / 5.0 * one_minus_power(lam, chord_ratio, 5), 0.0, 0.0
    inverse = 1.0 / math.sqrt(chord_ratio + lam * lam * x * x)
    lam3 = lam * lam * lam
    inverse3 = inverse * inverse * inverse
    unbend = 1.0 / bend
    first = (3.0 * time * x - 2.0 + 2.0 * lam3 * x * inverse) * unbend
    second = (3.0 * time + 5.0 * x * first + 2.0 * chord_ratio * lam3 * inverse3) * unbend
    third = (
        7.0 * x * second
        + 8.0 * first
        - 6.0 * chord_ratio * lam3 * lam * lam * x * inverse3 * inverse * inverse
    ) * unbend
    return first, second, third


@kernel
def one_minus_power(lam: float, chord_ratio: float, power: int) -> float:
    """1 - lam^power without loss of digits near lam = 1; chord_ratio = 1 - lam^2."""
    total = 0.0
    term = 1.0
    for _ in range(power):
        total += term
        term *= lam
    return total * (chord_ratio / (1.0 + lam) if lam > 0.0 else 1.0 - lam)


@kernel
def householder_step(miss: float, first: float, second: float, third: float) -> float:
    """Step towards the root from the miss and three derivatives: order four."""
    square = first * first
    return (
        miss
        * (square - 0.5 * miss * second)
        / (first * (square - miss * second) + third * miss * miss * (1.0 / 6.0))
    )


@kernel
def solve_direct(time: float, chord_ratio: float, lam: float) -> tuple[float, int]:
    """The x of the arc of less than one revolution whose flight time is `time`.

    Returns (x, status). Model: the time falls with x from infinity at -1 to 0; Householder
    steps inside a bracket that is halved when a step leaves it. First guess: Izzo (2015),
    eq. 30.
    """
    time0 = math.atan2(math.sqrt(chord_ratio), lam) + lam * math.sqrt(chord_ratio)
    time1 = (2.0 / 3.0) * one_minus_power(lam, chord_ratio, 3)
    if time >= time0:
        x = (time0 / time) ** (2.0 / 3.0) - 1.0
    elif time <= time1:
        x = 2.5 * time1 * (time1 - time) / (time * one_minus_power(lam, chord_ratio, 5)) + 1.0
    else:
        x = math.exp(math.log(time / time0) * math.log(2.0) / math.log(time1 / time0)) - 1.0
    low = -1.0
    high = math.inf
    for _ in range(ITERATIONS_MAX):
        now = flight_time(x, chord_ratio, lam)
        miss = now - time
        if miss > 0.0:
            low = x
        else:
            high = x
        first, second, third = time_derivatives(x, now, chord_ratio, lam)
        step = householder_step(miss, first, second, third)
        new = x - step
        if not (low < new < high):
            if new == x or miss == 0.0:
                return x, 0
            new = 0.5 * (low + high) if math.isfinite(high) else 2.0 * x + 2.0
        length = min(1.0 + x, math.sqrt(chord_ratio + lam * lam * x * x))
        if abs(new - x) <= STEP_SMALL * min(1.0, length) or new == x:
            return new, 0
        x = new
    return math.nan, 4


@kernel
def shortest_revolutions(chord_ratio: float, lam: float, revolutions: int) -> tuple[float, float]:
    """The x and the time of the fastest orbit with this many whole revolutions (>= 1).

    Model: the root of dT/dx, which grows through it; Halley steps inside a halving bracket.
    """
    low = -1.0
    high = 1.0
    x = 0.0
    time = 0.0
    for _ in range(ITERATIONS_MAX):
        bend = (1.0 - x) * (1.0 + x)
        time = flight_time(x, chord_ratio, lam) + revolutions * math.pi / (bend * math.sqrt(bend))
        first, second, third = time_derivatives(x, time, chord_ratio, lam)
        if first < 0.0:
            low = x
        else:
            high = x
        new = x - 2.0 * first * second / (2.0 * second * second - first * third)
        if not (low < new < high):
            new = 0.5 * (low + high)
        if abs(new - x) <= 1e-15:
            break
        x = new
    return x, time


@kernel
def solve_revolutions(
    time: float, chord_ratio: float, lam: float, revolutions: int, far_branch: bool
) -> tuple[float, int]:
    """The x of an arc with whole revolutions; two exist when the time is long enough.

    far_branch : take the solution with x above that of the fastest orbit
    Returns (x, status). First guess: Izzo (2015), eq. 31.
    """
    fastest, time_fastest = shortest_revolutions(chord_ratio, lam, revolutions)
    if time < time_fastest:
        return math.nan, 3
    turns = revolutions * math.pi
    if far_branch:
        ratio = (8.0 * time / turns) ** (2.0 / 3.0)
        low = fastest
        high = 1.0
    else:
        ratio = ((turns + math.pi) / (8.0 * time)) ** (2.0 / 3.0)
        low = -1.0
        high = fastest
    x = (ratio - 1.0) / (ratio + 1.0)
    if not (low < x < high):
        x = 0.5 * (low + high)
    for _ in range(ITERATIONS_MAX):
        bend = (1.0 - x) * (1.0 + x)
        now = flight_time(x, chord_ratio, lam) + turns / (bend * math.sqrt(bend))
        miss = now - time
        if (miss > 0.0) == far_branch:
            high = x
        else:
            low = x
        first, second, third = time_derivatives(x, now, chord_ratio, lam)
        new = x - householder_step(miss, first, second, third)
        if not (low < new < high):
            if miss == 0.0 or new == x:
                return x, 0
            new = 0.5 * (low + high)
        length = min(1.0 + x, 1.0 - x, math.sqrt(chord_ratio + lam * lam * x * x))
        steep = abs(first) / (abs(second) + abs(first))
        if abs(new - x) <= STEP_SMALL * min(length, steep) or high - low <= ROUNDING or new == x:
            return new, 0
        x = new
    return math.nan, 4
