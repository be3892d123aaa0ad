"""Missiles that separate, from the scenario file to the objects of a future."""

import math

import numpy as np
import pytest

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.scenario.loading import load_text
from opendome.scenario.problems import ScenarioError
from opendome.scenario.separation import parts_by_class
from opendome.threats.models import fly_raid

from .documents import BASE, complete

SECOND = "  - {class: slbm, count: 3, from: {at: [40 deg, -150 deg]}, to: {city: Seattle}}\n"
PARTS = """
    separates:
      warheads: {count: 3, footprint: 100 km}
      stage: {speed: 1..3 m/s, rcs: 1..10 m2, ballistic_coefficient: 200..500 kg/m2,
              taken_for_real: 0.1}
      decoys: {count: 2, speed: 2 m/s, intensity: 10..20 W/sr, taken_for_real: 0.3..0.6}
"""


def text(parts: str = PARTS, *, second: str = SECOND) -> str:
    """The small scenario, its missiles separating, and another entry after them."""
    start = BASE.index("  - {class: icbm-solid")
    end = BASE.index("command:")
    entry = (
        "  - class: icbm-solid\n    count: 2\n    from: {area: north-east-asia}\n"
        "    to: {area: conus}\n    within: 60 s\n"
    )
    return BASE[:start] + entry + parts.lstrip("\n") + second + BASE[end:]


def groups(given: str, future: int = 1):
    return load_text(given).realise(future).raid_groups


def test_parts_come_after_every_entry():
    found = groups(text())
    assert [group.class_name for group in found] == [
        "icbm-solid", "slbm", "icbm-solid warhead", "icbm-solid stage", "icbm-solid decoy",
    ]  # fmt: skip
    assert [len(group.launch_t_s) for group in found] == [2, 3, 4, 2, 4]
    assert found[2].parent.tolist() == [0, 0, 1, 1]
    assert found[4].parent.tolist() == [0, 0, 1, 1]
    assert [group.lethal for group in found] == [True, True, True, False, False]
    assert found[3].p_taken_for_real == 0.1
    assert 0.3 < found[4].p_taken_for_real < 0.6
    assert found[0].p_taken_for_real == found[2].p_taken_for_real == 1.0


def test_the_parent_counts_the_objects_before_its_entry():
    lines = text().splitlines(keepends=True)
    entry = next(n for n, line in enumerate(lines) if "class: icbm-solid" in line)
    second = next(n for n, line in enumerate(lines) if "class: slbm" in line)
    lines.insert(entry, lines.pop(second))
    found = groups("".join(lines))
    assert found[0].class_name == "slbm"
    assert found[2].parent.tolist() == [3, 3, 4, 4]


def test_what_is_declared_flies_as_it_did_whole():
    """No draw of an entry changes when its missiles separate."""
    whole, parted = groups(text("", second=SECOND)), groups(text())
    for before, after in zip(whole, parted, strict=False):
        assert np.array_equal(before.courses, after.courses)
        assert np.array_equal(before.launch_t_s, after.launch_t_s)
        assert before.threat == after.threat


def test_more_parts_leave_the_others_as_they_are():
    few = groups(text())[4].threat.kicks_m_s
    many = groups(text(PARTS.replace("decoys: {count: 2", "decoys: {count: 5")))[4]
    assert np.array_equal(few, many.threat.kicks_m_s[[0, 1, 5, 6]])
    assert len(many.launch_t_s) == 10


def test_directions_are_even_over_the_sphere():
    """200 of them at 2 m/s: mean of each part within 4.5 standard errors of 0 (1 in 10^5)."""
    given = text(PARTS.replace("decoys: {count: 2", "decoys: {count: 100"))
    kicks = groups(given)[4].threat.kicks_m_s
    assert np.linalg.norm(kicks, axis=1) == pytest.approx(2.0, abs=1e-12)
    error = 2.0 / math.sqrt(3.0 * len(kicks))
    assert (np.abs(kicks.mean(axis=0)) < 4.5 * error).all()
    assert (np.abs(kicks[:, 2]) < 1.0).mean() == pytest.approx(0.5, abs=0.16)  # 4.5 of them


