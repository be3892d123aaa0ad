"""Which sensor saw what when."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from opendome.report.drawing import SMALL_PT, WIDTH_IN, Plate, Sketch, panel, sheet, to_svg
from opendome.report.palette import INK, MUTED, RULE, SHADES
from opendome.report.story import Story
from opendome.report.words import spell

Floats = npt.NDArray[np.float64]
BINS = 240
ROWS_MAX = 40
ROW_IN = 0.2
LEFT_IN, RIGHT_IN, TOP_IN, BOTTOM_IN = 1.95, 0.6, 0.36, 0.42
LOOKED = "#dfe3e6"
CAPTION = (
    "The same raid (trial 0), one line per asset. Grey: it looked and saw nothing. Blue: it saw "
    "at least one object, the darker the larger the part of the raid seen in that moment. "
    "Right: objects seen at least once."
)


@dataclass(frozen=True, kw_only=True)
class Sightings:
    """Looks of one raid by asset and time.

    Attributes
    ----------
    assets : names, the first to see anything first
    edges_min : (bin + 1,) minutes after the first launch
    seen : (asset, bin) part of the raid seen in a bin, NaN where nobody looked
    ever : (asset,) objects seen at least once
    """

    assets: list[str]
    edges_min: Floats
    seen: Floats
    ever: npt.NDArray[np.int64]


def gather(story: Story) -> Sightings | None:
    """Looks of the example trial by asset and time bin; None without any look."""
    looks = story.looks
    if looks["t_s"].size == 0:
        return None
    number = {name: k for k, name in enumerate(story.looking)}
    names = np.array([str(name) for name in number])
    asset = np.array([number[name] for name in looks["asset"].tolist()], np.int64)
    minute = (looks["t_s"] - story.start_t_s) / 60.0
    edges = np.linspace(min(0.0, float(minute.min())), float(minute.max()) + 1e-9, BINS + 1)
    slot = np.clip(np.searchsorted(edges, minute, side="right") - 1, 0, BINS - 1)
    cell = asset * BINS + slot
    hit = looks["detected"].astype(bool)
    objects = story.objects
    once = np.unique(cell[hit] * objects + looks["object"][hit])
    seen = np.bincount(once // objects, minlength=names.size * BINS) / objects
    looked = np.bincount(cell, minlength=names.size * BINS) > 0
    table = np.where(looked, seen, np.nan).reshape(names.size, BINS)
    ever = np.unique(asset[hit] * objects + looks["object"][hit]) // objects
    first = np.full(names.size, np.inf)
    np.minimum.at(first, asset[hit], minute[hit])
    order = np.lexsort((names, first))
    return Sightings(
        assets=[str(names[k]) for k in order],
        edges_min=edges,
        seen=table[order],
        ever=np.bincount(ever, minlength=names.size)[order],
    )


def draw(story: Story) -> Plate:
    """Sightings of the example trial."""
    found = gather(story)
    title = "Which sensor saw what, and when"
    if found is None:
        text = "No sensor looked at any object in this raid."
        return Plate(name="sightings", title=title, caption=text, description=text, svg=None)
    shown = min(len(found.assets), ROWS_MAX)
    figure = sheet(TOP_IN + BOTTOM_IN + shown * ROW_IN)
    axes = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=TOP_IN, bottom=BOTTOM_IN)
    axes.set_xlim(found.edges_min[0], found.edges_min[-1])
    axes.set_ylim(shown, 0.0)
    axes.set_yticks(np.arange(shown) + 0.5, found.assets[:shown])
    axes.set_xlabel("minutes after the first launch")
    for row in range(1, shown):
        axes.axhline(row, color=RULE, linewidth=0.4)
    _strips(axes, found, shown)
    for row in range(shown):
        _count(axes, row, int(found.ever[row]))
    _key(figure)
    caption, description = CAPTION, _describe(found, story.objects)
    if len(found.assets) > shown:
        caption += f" The first {shown} of {len(found.assets)} assets to see anything are shown."
    return Plate(
        name="sightings",
        title=title,
        caption=caption,
        description=description,
        svg=to_svg(figure, name="sightings", description=description),
    )


def _strips(axes: Axes, found: Sightings, shown: int) -> None:
    """One path for every shade."""
    sketch = Sketch()
    shade = np.ceil(found.seen * len(SHADES))
    for level, colour in enumerate((LOOKED, *SHADES)):
        for row in range(shown):
            on = np.concatenate([[0], (shade[row] == level).astype(np.int8), [0]])
            starts, ends = np.flatnonzero(np.diff(on) == 1), np.flatnonzero(np.diff(on) == -1)
            for start, end in zip(starts, ends, strict=True):
                left, right = found.edges_min[start], found.edges_min[end]
                sketch.box(left, row + 0.14, right - left, 0.72, colour=colour)
    sketch.draw(axes)


def _count(axes: Axes, row: int, ever: int) -> None:
    axes.annotate(
        f"{ever:,}",
        (1.0, row + 0.5),
        xycoords=("axes fraction", "data"),
        xytext=(26, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        color=INK if ever else MUTED,
        fontsize=SMALL_PT,
    )


def _key(figure: Figure) -> None:
    width, height = (float(size) for size in figure.get_size_inches())
    frame = (LEFT_IN / width, 1.0 - 0.28 / height, 1.0 - LEFT_IN / width, 0.22 / height)
    axes = figure.add_axes(frame)
    axes.set_axis_off()
    axes.set_xlim(0.0, WIDTH_IN - LEFT_IN)
    axes.set_ylim(0.0, 1.0)
    place = 0.0
    parts = [f"to {100 * (k + 1) // len(SHADES)} %" for k in range(len(SHADES))]
    for colour, text in zip((LOOKED, *SHADES), ["saw nothing", *parts], strict=True):
        axes.add_patch(Rectangle((place, 0.25), 0.18, 0.5, facecolor=colour, linewidth=0.0))
        axes.text(place + 0.23, 0.5, text, va="center", fontsize=SMALL_PT)
        place += 0.36 + 0.055 * len(text)
    axes.text(WIDTH_IN - LEFT_IN - 0.24, 0.5, "seen", ha="right", va="center", fontsize=SMALL_PT)


def _describe(found: Sightings, objects: int) -> str:
    blind = [name for name, ever in zip(found.assets, found.ever, strict=True) if ever == 0]
    best = int(np.argmax(found.ever))
    text = (
        f"Raster of {spell(len(found.assets))} assets over time. {found.assets[best]} saw "
        f"{int(found.ever[best]):,} of {objects:,} objects, the most."
    )
    return f"{text} Looked in vain: {', '.join(blind)}." if blind else text
