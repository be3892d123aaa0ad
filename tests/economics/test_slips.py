"""The record of slips: passports, dates, the fit against plain simulation, and its coverage."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from opendome.economics.slips import (
    SlipFit,
    SlipRecord,
    coverage,
    fit_slips,
    late_ratio,
    left_out,
    load_slips,
    read_slips,
)
from opendome.quantities.dates import DateError, date_s, day_of, day_s
from opendome.quantities.errors import OpendomeError
from opendome.sources.catalogue import load_milestones, load_sources

RECORD = load_slips()
FIT = fit_slips()
CLASSES = list(RECORD.classes)
PASSPORTS = [
    pytest.param(part, id=f"{slip.name}-{part.name}")
    for slip in RECORD.slips
    for part in (slip.start, slip.planned, slip.reached)
] + [pytest.param(part, id=f"prior-{name}") for name, part in RECORD.prior.items()]


# --- dates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2029-01-20", date(2029, 1, 20)),
        ("2011-02", date(2011, 2, 15)),
        ("2018", date(2018, 7, 2)),
        ("2018-mid", date(2018, 7, 2)),
        ("2004-Q1", date(2004, 2, 15)),
        ("2028-FY", date(2028, 4, 1)),
    ],
)
def test_a_date_is_the_middle_of_what_it_names(text, day):
    assert day_of(date_s(text)) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "20-01-2029",
        "2029-13",
        "2029-00",
        "2029-02-30",
        "1850",
        "2150",
        "2029-Q5",
        "2029-1",
    ],
)
def test_no_date_is_refused(text):
    with pytest.raises(DateError, match="allowed: a date"):
        date_s(text)


def test_a_day_must_be_a_day():
    assert day_of(day_s("2029-01-20")) == date(2029, 1, 20)
    with pytest.raises(DateError, match="a day, as 2029-01-20"):
        day_s("2029-01")


def test_every_milestone_has_a_date_we_can_read():
    assert all(date_s(entry["date"]) > 0 for entry in load_milestones())


# --- the record -----------------------------------------------------------------------


@pytest.mark.parametrize("part", PASSPORTS)
def test_every_date_has_a_passport(part):
    passport, known = part.passport, load_sources()
    strong = [known[name] for name in passport.sources if not known[name].weak]
    assert passport.sources
    if passport.basis == "read":
        assert any(source.read for source in strong)
    if passport.basis in ("computed", "assumed"):
        assert passport.note


def test_the_record_covers_the_classes_it_names():
    counts = {name: len(RECORD.of_class(name)) for name in CLASSES}
    assert counts["space-interceptor"] == 0  # none was ever fielded
    assert all(count >= 7 for name, count in counts.items() if name != "space-interceptor")
    # by hand: planned 76.5 months after the award at most, 114 taken
    muos = next(slip for slip in RECORD.slips if slip.name == "muos-1")
    assert muos.ratio == pytest.approx(
        (2012 + 1.5 / 12 - 2004.5) / (2010 - 0.5 / 12 - 2004.5), rel=2e-3
    )


BAD = """
as_of: 2026-11-22
classes: {ground: radars}
prior: {}
records:
  one:
    what: a radar
    class: %s
    start: {text: %s, source: [recollection], basis: unverified}
    planned: {text: %s, source: [recollection], basis: unverified}
    %s: {text: 2012, source: [recollection], basis: unverified}
