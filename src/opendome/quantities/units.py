"""Reads and writes quantities at the edge: "1500 km", "0.5..0.9", "12 of 21", "500 000"."""

import difflib
import math
import re

from opendome.quantities.dimensions import DIMENSIONS, Dimension, dimensions_of, to_si
from opendome.quantities.errors import QuantityError
from opendome.quantities.values import Interval, Point, TestRecord, Value, number_text, reads_back

Number = int | float
_SPACES = " \u00a0\u2009\u202f"
_DIGITS = rf"(?:[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+(?![0-9])|[0-9]+)?(?:\.[0-9]+)?"
_NUMBER = rf"[+-]?{_DIGITS}(?:[eE][+-]?[0-9]+)?"
_ONE = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>[^0-9\s.+-][^\s]*(?: [^\s0-9]\S*)*|1/\w+)?")
_RECORD = re.compile(r"([0-9]{1,9})\s+of\s+([0-9]{1,9})")
_LONGEST_TEXT = 200  # characters; a sane quantity has far fewer
_SHORT = 12  # characters; a number with more is one that its unit does not suit
PATTERN = r"^\s*[+-]?[0-9.][0-9eE.+\- ]*(\s*[^0-9\s].*)?$"


def parse(given: str | Number | Value, dimension: Dimension) -> Value:
    """Value in base SI of an edge text or number.

    given : text with unit, or a number where the dimension needs no unit
    dimension : what the value must be
    Raises QuantityError with what was got, what is allowed and what to do.
    """
    if isinstance(given, Point | Interval | TestRecord):
        value: Value = given
    elif isinstance(given, bool):
        raise _refused(
            repr(given).lower(), dimension, f'write a number such as "{dimension.example}"'
        )
    elif isinstance(given, int | float):
        value = Point(_bare(given, dimension))
    else:
        value = _from_text(given.strip(), dimension)
    return _checked(value, dimension, _shown(given))


def quantity(text: str) -> tuple[Value, Dimension]:
    """Value and dimension of a text whose dimension its unit must tell.

    A number without a unit is taken as a plain number (dimension RATIO).
    """
    stripped = text.strip()
    if _RECORD.fullmatch(stripped):
        dimension = _named("a probability")
    else:
        unit = _unit_of(stripped)
        known = dimensions_of(unit) if unit else (_named("a plain number"),)
        if not known:
            raise QuantityError(
                got=f"the unknown unit {unit!r} in {text!r}",
                allowed="a unit of opendome.quantities.dimensions",
                do=_did_you_mean(unit, [u for d in DIMENSIONS for u in d.units]),
            )
        dimension = known[0]
    return parse(stripped, dimension), dimension


def format_value(value: Value, dimension: Dimension) -> str:
    """Pleasant edge text that reads back to exactly the same value.

    The unit is the largest edge unit in which the value is at least 1 and its numbers are
    short; then any unit with short numbers; when there is none, that of the shortest text.
    """
    texts = [(unit, value.text(unit)) for unit in _by_taste(value, dimension)]
    exact = [text for unit, text in texts if reads_back(value, unit)]
    return next((text for text in exact if _longest_number(text) <= _SHORT), min(exact, key=len))


def _by_taste(value: Value, dimension: Dimension) -> list[str]:
    """Units for a value, the most natural first."""
    if isinstance(value, TestRecord):
        return [""]
    numbers = (value.low, value.high) if isinstance(value, Interval) else (value.value,)
    size = max(abs(number) for number in numbers)
    base = next(unit for unit, factor in dimension.units.items() if factor == 1.0)
    edge = [unit for unit in dimension.edge if unit not in dimension.in_whole] or [base]
    if size == 0.0:
        return [base if base in edge else edge[-1]]
    whole = [
        unit
        for unit in reversed(dimension.in_whole)
        if size >= dimension.units[unit]
        and all((number / dimension.units[unit]).is_integer() for number in numbers)
    ]
    fitting = [unit for unit in reversed(edge) if size >= dimension.units[unit]]
    others = [unit for unit in (*edge, base, *dimension.units) if unit not in dimension.in_whole]
    return list(dict.fromkeys([*whole, *fitting, *others]))


def _longest_number(text: str) -> int:
    """Characters of the longest number in a text such as "0.5..2 km"."""
    return max(len(number) for number in text.partition(" ")[0].split(".."))


def _from_text(text: str, dimension: Dimension) -> Value:
    if not text:
        raise _refused("nothing", dimension, f'write for example "{dimension.example}"')
    if len(text) > _LONGEST_TEXT:
        raise _refused("a text of more than 200 characters", dimension, "shorten it")
    record = _RECORD.fullmatch(text)
    if record:
        return _test_record(int(record[1]), int(record[2]), text, dimension)
    if text.lower().lstrip("+-.").startswith(("nan", "inf")) or "..." in text:
        raise _refused(repr(text), dimension, f'write for example "{dimension.example}"')
    if ".." not in text:
        return Point(_scaled(*_split(text, dimension), text, dimension))
    low_text, _, high_text = text.partition("..")
    low, low_unit = _split(low_text.strip(), dimension)
    high, high_unit = _split(high_text.strip(), dimension)
    if low_unit and not high_unit:
        raise _refused(
            repr(text),
            dimension,
            f'put the unit behind the second number: "{low:g}..{high:g} {low_unit}"',
        )
    return Interval(
        _scaled(low, low_unit or high_unit, text, dimension),
        _scaled(high, high_unit, text, dimension),
    )


