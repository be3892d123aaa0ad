"""A bill in a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from opendome.report.numerals import ABSENT, BILLION, dollars, dollars_range
from opendome.report.words import NBSP, joined, percent, spell

FAINT = "bright_black"
UNVERIFIED_MARK = "*"
TENS = {15: "fifteen", 20: "twenty", 25: "twenty-five", 30: "thirty"}
SHIELD, SPACE = "shield", "space layer"
NOTHING = "Nothing in {name} has a published price and is still to be bought."
NAMED = 8  # systems named in a list before the rest is only counted
WHOLE = 0.995  # share from which a layer is said to be nearly all of it


def show_bill(
    document: Mapping[str, Any],
    console: Console,
    *,
    by: str = "system",
    per_kill: Mapping[str, Any] | None = None,
) -> None:
    """Print a bill: the sum, its lines, what is not in it, published totals beside it.

    document : of `Bill.to_dict`     by : "system" or "category"
    per_kill : of `CostPerKill.to_dict`, where a run was given
    """
    console.print(Text(bill_headline(document), style="bold"))
    console.print(Text(bill_explanation(document)))
    tables = [
        _lines(document, by) if document["lines"] else None,
        _layers(document) if len(document["by_layer"]) > 1 else None,
        _gaps(document),
        _scope(document),
        _published(document),
        None if per_kill is None else _per_kill(per_kill),
    ]
    for table in tables:
        if table is not None:
            console.print()
            _print(table, console)
    console.print()
    for line in _facts(document):
        console.print(Text(line, style=FAINT))


def _print(table: Table, console: Console) -> None:
    """A table under its title, which may be wider than the table."""
    console.print(Text(str(table.title), style="bold"))
    table.title = None
    console.print(table)


def bill_headline(document: Mapping[str, Any]) -> str:
    """The sum in one sentence."""
    total, name = document["total"], document["scenario"]
    if not document["lines"]:
        return NOTHING.format(name=name)
    width = ""
    if total["high"] > total["low"]:
        width = f" (95{NBSP}% {dollars_range(total['low'], total['high'])})"
    layer, share = _largest(document)
    if share >= WHOLE:
        part = f"{'' if share == 1.0 else 'nearly '}all of it is the {_of(layer)}"
    else:
        part = f"the {_of(layer)} {_is(layer)} {percent(share)} of it"
    return (
        f"{years_words(document['horizon_years'])} of {name} cost {dollars(total['mean'])}{width} "
        f"in prices of {document['price_year']}; {part}."
    )


def bill_explanation(document: Mapping[str, Any]) -> str:
    """What the sum leaves out, in one or two sentences."""
    standing, gaps = document["already_bought"], document["not_counted"]
    systems = list(dict.fromkeys(gap["system"] for gap in gaps))
    parts: list[str] = []
    if standing:
        one = len(standing) == 1
        parts.append(
            f"{spell(len(standing)).capitalize()} system{'' if one else 's'} already bought "
            f"{'is' if one else 'are'} not charged."
        )
    if systems:
        parts.append(
            f"The sum is a lower bound: something of {spell(len(systems))} "
            f"system{'' if len(systems) == 1 else 's'} has no published figure."
        )
    if document["lines"]:
        parts.append(f"On average {dollars(document['per_year'])} a year.")
    return " ".join(parts)


def years_words(years: float) -> str:
    """A number of years at the beginning of a sentence: Twenty years."""
    if years != round(years):
        return f"{years:g} years"
    whole = round(years)
    word = TENS.get(whole) or spell(whole)
    return f"{word.capitalize()} year{'' if whole == 1 else 's'}"


def _largest(document: Mapping[str, Any]) -> tuple[str, float]:
    """The dearest layer and its share of the sum."""
    total = document["total"]["mean"]
    layer, cost = next(iter(document["by_layer"].items()))
    return layer, cost["mean"] / total if total else 0.0


def _of(layer: str) -> str:
    """A layer as a noun."""
    return layer if layer.endswith(("layer", "satellites", "radars")) else f"{layer} layer"


def _is(layer: str) -> str:
    return "are" if layer.endswith(("satellites", "radars")) else "is"


def _table(title: str, heads: Sequence[str], *, left: Iterable[int] = (0,)) -> Table:
    table = Table(title=title, box=None, pad_edge=False, header_style=FAINT)
    words = set(left)
    for index, head in enumerate(heads):
        number = index not in words
        table.add_column(
            head, justify="right" if number else "left", no_wrap=number or index == 0,
            overflow="fold",
        )  # fmt: skip
    return table


def billions(usd: float) -> str:
    """A sum in milliards of dollars: three digits, never 0 for something."""
    value = usd / BILLION
    if value == 0.0:
        return "0"
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else "< 0.001"


def _range(cost: Mapping[str, float]) -> str:
    if cost["low"] == cost["high"]:
        return ""
    return f"{billions(cost['low'])} to {billions(cost['high'])}"


def _lines(document: Mapping[str, Any], by: str) -> Table:
    """The sum taken apart, by system or by category."""
    unit = f"$ billion of {document['price_year']}"
    total = document["total"]["mean"]
    if by == "category":
        table = _table(f"By category ({unit})", ("", "mean", "95 %", "share"))
        for name, cost in document["by_category"].items():
            table.add_row(Text(name), billions(cost["mean"]), _range(cost), _share(cost, total))
    else:
        heads = ("", "mean", "95 %", "share", "one more unit", "most of it")
        table = _table(f"By system ({unit})", heads, left=(0, 5))
        for name, cost in document["by_system"].items():
            mark = UNVERIFIED_MARK if _doubtful(document, name) else ""
            more = document["marginal"].get(name)
            table.add_row(
                Text(f"{name}{mark}"), billions(cost["mean"]), _range(cost), _share(cost, total),
                ABSENT if more is None else dollars(more["mean"]), _main_part(document, name),
            )  # fmt: skip
    table.add_row(
        Text("total", style="bold"), billions(total), _range(document["total"]), "",
        *([""] * (len(table.columns) - 4)),
    )  # fmt: skip
    return table


def _share(cost: Mapping[str, float], total: float) -> str:
    return percent(cost["mean"] / total) if total else ""


def _doubtful(document: Mapping[str, Any], system: str) -> bool:
    return any(line["unverified"] for line in document["lines"] if line["system"] == system)


def _main_part(document: Mapping[str, Any], system: str) -> Text:
    """The dearest category of a system and its share."""
    lines = [line for line in document["lines"] if line["system"] == system]
    whole = sum(line["mean"] for line in lines)
    most = max(lines, key=lambda line: line["mean"])
    share = most["mean"] / whole if whole else 0.0
    return Text(f"{most['category']} {percent(share)}", style=FAINT)


def _layers(document: Mapping[str, Any]) -> Table:
    table = _table(
        f"By layer ($ billion of {document['price_year']})", ("", "mean", "95 %", "share")
    )
    total = document["total"]["mean"]
    for name, cost in document["by_layer"].items():
        table.add_row(Text(name), billions(cost["mean"]), _range(cost), _share(cost, total))
    return table


def _gaps(document: Mapping[str, Any]) -> Table | None:
    """What has no published figure, part by part."""
    systems: dict[str, list[str]] = {}
    for gap in document["not_counted"]:
        systems.setdefault(gap["part"], []).append(gap["system"])
    if not systems:
        return None
    table = _table("Not counted: no published figure", ("", "systems", "of"), left=(0, 2))
    for part, names in systems.items():
        more = f", and {len(names) - NAMED} more" if len(names) > NAMED else ""
        table.add_row(Text(part), str(len(names)), Text(", ".join(names[:NAMED]) + more))
    return table


def _scope(document: Mapping[str, Any]) -> Table:
    table = _table("What is counted", ("", "", "why"), left=(0, 1, 2))
    for part in document["scope"]:
        table.add_row(Text(part["name"]), Text(part["counted"]), Text(part["why"], style=FAINT))
    return table


def _published(document: Mapping[str, Any]) -> Table:
    """Published totals, like beside like: of a whole shield, then of a space layer."""
    unit = f"$ billion of {document['price_year']}"
    heads = ("", "of", "as published", unit, "years", "what it counts")
    table = _table("Published totals, which count different things", heads, left=(0, 1, 5))
    for subject in (SHIELD, SPACE):
        ours = _ours(document, subject)
        if ours is not None:
            table.add_row(*ours, style="bold")
        for total in document["published"]:
            if total["of"] == subject:
                table.add_row(*_published_row(total))
    return table


def _ours(document: Mapping[str, Any], subject: str) -> tuple[Text, ...] | None:
    cost = document["total"] if subject == SHIELD else document["by_layer"].get(SPACE)
    alone = set(document["by_layer"]) == {SPACE}  # a space layer is no shield
    if cost is None or not document["lines"] or (alone and subject == SHIELD):
        return None
    counted = "what is listed above" if subject == SHIELD else "the lines of that layer above"
    years = f"{document['horizon_years']:g}"
    cells = (document["scenario"], subject, "", billions(cost["mean"]), years, counted)
    return tuple(Text(cell) for cell in cells)


def _published_row(total: Mapping[str, Any]) -> tuple[Text, ...]:
    year = total["given_price_year"]
    prices = "then-year" if year is None else f"of {year}"
    years = ABSENT if total["years"] is None else f"{total['years']:g}"
    converted = total["converted"]
    mark = UNVERIFIED_MARK if total["basis"] == "unverified" else ""
    return (
        Text(f"{total['who']}{mark}"),
        Text(total["of"]),
        Text(f"{billions(total['given'])} {prices}"),
        Text(ABSENT if converted is None else billions(converted)),
        Text(years),
        Text(total["scope"], style=FAINT),
    )


def _per_kill(per_kill: Mapping[str, Any]) -> Table:
    """What a kill of the given run costs."""
    table = _table(f"Cost of a kill ($ of {per_kill['price_year']})", ("", "mean", "range"))
    for name, words in (
        ("shield_per_kill", "whole shield over the kills of one raid"),
        ("shield_per_engaged", "whole shield over the missiles shot at"),
    ):
        span = per_kill[name]
        if span is not None:
            high = "no end" if span["high"] is None else dollars(span["high"])
            table.add_row(words, dollars(span["mean"]), f"{dollars(span['low'])} to {high}")
    if per_kill["fired_per_kill_usd"] is not None:
        table.add_row("rounds fired for each kill", dollars(per_kill["fired_per_kill_usd"]), "")
    if per_kill["exchange_ratio"] is not None:
        table.add_row(
            "dollars fired for each dollar killed", f"{per_kill['exchange_ratio']:.3g}", ""
        )
    for reason in per_kill["missing"]:
        table.add_row(Text(f"not known: {reason}", style=FAINT), "", "")
    return table


def _facts(document: Mapping[str, Any]) -> list[str]:
    weak = len(document["unverified_inputs"])
    lines = [*document["remarks"]]
    if weak:
        lines.append(f"{UNVERIFIED_MARK} rests on an unverified figure; {weak} in all")
    if document["already_bought"]:
        lines.append(f"already bought, not charged: {joined(list(document['already_bought']))}")
    drawn = f"{document['samples']:,} samples, seed {document['seed']}; "
    lines.append(f"{drawn if document['samples'] > 1 else ''}digest {document['digest'][:16]}")
    lines.append(
        f"{len(document['sources'])} sources, each with its lines: "
        f"opendome cost {document['scenario']} --json; of a system: opendome show NAME"
    )
    return lines
