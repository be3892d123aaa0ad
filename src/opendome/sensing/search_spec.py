"""The part of a scenario that says how a radar searches."""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Angle, Bounds, Duration, Ratio
from opendome.sensing.resources import Search
from opendome.sensing.spec import LookInterval, Pick, SensorPart


class SearchSpec(SensorPart):
    """A fence that is swept at an even pace; what it has not met is not known."""

    frame: LookInterval = Field(description="time in which the whole fence is swept once")
    share: Annotated[Ratio, Bounds("0", "0.99")] = Field(
        description="of its time that searching takes; the rest is left for tracks"
    )
    fence: Annotated[Angle, Bounds("-10 deg", "90 deg")] | None = Field(
        default=None, description="highest elevation searched; `elevation_max` when left out"
    )
    cue_delay: Annotated[Duration, Bounds("0 s", "1 h")] | None = Field(
        default=None,
        description="from a cue of infrared satellites, one's own or those of who shares raw, "
        "tracks or cue, to a look at the place; no cues when left out",
    )
    cued_by: Literal["satellites", "any"] | None = Field(
        default=None,
        description="any: cues of over-the-horizon radars and of radars that ask for no cues count "
        "as well; satellites alone when left out",
    )

    @model_validator(mode="after")
    def _cues_arrive(self) -> Self:
        """Who may cue it matters only to a radar that takes cues."""
        if self.cued_by is not None and self.cue_delay is None:
            raise QuantityError(
                got="cued_by without cue_delay",
                allowed="both, or no cued_by",
                do='add for example "cue_delay: 10 s", or remove cued_by',
            )
        return self

    def realise(self, pick: Pick, elevation_max_rad: float) -> Search:
        """The search with every uncertain value drawn; cues come from the scenario."""

        def own(name: str, otherwise: float) -> float:
            given = getattr(self, name)
            return otherwise if given is None else pick(f"search.{name}", given)

        return Search(
            frame_s=pick("search.frame", self.frame),
            share=pick("search.share", self.share),
            fence_rad=own("fence", elevation_max_rad),
            cue_delay_s=own("cue_delay", math.inf),
            cued_by_any=self.cued_by == "any",
        )
