"""Inputs the result leans on."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from opendome.report.drawing import SMALL_PT, Plate, panel, sheet, to_svg
from opendome.report.inputs import Inputs
from opendome.report.palette import FAINT, INK, LEAK, MUTED, PAPER, STOP
from opendome.report.story import SURE, Story
from opendome.report.words import MINUS, p_value

ROW_IN = 0.34
LEFT_IN, RIGHT_IN = 2.75, 1.15
CAPTION = (
    "Rank correlation (Spearman) between the value an uncertain input takes in a future and the "
    "mean number of threats that get through in it. Blue: more of it, fewer get through. Red: "
    "more of it, more get through. Under the name: the range it was drawn from. p: chance of a "
    "correlation this strong somewhere among all uncertain inputs if none of them mattered (Holm); "
    "a hollow bar may well be chance."
)


def draw(story: Story) -> Plate:
    """Rank correlations of the strongest inputs."""
    found = story.leans
    title = "What the result leans on"
    if not found:
        text = "No uncertain input changed how many threats got through in this run."
        return Plate(name="leans", title=title, caption=text, description=text, svg=None)
    inputs = Inputs(story.run.scenario_text)
    figure = sheet(ROW_IN * len(found) + 0.5)
    axes = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=0.06, bottom=0.42)
    axes.set_xlim(-1.0, 1.0)
    axes.set_ylim(len(found), 0.0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xticks([-1.0, -0.5, 0.0, 0.5, 1.0])
    axes.set_xlabel("rank correlation with the threats that get through")
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    for row, lean in enumerate(found):
        rho = float(lean["rank_correlation"])
        p = float(lean["p_adjusted"])
        colour = LEAK if rho > 0.0 else STOP
        axes.barh(
            row + 0.5, rho, height=0.46, facecolor=colour if p <= SURE else PAPER,
            edgecolor=colour, linewidth=0.8,
        )  # fmt: skip
        _label(axes, row, inputs.name(lean["input"]), inputs.text(lean["input"]))
        _value(axes, row, rho, p)
    axes.axvline(0.0, color=FAINT, linewidth=0.8)
    description = _describe(found)
    return Plate(
        name="leans",
        title=title,
        caption=CAPTION,
        description=description,
        svg=to_svg(figure, name="leans", description=description),
    )


def _label(axes: Axes, row: int, name: str, text: str) -> None:
    place: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"),
        "textcoords": "offset points",
        "ha": "right",
    }
    axes.annotate(name, (0.0, row + 0.5), xytext=(-8, 1), va="bottom", color=INK, **place)
    axes.annotate(
        text, (0.0, row + 0.5), xytext=(-8, -1), va="top", color=MUTED, fontsize=SMALL_PT, **place
    )


def _value(axes: Axes, row: int, rho: float, p: float) -> None:
    place: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"),
        "textcoords": "offset points",
        "ha": "left",
    }
    number = f"{rho:+.2f}".replace("-", MINUS)
    axes.annotate(number, (1.0, row + 0.5), xytext=(8, 0), va="center", color=INK, **place)
    axes.annotate(
        p_value(p), (1.0, row + 0.5), xytext=(36, 0), va="center", color=MUTED,
        fontsize=SMALL_PT, **place,
    )  # fmt: skip


def _describe(found: Sequence[Mapping[str, Any]]) -> str:
    parts = [
        f"{lean['input']} {float(lean['rank_correlation']):+.2f}"
        f"{'' if float(lean['p_adjusted']) <= SURE else ' (may be chance)'}"
        for lean in found
    ]
    return f"Bars of rank correlation: {', '.join(parts)}."
