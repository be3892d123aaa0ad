"""The raid part of a scenario file: who flies from where to where, when, and what carries it."""

import math
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Bounds, Duration
from opendome.quantities.values import Point
from opendome.scenario.spec import OBJECTS_MAX, At, Line, Part, Slug, exactly_one, whole_number

PLACES_MAX = 100
PARTS_MAX = 1000
LOAD_MAX = 1000
PACKED_MAX = 700_000  # a resolved scenario stays below the 1 MB that one may have


class PlaceSpec(Part):
    """Where an object starts or is aimed: evenly inside an area, a city centre, or a point."""

    area: Slug | None = Field(default=None, description="an area: opendome list areas")
    city: Line | None = Field(default=None, description='a city, as "Seattle" or "Seattle, US"')
    at: At | None = Field(default=None, description="latitude and longitude")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        exactly_one(self, ("area", "city", "at"))
        return self


class SharedPlaceSpec(PlaceSpec):
    """One of several places among which the objects of an entry are shared."""

    share: whole_number(1, PARTS_MAX) = Field(  # pyright: ignore[reportInvalidTypeForm]
        default=1, description="parts of the objects that fall to this place, among all its list"
    )


def _one_or_several(given: Any) -> str:
    """Which form a place was given in, so that only its problems are told."""
    return "several" if isinstance(given, list) else "one"


Places = Annotated[
    Annotated[PlaceSpec, Tag("one")]
    | Annotated[list[SharedPlaceSpec], Field(min_length=1, max_length=PLACES_MAX), Tag("several")],
    Discriminator(_one_or_several),
]


class CarrierSpec(Part):
    """The aircraft that bring the objects to where they start."""

    class_: Slug = Field(
        alias="class", description="a class of the flight `cruise`: opendome list systems"
    )
    from_: PlaceSpec = Field(alias="from", description="the base it takes off from and returns to")
    load: whole_number(1, LOAD_MAX) = Field(  # pyright: ignore[reportInvalidTypeForm]
        description="objects on each aircraft; the last one carries what is left"
    )


class RaidFrame(Part):
    """One group of like objects; every field of its class may be added to change it."""

    class_: Slug = Field(alias="class", description="a threat class: opendome list systems")
    count: whole_number(1, OBJECTS_MAX) = Field(  # pyright: ignore[reportInvalidTypeForm]
        description="number of objects"
    )
    from_: Places = Field(
        alias="from", description="where they are launched: a place, or a list of places"
    )
    to: Places = Field(description="where they are aimed: a place, or a list of places")
    within: Annotated[Duration, Bounds("0 s", "1 day")] = Field(
        default=Point(0.0), description="launches, of each wave, are spread evenly over this time"
    )
    start: Annotated[Duration, Bounds("0 s", "1 day")] = Field(
        default=Point(0.0), description="first possible launch after the epoch"
    )
    every: Annotated[Duration, Bounds(above="0 s", high="1 day")] | None = Field(
        default=None, description="time from one wave to the next"
    )
    waves: whole_number(1, OBJECTS_MAX) | None = Field(  # pyright: ignore[reportInvalidTypeForm]
        default=None,
        description="waves among which the objects are shared; with `every` and without `waves` "
        "each object, or each carrier, is a wave of its own",
    )
    carrier: CarrierSpec | None = Field(
        default=None, description="aircraft that release the objects at `from`"
    )

    @property
    def units(self) -> int:
        """What starts at a time and place of its own: objects, or the loads of carriers."""
        return self.count if self.carrier is None else math.ceil(self.count / self.carrier.load)

    @property
    def starts(self) -> tuple[PlaceSpec, ...]:
        """Places of launch."""
        return places_of(self.from_)

    @property
    def aims(self) -> tuple[PlaceSpec, ...]:
        """Places aimed at."""
        return places_of(self.to)

    @model_validator(mode="after")
    def _waves_have_a_time(self) -> Self:
        """Waves need the time between them."""
        if self.waves is not None and self.every is None:
            raise QuantityError(
                got="waves without every",
                allowed="waves together with every, the time from one wave to the next",
                do='add "every", or remove "waves" to launch all at once',
                where="waves",
            )
        return self

    @model_validator(mode="after")
    def _waves_are_not_empty(self) -> Self:
        """A wave of nothing is a mistake."""
        if self.waves is not None and self.waves > self.units:
            what = "objects" if self.carrier is None else "loaded carriers"
            raise QuantityError(
                got=f"{self.waves} waves for {self.units} {what}",
                allowed="at most one wave for each of them",
                do="lower it or raise count",
                where="waves",
            )
        return self

    @model_validator(mode="after")
    def _waves_do_not_overlap(self) -> Self:
        """Waves that run into each other are one spread raid."""
        if self.every is not None and self.within.quantile(1.0) > self.every.quantile(0.0):
            raise QuantityError(
                got=f"within {self.within.text('s')}, every {self.every.text('s')}",
                allowed="waves that do not overlap: within at most every",
                do='lower "within", or remove "every" to spread all launches over it',
                where="every",
            )
        return self


