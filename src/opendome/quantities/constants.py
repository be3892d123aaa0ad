"""Physical constants as plain floats; `PASSPORTS` names the source of each."""

from typing import NamedTuple

# WGS 84 ellipsoid and the spheres derived from it
MU_M3_S2 = 3.986004418e14
RADIUS_EQUATOR_M = 6378137.0
FLATTENING = 1.0 / 298.257223563
RADIUS_POLE_M = RADIUS_EQUATOR_M * (1.0 - FLATTENING)
ECCENTRICITY_SQUARED = FLATTENING * (2.0 - FLATTENING)
RADIUS_MEAN_M = 6371008.7714
RADIUS_EQUAL_AREA_M = 6371007.1809
J2 = 1.08262982e-3
ROTATION_RAD_S = 7.292115e-5

# US Standard Atmosphere 1976
STANDARD_GRAVITY_M_S2 = 9.80665
GAS_CONSTANT_US76_J_MOL_K = 8.31432
MOLAR_MASS_AIR_US76_KG_MOL = 0.0289644
HEAT_CAPACITY_RATIO_AIR = 1.4
RADIUS_GEOPOTENTIAL_US76_M = 6356766.0
PRESSURE_SEA_LEVEL_PA = 101325.0
TEMPERATURE_SEA_LEVEL_K = 288.15

# SI (exact by definition since 2019)
SPEED_OF_LIGHT_M_S = 299792458.0
BOLTZMANN_J_K = 1.380649e-23
PLANCK_J_S = 6.62607015e-34
STEFAN_BOLTZMANN_W_M2_K4 = 5.670374419e-8  # 2 pi^5 k^4 / (15 h^3 c^2), exact digits cut off

SECONDS_PER_DAY = 86400.0


class ConstantPassport(NamedTuple):
    """Value, unit and source (an id in catalogue/sources.yaml) of a constant."""

    value: float
    unit: str
    source: str


PASSPORTS: dict[str, ConstantPassport] = {
    name: ConstantPassport(globals()[name], unit, source)
    for name, unit, source in (
        ("MU_M3_S2", "m3/s2", "wgs84"),
        ("RADIUS_EQUATOR_M", "m", "wgs84"),
        ("FLATTENING", "", "wgs84"),
        ("RADIUS_POLE_M", "m", "wgs84"),
        ("ECCENTRICITY_SQUARED", "", "wgs84"),
        ("RADIUS_MEAN_M", "m", "wgs84"),
        ("RADIUS_EQUAL_AREA_M", "m", "nesc-check-cases"),
        ("J2", "", "nesc-check-cases"),
        ("ROTATION_RAD_S", "rad/s", "wgs84"),
        ("STANDARD_GRAVITY_M_S2", "m/s2", "us-standard-atmosphere-1976"),
        ("GAS_CONSTANT_US76_J_MOL_K", "J/(mol K)", "us-standard-atmosphere-1976"),
        ("MOLAR_MASS_AIR_US76_KG_MOL", "kg/mol", "us-standard-atmosphere-1976"),
        ("HEAT_CAPACITY_RATIO_AIR", "", "us-standard-atmosphere-1976"),
        ("RADIUS_GEOPOTENTIAL_US76_M", "m", "us-standard-atmosphere-1976"),
        ("PRESSURE_SEA_LEVEL_PA", "Pa", "us-standard-atmosphere-1976"),
        ("TEMPERATURE_SEA_LEVEL_K", "K", "us-standard-atmosphere-1976"),
        ("SPEED_OF_LIGHT_M_S", "m/s", "si-2019"),
        ("BOLTZMANN_J_K", "J/K", "si-2019"),
        ("PLANCK_J_S", "J s", "si-2019"),
        ("STEFAN_BOLTZMANN_W_M2_K4", "W/(m2 K4)", "si-2019"),
        ("SECONDS_PER_DAY", "s", "si-2019"),
    )
}
