"""The scenario file as a schema. The rooms own the parts of systems, tracking and command."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from opendome.network.spec import Nation
from opendome.quantities.dimensions import COUNT
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Angle, Bounds, Length, Quantity, Ratio
from opendome.quantities.values import Point, Value
from opendome.scenario.outlines import CORNERS_MAX, CORNERS_MIN, check_outline
from opendome.scenario.patterns import LINE_PATTERN, PROSE_PATTERN, SLUG_PATTERN
from opendome.scenario.problems import show
from opendome.world.time import check_epoch, parse_epoch

SCHEMA_VERSION = 1
TRIALS_MAX = 10_000_000
FUTURES_MAX = 100_000
FUTURES_DEFAULT = 50
ENTRIES_MAX = 1000
OBJECTS_MAX = 10_000
SEED_MAX = 2**63 - 1
_WHOLE = re.compile(r"[0-9]{1,3}(?: [0-9]{3}){1,9}|[0-9]{1,30}")

Slug = Annotated[str, StringConstraints(strict=True, pattern=SLUG_PATTERN, max_length=64)]
Line = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=200, pattern=LINE_PATTERN)
]
Prose = Annotated[str, StringConstraints(strict=True, max_length=10_000, pattern=PROSE_PATTERN)]
Latitude = Annotated[Angle, Bounds("-90 deg", "90 deg")]
Longitude = Annotated[Angle, Bounds("-180 deg", "360 deg")]
At = tuple[Latitude, Longitude]
Weight = Annotated[Ratio, Bounds("0")]


@dataclass(frozen=True)
class Whole:
    """Pydantic annotation: one whole number, with or without spaces between thousands."""

    low: int
    high: int

    def read(self, given: Any) -> int:
        """Number inside low..high, exact however large it is."""
        number = self._number(given)
        if not self.low <= number <= self.high:
            do = "give a number in that range"
            do += ", or remove the entry" if number == 0 else ""
            raise QuantityError(got=str(number), allowed=self.words(), do=do)
        return number

    def _number(self, given: Any) -> int:
        if type(given) is int:
            return given
        if isinstance(given, str) and _WHOLE.fullmatch(given.strip()):
            return int(given.replace(" ", ""))
        try:
            value = Quantity(COUNT).read(given)
        except QuantityError as refusal:
            raise QuantityError(got=show(given), allowed=self.words(), do=refusal.do) from None
        if not isinstance(value, Point):
            do = "give one number; every future has the same"
            raise QuantityError(got=show(given), allowed=self.words(), do=do)
        return int(value.value)

    def words(self) -> str:
        """The range in words."""
        return f"a whole number from {self.low} to {self.high}"

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the field."""
        number = {"type": "integer", "minimum": self.low, "maximum": self.high}
        return {"anyOf": [number, {"type": "string", "pattern": r"^[0-9][0-9 ]*$"}]}


def whole_number(low: int, high: int) -> Any:
    """Type of a field that holds one whole number in a range."""
    limits = Whole(low, high)
    return Annotated[int, BeforeValidator(limits.read), WithJsonSchema(limits.schema())]


def _epoch(given: Any) -> datetime:
    if isinstance(given, datetime):
        return check_epoch(given)
    if not isinstance(given, str):
        raise QuantityError(
            got=show(given),
            allowed="date and time as ISO 8601 with a time zone",
            do='write it like "2029-01-20T12:00:00Z"',
        )
    return parse_epoch(given)


Epoch = Annotated[
    datetime,
    BeforeValidator(_epoch),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2029-01-20T12:00:00Z"]}),
]


