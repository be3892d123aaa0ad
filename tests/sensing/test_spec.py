"""What a scenario may say of sensors, and what it is told when it may not."""

import json
import math

import pytest
from pydantic import ValidationError

from opendome.quantities.values import Interval
from opendome.sensing.infrared_spec import InfraredSatelliteSpec, spread_phase
from opendome.sensing.radar_spec import RadarSpec

RADAR = {
    "latitude": "64.3 deg",
    "longitude": "-149.2 deg",
    "azimuth_from": "184 deg",
    "azimuth_to": "404 deg",
    "elevation_min": "3 deg",
    "elevation_max": "85 deg",
    "range_max": "5000 km",
    "range_reference": "3000..4000 km",
    "rcs_reference": "0.1 m2",
    "snr_reference": "15 dB",
    "p_false_alarm": 1e-6,
    "angle_noise": "1 mrad",
    "angle_noise_floor": "0.2 mrad",
    "range_noise": "30 m",
    "range_noise_floor": "5 m",
    "look_interval": "1 s",
    "look_budget": "100 1/s",
}
EYES = {
    "revisit": "2 s",
    "angle_noise": "50 urad",
    "sensitivity": "1 kW/sr",
    "sensitivity_range": "3000 km",
    "snr_reference": "20 dB",
    "p_false_alarm": 1e-6,
    "field_of_regard": "110 deg",
    "cloud_break_altitude": "8 km",
    "limb_altitude": "60 km",
}
WALKER = {
    "walker": "delta",
    "satellites": 54,
    "planes": 6,
    "phasing": 1,
    "altitude": "1000 km",
    "inclination": "85 deg",
}
ELLIPSE = {
    "perigee_altitude": "1000 km",
    "apogee_altitude": "39000 km",
    "inclination": "63.4 deg",
    "argument_of_perigee": "270 deg",
}


def middle(name, value):
    assert isinstance(name, str)
    return value.middle


def test_a_radar_is_realised_in_si():
    radar = RadarSpec(**RADAR).realise(middle, name="lrdr", asset=4)
    assert (radar.name, radar.asset, radar.alt_m) == ("lrdr", 4, 0.0)
    assert radar.lat_rad == pytest.approx(math.radians(64.3))
    assert radar.lon_rad == pytest.approx(math.radians(-149.2))
    assert math.degrees(radar.azimuth_width_rad) == pytest.approx(220.0)
    assert radar.range_reference_m == pytest.approx(3.5e6)
    assert radar.range_max_m == pytest.approx(5e6)
    assert radar.snr_reference == pytest.approx(10**1.5)
    assert (radar.angle_noise_rad, radar.angle_noise_floor_rad) == pytest.approx((1e-3, 2e-4))
    assert (radar.range_noise_m, radar.range_noise_floor_m) == pytest.approx((30.0, 5.0))
    assert (radar.look_interval_s, radar.look_budget_hz) == pytest.approx((1.0, 100.0))


def test_an_interval_is_drawn_by_its_name():
    asked = {}

    def pick(name, value):
        asked[name] = value
        return value.quantile(0.25)

    radar = RadarSpec(**RADAR).realise(pick, name="r", asset=0)
    assert radar.range_reference_m == pytest.approx(3.25e6)
    assert asked["range_reference"] == Interval(3e6, 4e6)
    needed = {name for name, field in RadarSpec.model_fields.items() if field.default is not None}
    assert set(asked) == needed


def test_a_constellation_becomes_one_sensor_for_each_satellite():
    eyes = InfraredSatelliteSpec(constellation=WALKER, **EYES).realise(middle, name="t2", asset=7)
    assert len(eyes) == 54
    assert [eyes[0].name, eyes[53].name] == ["t2-1", "t2-54"]
    assert {eye.asset for eye in eyes} == {7}
    assert eyes[0].snr_reference == pytest.approx(10.0)
    assert eyes[0].orbit.semi_major_axis_m == pytest.approx(7378137.0)
    assert not eyes[0].tracks_cold_bodies
    phases = [eye.revisit_phase_s for eye in eyes]
    assert phases[0] == 0.0
    assert all(0.0 <= phase < 2.0 for phase in phases)
    assert len({round(phase, 6) for phase in phases}) == 54


def test_phases_are_spread_evenly():
    part = sorted(spread_phase(k) for k in range(100))
    gaps = [b - a for a, b in zip(part, [*part[1:], 1.0], strict=True)]
    assert max(gaps) < 2.1 / 100


