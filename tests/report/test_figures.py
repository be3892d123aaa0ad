"""Figures show what the tables say."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.report.drawing import Sketch, house_style, panel, sheet, to_svg
from opendome.report.figures import leakers, sightings, stock, timeline, world_map
from opendome.report.story import Story

from .conftest import CASES


def texts(svg):
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter("text")]


def test_bins_keep_every_trial():
    for size in (2, 11, 61, 62, 301, 5001):
        counts = np.random.default_rng(size).integers(0, 9, size).astype(float)
        edges, share = leakers.bins(counts)
        assert share.sum() == pytest.approx(1.0)
        assert len(share) == len(edges) - 1 <= leakers.BARS_MAX
        assert edges[-1] >= size
        assert edges[:2].tolist() == [0.0, 1.0]
        assert share[0] == pytest.approx(counts[0] / counts.sum())


def test_leakers_in_words():
    text = leakers.describe(np.array([2.0, 6.0, 0.0, 2.0])).replace("\u00a0", " ")
    assert text.startswith("Bar chart. No threat got through in 20 % of trials, all of them in 20")
    assert "Half of the trials let through 1 or fewer; one trial in ten 0 or fewer" in text


@pytest.mark.parametrize("case", CASES)
def test_the_timeline_has_every_missile_once(run_of, case):
    story = Story(run_of(case))
    found = timeline.groups(story)
    objects = [obj for group in found for obj in group.objects]
    assert sorted(objects) == list(range(story.objects))
    leaked = [obj for group in found if group.leaked for obj in group.objects]
    assert len(leaked) == int(np.asarray(story.example["leaked"]).sum())


def test_the_timeline_names_its_missiles(story):
    with house_style():
        shown = texts(timeline.draw(story).svg)
    assert {f"icbm-solid {number}" for number in range(1, 11)} <= set(shown)


def test_sightings_count_objects_seen(story):
    found = sightings.gather(story)
    looks = story.looks
    for asset, ever in zip(found.assets, found.ever, strict=True):
        mine = (looks["asset"] == asset) & looks["detected"].astype(bool)
        assert ever == np.unique(looks["object"][mine]).size
    assert found.assets[-1] == "sbx"  # looked, saw nothing
    assert np.nanmax(found.seen[-1]) == 0.0
    assert np.nanmax(found.seen) <= 1.0
    first = [np.flatnonzero(row > 0)[0] if (row > 0).any() else 999 for row in found.seen]
    assert first == sorted(first)


def test_rounds_over_time_end_at_the_rounds_fired(story):
    _, found = stock.gather(story)
    shots = story.shots
    for use in found:
        mine = shots["layer"] == use.layer
        fired = np.bincount(shots["trial"][mine], minlength=story.trials)
        low, middle, high = np.percentile(fired, (10, 50, 90))
        assert (use.low[-1], use.middle[-1], use.high[-1]) == (low, middle, high)
        assert np.all(np.diff(use.middle) >= 0.0)
        assert np.all((use.low <= use.middle) & (use.middle <= use.high))


# map


def test_a_line_is_cut_where_it_leaves_the_map():
    lon, lat = np.array([170.0, 179.0, -179.0, -170.0]), np.zeros(4)
    parts = list(world_map.pieces(lon, lat))
    assert [list(x) for x, _ in parts] == [[170.0, 179.0], [-179.0, -170.0]]
    whole = list(world_map.pieces(world_map.near(lon, 180.0), lat))
    assert len(whole) == 1


def test_great_circles_end_where_they_should():
    lat, lon = world_map.arc((10.0, 20.0), (-30.0, 170.0))
    assert (lat[0], lon[0], lat[-1], lon[-1]) == pytest.approx((10.0, 20.0, -30.0, 170.0))
    lat, lon = world_map.arc((0.0, 0.0), (0.0, 90.0))
    assert lat == pytest.approx(np.zeros(lat.size))
    assert lon[16] == pytest.approx(45.0)
    lat, lon = world_map.arc((5.0, 5.0), (5.0, 5.0))
    assert set(lat) == set(lon) == {5.0}


def test_places_between_stored_points_cross_the_date_line():
    flight = {
        "t_s": np.array([0.0, 10.0]),
        "lat_deg": np.array([10.0, 20.0]),
        "lon_deg": np.array([179.0, -179.0]),
    }
    lat, lon = world_map.where(flight, 7.5)
    assert (lat, lon % 360.0) == pytest.approx((17.5, 180.5))
    assert all(np.isnan(world_map.where(None, 0.0)))


@given(longest=st.floats(1e-3, 1e5))
def test_a_scale_is_round_and_fits(longest):
    length = world_map.round_length(longest)
    assert length <= longest < 2.5 * length * (1.0 + 1e-9)
    assert f"{length:.0e}"[0] in "125"


def test_a_region_is_drawn_true_and_a_map_of_the_world_is_not():
    assert world_map.flattening(59.0, 61.0) == pytest.approx(0.5)
    assert world_map.flattening(-61.0, -59.0) == pytest.approx(0.5)
    assert world_map.flattening(-90.0, 90.0) == 1.0
    assert world_map.flattening(80.0, 90.0) == 1.0


def test_the_middle_of_the_map_is_where_the_flights_are():
    lat, lon = np.full(3, 40.0), np.array([170.0, -170.0, -150.0])
    assert world_map.centre_deg(lat, lon) in (-180.0, 180.0, -150.0)
    assert world_map.centre_deg(np.zeros(0), np.zeros(0)) == 0.0


def test_the_frame_holds_every_flight(run_of):
    for case in ("mixed", "peer", "unarmed"):
        story = Story(run_of(case))
        centre = world_map.centre_deg(story.paths["lat_deg"], story.paths["lon_deg"])
        west, east, south, north = world_map.frame_deg(story, centre)
        lon = world_map.near(story.paths["lon_deg"], centre)
        assert west <= lon.min() <= lon.max() <= east
        assert south <= story.paths["lat_deg"].min() <= story.paths["lat_deg"].max() <= north
        assert -90.0 <= south < north <= 90.0


# drawing


def test_svg_is_short_and_names_nothing_twice():
    with house_style():
        figure = sheet(1.0)
        axes = panel(figure, left=0.5)
        axes.plot([0.0, 1.0], [0.0, 1.0], marker="o")
        axes.text(0.5, 0.5, "a $b$ <c> & 'd'")
        sketch = Sketch()
        sketch.dots(np.array([0.123456789]), np.array([0.5]), colour="#000000", size=1.0)
        sketch.draw(axes)
        first = to_svg(figure, name="x", description='say "hi" <b>')
        other = to_svg(figure, name="y", description="z")
    root = ElementTree.fromstring(first)
    assert root.get("aria-label") == 'say "hi" <b>'
    assert "a $b$ <c> & 'd'" in texts(first)
    assert not list(root.iter("style"))
    assert not list(root.iter("metadata"))
    assert "font-family" not in first
    paths = " ".join(node.get("d", "") for node in root.iter("path"))
    assert not re.search(r"\d\.\d{3,}", paths)
    ids = {node.get("id") for node in root.iter()} - {None}
    others = {node.get("id") for node in ElementTree.fromstring(other).iter()} - {None}
    assert ids
    assert not ids & others
