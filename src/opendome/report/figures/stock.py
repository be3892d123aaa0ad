"""Rounds fired over time, layer by layer."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from opendome.report.drawing import Plate, panel, sheet, to_svg
from opendome.report.palette import INK, LEAK, MUTED, layer_colour
from opendome.report.story import Story
from opendome.report.words import amount

Floats = npt.NDArray[np.float64]
POINTS = 181
PANEL_IN, GAP_IN = 0.98, 0.2
LEFT_IN, RIGHT_IN, BOTTOM_IN = 1.55, 1.35, 0.42
STOCK_SHOWN = 1.6  # the stock is drawn when it is at most this many times the rounds fired
CAPTION = (
    "Rounds fired since the first launch, for each layer: median of all trials and the band "
    "that holds 80 % of them. A red line marks an empty stock, where it is near."
)


@dataclass(frozen=True, kw_only=True)
class Use:
    """Rounds of one layer over time: 10th, 50th and 90th percentile of the trials."""

    layer: str
    low: Floats
    middle: Floats
    high: Floats


def gather(story: Story) -> tuple[Floats, list[Use]]:
    """Minutes after the first launch of a trial, and the use of each layer."""
    ledger, shots, trials = story.ledger, story.shots, story.trials
    start_s = np.full(trials, np.inf)
    np.minimum.at(start_s, ledger["trial"], ledger["launch_t_s"])
    minute = (shots["launched_t_s"] - start_s[shots["trial"]]) / 60.0
    last = float(np.max(minute, initial=0.0))
    grid = np.linspace(0.0, np.ceil(last * 1.05) or 1.0, POINTS)
    slot = np.clip(np.searchsorted(grid, minute, side="left"), 0, POINTS - 1)
    found: list[Use] = []
    for layer in story.layers:
        mine = shots["layer"] == layer
        cell = shots["trial"][mine] * POINTS + slot[mine]
        fired = np.bincount(cell, minlength=trials * POINTS).reshape(trials, POINTS)
        low, middle, high = np.percentile(np.cumsum(fired, axis=1), (10, 50, 90), axis=0)
        found.append(Use(layer=layer, low=low, middle=middle, high=high))
    return grid, found


def draw(story: Story) -> Plate:
    """Rounds fired over time."""
    title = "Rounds fired"
    if not story.layers or story.shots["trial"].size == 0:
        text = "No round was fired in any trial."
        return Plate(name="stock", title=title, caption=text, description=text, svg=None)
    grid, found = gather(story)
    height = BOTTOM_IN + len(found) * (PANEL_IN + GAP_IN)
    figure = sheet(height)
    for index, use in enumerate(found):
        top = GAP_IN / 2 + index * (PANEL_IN + GAP_IN)
        axes = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=top, bottom=height - top - PANEL_IN)
        _one(axes, grid, use, index, story)
        if index < len(found) - 1:
            axes.set_xticklabels([])
        else:
            axes.set_xlabel("minutes after the first launch")
    description = _describe(story)
    return Plate(
        name="stock",
        title=title,
        caption=CAPTION,
        description=description,
        svg=to_svg(figure, name="stock", description=description),
    )


def _one(axes: Axes, grid: Floats, use: Use, index: int, story: Story) -> None:
    colour = layer_colour(index)
    axes.fill_between(grid, use.low, use.high, color=colour, alpha=0.22, linewidth=0.0, step="post")
    axes.step(grid, use.middle, color=colour, linewidth=1.4, where="post")
    stock = float(story.summary["stock"][use.layer]["start"])
    top = max(1.0, float(use.high[-1]))
    if stock <= STOCK_SHOWN * top:
        axes.axhline(stock, color=LEAK, linewidth=0.8)
        top = stock
    axes.set_ylim(0.0, 1.1 * top)
    axes.set_xlim(grid[0], grid[-1])
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    mean = float(story.summary["layers"][use.layer]["rounds"])
    _note(axes, 0.0, use.layer, "right", -28, INK, weight="bold")
    text = f"{amount(mean)} of {stock:,.0f}\nrounds on average"
    _note(axes, 1.0, text, "left", 8, MUTED, weight="normal")


def _note(
    axes: Axes, place: float, text: str, side: str, shift: float, colour: str, *, weight: str
) -> None:
    axes.annotate(
        text,
        (place, 0.5),
        xycoords="axes fraction",
        xytext=(shift, 0),
        textcoords="offset points",
        ha=side,
        va="center",
        color=colour,
        weight=weight,
    )


def _describe(story: Story) -> str:
    parts = [
        f"{name} fires {amount(use['rounds'])} of {story.summary['stock'][name]['start']:,} rounds"
        for name, use in story.summary["layers"].items()
    ]
    return f"Rounds fired over time, one panel per layer. On average {', '.join(parts)}."
