"""Bill, calendar and record of a page in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opendome.economics.records import Bill
from opendome.report import bill_summary, timeline_summary
from opendome.report.numerals import ABSENT, dollars, dollars_range, figure
from opendome.report.outlook import Outlook
from opendome.report.study_summary import missed_words
from opendome.report.words import amount, percent, spell, web_only
from opendome.results.cost_per_kill import CostPerKill, Span
from opendome.scenario.scenario import Scenario
from opendome.studies.scoreboard import Scoreboard

UNPRICED = "This version of opendome cannot price the scenario of this run: {problem}"
UNDATED = "This version of opendome cannot make a calendar of this run: {problem}"
NO_ASSETS = "This scenario has no assets: there is nothing to build and nothing to pay."
UNREAD = "For the same reason there is nothing to say here."
UNRELATED = "No study of the published record rests on a document that this scenario uses."
MISSED_MAX = 12  # figures not reproduced that are named before the rest is only counted


@dataclass(frozen=True, kw_only=True)
class Money:
    """The section on money.

    lines : sentences, the first of them the result     kills : what, how much, range
    units : system, one more unit, range     gaps : part, systems
    scope : name, counted, why
    """

    lines: Sequence[str]
    kills: Sequence[tuple[str, str, str]]
    units: Sequence[tuple[str, str, str]]
    gaps: Sequence[tuple[str, str]]
    scope: Sequence[tuple[str, str, str]]
    remarks: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Years:
    """The section on the calendar: sentences; asset, share, reason."""

    lines: Sequence[str]
    binding: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, kw_only=True)
class Record:
    """The section on the published record.

    lines : sentences     studies : name, title, score     missed : case, output, why
    totals : who, what of, as published, in our prices, years, scope; ours among them, marked
    """

    lines: Sequence[str]
    studies: Sequence[tuple[str, str, str]]
    missed: Sequence[tuple[str, str, str]]
    totals: Sequence[Mapping[str, Any]]


def money(outlook: Outlook) -> Money:
    """Everything that is said of the bill."""
    bill = outlook.bill
    if bill is None:
        lines = [UNPRICED.format(problem=outlook.problem)]
        return Money(lines=lines, kills=[], units=[], gaps=[], scope=[], remarks=[])
    if not bill.life_cycles:
        return Money(lines=[NO_ASSETS], kills=[], units=[], gaps=[], scope=[], remarks=[])
    document = bill.to_dict()
    lines = [bill_summary.bill_headline(document), bill_summary.bill_explanation(document)]
    return Money(
        lines=[line for line in lines if line],
        kills=_kills(outlook.kills),
        units=_units(bill),
        gaps=_gaps(bill),
        scope=[(part.name, part.counted, part.why) for part in bill.scope if bill.lines],
        remarks=[f"{text[:1].upper()}{text[1:]}." for text in bill.remarks if bill.lines],
    )


def _kills(cost: CostPerKill | None) -> list[tuple[str, str, str]]:
    """What a kill of this raid costs."""
    if cost is None:
        return []
    rows: list[tuple[str, str, str]] = []
    if cost.shield_per_kill is not None:
        text = f"The whole shield over {amount(cost.kills)} kills of this one raid"
        rows.append((text, dollars(cost.shield_per_kill.mean), _span(cost.shield_per_kill)))
    if cost.fired_per_kill_usd is not None:
        text = "The rounds fired for a kill, put back in place"
        rows.append((text, dollars(cost.fired_per_kill_usd), ""))
    if cost.exchange_ratio is not None:
        text = "Dollars fired for each dollar of missile killed"
        rows.append((text, figure(cost.exchange_ratio), ""))
    return [*rows, *((f"Not known: {reason}", ABSENT, "") for reason in cost.missing)]


def _span(span: Span) -> str:
    return (
        f"{dollars(span.low)} or more" if span.high is None else dollars_range(span.low, span.high)
    )


def _units(bill: Bill) -> list[tuple[str, str, str]]:
    """What one more unit of each system costs, where that is known."""
    rows: list[tuple[str, str, str]] = []
    for name in bill.by_system():
        cost = bill.marginal(name)
        if cost is not None:
            sure = cost.low == cost.high
            rows.append(
                (name, dollars(cost.mean), "" if sure else dollars_range(cost.low, cost.high))
            )
    return rows


def _gaps(bill: Bill) -> list[tuple[str, str]]:
    """Parts that are in no sum, and of which systems."""
    systems: dict[str, list[str]] = {}
    for gap in bill.omissions:
        systems.setdefault(f"{gap.part}: {gap.reason}", []).append(gap.system)
    return [(part, ", ".join(names)) for part, names in systems.items()]


def years(outlook: Outlook) -> Years:
    """Everything that is said of the calendar."""
    found = outlook.dates
    if found is None:
        text = UNREAD if outlook.scenario is None else _undated(outlook.scenario, outlook)
        return Years(lines=[text], binding=[])
    late = found["p_operational"]["value"] < 1.0
    return Years(
        lines=[timeline_summary.headline(found), *timeline_summary.explanation(found)],
        binding=[
            (last["asset"], percent(last["share"]) if last["share"] else ABSENT, last["reason"])
            for last in found["binding"]
            if late
        ],
    )


def _undated(scenario: Scenario, outlook: Outlook) -> str:
    """Why there is no calendar."""
    if not scenario.assets:
        return NO_ASSETS
    return UNDATED.format(problem=outlook.problem_of_dates)


def sources(outlook: Outlook) -> list[dict[str, Any]]:
    """Every source of prices and dates with what rests on it, by its own words."""
    found: dict[str, dict[str, Any]] = {}
    priced = () if outlook.bill is None else outlook.bill.sources
    dated = () if outlook.dates is None else outlook.dates["sources"]
    for source in (*priced, *dated):
        entry = found.setdefault(str(source["id"]), {**source, "uses": []})
        entry["uses"] += source.get("lines", ["dates and rates"])
    return [
        {
            "title": entry["title"],
            "kind": entry["kind"],
            "url": web_only(entry["url"]),
            "uses": ", ".join(entry["uses"]) or "published totals",
        }
        for entry in found.values()
    ]


def record(outlook: Outlook) -> Record:
    """Everything that is said of published figures."""
    board = outlook.board
    bill = outlook.bill
    totals = [] if bill is None or not bill.lines else _totals(bill)
    if board is None or not board.comparisons:
        text = UNREAD if board is None else UNRELATED
        return Record(lines=[text], studies=[], missed=[], totals=totals)
    good, every = len(board.reproduced), len(board.comparisons)
    lines = [
        f"{_studies_words(len(board.titles))} of the published record rest on documents that "
        f"this scenario uses as well. Replayed from their own inputs, {good:,} of their {every:,} "
        "published figures come out within their tolerance."
    ]
    return Record(lines=lines, studies=_studies(board), missed=_missed(board), totals=totals)


def _studies_words(count: int) -> str:
    return "One study" if count == 1 else f"{spell(count).capitalize()} studies"


def _studies(board: Scoreboard) -> list[tuple[str, str, str]]:
    return [
        (name, title, f"{len(own.reproduced)} of {len(own.comparisons)}")
        for name, title in board.titles.items()
        for own in (board.of_study(name),)
    ]


def _missed(board: Scoreboard) -> list[tuple[str, str, str]]:
    found = [
        (f"{each.study}:{each.case}", each.row.name, missed_words(each))
        for each in board.not_reproduced
    ]
    rest = len(found) - MISSED_MAX
    return found if rest <= 0 else [*found[:MISSED_MAX], ("and more", "", f"{rest} other figures")]


def _totals(bill: Bill) -> list[Mapping[str, Any]]:
    """Published totals with their scope, ours first in each group."""
    rows: list[Mapping[str, Any]] = []
    for part in (bill_summary.SHIELD, bill_summary.SPACE):
        ours = bill.total if part == bill_summary.SHIELD else bill.by_layer().get(part)
        if ours is not None and ours.mean > 0.0:
            rows.append(_ours(bill, part, ours.mean))
        for total in bill.published:
            if total.of == part:
                price = "then-year" if total.given_year is None else f"of {total.given_year}"
                rows.append(
                    {
                        "who": total.who,
                        "of": part,
                        "given": f"{dollars(total.given_usd)} {price}",
                        "usd": ABSENT if total.usd is None else dollars(total.usd),
                        "years": ABSENT if total.years is None else f"{total.years:.4g}",
                        "scope": total.scope,
                        "doubtful": total.basis == "unverified",
                        "ours": False,
                    }
                )
    return rows


def _ours(bill: Bill, part: str, usd: float) -> Mapping[str, Any]:
    return {
        "who": "this scenario",
        "of": part,
        "given": "",
        "usd": dollars(usd),
        "years": f"{bill.horizon_years:.4g}",
        "scope": "what the bill above counts",
        "doubtful": False,
        "ours": True,
    }
