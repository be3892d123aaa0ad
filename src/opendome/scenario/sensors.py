"""Sensors of one future: which of them work, and which of them tell a radar where to look."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from opendome.draws.philox import uniform
from opendome.draws.purposes import purpose
from opendome.quantities.values import Value
from opendome.scenario.draft import Asset
from opendome.sensing.infrared import InfraredSatellite
from opendome.sensing.radar import Radar
from opendome.sensing.skywave import SkywaveRadar
from opendome.sensing.spec import Pick

Sensor = TypeVar("Sensor", Radar, InfraredSatellite, SkywaveRadar)

NOT_AVAILABLE = "not available"
NO_IONOSPHERE = "the ionosphere does not bear its rays"
CAUSES = (("availability", NOT_AVAILABLE), ("ionosphere", NO_IONOSPHERE))


def working(
    asset: Asset, sensors: Sequence[Sensor], pick: Pick, seed: int, future: int
) -> tuple[list[Sensor], dict[str, str]]:
    """Sensors of an asset that work in a future, and why each of the others does not, by name.

    pick : draws the chances, for which an asset that says nothing always works
    Model: each sensor by itself works through the whole future with its chance, or not at all;
    the luck belongs to the asset and the number of the sensor in it.
    """
    spec: Any = asset.values.spec
    up = list(sensors)
    down: dict[str, str] = {}
    for field, words in CAUSES:
        given: Value | None = getattr(spec, field, None)
        if given is None:
            continue
        chance = pick(field, given)
        address = purpose(f"{field} {asset.name}")
        for number, sensor in enumerate(sensors):
            if uniform(seed, address, future, number, 0) >= chance and sensor.name not in down:
                down[sensor.name] = words
    return [sensor for sensor in up if sensor.name not in down], down


def cued(radar: Radar, asset: Asset, assets: Sequence[Asset], parties: Sequence[str]) -> Radar:
    """The radar of an asset with the satellites of its party as cues, if it asks for cues.

    parties : (asset,) who has each: a nation, a sector, or nobody
    """
    if radar.search is None or not math.isfinite(radar.search.cue_delay_s):
        return radar
    own = parties[asset.index]
    eyes = [a.index for a in assets if a.is_sensor and a.in_orbit]
    told_by = tuple(index for index in eyes if own and parties[index] == own)
    return replace(radar, search=replace(radar.search, cue_assets=told_by))


def out_of_work(
    assets: Sequence[Asset], below: Callable[[str], Pick], seed: int, future: int
) -> dict[str, str]:
    """Sensors that do not work in a future, by name, and why; as `working` has it.

    below : makes the `pick` of a path
    """
    down: dict[str, str] = {}
    for asset in assets:
        spec: Any = asset.values.spec
        if all(getattr(spec, field, None) is None for field, _ in CAUSES):
            continue
        pick = below(f"assets.{asset.name}")
        made = spec.realise(pick, name=asset.name, asset=asset.index)
        every = made if isinstance(made, tuple) else (made,)
        down |= working(asset, every, pick, seed, future)[1]
    return down
