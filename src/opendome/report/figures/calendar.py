"""What stands when against what is planned, and what is spent in which year."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from opendome.economics.spending import Spending
from opendome.economics.timeline import Timeline
from opendome.quantities.dates import date_s, day_of
from opendome.quantities.dimensions import DURATION
from opendome.report.drawing import SMALL_PT, Plate, panel, sheet, to_svg
from opendome.report.numerals import BILLION, dollars
from opendome.report.numerals import figure as number
from opendome.report.palette import CATEGORIES, INK, LEAK, MUTED, STOP, WASH
from opendome.report.words import joined

Floats = npt.NDArray[np.float64]
YEAR_S = DURATION.units["year"]
DAYS_OF_A_YEAR = YEAR_S / DURATION.units["day"]
ROW_IN, STRIP_IN = 0.42, 0.28
TOP_IN, BOTTOM_IN, LEFT_IN, RIGHT_IN = 0.32, 0.32, 1.75, 1.75
COSTS_IN, GAP_IN = 1.35, 0.62
BAND = (0.1, 0.5, 0.9)
TITLE = "The calendar"
CAPTION = (
    "For every asset that does not stand whole from the start: units standing, as a part of those "
    "planned, which fill the strip. Line: half of the calendars; band: eight of ten. Mark below a "
    "strip: first delivery as published. Red line: the date of the scenario. Below: what is spent "
    "in each year, on average, and the line that holds eight of ten calendars."
)


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One asset over time.

    planned : units     first : published first delivery as a year and its part, if any
    bands : (3, step) a tenth, half and nine tenths of the calendars, as parts of `planned`
    lacks : what is not published and would be needed
    """

    name: str
    planned: float
    first: float | None
    bands: Floats
    lacks: tuple[str, ...]


def years_of(calendar: Timeline) -> Floats:
    """(step,) moments of the calendar as years and their parts."""
    start = _year(day_of(calendar.programme.start_s))
    return start + calendar.deployment.edges_s / YEAR_S


def _year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / DAYS_OF_A_YEAR


def strips(calendar: Timeline) -> list[Strip]:
    """Assets that do not stand whole at the start, in the order of the scenario."""
    found: list[Strip] = []
    for index, plan in enumerate(calendar.programme.plans):
        if plan.whole:
            continue
        share = calendar.deployment.standing[:, index] / calendar.rollout.planned[index]
        known = plan.first is not None
        found.append(
            Strip(
                name=plan.name,
                planned=plan.planned,
                first=_year(day_of(date_s(plan.first))) if known and plan.first else None,
                bands=np.quantile(share, BAND, axis=1, method="inverted_cdf"),
                lacks=plan.lacks,
            )
        )
    return found


def draw(calendar: Timeline | None, spending: Spending | None, on: date | None) -> Plate:
    """Strips over the years, and the yearly cost below them.

    on : the date for which the shield is promised
    """
    found = [] if calendar is None else strips(calendar)
    if calendar is None or on is None or not found:
        text = "Everything in this scenario stands from the start: there is no calendar to draw."
        if calendar is None:
            text = "There is no calendar of this scenario."
        return Plate(name="calendar", title=TITLE, caption=text, description=text, svg=None)
    description = _describe(found, on)
    drawing = _figure(calendar, found, spending, _year(on))
    return Plate(
        name="calendar",
        title=TITLE,
        caption=CAPTION,
        description=description,
        svg=to_svg(drawing, name="calendar", description=description),
    )


def _describe(found: list[Strip], on: date) -> str:
    parts = [f"{strip.name} {strip.planned:,.0f}" for strip in found if not strip.lacks]
    blind = [strip.name for strip in found if strip.lacks]
    text = f"Strips over the years, one for each asset yet to come: {joined(parts) or 'none'}."
    if blind:
        text += f" Too little is published of {joined(blind)}."
    return f"{text} The date of the scenario is {on.isoformat()}."


