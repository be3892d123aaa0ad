"""The way from one study to another as a waterfall: what each assumption adds or takes off."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from opendome.campaign.store import write_whole
from opendome.report.drawing import (
    POINTS_PER_INCH,
    SMALL_PT,
    Plate,
    house_style,
    panel,
    sheet,
    to_svg,
)
from opendome.report.numerals import BILLION, dollars, dollars_change
from opendome.report.palette import FAINT, INK, LEAK, MUTED, STOP
from opendome.report.walk_summary import (
    ARROW,
    REMAINDER,
    cases_of,
    headline,
    names_of,
    remainder_usd,
    values,
)
from opendome.studies.difference import Step, Walk

ROW_IN, LINE_IN = 0.44, 0.13
TOP_IN, BOTTOM_IN, LEFT_IN, RIGHT_IN = 0.1, 0.45, 2.6, 1.05
LINE_MAX = 44  # characters of small print that fit on a line
BAR_IN, ROOM = 0.22, 1.04
DOTS_PER_INCH = 200
SVG_OPENS = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'font-family="sans-serif" '
)
CAPTION = (
    "Each bar starts where the one above ends and shows the share of one assumption in the "
    "difference: the mean over all orders in which the assumptions can be changed. Red adds, blue "
    "takes off. The thin line: least and most it changes the total over all those orders."
)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One row.

    label, detail : beside it     start_usd, end_usd : where it begins and ends
    low_usd, high_usd : what it changes over all orders, None where it has no order
    total : one of the two studies, not a step
    """

    label: str
    detail: str
    start_usd: float
    end_usd: float
    low_usd: float | None = None
    high_usd: float | None = None
    total: bool = False


def bars(walk: Walk) -> list[Bar]:
    """The rows from A to B; each begins where the one before ends."""
    a, b = names_of(walk)
    case_a, case_b = (_of_total(case, walk.price_year) for case in cases_of(walk))
    found = [Bar(label=a, detail=case_a, start_usd=0.0, end_usd=walk.total_a_usd, total=True)]
    here = walk.total_a_usd
    for step in walk.steps:
        there = here + step.share_usd
        found.append(
            Bar(
                label=step.words,
                detail=_in_lines(step),
                start_usd=here,
                end_usd=there,
                low_usd=step.low_usd,
                high_usd=step.high_usd,
            )
        )
        here = there
    rest_usd = remainder_usd(walk)
    if rest_usd:
        found.append(Bar(label=REMAINDER, detail="", start_usd=here, end_usd=here + rest_usd))
    found.append(Bar(label=b, detail=case_b, start_usd=0.0, end_usd=walk.total_b_usd, total=True))
    return found


def _in_lines(step: Step) -> str:
    """What both studies assume, on several lines where one is too short."""
    text = values(step)
    if len(text) <= LINE_MAX:
        return text
    before, arrow, after = text.partition(ARROW)
    return "\n".join([*wrap(before, LINE_MAX), *wrap(f"{arrow.lstrip()}{after}", LINE_MAX)])


def _of_total(case: str, price_year: int) -> str:
    """What stands under the name of a study."""
    year = f"in prices of {price_year}"
    return "\n".join([*wrap(case, LINE_MAX), year])


def draw(walk: Walk) -> Plate:
    """Waterfall from A to B, for a page."""
    description = f"Waterfall. {headline(walk)}"
    return Plate(
        name="walk",
        title=f"From {walk.a} to {walk.b}",
        caption=CAPTION,
        description=description,
        svg=to_svg(_figure(walk), name="walk", description=description),
    )


def save(walk: Walk, path: Path) -> None:
    """Write the waterfall to a file, SVG or PNG by its name; the same walk gives the same bytes."""
    with house_style():
        if path.suffix.lower() == ".svg":
            content = (draw(walk).svg or "").replace("<svg ", SVG_OPENS, 1).encode()
        else:
            buffer = io.BytesIO()
            _figure(walk).savefig(
                buffer, format="png", dpi=DOTS_PER_INCH, facecolor="white",
                metadata={"Software": None},
            )  # fmt: skip
            content = buffer.getvalue()
    write_whole(path, content)


def _figure(walk: Walk) -> Figure:
    found = bars(walk)
    heights_in = [ROW_IN + LINE_IN * bar.detail.count("\n") for bar in found]
    tops_in = [0.0, *accumulate(heights_in)]
    figure = sheet(TOP_IN + BOTTOM_IN + tops_in[-1])
    axes = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=TOP_IN, bottom=BOTTOM_IN)
    low, high = _limits(found)
    axes.set_xlim(low / BILLION, high / BILLION)
    axes.set_ylim(tops_in[-1], 0.0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    axes.set_xlabel(f"$ billion of {walk.price_year}")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    rows = [top + ROW_IN / 2.0 for top in tops_in[:-1]]
    for row, bar in zip(rows, found, strict=True):
        _bar(axes, row, bar)
    for (row, bar), below in zip(zip(rows, found, strict=True), rows[1:], strict=False):
        end = bar.end_usd / BILLION
        axes.plot([end, end], [row, below], color=FAINT, linewidth=0.6, zorder=0.5)
    axes.axvline(0.0, color=FAINT, linewidth=0.8)
    return figure


def _limits(found: Sequence[Bar]) -> tuple[float, float]:
    """Ends of the axis: every bar, and every range [US dollars]."""
    ends = [0.0]
    for bar in found:
        ends += [bar.start_usd, bar.end_usd]
        if bar.low_usd is not None and bar.high_usd is not None:
            ends += [bar.start_usd + bar.low_usd, bar.start_usd + bar.high_usd]
    return min(ends) * ROOM, max(ends) * ROOM


def _bar(axes: Axes, row: float, bar: Bar) -> None:
    start, end = bar.start_usd / BILLION, bar.end_usd / BILLION
    grows = bar.end_usd >= bar.start_usd
    colour = INK if bar.total else LEAK if grows else STOP
    axes.barh(row, end - start, left=start, height=BAR_IN, color=colour, linewidth=0.0)
    if bar.low_usd is not None and bar.high_usd is not None:
        span = [start + bar.low_usd / BILLION, start + bar.high_usd / BILLION]
        axes.plot(span, [row, row], color=INK, linewidth=0.9, marker="|", markersize=5.0)
    amount = dollars(bar.end_usd) if bar.total else dollars_change(bar.end_usd - bar.start_usd)
    place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    weight = "bold" if bar.total else "normal"
    axes.annotate(
        amount, (1.0, row), xytext=(8, 0), va="center", ha="left", weight=weight,
        color=colour, **place,
    )  # fmt: skip
    axes.annotate(
        bar.label, (0.0, row), xytext=(-8, 1), va="bottom", ha="right", weight=weight, color=INK,
        **place,
    )  # fmt: skip
    for line, text in enumerate(bar.detail.split("\n")):
        axes.annotate(
            text, (0.0, row), xytext=(-8, -1 - line * LINE_IN * POINTS_PER_INCH), va="top",
            ha="right", color=MUTED, fontsize=SMALL_PT, **place,
        )  # fmt: skip
