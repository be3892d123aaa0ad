"""How many got through, trial by trial."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from opendome.report.drawing import Plate, panel, sheet, to_svg
from opendome.report.palette import INK, LEAK, MUTED, STOP
from opendome.report.story import Story
from opendome.report.words import amount, interval, percent

BARS_MAX = 61
HEIGHT_IN = 2.5
CAPTION = (
    "Share of trials by the number of threats that got through; blue: none did. The dot marks the "
    "mean, the line through it its 95 % interval."
)


def draw(story: Story) -> Plate:
    """Distribution of leakers over trials."""
    counts = np.asarray(story.summary["leaker_counts"], np.float64)
    edges, share = bins(counts)
    description = describe(counts)
    figure = sheet(HEIGHT_IN)
    axes = panel(figure, left=0.55, right=0.15, top=0.06)
    none = edges[:-1] == 0.0
    axes.bar(
        0.5 * (edges[:-1] + edges[1:]) - 0.5,
        100.0 * share,
        width=0.86 * np.diff(edges),
        color=[STOP if zero else LEAK for zero in none],
        linewidth=0.0,
    )
    leakers = story.summary["leakers"]
    top = 100.0 * float(share.max())
    axes.set_ylim(0.0, top * 1.16)
    axes.set_xlim(edges[0] - 0.7, edges[-1] - 0.3)
    _mean(axes, leakers, float(edges[-1]), top * 1.09)
    axes.set_xlabel("threats that got through in a trial", color=MUTED)
    axes.set_ylabel("trials, %")
    axes.grid(visible=True, axis="y")
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    svg = to_svg(figure, name="leakers", description=description)
    return Plate(
        name="leakers",
        title="How many get through",
        caption=CAPTION,
        description=description,
        svg=svg,
    )


def _mean(axes: Axes, leakers: Mapping[str, float], end: float, height: float) -> None:
    """The mean as a dot and its interval as a line above the bars, named where there is room."""
    mean, low, high = leakers["mean"], leakers["low"], leakers["high"]
    axes.plot([low, high], [height, height], color=INK, linewidth=1.4)
    axes.plot([mean], [height], color=INK, marker="o", markersize=4.6)
    left = mean > 0.6 * end
    axes.annotate(
        f"mean {amount(mean)} ({interval(low, high)})",
        (low if left else high, height),
        xytext=(-7 if left else 7, 0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
        weight="bold",
    )


def bins(
    counts: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Edges (n + 1,) and shares (n,) of trials with 0, 1, 2 ... leakers, joined when many.

    counts : (objects + 1,) trials with so many leakers; those with none keep a bar of their own
    """
    some = counts[1:]
    wide = max(1, -(-some.size // (BARS_MAX - 1)))
    bars = -(-some.size // wide)
    padded = np.zeros(bars * wide)
    padded[: some.size] = some
    share = np.append(counts[:1], padded.reshape(bars, wide).sum(axis=1)) / counts.sum()
    return np.append(0.0, 1.0 + np.arange(bars + 1.0) * wide), share


def describe(counts: npt.NDArray[np.float64]) -> str:
    """The distribution in words."""
    share = counts / counts.sum()
    total = np.cumsum(share)
    middle = [int(np.searchsorted(total, level)) for level in (0.1, 0.5, 0.9)]
    return (
        f"Bar chart. No threat got through in {percent(float(share[0]))} of trials, all of them "
        f"in {percent(float(share[-1]))}. Half of the trials let through {middle[1]} or fewer; one "
        f"trial in ten {middle[0]} or fewer, one in ten {middle[2]} or more."
    )