def _figure(
    calendar: Timeline, found: list[Strip], spending: Spending | None, promised: float
) -> Figure:
    paid = spending is not None and bool(spending.usd)
    strips_in = ROW_IN * len(found)
    below_in = BOTTOM_IN + (COSTS_IN + GAP_IN if paid else 0.0)
    height = TOP_IN + strips_in + below_in
    drawing = sheet(height)
    axes = panel(drawing, left=LEFT_IN, right=RIGHT_IN, top=TOP_IN, bottom=below_in)
    years = years_of(calendar)
    axes.set_xlim(years[0], years[-1])
    axes.set_ylim(strips_in, 0.0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    for row, strip in enumerate(found):
        _strip(axes, years, strip, ROW_IN * row + 0.5 * (ROW_IN + STRIP_IN))
    _promise(axes, promised, years)
    if paid and spending is not None:
        top = TOP_IN + strips_in + GAP_IN
        costs = panel(drawing, left=LEFT_IN, right=RIGHT_IN, top=top, bottom=BOTTOM_IN)
        costs.set_xlim(years[0], years[-1])
        _costs(costs, spending)
        costs.axvline(promised, color=LEAK, linewidth=1.0)
    return drawing


def _promise(axes: Axes, promised: float, years: Floats) -> None:
    """The date of the scenario, named above the strips."""
    axes.axvline(promised, color=LEAK, linewidth=1.0, zorder=4.0)
    late = promised > 0.5 * (years[0] + years[-1])
    axes.annotate(
        "date of the scenario", (promised, 1.0), xycoords=("data", "axes fraction"),
        xytext=(0, 5), textcoords="offset points", ha="right" if late else "left",
        va="bottom", color=LEAK, fontsize=SMALL_PT,
    )  # fmt: skip


def _strip(axes: Axes, years: Floats, strip: Strip, base: float) -> None:
    """One asset. base : where its strip stands [in from the top]."""
    axes.add_patch(
        Rectangle(
            (years[0], base - STRIP_IN), years[-1] - years[0], STRIP_IN, facecolor=WASH,
            linewidth=0.0, zorder=0.8,
        )
    )  # fmt: skip
    if not strip.lacks:
        low, middle, high = (base - STRIP_IN * np.clip(part, 0.0, 1.0) for part in strip.bands)
        axes.fill_between(years, low, high, color=STOP, alpha=0.25, linewidth=0.0, step="post")
        axes.step(years, middle, color=STOP, linewidth=1.4, where="post")
    if strip.first is not None:
        axes.plot(
            [strip.first], [base], color=INK, marker=6, markersize=5.0, linestyle="none",
            clip_on=True, zorder=5.0,
        )  # fmt: skip
    near: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    middle_of = base - 0.5 * STRIP_IN
    axes.annotate(
        strip.name, (0.0, middle_of), xytext=(-8, 1), ha="right", va="bottom", color=INK, **near
    )
    axes.annotate(
        f"{number(strip.planned)} planned", (0.0, middle_of), xytext=(-8, -1), ha="right",
        va="top", color=MUTED, fontsize=SMALL_PT, **near,
    )  # fmt: skip
    _end(axes, strip, middle_of, near)


def _end(axes: Axes, strip: Strip, middle: float, near: dict[str, Any]) -> None:
    """What stands at the end of the calendar, or what is missing to say so."""
    if strip.lacks:
        axes.annotate(
            f"no published {' or '.join(strip.lacks)}", (0.5, middle), ha="center", va="center",
            xytext=(0, 0), color=MUTED, fontsize=SMALL_PT, **near,
        )  # fmt: skip
        return
    low, half, high = (number(round(strip.planned * float(part[-1]))) for part in strip.bands)
    sure = low == high
    axes.annotate(
        f"{half} at the end", (1.0, middle), xytext=(8, 0 if sure else 1), ha="left",
        va="center" if sure else "bottom", color=INK, **near,
    )  # fmt: skip
    if not sure:
        axes.annotate(
            f"({low} to {high})", (1.0, middle), xytext=(8, -1), ha="left", va="top",
            color=MUTED, fontsize=SMALL_PT, **near,
        )  # fmt: skip


def _costs(axes: Axes, spending: Spending) -> None:
    """Mean of each year by category, and the line that holds eight of ten calendars."""
    years = np.array(spending.years, np.float64) + 0.5
    bottom = np.zeros(years.size)
    for category, usd in spending.by_category().items():
        mean = usd.mean(axis=1) / BILLION
        axes.bar(years, mean, bottom=bottom, width=0.8, color=CATEGORIES[category], linewidth=0.0)
        bottom += mean
    low, high = (np.quantile(spending.total, at, axis=1) / BILLION for at in (BAND[0], BAND[-1]))
    axes.vlines(years, low, high, color=INK, linewidth=0.9)
    axes.grid(visible=True, axis="y")
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.4g}"))
    axes.set_ylabel(f"$ billion of {spending.price_year}")
    used = [name for name, usd in spending.by_category().items() if usd.any()]
    for line, name in enumerate(reversed(used)):
        axes.annotate(
            name, (1.0, 0.9 - 0.16 * line), xycoords="axes fraction", xytext=(20, 0),
            textcoords="offset points", va="center", ha="left", color=MUTED, fontsize=SMALL_PT,
        )  # fmt: skip
        axes.plot(
            [1.055], [0.9 - 0.16 * line], transform=axes.transAxes, marker="s", markersize=5.0,
            color=CATEGORIES[name], linestyle="none", clip_on=False,
        )  # fmt: skip
    mean = float(spending.total.sum(axis=0).mean())
    axes.annotate(
        f"What is spent in each year: {dollars(mean)} in all", (0.0, 1.0),
        xycoords="axes fraction", xytext=(0, 6), textcoords="offset points", va="bottom",
        ha="left", color=INK,
    )  # fmt: skip
