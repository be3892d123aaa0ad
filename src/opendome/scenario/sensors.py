"""Sensors of one future: which of them work, and which of them tell a radar where to look."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from opendome.draws.philox import uniform
from opendome.draws.purposes import purpose
from opendome.network.onward import Onward
from opendome.quantities.values import Value
from opendome.scenario.draft import Asset
from opendome.sensing.cues import CuePool
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


def cued(
    radars: Sequence[Radar],
    assets: Sequence[Asset],
    parties: Sequence[str],
    ways: Mapping[tuple[str, str], Onward],
) -> tuple[Radar, ...]:
    """The radars, each that takes cues with the sensors of all who may cue it.

    parties : (asset,) who has each: a nation, a sector, or nobody
    ways : giver and taker -> the agreement in force, and how it is carried
    """
    ready: list[Radar] = []
    asking = {r.asset for r in radars if r.search is not None and r.search.asks_for_cues}
    telling = [asset for asset in assets if asset.is_sensor and asset.index not in asking]
    for radar in radars:
        taker = parties[radar.asset]
        if radar.search is not None and radar.search.asks_for_cues and taker:
            eyes = [asset for asset in telling if asset.in_orbit or radar.search.cued_by_any]
            given = {giver: way for (giver, to), way in ways.items() if to == taker}
            pools = cue_pools(eyes, parties, taker, given)
            ready.append(replace(radar, search=replace(radar.search, cue_pools=pools)))
        else:
            ready.append(radar)
    return tuple(ready)


def cue_pools(
    eyes: Sequence[Asset], parties: Sequence[str], taker: str, given: Mapping[str, Onward]
) -> tuple[CuePool, ...]:
    """Whose detections make cues for the radars of a nation or sector.

    eyes : sensors that may cue it     parties : (asset,) who has each
    given : giver -> agreement with the taker, and how it is carried
    Model: the taker counts its own detections and, as late as they come, those it is given as
    `raw`. Who gives `tracks` or `cue` counts its own by itself. What a giver was given by others
    it does not pass on.
    """
    pools: list[dict[str, Onward | None]] = [{taker: None}]
    for giver, way in given.items():
        if way.rule.what == "raw":
            pools[0][giver] = way
        else:
            pools.append({giver: way})
    return tuple(pool for members in pools if (pool := _pool(eyes, parties, members)).assets)


def _pool(
    eyes: Sequence[Asset], parties: Sequence[str], members: Mapping[str, Onward | None]
) -> CuePool:
    """The sensors of some nations or sectors, counted together."""
    counted = [asset.index for asset in eyes if parties[asset.index] in members]
    ways = [members[parties[index]] for index in counted]
    return CuePool(
        assets=tuple(counted),
        delay_s=tuple(0.0 if way is None else way.rule.delay_s for way in ways),
        carriers=tuple(None if way is None else way.carrier for way in ways),
    )


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
