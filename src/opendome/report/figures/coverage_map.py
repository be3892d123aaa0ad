"""Where an object would be seen, tracked and fit to be shot at: a map for each level."""

import io
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from opendome.report.drawing import SMALL_PT, WIDTH_IN, Sketch, house_style, panel, sheet
from opendome.report.figures.world_map import RADAR, RADAR_COLOUR, centre_deg
from opendome.report.outlines import draw_coasts, near
from opendome.report.palette import INK, MUTED, PAPER, RULE, SHADES, STOP
from opendome.survey.records import LEVELS, Coverage
from opendome.survey.words import percent

Floats = npt.NDArray[np.float64]
LEFT_IN, STRIP_IN, GAP_IN, RIGHT_IN = 0.42, 0.78, 0.1, 0.26
MAP_IN = WIDTH_IN - LEFT_IN - STRIP_IN - GAP_IN - RIGHT_IN
HEAD_IN, NAME_IN, KEY_IN, FOOT_IN = 0.62, 0.24, 0.34, 0.16
TALLEST_IN, FLATTEST = 3.4, 2.6  # a map; width to height of a region
ROOM = 0.06  # around a region, of its height
DOTS_PER_INCH = 200
NEVER = "#f3eee6"
COAST, OVER = "#7b858e", 2.0
CLASSES = (0.25, 0.5, 0.75)  # ends of the shares of time between never and always
WORDS = ("never", "to 25 %", "to 50 %", "to 75 %", "to 100 %", "always")
TITLES = {
    "seen": "Seen by at least one sensor",
    "tracked": "Tracked: two satellites or one radar are sure",
    "fire control": "Known well enough to order a shot",
}


def write_maps(found: Coverage, folder: Path) -> list[Path]:
    """Draw the maps into `coverage.png` and `coverage.svg`."""
    picture, drawing = folder / "coverage.png", folder / "coverage.svg"
    with house_style(), mpl.rc_context({"svg.hashsalt": "coverage"}):
        figure = draw(found)
        figure.savefig(picture, dpi=DOTS_PER_INCH, facecolor=PAPER)
        text = io.StringIO()
        figure.savefig(
            text, format="svg", dpi=DOTS_PER_INCH, facecolor=PAPER, metadata={"Date": None}
        )
    short = re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", text.getvalue())
    drawing.write_text(short, "utf-8")
    return [picture, drawing]


def draw(found: Coverage) -> Figure:
    """One map for each level, with the share of time by latitude beside it."""
    centre, frame = _frame(found)
    height_in = MAP_IN * (frame[3] - frame[2]) / (frame[1] - frame[0])
    row_in = NAME_IN + height_in + 0.16
    total_in = HEAD_IN + len(LEVELS) * row_in + KEY_IN + FOOT_IN
    figure = sheet(total_in)
    _head(figure, found, total_in)
    for number, level in enumerate(LEVELS):
        top = HEAD_IN + number * row_in + NAME_IN
        bottom = total_in - top - height_in
        right = WIDTH_IN - LEFT_IN - MAP_IN
        axes = panel(figure, left=LEFT_IN, right=right, top=top, bottom=bottom)
        _map(axes, found, level, centre, frame)
        share = percent(found.shares()[level])
        at = 1.0 - (top - 0.075) / total_in
        figure.text(LEFT_IN / WIDTH_IN, at, TITLES[level], weight="bold", va="bottom")
        figure.text(
            (LEFT_IN + MAP_IN) / WIDTH_IN, at, f"{share} of area and time", color=MUTED,
            ha="right", va="bottom",
        )  # fmt: skip
        left = LEFT_IN + MAP_IN + GAP_IN
        strip = panel(figure, left=left, right=WIDTH_IN - left - STRIP_IN, top=top, bottom=bottom)
        _strip(strip, found, level, frame, last=number == len(LEVELS) - 1)
    _key(figure, total_in)
    return figure


