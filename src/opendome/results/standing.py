"""A scenario cut down to the units that stand."""

import math
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from opendome.quantities.dimensions import COUNT
from opendome.quantities.errors import OpendomeError
from opendome.quantities.units import parse
from opendome.scenario.loading import load_text
from opendome.scenario.resolved import to_yaml
from opendome.scenario.scenario import Scenario

NEAR = 1.25  # factor by which the planes may miss what is even, so that fewer satellites are lost


def standing_scenario(scenario: Scenario, units: Mapping[str, int]) -> Scenario:
    """The same scenario with only so many units of each asset, under the same luck.

    units : asset -> how many stand; an asset that is not named is left as it is
    Model: an asset without units is left out, with its doctrine and its sharing when nothing
    else needs them. Of a Walker pattern the planes and the satellites in each shrink alike, so
    that what stands is spread evenly; up to a few units are lost to make whole planes. Lists of
    satellites lose their last entries. Rounds are taken from all sites in proportion.
    """
    tree = deepcopy(dict(scenario.tree))
    kept: list[dict[str, Any]] = []
    for asset in tree["assets"]:
        count = units.get(asset["name"])
        part = asset if count is None else _cut(asset, count)
        if part is not None:
            kept.append(part)
    tree["assets"] = kept
    _drop_rules(tree)
    return load_text(to_yaml(tree), f"{scenario.name}, what stands")


def _cut(asset: dict[str, Any], count: int) -> dict[str, Any] | None:
    """An asset with so many units, None without any."""
    if count < 0:
        raise OpendomeError(
            got=f"{count} units of {asset['name']}", allowed="0 or more", do="give another number"
        )
    if count == 0:
        return None
    if "constellation" in asset:
        return {**asset, "constellation": _thinned(asset["constellation"], count)}
    if "geostationary" in asset:
        longitudes = asset["geostationary"]["longitudes"][:count]
        return {**asset, "geostationary": {"longitudes": longitudes}}
    if "elements" in asset:
        return {**asset, "elements": asset["elements"][:count]}
    if "sites" in asset:
        return {**asset, "sites": _shared(asset["sites"], count)}
    return asset


def _thinned(pattern: dict[str, Any], count: int) -> dict[str, Any]:
    """A Walker pattern of at most so many satellites."""
    whole, planes = (_number(pattern[key]) for key in ("satellites", "planes"))
    if count >= whole:
        return pattern
    even = planes * math.sqrt(count / whole)
    low, high = max(1, math.floor(even / NEAR)), max(1, min(planes, math.floor(even * NEAR)))
    fewer = min(range(low, max(low, high) + 1), key=lambda p: (count % p, abs(p - even)))
    fewer = min(fewer, count)
    return {
        **pattern,
        "satellites": fewer * (count // fewer),
        "planes": fewer,
        "phasing": pattern["phasing"] if _number(pattern["phasing"]) < fewer else fewer - 1,
    }


def _shared(sites: dict[str, Any], count: int) -> dict[str, Any]:
    """Sites with so many rounds in all, each with its part; the largest remainders round up."""
    stocks = {name: _number(site["stock"]) for name, site in sites.items()}
    whole = sum(stocks.values())
    if count >= whole:
        return sites
    exact = {name: count * stock / whole for name, stock in stocks.items()}
    rounds = {name: math.floor(part) for name, part in exact.items()}
    order = sorted(exact, key=lambda name: rounds[name] - exact[name])
    for name in order[: count - sum(rounds.values())]:
        rounds[name] += 1
    return {name: {**sites[name], "stock": rounds[name]} for name in sites if rounds[name]}


def _drop_rules(tree: dict[str, Any]) -> None:
    """Leave out doctrine of layers and sharing of nations that have nothing left."""
    layers = {asset["layer"] for asset in tree["assets"] if "layer" in asset}
    doctrine = tree["command"].get("doctrine", {})
    tree["command"] = {
        **tree["command"],
        "doctrine": {layer: rule for layer, rule in doctrine.items() if layer in layers},
    }
    owners = {asset["nation"] for asset in tree["assets"]}
    sensing = {asset["nation"] for asset in tree["assets"] if "layer" not in asset}
    tree["sharing"] = [
        rule for rule in tree["sharing"] if rule["from"] in sensing and rule["to"] in owners
    ]


def _number(given: Any) -> int:
    """A whole number as a resolved scenario writes it; of an interval its middle."""
    return round(parse(given, COUNT).middle)
