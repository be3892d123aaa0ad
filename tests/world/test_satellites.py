"""Element sets: reading, refusing, large catalogue numbers, frames."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import erfa
import numpy as np
import pytest
from numpy.testing import assert_allclose

from opendome.quantities.errors import OpendomeError
from opendome.world.satellites import (
    STATUS_WORDS,
    ElementSetError,
    SatelliteCatalogue,
    catalogue_id_from_alpha5,
    checksum,
    eci_from_teme,
    gmst82_rad,
    read_omm_json,
    read_tle,
    state_since_epoch,
)
from opendome.world.time import earth_rotation_angle_rad, julian_date

# first set of the public SGP4 verification file (Vanguard 1)
LINE_1 = "1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753"
LINE_2 = "2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667"
TLE = f"{LINE_1}\n{LINE_2}\n"
OMM = {
    "OBJECT_NAME": "VANGUARD 1",
    "OBJECT_ID": "1958-002B",
    "EPOCH": "2000-06-27T18:50:19.733568",
    "MEAN_MOTION": 10.82419157,
    "ECCENTRICITY": 0.1859667,
    "INCLINATION": 34.2682,
    "RA_OF_ASC_NODE": 348.7242,
    "ARG_OF_PERICENTER": 331.7664,
    "MEAN_ANOMALY": 19.3264,
    "NORAD_CAT_ID": 5,
    "BSTAR": 0.28098e-4,
}


def omm(**changes):
    fields = {key: value for key, value in (OMM | changes).items() if value is not None}
    return json.dumps([fields])


def with_check_digit(line):
    return f"{line[:68]}{checksum(line)}"


def test_both_forms_give_the_same_satellite():
    (from_tle,) = read_tle(TLE)
    (from_omm,) = read_omm_json(omm())
    assert from_tle.catalogue_id == from_omm.catalogue_id == 5
    assert from_omm.name == "VANGUARD 1"
    assert abs(from_tle.epoch - from_omm.epoch) < timedelta(microseconds=5)
    for minutes in (0.0, 720.0):
        one, two = state_since_epoch(from_tle, minutes), state_since_epoch(from_omm, minutes)
        assert_allclose(one[0], two[0], rtol=0, atol=1e-3)


def test_numbers_may_be_text_and_one_message_needs_no_list():
    text = json.dumps({key: str(value) for key, value in OMM.items()})
    assert read_omm_json(text) == read_omm_json(omm())


@pytest.mark.parametrize("number", [0, 99_999, 100_000, 339_999, 340_000, 799_500_123])
def test_catalogue_numbers_of_any_size(number):
    (one,) = read_omm_json(omm(NORAD_CAT_ID=number))
    assert one.catalogue_id == number
    catalogue = SatelliteCatalogue([one])
    assert catalogue.catalogue_ids.tolist() == [number]
    _, _, codes = catalogue.states_teme(one.epoch, [0.0])
    assert not codes.any()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("00005", 5),
        ("99999", 99_999),
        ("A0000", 100_000),
        ("H9999", 179_999),
        ("J0000", 180_000),
        ("N9999", 229_999),
        ("P0000", 230_000),
        ("T0001", 270_001),
        ("Z9999", 339_999),
        ("    5", 5),
    ],
)
def test_alpha5(text, number):
    assert catalogue_id_from_alpha5(text) == number


@pytest.mark.parametrize("text", ["I0000", "O0000", "a0000", "AA000", "", "-0005", "A00"])
def test_what_is_not_alpha5(text):
    with pytest.raises(ValueError, match=r".*"):
        catalogue_id_from_alpha5(text)


def test_a_two_line_set_in_alpha5_with_a_name_line():
    lines = [with_check_digit(line.replace("00005", "T0001", 1)) for line in (LINE_1, LINE_2)]
    (one,) = read_tle("# a comment\n\n0 SOMETHING NEW\n" + "\n".join(lines))
    assert (one.catalogue_id, one.name) == (270_001, "SOMETHING NEW")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LINE_1, "line 1 without line 2"),
        (f"{LINE_2}\n{LINE_1}", "out of place"),
        (f"{LINE_1}\n{LINE_1}", "out of place"),
        (f"{LINE_1}\n{LINE_2[:40]}", "columns"),
        (f"{LINE_1}\n{LINE_2.replace('00005', '00006', 1)}", "check digit"),
        (f"{LINE_1[:-1]}4\n{LINE_2}", "check digit 4"),
        (f"{LINE_1}\n{with_check_digit(LINE_2.replace('00005', '00006', 1))}", "00006"),
        (f"{LINE_1}\n{with_check_digit(LINE_2.replace('34.2682', '34.2x82'))}", "no number"),
        (f"{LINE_1}\n{with_check_digit(LINE_2.replace(' 34.2682', '194.2682'))}", "inclination"),
        (f"{with_check_digit(LINE_1.replace('00179', '00x79'))}\n{LINE_2}", "no number"),
        (f"{with_check_digit(LINE_1.replace('00005', 'I0005', 1))}\n"
         f"{with_check_digit(LINE_2.replace('00005', 'I0005', 1))}", "no number"),
    ],
)  # fmt: skip
def test_bad_two_line_sets_are_refused_with_their_line(text, said):
    with pytest.raises(ElementSetError, match=said) as caught:
        read_tle(text, where="sets.tle")
    assert caught.value.where is not None
    assert caught.value.where.startswith("sets.tle:")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "not a message"),
        (omm(BSTAR=None), "no BSTAR"),
        (omm(ECCENTRICITY=1.0), "eccentricity"),
        (omm(ECCENTRICITY=-0.1), "eccentricity"),
        (omm(INCLINATION=190.0), "inclination"),
        (omm(MEAN_MOTION=0.0), "mean motion"),
        (omm(MEAN_ANOMALY=math.nan), "not finite"),
        (omm(MEAN_ANOMALY="north"), "north"),
        (omm(MEAN_ANOMALY=True), "True"),
        (omm(NORAD_CAT_ID=1.5), "1.5"),
        (omm(NORAD_CAT_ID=-1), "-1"),
        (omm(EPOCH="yesterday"), "yesterday"),
        (omm(EPOCH=None), "EPOCH"),
        (omm(REF_FRAME="GCRF"), "GCRF"),
        (omm(MEAN_ELEMENT_THEORY="SGP4-XP"), "SGP4-XP"),
        (omm(CENTER_NAME="MOON"), "MOON"),
        (omm(TIME_SYSTEM="TAI"), "TAI"),
    ],
)
def test_bad_messages_are_refused(text, said):
    with pytest.raises(ElementSetError, match=said) as caught:
        read_omm_json(text)
    assert isinstance(caught.value, OpendomeError)
    assert caught.value.do


def test_a_catalogue_moves_all_satellites_at_once_and_marks_the_lost():
    (one,) = read_tle(TLE)
    doomed = replace(
        one, bstar_per_radius=0.5, eccentricity=0.001, mean_motion_rad_s=16.4 * math.tau / 86_400
    )
    catalogue = SatelliteCatalogue([one, doomed])
    times = np.array([0.0, 3600.0, 86_400.0])
    pos, vel, codes = catalogue.states_teme(one.epoch, times)
    assert pos.shape == vel.shape == (2, 3, 3)
    for k, t_s in enumerate(times):
        alone = state_since_epoch(one, t_s / 60.0)
        assert_allclose(pos[0, k], alone[0], rtol=0, atol=0.1)
        assert_allclose(vel[0, k], alone[1], rtol=0, atol=1e-4)
    assert codes[1, -1] in STATUS_WORDS
    assert codes[1, -1] != 0
    assert np.isnan(pos[1, -1]).all()
    assert np.isfinite(pos[0]).all()


def test_the_moment_is_scenario_epoch_plus_seconds():
    (one,) = read_tle(TLE)
    catalogue = SatelliteCatalogue([one])
    late, _, _ = catalogue.states_teme(one.epoch + timedelta(hours=5), [600.0])
    same, _, _ = catalogue.states_teme(one.epoch, [5 * 3600.0 + 600.0])
    assert_allclose(late, same, rtol=0, atol=1e-2)


@pytest.mark.parametrize("year", [1970, 2000, 2029, 2080])
def test_sidereal_time_against_erfa(year):
    moment = datetime(year, 3, 14, 15, 9, 26, 535_000, tzinfo=UTC)
    expected = erfa.gmst82(2_400_000.5, julian_date(moment) - 2_400_000.5)
    assert float(gmst82_rad(julian_date(moment))) == pytest.approx(expected, abs=1e-9)


def test_teme_and_eci_meet_in_the_earth_fixed_frame():
    moment = datetime(2029, 1, 20, 12, tzinfo=UTC)
    era = earth_rotation_angle_rad(moment)
    vector = np.array([7e6, 1e6, 2e6])
    eci = eci_from_teme(vector, moment, 0.0, era_epoch_rad=era)
    gmst = erfa.gmst82(2_400_000.5, julian_date(moment) - 2_400_000.5)

    def turned(v, angle):
        c, s = math.cos(angle), math.sin(angle)
        return np.array([c * v[0] + s * v[1], c * v[1] - s * v[0], v[2]])

    assert_allclose(turned(eci, era), turned(vector, gmst), rtol=0, atol=0.05)
    # the two axes differ by precession: some 0.35 deg, 40 km in low orbit, by 2029
    assert 3e4 < np.linalg.norm(eci - vector) < 6e4
    back = turned(eci, float(era - gmst82_rad(julian_date(moment))))
    assert_allclose(back, vector, rtol=0, atol=1e-6)
