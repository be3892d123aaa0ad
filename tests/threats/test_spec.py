"""The class as a scenario or the catalogue writes it."""

import pytest
from pydantic import ValidationError

from opendome.threats.ballistic_spec import ThreatSpec

from .shots import CLASSES, aimed, burnout, fly, spec, threat

GIVEN = {
    "boost_time": "170 s",
    "stages": 3,
    "burnout_altitude": "180 km..250 km",
    "range_min": "5500 km",
    "range_max": "12000 km",
    "ballistic_coefficient": "9000 kg/m2",
    "intensity_boost": "1 MW/sr",
    "intensity_body": "40 W/sr",
    "rcs_boost": "2 m2",
    "rcs_midcourse": "0.05 m2",
}


def middle(_, value):
    return value.middle


@pytest.mark.parametrize("name", CLASSES)
def test_the_catalogue_writes_whole_classes(name):
    craft = threat(name)
    assert craft.boost_s == spec(name).boost_time.quantile(0.5)
    assert craft.intensity_boost_w_sr > 100.0 * craft.intensity_body_w_sr
    assert craft.range_min_m < craft.range_max_m


def test_realise_gives_every_value_in_si():
    craft = ThreatSpec(**GIVEN, reliability="0.9", exhaust_speed="2.7 km/s").realise(middle)
    assert craft.boost_s == 170.0
    assert craft.stages == 3
    assert craft.exhaust_m_s == 2700.0
    assert craft.burnout_altitude_m == 215e3
    assert (craft.range_min_m, craft.range_max_m) == (5.5e6, 12e6)
    assert craft.ballistic_coefficient_kg_m2 == 9000.0
    assert craft.ballistic_coefficient_boost_kg_m2 is None
    assert (craft.intensity_boost_w_sr, craft.intensity_body_w_sr) == (1e6, 40.0)
    assert (craft.rcs_boost_m2, craft.rcs_midcourse_m2) == (2.0, 0.05)
    assert craft.reliability == 0.9


def test_pick_is_asked_once_for_each_given_field():
    asked = []

    def pick(field, value):
        asked.append(field)
        return value.middle

    ThreatSpec(**GIVEN, ballistic_coefficient_boost="30000 kg/m2").realise(pick)
    assert sorted(asked) == sorted({*GIVEN, "ballistic_coefficient_boost", "reliability"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"warhead": "1"}, "Extra inputs"),
        ({"boost_time": "170 km"}, "duration"),
        ({"boost_time": "5 s"}, "at least 10 s"),
        ({"burnout_altitude": "-5 km"}, "at least 1 km"),
        ({"stages": 2.5}, "whole number"),
        ({"stages": 0}, "at least 1"),
        ({"ballistic_coefficient": "0 kg/m2"}, "at least 100 kg/m2"),
        ({"range_min": "12500 km"}, "always below range_max"),
        ({"range_max": "19000 km"}, "at most 18000 km"),
        ({"reliability": "1.2"}, "probability"),
        ({"rcs_boost": "nan m2"}, "nan"),
    ],
)
def test_a_wrong_value_is_refused_with_words(change, words):
    with pytest.raises(ValidationError, match=words):
        ThreatSpec(**{**GIVEN, **change})


@pytest.mark.parametrize("missing", ["boost_time", "range_max", "intensity_boost"])
def test_a_missing_value_is_refused(missing):
    with pytest.raises(ValidationError, match=missing):
        ThreatSpec(**{key: value for key, value in GIVEN.items() if key != missing})


def test_drag_in_boost_costs_speed():
    """What is solved is the ideal velocity change: the state at burnout hardly moves."""
    course = (40.0, 127.0, 40.0, -100.0)
    with_drag = threat("icbm-solid", ballistic_coefficient_boost_kg_m2=10e3)
    without = threat("icbm-solid", ballistic_coefficient_boost_kg_m2=None)
    assert aimed(with_drag, course)[0][0] > aimed(without, course)[0][0]
    one, other = burnout(fly(with_drag, [course]))[1], burnout(fly(without, [course]))[1]
    assert one == pytest.approx(other, abs=30.0)
