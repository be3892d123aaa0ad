"""What each system costs, part by part, with the interval of its sum."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from opendome.economics.records import Amount, Bill, amount
from opendome.report.drawing import SMALL_PT, Plate, panel, sheet, to_svg
from opendome.report.numerals import BILLION, dollars, dollars_range
from opendome.report.palette import CATEGORIES, INK, MUTED
from opendome.report.words import joined

ROW_IN, BAR_IN = 0.34, 0.2
TOP_IN, BOTTOM_IN, LEFT_IN, RIGHT_IN = 0.38, 0.45, 1.75, 1.75
ROOM = 1.02
ROWS_MAX = 14
KEY_IN, KEY_STEP_IN, KEY_GAP_IN = 0.11, 0.056, 0.2  # a swatch, a letter, and what lies between
TITLE = "The bill"
CAPTION = (
    "Mean cost of each system over the horizon, by what it is spent on; the line through a bar is "
    "the 95 % interval of its sum. Parts without a published figure are left out, not taken as "
    "nothing: they are listed below."
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One system, or all the small ones together.

    parts : category -> mean [US dollars]     total : their sum with its interval
    """

    label: str
    layer: str
    parts: Mapping[str, float]
    total: Amount


def rows(bill: Bill) -> list[Row]:
    """Systems, dearest first; what finds no place is one row at the end."""
    names = list(bill.by_system())
    shown = names if len(names) <= ROWS_MAX else names[: ROWS_MAX - 1]
    found = [_row(bill, [name], name, bill.layers.get(name, "")) for name in shown]
    rest = names[len(shown) :]
    return [*found, _row(bill, rest, f"{len(rest)} more", "")] if rest else found


def _row(bill: Bill, names: list[str], label: str, layer: str) -> Row:
    lines = [line for line in bill.lines if line.system in names]
    parts: dict[str, float] = {}
    for line in lines:
        parts[line.category] = parts.get(line.category, 0.0) + float(line.usd.mean())
    return Row(
        label=label,
        layer=layer if layer != label else "",
        parts={name: parts[name] for name in CATEGORIES if name in parts},
        total=amount(sum(line.usd for line in lines)),
    )


def draw(bill: Bill | None) -> Plate:
    """Stacked bars, one for each system."""
    if bill is None or not bill.lines:
        text = "No part of this scenario has a published price, so there is no bill."
        return Plate(name="bill", title=TITLE, caption=text, description=text, svg=None)
    found = rows(bill)
    description = (
        "Bars. "
        + joined([f"{row.label} {dollars(row.total.mean)}" for row in found])
        + f", in prices of {bill.price_year} over {bill.horizon_years:.4g} years."
    )
    return Plate(
        name="bill",
        title=TITLE,
        caption=CAPTION,
        description=description,
        svg=to_svg(_figure(found, bill.price_year), name="bill", description=description),
    )


def _figure(found: list[Row], price_year: int) -> Figure:
    figure = sheet(TOP_IN + BOTTOM_IN + ROW_IN * len(found))
    axes = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=TOP_IN, bottom=BOTTOM_IN)
    axes.set_xlim(0.0, ROOM * max(row.total.high for row in found) / BILLION)
    axes.set_ylim(len(found), 0.0)
    axes.set_yticks([])
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    axes.set_xlabel(f"$ billion of {price_year}")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.4g}"))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    for place, row in enumerate(found):
        _bar(axes, place + 0.5, row)
    _key(figure, found)
    return figure


def _bar(axes: Axes, place: float, row: Row) -> None:
    left = 0.0
    for category, usd in row.parts.items():
        axes.barh(
            place, usd / BILLION, left=left, height=BAR_IN / ROW_IN, color=CATEGORIES[category],
            linewidth=0.0,
        )  # fmt: skip
        left += usd / BILLION
    total = row.total
    if total.high > total.low:
        span = [total.low / BILLION, total.high / BILLION]
        axes.plot(span, [place, place], color=INK, linewidth=0.9, marker="|", markersize=5.0)
    place_of: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"),
        "textcoords": "offset points",
    }
    middle = row.layer == ""
    axes.annotate(
        row.label, (0.0, place), xytext=(-8, 0 if middle else 1), ha="right",
        va="center" if middle else "bottom", color=INK, **place_of,
    )  # fmt: skip
    axes.annotate(
        row.layer, (0.0, place), xytext=(-8, -1), ha="right", va="top", color=MUTED,
        fontsize=SMALL_PT, **place_of,
    )  # fmt: skip
    sure = total.high == total.low
    axes.annotate(
        dollars(total.mean), (1.0, place), xytext=(8, 0 if sure else 1), ha="left",
        va="center" if sure else "bottom", color=INK, **place_of,
    )  # fmt: skip
    if not sure:
        axes.annotate(
            dollars_range(total.low, total.high), (1.0, place), xytext=(8, -1), ha="left",
            va="top", color=MUTED, fontsize=SMALL_PT, **place_of,
        )  # fmt: skip


def _key(figure: Figure, found: list[Row]) -> None:
    """Names of the categories that occur, in a line above the bars."""
    width, height = (float(size) for size in figure.get_size_inches())
    used = [name for name in CATEGORIES if any(row.parts.get(name, 0.0) > 0.0 for row in found)]
    left = LEFT_IN
    for name in used:
        corner = (left / width, 1.0 - (TOP_IN - 0.1) / height)
        figure.add_artist(
            Rectangle(corner, KEY_IN / width, KEY_IN / height, facecolor=CATEGORIES[name])
        )
        figure.text(
            corner[0] + (KEY_IN + 0.05) / width, corner[1] + 0.5 * KEY_IN / height, name,
            va="center", ha="left", fontsize=SMALL_PT, color=MUTED,
        )  # fmt: skip
        left += KEY_IN + KEY_GAP_IN + KEY_STEP_IN * len(name)
