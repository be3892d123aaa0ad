"""Questions of size in edge units: places, defaults with passports, curves, every problem."""

import json
import math

import numpy as np
import pytest

from opendome.quantities.errors import OpendomeError
from opendome.quantities.values import Interval, Point
from opendome.scenario.places import area
from opendome.sizing.answers import size_interceptors, size_sensors
from opendome.sizing.forms import (
    InterceptorQuestion,
    SensorQuestion,
    SizeError,
    constellations,
    read_question,
)
from opendome.sizing.places import area_names, points_of_area, points_of_band
from opendome.sources.catalogue import load_sources

QUICK = {"step": "10 min", "planes": 60}


def problems_of(subject="interceptors", **settings):
    with pytest.raises(SizeError) as caught:
        read_question(subject, settings)
    return {problem.path: problem for problem in caught.value.problems}


# --- places ------------------------------------------------------------------------


@pytest.mark.parametrize("name", area_names())
def test_points_lie_in_their_area_and_reach_its_ends(name):
    lat, lon = points_of_area(name)
    assert 4 <= lat.size <= 90
    assert lat.size == lon.size
    assert np.all(np.abs(lon) <= math.pi + 1e-12)
    patches = area(name).patches
    assert lat.min() == pytest.approx(min(patch.lat_rad.min() for patch in patches))
    assert lat.max() == pytest.approx(max(patch.lat_rad.max() for patch in patches))
    assert area(name).contains(lat[4:], lon[4:]).all()


def test_a_band_holds_its_edges_and_no_point_outside():
    lat, lon = points_of_band(Interval(math.radians(30), math.radians(60)), 0.0)
    degrees = np.degrees(lat)
    assert degrees.min() == pytest.approx(30.0)
    assert degrees.max() == pytest.approx(60.0)
    assert np.ptp(lon) > 5.0
    assert 40 < lat.size < 120


def test_a_point_is_one_point():
    lat, lon = points_of_band(Point(0.5), 1.0)
    assert (lat.tolist(), lon.tolist()) == ([0.5], [1.0])


# --- questions ------------------------------------------------------------------------


def test_defaults_carry_their_sources():
    question, inputs = read_question("interceptors", {"delay": "30 s"})
    assert isinstance(question, InterceptorQuestion)
    assert question.delay == Point(30.0)
    assert inputs["delay"].passport is None
    assert inputs["speed"].text == "6 km/s"
    for one in inputs.values():
        if one.passport is not None:
            assert set(one.passport.sources) <= set(load_sources())
            assert one.passport.basis != "unverified"
    assert inputs["salvo"].passport.basis == "read"
    assert list(inputs)[:2] == ["altitude", "inclination"]


def test_an_area_takes_the_place_of_the_default_latitude():
    question, inputs = read_question("sensors", {"area": "japan"})
    assert isinstance(question, SensorQuestion)
    assert question.latitude is None
    assert "latitude" not in inputs


def test_a_system_of_the_catalogue_fills_in_its_orbits():
    question, inputs = read_question("interceptors", {"system": "sbi-cbo-2026", "speed": "5 km/s"})
    assert question.satellites == Point(7800.0)
    assert question.planes == Point(78.0)
    assert question.altitude == Point(400e3)
    assert inputs["altitude"].remark == "middle of 300..500 km"
    assert question.speed == Point(5000.0)
    sensors, _ = read_question("sensors", {"system": "sda-tracking-t2"})
    assert (sensors.satellites, sensors.pattern) == (Point(54.0), "star")
    assert constellations("interceptors") == ("sbi-cbo-2026",)


# --- bad input ------------------------------------------------------------------------


def test_every_problem_at_once():
    found = problems_of(
        salvo="0", delay="60", speed="6 km", acceleration="-1 g", burn_time="0 s", area="japn",
        shots="2.5", foo="3", phasing="1..2",
    )  # fmt: skip
    assert set(found) == {
        "salvo", "delay", "speed", "acceleration", "burn_time", "area", "shots", "foo", "phasing",
    }  # fmt: skip
    assert "without a unit" in found["delay"].got
    assert "which is a length" in found["speed"].got
    assert found["area"].do == "did you mean 'japan'?"
    assert found["salvo"].allowed == "at least 1, at most 10000"
    assert found["phasing"].allowed == "one value"


@pytest.mark.parametrize(
    ("settings", "path", "words"),
    [
        ({"area": "japan", "latitude": "40 deg"}, "area", "an area and a latitude"),
        ({"satellites": 100, "planes": 7}, "planes", "100 satellites in 7 planes"),
        ({"planes": 3, "phasing": 3}, "phasing", "phasing 3 with 3 planes"),
        ({"step": "1 s", "duration": "10 days"}, "step", "864,000 moments"),
        ({"latitude": "91 deg"}, "latitude", "91 deg"),
        ({"pattern": "walker"}, "pattern", "'walker'"),
        ({"system": "sbi-cbo-2062"}, "system", "unknown system"),
        ({"altitude": "-400 km"}, "altitude", "-400 km"),
        ({"inclination": "200 deg"}, "inclination", "200 deg"),
        ({"fold": 2}, "fold", "unknown key 'fold'"),
        ({"delay": "nan s"}, "delay", "'nan s'"),
    ],
)
def test_one_problem(settings, path, words):
    found = problems_of(**settings)
    assert set(found) == {path}
    assert words in found[path].got
    assert found[path].do


