"""Calendar time at the edge: epochs, Julian dates, the Earth rotation angle."""

import math
from datetime import UTC, datetime

from opendome.quantities.constants import SECONDS_PER_DAY
from opendome.quantities.errors import OpendomeError

EPOCH_FIRST = datetime(1960, 1, 1, tzinfo=UTC)
EPOCH_LAST = datetime(2100, 1, 1, tzinfo=UTC)
JULIAN_DATE_J2000 = 2451545.0
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_ALLOWED = f"a UTC moment from {EPOCH_FIRST:%Y-%m-%d} to before {EPOCH_LAST:%Y-%m-%d}"


class EpochError(OpendomeError, ValueError):
    """An epoch that cannot be used. Also a ValueError, for pydantic."""


def parse_epoch(text: str) -> datetime:
    """Moment named by an ISO 8601 text with an explicit time zone.

    text : for example "2029-01-20T12:00:00Z" or "2029-01-20T14:00:00+02:00"
    Returns an aware datetime in UTC, inside the allowed range (`check_epoch`).
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise EpochError(
            got=f"{text!r} as an epoch",
            allowed="date and time as ISO 8601 with a time zone",
            do='write it like "2029-01-20T12:00:00Z"',
        ) from None
    return check_epoch(moment)


def check_epoch(moment: datetime) -> datetime:
    """The same moment in UTC, or an `EpochError` if it is naive or out of range."""
    if moment.tzinfo is None:
        raise EpochError(
            got=f"{moment.isoformat()} without a time zone",
            allowed=_ALLOWED,
            do='add "Z" for UTC or an offset such as "+02:00"',
        )
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        utc = None
    if utc is None or not EPOCH_FIRST <= utc < EPOCH_LAST:
        raise EpochError(
            got=f"the epoch {moment.isoformat()}",
            allowed=_ALLOWED,
            do="choose an epoch in that range; Earth rotation is not known well outside it",
        )
    return utc


def julian_date(moment: datetime) -> float:
    """Julian date of an aware moment in the same time scale [days].

    moment : aware datetime
    Returns days since noon of 1 January 4713 BC (proleptic Julian calendar).
    Valid for: 1960 to 2100, resolution 4e-5 s (float64); UTC days count 86 400 s here.
    Source: definition; J2000.0 = JD 2451545.0.
    """
    return JULIAN_DATE_J2000 + _days_since_j2000(moment)


def earth_rotation_angle_rad(moment: datetime) -> float:
    """Angle by which the Earth-fixed axes lead the inertial ones [rad].

    moment : aware UTC datetime inside the allowed range
    Returns the Earth rotation angle in 0..2 pi [rad].
    Model: ERA = 2 pi (0.7790572732640 + 1.00273781191135448 Tu), Tu = days of UT1 since
    J2000.0, with UT1 taken as UTC.
    Valid for: 1960 to 2100. UT1 = UTC holds within 0.9 s while leap seconds are kept, that is
    6.6e-5 rad or 420 m at the equator, the same for every object, sensor and aim point.
    Source: N. Capitaine, B. Guinot, D. McCarthy, Astronomy and Astrophysics 355 (2000) 398;
    IERS Conventions 2010, equation 5.15.
    """
    days = _days_since_j2000(check_epoch(moment))
    turns = 0.7790572732640 + 0.00273781191135448 * days + math.fmod(days, 1.0)
    return 2.0 * math.pi * (turns % 1.0)


def _days_since_j2000(moment: datetime) -> float:
    passed = moment - _J2000
    return passed.days + (passed.seconds + passed.microseconds * 1e-6) / SECONDS_PER_DAY