def _frame(found: Coverage) -> tuple[float, tuple[float, float, float, float]]:
    """Longitude of the middle, and west, east, south, north end of the maps [deg]."""
    grid = found.grid
    if grid.region is None:
        return 0.0, (-180.0, 180.0, -90.0, 90.0)
    lat, half = np.degrees(grid.lat_rad), 0.5 * float(np.degrees(grid.size_rad))
    centre = centre_deg(lat, np.degrees(grid.lon_rad))
    lon = near(np.degrees(grid.lon_rad), centre)
    south, north = float(lat.min()) - half, float(lat.max()) + half
    west, east = float(lon.min()) - half, float(lon.max()) + half
    room = ROOM * max(north - south, (east - west) / FLATTEST)
    height = max(north - south + 2.0 * room, (east - west + 2.0 * room) / FLATTEST)
    width = max(east - west + 2.0 * room, height * MAP_IN / TALLEST_IN)
    middle_lat, middle_lon = 0.5 * (south + north), 0.5 * (west + east)
    return centre, (
        middle_lon - 0.5 * width,
        middle_lon + 0.5 * width,
        max(-90.0, middle_lat - 0.5 * height),
        min(90.0, middle_lat + 0.5 * height),
    )


def _map(axes: Axes, found: Coverage, level: str, centre: float, frame: tuple[float, ...]) -> None:
    """Cells by share of time, coasts and radars over them."""
    west, east, south, north = frame
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    _cells(axes, found, found.share_map(level), centre)
    sketch = Sketch()
    draw_coasts(sketch, centre, colour=COAST, width=0.45, level=OVER)
    sketch.draw(axes)
    sites = found.sites
    at = np.asarray(sites["kind"]) == RADAR
    if at.any():
        lon, lat = near(np.asarray(sites["lon_deg"])[at], centre), np.asarray(sites["lat_deg"])[at]
        axes.plot(
            lon, lat, marker="D", markersize=3.0, linestyle="none", markeredgewidth=0.8,
            markeredgecolor=RADAR_COLOUR, markerfacecolor=PAPER, zorder=OVER + 1.0,
        )  # fmt: skip
    whole = found.grid.region is None
    step = 30.0 if whole else _step(north - south)
    axes.set_yticks(_ticks(south, north, step), [_lat(y) for y in _ticks(south, north, step)])
    axes.set_xticks([])
    axes.tick_params(axis="y", labelcolor=MUTED, labelsize=SMALL_PT)
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color(RULE)


def _step(span_deg: float) -> float:
    """Degrees between marks on the axis of latitudes."""
    return next((step for step in (1.0, 2.0, 5.0, 10.0) if span_deg / step <= 7.0), 30.0)


def _ticks(low: float, high: float, step: float) -> list[float]:
    return [float(x) for x in np.arange(np.ceil(low / step), np.floor(high / step) + 1.0) * step]


def _lat(lat: float) -> str:
    return "0°" if lat == 0.0 else f"{abs(lat):g}° {'N' if lat > 0.0 else 'S'}"


def _cells(axes: Axes, found: Coverage, share: Floats, centre: float) -> None:
    """The cells as one image."""
    size = float(np.degrees(found.grid.size_rad))
    rows = np.rint((np.degrees(found.grid.lat_rad) + 90.0) / size - 0.5).astype(np.int64)
    lon = near(np.degrees(found.grid.lon_rad), centre)
    columns = np.rint((lon - centre + 180.0) / size - 0.5).astype(np.int64)
    high, wide = round(180.0 / size), round(360.0 / size)
    image = np.zeros((high, wide, 4))
    colours = np.array([to_rgba(colour) for colour in (NEVER, *SHADES)])
    image[rows, columns % wide] = colours[classes(share)]
    axes.imshow(
        image, extent=(centre - 180.0, centre + 180.0, -90.0, 90.0), origin="lower",
        interpolation="nearest", aspect="auto", zorder=1.0,
    )  # fmt: skip


