"""What a scenario may say of infrared sensors and warm bodies beyond the least."""

import math
from itertools import pairwise

import numpy as np
import pytest

from opendome.engagement.geometry import lay_out
from opendome.scenario.loading import load
from opendome.threats.grey_body_spec import GreyBodySpec


def middle(_, value):
    return value.middle


SCENARIO = """
scenario: warm
title: A warm body and a sensor with all it may say
epoch: 2029-01-20T12:00:00Z
defended: [{area: conus}]
assets:
  - use: hbtss
    nation: US
    background: space
    angle_bias: 5..10 urad
    angle_bias_memory: 100 s
    sun_exclusion: 15 deg
    clear_sky: 0.33
    k_factor: 3
    k_time: 60 s
raid:
  - class: icbm-solid
    count: 1
    from: {area: north-east-asia}
    to: {area: conus}
    within: 60 s
    grey_body:
      {temperature: 250..320 K, emissivity: 0.9, area: 1.2 m2, band_from: 8 um, band_to: 12 um}
trials: 4
futures: 2
seed: 7
"""


def test_a_scenario_may_say_it(tmp_path):
    file = tmp_path / "warm.yaml"
    file.write_text(SCENARIO, "utf-8")
    scenario = load(file)
    real = scenario.realise(0)
    drawn = real.sampled["raid.0.grey_body.temperature"]
    assert 250.0 < drawn < 320.0
    body = GreyBodySpec(
        temperature=f"{drawn} K", emissivity=0.9, area="1.2 m2", band_from="8 um", band_to="12 um"
    )
    wanted = body.intensity_w_sr(middle, "")
    assert real.raid_groups[0].threat.intensity_body_w_sr == pytest.approx(wanted)
    eye = real.suite.satellites[0]
    assert eye.background == "space"
    assert eye.angle_bias_rad == real.sampled["assets.hbtss.angle_bias"]
    assert real.sky.future == 0
    again = tmp_path / "again.yaml"
    again.write_text(scenario.resolved_yaml(), "utf-8")
    assert load(again).digest == scenario.digest


def first_looks(scenario, future):
    """First look of a future at each object [s after its launch], inf without one."""
    geometry = lay_out(scenario, future)
    looks, raid = geometry.looks, geometry.raid
    starts = [looks.t_s[a:b].min(initial=math.inf) for a, b in pairwise(looks.start)]
    return np.array(starts) - raid.launch_t_s


def test_the_sky_reaches_the_looks(tmp_path):
    """A clear sky over every launch shows missiles earlier than clouds do; luck shows some."""
    text = SCENARIO.replace("count: 1", "count: 12").replace("use: hbtss", "use: ir-wide-field")
    text = text.replace("sun_exclusion: 15 deg", "clear_sky_altitude: 0 m")
    text = text.replace("background: space", "background: earth")
    found = {}
    for share in ("0", "0.5", "1"):
        file = tmp_path / f"clear-{share}.yaml"
        file.write_text(text.replace("clear_sky: 0.33", f"clear_sky: {share}"), "utf-8")
        found[share] = first_looks(load(file), 0)
    assert np.all(found["1"] < found["0"])
    mixed = found["0.5"]
    clear = mixed == found["1"]
    assert 0 < clear.sum() < 12
    assert np.array_equal(mixed[~clear], found["0"][~clear])
