"""From a matplotlib figure to a small SVG that sits inside a page."""

import io
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from opendome.report.palette import FAINT, INK, MUTED, RULE

Floats = npt.NDArray[np.float64]
DOT = 0.001  # a line this short, in units of the axes, shows as a dot
WIDTH_IN = 7.2
POINTS_PER_INCH = 72.0
TEXT_PT = 8.0
SMALL_PT = 7.0
DECIMALS = 2
NUMBERS = ("d", "x", "y", "width", "height", "points", "transform")
SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": TEXT_PT,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": MUTED,
    "axes.labelsize": TEXT_PT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "text.color": INK,
    "xtick.color": FAINT,
    "xtick.labelcolor": MUTED,
    "xtick.labelsize": TEXT_PT,
    "xtick.major.size": 3.0,
    "xtick.major.width": 0.6,
    "ytick.color": FAINT,
    "ytick.labelcolor": INK,
    "ytick.labelsize": TEXT_PT,
    "ytick.major.size": 0.0,
    "grid.color": RULE,
    "grid.linewidth": 0.5,
    "hatch.linewidth": 0.6,
    "path.simplify": False,
}


@dataclass(frozen=True, kw_only=True)
class Plate:
    """One figure of the report.

    Attributes
    ----------
    name : short and unique, the anchor in the page
    title : what it shows
    caption : how to read it
    description : what a reader who cannot see it should know
    svg : the drawing, None when there is nothing to draw
    """

    name: str
    title: str
    caption: str
    description: str
    svg: str | None


@contextmanager
def house_style() -> Generator[None]:
    """Our look, whatever the user's own matplotlib settings."""
    with mpl.rc_context():
        mpl.rcdefaults()
        for name, value in SETTINGS.items():
            cast("dict[str, Any]", mpl.rcParams)[name] = value
        yield


def sheet(height_in: float) -> Figure:
    """An empty figure of the width of the page."""
    return Figure(figsize=(WIDTH_IN, height_in))


def panel(
    figure: Figure, *, left: float, right: float = 0.1, top: float = 0.1, bottom: float = 0.4
) -> Axes:
    """Axes that leave these margins free [in]."""
    width, height = (float(size) for size in figure.get_size_inches())
    frame = (
        left / width,
        bottom / height,
        (width - left - right) / width,
        (height - top - bottom) / height,
    )
    return figure.add_axes(frame)


class Sketch:
    """Shapes gathered by look and drawn as one path for each look: small and quick.

    `level` orders the looks, the lowest first. Coordinates are those of the axes.
    """

    def __init__(self) -> None:
        self._areas: dict[tuple[float, str], list[Path]] = {}
        self._lines: dict[tuple[float, str, float], list[Path]] = {}

    def box(
        self, left: float, bottom: float, width: float, height: float, *, colour: str,
        level: float = 1.0,
    ) -> None:  # fmt: skip
        """A filled rectangle."""
        right, top = left + width, bottom + height
        corners = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
        self._areas.setdefault((level, colour), []).append(Path(corners, closed=True))

    def area(self, corners: Floats, *, colour: str, level: float = 1.0) -> None:
        """A filled area. corners : (n, 2), the last equal to the first."""
        self._areas.setdefault((level, colour), []).append(Path(corners, closed=True))

    def line(
        self, x: npt.ArrayLike, y: npt.ArrayLike, *, colour: str, width: float, level: float = 1.0
    ) -> None:
        """A line through points, `width` points wide, with round ends."""
        corners = np.stack([np.asarray(x, np.float64), np.asarray(y, np.float64)], 1)
        self._lines.setdefault((level, colour, width), []).append(Path(corners))

    def dots(self, x: Floats, y: Floats, *, colour: str, size: float, level: float = 1.0) -> None:
        """Round dots: lines too short to see, with round ends."""
        if x.size:
            ends = np.stack([np.stack([x, y], 1), np.stack([x + DOT, y], 1)], 1).reshape(-1, 2)
            codes = np.tile(np.array([Path.MOVETO, Path.LINETO], np.uint8), x.size)
            self._lines.setdefault((level, colour, size), []).append(Path(ends, codes))

    def draw(self, axes: Axes) -> None:
        """Put everything on the axes."""
        for (level, colour), paths in self._areas.items():
            path = Path.make_compound_path(*paths)
            patch = PathPatch(path, facecolor=colour, linewidth=0.0, zorder=level)
            axes.add_artist(patch)
        for (level, colour, width), paths in self._lines.items():
            path = Path.make_compound_path(*paths)
            patch = PathPatch(
                path, fill=False, edgecolor=colour, linewidth=width, capstyle="round", zorder=level
            )
            axes.add_artist(patch)


def to_svg(figure: Figure, *, name: str, description: str) -> str:
    """SVG of a figure for use inside a page; the same figure always gives the same text.

    Text stays text, in the fonts of the page: small, sharp in print, searchable.
    """
    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    root = ElementTree.fromstring(buffer.getvalue())
    _bare(root)
    _drop(root)
    _tidy(root)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    root.set("class", "plate")
    root.set("role", "img")
    root.set("aria-label", description)
    return ElementTree.tostring(root, encoding="unicode")


def _bare(root: ElementTree.Element) -> None:
    """Names without namespaces, which a page needs not."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for name in list(element.attrib):
            if name.startswith("{"):
                element.set(name.rpartition("}")[2], element.attrib.pop(name))


def _drop(root: ElementTree.Element) -> None:
    """Take out metadata and the style sheet, which would reach the whole page."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("metadata", "style"):
                parent.remove(child)


def _tidy(root: ElementTree.Element) -> None:
    """Short numbers, no unused names, no fonts of ours."""
    used = _referenced(root)
    for element in root.iter():
        if element.tag != "text":
            element.text = None
        element.tail = None
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        for name in NUMBERS:
            if name in element.attrib:
                element.set(name, _short(element.attrib[name]))
        if "style" in element.attrib:
            style = re.sub(r"font-family:[^;]*;?\s*", "", element.attrib["style"])
            element.set("style", style.strip().rstrip(";"))


def _referenced(root: ElementTree.Element) -> set[str]:
    used: set[str] = set()
    for element in root.iter():
        for value in (element.get("href"), element.get("clip-path")):
            if value:
                used.add(value.removeprefix("url(").removesuffix(")").removeprefix("#"))
    return used


def _short(text: str) -> str:
    """Numbers of a path to a hundredth of a point."""
    rounded = re.sub(r"-?\d+\.\d+", lambda match: _decimal(match[0]), text)
    return re.sub(r"\s+", " ", rounded).strip()


def _decimal(text: str) -> str:
    short = f"{float(text):.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
