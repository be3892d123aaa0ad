"""Data files of studies, and what a user may change in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.quantities.errors import OpendomeError
from opendome.quantities.units import quantity
from opendome.sources.catalogue import load_sources
from opendome.studies.evaluation import every_case, study
from opendome.studies.loading import StudyError, load_study, read_study, study_names
from opendome.studies.registry import MODELS

NAME = "wilkening-1999"


@pytest.mark.parametrize("name", study_names())
def test_every_study_is_whole(name):
    record = load_study(name)
    assert set(record.model.form.model_fields) == set(record.inputs)
    outputs = {output.name for output in record.model.outputs}
    known = load_sources()
    assert record.question.endswith("?")
    assert len(record.about) > 40
    for parameter in record.inputs.values():
        assert set(parameter.passport.sources) <= set(known)
        assert parameter.passport.basis not in ("assumed", "computed") or parameter.passport.note
    for case in record.cases.values():
        assert set(case.published) <= outputs
        assert set(case.settings) <= set(record.inputs)
        for figure in case.published.values():
            assert set(figure.passport.sources) <= set(known)
    assert set(record.compare) <= set(record.cases)


@pytest.mark.parametrize("name", study_names())
def test_published_figures_hold_or_say_why_not(name):
    for case, result in every_case(name).items():
        for row in result.compared:
            assert row.within or row.reason, (case, row.name)


def test_every_model_is_used():
    assert {load_study(name).model.form for name in study_names()} == {
        __import__(f"opendome.studies.{module}", fromlist=["MODEL"]).MODEL.form
        for module in MODELS.values()
    }


def test_a_case_is_found_by_its_inputs():
    named = study(f"{NAME}:shoot-look-shoot-20")
    found = study(NAME, doctrine="shoot-look-shoot")
    assert found.case == named.case
    assert [row.ours for row in found.rows] == [row.ours for row in named.rows]
    assert study(NAME, warheads=7).case is None
    assert all(row.published is None for row in study(NAME, warheads=7).rows)


def test_inputs_come_back_in_the_unit_of_the_data_file():
    inputs = study("aei-sbi-calculator", flyout="1.25 min", salvo=5).to_dict()["inputs"]
    assert inputs["flyout"] == {"value": 75.0, "unit": "s", "set": True}
    assert inputs["salvo"] == {"value": 5.0, "unit": "", "set": True}
    assert inputs["altitude"] == {"value": 300.0, "unit": "km", "set": False}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"warhead": 3}, "did you mean 'warheads'"),
        ({"p_kill": 1.5}, "at most 1"),
        ({"p_kill": "0.5..0.7"}, "one value"),
        ({"p_kill": "12 of 21"}, "one value"),
        ({"doctrine": "barage"}, "did you mean 'barrage'"),
        ({"warheads": 2.5}, "whole number"),
        ({"warheads": "ten"}, "ten"),
        ({"confidence": "80 km"}, "km"),
    ],
)
def test_wrong_settings_are_refused_with_advice(settings, words):
    with pytest.raises(StudyError, match=words):
        study(NAME, **settings)


def test_all_problems_at_once():
    with pytest.raises(StudyError) as caught:
        study(NAME, warhead=3, p_kill=7, doctrine="x")
    assert len(caught.value.problems) == 3
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize("name", ["cbo-2027", "", "..", "wilkening-1999:nothing"])
def test_unknown_names_are_refused(name):
    with pytest.raises(OpendomeError, match="unknown"):
        study(name)


def test_a_damaged_data_file_is_refused():
    with pytest.raises(OpendomeError, match="colour"):
        read_study("study: x\ncolour: red\n", "x")


@given(st.integers(1, 10**6))
def test_a_number_reads_as_its_text(warheads):
    text = study(NAME, warheads=str(warheads)).inputs["warheads"].value
    assert text == warheads == quantity(str(warheads))[0].middle
