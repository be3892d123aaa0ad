"""Dates of plans and deliveries: read from texts of any precision, counted in seconds."""

import calendar
import re
from datetime import date

from opendome.quantities.constants import SECONDS_PER_DAY
from opendome.quantities.dimensions import DURATION
from opendome.quantities.errors import OpendomeError

YEAR_S = DURATION.units["year"]
_FORM = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?|-Q(?P<quarter>[1-4])|-(?P<word>FY|mid))?"
)
_FIRST, _LAST = 1960, 2100  # years; the span of scenario epochs
_FISCAL_START = 10  # month in which the fiscal year of the United States begins, a year early


class DateError(OpendomeError, ValueError):
    """A text that is no date. Also a ValueError, for pydantic."""


def date_s(text: str) -> float:
    """Seconds from the first day of our era to a date; of a longer span, to its middle.

    text : "2029-01-20", "2029-01", "2029", "2029-Q3", "2029-mid" or "2029-FY" (United States)
    """
    first, last = _span(text)
    return 0.5 * (first.toordinal() + last.toordinal() + 1) * SECONDS_PER_DAY


def day_s(text: str) -> float:
    """The same, of one whole day only, to its beginning."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()) is None:
        raise _refused(text, "a day, as 2029-01-20")
    first, _ = _span(text)
    return first.toordinal() * SECONDS_PER_DAY


def day_of(t_s: float) -> date:
    """Day of a moment that `date_s` gave."""
    return date.fromordinal(int(t_s // SECONDS_PER_DAY))


def year_start_s(year: int) -> float:
    """Seconds from the first day of our era to 1 January of a year."""
    return date(year, 1, 1).toordinal() * SECONDS_PER_DAY


def _span(text: str) -> tuple[date, date]:
    """First and last day of what a text names."""
    match = _FORM.fullmatch(text.strip())
    if match is None or not _FIRST <= int(match["year"]) < _LAST:
        raise _refused(text)
    year = int(match["year"])
    try:
        if match["day"]:
            day = date(year, int(match["month"]), int(match["day"]))
            return day, day
        if match["month"]:
            return date(year, int(match["month"]), 1), _month_end(year, int(match["month"]))
    except (ValueError, IndexError):
        raise _refused(text) from None
    if match["quarter"]:
        last = 3 * int(match["quarter"])
        return date(year, last - 2, 1), _month_end(year, last)
    if match["word"] == "FY":
        return date(year - 1, _FISCAL_START, 1), _month_end(year, _FISCAL_START - 1)
    return date(year, 1, 1), _month_end(year, 12)


def _month_end(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(month)
    return date(year, month, calendar.monthrange(year, month)[1])


def _refused(
    text: str, allowed: str = "a date, as 2029-01-20, 2029-01, 2029-Q1 or 2029"
) -> DateError:
    return DateError(
        got=f"the date {text!r}",
        allowed=f"{allowed}, from {_FIRST} to before {_LAST}",
        do="write it in that form",
    )
