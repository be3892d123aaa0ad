"""A scenario that was read and found sound: its inputs, its text, its digest, its futures."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.command.spec import CommandSpec
from opendome.network.spec import SharingSpec
from opendome.quantities.fields import Length
from opendome.quantities.values import Value
from opendome.scenario import anatomy, places
from opendome.scenario.checks import longest_flight_s
from opendome.scenario.command_checks import command_consequences
from opendome.scenario.commanding import Roster
from opendome.scenario.compose import AUTHOR, Composed
from opendome.scenario.draft import Asset
from opendome.scenario.draws import Draws
from opendome.scenario.economics_spec import EconomicsSpec
from opendome.scenario.future import realise
from opendome.scenario.headcount import objects_by_class
from opendome.scenario.network_checks import consequences, unheard_cues
from opendome.scenario.network_entries import NetworkParts
from opendome.scenario.plan import (
    COST,
    ECONOMICS,
    KEYS,
    SCHEDULE,
    PlanInput,
    Planned,
    plan_inputs,
)
from opendome.scenario.problems import Path, path_text
from opendome.scenario.raid_entries import CARRIER, Group
from opendome.scenario.raid_spec import PlaceSpec, RaidFrame, place_path, places_of
from opendome.scenario.realisation import Realisation
from opendome.scenario.resolved import resolved_tree, to_yaml
from opendome.scenario.sensors import out_of_work
from opendome.scenario.sites import sites_table
from opendome.scenario.spec import DefendedSpec, HeadSpec
from opendome.sources.catalogue import cite
from opendome.sources.records import Passport
from opendome.threats.spec import flown_as
from opendome.tracking.spec import TrackingSpec

NOT_PLAYED = ("title", "description", ECONOMICS)
COPY = ("tracks", "packed")  # name and copy of a raid file, whose content its sha256 stands for


@dataclass(frozen=True, kw_only=True)
class Input:
    """One value a scenario rests on.

    path : its place, the same that `--set` takes
    value : base SI     text : as written in a scenario file
    passport : where it comes from
    """

    path: str
    value: Value
    text: str
    passport: Passport


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A sound scenario. Made by `opendome.scenario.loading.load`."""

    file: str
    head: HeadSpec
    defended: tuple[DefendedSpec, ...]
    assets: tuple[Asset, ...]
    sharing: tuple[SharingSpec, ...]
    network: NetworkParts | None = None
    raid: tuple[Group, ...]
    command: Composed[CommandSpec]
    tracking: Composed[TrackingSpec]
    economics: Planned[EconomicsSpec]

    @property
    def name(self) -> str:
        """Short name."""
        return self.head.scenario

    @property
    def title(self) -> str:
        """One line for people."""
        return self.head.title

    @property
    def trials(self) -> int:
        """Rolls of the dice in all."""
        return self.head.trials

    @property
    def futures(self) -> int:
        """States of affairs among which the trials are shared."""
        return self.head.futures

    @property
    def seed(self) -> int:
        """Seed of all draws."""
        return self.head.seed

    @property
    def asset_names(self) -> tuple[str, ...]:
        """Name of each asset."""
        return tuple(asset.name for asset in self.assets)

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers that fire, in the order in which their first asset stands in the scenario."""
        names = (asset.layer for asset in self.assets if asset.layer is not None)
        return tuple(dict.fromkeys(names))

    @property
    def layer_stock(self) -> tuple[int, ...]:
        """Rounds of each layer at the start; of an uncertain stock its middle."""
        stock = Counter[str]()
        for asset in self.assets:
            if asset.layer is not None:
                stock[asset.layer] += asset.units
        return tuple(stock[layer] for layer in self.layers)

    @property
    def valued(self) -> bool:
        """Whether what is defended has values."""
        return any(place.weights for place in self.defended)

    def with_seed(self, seed: int) -> "Scenario":
        """The same scenario under other luck and other futures."""
        return replace(self, head=self.head.model_copy(update={"seed": seed}))

    def raid_by_class(self) -> dict[str, int]:
        """Objects of each threat class."""
        counts = Counter[str]()
        for group in self.raid:
            counts.update(objects_by_class(group))
        return dict(counts)

    @cached_property
    def raid_roll(self) -> tuple[tuple[str, int, bool], ...]:
        """Every group of like objects, those that separate and those that carry included.

        Class, number of objects, and whether they harm where they fall; in the order of the
        numbers of the objects, the same in every future.
        """
        return tuple(
            (group.class_name, len(group.launch_t_s), group.lethal)
            for group in self.realise(0).raid_groups
        )

    @property
    def raid_flights(self) -> list[str]:
        """Kinds of flight of the threats declared, `mortar` for rockets without a boost."""
        return sorted({flown_as(group.values.spec) for group in self.raid})

    @property
    def lethal(self) -> npt.NDArray[np.bool_]:
        """Whether each object of the raid harms where it falls: (object,)."""
        counts = [count for _, count, _ in self.raid_roll]
        return np.repeat(np.array([kind for *_, kind in self.raid_roll], np.bool_), counts)

    @cached_property
    def tree(self) -> Mapping[str, Any]:
        """The whole scenario as plain values."""
        return resolved_tree(
            head=self.head,
            defended=self.defended,
            assets=self.assets,
            sharing=self.sharing,
            network=self.network,
            raid=self.raid,
            command=self.command.spec,
            tracking=self.tracking.spec,
            economics=self.economics.spec,
        )

    def resolved_yaml(self) -> str:
        """The whole scenario as a file that reads back to the same scenario."""
        return to_yaml(dict(self.tree))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that can change a trial: no words for people, money or calendar."""
        tree = _without(self.tree, NOT_PLAYED)
        tree["assets"] = [_without(asset, KEYS) for asset in tree["assets"]]
        tree["raid"] = [_without(entry, COPY) for entry in tree["raid"]]
        text = json.dumps(tree, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _inputs(self) -> tuple[Input, ...]:
        return tuple(self._all_inputs())

    def inputs(self) -> list[Input]:
        """Every value with its place and passport, in the order of the scenario."""
        return list(self._inputs)

    def _all_inputs(self) -> Iterator[Input]:
        for index, place in enumerate(self.defended):
            yield from _own(place, ("defended", index))
            if place.cities is not None and place.cities.radius is None:
                value, passport = places.city_radius()
                text = anatomy.text(Length, (), value)
                path = f"defended.{index}.cities.radius"
                yield Input(path=path, value=value, text=text, passport=passport)
        for asset in self.assets:
            prefix = ("assets", asset.name)
            if asset.link is not None:
                yield from _of(asset.link, prefix)
            yield from _of(asset.values, prefix)
        for index, rule in enumerate(self.sharing):
            yield from _own(rule, ("sharing", index))
        if self.network is not None:
            yield from _of_network(self.network)
        for group in self.raid:
            prefix = ("raid", group.index)
            yield from _own(group.frame, prefix)
            for place, part in group.parts():
                yield from _of(part, (*prefix, *place))
        yield from _of(self.command, ("command",))
        yield from _of(self.tracking, ("tracking",))

    @property
    def consequences(self) -> list[str]:
        """What follows from command, sharing and network that a reader may not expect."""
        found = command_consequences(
            self.command.spec,
            self.assets,
            self.sharing,
            longest_s=longest_flight_s([*self.raid]),
            valued=self.valued,
        )
        sensors = [asset for asset in self.assets if asset.is_sensor]
        found += unheard_cues(sensors, self.sharing)
        if self.network is None:
            return found
        return found + consequences(sensors, self.network, self.sharing)

    def cost_inputs(self) -> list[PlanInput]:
        """Every entry on money and calendar with its place and passport; none changes a trial."""
        found: list[PlanInput] = []
        for asset in self.assets:
            found += plan_inputs(asset.cost, f"assets.{asset.name}.{COST}")
            found += plan_inputs(asset.schedule, f"assets.{asset.name}.{SCHEDULE}")
        return [*found, *plan_inputs(self.economics, ECONOMICS)]

    def unverified_inputs(self) -> list[str]:
        """Paths of values known only from memory or from a weak source."""
        return [entry.path for entry in self._inputs if entry.passport.basis == "unverified"]

    def unverified_share(self) -> float:
        """Share of the values that are unverified."""
        return len(self.unverified_inputs()) / len(self._inputs)

    def cited(self) -> list[dict[str, Any]]:
        """Every source with the inputs that rest on it, in the order of first use."""
        used: dict[str, list[str]] = {}
        for path, passport in self._references():
            for source in passport:
                used.setdefault(source, []).append(path)
        return [
            {
                "id": source.id,
                "title": source.title,
                "kind": source.kind,
                "date": source.date,
                "url": source.url,
                "weak": source.weak,
                "inputs": used[source.id],
            }
            for source in cite(used)
        ]

    def _references(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Path and sources of every value, area and list of cities."""
        for entry in self._inputs:
            yield entry.path, entry.passport.sources
        named = [(f"defended.{index}", place.area) for index, place in enumerate(self.defended)]
        for path, place in self._raid_places():
            named.append((path, place.area))
            if place.city is not None:
                yield path, places.city_sources()
        for path, name in named:
            if name is not None:
                yield path, places.area_entries()[name].source
        for index, place in enumerate(self.defended):
            if place.cities is not None:
                yield f"defended.{index}", places.city_sources()

    def _raid_places(self) -> Iterator[tuple[str, PlaceSpec]]:
        """Path and place of every end of the raid."""
        for group in self.raid:
            frame, path = group.frame, f"raid.{group.index}"
            if not isinstance(frame, RaidFrame):
                continue
            for key, given in (("from", frame.from_), ("to", frame.to)):
                for number, place in enumerate(places_of(given)):
                    yield place_path(f"{path}.{key}", given, number), place
            if frame.carrier is not None:
                yield f"{path}.{CARRIER}.from", frame.carrier.from_

    def realise(self, future: int) -> Realisation:
        """One state of affairs: every uncertain value drawn, every model made."""
        return realise(self, future)

    def sampled(self, future: int) -> dict[str, float]:
        """Value of every uncertain input in a future, by path [SI]; as in `realise`."""
        draws = Draws(self.seed, future)
        draws.epoch_offset_s()
        for entry in self._inputs:
            draws.value(entry.path, entry.value)
        return draws.sampled

    def sensors_down(self, future: int) -> dict[str, str]:
        """Sensors that do not work in a future, by name, and why; as in `realise`."""
        draws = Draws(self.seed, future)
        return out_of_work(self.assets, draws.below, self.seed, future)

    @property
    def roster(self) -> Roster:
        """Who commands in each future."""
        return Roster(command=self.command.spec, assets=self.assets, seed=self.seed)

    def sites_table(self, real: Realisation) -> dict[str, Any]:
        """Where everything stands at the start of a future, by column."""
        return sites_table(real)


def _without(tree: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    return {key: value for key, value in tree.items() if key not in keys}


def _of(part: Composed[Any], prefix: Path) -> Iterator[Input]:
    """Inputs of a composed part."""
    model = type(part.spec)
    for path, value, passport in part.inputs():
        yield Input(
            path=path_text((*prefix, *path)),
            value=value,
            text=anatomy.text(model, path, value),
            passport=passport,
        )


def _of_network(parts: NetworkParts) -> Iterator[Input]:
    """Inputs of the network."""
    for model, prefix, path, value, passport in parts.inputs():
        yield Input(
            path=path_text((*prefix, *path)),
            value=value,
            text=anatomy.text(model, path, value),
            passport=passport,
        )


def _own(part: Any, prefix: Path) -> Iterator[Input]:
    """Inputs that only the author of a scenario can give."""
    for path, value in anatomy.values(part):
        yield Input(
            path=path_text((*prefix, *path)),
            value=value,
            text=anatomy.text(type(part), path, value),
            passport=AUTHOR,
        )
