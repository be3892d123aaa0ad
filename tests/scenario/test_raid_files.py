"""Raid files: what they hold comes back, and every bad row is told with its line."""

import csv
import io

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.scenario.loading import load, load_text
from opendome.scenario.problems import ScenarioError
from opendome.scenario.raid_files import BYTES_MAX, pack, unpack
from opendome.scenario.track_tables import ROWS_MAX
from opendome.threats.models import fly_raid
from opendome.world.earth import geodetic_from_ecef
from opendome.world.frames import ecef_from_eci, eci_from_ecef
from opendome.world.time import earth_rotation_angle_rad

HEAD = """\
scenario: small
title: A small raid
epoch: 2029-01-20T12:00:00Z
defended:
  - {area: conus}
assets:
  - {use: lrdr, nation: US}
trials: 4
futures: 2
seed: 7
raid:
"""
FLOWN = """\
  - {class: icbm-solid, count: 1, from: {area: north-east-asia}, to: {area: conus}, start: 30 s}
  - {class: cruise-subsonic, count: 1, from: {area: west-atlantic}, to: {area: mid-atlantic-coast}}
"""
COLUMNS = {
    "geodetic": ("lat_deg", "lon_deg", "alt_m"),
    "ecef": ("x_m", "y_m", "z_m"),
    "eci": ("x_m", "y_m", "z_m"),
}
GOOD = "object,t_s,lat_deg,lon_deg,alt_m\na,0,10,20,0\na,10,10.1,20,100\n"


def entry(name, frame="geodetic", extra=""):
    return f"  - {{class: icbm-solid, tracks: {name}, frame: {frame}{extra}}}\n"


def loaded(folder, content, *, name="raid.csv", frame="geodetic", extra=""):
    """A scenario with one raid file."""
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(raw)
    (folder / "small.yaml").write_text(HEAD + entry(name, frame, extra))
    return load(folder / "small.yaml")


def refusals(folder, content, **how):
    """Problems of a scenario with one raid file."""
    with pytest.raises(ScenarioError) as caught:
        loaded(folder, content, **how)
    return caught.value.problems


@pytest.fixture(scope="module")
def flown():
    """A ballistic missile and a cruise missile, flown; their future."""
    real = load_text(HEAD + FLOWN).realise(0)
    return real, fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=1.0)


def rows_of(flown, frame, every_s):
    """Rows of a raid file: object, class, time and position, and the last sample of each."""
    real, raid = flown
    for obj in range(raid.objects):
        last = np.flatnonzero(raid.valid[obj])[-1]
        samples = np.unique([*range(0, last, every_s), last])
        t_s = raid.launch_t_s[obj] + samples
        era_rad = real.era_epoch_rad + ROTATION_RAD_S * t_s
        place = ecef_from_eci(raid.pos_eci_m[obj, samples], era_rad)
        if frame == "geodetic":
            lat_rad, lon_rad, alt_m = geodetic_from_ecef(place)
            place = np.stack([np.degrees(lat_rad), np.degrees(lon_rad), alt_m], axis=1)
        elif frame == "eci":  # of the epoch of the scenario, not of the future
            epoch = load_text(HEAD + FLOWN).head.epoch
            place = eci_from_ecef(place, earth_rotation_angle_rad(epoch) + ROTATION_RAD_S * t_s)
        name = raid.class_names[raid.object_class[obj]]
        for when, where in zip(t_s, place, strict=True):
            yield [f"object-{obj}", name, float(when), *map(float, where)]


def table_of(flown, frame, every_s, suffix):
    """A raid file of a flown raid."""
    names = ["object", "class", "t_s", *COLUMNS[frame]]
    rows = list(rows_of(flown, frame, every_s))
    stream = io.BytesIO()
    if suffix == "parquet":
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        parquet.write_table(pa.table(columns), stream)
        return stream.getvalue()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([names, *rows])
    return text.getvalue().encode()