def test_ellipses_and_places_over_the_equator():
    spec = InfraredSatelliteSpec(elements=[ELLIPSE, ELLIPSE | {"raan": "90 deg"}], **EYES)
    first, second = spec.realise(middle, name="heo", asset=1)
    axis, eccentricity = first.orbit.semi_major_axis_m, first.orbit.eccentricity
    assert axis * (1 - eccentricity) == pytest.approx(7378137.0)
    assert axis * (1 + eccentricity) == pytest.approx(45378137.0)
    assert second.orbit.raan_rad == pytest.approx(math.pi / 2)
    size = {"semi_major_axis": "26600 km", "eccentricity": 0.7}
    rest = {key: ELLIPSE[key] for key in ("inclination", "argument_of_perigee")}
    spec = InfraredSatelliteSpec(elements=[size | rest], **EYES)
    assert spec.realise(middle, name="heo", asset=1)[0].orbit.eccentricity == pytest.approx(0.7)
    fixed = {"longitudes": ["-75 deg", "10 deg"]}
    spec = InfraredSatelliteSpec(geostationary=fixed, tracks_cold_bodies=True, **EYES)
    west, east = spec.realise(middle, name="geo", asset=1)
    assert west.orbit.node_turns_with_earth
    assert east.orbit.raan_rad == pytest.approx(math.radians(10.0))
    assert west.tracks_cold_bodies


def test_where_orbits_are_not_told_every_future_draws_them():
    names = []
    InfraredSatelliteSpec(constellation=WALKER, **EYES).realise(
        lambda name, value: (names.append(name) if value.uncertain else None, value.middle)[1],
        name="t2",
        asset=0,
    )
    assert names == ["constellation.raan", "constellation.phase"]


BAD_RADARS = [
    ({"latitude": "91 deg"}, "91 deg", "at most 90 deg"),
    ({"altitude": "-5 m"}, "-5 m", "at least 0 m"),
    ({"range_max": "0 km"}, "0", "at least 1 km"),
    ({"rcs_reference": "0 m2"}, "0 m2", "more than 0 m2"),
    ({"rcs_reference": "1 m"}, "1 m", "m2"),
    ({"p_false_alarm": 0}, "0", "at least 1e-15"),
    ({"p_false_alarm": 0.6}, "0.6", "at most 0.1"),
    ({"angle_noise": "0 mrad"}, "0", "more than 0 deg"),
    ({"look_interval": "0 s"}, "0", "at least 10 ms"),
    ({"look_budget": "0 1/s"}, "0", "more than 0 1/s"),
    ({"range_reference": "4000..3000 km"}, "4000..3000 km", ""),
    ({"range_reference": "nan km"}, "nan", ""),
    ({"elevation_min": "50 deg", "elevation_max": "50 deg"}, "50 deg", "below elevation_max"),
    ({"azimuth_to": "184 deg"}, "184 deg", "at most a full turn"),
    ({"azimuth_from": "0 deg", "azimuth_to": "400 deg"}, "400 deg", "at most a full turn"),
    ({"power": "1 MW"}, "", "Extra inputs"),
]


@pytest.mark.parametrize(("change", "got", "allowed"), BAD_RADARS)
def test_a_wrong_radar_is_refused_with_reasons(change, got, allowed):
    with pytest.raises(ValidationError) as caught:
        RadarSpec(**(RADAR | change))
    message = str(caught.value)
    assert got in message
    assert allowed in message


BAD_ORBITS = [
    ({}, "no orbit"),
    ({"constellation": WALKER, "geostationary": {"longitudes": ["0 deg"]}}, "together"),
    ({"constellation": WALKER | {"planes": 7}}, "54 satellites in 7 planes"),
    ({"constellation": WALKER | {"satellites": "54..60"}}, "54..60"),
    ({"constellation": WALKER | {"phasing": 6}}, "phasing 6 with 6 planes"),
    ({"constellation": WALKER | {"satellites": 0}}, "at least 1"),
    ({"constellation": WALKER | {"altitude": "-10 km"}}, "at least 120 km"),
    ({"geostationary": {"longitudes": []}}, "at least 1 item"),
    ({"elements": []}, "at least 1 item"),
    ({"elements": [ELLIPSE | {"eccentricity": 0.7}]}, "one of the two pairs"),
    ({"elements": [{"inclination": "0 deg", "argument_of_perigee": "0 deg"}]}, "no size"),
    ({"elements": [ELLIPSE | {"apogee_altitude": "500 km"}]}, "at or above the perigee"),
]


@pytest.mark.parametrize(("orbit", "words"), BAD_ORBITS)
def test_a_wrong_orbit_is_refused_with_reasons(orbit, words):
    with pytest.raises(ValidationError) as caught:
        InfraredSatelliteSpec(**orbit, **EYES)
    assert words in str(caught.value)


OVER_EAST = {"geostationary": {"longitudes": ["75 deg"]}}


