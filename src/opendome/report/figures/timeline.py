"""One raid, object by object: the seconds that every link of the chain took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from opendome.report.drawing import POINTS_PER_INCH, SMALL_PT, WIDTH_IN, Plate, panel, sheet, to_svg
from opendome.report.palette import CHAIN, FAINT, INK, LEAK, LEAK_LIGHT, MUTED
from opendome.report.story import Story
from opendome.report.words import BROKEN, KILLED, STOPPED, joined

# link -> its first and last moment in the ledger, in the order of the chain
LINKS = {
    "detect": ("launch_t_s", "detected_t_s"),
    "track": ("detected_t_s", "tracked_t_s"),
    "share": ("tracked_t_s", "shared_t_s"),
    "decide": ("shared_t_s", "ordered_t_s"),
    "launch": ("ordered_t_s", "launched_t_s"),
    "fly": ("launched_t_s", "intercept_t_s"),
}
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
    figure = sheet(TOP_IN + BOTTOM_IN + depth * row_in)
    axes = panel(figure, left=LEFT_IN, right=0.15, top=TOP_IN, bottom=BOTTOM_IN)
    axes.set_ylim(depth - 0.3, -0.3)
    axes.set_xlim(0.0, _longest_min(story))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    axes.set_xlabel("minutes after launch of the missile")
    for place, group, obj in rows:
        if obj is None:
            _head(axes, group, place + 0.45 * head)
        else:
            _bar(axes, story, group, obj, place, named=named)
    _key(figure)
    description = _describe(found)
    return Plate(
        name="timeline",
        title="One raid, missile by missile",
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


def _bar(axes: Axes, story: Story, group: Group, obj: int, place: float, *, named: bool) -> None:
    """Everything that is drawn for one object."""
    row = {name: story.example[name][obj] for name in story.example}
    launch_s = float(row["launch_t_s"])
    minute = {name: (float(row[name]) - launch_s) / 60.0 for name in row if name.endswith("_t_s")}
    middle, height = place + 0.5, 0.66 if named else 1.0
    reached = 0.0
    for link, (begin, end) in LINKS.items():
        width = minute[end] - minute[begin]
        if np.isfinite(width):
            _box(axes, minute[begin], width, middle, height, CHAIN[link])
            reached = max(reached, minute[end])
    line = 0.9 if named else 0.4
    if named:
        _margin(axes, minute, middle)
    if group.leaked:
        _fly_on(axes, reached, minute["impact_t_s"], middle, height, named=named)
    elif str(row["fate"]) in STOPPED:
        axes.plot([reached, minute["impact_t_s"]], [middle] * 2, color=FAINT, linewidth=line)
    _shots(axes, story, obj, launch_s, middle, named=named)
    if named:
        name = story.object_class.get(int(row["object"]), "")
        axes.annotate(
            f"{name} {int(row['object']) + 1}",
            (0.0, middle),
            xycoords=("axes fraction", "data"),
            xytext=(-5, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=MUTED,
            fontsize=SMALL_PT,
        )


def _box(axes: Axes, left: float, width: float, middle: float, height: float, colour: str) -> None:
    axes.add_patch(
        Rectangle((left, middle - height / 2), width, height, facecolor=colour, linewidth=0.0)
    )


def _margin(axes: Axes, minute: dict[str, float], middle: float) -> None:
    """A stop at the last useful order, and a line to it from the first order, if there was one."""
    begin, end = minute["ordered_t_s"], minute["last_chance_t_s"]
    if not np.isfinite(end):
        return
    if np.isfinite(begin):
        axes.plot([begin, end], [middle, middle], color=FAINT, linewidth=0.6, zorder=0.5)
    axes.plot([end, end], [middle - 0.3, middle + 0.3], color=MUTED, linewidth=0.9)


def _fly_on(
    axes: Axes, begin: float, end: float, middle: float, height: float, *, named: bool
) -> None:
    if not named:
        _box(axes, begin, end - begin, middle, height, LEAK_LIGHT)
        return
    axes.plot([begin, end], [middle, middle], color=LEAK, linewidth=0.9)
    axes.plot([end], [middle], color=LEAK, marker="v", markersize=4.2, linestyle="none")


def _shots(
    axes: Axes, story: Story, obj: int, launch_s: float, middle: float, *, named: bool
) -> None:
    shots = story.example_shots
    mine = shots["object"] == story.example["object"][obj]
    at = (shots["intercept_t_s"][mine] - launch_s) / 60.0
    dead = shots["result"][mine] == KILLED
    if named:
        size: dict[str, Any] = {"color": INK, "linestyle": "none", "markersize": 3.8}
        axes.plot(at[~dead], np.full(int((~dead).sum()), middle), marker="x", **size)
        axes.plot(at[dead], np.full(int(dead.sum()), middle), marker="o", **size)
    else:
        axes.plot(
            at[dead], np.full(int(dead.sum()), middle), color=INK, marker="o", markersize=0.9,
            linestyle="none", markeredgewidth=0.0,
        )  # fmt: skip


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
    return f"Timeline of one raid, one bar per missile. Endings: {joined(parts) or 'none'}."