def _test_record(successes: int, trials: int, text: str, dimension: Dimension) -> Value:
    if not dimension.record:
        raise _refused(repr(text), dimension, f'write for example "{dimension.example}"')
    if trials < 1 or successes > trials:
        raise QuantityError(
            got=repr(text),
            allowed='"successes of trials" with successes <= trials and trials >= 1',
            do="check the order of the two numbers",
        )
    return TestRecord(successes, trials)


def _split(text: str, dimension: Dimension) -> tuple[float, str]:
    """Number and unit text of "1500 km"."""
    match = _ONE.fullmatch(text)
    if match is None or not any(c.isdigit() for c in match["number"]):
        raise _refused(repr(text), dimension, f'write for example "{dimension.example}"')
    digits = match["number"]
    for space in _SPACES:
        digits = digits.replace(space, "")
    return float(digits), match["unit"] or ""


def _scaled(number: float, unit: str, text: str, dimension: Dimension) -> float:
    if unit in dimension.units and (unit or dimension.bare):
        return to_si(number, dimension.units[unit])
    if not unit:
        raise QuantityError(
            got=f"{text!r} without a unit",
            allowed=allowed_words(dimension),
            do=f'add the unit, for example "{dimension.example}"',
        )
    others = dimensions_of(unit)
    if others:
        got = f"{text!r}, which is {others[0].name}"
        raise _refused(got, dimension, "give the right quantity")
    raise QuantityError(
        got=f"the unknown unit {unit!r} in {text!r}",
        allowed=allowed_words(dimension),
        do=_did_you_mean(unit, list(dimension.units)),
    )


def _bare(number: Number, dimension: Dimension) -> float:
    try:
        value = float(number)
    except OverflowError:
        raise _refused("a number beyond 1e308", dimension, "give a smaller number") from None
    if not dimension.bare:
        shown = number_text(value, 1.0) if math.isfinite(value) else repr(value)
        raise QuantityError(
            got=f"{shown} without a unit",
            allowed=allowed_words(dimension),
            do=f'add the unit, for example "{dimension.example}"',
        )
    return value


def _checked(value: Value, dimension: Dimension, shown: str) -> Value:
    """The value, if finite, ordered, in range and whole where it must be."""
    if isinstance(value, TestRecord):
        return value
    numbers = (value.low, value.high) if isinstance(value, Interval) else (value.value,)
    if not all(math.isfinite(number) for number in numbers):
        raise _refused(shown, dimension, "give a finite number")
    if isinstance(value, Interval) and value.low > value.high:
        raise QuantityError(
            got=f"the reversed interval {shown}", allowed="low..high", do="swap the two numbers"
        )
    if not all(dimension.low <= number <= dimension.high for number in numbers):
        raise _refused(shown, dimension, "give a value in that range")
    if not dimension.whole:
        return value
    if not all(number.is_integer() for number in numbers):
        raise _refused(shown, dimension, "give a whole number")
    return Interval(value.low, value.high, whole=True) if isinstance(value, Interval) else value


def allowed_words(dimension: Dimension, limits: str | None = None) -> str:
    """Words for what a dimension accepts. limits : in the place of its own range."""
    units = ", ".join(unit for unit in dimension.units if unit)
    joint = " alone or in" if dimension.bare else " in"
    words = dimension.name + (f"{joint} {units}" if units else "")
    if limits is not None:
        return f"{words}: {limits}"
    if math.isfinite(dimension.low) and math.isfinite(dimension.high):
        low, high = (format_value(Point(end), dimension) for end in (dimension.low, dimension.high))
        words += f" (from {low} to {high})"
    return words


def _refused(got: str, dimension: Dimension, do: str) -> QuantityError:
    return QuantityError(got=got, allowed=allowed_words(dimension), do=do)


def _did_you_mean(unit: str, units: list[str]) -> str:
    by_case = [known for known in units if known and known.lower() == unit.lower()]
    close = by_case or difflib.get_close_matches(unit, units, n=1, cutoff=0.4)
    return f"did you mean {close[0]!r}?" if close else "use one of the units listed"


def _unit_of(text: str) -> str:
    """Unit of the last number in a text, "" when it has none or is no quantity."""
    match = _ONE.fullmatch(text.rpartition("..")[2].strip())
    return (match["unit"] or "") if match else ""


def _named(name: str) -> Dimension:
    return next(dimension for dimension in DIMENSIONS if dimension.name == name)


def _shown(given: str | Number | Value) -> str:
    if isinstance(given, str):
        return repr(given)
    if isinstance(given, int | float):
        return repr(given) if isinstance(given, float) or len(str(given)) < 30 else "a huge number"
    return given.text()