def test_what_an_infrared_satellite_may_say_beyond_the_least():
    plain = InfraredSatelliteSpec(**OVER_EAST, **EYES)
    (eye,) = plain.realise(middle, name="geo", asset=1)
    assert eye.before_earth_w_sr == eye.before_space_w_sr == eye.sensitivity_w_sr
    assert (eye.sun_exclusion_rad, eye.p_clear_sky, eye.angle_bias_rad, eye.k_factor) == (0,) * 4
    # what is left out is not written out, so that old scenarios keep their digest
    written = plain.model_dump(mode="json", exclude_none=True)
    assert set(written) == {*EYES, "geostationary", "tracks_cold_bodies"}
    more = {
        "sensitivity_below_horizon": "20 kW/sr",
        "sun_exclusion": "10 deg",
        "clear_sky": "0.2..0.4",
        "clear_sky_altitude": "3 km",
        "angle_bias": "8 urad",
        "angle_bias_memory": "100 s",
        "targets": "10..20",
        "k_factor": 3,
        "k_time": "60 s",
    }
    (eye,) = InfraredSatelliteSpec(**OVER_EAST, **EYES, **more).realise(middle, name="geo", asset=1)
    assert eye.before_earth_w_sr == pytest.approx(2e4)
    assert eye.sun_exclusion_rad == pytest.approx(math.radians(10.0))
    assert eye.cos_sun_exclusion == pytest.approx(math.cos(math.radians(10.0)))
    assert (eye.p_clear_sky, eye.clear_sky_altitude_m) == pytest.approx((0.3, 3000.0))
    assert (eye.angle_bias_rad, eye.bias_memory_s) == pytest.approx((8e-6, 100.0))
    assert eye.targets == 15
    assert (eye.k_factor, eye.k_time_s) == pytest.approx((3.0, 60.0))
    for background, other in (("earth", "before_space_w_sr"), ("space", "before_earth_w_sr")):
        spec = InfraredSatelliteSpec(**OVER_EAST, **EYES, background=background)
        (eye,) = spec.realise(middle, name="geo", asset=1)
        assert getattr(eye, other) == math.inf


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"angle_bias": "8 urad"}, "angle_bias alone"),
        ({"angle_bias_memory": "8 s"}, "angle_bias_memory alone"),
        ({"k_factor": 3}, "k_factor alone"),
        ({"k_time": "3 s"}, "k_time alone"),
        ({"targets": 0}, "at least 1"),
        ({"k_factor": -1, "k_time": "3 s"}, "at least 0"),
        ({"clear_sky_altitude": "3 km"}, "without clear_sky"),
        ({"clear_sky": 1.3}, "1.3"),
        ({"sun_exclusion": "100 deg"}, "at most 90 deg"),
        ({"sensitivity_below_horizon": "0 W/sr"}, "more than 0 W/sr"),
        ({"background": "space", "sensitivity_below_horizon": "1 W/sr"}, "background space"),
        ({"background": "earth", "tracks_cold_bodies": True}, "background earth"),
        ({"background": "sky"}, "'earth' or 'space'"),
        ({"background": "space", "field_of_regard": "7..8.5 deg"}, "more than 8.8 deg"),
    ],
)
def test_what_contradicts_itself_is_refused(more, words):
    with pytest.raises(ValidationError) as caught:
        InfraredSatelliteSpec(**OVER_EAST, **(EYES | more))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("orbit", "limb_deg"),
    [
        ({"constellation": WALKER}, 60.3),
        ({"elements": [ELLIPSE]}, 8.2),
        (
            {
                "elements": [
                    {
                        "semi_major_axis": "26600 km",
                        "eccentricity": "0.6..0.7",
                        "inclination": "63.4 deg",
                        "argument_of_perigee": "270 deg",
                    }
                ]
            },
            8.2,
        ),
    ],
)
def test_a_sensor_that_could_see_nothing_is_refused(orbit, limb_deg):
    """Before space alone, with a field that ends below the limb from the highest place."""
    for field, seen in ((limb_deg - 0.3, False), (limb_deg + 0.3, True)):
        parts = EYES | {"background": "space", "field_of_regard": f"{field} deg"}
        if seen:
            assert InfraredSatelliteSpec(**orbit, **parts).background == "space"
            continue
        with pytest.raises(ValidationError) as caught:
            InfraredSatelliteSpec(**orbit, **parts)
        assert "where the limb ends" in str(caught.value)


def test_the_schema_shows_every_field():
    for spec in (RadarSpec, InfraredSatelliteSpec):
        schema = json.loads(json.dumps(spec.model_json_schema()))
        assert set(schema["properties"]) == set(spec.model_fields)
        assert schema["additionalProperties"] is False
