"""Figures of any size as a reader likes them: four digits, thousands apart, dollars in words."""

import re
from collections.abc import Sequence

from opendome.report.words import MINUS

ABSENT = "–"
BILLION, MILLION, THOUSAND = 1e9, 1e6, 1e3
SCALES = {"": "", "k": " thousand", "M": " million", "G": " billion", "T": " trillion"}
PER = {"": "", "/kg": " per kg", "/year": " a year"}
_MONEY = re.compile(
    r"(?P<scale>[kMGT]?)(?P<currency>[A-Z]{3})_(?P<year>[0-9]{4}|then)(?P<per>/kg|/year)?"
)


def figure(value: float | None) -> str:
    """A number to four digits; whole thousands in full; never a certainty that is none."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return str(value).lower()
    size = abs(value)
    if size == 0.0:
        return "0"
    if size >= 999.95:
        text = f"{value:,.0f}" if size < 1e12 else f"{value:.4g}"
    elif 0.99995 <= size < 1.0:
        text = f"{value:.7f}".rstrip("0")
    else:
        text = f"{value:.4g}" if size >= 1e-3 else f"{value:.3g}"
    return text.replace("-", MINUS)


def either(value: float | Sequence[float] | None) -> str:
    """A number, or lowest to highest of a range."""
    if isinstance(value, Sequence):
        return " to ".join(figure(end) for end in value)
    return figure(value)


def change(difference: float | None, share: float | None = None) -> str:
    """A difference with its sign, to two digits; and as a share of what it is a difference to."""
    if difference is None:
        return ABSENT
    if abs(difference) < 1e-9 * max(1.0, abs(difference / share) if share else 1.0):
        return "0"
    text = _signed(difference)
    return text if share is None else f"{text} ({percent_change(share)})"


def percent_change(share: float) -> str:
    """A difference in per cent, to two digits, at most to a hundredth of one."""
    percent = round(100.0 * share, 2)
    return f"{_signed(percent) if percent else 0} %"


def _signed(value: float) -> str:
    size = abs(value)
    text = f"{value:+,.0f}" if size >= 99.5 else f"{value:+.2g}"
    return text.replace("-", MINUS)


def unit_words(unit: str) -> str:
    """A unit of the edge in words: "GUSD_2026" is "$ billion of 2026"."""
    match = _MONEY.fullmatch(unit)
    if match is None:
        return unit
    sign = "$" if match["currency"] == "USD" else match["currency"]
    year = "then-year prices" if match["year"] == "then" else f"of {match['year']}"
    return f"{sign}{SCALES[match['scale']]}{PER[match['per'] or '']} {year}"


def dollars(usd: float) -> str:
    """An amount of money as a newspaper writes it: $743 billion, $1,650 billion, $22 million."""
    size = abs(usd)
    sign = MINUS if usd < 0.0 and round(size) else ""
    for scale, word in ((BILLION, " billion"), (MILLION, " million")):
        if size >= 0.9995 * scale:
            return f"{sign}${_three(size / scale)}{word}"
    return f"{sign}${size:,.0f}"


def dollars_change(usd: float) -> str:
    """The same with a sign for more, too."""
    return f"+{dollars(usd)}" if round(usd) > 0 else dollars(usd)


def dollars_range(low_usd: float, high_usd: float) -> str:
    """Two amounts as one range, the scale said once where it is the same."""
    return _span(dollars(low_usd), dollars(high_usd))


def dollars_change_range(low_usd: float, high_usd: float) -> str:
    """Two differences as one range, each with its sign."""
    return _span(dollars_change(low_usd), dollars_change(high_usd))


def _span(low: str, high: str) -> str:
    word = high.partition(" ")[2]
    if low == high:
        return high
    return f"{low.removesuffix(f' {word}') if word else low} to {high}"


def _three(value: float) -> str:
    """Three digits, thousands in full."""
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.3g}"
