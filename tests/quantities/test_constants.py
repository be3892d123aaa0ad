"""Physical constants agree with each other and each has a passport."""

import math
import subprocess
import sys

import pytest

from opendome.quantities import constants
from opendome.sources.catalogue import load_sources, load_system


def test_every_constant_has_a_passport_and_every_source_exists():
    names = {name for name in vars(constants) if name.isupper() and name != "PASSPORTS"}
    assert names == set(constants.PASSPORTS)
    for name, passport in constants.PASSPORTS.items():
        assert passport.value == getattr(constants, name)
        assert passport.source in load_sources()


def test_derived_radii():
    a, b = constants.RADIUS_EQUATOR_M, constants.RADIUS_POLE_M
    assert (2 * a + b) / 3 == pytest.approx(constants.RADIUS_MEAN_M, abs=1e-4)
    e = math.sqrt(constants.ECCENTRICITY_SQUARED)
    equal_area = math.sqrt(0.5 * (a * a + b * b * math.atanh(e) / e))
    assert equal_area == pytest.approx(constants.RADIUS_EQUAL_AREA_M, abs=1e-3)


def test_gas_constant_of_air():
    ours = constants.GAS_CONSTANT_US76_J_MOL_K / constants.MOLAR_MASS_AIR_US76_KG_MOL
    assert ours == pytest.approx(
        load_system("us76").parameters["gas_constant_air"].value.middle, rel=1e-6
    )


def test_catalogue_states_the_same_ellipsoid():
    facts = load_system("wgs84").parameters
    assert facts["semi_major_axis"].value.middle == constants.RADIUS_EQUATOR_M
    assert 1.0 / facts["inverse_flattening"].value.middle == constants.FLATTENING
    assert facts["gravitational_parameter"].value.middle == constants.MU_M3_S2
    assert facts["rotation_rate"].value.middle == constants.ROTATION_RAD_S
    assert facts["j2"].value.middle == pytest.approx(constants.J2, rel=4e-6)  # EGM96 and NESC


def test_edges_load_no_numerical_library():
    code = (
        "import sys, opendome.quantities.units, opendome.quantities.money, "
        "opendome.quantities.constants, opendome.quantities.fields\n"
        "print([name for name in ('numpy', 'scipy', 'numba') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