Frame = Literal["geodetic", "ecef", "eci"]
TrackPath = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")
]
Digest = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]
Packed = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9+/=]*$", max_length=PACKED_MAX)
]


class TracksFrame(Part):
    """Objects on given tracks; every field of the class may be added to change it."""

    tracks: TrackPath = Field(
        description="raid file, CSV or Parquet, beside the scenario or in a folder below it"
    )
    class_: Slug = Field(
        alias="class", description="threat class that lends its signatures and reliability"
    )
    frame: Frame = Field(description="of the positions in the file")
    start: Annotated[Duration, Bounds("0 s", "1 day")] = Field(
        default=Point(0.0), description="added to every time of the file"
    )
    gap_max: Annotated[Duration, Bounds("0.1 s", "60 min")] = Field(
        default=Point(60.0), description="longest time allowed between two rows of an object"
    )
    lethal: bool = Field(default=True, description="of objects for which the file does not say")
    classes: dict[Slug, dict[str, Any]] = Field(
        default={}, description="changes to further classes that the file names"
    )
    sha256: Digest | None = Field(
        default=None, description="of the file; another content is refused"
    )
    packed: Packed | None = Field(
        default=None, description="the file itself, written by opendome into a resolved scenario"
    )


def places_of(given: PlaceSpec | list[SharedPlaceSpec]) -> tuple[PlaceSpec, ...]:
    """One place or several as several."""
    return (given,) if isinstance(given, PlaceSpec) else tuple(given)


def place_path(path: str, given: PlaceSpec | list[SharedPlaceSpec], number: int) -> str:
    """Path of one of the places of an end of an entry."""
    return f"{path}.{number}" if isinstance(given, list) else path


def shares_of(places: tuple[PlaceSpec, ...]) -> tuple[int, ...]:
    """Parts of the objects that fall to each place."""
    return tuple(place.share if isinstance(place, SharedPlaceSpec) else 1 for place in places)


def deal(shares: tuple[int, ...], count: int) -> list[int]:
    """Which place each of so many objects falls to, in turn, by the shares.

    Each object goes to the place that lags most behind its share, the first of those that lag
    alike.
    """
    given = [0] * len(shares)
    whole = sum(shares)
    dealt: list[int] = []
    for number in range(1, count + 1):
        lags = [share * number - whole * had for share, had in zip(shares, given, strict=True)]
        place = lags.index(max(lags))
        given[place] += 1
        dealt.append(place)
    return dealt


def ways(frame: RaidFrame) -> list[tuple[int, int]]:
    """Numbers of the start and of the aim of each object, as its entry shares them.

    Starts are dealt to the objects, or carriers, in turn; aims in turn to the objects of the
    first start, then of the next, so that every start fires at every aim as evenly as can be.
    """
    load = 1 if frame.carrier is None else frame.carrier.load
    units = deal(shares_of(frame.starts), frame.units)
    start_of = [units[number // load] for number in range(frame.count)]
    aim_of = [0] * frame.count
    order = sorted(range(frame.count), key=start_of.__getitem__)
    for number, aim in zip(order, deal(shares_of(frame.aims), frame.count), strict=True):
        aim_of[number] = aim
    return list(zip(start_of, aim_of, strict=True))
