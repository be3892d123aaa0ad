"""When a shield stands, in a terminal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from opendome.report.numerals import BILLION
from opendome.report.words import amount, interval, joined, percent, percent_range

FAINT, STANDS, LATE = "bright_black", "green", "red"
NEVER = "not by {year}"
CAN_NEVER, NEVER_WHOLE = "can never be whole", "never whole"
STANDING = "in service"
LEAST = 0.005  # billion dollars that have no digits worth showing
SHOWN = 3  # assets named in the sentence about who is last


def show_timeline(document: Mapping[str, Any], console: Console) -> None:
    """Print the answer, then a row for each asset, then what else was asked for.

    document : of `opendome timeline --json`
    """
    console.print(Text(headline(document), style="bold"))
    for line in explanation(document):
        console.print(Text(line))
    console.print()
    if any(row["status"] != STANDING for row in document["assets"].values()):
        console.print(_assets(document))
        console.print()
    for line in _standing(document):
        console.print(Text(line, style=FAINT))
    for key, table in (("yearly_cost", _cost), ("capability", _capability)):
        if key in document:
            console.print()
            console.print(table(document))
            console.print(*(Text(line, style=FAINT) for line in _remarks(document[key])), sep="\n")
    console.print()
    for line in _facts(document):
        console.print(Text(line, style=FAINT))


def headline(document: Mapping[str, Any]) -> str:
    """The question and its answer."""
    chance = document["p_operational"]
    asked = f"Is {_name(document)} operational by {_day(document['by'])}?"
    value, bound = chance["value"], "at most " if chance["at_most"] else ""
    if value == 0.0:
        none = f"all stood in none of {document['samples']:,} calendars"
        return f"{asked} Probability under {percent(chance['high'])} ({none})."
    if value == 1.0 and not bound and document["operational_date"]["p90"] == document["start"]:
        return f"{asked} Yes: it stands."
    width = f"95\u00a0% interval {percent_range(chance['low'], chance['high'])}"
    return f"{asked} Probability {bound}{percent(value)} ({width})."


def explanation(document: Mapping[str, Any]) -> list[str]:
    """What operational means, what binds, what is not known."""
    lines = [f"Operational: {document['definition']}."]
    last = [entry for entry in document["binding"] if entry["asset"] not in document["unknown"]]
    if document["p_operational"]["value"] < 1.0 and last:
        first, *others = last
        text = f"The item that binds is {first['asset']}"
        text += f" (last in {percent(first['share'])} of the calendars): {first['reason']}."
        if others:
            named = [f"{one['asset']} {percent(one['share'])}" for one in others[: SHOWN - 1]]
            text += f" Then {joined(named)}."
        lines.append(text)
    if document["unknown"]:
        names = joined(list(document["unknown"]))
        lines.append(
            f"Too little is published on {names} to say when all of it stands; the probability "
            "leaves that out, so it is an upper bound."
        )
    days = document["operational_date"]
    known = "all that has a published date" if document["unknown"] else "all of it"
    lines.append(f"From when {known} stands: {_span(days, document)}.")
    return lines


def _assets(document: Mapping[str, Any]) -> Table:
    by = _day(document["by"], short=True)
    table = _table(
        "", "planned", f"on {by}", "10 to 90 %", "enough from", "10 to 90 %", "waits for"
    )
    for name, row in document["assets"].items():
        if row["status"] == STANDING:
            continue
        standing, complete = row["standing"], row["complete"]
        same = standing["p10"] == standing["p90"]
        width = "" if same else interval(standing["p10"], standing["p90"])
        enough = row["p_enough"] is not None and row["p_enough"] >= 0.5
        table.add_row(
            Text(name, style=STANDS if enough else LATE),
            amount(row["planned"]),
            amount(standing["p50"]),
            width,
            *_when(row, complete, document),
            NEVER_WHOLE if row["limit"].startswith(CAN_NEVER) else row["limit"],
        )
    return table


def _standing(document: Mapping[str, Any]) -> list[str]:
    """The assets that stand from the start, in one line."""
    names = [
        f"{name} ({amount(row['planned'])})" if row["planned"] > 1 else name
        for name, row in document["assets"].items()
        if row["status"] == STANDING
    ]
    return [f"Stand from the start: {', '.join(names)}."] if names else []


def _when(
    row: Mapping[str, Any], complete: Mapping[str, str | None], document: Mapping[str, Any]
) -> tuple[str, str]:
    """Month from which enough stands: median, and the range."""
    if row["lacks"]:
        return "not published", ""
    ends = [_month(complete[key], document) for key in ("p50", "p10", "p90")]
    return ends[0], "" if ends[1] == ends[2] else f"{ends[1]} to {ends[2]}"


def _cost(document: Mapping[str, Any]) -> Table:
    cost = document["yearly_cost"]
    years = cost["by_year"]
    names = list(dict.fromkeys(n for year in years.values() for n in year["by_category_usd"]))
    title = f"Cost by year ($ billion of {cost['price_year']})"
    table = _table(title, "mean", "10 to 90 %", *names)
    for year, row in years.items():
        parts = (row["by_category_usd"].get(name, 0.0) for name in names)
        table.add_row(
            year,
            _billion(row["mean_usd"]),
            f"{_billion(row['p10_usd'])} to {_billion(row['p90_usd'])}",
            *(_billion(part) if part else "" for part in parts),
        )
    table.add_row("all", _billion(cost["total_usd"]["mean"]), style="bold")
    table.add_row("bill", _billion(cost["bill_usd"]["mean"]), style=FAINT)
    return table


def _billion(usd: float) -> str:
    """Money to a hundredth of a billion dollars; less is marked as such."""
    billions = usd / BILLION
    if billions == 0.0:
        return "0"
    return "under 0.01" if billions < LEAST else f"{billions:,.2f}"


def _capability(document: Mapping[str, Any]) -> Table:
    found = document["capability"]
    spread = any(len(plays) > 1 for plays in found["by_date"].values())
    extra = ("few stand", "many stand") if spread else ()
    title = f"Of {found['objects']} threats, those that get through what stands"
    table = _table(title, "leakers", "95 % interval", "chance of none", *extra)
    for day, plays in found["by_date"].items():
        leakers, none = plays["median"]["leakers"], plays["median"]["p_no_leaker"]
        others = (amount(plays[name]["leakers"]["mean"]) for name in ("few", "many") if spread)
        table.add_row(
            _day(day, short=True),
            amount(leakers["mean"]),
            interval(leakers["low"], leakers["high"], found["objects"]),
            percent(none["value"]),
            *others,
        )
    return table


def _remarks(part: Mapping[str, Any]) -> list[str]:
    """What must be known to read the cost or the capability."""
    lines = [str(line) for line in part.get("remarks", [])]
    return [*lines, str(part["notice"])] if "notice" in part else lines


def _facts(document: Mapping[str, Any]) -> list[str]:
    slips = document["slips"]
    shown = joined([f"{name} {row['median']:.2f}" for name, row in slips.items()])
    return [
        f"Calendar from {_day(document['start'])}, {document['horizon_years']:g} years; "
        f"{document['samples']:,} calendars, seed {document['seed']}.",
        f"Slips: time taken over time planned, median of the fit to {document['slip_records']} "
        f"published plans: {shown}.",
    ]


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title or None, box=None, pad_edge=False, title_justify="left", title_style="bold",
        header_style=FAINT,
    )  # fmt: skip
    table.add_column("", no_wrap=True)
    for column in columns:
        words = column == "waits for"
        table.add_column(column, justify="left" if words else "right", no_wrap=not words)
    return table


def _name(document: Mapping[str, Any]) -> str:
    only: Sequence[str] = document.get("only", [])
    name = str(document["scenario"])
    return name if not only else f"{joined(list(only))} of {name}"


def _span(days: Mapping[str, str | None], document: Mapping[str, Any]) -> str:
    """Median and range of a date in words."""
    middle = _month(days["p50"], document)
    if days["p10"] == days["p90"]:
        return middle if days["p10"] else f"in none of the calendars {NEVER_WORDS}"
    low, high = (_month(days[key], document) for key in ("p10", "p90"))
    return f"median {middle}, 10 to 90\u00a0%: {low} to {high}"


NEVER_WORDS = "within their horizon"


def _month(day: str | None, document: Mapping[str, Any]) -> str:
    """A day as its month; a day beyond the end of the calendar in words."""
    if day is None:
        start = date.fromisoformat(document["start"])
        return NEVER.format(year=start.year + round(document["horizon_years"]))
    return date.fromisoformat(day).strftime("%b %Y")


def _day(day: str, *, short: bool = False) -> str:
    """A day as people write it: 20 January 2029."""
    moment = date.fromisoformat(day)
    month = moment.strftime("%b" if short else "%B")
    return f"{moment.day}\u00a0{month}\u00a0{moment.year}"