def test_aims_of_warheads_lie_even_in_the_footprint():
    """38 of them: within 100 km of the aim of their missile, half of them beyond 71 km."""
    given = text(PARTS.replace("warheads: {count: 3", "warheads: {count: 20"))
    found = groups(given)
    aims = np.repeat(found[0].courses[:, 2:], 19, axis=0)
    lat, lon = found[2].aim_lat_rad, found[2].aim_lon_rad
    north, east = lat - aims[:, 0], (lon - aims[:, 1]) * np.cos(lat)
    apart_m = RADIUS_MEAN_M * np.hypot(north, east)
    assert apart_m.max() < 100.5e3
    assert (apart_m > 70.7e3).mean() == pytest.approx(0.5, abs=0.35)
    assert (north > 0).any()
    assert (north < 0).any()


def test_sensors_may_be_the_judges():
    parts = "    separates: {judged: by-sensors, decoys: {count: 1, speed: 1 m/s}}\n"
    found = groups(text(parts))
    assert math.isnan(found[0].p_taken_for_real)
    assert found[1].p_taken_for_real == 1.0
    assert math.isnan(found[2].p_taken_for_real)


def test_what_is_left_out_is_as_of_the_missile():
    missile, _, warhead, stage, decoy = (group.threat for group in groups(text()))
    assert warhead.rcs_m2 == decoy.rcs_m2 == missile.rcs_midcourse_m2
    assert warhead.intensity_w_sr == stage.intensity_w_sr == missile.intensity_body_w_sr
    own = missile.ballistic_coefficient_kg_m2
    assert warhead.ballistic_coefficient_kg_m2 == decoy.ballistic_coefficient_kg_m2 == own
    assert 200.0 < stage.ballistic_coefficient_kg_m2 < 500.0
    assert 1.0 < stage.rcs_m2 < 10.0
    assert 10.0 < decoy.intensity_w_sr < 20.0


def test_it_flies_and_reads_back():
    scenario = load_text(text())
    real = scenario.realise(0)
    assert {entry.path for entry in scenario.inputs()} >= {
        "raid.0.separates.decoys.count", "raid.0.separates.stage.rcs",
        "raid.0.separates.warheads.footprint",
    }  # fmt: skip
    assert scenario.sampled(0) == real.sampled
    raid = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=5.0)
    assert raid.refused == ()
    assert raid.objects == 15
    child = raid.parent >= 0
    assert np.array_equal(raid.launch_t_s[child], raid.burnout_t_s[raid.parent[child]])
    again = load_text(scenario.resolved_yaml())
    assert again.digest == scenario.digest
    assert groups(again.resolved_yaml())[4].threat.rcs_m2 == groups(text())[4].threat.rcs_m2


def test_no_separates_leaves_no_trace():
    assert "separates" not in load_text(BASE).resolved_yaml()
    assert load_text(BASE).digest != load_text(text(second="")).digest


def test_objects_by_name():
    (group, _) = load_text(text()).raid
    assert parts_by_class(group.values.spec, "icbm-solid", 2) == {
        "icbm-solid warhead": 4, "icbm-solid stage": 2, "icbm-solid decoy": 4,
    }  # fmt: skip


BAD = [
    ("{}", "separates without any part", "at least one of"),
    ("{decoys: {count: 2, speed: 1 m/s}}", "decoys without taken_for_real", "for each part"),
    ("{decoy: {count: 2}}", "the unknown key 'decoy'", "decoys"),
    ("{decoys: {count: 2, taken_for_real: 0.5}}", 'no "speed"', "leaves the missile"),
    ("{decoys: {count: 1..3, speed: 1 m/s, taken_for_real: 1}}", "decoys.count 1..3", "one number"),
    ("{decoys: {count: 200, speed: 1 m/s, taken_for_real: 1}}", "200", "at most 100"),
    ("{warheads: {count: 3, footprint: 2 s}}", "2 s", "length"),
]


@pytest.mark.parametrize(("given", "got", "allowed"), BAD)
def test_mistakes_are_told(given, got, allowed):
    with pytest.raises(ScenarioError) as caught:
        load_text(text(f"    separates: {given}\n"), "f")
    complete(caught.value)
    (problem,) = caught.value.problems
    assert got in problem.got
    assert allowed in problem.allowed
    assert problem.path.startswith("raid.0.separates")


def test_only_ballistic_missiles_separate():
    given = BASE.replace("class: icbm-solid", "class: hgv").replace(
        "{class", "{separates: {}, class"
    )
    with pytest.raises(ScenarioError, match="unknown key 'separates'"):
        load_text(given)
