"""Epochs and the Earth rotation angle."""

import math
from datetime import UTC, datetime, timedelta, timezone

import erfa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.quantities.errors import OpendomeError
from opendome.world.time import (
    EPOCH_FIRST,
    EPOCH_LAST,
    EpochError,
    check_epoch,
    earth_rotation_angle_rad,
    julian_date,
    parse_epoch,
)

MOMENTS = st.datetimes(
    min_value=datetime(1960, 1, 1),
    max_value=datetime(2099, 12, 31, 23, 59, 59),
    timezones=st.just(UTC),
)


def by_erfa(moment):
    days = moment - datetime(2000, 1, 1, 12, tzinfo=UTC)
    return erfa.era00(2451545.0 + days.days, (days - timedelta(days=days.days)) / timedelta(days=1))


@given(MOMENTS)
def test_angle_agrees_with_erfa(moment):
    """Authority: ERFA. 1e-10 rad: 0.6 mm at the equator."""
    difference = math.remainder(earth_rotation_angle_rad(moment) - by_erfa(moment), math.tau)
    assert abs(difference) < 1e-10


def test_angle_would_notice_a_solar_day():
    moment = datetime(2029, 1, 20, 12, tzinfo=UTC)
    solar = math.tau * math.fmod(0.7790572732640 + julian_date(moment) - 2451545.0, 1.0)
    assert abs(math.remainder(solar - by_erfa(moment), math.tau)) > 1e-3


@given(MOMENTS)
def test_one_sidereal_day_later_the_angle_is_the_same(moment):
    later = moment + timedelta(seconds=86164.098903691)
    if later < EPOCH_LAST:
        turn = earth_rotation_angle_rad(later) - earth_rotation_angle_rad(moment)
        assert abs(math.remainder(turn, math.tau)) < 1e-9


def test_julian_dates_of_the_almanac():
    """Authority: definition of J2000.0; J. Meeus, Astronomical Algorithms, 1998, example 7.a."""
    assert julian_date(datetime(2000, 1, 1, 12, tzinfo=UTC)) == 2451545.0
    sputnik = datetime(1957, 10, 4, tzinfo=UTC) + timedelta(days=0.81)
    assert julian_date(sputnik) == pytest.approx(2436116.31, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2029-01-20T12:00:00Z", datetime(2029, 1, 20, 12, tzinfo=UTC)),
        ("2029-01-20T14:00:00+02:00", datetime(2029, 1, 20, 12, tzinfo=UTC)),
        ("2029-01-20T12:00:00.250Z", datetime(2029, 1, 20, 12, 0, 0, 250000, tzinfo=UTC)),
    ],
)
def test_epochs_are_read(text, expected):
    assert parse_epoch(text) == expected
    assert parse_epoch(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("yesterday", "ISO 8601"),
        ("", "ISO 8601"),
        ("2029-13-01T00:00:00Z", "ISO 8601"),
        ("2029-01-20T12:00:00", "without a time zone"),
        ("2029-01-20", "without a time zone"),
        ("1959-12-31T23:59:59Z", "1960-01-01 to before 2100-01-01"),
        ("2100-01-01T00:00:00Z", "1960-01-01 to before 2100-01-01"),
        ("0001-01-01T00:00:00+14:00", "1960-01-01 to before 2100-01-01"),
    ],
)
def test_bad_epochs_are_refused(text, part):
    with pytest.raises(EpochError, match=part) as caught:
        parse_epoch(text)
    assert isinstance(caught.value, OpendomeError)
    assert caught.value.do


def test_check_epoch_converts_to_utc():
    east = timezone(timedelta(hours=5, minutes=30))
    assert check_epoch(datetime(2029, 1, 20, 17, 30, tzinfo=east)).hour == 12
    assert check_epoch(EPOCH_FIRST) == EPOCH_FIRST
