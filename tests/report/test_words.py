"""Sentences and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.report import words


def raid(objects, *, threats=None, flights=("ballistic",), killed=0.0):
    return {
        "objects": objects,
        "threats": objects if threats is None else threats,
        "flights": list(flights),
        "others_killed": {"mean": killed, "low": killed, "high": killed},
    }


def summary(*, objects=10, mean=2.3, low=1.6, high=3.1, p=(0.12, 0.05, 0.22), trials=1000, **more):
    return {
        "raid": raid(objects),
        "trials": trials,
        "leakers": {"mean": mean, "low": low, "high": high},
        "p_no_leaker": dict(zip(("value", "low", "high"), p, strict=True)),
        **more,
    }


def test_one_is_not_many():
    assert words.counted(1, "future") == "1 future"
    assert words.counted(0, "trial") == "0 trials"
    assert words.counted(1000, "trial") == "1,000 trials"


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (
            summary(),
            "Of ten missiles, 2.3 got through on average (95 % interval 1.6 to 3.1); "
            "the chance that none does is 12 % (5 to 22 %).",
        ),
        (
            summary(mean=0.0, low=0.0, high=0.7, p=(1.0, 0.93, 1.0)),
            "None of ten missiles got through in 1,000 trials; the chance that none does is at "
            "least 93 % (95 % interval).",
        ),
        (
            summary(mean=10.0, low=9.0, high=10.0, p=(0.0, 0.0, 0.07)),
            "All ten missiles got through, in every one of 1,000 trials.",
        ),
        (
            summary(objects=1, mean=0.23, low=0.15, high=0.33, p=(0.77, 0.67, 0.85)),
            "The one missile got through in 23 % of 1,000 trials (95 % interval 15 to 33 %).",
        ),
        (
            summary(objects=300, mean=262.4, low=255.25, high=270.9, p=(0.0, 0.0, 0.004)),
            "Of 300 missiles, 262 got through on average (95 % interval 255 to 271); "
            "the chance that none does is at most 0.4 %.",
        ),
    ],
)
def test_headline(given_, expected):
    assert words.headline(given_).replace(words.NBSP, " ") == expected


@pytest.mark.parametrize(
    ("flights", "expected"),
    [
        (["ballistic", "orbital"], "ten missiles"),
        (["glide"], "ten gliders"),
        (["rocket"], "ten rockets"),
        (["mortar", "rocket"], "ten rockets and mortar rounds"),
        (["ballistic", "glide"], "ten missiles and gliders"),
        (["ballistic", "cruise"], "ten threats"),
        (["ballistic", "glide", "rocket"], "ten threats"),
        (["cruise"], "ten threats"),
    ],
)
def test_threats_are_called_by_their_flight(flights, expected):
    assert words.threats(raid(10, flights=flights)) == expected
    one = "threat" if " and " in expected else expected.removeprefix("ten ")[:-1]
    assert words.noun(raid(1, flights=flights), 1) == one


def test_the_headline_counts_threats_and_the_rest_is_named():
    fates = dict.fromkeys((*words.STOPPED, words.KILLED, *words.BROKEN), 0.0)
    given_ = summary(
        raid=raid(60, threats=10, killed=12.25), fates=fates, layers={"sbi": {"kills": 20.0}}
    )
    assert words.headline(given_).startswith("Of ten missiles, 2.3 got through")
    assert "Of 50 other objects, which harm nobody, 12.2 were killed" in words.explanation(given_)
    alone = summary(fates=fates, layers={"sbi": {"kills": 20.0}})
    assert "other objects" not in words.explanation(alone)


def test_explanation():
    fates = dict.fromkeys((*words.STOPPED, words.KILLED, *words.BROKEN), 0.0)
    fates |= {"no reach": 1.2, "shots missed": 0.6, "no stock": 0.2}
    layers = {"upper": {"kills": 1.5}, "sbi": {"kills": 5.0}, "lower": {"kills": 0.0}}
    text = words.explanation(summary(fates=fates, layers=layers)).replace(words.NBSP, " ")
    assert text == (
        "Interceptors killed 6.5 on average: sbi 5 and upper 1.5. Of those that got through, "
        "60 % were within reach of no interceptor and 30 % were shot at and missed."
    )
    layers = {"a": {"kills": 2.0}, "b": {"kills": 0.001}}
    assert ", nearly all by a. " in words.explanation(summary(fates=fates, layers=layers))
    assert ", all by a. " in words.explanation(summary(fates=fates, layers={"a": {"kills": 2.0}}))
    only = dict.fromkeys(fates, 0.0)
    text = words.explanation(summary(fates=only, layers={"a": {"kills": 0.0}}))
    assert text == "No interceptor killed anything. Nothing got through."
    text = words.explanation(summary(fates=only | {"no reach": 2.0}, layers={}))
    assert text == (
        "There was no interceptor to fire. Those that got through were within reach of no "
        "interceptor."
    )


def test_every_fate_has_its_words():
    from opendome.engagement.records import FATE_WORDS, Fate

    assert set(words.BROKEN) == {FATE_WORDS[fate] for fate in Fate if fate.leaked}
    rest = {FATE_WORDS[fate] for fate in Fate if not fate.leaked}
    assert rest == {*words.STOPPED, words.KILLED}


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.001, "under 0.01"), (0.04, "0.04"), (0.275, "0.28"), (0.3, "0.3"), (1, "1"),
     (2.34, "2.3"), (44, "44"), (262.44, "262.4"), (7800, "7,800"), (1234.5, "1,234")],
)  # fmt: skip
def test_amount(value, text):
    assert words.amount(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0"), (1, "100"), (1e-9, "under 0.1"), (1 - 1e-9, "over 99.9"), (0.004, "0.4"),
     (0.123, "12"), (0.996, "99.6"), (0.5, "50")],
)  # fmt: skip
def test_percent(share, text):
    assert words.percent(share) == f"{text}{words.NBSP}%"


@given(st.floats(1e-12, 1.0 - 1e-12))
def test_a_share_that_is_not_certain_never_reads_as_certain(share):
    assert words.percent(share) not in (f"0{words.NBSP}%", f"100{words.NBSP}%")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0.0 s"), (2.34, "2.3 s"), (59.4, "59 s"), (60.0, "1 min 00 s"), (188.0, "3 min 08 s"),
     (-75.0, "−1 min 15 s"), (-3.0, "−3.0 s"), (9.97, "10 s"), (59.7, "1 min 00 s")],
)  # fmt: skip
def test_duration(seconds, text):
    assert words.duration(seconds).replace(words.NBSP, " ") == text


def test_interval():
    assert words.interval(0.001, 2.63) == "0 to 2.6"
    assert words.interval(0.0, 0.001) == "0 to under 0.01"
    assert words.interval(255.25, 270.9, 300) == "255 to 271"


def test_p_value():
    assert words.p_value(0.0001) == "p < 0.001"
    assert words.p_value(0.0312) == "p = 0.031"
    assert words.p_value(0.5) == "p = 0.50"


def test_who_commanded_is_said():
    document = summary(
        futures=50,
        command={
            "nodes": ["US", "north", "south"],
            "sectors": {"north": "US", "south": "US", "west": "JP"},
            "cut_off": {"US": 12},
            "people": {
                "warning": {"time": "1 min"},
                "release": {"median": "30 s", "p90": "90 s"},
            },
        },
    )
    assert words.command_lines(document) == [
        "command of US cut off in 12 of 50 futures: north and south fought alone",
        "people before the first shot of an attack: warning 1 min, release 30 s (nine in ten "
        "within 90 s)",
    ]
    assert words.command_lines(summary()) == []


def test_value_lost_and_rounds_kept():
    def mean(value, low=0.0, high=0.0):
        return {"mean": value, "low": low, "high": high}

    value = {
        "at_stake": mean(7.0),
        "lost": mean(0.62, 0.4, 0.92),
        "lost_left_alone": mean(0.02),
        "engaged": mean(15.9),
        "left_alone": mean(64.2),
        "rounds_saved": mean(128.4),
    }
    summary = {"raid": {"objects": 92}, "value": value}
    assert words._losses(summary) == (
        "Of a value of 7 at stake, 0.62 was lost (0.4 to 0.92). Leaving 64.2 objects alone, each "
        "worth less than a round, kept 128.4 rounds and added 0.02 to that loss."
    )
    value["lost_left_alone"] = mean(0.0)
    assert words._losses(summary).endswith("kept 128.4 rounds and cost nothing.")
    value["left_alone"] = mean(0.0)
    assert words._losses(summary).endswith("(0.4 to 0.92).")
    value["at_stake"] = mean(0.0)
    assert words._losses(summary) == "Nothing of value was at stake."
    assert words._losses({"raid": {"objects": 92}, "value": None}) == ""
    assert words._losses({"raid": {"objects": 92}}) == ""
