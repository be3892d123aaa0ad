"""From the raid to what got through: where every object ends."""

from typing import Any

from matplotlib.axes import Axes

from opendome.report.drawing import SMALL_PT, Plate, panel, sheet, to_svg
from opendome.report.palette import FAINT, INK, LEAK, LEAK_LIGHT, MUTED, layer_colour
from opendome.report.story import Step, Story, steps
from opendome.report.words import amount, interval

ROW_IN = 0.235
LEFT_IN, RIGHT_IN = 1.95, 1.35
CAPTION = (
    "Mean number of objects per trial. Each bar starts where the one above ends; what remains "
    "got through and is taken apart, below the line, by the first link of the chain that broke. "
    "In brackets: 95 % interval. The steps sum to the raid."
)


def draw(story: Story) -> Plate:
    """Fate waterfall."""
    found = steps(story.summary)
    description = "Waterfall. " + "; ".join(f"{s.label} {amount(s.mean)}" for s in found) + "."
    figure = sheet(ROW_IN * (len(found) + 0.6) + 0.12)
    axes = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=0.04, bottom=0.04)
    axes.set_axis_off()
    axes.set_xlim(0.0, found[0].mean)
    axes.set_ylim(len(found) + 0.5, -0.5)
    _bars(axes, found)
    svg = to_svg(figure, name="fates", description=description)
    return Plate(
        name="fates",
        title="Where the raid ends",
        caption=CAPTION,
        description=description,
        svg=svg,
    )


def _bars(axes: Axes, found: list[Step]) -> None:
    whole = found[0].mean
    edge, layer = whole, 0
    for index, step in enumerate(found):
        row = index + (0.5 if step.kind == "link" else 0.0)
        if step.kind in ("raid", "through"):
            left, edge = 0.0, step.mean
        else:
            edge -= step.mean
            left = max(0.0, edge)
        colour = _colour(step.kind, layer)
        layer += step.kind == "killed"
        strong = step.kind in ("raid", "through")
        axes.barh(row, step.mean, left=left, height=0.68, color=colour, linewidth=0.0)
        if step.mean == 0.0:
            axes.plot([left, left], [row - 0.34, row + 0.34], color=colour, linewidth=1.2)
        _label(axes, step, row, strong=strong)
        last = index == len(found) - 1
        if not last and step.kind != "through" and found[index + 1].kind != "link":
            axes.plot([edge, edge], [row + 0.34, row + 0.66], color=FAINT, linewidth=0.6)
        if step.kind == "through" and not last:
            axes.axhline(row + 0.75, color=FAINT, linewidth=0.6)


def _label(axes: Axes, step: Step, row: float, *, strong: bool) -> None:
    weight = "bold" if strong else "normal"
    colour = LEAK if step.kind == "through" else INK
    place: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"),
        "textcoords": "offset points",
        "va": "center",
    }
    axes.annotate(
        step.label, (0.0, row), xytext=(-7, 0), ha="right", weight=weight, color=colour, **place
    )
    axes.annotate(
        amount(step.mean), (1.0, row), xytext=(30, 0), ha="right", weight=weight, color=colour,
        **place,
    )  # fmt: skip
    if step.low is not None and step.high is not None:
        axes.annotate(
            f"({interval(step.low, step.high)})",
            (1.0, row),
            xytext=(35, 0),
            ha="left",
            color=MUTED,
            fontsize=SMALL_PT,
            **place,
        )


def _colour(kind: str, layer: int) -> str:
    """Colour of a step."""
    plain = {"raid": INK, "lost": FAINT, "through": LEAK, "link": LEAK_LIGHT}
    return plain.get(kind) or layer_colour(layer)
