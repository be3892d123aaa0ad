"""How near ours come to the published figures: a dot for each, a line for each study."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from opendome.report.drawing import SMALL_PT, Plate, panel, sheet, to_svg
from opendome.report.palette import FAINT, INK, LEAK, MUTED, PAPER, STOP
from opendome.report.words import MINUS
from opendome.studies.scoreboard import Comparison, Scoreboard

Floats = npt.NDArray[np.float64]
ROW_IN = 0.34
TOP_IN, BOTTOM_IN, LEFT_IN, RIGHT_IN = 0.06, 0.45, 1.75, 1.2
LEAST = 1e-4  # differences below this share are drawn as none
MOST = 1.0  # larger ones at the edge
TICKS = (-1.0, -0.1, -0.01, -0.001, 0.0, 0.001, 0.01, 0.1, 1.0)
LANES = 5  # heights at which dots of one study stand, so that equal ones do not hide each other
SPREAD = 0.5
TITLE = "Against the record"
CAPTION = (
    "Each dot is one published figure: how far ours is from it, in per cent of it, on a scale that "
    "is straight near the middle and logarithmic outside. Blue: within its stated tolerance. Red "
    "and hollow: not reproduced. At the edges: twice as much or none, or no answer."
)


def draw(board: Scoreboard | None) -> Plate:
    """Dots by study."""
    names = [] if board is None else [n for n in board.titles if board.of_study(n).comparisons]
    if board is None or not names:
        text = "No study of the published record rests on a document that this scenario uses."
        return Plate(name="record", title=TITLE, caption=text, description=text, svg=None)
    description = _describe(board, names)
    return Plate(
        name="record",
        title=TITLE,
        caption=CAPTION,
        description=description,
        svg=to_svg(_figure(board, names), name="record", description=description),
    )


def _describe(board: Scoreboard, names: Sequence[str]) -> str:
    parts = [
        f"{name} {len(own.reproduced)} of {len(own.comparisons)}"
        for name in names
        for own in (board.of_study(name),)
    ]
    return f"Dots of difference by study. Reproduced within tolerance: {', '.join(parts)}."


def place(share: float | None) -> float:
    """Where a difference stands on the axis: straight near the middle, logarithmic beyond."""
    if share is None:
        return _scale(-MOST)
    return _scale(float(np.clip(share, -MOST, MOST)))


def _scale(share: float) -> float:
    return float(np.sign(share) * np.log10(1.0 + abs(share) / LEAST))


def _figure(board: Scoreboard, names: Sequence[str]) -> Figure:
    figure = sheet(TOP_IN + BOTTOM_IN + ROW_IN * len(names))
    axes = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=TOP_IN, bottom=BOTTOM_IN)
    axes.set_xlim(_scale(-MOST) - 0.15, _scale(MOST) + 0.15)
    axes.set_ylim(len(names), 0.0)
    axes.set_yticks([])
    axes.set_xticks([_scale(tick) for tick in TICKS])
    axes.set_xticklabels([_tick(tick) for tick in TICKS])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    axes.set_xlabel("ours less the published figure")
    axes.axvline(0.0, color=FAINT, linewidth=0.8)
    for row, name in enumerate(names):
        own = board.of_study(name)
        _dots(axes, row + 0.5, own.comparisons)
        _label(axes, row + 0.5, name, f"{len(own.reproduced)} of {len(own.comparisons)}")
    return figure


def _tick(share: float) -> str:
    return f"{100.0 * share:+g} %".replace("-", MINUS) if share else "0"


def _dots(axes: Axes, row: float, found: Sequence[Comparison]) -> None:
    lanes = (np.arange(len(found)) % LANES - (LANES - 1) / 2) / LANES * SPREAD
    where = np.array([place(_share(each)) for each in found])
    good = np.array([bool(each.row.within) for each in found])
    dots: dict[str, Any] = {"marker": "o", "linestyle": "none", "markeredgewidth": 0.8}
    axes.plot(where[good], row + lanes[good], color=STOP, markersize=3.2, alpha=0.7, **dots)
    axes.plot(
        where[~good], row + lanes[~good], markerfacecolor=PAPER, markeredgecolor=LEAK,
        markersize=4.2, **dots,
    )  # fmt: skip


def _share(each: Comparison) -> float | None:
    """Difference as a share of the published figure; a difference from nothing is all of it."""
    if each.difference_share is not None or each.row.difference is None:
        return each.difference_share
    return float(np.sign(each.row.difference))


def _label(axes: Axes, row: float, name: str, score: str) -> None:
    near: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"),
        "textcoords": "offset points",
        "va": "center",
    }
    axes.annotate(name, (0.0, row), xytext=(-8, 0), ha="right", color=INK, **near)
    axes.annotate(
        score, (1.0, row), xytext=(8, 0), ha="left", color=MUTED, fontsize=SMALL_PT, **near
    )
