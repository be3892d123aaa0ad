"""Sensors in a scenario: which of them work, which are told where to look, how they move."""

import pytest

from opendome.campaign.study import without_looks
from opendome.engagement.geometry import lay_out
from opendome.results.run import run
from opendome.results.stored import read_result
from opendome.scenario.loading import load_text
from opendome.scenario.problems import ScenarioError
from opendome.scenario.sensors import NO_IONOSPHERE, NOT_AVAILABLE
from opendome.sensing.skywave import SkywaveRadar

HEAD = """
scenario: sensors
title: Sensors of every kind
epoch: 2029-01-20T12:00:00Z
defended: [{area: conus}]
raid:
  - class: cruise-subsonic
    count: 2
    from: {at: [36.9 deg, -71.0 deg]}
    to: {at: [36.9 deg, -76.2 deg]}
trials: 8
futures: 4
assets:
"""
OTHR = """
  - kind: over-the-horizon-radar
    name: skywave
    nation: US
    latitude: 43 deg
    longitude: -96 deg
    azimuth_from: 60 deg
    azimuth_to: 150 deg
    ground_range_min: 1000 km
    ground_range_max: 3000 km
    target_altitude_max: 60 km
    ionosphere: {ionosphere}
    radial_speed_min: 20 m/s
    range_reference: 2000 km
    rcs_reference: 10 m2
    snr_reference: 20 dB
    target_rcs: 10 m2
    p_false_alarm: 0.0001
    azimuth_noise: 0.5 deg
    azimuth_noise_floor: 0.3 deg
    range_noise: 15 km
    range_noise_floor: 8 km
    revisit: 30 s
    downlink_delay: 1 s
    processing_delay: 1 s
"""


def scenario(*assets, raid=HEAD):
    return load_text(raid + "".join(assets), "sensors.yaml")


def othr(**change):
    text = OTHR.replace("{ionosphere}", str(change.pop("ionosphere", 1)))
    for key, value in change.items():
        text += f"    {key}: {value}\n"
    return text


def use(system, **fields):
    return (
        f"  - {{use: {system}, nation: US"
        + "".join(f", {k}: {v}" for k, v in fields.items())
        + "}\n"
    )


def test_an_over_the_horizon_radar_sees_a_low_flier_and_measures_no_height():
    geometry = lay_out(scenario(othr()), 0)
    assert isinstance(geometry.realisation.suite.sensors[0], SkywaveRadar)
    assert geometry.looks.t_s.size > 10
    assert geometry.looks.sensor_names == ("skywave",)
    table = scenario(othr()).sites_table(geometry.realisation)
    assert table["name"].tolist() == ["skywave"]


def test_a_sensor_that_is_not_available_gives_no_looks_and_is_named():
    named = {"availability": 0.5}
    sound = scenario(use("sentinel-a4", **named), othr(ionosphere=0.5))
    seen = {}
    for future in range(40):
        real = sound.realise(future)
        assert dict(real.sensors_down) == sound.sensors_down(future)
        names = {sensor.name for sensor in real.suite.sensors}
        assert names | set(real.sensors_down) == {"sentinel-a4", "skywave"}
        assert not names & set(real.sensors_down)
        for name, why in real.sensors_down.items():
            seen[name, why] = seen.get((name, why), 0) + 1
    assert set(seen) == {("sentinel-a4", NOT_AVAILABLE), ("skywave", NO_IONOSPHERE)}
    # binomial(40, 1/2) lies in 9..31 but for 3e-4
    assert all(9 <= count <= 31 for count in seen.values())


def test_availability_changes_no_other_draw():
    plain = scenario(use("sentinel-a4"), use("airborne-radar"))
    given = scenario(use("sentinel-a4", availability=0.999999), use("airborne-radar"))
    for future in range(3):
        one, two = plain.realise(future), given.realise(future)
        assert one.suite.radars == two.suite.radars
        assert one.sampled == two.sampled
    assert plain.digest != given.digest


