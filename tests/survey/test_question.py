"""The question: defaults with their origin, every problem at once, sizes refused beforehand."""

import math

import pytest

import opendome
from opendome.quantities.errors import OpendomeError
from opendome.survey.forms import CoverageError, read_question
from opendome.survey.grid import SCANS_MAX, lay_grid, refuse_scans
from opendome.survey.map import coverage
from opendome.survey.target import find_target

from .scenes import grid_of


@pytest.fixture(scope="module")
def scenarios():
    names = ("homeland-2026", "hypersonic-pacific", "fractional-orbit", "cruise-coast")
    return {name: opendome.load(name) for name in names}


def target_of(scenario, **asked):
    asked = {"threat": None, "phase": None, "altitude_m": None, "future": 0} | asked
    return find_target(scenario, scenario.realise(0), **asked)


def test_defaults_come_from_the_catalogue_with_their_reasons():
    question, inputs = read_question({"grid": "2 deg"}, classes=("srbm",), nodes=("US",))
    assert question.grid.middle == pytest.approx(math.radians(2.0))
    assert inputs["grid"].passport is None
    assert inputs["step"].passport.note
    assert inputs["step"].to_dict()["sources"] == ["project-assumption"]


def test_all_problems_at_once():
    asked = {"threat": "icbm-sold", "region": "japn", "node": "JP", "grid": "2", "step": "1 s..2 s"}
    with pytest.raises(CoverageError) as caught:
        read_question(asked, classes=("icbm-solid",), nodes=("US",))
    assert len(caught.value.problems) == 5
    text = str(caught.value)
    for words in ("'icbm-solid'?", "'japan'?", "deciding nation", "without a unit", "one value"):
        assert words in text


def test_a_phase_that_the_class_does_not_have(scenarios):
    with pytest.raises(CoverageError, match=r"phase 'boost'; allowed: cruise"):
        target_of(scenarios["cruise-coast"], phase="boost")


def test_an_area_without_a_cell():
    with pytest.raises(CoverageError, match="no cell has its middle"):
        lay_grid(
            size_rad=math.radians(30.0), region="guam", duration_s=60.0, step_s=60.0, dwell_s=30.0
        )


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"grid": "0.05 deg", "hours": 24}, "cells at"),
        ({"grid": "0.05 deg", "region": "japan"}, "cells on the globe"),
        ({"grid": "1 deg", "step": "1 s", "hours": 1}, "at most 20,000,000"),
    ],
)
def test_too_fine_is_refused_before_anything_is_made(scenarios, asked, words):
    with pytest.raises(OpendomeError, match="coarser --grid") as caught:
        coverage(scenarios["homeland-2026"], **asked)
    assert words in str(caught.value)


def test_too_many_scans_are_refused():
    grid = grid_of(20.0)
    refuse_scans(grid, 1.0)
    with pytest.raises(OpendomeError, match="scans of all sensors"):
        refuse_scans(grid, 2.0 * SCANS_MAX / (grid.cells * grid.moments))


def test_cells_fill_the_globe_and_moments_the_time():
    grid = grid_of(7.0, hours=1.0, step_s=600.0)
    assert grid.size_rad <= math.radians(7.0)
    assert grid.cells == 26 * 52
    assert grid.weight.sum() == pytest.approx(1.0)
    assert grid.t_s.tolist() == [0.0, 600.0, 1200.0, 1800.0, 2400.0, 3000.0]


def test_moments_of_a_ballistic_flight(scenarios):
    scenario = scenarios["homeland-2026"]
    by_phase = {phase: target_of(scenario, phase=phase) for phase in ("boost", "burnout")}
    coasting = target_of(scenario)
    assert coasting.phase == "midcourse"
    assert by_phase["boost"].altitude_m < by_phase["burnout"].altitude_m < coasting.altitude_m
    assert by_phase["burnout"].hot
    assert by_phase["burnout"].burning
    assert not coasting.hot
    assert by_phase["burnout"].intensity_w_sr > 1e3 * coasting.intensity_w_sr
    group = scenario.realise(0).raid_groups[0].threat
    assert coasting.rcs_m2 == group.rcs_midcourse_m2
    assert by_phase["boost"].intensity_w_sr == group.intensity_boost_w_sr
    assert target_of(scenario, altitude_m=3e5).altitude_m == 3e5


def test_other_kinds_of_flight(scenarios):
    glider = target_of(scenarios["hypersonic-pacific"], threat="hgv")
    assert glider.phase == "glide"
    assert glider.hot
    assert not glider.burning
    assert glider.manoeuvre_psd_m2_s3 > 0.0
    assert 20e3 < glider.altitude_m < 80e3
    assert target_of(scenarios["fractional-orbit"]).phase == "orbit"
    missile = target_of(scenarios["cruise-coast"])
    assert missile.phase == "cruise"
    assert missile.altitude_m < 30e3
    assert set(missile.phases) == {"cruise"}


@pytest.mark.parametrize("name", ["slbm", "hgv", "owa-drone", "fobs", "irbm"])
def test_a_class_that_no_raid_has(scenarios, name):
    found = target_of(scenarios["homeland-2026"], threat=name)
    assert found.class_name == name
    assert found.altitude_m > 0.0
    assert found.intensity_w_sr > 0.0
