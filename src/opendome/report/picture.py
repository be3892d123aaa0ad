"""Who knew what, and when: ways of the measurements, first news, and the quality of the tracks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.report.story import Story, Table
from opendome.report.words import (
    NBSP,
    command_lines,
    duration,
    joined,
    percent,
    sensor_lines,
    spell,
)

WAYS_SHOWN = 40
LONG = 4  # places of a way that are all named; a longer one is shortened in the middle
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Way:
    """How the looks of one asset come to one deciding nation."""

    node: str
    asset: str
    looks: str
    arrived: str
    delay: str
    way: str


@dataclass(frozen=True, kw_only=True)
class Held:
    """Quality of the tracks of one deciding nation, mean over trials and moments."""

    node: str
    tracked: str
    false_tracks: str
    spare_tracks: str
    ospa: str
    gospa: str
    localisation: str
    missed: str
    false: str
    nees: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What the report says of the picture: sentences, ways, and quality where it was measured."""

    lines: list[str]
    ways: list[Way]
    more: int
    held: list[Held]


def picture(story: Story) -> Picture:
    """The picture of a run: first future, and with measured tracking the quality of its tracks."""
    ways = _ways(story.routes)
    news = [_news(story, node) for node in dict.fromkeys(story.knowledge["node"].tolist())]
    found = command_lines(story.summary) + sensor_lines(story.summary)
    said = [f"{line[0].upper()}{line[1:]}." for line in found]
    return Picture(
        lines=news + said,
        ways=ways[:WAYS_SHOWN],
        more=max(0, len(ways) - WAYS_SHOWN),
        held=_held(story),
    )


def _news(story: Story, node: str) -> str:
    """When one nation could know of the raid, in a sentence."""
    known = story.knowledge
    mine = known["node"] == node
    after_s = known["first_t_s"][mine] - story.example["launch_t_s"][known["object"][mine]]
    reached = after_s[np.isfinite(after_s)]
    if reached.size == 0:
        return f"{node}: no look at any object ever arrives."
    never = after_s.size - reached.size
    low, middle, high = (duration(float(q)) for q in np.percentile(reached, (10, 50, 90)))
    text = (
        f"{node}: the first look at an object arrives {middle} after its launch (median; one in "
        f"ten before {low}, nine in ten before {high})"
    )
    return (
        f"{text}; of {spell(never)} object{'s' * (never != 1)} none ever does."
        if never
        else f"{text}."
    )


def _ways(routes: Table) -> list[Way]:
    """One way for each nation and asset that looked, the fastest first."""
    pairs = list(dict.fromkeys(zip(routes["node"].tolist(), routes["asset"].tolist(), strict=True)))
    found = [
        (_first_s(routes, mine), _way(routes, node, asset, mine))
        for node, asset in pairs
        for mine in [(routes["node"] == node) & (routes["asset"] == asset)]
    ]
    return [way for _, way in sorted(found, key=lambda pair: pair[0])]


def _first_s(routes: Table, mine: Flags) -> tuple[float, str]:
    delay_s = routes["delay_median_s"][mine]
    some = delay_s[np.isfinite(delay_s)]
    return (float(np.median(some)) if some.size else np.inf, str(routes["asset"][mine][0]))


def _way(routes: Table, node: str, asset: str, mine: Flags) -> Way:
    looks, arrived = int(routes["looks"][mine].sum()), int(routes["arrived"][mine].sum())
    reaches = mine & (routes["arrived"] > 0)
    if not reaches.any():
        reasons = [text for text in dict.fromkeys(routes["cut"][mine].tolist()) if text]
        way, delay = joined(reasons) or "never arrives", "–"
    else:
        way = _short(str(routes["path"][reaches][0]))
        middle = float(np.median(routes["delay_median_s"][reaches]))
        low = float(routes["delay_min_s"][reaches].min())
        high = float(routes["delay_max_s"][reaches].max())
        delay = duration(middle)
        if high - low > 0.1 * middle:
            delay += f" ({duration(low)} to {duration(high)})"
    share = percent(arrived / looks) if looks else "–"
    return Way(
        node=node, asset=asset, looks=f"{looks:,}", arrived=share, delay=delay, way=way
    )  # fmt: skip


def _short(way: str) -> str:
    """A way in few words: its first places and its end."""
    places = way.split(" > ")
    if len(places) > LONG:
        left_out = len(places) - LONG + 1
        places = [*places[: LONG - 2], f"{spell(left_out)} more", places[-1]]
    return " › ".join(places)


def _held(story: Story) -> list[Held]:
    """Quality by nation; empty where tracking was not measured."""
    quality = story.quality
    found: list[Held] = []
    for index, name in enumerate(dict.fromkeys(story.knowledge["node"].tolist())):
        mine = (quality["node"] == index) & (quality["flying"] > 0)
        if mine.any():
            found.append(_judged(name, {column: quality[column][mine] for column in quality}))
    return found


def _judged(node: str, quality: Mapping[str, Any]) -> Held:
    """Means over moments at which something flew."""
    flying = float(quality["flying"].sum())
    nees = quality["nees"][np.isfinite(quality["nees"])]

    def mean(name: str) -> float:
        return float(quality[name].mean())

    return Held(
        node=node,
        tracked=percent(float(quality["tracked"].sum()) / flying),
        false_tracks=f"{mean('false_tracks'):.2f}",
        spare_tracks=f"{mean('spare_tracks'):.2f}",
        ospa=_distance(mean("ospa_m")),
        gospa=_distance(mean("gospa_m")),
        localisation=_distance(mean("localisation_m")),
        missed=_distance(mean("missed_m")),
        false=_distance(mean("false_m")),
        nees=f"{float(np.median(nees)):.2f}" if nees.size else "–",
    )


def _distance(metres: float) -> str:
    """A distance in metres or kilometres."""
    if metres < 995.0:
        return f"{metres:.0f}{NBSP}m"
    return f"{metres / 1000.0:.1f}{NBSP}km"
