"""Number of orbital interceptors against one input, by every method."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from opendome.report.drawing import house_style, panel, sheet
from opendome.report.palette import FAINT, INK, LAYERS, LEAK, MUTED, WASH

HEIGHT_IN = 4.0
LEFT_IN, RIGHT_IN, TOP_IN, BOTTOM_IN = 0.75, 2.05, 0.62, 0.55
DOTS_PER_INCH = 200
LABEL_GAP = 0.055  # of the height of the panel, between names at the end of lines
LOOKS = {
    "propagated": (LEAK, 2.0, "-", "always in reach"),
    "cap_density": (LAYERS[0], 1.4, "-", "mean over the footprint"),
    "latitude_density": (LAYERS[1], 1.2, "--", "latitude density, point"),
    "even_shell": (FAINT, 1.2, ":", "even shell"),
}


def write_curve(document: Mapping[str, Any], path: Path) -> None:
    """Draw the curve of an answer to `opendome size` into a file; its ending is the format.

    document : of `opendome size --json`, with a curve
    """
    with house_style(), mpl.rc_context({"svg.hashsalt": "size"}):
        figure = draw(document)
        dated: dict[str, Any] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
        figure.savefig(
            path, dpi=DOTS_PER_INCH, facecolor="white", metadata=dated.get(path.suffix.lower())
        )


def draw(document: Mapping[str, Any]) -> Figure:
    """Four lines on a logarithmic scale, and where there is no answer."""
    curve = document["curve"]
    values = np.array(curve["values"], dtype=np.float64)
    figure = sheet(HEIGHT_IN)
    axes = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=TOP_IN, bottom=BOTTOM_IN)
    axes.set_yscale("log")
    ends: list[tuple[float, float, str, str]] = []
    for name, (colour, width, dash, label) in LOOKS.items():
        numbers = np.array(curve["satellites"][name], dtype=np.float64)  # None becomes NaN
        known = np.isfinite(numbers)
        if not known.any():
            continue
        axes.plot(values, numbers, color=colour, linewidth=width, linestyle=dash)
        last = int(np.flatnonzero(known)[-1])
        ends.append((float(values[last]), float(numbers[last]), label, colour))
    _without_answer(axes, curve, values)
    _dress(axes, curve, values)
    _labels(axes, ends)
    head = f"Satellites for {document['wanted_in_reach']:,} interceptors in reach"
    figure.text(0.012, 0.955, head, weight="bold", color=INK, va="top", size=10.0)
    figure.text(0.012, 0.9, document["place"], color=MUTED, va="top")
    return figure


def _without_answer(axes: Axes, curve: Mapping[str, Any], values: Any) -> None:
    """Shade the values for which no number of satellites does it."""
    barred = [k for k, why in enumerate(curve["binding"]) if why is not None]
    if not barred or len(values) == 1:
        return
    half = 0.5 * abs(float(values[1] - values[0]))
    for k in barred:
        axes.axvspan(values[k] - half, values[k] + half, color=WASH, linewidth=0.0, zorder=0)
    axes.text(
        float(np.mean(values[barred])), 0.97, "no number\nof satellites\ndoes it", color=MUTED,
        ha="center", va="top", transform=axes.get_xaxis_transform(), size=7.0,
    )  # fmt: skip


def _dress(axes: Axes, curve: Mapping[str, Any], values: Any) -> None:
    unit = f" [{curve['unit']}]" if curve["unit"] else ""
    axes.set_xlabel(f"{curve['input'].replace('-', ' ')}{unit}")
    axes.set_xlim(float(values[0]), float(values[-1]))
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(visible=True, axis="y")
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", which="both", length=0.0)


def _labels(axes: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Names at the ends of the lines, moved apart where they would touch."""
    to_share = axes.transData + axes.transAxes.inverted()
    placed = sorted(
        ((float(to_share.transform((x, y))[1]), label, colour) for x, y, label, colour in ends),
        reverse=True,
    )
    at = 2.0
    for share, label, colour in placed:
        at = min(share, at - LABEL_GAP)
        axes.text(
            1.02, at, label, color=colour, va="center", transform=axes.transAxes, clip_on=False
        )
