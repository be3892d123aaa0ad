"""What a scenario may say of infrared sensors and warm bodies beyond the least."""

import pytest

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
