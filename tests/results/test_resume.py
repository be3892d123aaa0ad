"""A run that was cut off goes on from its folder alone; a finished one can be repeated."""

import hashlib
import json

import pytest

from opendome.campaign.files import seal
from opendome.campaign.store import CHUNKS, PLAN_FILE
from opendome.engagement.records import Fate
from opendome.quantities.errors import OpendomeError
from opendome.results import run as running
from opendome.results.folder import RUN_FILE, SCENARIO_FILE, is_finished, open_run
from opendome.results.reproduction import reproduce
from opendome.results.run import resume, run
from opendome.scenario.loading import load

FEW = {"trials": 6, "futures": 3, "chunk": 2}


class Cut(Exception):
    """What cuts a run off in these tests."""


@pytest.fixture
def cut(tmp_path, scenario):
    """A run cut off after its first chunk."""
    folder = tmp_path / "cut"

    def stop(done, total):
        if done:
            raise Cut

    with pytest.raises(Cut):
        run(scenario, **FEW, seed=99, workers=1, out=folder, progress=stop)
    return folder


def test_all_that_is_needed_is_kept_from_the_start(cut):
    assert not is_finished(cut)
    assert {path.name for path in cut.iterdir()} == {
        ".opendome-lock", CHUNKS, PLAN_FILE, SCENARIO_FILE,
    }  # fmt: skip
    with pytest.raises(OpendomeError, match=r"unfinished run.*--resume"):
        open_run(cut)


def test_it_goes_on_as_it_was_asked(cut, scenario):
    result = resume(cut)
    assert result.digest == run(scenario, **FEW, seed=99).digest
    assert (result.study.plan.trials, result.study.plan.futures) == (6, 3)
    assert result.scenario.seed == 99
    assert is_finished(cut)
    assert not (cut / CHUNKS).exists()


def test_it_goes_on_until_the_width_that_was_asked(tmp_path, scenario):
    folder = tmp_path / "wide"
    width = 0.8 * run(scenario, trials=20, futures=10).metrics.leakers.half_width
    asked = {"trials": 20, "futures": 10, "until_ci": width}
    whole = run(scenario, **asked)
    assert whole.study.plan.rounds > 1
    seen = []

    def stop(done, total):
        seen.append(total)
        if total > 20 and done > 20:
            raise Cut

    with pytest.raises(Cut):
        run(scenario, **asked, out=folder, progress=stop)
    result = resume(folder)
    assert result.digest == whole.digest
    assert result.until_ci == width
    assert open_run(folder).summary["until_ci"]["asked"] == width


def test_changes_given_on_the_way_in_are_kept(tmp_path):
    """`--set` changes reach the kept scenario to the last digit, and so the resumed run."""
    changed = load("homeland-2026", changes={"assets.gbi.p_kill": 0.123456789012345})
    folder = tmp_path / "set"

    def stop(done, total):
        if done:
            raise Cut

    with pytest.raises(Cut):
        run(changed, **FEW, workers=1, out=folder, progress=stop)
    result = resume(folder)
    assert result.digest == run(changed, **FEW).digest
    assert result.scenario.digest == changed.digest


def test_running_into_the_same_folder_goes_on_too(cut, scenario):
    seen = []
    result = run(scenario, **FEW, seed=99, out=cut, progress=lambda done, total: seen.append(done))
    assert seen[0] == 2
    assert result.digest == resume(cut).digest


def test_running_something_else_into_it_is_refused(cut, scenario):
    with pytest.raises(OpendomeError, match="differs in: scenario_digest, scenario_text, seed"):
        run(scenario, **FEW, out=cut)
    with pytest.raises(OpendomeError, match="differs in: trials"):
        run(scenario, **(FEW | {"trials": 8}), seed=99, out=cut)


def test_other_code_does_not_mix_its_chunks_in(cut, monkeypatch):
    monkeypatch.setattr(running, "closure_digest", lambda _: "of other code")
    with pytest.raises(OpendomeError, match="differs in: code"):
        resume(cut)


def test_a_finished_run_is_read_back_and_not_played(folder, result, monkeypatch):
    monkeypatch.setattr(running, "run_campaign", None)
    again = resume(folder)
    assert again.digest == result.digest
    assert again.metrics.p_no_leaker == result.metrics.p_no_leaker
    assert again.run_dir == folder


def test_a_finished_run_in_pieces_is_refused(folder):
    (folder / "shots.parquet").unlink()
    with pytest.raises(OpendomeError, match="corrupt run folder"):
        resume(folder)