# --- what comes back -------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("frame", ["geodetic", "ecef", "eci"])
def test_a_raid_comes_back_from_its_file(flown, tmp_path, frame, suffix):
    """Rows every 10 s: half of the samples within 0.1 m, where it coasts; within 3 m/s there."""
    raw = table_of(flown, frame, 10, suffix)
    scenario = loaded(tmp_path, raw, name=f"raid.{suffix}", frame=frame)
    assert scenario.raid_by_class() == {"icbm-solid": 1, "cruise-subsonic": 1}
    real, raid = flown
    again = scenario.realise(0)
    assert again.era_epoch_rad == real.era_epoch_rad
    given = fly_raid(again.raid_groups, era_epoch_rad=again.era_epoch_rad, step_s=1.0)
    samples = given.pos_eci_m.shape[1]
    miss_m = np.linalg.norm(given.pos_eci_m - raid.pos_eci_m[:, :samples], axis=2)
    slip_m_s = np.linalg.norm(given.vel_eci_m_s - raid.vel_eci_m_s[:, :samples], axis=2)
    assert np.all(np.nanmedian(miss_m, axis=1) < 0.1)
    assert np.all(np.nanmedian(slip_m_s, axis=1) < 0.3)
    assert given.impact_t_s == pytest.approx(raid.impact_t_s, abs=1.0)
    assert given.impact_lat_rad == pytest.approx(raid.impact_lat_rad, abs=2e-4)


def test_declaring_the_wrong_frame_moves_everything(flown, tmp_path):
    """Negative control of the test above: inertial rows read as turning ones."""
    scenario = loaded(tmp_path, table_of(flown, "eci", 10, "csv"), frame="ecef")
    again = scenario.realise(0)
    given = fly_raid(again.raid_groups, era_epoch_rad=again.era_epoch_rad, step_s=1.0)
    samples = given.pos_eci_m.shape[1]
    miss_m = np.linalg.norm(given.pos_eci_m - flown[1].pos_eci_m[:, :samples], axis=2)
    assert np.all(np.nanmedian(miss_m, axis=1) > 1e4)


def test_finer_rows_follow_better(flown, tmp_path):
    """The error of the curve falls at least as the square of the interval."""
    medians = []
    for every_s in (40, 20, 10):
        raw = table_of(flown, "ecef", every_s, "csv")
        again = loaded(tmp_path, raw, frame="ecef").realise(0)
        given = fly_raid(again.raid_groups, era_epoch_rad=again.era_epoch_rad, step_s=1.0)
        samples = given.pos_eci_m.shape[1]
        gap_m = np.linalg.norm(given.pos_eci_m - flown[1].pos_eci_m[:, :samples], axis=2)
        medians.append(np.nanmedian(gap_m[0]))
    assert medians[0] > 4.0 * medians[1] > 16.0 * medians[2]


def test_signatures_are_those_of_the_class_named(flown, tmp_path):
    scenario = loaded(tmp_path, table_of(flown, "ecef", 10, "csv"), frame="ecef")
    again = scenario.realise(0)
    given = fly_raid(again.raid_groups, era_epoch_rad=again.era_epoch_rad, step_s=1.0)
    missile = again.raid_groups[0].threat.threat
    assert given.burnout_t_s[0] == pytest.approx(30.0 + missile.boost_s)
    assert given.intensity_w_sr[0, 0] == missile.intensity_boost_w_sr
    assert given.intensity_w_sr[0, 600] == missile.intensity_body_w_sr
    assert given.rcs_m2[1, 5] == again.raid_groups[1].threat.threat.rcs_m2


def test_harmless_objects_may_end_in_the_air(tmp_path):
    text = "object,t_s,lat_deg,lon_deg,alt_m,lethal\na,0,10,20,0,true\na,10,10.1,20,100,true\n"
    text += "b,0,10,20,5000,false\nb,10,10.1,20,9000,false\n"
    real = loaded(tmp_path, text).realise(0)
    assert [group.lethal for group in real.raid_groups] == [True, False]
    flown = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=1.0)
    assert flown.lethal.tolist() == [True, False]
    assert flown.group.tolist() == [0, 0]


def test_start_shifts_every_time(tmp_path):
    real = loaded(tmp_path, GOOD, extra=", start: 100 s").realise(0)
    assert real.raid_groups[0].launch_t_s.tolist() == [100.0]


def test_changes_of_further_classes(tmp_path):
    text = GOOD.replace("\n", ",\n").replace("alt_m,", "alt_m,class")
    text += "b,0,10,20,0,owa-drone\nb,10,10.001,20,100,owa-drone\n"
    scenario = loaded(tmp_path, text, extra=", classes: {owa-drone: {rcs: 3 m2}}")
    real = scenario.realise(0)
    assert real.raid_groups[1].threat.threat.rcs_m2 == 3.0
    assert "raid.0.classes.owa-drone.rcs" in {entry.path for entry in scenario.inputs()}


# --- a run can be repeated ---------------------------------------------------------------


def test_the_content_is_part_of_the_digest(tmp_path):
    first = loaded(tmp_path, GOOD).digest
    assert loaded(tmp_path, GOOD, name="other.csv").digest == first
    assert loaded(tmp_path, GOOD.replace("10.1", "10.2")).digest != first