"""


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        (("sea", "2005", "2010", "actual"), "the class 'sea'"),
        (("ground", "2010", "2005", "actual"), "dates out of order"),
        (("ground", "2005", "2010", "done"), "the keys"),
        (("ground", "2005", "some day", "actual"), "the date 'some day'"),
    ],
)
def test_a_damaged_record_is_refused(fill, said):
    assert read_slips(BAD % ("ground", "2005", "2010", "actual")).slips
    with pytest.raises(OpendomeError, match=said):
        read_slips(BAD % fill)


# --- the fit --------------------------------------------------------------------------


def made(ratios_by_class, still_open=()):
    """A record with given ratios, all plans of a thousand days."""
    lines = [
        "as_of: 2026-11-22",
        "classes: {" + ", ".join(f"{n}: x" for n in ratios_by_class) + "}",
    ]
    lines += ["prior:"]
    for name, part in RECORD.prior.items():
        lines += [f"  {name}: {{value: {part.given}, source: [recollection], basis: assumed}}"]
    lines += ["records:"]
    for name, ratios in ratios_by_class.items():
        for number, ratio in enumerate(ratios):
            end = day_of(day_s("2000-01-01") + ratio * 1000 * 86400.0)
            key = "open" if (name, number) in still_open else "actual"
            tail = "source: [recollection], basis: unverified}"
            lines += [
                f"  {name}-{number}:",
                "    what: x",
                f"    class: {name}",
                f"    start: {{text: 2000-01-01, {tail}",
                f"    planned: {{text: {day_of(day_s('2000-01-01') + 1000 * 86400.0)}, {tail}",
                f"    {key}: {{text: {end}, {tail}",
            ]
    return read_slips("\n".join(lines))


def test_much_data_gives_back_its_own_distribution():
    """Two hundred plans drawn from a known lognormal: quantiles within sampling error."""
    rng = np.random.default_rng(5)
    ratios = np.exp(rng.normal(0.4, 0.3, 200))
    fit = SlipFit(record=made({"a": ratios}))
    for share in (0.1, 0.5, 0.9):
        truth = np.exp(0.4 + 0.3 * stats.norm.ppf(share))
        # standard error of a lognormal quantile from 200 plans is about 3 %; five of them
        assert fit.quantile("a", share) == pytest.approx(truth, rel=0.15)


def test_draws_agree_with_the_exact_distribution():
    """100,000 draws against `p_at_most`; Kolmogorov-Smirnov, false alarm under 1 in 1,000."""
    uniform = np.random.default_rng(1).random((3, 100_000))
    states = FIT.states(uniform[0])
    for name in CLASSES:
        mean, spread = FIT.of_class(name, states, uniform[1])
        ratio = late_ratio(mean, spread, uniform[2], at_least=np.zeros(100_000))
        for share in (0.05, 0.5, 0.95):
            off = np.mean(ratio <= FIT.quantile(name, share)) - share
            assert abs(off) < 4.0 * np.sqrt(share * (1 - share) / 100_000) + 1e-3


def test_few_data_lean_on_the_others():
    """A class with one early plan is drawn towards the rest; one with none is the widest."""
    others = {"a": [1.5, 1.6, 1.7, 1.8, 1.6], "b": [1.4, 1.5, 1.7, 1.9, 1.6]}
    fit = SlipFit(record=made({**others, "few": [0.9], "none": []}))
    assert 0.9 < fit.quantile("few", 0.5) < 1.6
    width = {n: np.log(fit.quantile(n, 0.9) / fit.quantile(n, 0.1)) for n in ("a", "few", "none")}
    assert width["a"] < width["few"] < width["none"]


def test_an_open_plan_counts_as_at_least():
    closed = SlipFit(record=made({"a": [1.2, 1.4, 1.6], "b": [1.3, 1.5, 1.5]}))
    opened = SlipFit(
        record=made({"a": [1.2, 1.4, 1.6], "b": [1.3, 1.5, 1.5]}, still_open={("a", 2)})
    )
    bare = SlipFit(record=made({"a": [1.2, 1.4], "b": [1.3, 1.5, 1.5]}))
    assert opened.quantile("a", 0.9) > closed.quantile("a", 0.9)
    assert opened.quantile("a", 0.5) > bare.quantile("a", 0.5)


def test_open_plans_read_as_finished_would_be_too_hopeful():
    """The negative control of the test above: the shipped record, with and without."""
    closed = SlipRecord(
        slips=tuple(s for s in RECORD.slips if not s.still_open),
        classes=RECORD.classes,
        prior=RECORD.prior,
    )
    assert FIT.quantile("ground", 0.9) > SlipFit(record=closed).quantile("ground", 0.9)


@given(
    mean=st.floats(-0.5, 1.0),
    spread=st.floats(0.05, 1.2),
    u=st.floats(1e-9, 1 - 1e-9),
    least=st.floats(0.0, 60.0),
)
def test_what_has_not_come_is_not_drawn_as_past(mean, spread, u, least):
    args = [np.array([x]) for x in (mean, spread, u)]
    ratio = late_ratio(*args, at_least=np.array([least]))[0]
    free = late_ratio(*args, at_least=np.zeros(1))[0]
    assert np.isfinite(ratio)
    assert ratio >= least * (1 - 1e-12)
    assert ratio >= free * (1 - 1e-9)


@given(name=st.sampled_from(CLASSES), low=st.floats(0.05, 0.95), step=st.floats(0.001, 0.04))
def test_quantiles_rise_and_return(name, low, step):
    ratio = FIT.quantile(name, low)
    assert FIT.quantile(name, low + step) > ratio
    assert FIT.p_at_most(name, ratio) == pytest.approx(low, abs=1e-6)


# --- how well it does -----------------------------------------------------------------


def test_left_out_plans_lie_where_they_should():
    """Of 20 finished plans, each predicted from all others.

    If the model is right the number inside the central 80 % is binomial: 11 to 20 of 20 has a
    false-alarm rate of 0.3 %. The shares must be even: Kolmogorov-Smirnov at 1 %.
    """
    shares = list(left_out(RECORD).values())
    assert len(shares) == 20
    assert round(20 * coverage(shares, 0.8)) >= 11
    assert stats.kstest(shares, "uniform").pvalue > 0.01


def test_believing_the_plans_would_fail_the_same_check():
    """The control: a prediction of no slip, give or take 10 %, covers next to nothing."""
    shares = [
        float(stats.norm.cdf(np.log(slip.ratio) / 0.1))
        for slip in RECORD.slips
        if not slip.still_open
    ]
    assert coverage(shares, 0.8) < 0.5
    assert stats.kstest(shares, "uniform").pvalue < 0.01


# --- the page -------------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs" / "models" / "schedule-slip.md").read_text("utf-8")


def test_the_page_shows_the_record_as_it_is():
    for slip in RECORD.slips:
        end = f"{'open in ' if slip.still_open else ''}{slip.reached.given}"
        ratio = f"{'over ' if slip.still_open else ''}{slip.ratio:.2f}"
        cells = (slip.slip_class, slip.what, slip.start.given, slip.planned.given, end, ratio)
        assert f"| {' | '.join(map(str, cells))} |" in PAGE


def test_the_page_shows_the_fit_as_it_is():
    for name in CLASSES:
        shown = " | ".join(f"{FIT.quantile(name, at):.2f}" for at in (0.1, 0.5, 0.9))
        on_time = f"{100 * FIT.p_at_most(name, 1.0):.0f} %"
        assert f"| {name} | {len(RECORD.of_class(name))} | {shown} | {on_time} |" in PAGE
    shares = list(left_out(RECORD).values())
    held = [round(20 * coverage(shares, level)) for level in (0.8, 0.5)]
    assert f"80 % of the prediction held {held[0]}, the central 50 % held {held[1]}" in " ".join(
        PAGE.split()
    )