class Part(BaseModel):
    """A mapping of a scenario file: unknown keys refused, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


def exactly_one(part: BaseModel, names: tuple[str, ...]) -> None:
    """Refuse none or several of keys that exclude each other."""
    given = [name for name in names if getattr(part, name) is not None]
    if len(given) != 1:
        raise QuantityError(
            got=f"{' and '.join(given)} together" if given else f"none of {', '.join(names)}",
            allowed=f"exactly one of {', '.join(names)}",
            do="keep one" if given else "add one",
        )


class CitiesSpec(Part):
    """Every city of a country above a number of people, each as a disc."""

    country: Nation = Field(description="two-letter code of the country")
    min_population: whole_number(100_000, 100_000_000) = Field(  # pyright: ignore[reportInvalidTypeForm]
        description="smallest city that counts"
    )
    radius: Annotated[Length, Bounds("1 km", "500 km")] | None = Field(
        default=None, description="of each disc; `city_radius` of the catalogue when left out"
    )
    value_per_million: Weight | None = Field(
        default=None, description="value of a city for each million of its people"
    )


class CircleSpec(Part):
    """A disc on the ground."""

    at: At = Field(description="latitude and longitude of the centre")
    radius: Annotated[Length, Bounds("1 km", "5000 km")] = Field(description="of the disc")


class SiteWorthSpec(Part):
    """One of several discs with a value of its own."""

    at: At = Field(description="latitude and longitude of the centre")
    radius: Annotated[Length, Bounds("10 m", "5000 km")] = Field(description="of the disc")
    value: Weight | None = Field(default=None, description="value of the disc")


class DefendedSpec(Part):
    """Something worth defending: an area of the catalogue, cities, a circle, an outline, sites."""

    area: Slug | None = Field(default=None, description="an area: opendome list areas")
    cities: CitiesSpec | None = Field(default=None, description="cities of a country")
    circle: CircleSpec | None = Field(default=None, description="a disc")
    polygon: tuple[At, ...] | None = Field(
        default=None,
        min_length=CORNERS_MIN,
        max_length=CORNERS_MAX,
        description="an outline: corners of latitude and longitude, straight between them",
    )
    sites: dict[Slug, SiteWorthSpec] | None = Field(
        default=None, min_length=1, description="discs by name"
    )
    value: Weight | None = Field(
        default=None,
        description="what each object that falls inside costs, a weight; of cities, the value of "
        "each. Without any value all that is defended is worth the same",
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        exactly_one(self, ("area", "cities", "circle", "polygon", "sites"))
        return self

    @model_validator(mode="after")
    def _sound_outline(self) -> Self:
        if self.polygon is not None:
            check_outline(self.polygon)
        return self

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        """A value is said once, and for all of one entry."""
        inner = "cities.value_per_million" if self.cities is not None else "the value of each site"
        per_city = self.cities is not None and self.cities.value_per_million is not None
        if self.value is not None and (per_city or self.sites is not None):
            raise QuantityError(
                got=f"value and {inner} together" if per_city else "value of sites as a whole",
                allowed=f"value or {inner}" if per_city else inner,
                do="keep one" if per_city else "give a value to each site",
                where="value",
            )
        given = [site.value is not None for site in (self.sites or {}).values()]
        if any(given) and not all(given):
            raise QuantityError(
                got=f"{given.count(False)} of {len(given)} sites without a value",
                allowed="a value for every site or for none",
                do="add the values that are missing; 0 for what costs nothing",
                where="sites",
            )
        return self

    @property
    def weights(self) -> tuple[Value, ...]:
        """Values given in this entry, none when it has none."""
        per_city = None if self.cities is None else self.cities.value_per_million
        given = (self.value, per_city, *(site.value for site in (self.sites or {}).values()))
        return tuple(weight for weight in given if weight is not None)


Kind = Literal[
    "radar",
    "over-the-horizon-radar",
    "infrared-satellite",
    "orbital-interceptor",
    "surface-interceptor",
    "directed-energy",
]


class AssetFrame(Part):
    """One sensor, constellation or battery; every field of its kind may be added to change it."""

    use: Slug | None = Field(default=None, description="a system: opendome list systems")
    kind: Kind | None = Field(
        default=None, description="for an asset without `use`: give all its fields here"
    )
    nation: Nation = Field(description="whose it is, and whose command uses it")
    host: Nation | None = Field(default=None, description="on whose soil it stands, if another's")
    name: Slug | None = Field(
        default=None, description="to tell two of one system apart; the system's id when left out"
    )
    layer: Slug | None = Field(
        default=None, description="layer an interceptor fires in; its name when left out"
    )

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        exactly_one(self, ("use", "kind"))
        return self


def _futures(fields: dict[str, Any]) -> int:
    """Futures of a scenario that does not say, from the fields before."""
    return min(FUTURES_DEFAULT, fields.get("trials", FUTURES_DEFAULT))


class HeadSpec(Part):
    """The plain fields of a scenario."""

    schema_version: Literal[1] = Field(default=SCHEMA_VERSION, description="of this file format")
    scenario: Slug = Field(description="short name, also of the run folder")
    title: Line = Field(description="one line for people")
    description: Prose = Field(default="", description="what this scenario asks, in plain words")
    epoch: Epoch = Field(
        description="moment from which times count; each future shifts it within one day"
    )
    trials: whole_number(1, TRIALS_MAX) = Field(  # pyright: ignore[reportInvalidTypeForm]
        default=1000, description="rolls of the dice in all"
    )
    futures: whole_number(1, FUTURES_MAX) = Field(  # pyright: ignore[reportInvalidTypeForm]
        default_factory=_futures,
        description="states of affairs among which the trials are shared; "
        f"{FUTURES_DEFAULT} when left out, or one per trial if that is fewer",
    )
    seed: whole_number(0, SEED_MAX) = Field(  # pyright: ignore[reportInvalidTypeForm]
        default=1, description="of all draws"
    )

    @model_validator(mode="after")
    def _a_trial_for_each_future(self) -> Self:
        """A future that nobody plays is a mistake."""
        if self.futures > self.trials:
            raise QuantityError(
                got=f"{self.futures} futures for {self.trials} trials",
                allowed="at most one future per trial",
                do="lower it or raise trials",
                where="futures",
            )
        return self


SECTIONS: dict[str, str] = {
    "defended": "what is worth defending: a list",
    "assets": "sensors and interceptors: a list, in the order in which layers are reported",
    "sharing": "which nation gives what to which: a list",
    "network": "how messages travel: nodes, links and outages; constant delays when left out",
    "raid": "what flies in: a list",
    "command": "how fast, how sure and by which doctrine a node decides",
    "tracking": "rules by which a node begins, feeds and loses its tracks",
    "economics": "how money and years are counted",
}
REQUIRED_SECTIONS = ("defended", "raid")