def test_subjects_are_known():
    assert problems_of("senors")["subject"].do == "did you mean 'sensors'?"


def test_problems_of_the_curve_come_with_the_rest():
    with pytest.raises(SizeError) as caught:
        size_interceptors(curve="dely", salvo=0)
    assert {problem.path for problem in caught.value.problems} == {"curve", "salvo"}
    assert "did you mean 'delay'?" in str(caught.value)


@pytest.mark.parametrize(
    ("curve", "words"),
    [
        ("delay=30 s", "a range: low..high"),
        ("delay=0..2 h", "at most 1 h"),
        ("salvo=1..2 km", "a whole number"),
        ("speed=fast", "a speed in"),
        ("speed=5..3 km/s", "low..high"),
    ],
)
def test_ranges_of_a_curve(curve, words):
    with pytest.raises(OpendomeError, match=words):
        size_interceptors(curve=curve, **QUICK)


# --- answers ------------------------------------------------------------------------


def test_the_answer_of_the_defaults():
    answer = size_interceptors(**QUICK)
    assert answer.headline.startswith("To have always 20 interceptors in reach of latitude 40 deg")
    assert "planes of" in answer.headline
    assert f"{answer.satellites:,} satellites" in answer.headline
    assert any("what binds" in note for note in answer.notes)
    assert any("times the mean" in note for note in answer.notes)
    assert "best case" in answer.notes[-1]
    document = json.loads(json.dumps(answer.to_dict(), allow_nan=False))
    assert document["question"] == "interceptors"
    assert document["satellites"] == answer.satellites
    assert document["inputs"]["shots"] == {
        "value": "2", "set": False, "sources": ["aei-interceptor-calculator"], "basis": "computed",
        "note": document["inputs"]["shots"]["note"],
    }  # fmt: skip
    assert {"id", "title", "kind", "url", "for"} == set(document["sources"][0])
    assert answer.headline.split(";")[0] in answer._repr_html_()
    assert f"<td>{answer.satellites:,}</td>" in answer._repr_html_()
    assert "infeasible: no time" in size_interceptors(delay="180 s")._repr_html_()


def test_bias_is_flagged_only_where_it_is():
    calm = size_interceptors(satellites=600, planes=20)
    near = size_interceptors(inclination="45 deg", latitude="44 deg", satellites=600, planes=20)
    assert not calm.to_dict()["formula_biased"]
    assert near.to_dict()["formula_biased"]
    assert any(note.startswith("biased:") for note in near.notes)
    assert not any(note.startswith("biased:") for note in calm.notes)


def test_infeasible_is_an_answer():
    answer = size_interceptors(delay="180 s")
    assert not answer.feasible
    assert answer.satellites is None
    assert answer.headline.startswith("No number of satellites does it: no time is left to fly")


def test_a_judged_constellation_says_what_it_can_do():
    few = size_interceptors(system="sbi-cbo-2026")
    assert "does not always have" in few.headline
    assert "% of the time" in few.headline
    many = size_interceptors(system="sbi-cbo-2026", shots=1, burn_time="4 min")
    assert "always has 10 interceptors" in many.headline
    assert many.to_dict()["enough"] is True


def test_a_curve_falls_with_time_and_ends_where_nothing_helps():
    curve = size_interceptors(curve="delay=0..150 s", **QUICK).curve
    assert curve.unit == "s"
    assert curve.values[0] == 0.0
    assert curve.values[-1] == pytest.approx(150.0)
    document = curve.to_dict()
    known = [n for n in document["satellites"]["cap_density"] if n is not None]
    assert known == sorted(known)
    assert len(known) < len(curve.values)
    assert document["binding"][0] is None
    assert "cannot come down" in document["binding"][-1]


def test_a_curve_of_whole_numbers_is_whole_and_linear_on_average():
    curve = size_interceptors(curve="salvo=1..6", **QUICK).curve
    assert curve.values == (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    even = curve.to_dict()["satellites"]["even_shell"]
    assert [round(n / even[0]) for n in even] == [1, 2, 3, 4, 5, 6]


def test_a_curve_without_a_range_stays_among_allowed_values():
    curve = size_interceptors(curve="altitude", altitude="200 km", **QUICK).curve
    assert min(curve.values) >= 120.0
    assert max(curve.values) == pytest.approx(400.0)


def test_sensors_answer_in_words():
    found = size_sensors(fold=2, planes=5, step="5 min")
    assert "without a gap in stereo takes" in found.headline
    judged = size_sensors(system="sda-tracking-t2", latitude="-60..60 deg", fold=5)
    assert "does not see latitudes -60 to 60 deg by 5 at once" in judged.headline
    assert len(judged.to_dict()["coverage"]["folds"]) == 5
    nothing = size_sensors(target_altitude="2000 km")
    assert nothing.headline.startswith("No number of satellites sees")
    cold = size_sensors(background="space", satellites=60, planes=6)
    assert any("but not nearer than" in note for note in cold.notes)
    for answer in (found, judged, nothing, cold):
        json.dumps(answer.to_dict(), allow_nan=False)
        assert answer._repr_html_().startswith("<p>")
