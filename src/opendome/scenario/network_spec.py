"""The network of a scenario as forms: nodes, links between them, outages, releases."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from opendome.network.spec import Nation
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Angle, Bounds, Duration, Length, Probability, Rate
from opendome.scenario.spec import Latitude, Longitude, Part, Slug
from opendome.sensing.orbit_spec import ConstellationSpec, ElementsSpec, GeostationarySpec
from opendome.sensing.spec import highest, lowest

NodeKind = Literal["relay", "ground-station", "command"]
LinkKind = Literal["optical", "radio", "line"]
ORBITS = ("geostationary", "constellation", "elements")

Elevation = Annotated[Angle, Bounds("0 deg", "90 deg")]
Moment = Annotated[Duration, Bounds("0 s", "10 day")]


class NodeSpec(Part):
    """A relay constellation, a ground station, or a place where a nation decides."""

    name: Slug = Field(description="of the node, for links and reports")
    kind: NodeKind = Field(description="what it is")
    nation: Nation = Field(description="whose it is")
    sector: Slug | None = Field(
        default=None,
        description="of a command: the sector of `command.sectors` that decides here when its "
        "nation is cut off; the nation itself when left out",
    )
    use: Slug | None = Field(
        default=None, description="a system of the kind communication, for its orbits"
    )
    latitude: Latitude | None = Field(default=None, description="of a place on the ground")
    longitude: Longitude | None = Field(default=None, description="of a place on the ground")
    altitude: Annotated[Length, Bounds("-500 m", "9000 m")] | None = Field(
        default=None, description="of a place on the ground; 0 m when left out"
    )
    mask_elevation: Elevation | None = Field(
        default=None, description="lowest elevation at which a place on the ground sees"
    )
    handling_delay: Annotated[Duration, Bounds("0 s", "1 h")] = Field(
        description="from a message that comes in to the same going out, or into the picture"
    )
    geostationary: GeostationarySpec | None = Field(
        default=None, description="orbits of a relay that stands over the equator"
    )
    constellation: ConstellationSpec | None = Field(
        default=None, description="orbits of relays in a Walker pattern"
    )
    elements: list[ElementsSpec] | None = Field(
        default=None, min_length=1, description="orbits of relays, one by one"
    )

    @model_validator(mode="after")
    def _stands_or_flies(self) -> Self:
        """A relay has one kind of orbit; all else has a place. Only a command has a sector."""
        if self.sector is not None and self.kind != "command":
            raise QuantityError(
                got=f"the sector {self.sector!r} of a {self.kind}",
                allowed="a sector of a node of the kind command",
                do="remove it, or make the node a command",
                where="sector",
            )
        orbits = [name for name in ORBITS if getattr(self, name) is not None]
        place = [name for name in ("latitude", "longitude") if getattr(self, name) is not None]
        if self.kind == "relay" and (len(orbits) != 1 or place):
            raise QuantityError(
                got=f"a relay with {' and '.join(orbits + place) or 'no orbit'}",
                allowed=f"exactly one of {', '.join(ORBITS)}",
                do="keep one of them" if orbits + place else 'add one, or "use: sda-transport"',
            )
        if self.kind != "relay" and (orbits or len(place) != len(("latitude", "longitude"))):
            raise QuantityError(
                got=f"a {self.kind} with {' and '.join(orbits + place) or 'no place'}",
                allowed="latitude and longitude, and no orbit",
                do="give its place on the ground",
            )
        return self

    @property
    def flies(self) -> bool:
        """Whether it is in orbit."""
        return self.kind == "relay"

    @property
    def places(self) -> int:
        """Satellites of a relay; 1 on the ground."""
        if self.constellation is not None:
            return round(self.constellation.satellites.middle)
        if self.geostationary is not None:
            return len(self.geostationary.longitudes)
        return 1 if self.elements is None else len(self.elements)


class LineSpec(Part):
    """A kind of link between all places of two nodes, or among those of one."""

    name: Slug | None = Field(
        default=None, description="for outages; both ends joined by a hyphen when left out"
    )
    kind: LinkKind = Field(
        description="optical and radio by line of sight; line: always there, as a cable is"
    )
    between: tuple[Slug, Slug] = Field(
        description="two names of nodes or sensors; one name twice: every place with every other"
    )
    mesh: Literal["all", "grid"] = Field(
        default="all",
        description="all: every place with every other in sight; grid, for a constellation of "
        "relays joined with itself: two neighbours in the plane, one in each plane beside it",
    )
    range_max: Annotated[Length, Bounds("1 km", "500000 km")] | None = Field(
        default=None, description="longest distance; any when left out"
    )
    grazing_altitude: Annotated[Length, Bounds("0 km", "1000 km")] | None = Field(
        default=None, description="height that the line between two satellites stays above"
    )
    elevation_min: Elevation | None = Field(
        default=None, description="lowest elevation of a satellite seen from the ground"
    )
    delay: Annotated[Duration, Bounds("0 s", "1 h")] = Field(
        description="of a hop; light time comes on top, except on a line"
    )
    capacity: Annotated[Rate, Bounds(above="0 1/s")] | None = Field(
        default=None, description="messages it carries, each way; anything when left out"
    )
    p_loss: Probability = Field(description="chance that a message is lost on a hop")

    @property
    def label(self) -> str:
        """What it is called."""
        return self.name or "-".join(self.between)


class OutageSpec(Part):
    """A node, a sensor's link to the network, or a link that is down."""

    of: Slug = Field(description="name of a node, a sensor or a link")
    from_: Moment | None = Field(
        default=None, alias="from", description="when it begins; with `to`"
    )
    to: Moment | None = Field(default=None, description="when it ends; with `from`")
    availability: Probability | None = Field(
        default=None,
        description="chance that it works in a future, drawn once for each of its places",
    )

    @model_validator(mode="after")
    def _when_or_whether(self) -> Self:
        """From and to, or an availability."""
        given = [w for w in ("from_", "to", "availability") if getattr(self, w) is not None]
        if given not in (["from_", "to"], ["availability"]):
            raise QuantityError(
                got=" and ".join(w.rstrip("_") for w in given) or "neither times nor availability",
                allowed="from and to, or availability",
                do="give one of the two forms",
            )
        if (
            self.from_ is not None
            and self.to is not None
            and lowest(self.to) <= highest(self.from_)
        ):
            raise QuantityError(
                got=f"from {self.from_.text('s')} to {self.to.text('s')}",
                allowed="a `to` that is later than `from`, whatever is drawn of them",
                do="swap or correct them",
            )
        return self


class NetworkSpec(Part):
    """How messages travel from the sensors to where nations decide."""

    step: Annotated[Duration, Bounds("1 s", "10 min")] = Field(
        description="time between two looks at what is in contact with what"
    )
    age_max: Annotated[Duration, Bounds("1 s", "1 h")] = Field(
        description="a message that would be older on arrival is dropped"
    )
    queue_max: Annotated[Duration, Bounds("0 s", "1 h")] = Field(
        description="a message that would wait longer at one link is lost"
    )
    releases: dict[Nation, tuple[Nation, ...]] | None = Field(
        default=None,
        description="nation, and the other nations through whose nodes its own messages may pass",
    )
