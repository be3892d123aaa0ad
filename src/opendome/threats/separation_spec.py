"""The threat part of a scenario: what a ballistic missile lets go at burnout.

Declared numbers, signatures and chances only: nothing here says how such a part is made, and
nothing looks for a good choice of them.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    Area,
    BallisticCoefficient,
    Bounds,
    Count,
    Intensity,
    Length,
    Probability,
    Speed,
)
from opendome.quantities.values import Point, Value

WARHEAD, STAGE, DEBRIS, DECOY = "warhead", "stage", "debris", "decoy"
SINK_S = 3600.0  # how long a body of 1 kg/m2 sinks through the air; only for estimates

_Speed = Annotated[Speed, Bounds(low="0 m/s", high="200 m/s")]


class PartSpec(BaseModel):
    """Parts of one kind that harm nobody: each a point mass with its own signatures."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: Annotated[Count, Bounds(low="1", high="100")] = Field(
        default=Point(1.0), description="parts of each missile; the same in every future"
    )
    speed: _Speed = Field(description="at which each leaves the missile, in a drawn direction")
    ballistic_coefficient: (
        Annotated[BallisticCoefficient, Bounds(low="1 kg/m2", high="100000 kg/m2")] | None
    ) = Field(default=None, description="mass over drag area; the missile's own when left out")
    rcs: Area | None = Field(
        default=None,
        description="radar cross-section; that of the missile after burnout when left out",
    )
    intensity: Intensity | None = Field(
        default=None,
        description="infrared intensity; that of the missile after burnout when left out",
    )
    taken_for_real: Probability | None = Field(
        default=None, description="chance that those who watch take one for a threat"
    )


class WarheadsSpec(BaseModel):
    """Several warheads on each missile, alike, all lethal; the missile itself is the first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: Annotated[Count, Bounds(low="2", high="20")] = Field(
        description="warheads of each missile in all; the same in every future"
    )
    speed: _Speed = Field(
        default=Point(0.0),
        description="at which each further one leaves the missile, in a drawn direction; with "
        "`footprint` it leaves as its own aim asks",
    )
    footprint: Annotated[Length, Bounds(above="0 km", high="500 km")] | None = Field(
        default=None,
        description="radius about the aim of the missile in which the aims of the further ones "
        "are drawn, evenly; without it they fly on as released",
    )

    @model_validator(mode="after")
    def _one_way_to_leave(self) -> Self:
        """A part that goes where its aim asks has no drawn direction."""
        if self.footprint is not None and self.speed.quantile(1.0) > 0.0:
            raise QuantityError(
                got=f"speed {self.speed.text('m/s')} and footprint {self.footprint.text('km')}",
                allowed="one of speed and footprint: each aim asks for its own velocity",
                do="remove one",
                where="speed",
            )
        return self


@dataclass(frozen=True, kw_only=True)
class PartKind:
    """One kind of part of a missile.

    name : in words    key : of its mapping    count : new objects from each missile
    """

    name: str
    key: str
    count: int
    spec: PartSpec | WarheadsSpec

    @property
    def lethal(self) -> bool:
        """Whether it harms where it falls."""
        return self.name == WARHEAD


class SeparatesSpec(BaseModel):
    """What each missile lets go at burnout, and who can tell it from a warhead."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    judged: Literal["declared", "by-sensors"] = Field(
        default="declared",
        description="`declared`: each part is taken for real by its own chance, warheads always; "
        "`by-sensors`: all are judged by the discrimination of the sensors that watch them",
    )
    warheads: WarheadsSpec | None = Field(default=None, description="more than one warhead")
    stage: PartSpec | None = Field(default=None, description="spent last stage")
    debris: PartSpec | None = Field(default=None, description="fragments, covers and the like")
    decoys: PartSpec | None = Field(default=None, description="objects meant to be shot at")

    def kinds(self) -> Iterator[PartKind]:
        """Kinds of parts that there are."""
        if self.warheads is not None:
            further = round(self.warheads.count.middle) - 1
            yield PartKind(name=WARHEAD, key="warheads", count=further, spec=self.warheads)
        for name, key, part in self._harmless():
            yield PartKind(name=name, key=key, count=round(part.count.middle), spec=part)

    def _harmless(self) -> Iterator[tuple[str, str, PartSpec]]:
        named = ((STAGE, "stage", self.stage), (DEBRIS, "debris", self.debris))
        for name, key, part in (*named, (DECOY, "decoys", self.decoys)):
            if part is not None:
                yield name, key, part

    @property
    def count(self) -> int:
        """New objects from each missile."""
        return sum(kind.count for kind in self.kinds())

    @property
    def sinks_s(self) -> float:
        """How long the lightest part sinks through the air, at most [s].

        Model: the speed of a sinking body goes as the root of its ballistic coefficient.
        """
        light = [
            part.ballistic_coefficient.quantile(0.0)
            for _, _, part in self._harmless()
            if part.ballistic_coefficient is not None
        ]
        return SINK_S / math.sqrt(min(light)) if light else 0.0

    @model_validator(mode="after")
    def _some_part(self) -> Self:
        """A missile that lets nothing go needs no such entry."""
        if not list(self.kinds()):
            raise QuantityError(
                got="separates without any part",
                allowed="at least one of warheads, stage, debris, decoys",
                do="add one, or remove separates",
            )
        return self

    @model_validator(mode="after")
    def _counts_are_known(self) -> Self:
        """Every future has the same objects."""
        counts: list[tuple[str, Value]] = [(key, p.count) for _, key, p in self._harmless()]
        if self.warheads is not None:
            counts.append(("warheads", self.warheads.count))
        for key, count in counts:
            if count.uncertain:
                raise QuantityError(
                    got=f"{key}.count {count.text()}",
                    allowed="one number; every future has the same",
                    do="give one number",
                    where=key,
                )
        return self

    @model_validator(mode="after")
    def _one_judge(self) -> Self:
        """Either every harmless part has its chance, or the sensors tell."""
        for _, key, part in self._harmless():
            given = part.taken_for_real is not None
            if given == (self.judged == "declared"):
                continue
            by_sensors = "no taken_for_real where judged is by-sensors"
            raise QuantityError(
                got=f"{key} {'with' if given else 'without'} taken_for_real, judged {self.judged}",
                allowed=by_sensors if given else "taken_for_real for each part, 0 to 1",
                do="remove it" if given else 'add it, or write "judged: by-sensors"',
                where=key,
            )
        return self
