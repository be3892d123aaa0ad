"""The interceptor part of a scenario: what is read, realised and refused."""

import math

import pytest
from pydantic import ValidationError

from opendome.intercept.models import Shooters
from opendome.intercept.spec import (
    ConstellationSpec,
    OrbitalInterceptorSpec,
    SurfaceInterceptorSpec,
)
from opendome.quantities.values import Interval

CONSTELLATION = {
    "satellites": 7800,
    "planes": 78,
    "phasing": 1,
    "altitude": "300..500 km",
    "inclination": "85 deg",
}
ORBITAL = {
    "constellation": CONSTELLATION,
    "burnout_speed": "6 km/s",
    "acceleration": "15 g",
    "divert": "2.5 km/s",
    "homing_time": "20 s",
    "intercept_altitude_min": "100 km",
    "flight_time_max": "200..300 s",
    "p_kill": "0.5..0.9",
    "launch_delay": "2 s",
    "phases": ["boost"],
}
SURFACE = {
    "sites": {
        "fort-greely": {"latitude": "63.95 deg", "longitude": "-145.73 deg", "stock": 40},
        "vandenberg": {"latitude": "34.77 deg", "longitude": "-120.58 deg", "stock": 4},
    },
    "burn_time": "140..200 s",
    "burnout_speed": "7..8.5 km/s",
    "ballistic_coefficient": "20000 kg/m2",
    "intercept_altitude_min": "120 km",
    "intercept_altitude_max": "1900 km",
    "range_max": "4000..6000 km",
    "flight_time_max": "1500..2000 s",
    "divert": "600 m/s",
    "homing_time": "60 s",
    "p_kill": "12 of 21",
    "launch_delay": "10 s",
    "phases": ["midcourse", "terminal"],
}


def middle(name, value):
    return value.middle


def test_orbital_values_are_realised_in_si():
    asked = []

    def pick(name, value):
        asked.append(name)
        return value.quantile(0.25)

    model = OrbitalInterceptorSpec(**ORBITAL).realise(pick)
    assert model.walker.satellites == 7800
    assert model.walker.altitude_m == 350e3
    assert model.walker.inclination_rad == pytest.approx(math.radians(85.0))
    assert model.walker.raan0_rad == pytest.approx(0.5 * math.pi)
    assert model.acceleration_m_s2 == pytest.approx(147.09975)
    assert model.flight_time_max_s == 225.0
    assert model.p_kill == pytest.approx(0.6)
    assert model.divert_radius_m == 50e3
    assert model.launch_delay_s == 2.0
    assert (model.window.boost, model.window.midcourse, model.window.terminal) == (
        True,
        False,
        False,
    )
    assert len(asked) == len(set(asked))
    assert {"burnout_speed", "p_kill", "constellation.altitude"} <= set(asked)


def test_surface_values_are_realised_in_si():
    asked = []

    def pick(name, value):
        asked.append(name)
        return value.middle

    model = SurfaceInterceptorSpec(**SURFACE).realise(pick)
    assert [site.name for site in model.sites] == ["fort-greely", "vandenberg"]
    assert model.sites[0].lat_rad == pytest.approx(math.radians(63.95))
    assert model.sites[1].lon_rad == pytest.approx(math.radians(-120.58))
    assert [site.stock for site in model.sites] == [40, 4]
    assert model.burnout_speed_m_s == 7750.0
    assert model.range_max_m == 5000e3
    assert model.window.altitude_max_m == 1900e3
    assert model.p_kill == pytest.approx(12.5 / 22.0)
    assert not model.window.boost
    assert "sites.vandenberg.stock" in asked
    assert len(asked) == len(set(asked))
    entry = Shooters(asset=3, name="gbi", interceptor=model)
    assert entry.names == ("gbi fort-greely", "gbi vandenberg")
    assert entry.stocks == (40, 4)


def test_a_constellation_left_unturned_may_be_anywhere():
    spec = ConstellationSpec(**CONSTELLATION)
    assert spec.raan == spec.phase == Interval(0.0, 2.0 * math.pi)


# change of the specification -> a word of the message
ORBITAL_MISTAKES = [
    ({"constellation": CONSTELLATION | {"planes": 77}}, "same whole number"),
    ({"constellation": CONSTELLATION | {"planes": "77..78"}}, "both numbers known"),
    ({"constellation": CONSTELLATION | {"phasing": 78}}, "below the number of planes"),
    ({"constellation": CONSTELLATION | {"altitude": "20 km"}}, "at least 150 km"),
    ({"flight_time_max": "20 min"}, "at most 900 s"),
    ({"burnout_speed": "6 km"}, "km/s"),
    ({"burnout_speed": "0 km/s"}, "at least 1 m/s"),
    ({"p_kill": "1.2"}, "probability"),
    ({"divert": "-1 m/s"}, "a speed"),
    ({"phases": []}, "at least 1 item"),
    ({"phases": ["boost", "boost"]}, "at most once"),
    ({"phases": ["midcourse"]}, "reentry_altitude"),
    ({"phases": ["lunch"]}, "boost"),
    ({"homing": "20 s"}, "Extra inputs"),
]
SURFACE_MISTAKES = [
    ({"sites": {}}, "at least 1 item"),
    ({"sites": {"a": SURFACE["sites"]["vandenberg"] | {"stock": 0}}}, "at least 1"),
    ({"sites": {"a": SURFACE["sites"]["vandenberg"] | {"latitude": "95 deg"}}}, "at most 90 deg"),
    ({"burnout_speed": "1..8 km/s"}, "one standard gravity"),
    ({"flight_time_max": "190 s"}, "longer than the burn"),
    ({"intercept_altitude_max": "100 km"}, "above intercept_altitude_min"),
    ({"range_max": "0 km"}, "at least 1 km"),
    ({"ballistic_coefficient": "5 kg/m2"}, "at least 100 kg/m2"),
    ({"p_kill": None}, "probability"),
]


@pytest.mark.parametrize(("change", "word"), ORBITAL_MISTAKES)
def test_orbital_mistakes_are_refused(change, word):
    with pytest.raises(ValidationError) as told:
        OrbitalInterceptorSpec(**(ORBITAL | change))
    assert word in str(told.value)


@pytest.mark.parametrize(("change", "word"), SURFACE_MISTAKES)
def test_surface_mistakes_are_refused(change, word):
    with pytest.raises(ValidationError) as told:
        SurfaceInterceptorSpec(**(SURFACE | change))
    assert word in str(told.value)


def test_midcourse_alone_is_accepted_with_a_reentry_altitude():
    spec = OrbitalInterceptorSpec(
        **(ORBITAL | {"phases": ["midcourse"], "reentry_altitude": "100 km"})
    )
    assert spec.realise(middle).window.reentry_altitude_m == 100e3


def test_specs_survive_writing_and_reading():
    for kind, given in ((OrbitalInterceptorSpec, ORBITAL), (SurfaceInterceptorSpec, SURFACE)):
        spec = kind(**given)
        again = kind(**spec.model_dump(mode="json"))
        assert again.realise(middle) == spec.realise(middle)


def test_the_schema_names_units_and_ranges():
    schema = SurfaceInterceptorSpec.model_json_schema()
    assert schema["properties"]["range_max"]["x-range"] == "at least 1 km, at most 20000 km"
    assert all("description" in entry for entry in schema["properties"].values())
