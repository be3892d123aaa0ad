"""An air-breathing class as a scenario or the catalogue writes it."""

import math

import pytest
from pydantic import ValidationError

from opendome.scenario.loading import load_text
from opendome.scenario.problems import ScenarioError
from opendome.sources.catalogue import load_system
from opendome.threats.cruise_spec import CruiseSpec
from opendome.threats.spec import FLIGHTS, spec_of

from .cruisers import fly

CLASSES = ("cruise-subsonic", "cruise-supersonic", "owa-drone")
GIVEN = {
    "speed": "230 m/s..270 m/s",
    "altitude": "50 m",
    "climb_angle": "10 deg",
    "dive_angle": "30 deg",
    "range_min": "20 km",
    "range_max": "1500 km",
    "intensity": "40 W/sr",
    "rcs": "0.1 m2",
    "manoeuvre_psd": "10 m2/s3",
}
SCENARIO = """
scenario: low
title: A low flier
epoch: 2029-01-20T12:00:00Z
defended: [{area: mid-atlantic-coast}]
assets: [{use: sentinel-a4, nation: US}]
raid:
  - class: cruise-subsonic
    count: 2
    from: {at: [34 deg, -70 deg]}
    to: {area: mid-atlantic-coast}
    via: [[36 deg, -71 deg], [36.5 deg..37 deg, -74 deg]]
    EXTRA
"""


def spec(name):
    """The class as the catalogue has it."""
    tree = load_system(name).tree()
    return CruiseSpec(**{key: tree[key] for key in tree if key in CruiseSpec.model_fields})


def at(share):
    """What draws every value at one quantile."""
    return lambda _, value: value.quantile(share)


@pytest.mark.parametrize("name", CLASSES)
def test_the_catalogue_names_the_kind_of_flight(name):
    assert spec_of(load_system(name)) is CruiseSpec
    assert FLIGHTS["cruise"] is CruiseSpec


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_catalogue_writes_classes_that_fly(name, share):
    """Over the shortest and nearly the longest range, with every value at the same end."""
    threat = spec(name).realise(at(share))
    for range_m in (threat.range_min_m, threat.range_max_m):
        turn_deg = math.degrees(range_m / 6_378_137.0)
        raid = fly(threat, (0.0, 0.0, 0.0, turn_deg), step_s=100.0)
        assert not raid.refused
        assert raid.impact_t_s[0] < spec(name).longest_s


def test_realise_gives_every_value_in_si():
    threat = CruiseSpec(
        **GIVEN,
        launch_altitude="9 km",
        approach_altitude="15 m",
        approach_distance="50 km",
        via=[["36 deg", "-71 deg"]],
        reliability="0.9",
    ).realise(at(0.5))
    assert threat.speed_m_s == 250.0
    assert (threat.launch_altitude_m, threat.altitude_m) == (9_000.0, 50.0)
    assert (threat.approach_altitude_m, threat.approach_distance_m) == (15.0, 50_000.0)
    assert (threat.climb_rad, threat.dive_rad) == (math.radians(10.0), math.radians(30.0))
    assert (threat.range_min_m, threat.range_max_m) == (20_000.0, 1_500_000.0)
    assert threat.via_rad == ((math.radians(36.0), math.radians(-71.0)),)
    assert (threat.intensity_w_sr, threat.rcs_m2, threat.manoeuvre_psd_m2_s3) == (40.0, 0.1, 10.0)
    assert threat.reliability == 0.9


def test_every_value_is_drawn_under_its_own_name():
    asked = []

    def pick(name, value):
        asked.append(name)
        return value.middle

    CruiseSpec(**GIVEN, via=[["36 deg", "-71 deg"]]).realise(pick)
    assert sorted(asked) == sorted([*GIVEN, "launch_altitude", "reliability", "via.0.0", "via.0.1"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"range_min": "1600 km"}, "range_min that is always below range_max"),
        ({"approach_altitude": "20 m"}, "no approach_distance"),
        ({"approach_distance": "20 km"}, "no approach_altitude"),
        ({"speed": "5 m/s"}, "20 m/s"),
        ({"altitude": "50 km"}, "30 km"),
        ({"dive_angle": "0 deg"}, "1 deg"),
        ({"boost_time": "100 s"}, "boost_time"),
        ({"via": [["95 deg", "0 deg"]]}, "90"),
    ],
)
def test_a_wrong_value_is_refused_with_words(change, words):
    with pytest.raises(ValidationError, match=words):
        CruiseSpec(**{**GIVEN, **change})


def test_a_scenario_changes_class_and_route():
    scenario = load_text(SCENARIO.replace("EXTRA", "altitude: 40 m"))
    threat = scenario.realise(0).raid_groups[0].threat
    assert threat.altitude_m == 40.0
    assert threat.via_rad[0] == pytest.approx(tuple(map(math.radians, (36.0, -71.0))))
    assert 36.5 <= math.degrees(threat.via_rad[1][0]) <= 37.0
    again = load_text(scenario.resolved_yaml()).realise(0).raid_groups[0].threat
    assert again == threat


def test_a_field_of_another_flight_is_refused():
    with pytest.raises(ScenarioError, match="boost_time"):
        load_text(SCENARIO.replace("EXTRA", "boost_time: 100 s"))


def test_more_drones_than_memory_holds_are_refused():
    crowd = SCENARIO.replace("count: 2", "count: 9000").replace("cruise-subsonic", "owa-drone")
    with pytest.raises(ScenarioError, match="flights of up to"):
        load_text(crowd.replace("EXTRA", ""))
    assert load_text(crowd.replace("EXTRA", "").replace("9000", "1000"))
