"""Bill, calendar and record of a page: the numbers of the rooms below, words for what is not."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from opendome.economics.bill import bill as price
from opendome.economics.records import SPACE
from opendome.economics.timeline import timeline
from opendome.report import outlook_words
from opendome.report.bill_summary import bill_headline
from opendome.report.figures import bill, bills, calendar, record
from opendome.report.numerals import dollars
from opendome.report.outlook import CALENDARS, Outlook
from opendome.report.page import render, write_report
from opendome.report.story import Story
from opendome.results.folder import open_run
from opendome.scenario.loading import load
from opendome.studies.evaluation import every_case
from opendome.studies.scoreboard import scoreboard

from .pages import Reader
from .runs import Sham, write_made_up


@pytest.fixture(scope="module")
def outlook(run_of):
    return Outlook(Story(run_of("priced")))


@pytest.fixture(scope="module")
def text(page_of):
    return Reader(page_of("priced")).text


def test_the_page_has_the_numbers_of_the_bill(outlook, text):
    found = price(load("golden-dome"))
    assert found.digest == outlook.bill.digest
    headline = bill_headline(found.to_dict()).replace("\u00a0", " ")
    assert headline in text
    for system, cost in found.by_system().items():
        assert f"{system} " in text
        assert dollars(cost.mean) in text
    for gap in found.omissions:
        assert f"{gap.part}: {gap.reason}" in text
    for part in found.scope:
        assert f"{part.name} {part.counted} {part.why}" in text


def test_the_page_has_the_published_totals_with_their_scopes(outlook, text):
    for total in outlook.bill.published:
        assert total.scope in text
        assert total.who in text


def test_the_page_has_the_answer_of_the_calendar(outlook, text):
    found = timeline(load("golden-dome"), samples=CALENDARS).to_dict("2029-01-20")
    assert outlook.on == date(2029, 1, 20)
    assert outlook.dates["p_operational"] == found["p_operational"]
    assert "operational by 20 January 2029?" in text
    assert found["definition"] in text
    for last in found["binding"]:
        assert f"{last['asset']} " in text


def test_the_page_has_the_score_of_the_record(outlook, text):
    board = outlook.board
    assert {"cbo-2026", "aei-2025"} <= set(board.titles)
    good, every = len(board.reproduced), len(board.comparisons)
    assert f"{good:,} of their {every:,} published figures" in text
    for name in board.titles:
        own = scoreboard({name: every_case(name)})
        assert f"{len(own.reproduced)} of {len(own.comparisons)}" in text


def test_only_studies_on_common_ground_are_near(run_of):
    near = Outlook(Story(run_of("bought"))).board
    assert "gmd-tests" in near.titles
    assert "cbo-2026" not in near.titles


def test_a_kill_costs_the_bill_over_the_kills(outlook, text):
    killed = outlook.story.summary["fates"]["killed"]
    assert outlook.kills.shield_per_kill.mean == pytest.approx(outlook.bill.total.mean / killed)
    assert dollars(outlook.bill.total.mean / killed) in text


def test_every_section_has_its_figure(page_of):
    ids = [attrs["id"] for attrs in Reader(page_of("priced")).all("figure")]
    assert ids[-4:] == ["bill", "bills", "calendar", "record"]


def test_a_scenario_that_cannot_be_read_says_why(page_of):
    words = Reader(page_of("mixed")).text
    assert "cannot price the scenario of this run: scenario.yaml:20:3: raid.0.from" in words
    assert "For the same reason there is nothing to say here." in words
    assert not {"bill", "calendar", "record"} & {
        attrs.get("id") for attrs in Reader(page_of("mixed")).all("figure")
    }


def test_a_shield_that_stands_costs_nothing_and_needs_no_calendar(page_of):
    words = Reader(page_of("bought")).text
    assert "Nothing in homeland-2026 has a published price and is still to be bought." in words
    assert "Yes: it stands." in words
    assert "stands at the start" not in words


def test_prices_and_dates_have_their_sources(outlook, page_of):
    reader = Reader(page_of("priced"))
    links = {attrs["href"] for attrs in reader.all("a")}
    for source in (*outlook.bill.sources, *outlook.dates["sources"]):
        assert source["title"] in reader.text
        assert not source["url"] or source["url"] in links


def test_no_shield_has_nothing_to_pay(tmp_path):
    scenario = Sham(name="no-shield", text=load("no-shield").resolved_yaml())
    run = open_run(write_made_up(tmp_path / "none", scenario=scenario, kind="unarmed"))
    words = Reader(render(run)).text
    assert words.count(outlook_words.NO_ASSETS) == 2


def test_rows_of_the_bill_add_up(outlook):
    found = bill.rows(outlook.bill)
    total = sum(row.total.mean for row in found)
    assert total == pytest.approx(outlook.bill.total.mean, rel=1e-12)
    for row in found:
        assert sum(row.parts.values()) == pytest.approx(row.total.mean, rel=1e-12)


def test_a_bill_without_a_line_shows_it():
    """Negative control: the rows follow the bill, line by line."""
    whole = price(load("golden-dome"))
    short = replace(whole, lines=whole.lines[1:])
    missing = sum(row.total.mean for row in bill.rows(whole)) - sum(
        row.total.mean for row in bill.rows(short)
    )
    assert missing == pytest.approx(whole.lines[0].usd.mean(), rel=1e-9)


def test_many_systems_end_in_one_row(outlook):
    whole = outlook.bill
    lines = [
        replace(whole.lines[0], system=f"part {k}", usd=np.full(whole.samples, 1e9 * (50 - k)))
        for k in range(40)
    ]
    found = bill.rows(replace(whole, lines=tuple(lines)))
    assert len(found) == bill.ROWS_MAX
    assert found[-1].label == "27 more"
    assert sum(row.total.mean for row in found) == pytest.approx(
        sum(50e9 - 1e9 * k for k in range(40))
    )


def test_unlike_totals_stand_apart(outlook):
    found = bills.rows(outlook.bill)
    assert list(found) == ["shield", SPACE]
    for group in found.values():
        assert group[0].label == "this scenario"
        assert group[0].interval is not None
        assert [row.usd for row in group[1:]] == sorted(row.usd for row in group[1:])
    hollow = {row.label for row in found["shield"] if not row.exact}
    assert hollow == {"White House, May 2025", "Golden Dome programme office, March 2026"}
    assert all("then-year" in row.detail for row in found["shield"] if not row.exact)
    assert found[SPACE][0].usd == pytest.approx(outlook.bill.layer_usd(SPACE).mean())


def test_strips_hold_what_stands(outlook):
    found = {strip.name: strip for strip in calendar.strips(outlook.calendar)}
    assert "sbi" in found
    assert "lrdr" not in found  # it stands whole from the start
    for strip in found.values():
        low, middle, high = strip.bands
        assert np.all(low <= middle)
        assert np.all(middle <= high)
    years = calendar.years_of(outlook.calendar)
    assert years[0] == pytest.approx(2026.89, abs=0.01)
    at = np.searchsorted(years, 2036.0)
    standing = outlook.calendar.standing("2036-01-01")["sbi"]
    assert found["sbi"].bands[1][at] * 7800 == pytest.approx(np.median(standing), rel=0.05)


def test_no_bill_and_no_calendar_draw_nothing():
    for plate in (
        bill.draw(None),
        bills.draw(None),
        calendar.draw(None, None, None),
        record.draw(None),
    ):
        assert plate.svg is None
        assert plate.caption


def test_a_larger_difference_stands_farther_out():
    shares = [-1.0, -0.3, -0.01, -1e-5, 0.0, 1e-5, 1e-3, 0.05, 1.0]
    places = [record.place(share) for share in shares]
    assert places == sorted(places)
    assert record.place(5.0) == record.place(1.0)
    assert record.place(None) == record.place(-1.0)


def test_what_is_missed_is_named_up_to_a_number(outlook):
    board = outlook.board
    row = replace(board.comparisons[0].row, within=False, reason="planted")
    planted = tuple(replace(board.comparisons[0], row=row) for _ in range(20))
    found = outlook_words._missed(replace(board, comparisons=planted))
    assert len(found) == outlook_words.MISSED_MAX + 1
    assert found[0][2].endswith("planted")
    assert found[-1][2] == "8 other figures"


def test_the_same_scenario_gives_the_same_bytes(folder_of, tmp_path):
    folder = tmp_path / "priced"
    shutil.copytree(folder_of("priced"), folder)
    first = write_report(folder).read_bytes()
    code = (
        "import sys; from pathlib import Path; from opendome.report.page import write_report; "
        "write_report(Path(sys.argv[1]))"
    )
    chance = {"PYTHONHASHSEED": "11", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Tokyo"}
    subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        check=True,
        env={**os.environ, **chance},
        timeout=120,
    )
    assert (folder / "report.html").read_bytes() == first


def test_the_page_stays_small(page_of):
    assert len(page_of("priced").encode()) < 3_000_000
    assert not re.search(r"\bnan\b|\bNone<|\binf\b", page_of("priced"))
