"""A branch-free sine and cosine, so that loops over many angles run in vector registers."""

from opendome.compiled import kernel

INVERSE_PI = 0.3183098861837907
# pi in three parts; the first two have 33 significant bits, so that their product with a
# whole number up to 2**20 is exact (Cody and Waite 1980)
PI_HIGH = float.fromhex("0x1.921fb544p+1")
PI_MIDDLE = float.fromhex("0x1.0b4611a6p-33")
PI_LOW = float.fromhex("0x1.3198a2e037073p-68")
# adding and taking away 1.5 * 2**52 rounds a float64 to the nearest whole number
ROUNDER = 6755399441055744.0


@kernel
def sine_cosine(angle_rad: float) -> tuple[float, float]:
    """Sine and cosine of an angle.

    angle_rad : [rad]
    Returns (sine, cosine).
    Model: angle = k pi + r with r in [-pi/2, pi/2]; Taylor polynomials of degree 21 and 22 in r.
    Valid for: abs(angle) <= 1e6 rad; absolute error below 5e-16. NaN for NaN and infinity.
    Source: W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980), ch. 8
    (the reduction); Taylor series (the coefficients are inverse factorials).
    """
    k = (angle_rad * INVERSE_PI + ROUNDER) - ROUNDER
    r = ((angle_rad - k * PI_HIGH) - k * PI_MIDDLE) - k * PI_LOW
    sign = 1.0 - 2.0 * (k - 2.0 * ((k * 0.5 - 0.25 + ROUNDER) - ROUNDER))
    z = r * r
    sine = -1.0 / 121645100408832000.0 + z * (1.0 / 51090942171709440000.0)
    sine = 1.0 / 355687428096000.0 + z * sine
    sine = -1.0 / 1307674368000.0 + z * sine
    sine = 1.0 / 6227020800.0 + z * sine
    sine = -1.0 / 39916800.0 + z * sine
    sine = 1.0 / 362880.0 + z * sine
    sine = -1.0 / 5040.0 + z * sine
    sine = 1.0 / 120.0 + z * sine
    sine = -1.0 / 6.0 + z * sine
    cosine = 1.0 / 2432902008176640000.0 - z * (1.0 / 1124000727777607680000.0)
    cosine = -1.0 / 6402373705728000.0 + z * cosine
    cosine = 1.0 / 20922789888000.0 + z * cosine
    cosine = -1.0 / 87178291200.0 + z * cosine
    cosine = 1.0 / 479001600.0 + z * cosine
    cosine = -1.0 / 3628800.0 + z * cosine
    cosine = 1.0 / 40320.0 + z * cosine
    cosine = -1.0 / 720.0 + z * cosine
    cosine = 1.0 / 24.0 + z * cosine
    cosine = -0.5 + z * cosine
    return sign * (r + r * z * sine), sign * (1.0 + z * cosine)