def test_a_resolved_scenario_holds_the_file(tmp_path):
    scenario = loaded(tmp_path, GOOD)
    text = scenario.resolved_yaml()
    (tmp_path / "raid.csv").unlink()
    again = load_text(text)
    assert again.digest == scenario.digest
    assert np.array_equal(again.realise(1).raid_groups[0].courses,
                          scenario.realise(1).raid_groups[0].courses)  # fmt: skip


def test_a_changed_copy_is_refused(tmp_path):
    text = loaded(tmp_path, GOOD).resolved_yaml()
    other = text.replace(pack(GOOD.encode()), pack(GOOD.replace("10.1", "10.2").encode()))
    with pytest.raises(ScenarioError, match="restore the file"):
        load_text(other)
    broken = text.replace(pack(GOOD.encode()), "AAAA")
    with pytest.raises(ScenarioError, match="cannot be unpacked"):
        load_text(broken)


def test_a_packed_bomb_is_not_unpacked():
    assert unpack(pack(b"0" * (BYTES_MAX + 1))) is None
    assert unpack(pack(b"0" * BYTES_MAX)) is not None


# --- what is refused ---------------------------------------------------------------------

HEADER = "object,t_s,lat_deg,lon_deg,alt_m\n"
FIRST = "a,0,10,20,0\n"


@pytest.mark.parametrize(
    ("text", "line", "path", "words"),
    [
        (HEADER, 0, "", "no rows"),
        (HEADER + FIRST, 2, "object", "one row for the object 'a'"),
        (HEADER + FIRST + "a,100,10,20,0\n", 3, "t_s", "100 s without a row"),
        (HEADER + FIRST + "a,0,10,20,0\n", 3, "t_s", "a second time"),
        (HEADER + FIRST + "a,-5,10,20,0\n", 3, "t_s", "after a later time"),
        (HEADER + FIRST + "a,9,10,20,-900\n", 3, "", "below the ground"),
        (HEADER + FIRST + "a,9,12,20,0\n", 3, "", "the speed of escape"),
        (HEADER + FIRST + "a,9,10,20,9000\n", 3, "", "at the end of a lethal object"),
        (HEADER + FIRST + "a,9,x,20,0\n", 3, "lat_deg", "'x'"),
        (HEADER + FIRST + "a,9,nan,20,0\n", 3, "lat_deg", "'nan'"),
        (HEADER + FIRST + "a,9,,20,0\n", 3, "lat_deg", "an empty cell"),
        (HEADER + FIRST + "a,9,inf,20,0\n", 3, "lat_deg", "'inf'"),
        (HEADER + FIRST + "\na,9,x,20,0\n", 4, "lat_deg", "'x'"),
        (HEADER + FIRST + "a,9,10,20\na,10,10,20,0\n", 3, "", "another number of values"),
        (HEADER + FIRST + "a,9,91,20,0\n", 3, "lat_deg", "is that the frame of the file"),
        (HEADER + FIRST + "a,9,10,400,0\n", 3, "lon_deg", "-180 to 360 degrees"),
        (HEADER + ",0,10,20,0\n,9,10,20,0\n", 2, "object", "an empty cell"),
        (HEADER + "a,999999,10,20,0\na,1000000,10,20,0\n", 2, "t_s", "within 2 days"),
        (HEADER.replace("t_s", "t") + FIRST, 1, "", "the unknown column 't'"),
        (HEADER.replace("alt_m", "t_s") + FIRST, 1, "t_s", "a second time"),
        ("object,t_s\na,0\n", 1, "", "no lat_deg, lon_deg, alt_m"),
        ("object,t_s,x_m,y_m,z_m\na,0,6378137,0,0\n", 1, "", "declare the frame"),
        (HEADER + '"a\nb",0,10,20,0\n', 0, "", "runs over a line"),
    ],
)
def test_each_fault_has_its_line(tmp_path, text, line, path, words):
    problems = refusals(tmp_path, text)
    found = [p for p in problems if (p.line, p.path) == (line, path) and words in str(p)]
    assert len(found) == 1, [str(problem) for problem in problems]
    assert found[0].file == "raid.csv"


@pytest.mark.parametrize(
    ("column", "cells", "line", "words"),
    [
        ("class", ("icbm-sold", "icbm-sold"), 2, "did you mean 'icbm-solid'"),
        ("class", ("icbm-solid", "hgv"), 3, "the same in all rows"),
        ("class", ("gbi", "gbi"), 2, "the unknown class 'gbi'"),
        ("lethal", ("perhaps", "perhaps"), 2, "true or false"),
        ("lethal", ("true", "false"), 3, "the same in all rows"),
    ],
)
def test_faults_of_words(tmp_path, column, cells, line, words):
    text = f"object,t_s,lat_deg,lon_deg,alt_m,{column}\n"
    text += f"a,0,10,20,0,{cells[0]}\na,10,10.1,20,100,{cells[1]}\n"
    (problem,) = refusals(tmp_path, text)
    assert (problem.line, problem.path) == (line, column)
    assert words in str(problem)


