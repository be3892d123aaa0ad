"""US Standard Atmosphere 1976: our formulas against the tables of the standard.

Authority: U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562, tables I and III. The tables are in
geometric height, the layers in geopotential height: the planted bug mixes the two up.
"""

import math
from collections.abc import Callable
from functools import partial

from opendome.quantities.constants import RADIUS_GEOPOTENTIAL_US76_M
from opendome.verification.checks import Check
from opendome.verification.tables import read_numbers
from opendome.world.atmosphere import density_us76, us76

Air = Callable[[float], tuple[float, float, float, float]]
COLUMNS = ("temperature_k", "pressure_mbar", "density_kg_m3", "sound_speed_m_s")
PASCAL_PER_MBAR = 100.0


def worst_error(air: Air = us76, *, columns: tuple[str, ...]) -> float:
    """Largest relative difference from the rows of the table that have these columns."""
    worst = 0.0
    for row in read_numbers("us76.csv"):
        temperature, pressure, density, sound = air(1000.0 * row["height_km"])
        values = (temperature, pressure / PASCAL_PER_MBAR, density, sound)
        ours: dict[str, float] = dict(zip(COLUMNS, values, strict=True))
        for name in columns:
            if not math.isnan(row[name]):
                worst = max(worst, abs(ours[name] / row[name] - 1.0))
    return worst


def confused_air(alt_m: float) -> tuple[float, float, float, float]:
    """The planted bug: takes the height for a geopotential one."""
    return us76(RADIUS_GEOPOTENTIAL_US76_M * alt_m / (RADIUS_GEOPOTENTIAL_US76_M - alt_m))


def fast_density_error(density: Callable[[float], float] = density_us76) -> float:
    """Largest relative difference of the fast density from the formulas, -5 km to 1000 km."""
    heights = [37.0 * k - 5000.0 for k in range(4000)] + [997.0 * k for k in range(1003)]
    return max(abs(density(h) / us76(h)[2] - 1.0) for h in heights)


def linear_density(alt_m: float) -> float:
    """The planted bug: straight lines in ln(rho) between kilometres."""
    low = 1000.0 * math.floor(alt_m / 1000.0)
    part = (alt_m - low) / 1000.0
    logs = [math.log(density_us76(h)) for h in (low, min(low + 1000.0, 1e6))]
    return math.exp(logs[0] + part * (logs[1] - logs[0]))


CHECKS = (
    Check(
        name="atmosphere/temperature-and-pressure",
        claim="temperature and pressure agree with the standard from 0.5 to 1000 km",
        authority="U.S. Standard Atmosphere, 1976, table I",
        unit="relative",
        tolerance=1e-4,
        measure=partial(worst_error, columns=("temperature_k", "pressure_mbar")),
        planted_bug=confused_air,
        bug="geometric height taken for geopotential height",
    ),
    Check(
        name="atmosphere/density",
        claim="density agrees with the standard from 0.5 to 1000 km",
        authority="U.S. Standard Atmosphere, 1976, table I",
        unit="relative",
        tolerance=1e-3,
        measure=partial(worst_error, columns=("density_kg_m3",)),
        planted_bug=confused_air,
        bug="geometric height taken for geopotential height",
    ),
    Check(
        name="atmosphere/sound",
        claim="the speed of sound agrees with the standard up to 86 km",
        authority="U.S. Standard Atmosphere, 1976, table III",
        unit="relative",
        tolerance=1e-4,
        measure=partial(worst_error, columns=("sound_speed_m_s",)),
        planted_bug=confused_air,
        bug="geometric height taken for geopotential height",
    ),
    Check(
        name="atmosphere/fast-density",
        claim="the density that flights use is that of the formulas",
        authority="our own formulas, checked above",
        unit="relative",
        tolerance=1e-5,
        measure=fast_density_error,
        planted_bug=linear_density,
        bug="linear interpolation of the logarithm between kilometres",
    ),
)