def test_each_satellite_of_a_constellation_works_by_itself():
    orbit = "{walker: delta, satellites: 40, planes: 4, altitude: 1000 km, inclination: 80 deg}"
    sound = scenario(use("sda-tracking-t2", constellation=orbit, availability=0.8))
    lost = [len(sound.sensors_down(future)) for future in range(10)]
    assert len(set(lost)) > 1
    # binomial(400, 0.2): mean 80, deviation 8
    assert 48 <= sum(lost) <= 112
    assert len(sound.realise(0).suite.satellites) == 40 - lost[0]


def test_a_run_names_sensors_that_see_nothing_and_those_out_of_work(tmp_path):
    blind = use("sentinel-a4", name="blind", latitude="-40 deg", longitude="10 deg")
    dead = use("sentinel-a4", name="dead", availability=0)
    sound = scenario(use("airborne-radar"), blind, dead)
    result = run(sound, workers=1, out=tmp_path / "run")
    document = result.to_dict()["sensors"]
    assert document == {"without_looks": ["blind"], "down": {"dead": 4}}
    assert without_looks(sound, 2) == ("blind",)
    assert read_result(tmp_path / "run").to_dict()["sensors"] == document


def test_moving_radars_are_read_and_drawn():
    track = "{heading: 0..90 deg, speed: 200 m/s, leg: 80 km, turn_radius: 10 km}"
    sound = scenario(use("airborne-radar", racetrack=track))
    radar = sound.realise(1).suite.radars[0]
    path = "assets.airborne-radar.racetrack"
    assert radar.course.heading_rad == sound.sampled(1)[f"{path}.heading"]
    assert 0.0 < sound.sampled(1)[f"{path}.lap"] < 1.0
    assert radar.antenna_ecef_m(0.0) != radar.antenna_ecef_m(100.0)
    ship = scenario(use("spy1d", course="{heading: 30 deg, speed: 8 m/s}"))
    assert ship.realise(0).suite.radars[0].course.speed_m_s == 8.0
    again = load_text(ship.resolved_yaml(), "again.yaml")
    assert again.digest == ship.digest
    mobile = scenario(use("sentinel-a4", roam="{radius: 50 km}"))
    places = {mobile.realise(future).suite.radars[0].lat_rad for future in range(3)}
    assert len(places) == 3


BAD = [
    (use("sentinel-a4", search="{frame: 20 s, share: 0.3, cued_by: any}"), "without cue_delay"),
    (use("sentinel-a4", priority="loudest"), "newest or closing"),
    (use("sentinel-a4", k_factor=2), "k_factor without k_time"),
    (use("sentinel-a4", search="{frame: 20 s}"), "share"),
    (use("sentinel-a4", search="{frame: 20 s, share: 0.3, fence: -2 deg}"), "above elevation_min"),
    (use("sentinel-a4", availability=1.5), "1.5"),
    (
        use(
            "sentinel-a4",
            course="{heading: 0 deg, speed: 5 m/s}",
            racetrack="{heading: 0 deg, speed: 5 m/s, leg: 1 km, turn_radius: 1 km}",
        ),
        "a course and a racetrack together",
    ),
    (othr(ionosphere="1.2"), "1.2"),
    (
        othr().replace("ground_range_max: 3000 km", "ground_range_max: 900 km"),
        "a belt from 1000 km",
    ),
    (othr().replace("azimuth_to: 150 deg", "azimuth_to: 60 deg"), "at most a full turn"),
    (othr().replace("    ionosphere: 1\n", ""), "ionosphere"),
    (othr(azimuth_nois="1 deg"), "azimuth_noise"),
]


@pytest.mark.parametrize(("asset", "words"), BAD)
def test_wrong_sensors_are_refused_with_reasons(asset, words):
    with pytest.raises(ScenarioError) as caught:
        scenario(asset)
    assert words in str(caught.value)
