"""One raid, object by object: the seconds that every link of the chain took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from opendome.report.drawing import (
    POINTS_PER_INCH,
    SMALL_PT,
    WIDTH_IN,
    Plate,
    Sketch,
    panel,
    sheet,
    to_svg,
)
from opendome.report.palette import CHAIN, FAINT, INK, LEAK, LEAK_LIGHT, MUTED
from opendome.report.story import Story
from opendome.report.words import BROKEN, KILLED, MISSED, STOPPED, joined

# link -> its first and last moment in the ledger, in the order of the chain
LINKS = {
    "detect": ("launch_t_s", "detected_t_s"),
    "track": ("detected_t_s", "tracked_t_s"),
    "share": ("tracked_t_s", "shared_t_s"),
    "decide": ("shared_t_s", "ordered_t_s"),
    "launch": ("ordered_t_s", "launched_t_s"),
    "fly": ("launched_t_s", "intercept_t_s"),
}
BEHIND, ABOVE = 0.5, 3.0  # order of drawing; bars are at 1
NAMED_MAX = 60
SHOWN_MAX = 600
ROW_IN, ROW_THIN_IN = 0.165, 0.0135
LEFT_IN, TOP_IN, BOTTOM_IN = 1.55, 0.5, 0.42
CAPTION = (
    "One raid of the run (trial 0), grouped by how it ended. Bars: time spent up to the first "
    "intercept. Stop: the last moment at which an order could still have led to an intercept; "
    "the line to it is the margin. Red line: flight on to the ground after the chain broke."
)


@dataclass(frozen=True)
class Group:
    """Objects with one fate."""

    title: str
    leaked: bool
    objects: Sequence[int]


def groups(story: Story) -> list[Group]:
    """Objects of the example trial by fate: killed by each layer, fallen out, leaked."""
    fate, killer = story.example["fate"], story.example["killed_by"]
    found = [
        _group(story, f"{KILLED} by {layer}", (fate == KILLED) & (killer == layer))
        for layer in story.layers
    ]
    found += [_group(story, words, fate == words) for words in STOPPED]
    found += [_group(story, f"leaked: {words}", fate == words, leaked=True) for words in BROKEN]
    return [group for group in found if group.objects]


def _group(story: Story, title: str, keep: object, *, leaked: bool = False) -> Group:
    chosen = np.flatnonzero(np.asarray(keep))
    order = np.argsort(story.example["launch_t_s"][chosen], kind="stable")
    return Group(title, leaked, [int(k) for k in chosen[order]])


def draw(story: Story) -> Plate:
    """Kill-chain timeline of the example trial."""
    found = groups(story)
    named = sum(len(group.objects) for group in found) <= NAMED_MAX
    row_in = ROW_IN if named else ROW_THIN_IN
    head = 1.25 if named else ROW_IN * 1.25 / ROW_THIN_IN
    rows = list(_rows(found, head))
    depth = rows[-1][0] + 1.0 if rows else 1.0
    figure = sheet(TOP_IN + BOTTOM_IN + (depth + 0.5) * row_in)
    axes = panel(figure, left=LEFT_IN, right=0.15, top=TOP_IN, bottom=BOTTOM_IN)
    axes.set_ylim(depth + 0.2, -0.3)
    axes.set_xlim(0.0, _longest_min(story))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    axes.set_xlabel("minutes after launch of the object")
    sketch = Sketch()
    for place, group, obj in rows:
        if obj is None:
            _head(axes, group, place + 0.45 * head)
        else:
            row = _Row(place + 0.5, 0.66 if named else 1.0, named)
            _bar(axes, sketch, story, group, obj, row)
    sketch.draw(axes)
    _key(figure)
    description = _describe(found)
    return Plate(
        name="timeline",
        title="One raid, object by object",
        caption=CAPTION,
        description=description,
        svg=to_svg(figure, name="timeline", description=description),
    )


def _rows(found: Sequence[Group], head: float) -> Iterator[tuple[float, Group, int | None]]:
    """Place of every heading (object None) and every bar, from the top."""
    place, shown = 0.0, 0
    for group in found:
        yield place, group, None
        place += head
        for obj in group.objects:
            if shown < SHOWN_MAX:
                yield place, group, obj
                place += 1.0
                shown += 1


def _longest_min(story: Story) -> float:
    example = story.example
    ends = [example["impact_t_s"], example["intercept_t_s"]]
    longest_s = max(float(np.nanmax(end - example["launch_t_s"], initial=1.0)) for end in ends)
    return longest_s / 60.0 * 1.02


def _head(axes: Axes, group: Group, place: float) -> None:
    axes.annotate(
        f"{group.title} ({len(group.objects)})",
        (0.0, place),
        xycoords=("axes fraction", "data"),
        xytext=(-LEFT_IN * POINTS_PER_INCH, 0),
        textcoords="offset points",
        va="center",
        weight="bold",
        color=LEAK if group.leaked else INK,
    )


@dataclass(frozen=True)
class _Row:
    """Where the bar of one object stands, and how much is drawn of it."""

    middle: float
    height: float
    named: bool


def _bar(axes: Axes, sketch: Sketch, story: Story, group: Group, obj: int, row: _Row) -> None:
    """Everything that is drawn for one object."""
    cell = {name: column[obj] for name, column in story.example.items()}
    launch_s = float(cell["launch_t_s"])
    minute = {n: (float(cell[n]) - launch_s) / 60.0 for n in cell if n.endswith("_t_s")}
    bottom, reached = row.middle - row.height / 2.0, 0.0
    for link, (begin, end) in LINKS.items():
        width = minute[end] - minute[begin]
        if np.isfinite(width):
            sketch.box(minute[begin], bottom, width, row.height, colour=CHAIN[link])
            reached = max(reached, minute[end])
    end, middle = minute["impact_t_s"], (row.middle, row.middle)
    if group.leaked and row.named:
        sketch.line((reached, end), middle, colour=LEAK, width=0.9)
        axes.plot([end], middle[:1], color=LEAK, marker="v", markersize=4.2, linestyle="none")
    elif group.leaked:
        sketch.box(reached, bottom, end - reached, row.height, colour=LEAK_LIGHT)
    elif str(cell["fate"]) in STOPPED:
        width = 0.9 if row.named else 0.4
        sketch.line((reached, end), middle, colour=FAINT, width=width, level=BEHIND)
    _shots(axes, sketch, story, obj, launch_s, row)
    if row.named:
        _margin(sketch, minute, row.middle)
        _name(axes, story, int(cell["object"]), row.middle)


def _name(axes: Axes, story: Story, obj: int, middle: float) -> None:
    axes.annotate(
        f"{story.object_class.get(obj, '')} {obj + 1}",
        (0.0, middle),
        xycoords=("axes fraction", "data"),
        xytext=(-5, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        color=MUTED,
        fontsize=SMALL_PT,
    )


def _margin(sketch: Sketch, minute: dict[str, float], middle: float) -> None:
    """A stop at the last useful order, and a line to it from the first order, if there was one."""
    begin, end = minute["ordered_t_s"], minute["last_chance_t_s"]
    if not np.isfinite(end):
        return
    if np.isfinite(begin):
        sketch.line((begin, end), (middle, middle), colour=FAINT, width=0.6, level=BEHIND)
    sketch.line((end, end), (middle - 0.3, middle + 0.3), colour=MUTED, width=0.9)


def _shots(axes: Axes, sketch: Sketch, story: Story, obj: int, launch_s: float, row: _Row) -> None:
    """A dot where a shot killed the object, a cross where one did not."""
    shots = story.example_shots
    mine = shots["object"] == story.example["object"][obj]
    at = (shots["intercept_t_s"][mine] - launch_s) / 60.0
    dead, missed = (shots["result"][mine] == result for result in (KILLED, MISSED))
    size = 3.8 if row.named else 0.9
    place = np.full(at.size, row.middle)
    sketch.dots(at[dead], place[dead], colour=INK, size=size, level=ABOVE)
    if row.named:
        axes.plot(
            at[missed], place[missed], color=INK, marker="x", markersize=size, linestyle="none"
        )


def _key(figure: Figure) -> None:
    """Names of the colours, in the order of the chain, along the top."""
    width, height = (float(size) for size in figure.get_size_inches())
    frame = (LEFT_IN / width, 1.0 - 0.34 / height, 1.0 - (LEFT_IN + 0.15) / width, 0.26 / height)
    axes = figure.add_axes(frame)
    axes.set_axis_off()
    axes.set_xlim(0.0, WIDTH_IN - LEFT_IN - 0.15)
    axes.set_ylim(0.0, 1.0)
    place = 0.0
    for link, colour in CHAIN.items():
        axes.add_patch(Rectangle((place, 0.3), 0.16, 0.42, facecolor=colour, linewidth=0.0))
        axes.text(place + 0.2, 0.5, link, va="center", color=INK)
        place += 0.31 + 0.058 * len(link)
    axes.plot([place, place + 0.16], [0.5, 0.5], color=FAINT, linewidth=0.6)
    axes.plot([place + 0.16] * 2, [0.25, 0.75], color=MUTED, linewidth=0.9)
    axes.text(place + 0.21, 0.5, "last order", va="center", color=INK)
    place += 0.92
    for marker, text in (("o", "kill"), ("x", "miss")):
        axes.plot([place], [0.5], color=INK, marker=marker, markersize=3.8)
        axes.text(place + 0.08, 0.5, text, va="center", color=INK)
        place += 0.44


def _describe(found: Sequence[Group]) -> str:
    parts = [f"{len(group.objects)} {group.title}" for group in found]
    return f"Timeline of one raid, one bar per object. Endings: {joined(parts) or 'none'}."
