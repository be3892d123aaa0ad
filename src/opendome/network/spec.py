"""The network part of a scenario: delays of each sensor's link, and who shares what."""

from collections.abc import Callable, Sequence
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from opendome.network.models import (
    ENGAGEMENTS,
    TIMED,
    Link,
    Sharing,
    What,
    contradiction,
    with_itself,
)
from opendome.quantities.errors import OpendomeError, QuantityError
from opendome.quantities.fields import Duration
from opendome.quantities.values import Value

Nation = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,15}$")]
Party = Annotated[
    str, StringConstraints(pattern=r"^([A-Z][A-Z0-9-]{1,15}|[a-z0-9]+(-[a-z0-9]+)*)$")
]


class LinkSpec(BaseModel):
    """Way of a sensor's measurements to the command of the nation that owns it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    downlink_delay: Duration = Field(
        description="from the measurement to the ground, light time and relays included"
    )
    processing_delay: Duration = Field(
        description="from the ground station to a measurement in the owner's picture"
    )

    def realise(self, pick: Callable[[str, Value], float]) -> Link:
        """Link with every uncertain value drawn by `pick`."""
        return Link(
            downlink_delay_s=pick("downlink_delay", self.downlink_delay),
            processing_delay_s=pick("processing_delay", self.processing_delay),
        )


class SharingSpec(BaseModel):
    """What one nation or sector gives to another, and how late. Only direct agreements count."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    from_nation: Party = Field(alias="from", description="the nation that gives, or a sector")
    to_nation: Party = Field(alias="to", description="the nation that takes, or a sector")
    what: What = Field(
        description="raw: every measurement; tracks: those of radars, and angles once the giver "
        "could hold a track by itself; cue: only where radars that take cues may look; "
        "engagements: at what the giver fires; nothing"
    )
    delay: Duration | None = Field(
        default=None,
        description="from the giver's picture to the taker's; needed for raw, tracks and, from "
        "the order to fire on, engagements; a cue without it comes at once",
    )
    via: tuple[Nation, ...] | None = Field(
        default=None,
        description="further nations through whose nodes of the network it may pass",
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        """Two nations, and a delay where measurements flow."""
        if self.from_nation == self.to_nation:
            problem = with_itself(self.from_nation)
            raise QuantityError(got=problem.got, allowed=problem.allowed, do=problem.do)
        if self.what in TIMED and self.delay is None:
            raise QuantityError(
                got=f"{self.what} from {self.from_nation} to {self.to_nation} without a delay",
                allowed="a delay of 0 s or more",
                do='add for example "delay: 2 s"',
            )
        return self

    def realise(self, pick: Callable[[str, Value], float]) -> Sharing:
        """Agreement with its delay drawn by `pick`."""
        return Sharing(
            from_nation=self.from_nation,
            to_nation=self.to_nation,
            what=self.what,
            delay_s=0.0 if self.delay is None else pick("delay", self.delay),
            via=self.via or (),
        )


def contradictions(rules: Sequence[SharingSpec]) -> list[tuple[int, OpendomeError]]:
    """Rules whose giver and taker an earlier rule already names: index, problem with both named.

    A rule about engagements stands beside one about measurements.
    """
    first: dict[tuple[str, str, bool], int] = {}
    found: list[tuple[int, OpendomeError]] = []
    for index, rule in enumerate(rules):
        pair = (rule.from_nation, rule.to_nation)
        key = (*pair, rule.what == ENGAGEMENTS)
        if key in first:
            found.append((index, contradiction(*pair).at(f"sharing {first[key]} and {index}")))
        else:
            first[key] = index
    return found
