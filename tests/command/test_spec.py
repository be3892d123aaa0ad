"""The command part of a scenario."""

import math

import pytest
from pydantic import ValidationError

from opendome.command.spec import UNLIMITED, CommandSpec, DoctrineSpec

GIVEN = {
    "cycle": "5 s",
    "confirm": "20..60 s",
    "assessment_delay": "10 s",
    "p_false_kill": 0.1,
    "p_false_miss": "0.05..0.15",
    "commit_sigma": "20 km",
    "harmless_sigmas": 3,
    "p_threat": 0.5,
    "p_engage": 0.1,
    "p_inside": 0.6,
}


def spec(**changes):
    return CommandSpec.model_validate(GIVEN | changes)


def test_a_model_has_every_value_in_base_units():
    model = spec().realise(lambda name, value: value.middle)
    assert (model.cycle_s, model.confirm_s, model.commit_sigma_m) == (5.0, 40.0, 20_000.0)
    assert (model.p_false_kill, model.p_false_miss) == (0.1, pytest.approx(0.1))
    assert (model.assessment_delay_s, model.harmless_sigmas) == (10.0, 3.0)


def test_each_value_is_asked_for_once_under_its_own_name():
    asked = []
    spec().realise(lambda name, value: asked.append(name) or value.quantile(0.25))
    assert asked == list(GIVEN)


def test_values_do_not_change_places():
    """Each name lands in the field of its own name."""
    picked = {name: float(place + 1) for place, name in enumerate(GIVEN)}
    model = spec().realise(lambda name, value: picked[name])
    for name in GIVEN:
        field = next(f for f in vars(model) if f.startswith(name))
        assert getattr(model, field) == picked[name], name


@pytest.mark.parametrize(
    ("given", "salvo", "salvos_max"),
    [
        (None, 1, 1),
        ("shoot-look-shoot", 1, UNLIMITED),
        ({"salvo": 2}, 2, 1),
        ({"salvo": 2, "looks": 3}, 2, 3),
        ({"looks": "unlimited"}, 1, UNLIMITED),
    ],
)
def test_doctrine(given, salvo, salvos_max):
    command = spec(**({} if given is None else {"doctrine": {"ground": given}}))
    doctrine = command.doctrine_of("ground")
    assert (doctrine.salvo, doctrine.salvos_max) == (salvo, salvos_max)
    assert command.doctrine_of("other") == spec().doctrine_of("anything")


@pytest.mark.parametrize(
    "changes",
    [
        {"cycle": "5 km"},
        {"cycle": "5"},
        {"cycle": "0 s"},
        {"cycle": "-5 s"},
        {"confirm": "-1 s"},
        {"assessment_delay": "-1 s"},
        {"commit_sigma": "-1 km"},
        {"harmless_sigmas": -1},
        {"p_false_kill": 1.5},
        {"p_false_miss": "0.9..0.1"},
        {"commit_sigma": "nan km"},
        {"doctrine": {"ground": "shoot"}},
        {"doctrine": {"ground": {"salvo": 0}}},
        {"doctrine": {"ground": {"salvo": 17}}},
        {"doctrine": {"ground": {"looks": "many"}}},
        {"doctrine": {"ground": {"looks": 0}}},
        {"doctrine": {"ground": {"looks": -1}}},
        {"doctrine": {"ground": {"shots": 2}}},
        {"sycle": "5 s"},
    ],
)
def test_what_is_refused(changes):
    with pytest.raises(ValidationError):
        spec(**changes)


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_nothing_may_be_left_out(name):
    with pytest.raises(ValidationError):
        CommandSpec.model_validate({k: v for k, v in GIVEN.items() if k != name})


def test_a_doctrine_alone():
    doctrine = DoctrineSpec().realise()
    assert (doctrine.salvo, doctrine.reserve, doctrine.engage) == (1, 0, "free")


@pytest.mark.parametrize(
    "also", [{"salvo": 2}, {"looks": 3}, {"looks": "unlimited"}, {"reserve": 1}]
)
def test_a_layer_on_hold_has_no_plan(also):
    with pytest.raises(ValidationError, match=next(iter(also))):
        DoctrineSpec.model_validate({"engage": "hold", **also})
    assert DoctrineSpec.model_validate({"engage": "tight", **also}).realise().engage == "tight"


def test_a_layer_on_hold_may_spell_out_that_it_has_no_plan():
    held = {"engage": "hold", "salvo": 1, "looks": 1, "reserve": 0}
    assert DoctrineSpec.model_validate(held).realise().engage == "hold"


def test_nobody_is_asked_unless_a_scenario_says_so():
    model = spec().realise(lambda name, value: value.middle)
    assert (model.people, model.solver, model.p_inside) == ((), "greedy", 0.6)


def test_steps_of_people_come_in_their_order():
    people = {
        "release": "30 s",
        "warning": "60..90 s",
        "confirmation": {"median": "100 s", "p90": "200..300 s"},
    }
    asked = {}
    model = spec(people=people).realise(
        lambda name, value: asked.setdefault(name, value.quantile(0.5))
    )
    assert [step.name for step in model.people] == ["warning", "confirmation", "release"]
    assert [step.median_s for step in model.people] == pytest.approx([75.0, 100.0, 30.0])
    # ln 2.5 over the 90 percent point of the standard normal, 1.2816 in any table
    assert [step.sigma_log for step in model.people] == pytest.approx(
        [0.0, math.log(2.5) / 1.281552, 0.0], rel=1e-6
    )
    assert [name for name in asked if name.startswith("people")] == [
        "people.warning",
        "people.confirmation.median",
        "people.confirmation.p90",
        "people.release",
    ]


@pytest.mark.parametrize(
    "people",
    [
        {"release": {"median": "30 s", "p90": "20 s"}},
        {"release": {"median": "30..60 s", "p90": "50 s"}},
        {"release": {"median": "0 s", "p90": "20 s"}},
        {"release": {"median": "30 s"}},
        {"release": "-1 s"},
        {"release": "25 h"},
        {"decision": "10 s"},
        "30 s",
    ],
)
def test_times_of_people_that_are_refused(people):
    with pytest.raises(ValidationError):
        spec(people=people)
