"""How much of the spread is luck and how much is the future."""

import numpy as np
from matplotlib.axes import Axes

from opendome.report.drawing import Plate, panel, sheet, to_svg
from opendome.report.palette import FAINT, INK, LEAK, MUTED, PAPER, STOP
from opendome.report.story import Story
from opendome.report.words import amount, luck_or_future, percent

HEIGHT_IN = 1.75
NARROW = 0.14
LUCK = "#7d8c98"
CAPTION = (
    "Above: each dot is one future, at the mean number of threats that get through in it. "
    "Below: the variance between trials, split into luck and future."
)


def draw(story: Story) -> Plate:
    """Futures as dots, and the two shares of the variance."""
    spread = story.summary["spread"]
    luck, futures = float(spread["luck"]), float(spread["futures"])
    figure = sheet(HEIGHT_IN)
    dots = panel(figure, left=0.1, right=0.1, top=0.1, bottom=1.1)
    _futures(dots, story)
    bar = panel(figure, left=0.1, right=0.1, top=1.22, bottom=0.2)
    bar.set_axis_off()
    bar.set_xlim(0.0, 1.0)
    bar.set_ylim(0.0, 1.0)
    if luck + futures > 0.0:
        _share(bar, 0.0, luck, "luck", LUCK)
        _share(bar, luck, futures, "future", STOP)
    else:
        bar.text(0.5, 0.5, "nothing varies", ha="center", va="center", color=MUTED)
    means = story.leakers_by_future
    description = (
        f"{means.size:,} futures with between {amount(float(means.min()))} and "
        f"{amount(float(means.max()))} threats that get through on average. "
        f"{luck_or_future(spread)}"
    )
    return Plate(
        name="spread",
        title="Luck, or the future",
        caption=CAPTION,
        description=description,
        svg=to_svg(figure, name="spread", description=description),
    )


def _futures(axes: Axes, story: Story) -> None:
    """A swarm: dots of nearly equal futures stand on each other."""
    means = np.sort(story.leakers_by_future)
    low, high = float(means[0]), float(means[-1])
    pad = 0.05 * (high - low) or 0.5
    axes.set_xlim(max(low - pad, -0.02 * story.objects), min(high + pad, 1.02 * story.objects))
    left, right = axes.get_xlim()
    slot = np.round((means - left) / (right - left) * 90.0).astype(int)
    height = np.array([int((slot[:k] == slot[k]).sum()) for k in range(slot.size)])
    axes.plot(
        left + slot / 90.0 * (right - left), height + 0.5, marker="o", markersize=3.4, color=STOP,
        alpha=0.75, linestyle="none", markeredgewidth=0.0,
    )  # fmt: skip
    mean = float(story.summary["leakers"]["mean"])
    axes.axvline(mean, color=LEAK, linewidth=1.0)
    axes.set_ylim(0.0, max(4.0, float(height.max()) + 1.5))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.set_xlabel("threats that get through, mean of a future", labelpad=2.0)


def _share(axes: Axes, left: float, width: float, name: str, colour: str) -> None:
    axes.barh(0.5, width, left=left, height=0.72, color=colour, linewidth=0.0)
    if width >= NARROW:
        axes.text(
            left + width / 2.0, 0.5, f"{name} {percent(width)}", ha="center", va="center",
            color=PAPER, weight="bold",
        )  # fmt: skip
    elif width > 0.0:
        at_end = left > 0.5
        axes.text(
            left + width if at_end else left, -0.05, f"{name} {percent(width)}",
            ha="right" if at_end else "left", va="top", color=INK,
        )  # fmt: skip
