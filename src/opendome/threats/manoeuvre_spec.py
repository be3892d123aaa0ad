"""The threat part of a scenario: a bounded acceleration to the side during re-entry."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from opendome.quantities.fields import Acceleration, Bounds, Duration, Length


class ManoeuvreSpec(BaseModel):
    """A re-entry that does not fall straight: a pull to the side, steady or swinging.

    Declared figures only; nothing here says how a body does it, or what it is good for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    acceleration: Annotated[Acceleration, Bounds(low="0.1 m/s2", high="500 m/s2")] = Field(
        description="largest acceleration to the side, level and square to the velocity"
    )
    below: Annotated[Length, Bounds(low="1 km", high="80 km")] = Field(
        description="altitude on the way down at which it begins"
    )
    period: Annotated[Duration, Bounds(low="0.5 s", high="100 s")] | None = Field(
        default=None,
        description="of the swing from side to side about the straight fall; without it the pull "
        "is steady, to the right",
    )
