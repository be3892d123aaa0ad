"""A page that explains one object: the figure, the words, and every span as a row."""

from pathlib import Path
from typing import Any

from markupsafe import Markup

from opendome.campaign.store import write_whole
from opendome.engagement.decisions import Rival
from opendome.quantities.errors import OpendomeError
from opendome.report.drawing import house_style
from opendome.report.explain_words import (
    RIVALLED,
    UNIT,
    rivals_before,
    says,
    sentences,
    since,
    when,
)
from opendome.report.figures.decisions import draw
from opendome.report.page import environment
from opendome.results.explained import Explanation
from opendome.version import __version__

TEMPLATE = "explain.html"
RIVALS_SHOWN = 10


def write_explanation(told: Explanation, path: Path) -> Path:
    """Write the page of an explanation to a file; the same explanation gives the same bytes."""
    if path.is_dir():
        raise OpendomeError(
            got=f"{path}, a folder", allowed="a file", do=f"name one in it: {path / TEMPLATE}"
        )
    if not path.parent.is_dir():
        raise OpendomeError(
            got=f"{path}: no folder {path.parent}",
            allowed="a file in a folder that is there",
            do=f"mkdir -p {path.parent}",
        )
    write_whole(path, render(told).encode())
    return path


def render(told: Explanation) -> str:
    """The page of an explanation."""
    with house_style():
        plate = draw(told)
    found = environment()
    return found.get_template(TEMPLATE).render(
        told=told,
        headline=headline(told),
        sentences=sentences(told)[1:],
        plate=plate,
        spans=[_span(told, number) for number in range(len(told.spans))],
        rivals=rivals(told),
        since=since,
        unit=UNIT,
        version=__version__,
        folder=told.folder.resolve().name,
        styles=Markup(found.get_template("report.css").render()),
    )


def headline(told: Explanation) -> str:
    """What became of the object, in a few words."""
    ending = f"got through: {told.fate}" if told.leaked else f"was stopped: {told.fate}"
    if not told.leaked and told.fate != "killed":
        ending = told.fate
    return f"Object {told.number}, {told.threat_class}, {ending}"


def rivals(told: Explanation) -> list[Rival]:
    """Rounds that would have gained most by going to the object instead, the most first."""
    if told.broken is None or told.broken.gate not in RIVALLED:
        return []
    known = [
        (rival.own_gain - rival.gain, rival)
        for rival in rivals_before(told, told.broken)
        if rival.own_gain is not None
    ]
    known.sort(key=lambda found: (-found[0], found[1].t_s))
    return [rival for _, rival in known[:RIVALS_SHOWN]]


def _span(told: Explanation, number: int) -> dict[str, Any]:
    """A row of the table of decisions."""
    span = told.spans[number]
    return {
        "when": when(told, span),
        "node": span.node,
        "words": says(told, span),
        "broken": span is told.broken,
    }
