"""Where it happens: flights, sensors, shooters, shots."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from opendome.quantities.constants import RADIUS_MEAN_M
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
from opendome.report.outlines import draw_ground, near
from opendome.report.palette import BOOST, FAINT, INK, LEAK, MUTED, PAPER, RULE, STOP
from opendome.report.story import Story, Table, rows
from opendome.report.words import KILLED, MISSED
from opendome.scenario.geography import unit_vector

Floats = npt.NDArray[np.float64]
MARGIN_IN = 0.06
KEY_IN = 0.5
CENTRE_STEP_DEG = 30.0
ROOM, ROOM_DEG, NARROWEST_DEG = 0.25, 9.0, 2.0  # beside what is drawn: its share, at most; width
FLATTEST, TALLEST = 2.6, 1.6  # width to height of the map
REGION_DEG, POLAR_DEG = 25.0, 70.0  # height and latitude below which a map has a scale
SCALE_SHARE, KM = 0.2, 1000.0  # of the width: the longest bar of a scale
ARC_POINTS = 33
LETTER_PT = 3.6  # mean width of a letter of a name
FEW = 60  # objects up to which lines and marks are drawn large
SPACE, AIR, MEETINGS = 0.8, 1.0, 3.0  # order of drawing, over the ground
RADAR_COLOUR, SATELLITE_COLOUR, ORBITAL_COLOUR = "#1f6f62", "#5e7f9c", "#a9bfd2"
ORBITAL = "orbital-interceptor"
SURFACE = "surface-interceptor"
GROUNDED = (SURFACE, "directed-energy")  # drawn alike
SATELLITE = "infrared-satellite"
RADAR = "radar"
CAPTION = (
    "The same raid on the map (trial 0), flights up to where they ended; satellites where they "
    "stood at its beginning. The frame follows the flights: what stands outside is not drawn. "
    "Equirectangular projection; outlines: Natural Earth."
)


def draw(story: Story) -> Plate:
    """Map of the example trial."""
    paths, sites = story.paths, story.sites
    description = _describe(story)
    centre = centre_deg(paths["lat_deg"], paths["lon_deg"])
    west, east, south, north = frame_deg(story, centre)
    width_in = WIDTH_IN - 2.0 * MARGIN_IN
    flat = flattening(south, north)
    figure = sheet(width_in * (north - south) / (flat * (east - west)) + KEY_IN + MARGIN_IN)
    axes = panel(figure, left=MARGIN_IN, right=MARGIN_IN, top=MARGIN_IN, bottom=KEY_IN)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color(RULE)
    sketch = Sketch()
    draw_ground(sketch, centre)
    _places(axes, sketch, sites, centre)
    _flights(axes, sketch, story, centre)
    _meetings(axes, sketch, story, centre)
    sketch.draw(axes)
    if is_region(south, north):
        _scale(axes, flat)
    _key(axes, missing(story))
    return Plate(
        name="map",
        title="Where it happens",
        caption=CAPTION,
        description=description,
        svg=to_svg(figure, name="map", description=description),
    )


def centre_deg(lat_deg: Floats, lon_deg: Floats) -> float:
    """Longitude in the middle of the map: the one opposite to which the fewest flights pass."""
    if lon_deg.size == 0:
        return 0.0
    turn = 2.0 * np.pi
    choices = np.arange(-180.0, 180.0, CENTRE_STEP_DEG)
    away = np.radians(lon_deg[None, :] - choices[:, None])
    spread = np.abs((away + np.pi) % turn - np.pi) * np.cos(np.radians(lat_deg))[None, :]
    return float(choices[np.argmin((spread**2).sum(axis=1))])


def frame_deg(story: Story, centre: float) -> tuple[float, float, float, float]:
    """West, east, south and north end of the map [deg]: around the flights, the launch sites and
    the radars that looked; the whole world when they are spread over it.
    """
    sites = story.sites
    radar = (sites["kind"] == RADAR) & np.isin(sites["asset"], story.looking)
    ground = radar | np.isin(sites["kind"], GROUNDED)
    lat = np.concatenate([story.paths["lat_deg"], sites["lat_deg"][ground]])
    lon = near(np.concatenate([story.paths["lon_deg"], sites["lon_deg"][ground]]), centre)
    if lat.size == 0:
        return centre - 180.0, centre + 180.0, -90.0, 90.0
    wide, high = float(np.ptp(lon)), float(np.ptp(lat))
    room = 2.0 * min(ROOM * max(wide, high), ROOM_DEG)
    width = min(360.0, max(wide + room, NARROWEST_DEG))
    height = min(180.0, max(high + room, width / FLATTEST))
    width = min(360.0, max(width, height * TALLEST))
    middle = 0.5 * float(lon.max() + lon.min())
    west = min(max(middle - width / 2.0, centre - 180.0), centre + 180.0 - width)
    south = min(max(0.5 * float(lat.max() + lat.min()) - height / 2.0, -90.0), 90.0 - height)
    return west, west + width, south, south + height


def flattening(south: float, north: float) -> float:
    """Length of a degree east over that of a degree north, as drawn: true in a region."""
    middle = 0.5 * (south + north)
    return math.cos(math.radians(middle)) if is_region(south, north) else 1.0


def is_region(south: float, north: float) -> bool:
    """Whether a map is of a place small enough, and far enough from a pole, to have a scale."""
    return north - south < REGION_DEG and abs(south + north) < 2.0 * POLAR_DEG


def round_length(longest: float) -> float:
    """The longest of 1, 2, 5, 10, 20 ... that is not above a length."""
    step = 10.0 ** math.floor(math.log10(longest))
    return step * max(n for n in (0.5, 1.0, 2.0, 5.0) if n * step <= longest)


def _scale(axes: Axes, flat: float) -> None:
    """A bar of a round length in the lower right corner."""
    west, east = axes.get_xlim()
    degree_km = flat * math.radians(RADIUS_MEAN_M) / KM
    length_km = round_length(SCALE_SHARE * (east - west) * degree_km)
    share = length_km / (degree_km * (east - west))
    axes.plot(
        [0.98 - share, 0.98], [0.04, 0.04], transform=axes.transAxes, color=INK, linewidth=1.2,
        solid_capstyle="butt", zorder=4.0,
    )  # fmt: skip
    axes.text(
        0.98, 0.06, f"{length_km:,g} km", transform=axes.transAxes, ha="right", va="bottom",
        fontsize=SMALL_PT - 1.0, color=INK, zorder=4.0,
    )  # fmt: skip


def _places(axes: Axes, sketch: Sketch, sites: Table, centre: float) -> None:
    """Satellites, radars and launch sites."""
    kind = sites["kind"]
    lon, lat = near(sites["lon_deg"], centre), sites["lat_deg"]
    for code, size, colour in ((ORBITAL, 0.9, ORBITAL_COLOUR), (SATELLITE, 2.3, SATELLITE_COLOUR)):
        sketch.dots(lon[kind == code], lat[kind == code], size=size, colour=colour, level=SPACE)
    style: dict[str, Any] = {"linestyle": "none", "markeredgewidth": 0.9, "markerfacecolor": PAPER}
    at = kind == RADAR
    axes.plot(lon[at], lat[at], marker="D", markersize=3.6, markeredgecolor=RADAR_COLOUR, **style)
    at = np.isin(kind, GROUNDED)
    axes.plot(lon[at], lat[at], marker="s", markersize=4.4, markeredgecolor=STOP, **style)
    _names(axes, sites["name"][at], lon[at], lat[at])


def _names(axes: Axes, names: npt.NDArray[Any], x: Floats, y: Floats) -> None:
    """Names of launch sites, where one does not fall on another."""
    west, east = axes.get_xlim()
    point = (east - west) / ((WIDTH_IN - 2.0 * MARGIN_IN) * POINTS_PER_INCH)  # in degrees
    taken: list[tuple[float, float, float, float]] = []
    for name, lon, lat in zip(names, x, y, strict=True):
        left, top = lon + 4.0 * point, lat - 3.0 * point
        right = left + (LETTER_PT * len(str(name)) + 2.0) * point
        box = (left, right, top - 8.0 * point, top)
        free = all(box[1] < b[0] or box[0] > b[1] or box[3] < b[2] or box[2] > b[3] for b in taken)
        if not free or right > east:
            continue
        taken.append(box)
        axes.annotate(
            str(name), (lon, lat), xytext=(4, -3), textcoords="offset points", va="top",
            fontsize=SMALL_PT - 1.0, color=INK, zorder=4.0,
            bbox={"facecolor": PAPER, "alpha": 0.7, "linewidth": 0.0, "pad": 0.6},
        )  # fmt: skip


def _flights(axes: Axes, sketch: Sketch, story: Story, centre: float) -> None:
    """Ground tracks up to the end of each object; the burning part in another colour."""
    thin = 0.9 if story.objects <= FEW else 0.35
    ends: list[tuple[float, float]] = []
    for row, obj in enumerate(story.example["object"]):
        flight = story.flights.get(int(obj))
        if flight is None:
            continue
        killed_s = float(story.example["killed_t_s"][row])
        leaked = bool(story.example["leaked"][row])
        flown = flight["t_s"] <= (killed_s if np.isfinite(killed_s) else np.inf)
        colour = LEAK if leaked else MUTED if np.isfinite(killed_s) else FAINT
        lon, lat = near(flight["lon_deg"], centre), flight["lat_deg"]
        boost = flown & (flight["phase"] == "boost")
        for x, y in pieces(lon[flown], lat[flown]):
            sketch.line(x, y, colour=colour, width=thin, level=AIR)
        for x, y in pieces(lon[boost], lat[boost]):
            sketch.line(x, y, colour=BOOST, width=2.2 * thin, level=AIR)
        if leaked:
            ends.append((float(lon[-1]), float(lat[-1])))
    if ends:
        size = 4.0 if story.objects <= FEW else 2.0
        axes.plot(*np.array(ends).T, color=LEAK, marker="v", markersize=size, linestyle="none")


def pieces(lon: Floats, lat: Floats) -> Iterator[tuple[Floats, Floats]]:
    """A line cut where it leaves the map at one side and comes back at the other."""
    cuts = np.flatnonzero(np.abs(np.diff(lon)) > 180.0) + 1
    yield from zip(np.split(lon, cuts), np.split(lat, cuts), strict=True)


def _meetings(axes: Axes, sketch: Sketch, story: Story, centre: float) -> None:
    """Intercepts at the place of the object, and the way of those that start from the ground."""
    shots = story.example_shots
    if shots["object"].size == 0:
        return
    place = [
        where(story.flights.get(int(obj)), float(t_s))
        for obj, t_s in zip(shots["object"], shots["intercept_t_s"], strict=True)
    ]
    lat, lon = np.array(place).T
    _ways(sketch, story, lat, lon, centre)
    dead, missed = (shots["result"] == result for result in (KILLED, MISSED))
    x = near(lon, centre)
    if story.objects <= FEW:
        mark: dict[str, Any] = {"color": INK, "linestyle": "none", "zorder": 3.0}
        axes.plot(x[missed], lat[missed], marker="x", markersize=3.6, markeredgewidth=0.7, **mark)
    size = 3.6 if story.objects <= FEW else 1.3
    sketch.dots(x[dead], lat[dead], colour=INK, size=size, level=MEETINGS)


def _ways(sketch: Sketch, story: Story, lat: Floats, lon: Floats, centre: float) -> None:
    """Great circles from launch sites on the ground to the places of intercepts [deg]."""
    kind = story.sites["kind"]
    shooters = rows(story.sites, (kind == ORBITAL) | np.isin(kind, GROUNDED))
    thin = 0.7 if story.objects <= FEW else 0.25
    for k, shooter in enumerate(story.example_shots["shooter"]):
        known = np.isfinite(lat[k]) and shooter < shooters["kind"].size
        if known and shooters["kind"][shooter] in GROUNDED:
            start = (float(shooters["lat_deg"][shooter]), float(shooters["lon_deg"][shooter]))
            arc_lat, arc_lon = arc(start, (float(lat[k]), float(lon[k])))
            for x, y in pieces(near(arc_lon, centre), arc_lat):
                sketch.line(x, y, colour=STOP, width=thin, level=AIR)


def where(flight: Table | None, t_s: float) -> tuple[float, float]:
    """Latitude and longitude of an object at a time [deg], between the stored points."""
    if flight is None:
        return float("nan"), float("nan")
    lon = np.degrees(np.unwrap(np.radians(flight["lon_deg"])))
    lat = np.interp(t_s, flight["t_s"], flight["lat_deg"])
    return float(lat), float((np.interp(t_s, flight["t_s"], lon) + 180.0) % 360.0 - 180.0)


def arc(start: Sequence[float], end: Sequence[float]) -> tuple[Floats, Floats]:
    """Points of the great circle between two places: latitudes, longitudes [deg]."""
    corners = np.radians(np.array([start, end], np.float64))
    first, last = unit_vector(corners[:, 0], corners[:, 1])
    share = np.linspace(0.0, 1.0, ARC_POINTS)[:, None]
    angle = float(np.arccos(np.clip(first @ last, -1.0, 1.0)))
    if angle == 0.0:
        return np.full(ARC_POINTS, start[0]), np.full(ARC_POINTS, start[1])
    points = np.sin((1.0 - share) * angle) * first + np.sin(share * angle) * last
    lon = np.degrees(np.arctan2(points[:, 1], points[:, 0]))
    lat = np.degrees(np.arctan2(points[:, 2], np.hypot(points[:, 0], points[:, 1])))
    return lat, lon


def missing(story: Story) -> set[str]:
    """Marks of the key that nothing on the map bears."""
    kinds = {
        "radar": (RADAR,),
        "launch site": GROUNDED,
        "interceptor from the ground": GROUNDED,
        "sensor satellite": (SATELLITE,),
        "orbital interceptor": (ORBITAL,),
    }
    unused = {
        name for name, codes in kinds.items() if not np.isin(story.sites["kind"], codes).any()
    }
    burns = any((flight["phase"] == "boost").any() for flight in story.flights.values())
    return unused if burns else unused | {"boost"}


def _key(axes: Axes, unused: set[str]) -> None:
    """What the marks mean, below the map in two lines."""
    lines: list[list[tuple[str, dict[str, Any]]]] = [
        [
            ("boost", {"color": BOOST, "linewidth": 2.2}),
            ("flight, got through", {"color": LEAK, "linewidth": 1.0}),
            ("flight, killed", {"color": MUTED, "linewidth": 1.0}),
            ("fell out", {"color": FAINT, "linewidth": 1.0}),
            ("interceptor from the ground", {"color": STOP, "linewidth": 0.8}),
        ],
        [
            ("kill", _mark("o", INK, 4.0)),
            ("miss", _mark("x", INK, 4.0)),
            ("impact", _mark("v", LEAK, 4.0)),
            ("radar", _mark("D", RADAR_COLOUR, 3.4) | {"markerfacecolor": PAPER}),
            ("launch site", _mark("s", STOP, 4.0) | {"markerfacecolor": PAPER}),
            ("sensor satellite", _mark("o", SATELLITE_COLOUR, 2.3)),
            ("orbital interceptor", _mark("o", ORBITAL_COLOUR, 1.2)),
        ],
    ]
    height_in = (
        (WIDTH_IN - 2.0 * MARGIN_IN)
        / float(np.ptp(axes.get_xlim()))
        * float(np.ptp(axes.get_ylim()))
    )
    for number, line in enumerate(lines):
        x = 0.0
        y = -(0.2 + 0.2 * number) / height_in
        for text, style in [mark for mark in line if mark[0] not in unused]:
            only = "marker" in style
            ends = [x + 0.012] if only else [x, x + 0.024]
            axes.plot(ends, [y] * len(ends), transform=axes.transAxes, clip_on=False, **style)
            axes.text(x + 0.03, y, text, transform=axes.transAxes, va="center", fontsize=SMALL_PT)
            x += 0.05 + 0.0084 * len(text)


def _mark(marker: str, colour: str, size: float) -> dict[str, Any]:
    return {"marker": marker, "color": colour, "markersize": size, "linestyle": "none"}


def _describe(story: Story) -> str:
    kind = story.sites["kind"]
    counts = {
        "radars": (RADAR,),
        "sensor satellites": (SATELLITE,),
        "launch sites on the ground": GROUNDED,
        "orbital interceptors": (ORBITAL,),
    }
    parts = [f"{int(np.isin(kind, codes).sum()):,} {words}" for words, codes in counts.items()]
    leaked = int(np.asarray(story.example["leaked"]).sum())
    return (
        f"World map of one raid: flights of {story.objects:,} objects, of which {leaked:,} got "
        f"through; {', '.join(parts)}."
    )