def classes(share: Floats) -> npt.NDArray[np.int64]:
    """Class of each share of time: 0 for never, 5 for always."""
    between = 1 + np.searchsorted(CLASSES, share)
    return np.where(share <= 0.0, 0, np.where(share >= 1.0, len(SHADES), between))


def _strip(
    axes: Axes, found: Coverage, level: str, frame: tuple[float, ...], *, last: bool
) -> None:
    """Share of time by latitude."""
    lat = np.degrees(found.grid.lat_rad)
    share = found.share_map(level)
    rows = np.unique(lat)
    means = np.array([share[lat == row].mean() for row in rows])
    half = 0.5 * float(np.degrees(found.grid.size_rad))
    axes.set_ylim(frame[2], frame[3])
    axes.set_xlim(0.0, 1.0)
    axes.barh(rows, means, height=2.0 * half, color=SHADES[1], linewidth=0.0, zorder=1.0)
    edge_y = np.repeat(np.append(rows - half, rows[-1] + half), 2)[1:-1]
    axes.plot(np.repeat(means, 2), edge_y, color=STOP, linewidth=0.8, zorder=2.0)
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "50", "100 %"] if last else [])
    axes.tick_params(axis="x", labelsize=SMALL_PT, length=2.0)
    axes.set_yticks([])
    axes.axvline(0.5, color=RULE, linewidth=0.5, zorder=0.5)
    axes.spines["left"].set_color(RULE)
    axes.spines["bottom"].set_color(RULE)
    if last:
        axes.set_xlabel("by latitude", fontsize=SMALL_PT, labelpad=1.0)


def _head(figure: Figure, found: Coverage, total_in: float) -> None:
    grid, target = found.grid, found.target
    title = f"{target.class_name} at {target.altitude_m / 1000.0:,.0f} km ({target.phase})"
    figure.text(
        LEFT_IN / WIDTH_IN, 1.0 - 0.14 / total_in, f"Who watches {title}", weight="bold",
        color=INK, va="top", size=11.0,
    )  # fmt: skip
    span = grid.step_s * grid.moments
    words = (
        f"{found.scenario.name}, picture of {found.views[found.view]}, future {found.future}: "
        f"{grid.moments:,} moments over {span / 3600.0:.3g} h, {grid.dwell_s:g} s each, "
        f"cells of {np.degrees(grid.size_rad):.3g}°"
    )
    figure.text(LEFT_IN / WIDTH_IN, 1.0 - 0.36 / total_in, words, color=MUTED, va="top")


def _key(figure: Figure, total_in: float) -> None:
    """Colours of the classes, and the mark of a radar."""
    width = WIDTH_IN - LEFT_IN - RIGHT_IN
    frame = (LEFT_IN / WIDTH_IN, FOOT_IN / total_in, width / WIDTH_IN, 0.2 / total_in)
    axes = figure.add_axes(frame)
    axes.set_axis_off()
    axes.set_xlim(0.0, width)
    axes.set_ylim(0.0, 1.0)
    axes.text(0.0, 0.5, "share of time", va="center", fontsize=SMALL_PT, color=MUTED)
    place = 0.82
    for colour, text in zip((NEVER, *SHADES), WORDS, strict=True):
        edge = RULE if colour == NEVER else colour
        axes.add_patch(
            Rectangle((place, 0.2), 0.2, 0.6, facecolor=colour, edgecolor=edge, linewidth=0.5)
        )
        axes.text(place + 0.26, 0.5, text, va="center", fontsize=SMALL_PT)
        place += 0.82
    axes.plot(
        [place], [0.5], marker="D", markersize=3.0, markeredgewidth=0.8,
        markeredgecolor=RADAR_COLOUR, markerfacecolor=PAPER, clip_on=False,
    )  # fmt: skip
    axes.text(place + 0.1, 0.5, "radar", va="center", fontsize=SMALL_PT)
