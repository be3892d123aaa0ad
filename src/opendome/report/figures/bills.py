"""Our bill beside the published totals: whole shields and space layers apart."""

from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from opendome.economics.records import SPACE, Amount, Bill, PublishedTotal, amount
from opendome.report.drawing import POINTS_PER_INCH, SMALL_PT, Plate, panel, sheet, to_svg
from opendome.report.numerals import BILLION, dollars, dollars_range
from opendome.report.palette import FAINT, INK, MUTED, PAPER, STOP
from opendome.report.words import joined

ROW_IN, BAR_IN, HEAD_IN = 0.34, 0.16, 0.3
TOP_IN, BOTTOM_IN, LEFT_IN, RIGHT_IN = 0.06, 0.45, 3.05, 1.4
ROOM = 1.03
SHIELD = "shield"
HEADS = {SHIELD: "A whole shield", SPACE: "Its space layer alone"}
TITLE = "Beside the published totals"
OURS = "this scenario"
CAPTION = (
    "Blue: this scenario, with its 95 % interval. Grey: published totals, brought to the same "
    "prices. Hollow: sums in prices of the years of payment, or of a year not named, which cannot "
    "be brought to one year. No two of them count the same: years stand under each name, scopes in "
    "the table below."
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One total.

    detail : years and prices     exact : whether it is in the prices of the chart
    interval : of ours, None of a published one
    """

    label: str
    detail: str
    usd: float
    exact: bool
    interval: Amount | None = None


def rows(bill: Bill) -> dict[str, list[Row]]:
    """Totals by what they are the price of, ours first, then the published, least first."""
    found: dict[str, list[Row]] = {}
    for part in HEADS:
        ours = _ours(bill, part)
        totals = [
            _published(total, bill.price_year) for total in bill.published if total.of == part
        ]
        if ours is not None and totals:
            found[part] = [ours, *sorted(totals, key=lambda row: row.usd)]
    return found


def _ours(bill: Bill, part: str) -> Row | None:
    """Our total of a part; None where the scenario has none."""
    total = bill.total if part == SHIELD else amount(bill.layer_usd(SPACE))
    if total.high == 0.0:
        return None
    years = f"{bill.horizon_years:.4g} years, prices of {bill.price_year}"
    return Row(label=OURS, detail=years, usd=total.mean, exact=True, interval=total)


def _published(total: PublishedTotal, price_year: int) -> Row:
    years = "years not stated" if total.years is None else f"{total.years:.4g} years"
    if total.usd is None:
        return Row(
            label=total.who, detail=f"{years}, then-year prices", usd=total.given_usd, exact=False
        )
    same = total.given_year == price_year
    prices = f"prices of {total.given_year}" + ("" if same else f" brought to {price_year}")
    return Row(label=total.who, detail=f"{years}, {prices}", usd=total.usd, exact=True)


def draw(bill: Bill | None) -> Plate:
    """Bars of ours and of the published totals."""
    found = {} if bill is None else rows(bill)
    if bill is None or not found:
        text = "There is no total of this scenario to lay beside the published ones."
        return Plate(name="bills", title=TITLE, caption=text, description=text, svg=None)
    parts = [
        f"{HEADS[part].lower()}: " + joined([f"{row.label} {dollars(row.usd)}" for row in group])
        for part, group in found.items()
    ]
    description = f"Bars, in prices of {bill.price_year}. {'; '.join(parts)}."
    return Plate(
        name="bills",
        title=TITLE,
        caption=CAPTION,
        description=description,
        svg=to_svg(_figure(found, bill.price_year), name="bills", description=description),
    )


def _figure(found: dict[str, list[Row]], price_year: int) -> Figure:
    every = [row for group in found.values() for row in group]
    depth_in = sum(HEAD_IN + ROW_IN * len(group) for group in found.values())
    figure = sheet(TOP_IN + BOTTOM_IN + depth_in)
    axes = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=TOP_IN, bottom=BOTTOM_IN)
    ends = [row.usd if row.interval is None else row.interval.high for row in every]
    axes.set_xlim(0.0, ROOM * max(ends) / BILLION)
    axes.set_ylim(depth_in, 0.0)
    axes.set_yticks([])
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    axes.set_xlabel(f"$ billion of {price_year}")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    place = 0.0
    for part, group in found.items():
        _head(axes, HEADS[part], place + 0.6 * HEAD_IN)
        place += HEAD_IN
        for row in group:
            _bar(axes, place + 0.5 * ROW_IN, row)
            place += ROW_IN
    return figure


def _head(axes: Axes, text: str, place: float) -> None:
    axes.annotate(
        text, (0.0, place), xycoords=("axes fraction", "data"),
        xytext=(-LEFT_IN * POINTS_PER_INCH, 0), textcoords="offset points", va="center",
        ha="left", weight="bold", color=INK,
    )  # fmt: skip


def _bar(axes: Axes, place: float, row: Row) -> None:
    ours = row.interval is not None
    colour = STOP if ours else FAINT
    axes.barh(
        place, row.usd / BILLION, height=BAR_IN, facecolor=colour if row.exact else PAPER,
        edgecolor=colour, linewidth=0.0 if row.exact else 0.8,
    )  # fmt: skip
    if row.interval is not None and row.interval.high > row.interval.low:
        span = [row.interval.low / BILLION, row.interval.high / BILLION]
        axes.plot(span, [place, place], color=INK, linewidth=0.9, marker="|", markersize=5.0)
    near: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    weight = "bold" if ours else "normal"
    axes.annotate(
        row.label, (0.0, place), xytext=(-8, 1), ha="right", va="bottom", weight=weight,
        color=INK, **near,
    )  # fmt: skip
    axes.annotate(
        row.detail, (0.0, place), xytext=(-8, -1), ha="right", va="top", color=MUTED,
        fontsize=SMALL_PT, **near,
    )  # fmt: skip
    known = row.interval
    axes.annotate(
        dollars(row.usd), (1.0, place), xytext=(8, 0 if known is None else 1), ha="left",
        va="center" if known is None else "bottom", weight=weight, color=INK, **near,
    )  # fmt: skip
    if known is not None:
        axes.annotate(
            dollars_range(known.low, known.high), (1.0, place), xytext=(8, -1), ha="left",
            va="top", color=MUTED, fontsize=SMALL_PT, **near,
        )  # fmt: skip