def test_playing_again_into_a_finished_folder_keeps_it_sound(folder, scenario, result):
    """Cut off in the middle of that, the folder is unfinished and not corrupt."""
    original = running.write_run

    def stop(*args):
        original(*args)
        (folder / RUN_FILE).unlink()
        raise Cut

    running.write_run = stop
    try:
        with pytest.raises(Cut):
            run(scenario, trials=40, futures=8, out=folder)
    finally:
        running.write_run = original
    assert resume(folder).digest == result.digest


@pytest.mark.parametrize("name", [PLAN_FILE, SCENARIO_FILE])
@pytest.mark.parametrize("how", ["missing", "empty", "altered", "link"])
def test_a_beginning_that_is_lost(cut, name, how):
    path = cut / name
    text = path.read_text()
    path.unlink()
    if how == "empty":
        path.write_text("")
    elif how == "altered":
        path.write_text(text.replace("99", "98"))
    elif how == "link":
        (cut / "other").write_text(text)
        path.symlink_to(cut / "other")
    with pytest.raises(OpendomeError):
        resume(cut)


@pytest.mark.parametrize(
    "change",
    [{"trials": "x"}, {"trials": None}, {"trials": -1}, {"futures": 10**9}, {"chunk": 0},
     {"until_ci": -1.0}, {"seed": 5}, {"scenario_text": 3}, {"trials": [1]}],
)  # fmt: skip
def test_a_plan_made_by_a_stranger(cut, change):
    """Its checksum in order, its content not: refused in words."""
    plan = json.loads((cut / PLAN_FILE).read_text())
    plan.pop("checksum")
    (cut / PLAN_FILE).write_bytes(seal(plan | change))
    with pytest.raises(OpendomeError):
        resume(cut)


def test_a_plan_without_its_parts(cut):
    (cut / PLAN_FILE).write_bytes(seal({}))
    with pytest.raises(OpendomeError, match="beginning is lost"):
        resume(cut)


def test_a_scenario_made_by_a_stranger(cut):
    """A plan that vouches for a scenario which is none."""
    text = "scenario: [unclosed"
    plan = json.loads((cut / PLAN_FILE).read_text())
    plan.pop("checksum")
    plan["scenario_text"] = hashlib.sha256(text.encode()).hexdigest()
    (cut / PLAN_FILE).write_bytes(seal(plan))
    (cut / SCENARIO_FILE).write_text(text)
    with pytest.raises(OpendomeError):
        resume(cut)


def test_nothing_to_go_on_with(tmp_path):
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(OpendomeError, match=r"no readable plan.json"):
            resume(place)


# --- reproduce ------------------------------------------------------------------------


def test_a_run_reproduces(folder, result):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    found = reproduce(folder, workers=1)
    assert found.same
    assert found.digest == found.stored_digest == result.digest
    assert found.same_scenario
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_run_of_rounds_reproduces(tmp_path, scenario):
    folder = tmp_path / "rounds"
    run(scenario, trials=20, futures=10, until_ci=0.9, out=folder)
    assert reproduce(folder).same


def test_other_physics_does_not_reproduce(folder, monkeypatch):
    """Negative control: an engine that kills nothing is found out."""
    from opendome.engagement import play as playing

    original = playing.play

    def harmless(*args, **rest):
        ledger = original(*args, **rest)
        ledger.objects["fate"][:] = Fate.NO_STOCK
        return ledger

    monkeypatch.setattr(playing, "play", harmless)
    found = reproduce(folder)
    assert not found.same
    assert found.digest != found.stored_digest


# --- what a run may be asked ------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [{"trials": 0}, {"trials": -5}, {"trials": 10**12}, {"trials": 1.5}, {"trials": True},
     {"futures": 0}, {"trials": 4, "futures": 5}, {"chunk": 0}, {"chunk": -1}, {"seed": -1},
     {"seed": 2**63}, {"seed": 0.5}, {"workers": 0}, {"workers": -2}, {"until_ci": 0.0},
     {"until_ci": -1.0}, {"until_ci": float("nan")}, {"until_ci": float("inf")}],
)  # fmt: skip
def test_questions_that_make_no_run(scenario, asked, tmp_path):
    with pytest.raises(OpendomeError) as caught:
        run(scenario, **asked, out=tmp_path / "run")
    assert next(iter(asked)) in caught.value.got or "futures for" in caught.value.got
    assert not (tmp_path / "run").exists()