def test_all_faults_come_at_once(tmp_path):
    text = HEADER + "a,0,x,20,0\na,0,10,20,0\nb,0,10,20,-9000\nb,5,10,20,0\nc,0,10,20,0\n"
    lines = {problem.line for problem in refusals(tmp_path, text)}
    assert lines == {2, 3, 4, 6}


def test_many_faults_alike_are_counted(tmp_path):
    text = HEADER + "".join(f"a,{t},x,20,0\n" for t in range(50))
    problems = refusals(tmp_path, text)
    assert len(problems) == 11
    assert "40 more rows like those before" in str(problems[-1])


def test_metres_are_not_kilometres(tmp_path):
    text = "object,t_s,x_m,y_m,z_m\na,0,6378,0,0\na,10,6378,10,0\n"
    assert "below the ground" in str(refusals(tmp_path, text, frame="ecef")[0])


@pytest.mark.parametrize(
    "name",
    [
        "../raid.csv",
        "a/../../raid.csv",
        "/etc/raid.csv",
        "C:/raid.csv",
        "a\\raid.csv",
        "~/raid.csv",
        "raid.txt",
        "none.csv",
        "folder.csv",
        "link.csv",
        "large.csv",
        "empty.csv",
    ],
)
def test_only_files_beside_the_scenario_are_opened(tmp_path, name):
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "raid.csv").write_text(GOOD)
    (home / "folder.csv").mkdir()
    (home / "link.csv").symlink_to(tmp_path / "raid.csv")
    (home / "large.csv").write_bytes(b"0" * (BYTES_MAX + 1))
    (home / "empty.csv").write_text("")
    (home / "small.yaml").write_text(HEAD + entry(f"'{name}'"))
    with pytest.raises(ScenarioError) as caught:
        load(home / "small.yaml")
    (problem,) = caught.value.problems
    assert problem.path == "raid.0.tracks"
    assert problem.line == 12


def test_a_file_in_a_folder_below_is_opened(tmp_path):
    (tmp_path / "raids").mkdir()
    (tmp_path / "raids" / "one.csv").write_text(GOOD)
    (tmp_path / "small.yaml").write_text(HEAD + entry("raids/one.csv"))
    assert load(tmp_path / "small.yaml").raid_by_class() == {"icbm-solid": 1}


def test_a_text_that_is_no_file_names_no_file():
    with pytest.raises(ScenarioError, match="save the scenario beside the raid file"):
        load_text(HEAD + entry("raid.csv"))


def test_what_is_no_table_is_refused(tmp_path):
    assert "cannot be read" in str(refusals(tmp_path, b"\xff\xfe\x00"))
    assert "cannot be read" in str(refusals(tmp_path, b"no parquet", name="raid.parquet"))


def test_too_many_rows_are_refused(tmp_path):
    table = pa.table({name: np.zeros(ROWS_MAX + 1) for name in ("object", "t_s", *COLUMNS["ecef"])})
    parquet.write_table(table, tmp_path / "raid.parquet")
    raw = (tmp_path / "raid.parquet").read_bytes()
    (problem,) = refusals(tmp_path, raw, name="raid.parquet", frame="ecef")
    assert "more than 200,000 rows" in str(problem)


def test_a_file_too_large_to_keep_is_refused(tmp_path):
    noise = np.random.default_rng(1).normal(size=(100_000, 3))
    names = ("object", "t_s", *COLUMNS["ecef"])
    columns = [np.zeros(len(noise)), np.arange(len(noise)), *noise.T]
    parquet.write_table(pa.table(dict(zip(names, columns, strict=True))), tmp_path / "r.parquet")
    raw = (tmp_path / "r.parquet").read_bytes()
    (problem,) = refusals(tmp_path, raw, name="raid.parquet", frame="ecef")
    assert "so that a run can keep it" in str(problem)


def test_keys_of_other_entries_are_refused(tmp_path):
    (problem,) = refusals(tmp_path, GOOD, extra=", count: 3")
    assert problem.path == "raid.0.count"
    (problem,) = refusals(tmp_path, GOOD, extra=", classes: {hgv: {rcs: 2 m2}}")
    assert problem.path == "raid.0.classes.hgv"
