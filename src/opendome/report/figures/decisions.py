"""What was known, possible, ordered and achieved about one object, in lanes over time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import StrMethodFormatter

from opendome.engagement.decisions import Decision, Gate
from opendome.report.drawing import SMALL_PT, WIDTH_IN, Plate, Sketch, panel, sheet, to_svg
from opendome.report.explain_words import KM, sentences
from opendome.report.palette import (
    CHAIN,
    FAINT,
    HUMAN,
    INK,
    LEAK,
    LEAK_LIGHT,
    MUTED,
    RULE,
    STOP,
    layer_colour,
)
from opendome.report.words import KILLED, MISSED
from opendome.results.explained import Explanation, Fired, Span, Window

SHOTS_SHOWN = 40
LONG_S = 900.0  # a flight that is told in minutes
GAP = 1.5  # cycles without a track, from which on its line is broken
MINUTE_S = 60.0
LEFT_IN, RIGHT_IN, TOP_IN, BOTTOM_IN = 1.55, 0.15, 0.42, 0.42
KNOWN_IN, GAP_IN, ROW_IN = 0.95, 0.3, 0.2
BAR, THIN = 0.62, 0.26
BEHIND, ABOVE = 0.5, 3.0
NO_TRACK, PERMISSION, WAITS, FIRES, TOO_LATE, HELD = (
    "no track", "not ready", "waits", "fires", "too late", "not fired",
)  # fmt: skip
COLOURS: Mapping[str, str] = {
    NO_TRACK: RULE, PERMISSION: HUMAN, WAITS: CHAIN["track"], FIRES: STOP, HELD: LEAK,
    TOO_LATE: FAINT,
}  # fmt: skip
KINDS: Mapping[Gate, str] = {
    Gate.NOT_TRACKED: NO_TRACK,
    Gate.TRACK_LOST: NO_TRACK,
    Gate.CONFIRMING: PERMISSION,
    Gate.PEOPLE: PERMISSION,
    Gate.COARSE: PERMISSION,
    Gate.IMPACT_OPEN: PERMISSION,
    Gate.CAN_WAIT: WAITS,
    Gate.AWAITS_RESULT: WAITS,
    Gate.TOO_LATE: TOO_LATE,
    Gate.FIRED: FIRES,
}
CAPTION = (
    "Top: error of the track that each node holds, and the error up to which a round is committed "
    "(dashed). Below, what each node said; when rounds of each asset had to be ordered to meet it "
    "(pale) and were on offer (dark); and each round from its launch to its intercept, the dot at "
    "its order. The red band is the broken link, the red mark the impact."
)


def draw(told: Explanation) -> Plate:
    """The decisions about one object."""
    description = " ".join(sentences(told))
    return Plate(
        name="decisions",
        title="Decision by decision",
        caption=CAPTION,
        description=description,
        svg=to_svg(_figure(told), name="decisions", description=description),
    )


@dataclass(frozen=True)
class _Clock:
    """Time on the axis: seconds or minutes after the launch of the object."""

    launch_t_s: float
    unit_s: float

    def __call__(self, t_s: float) -> float:
        """A time of the run on the axis."""
        return (t_s - self.launch_t_s) / self.unit_s


def _figure(told: Explanation) -> Figure:
    flight_s = told.impact_t_s - told.launch_t_s
    clock = _Clock(told.launch_t_s, MINUTE_S if flight_s > LONG_S else 1.0)
    rows = list(_rows(told))
    lanes_in = ROW_IN * len(rows)
    figure = sheet(TOP_IN + KNOWN_IN + GAP_IN + lanes_in + BOTTOM_IN)
    below_in = BOTTOM_IN + lanes_in + GAP_IN
    known = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=TOP_IN, bottom=below_in)
    top_in = TOP_IN + KNOWN_IN + GAP_IN
    lanes = panel(figure, left=LEFT_IN, right=RIGHT_IN, top=top_in, bottom=BOTTOM_IN)
    end = max([clock(told.impact_t_s), *(clock(shot.intercept_t_s) for shot in told.shots)])
    for axes in (known, lanes):
        axes.set_xlim(0.0, end * 1.02)
        axes.grid(visible=True, axis="x")
        axes.set_axisbelow(True)
        if told.broken is not None:
            _mark(axes, told, told.broken, clock)
    _known(known, told, clock)
    _lanes(lanes, told, rows, clock)
    lanes.set_xlabel(f"{'minutes' if clock.unit_s == MINUTE_S else 'seconds'} after its launch")
    _key(figure)
    return figure


def _mark(axes: Axes, told: Explanation, span: Span, clock: _Clock) -> None:
    """The broken link, as a band that is never too thin to see."""
    left, right = clock(span.start_t_s), clock(_until(told, span))
    axes.axvspan(left, right, color=LEAK_LIGHT, linewidth=1.2, alpha=0.45, zorder=BEHIND - 0.1)


def _until(told: Explanation, span: Span) -> float:
    """When a span ends: where the next of its node begins, or the object."""
    later = [s.start_t_s for s in told.spans if s.node == span.node and s.start_t_s > span.end_t_s]
    return min(later, default=told.impact_t_s)


def _known(axes: Axes, told: Explanation, clock: _Clock) -> None:
    """Error of the track of each node over time."""
    axes.set_yscale("log")
    axes.tick_params(labelbottom=False)
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.annotate(
        "track error, km", (0.0, 1.0), xycoords="axes fraction", xytext=(-24, 0),
        textcoords="offset points", ha="right", va="top", color=INK,
    )  # fmt: skip
    names = {span.first.node: span.node for span in told.spans}
    for node, name in sorted(names.items()):
        mine = [d for d in told.decisions if d.node == node and d.position_sigma_m is not None]
        if mine:
            _track(axes, mine, name if len(names) > 1 else "", clock)
    commit_km = told.commit_sigma_m / KM
    axes.axhline(commit_km, color=MUTED, linewidth=0.7, linestyle=(0, (4, 3)))
    axes.annotate(
        "commit", (1.0, commit_km), xycoords=("axes fraction", "data"), xytext=(-2, 2),
        textcoords="offset points", ha="right", color=MUTED, fontsize=SMALL_PT,
    )  # fmt: skip
    axes.tick_params(axis="y", which="minor", length=0.0, labelleft=False)


def _track(axes: Axes, held: Sequence[Decision], name: str, clock: _Clock) -> None:
    """Error of one track, broken where it was lost, with the name of its node."""
    t = np.array([clock(d.t_s) for d in held])
    sigma_km = np.array([(d.position_sigma_m or np.nan) / KM for d in held])
    step = np.diff(t).min(initial=np.inf)
    lost = np.flatnonzero(np.diff(t) > GAP * step) + 1
    axes.plot(np.insert(t, lost, np.nan), np.insert(sigma_km, lost, np.nan), color=INK, lw=1.0)
    axes.annotate(
        name, (t[0], sigma_km[0]), xytext=(3, 2), textcoords="offset points", color=MUTED,
        fontsize=SMALL_PT,
    )  # fmt: skip


Row = str | Window | Fired


def _rows(told: Explanation) -> Iterator[Row]:
    """What stands in each lane: a node, an asset in reach, or a round; from the top."""
    yield from dict.fromkeys(span.node for span in told.spans)
    yield from told.windows
    yield from told.shots[:SHOTS_SHOWN]


def _lanes(axes: Axes, told: Explanation, rows: Sequence[Row], clock: _Clock) -> None:
    axes.set_ylim(max(1, len(rows)), 0.0)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([row + 0.5 for row in range(len(rows))], [_label(row) for row in rows])
    sketch = Sketch()
    for place, row in enumerate(rows):
        if isinstance(row, str):
            _said(sketch, told, row, place, clock)
        elif isinstance(row, Window):
            _window(sketch, told, row, place, clock)
        else:
            _round(axes, sketch, told, row, place, clock)
    sketch.draw(axes)
    if told.leaked:
        axes.plot(
            [clock(told.impact_t_s)], [0.5], color=LEAK, marker="v", markersize=5.0, clip_on=False
        )


def _label(row: Row) -> str:
    if isinstance(row, str):
        return f"{row} said"
    return f"{row.asset} possible" if isinstance(row, Window) else f"{row.asset} {row.result}"


def _said(sketch: Sketch, told: Explanation, node: str, place: int, clock: _Clock) -> None:
    """What a node said, span after span."""
    for span in told.spans:
        if span.node == node:
            left, right = clock(span.start_t_s), clock(_until(told, span))
            colour = COLOURS[KINDS.get(span.gate, HELD)]
            bottom = place + 0.5 * (1.0 - BAR)
            sketch.box(left, bottom, right - left, BAR, colour=colour)


def _window(sketch: Sketch, told: Explanation, window: Window, place: int, clock: _Clock) -> None:
    """When shots of an asset had to be ordered to meet the object, and when one was on offer."""
    left, right = clock(window.first_order_t_s), clock(window.last_order_t_s)
    bottom = place + 0.5 * (1.0 - BAR)
    sketch.box(left, bottom, right - left, BAR, colour=RULE, level=BEHIND)
    colour = layer_colour(told.layers.index(window.layer))
    for span in told.spans:
        offered = [
            shot
            for decision in (span.first, span.last)
            for shot in decision.shots
            if told.shooters[shot.shooter] == window.asset
        ]
        if offered:
            begin, end = clock(span.start_t_s), clock(_until(told, span))
            low = place + 0.5 * (1.0 - THIN)
            sketch.box(begin, low, end - begin, THIN, colour=colour)


def _round(
    axes: Axes, sketch: Sketch, told: Explanation, shot: Fired, place: int, clock: _Clock
) -> None:
    """A round: its order, its flight, and what it did."""
    middle = place + 0.5
    layer = layer_colour(told.layers.index(shot.layer))
    ordered, launched, meets = (
        clock(t_s) for t_s in (shot.ordered_t_s, shot.launched_t_s, shot.intercept_t_s)
    )
    sketch.line((ordered, launched), (middle, middle), colour=FAINT, width=0.8)
    sketch.box(launched, place + 0.5 * (1.0 - THIN), meets - launched, THIN, colour=layer)
    sketch.dots(np.array([ordered]), np.array([middle]), colour=INK, size=3.0, level=ABOVE)
    marker = {KILLED: "o", MISSED: "x"}.get(shot.result, "|")
    colour = LEAK if told.leaked and shot.result == MISSED else INK
    axes.plot([meets], [middle], color=colour, marker=marker, markersize=4.2, linestyle="none")


def _key(figure: Figure) -> None:
    """Names of the colours along the top."""
    width, height = (float(size) for size in figure.get_size_inches())
    frame = (LEFT_IN / width, 1.0 - 0.3 / height, 1.0 - (LEFT_IN + RIGHT_IN) / width, 0.24 / height)
    axes = figure.add_axes(frame)
    axes.set_axis_off()
    axes.set_xlim(0.0, WIDTH_IN - LEFT_IN - RIGHT_IN)
    axes.set_ylim(0.0, 1.0)
    place = 0.0
    for name, colour in COLOURS.items():
        axes.add_patch(Rectangle((place, 0.3), 0.16, 0.42, facecolor=colour, linewidth=0.0))
        axes.text(place + 0.2, 0.5, name, va="center", color=INK)
        place += 0.33 + 0.062 * len(name)
    for marker, text in (("o", "kill"), ("x", "miss")):
        axes.plot([place], [0.5], color=INK, marker=marker, markersize=4.2)
        axes.text(place + 0.08, 0.5, text, va="center", color=INK)
        place += 0.42
