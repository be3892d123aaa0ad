"""The page: static, inert, whole, the same numbers as the summary, the same bytes every time."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from opendome.quantities.errors import OpendomeError
from opendome.report import words
from opendome.report.page import render, write_report
from opendome.report.story import steps
from opendome.results.folder import open_run

from .conftest import CASES
from .pages import Reader
from .runs import Sham, write_made_up

SECTIONS = (
    "How many get through",
    "Where the raid ends",
    "One raid, object by object",
    "Time budget",
    "Where it happens",
    "Which sensor saw what, and when",
    "Rounds fired",
    "What the result leans on",
    "Luck, or the future",
    "The bill",
    "The calendar",
    "Against the record",
    "Credibility",
    "Sources",
    "The run",
    "The scenario in full",
)
PAYLOADS = (
    "<script>alert(1)</script>",
    "</pre></svg><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}{% raise %}",
    "$\\frac{1}{0}$ $x_",
    "]]><!-- --><![CDATA[",
    "&lt;b&gt;&#60;i&#62;",
    "javascript:alert(1)",
    "\u202egnorw\u0007",
)


@pytest.mark.parametrize("case", CASES)
def test_every_page_is_whole_and_static(page_of, case):
    page = page_of(case)
    reader = Reader(page)
    assert not reader.unbalanced
    names = {tag for tag, _ in reader.tags}
    banned = {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
        "audio",
        "video",
    }
    assert not names & banned
    for tag, attrs in reader.tags:
        for name, value in attrs.items():
            assert not name.startswith("on")
            if name in ("href", "src", "style", "action", "data", "srcset"):
                assert tag == "a" or "//" not in (value or ""), (tag, name, value)
    assert "@import" not in page
    assert len(re.findall("https?:", page)) == len(reader.all("a"))
    assert not re.search(r"url\((?!#)", page)
    for title in SECTIONS:
        assert title in reader.text
    assert len(page.encode()) < 3_000_000


@pytest.mark.parametrize("case", CASES)
def test_figures_can_be_read_without_seeing_them(page_of, case):
    reader = Reader(page_of(case))
    assert reader.all("html") == [{"lang": "en"}]
    drawings = [attrs for attrs in reader.all("svg") if attrs.get("class") == "plate"]
    assert 5 <= len(drawings) <= 12
    assert all(attrs["role"] == "img" and len(attrs["aria-label"]) > 20 for attrs in drawings)
    assert len(reader.all("figcaption")) == len(reader.all("figure"))
    assert 8 <= len(reader.all("figure")) <= 12
    assert all(attrs["scope"] in ("row", "col") for attrs in reader.all("th"))
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("case", CASES)
def test_every_reference_inside_a_figure_leads_somewhere(page_of, case):
    reader = Reader(page_of(case))
    ids = {attrs["id"] for _, attrs in reader.tags if "id" in attrs}
    for tag, attrs in reader.tags:
        clip = attrs.get("clip-path", "").removeprefix("url(#").removesuffix(")")
        used = attrs.get("href", "").removeprefix("#") if tag == "use" else ""
        assert {clip, used} - {""} <= ids


@pytest.mark.parametrize("case", CASES)
def test_the_numbers_are_those_of_the_summary(page_of, run_of, case):
    summary, text = run_of(case).summary, Reader(page_of(case)).text
    objects = summary["raid"]["objects"]
    assert words.headline(summary).replace("\u00a0", " ") in text
    assert summary["notice"].capitalize() in text
    leakers, chance = summary["leakers"], summary["p_no_leaker"]
    strip = (
        f"Raid {objects} {objects} icbm-solid Got through {words.about(leakers['mean'], objects)} "
        f"{words.interval(leakers['low'], leakers['high'], objects)} "
        f"Chance of none {words.percent(chance['value'])}"
    ).replace("\u00a0", " ")
    assert strip in text
    for step in steps(summary):
        assert f"{step.label} {words.amount(step.mean)}" in text
    for name, use in summary["layers"].items():
        row = f"{name} {words.amount(use['kills'])} {words.amount(use['rounds'])}"
        assert row in text
    for link, q in summary["time_budget_s"].items():
        spans = " ".join(words.duration(q[level]) for level in ("p10", "p50", "p90"))
        assert spans.replace("\u00a0", " ") in text, link
    futures = words.counted(summary["futures"], "future")
    assert summary["digest"] in text
    assert f"{words.counted(summary['trials'], 'trial')} in {futures}" in " ".join(text.split())


@pytest.mark.parametrize("case", CASES)
def test_the_waterfall_sums_to_the_raid(run_of, case):
    found = steps(run_of(case).summary)
    ends = sum(step.mean for step in found if step.kind in ("lost", "killed", "link"))
    through = next(step.mean for step in found if step.kind == "through")
    links = sum(step.mean for step in found if step.kind == "link")
    assert found[0].mean == pytest.approx(ends, abs=1e-9)
    assert through == pytest.approx(links, abs=1e-9)


def test_sources_scenario_and_card_are_there(page_of, run_of):
    run, page = run_of("mixed"), page_of("mixed")
    reader = Reader(page)
    assert reader.all("a") == [
        {"href": "https://www.cbo.gov/publication/62387", "rel": "noreferrer"}
    ]
    for source in run.summary["sources"]:
        assert source["title"] in reader.text
    assert "sbi-cbo-2026 p_kill, divert †" in reader.text
    assert "marks 2 inputs" in reader.text
    for factor in run.summary["credibility"]:
        assert factor["reason"] in reader.text
    assert "\n".join(run.scenario_text.splitlines()) in "".join(reader.texts)
    assert "opendome reproduce mixed" in reader.text
    assert str(run.folder.parent) not in page


def test_names_from_outside_are_inert(tmp_path):
    for number, payload in enumerate(PAYLOADS):
        clean = payload.replace("\u0007", "")
        sources = [
            {"id": "x", "title": payload, "date": payload, "kind": payload, "weak": True,
             "url": "javascript:alert(1)", "inputs": [f"assets.{payload}.{payload}"]},
        ]  # fmt: skip
        scenario = Sham(
            name="evil", title=payload, layers=(clean, f"{clean}2"), class_name=clean,
            asset_names=("a", "b", "c", f"{clean}d", clean), extra_sources=sources, objects=4,
        )  # fmt: skip
        scenario.resolved_yaml = lambda payload=payload: json.dumps({"scenario": payload})
        run = open_run(
            write_made_up(tmp_path / str(number), scenario=scenario, trials=6, futures=3)
        )
        page = render(run)
        reader = Reader(page)
        assert not reader.unbalanced
        assert not {tag for tag, _ in reader.tags} & {"script", "img", "b:", "i:"}
        for tag, attrs in reader.tags:
            assert not any(name.startswith("on") for name in attrs), (tag, attrs)
            assert not str(attrs.get("href", "")).startswith("javascript")
        visible = clean.replace("\u202e", "").split()
        assert visible[0].split("\u202e")[0] in reader.text


def test_the_same_run_gives_the_same_bytes(folder_of, tmp_path):
    folder = tmp_path / "mixed"
    shutil.copytree(folder_of("mixed"), folder)
    first = write_report(folder).read_bytes()
    assert write_report(folder).read_bytes() == first
    code = (
        "import sys; from pathlib import Path; from opendome.report.page import write_report; "
        "write_report(Path(sys.argv[1]))"
    )
    environment = {
        "PYTHONHASHSEED": "7",
        "MPLBACKEND": "svg",
        "LANG": "tr_TR.UTF-8",
        "HOME": "/tmp",
    }
    subprocess.run(
        [sys.executable, "-c", code, str(folder)], check=True, env=environment, timeout=120
    )
    assert (folder / "report.html").read_bytes() == first


def test_figures_do_not_follow_the_users_own_settings(run_of, page_of):
    import matplotlib as mpl

    with mpl.rc_context({"axes.facecolor": "red", "svg.fonttype": "path", "font.size": 30.0}):
        assert render(run_of("mixed")) == page_of("mixed")


def test_a_run_of_another_version_is_refused_in_words(run_of, tmp_path, monkeypatch):
    summary = dict(run_of("one").summary)
    del summary["fate_intervals"]
    old = replace(run_of("one"), summary=summary)
    monkeypatch.setattr("opendome.report.page.open_run", lambda folder: old)
    with pytest.raises(OpendomeError, match="without 'fate_intervals'"):
        write_report(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(OpendomeError, match="no run folder"):
        write_report(tmp_path)


def test_nothing_shown_says_so(page_of):
    assert "No sensor looked at any object in this raid." in page_of("unseen")
    assert "No round was fired in any trial." in page_of("unseen")
    assert "There was no interceptor to fire." in page_of("unarmed")
    assert "No object was detected in any trial" in page_of("unseen")
