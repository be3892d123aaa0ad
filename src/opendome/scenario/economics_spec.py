"""What an asset costs and when it comes, and how a scenario counts money and years.

Every key may be left out: what no one has published is not counted, and a bill says so.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from opendome.quantities.dates import date_s
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    Bounds,
    Count,
    Duration,
    Mass,
    MassRate,
    Money,
    Probability,
    Rate,
)
from opendome.quantities.money import CURRENCIES, Per
from opendome.quantities.money import Money as Sum
from opendome.scenario.problems import show
from opendome.scenario.spec import Part, whole_number


@dataclass(frozen=True)
class Charge:
    """Pydantic annotation after money: what the sum is for, and never negative."""

    per: Per
    example: str

    def __call__(self, given: Sum) -> Sum:
        """The sum, if it is for that."""
        if given.per != self.per:
            raise QuantityError(
                got=given.text(),
                allowed=f"money {self.words()}",
                do=f'write for example "{self.example}"',
            )
        if given.amount.quantile(0.0) < 0.0:
            raise QuantityError(got=given.text(), allowed="0 or more", do="give what is paid")
        return given

    def words(self) -> str:
        """What the sum is for, in words."""
        return {"": "paid once", "/kg": "per kilogram", "/year": "per year"}[self.per]

    def schema(self) -> dict[str, Any]:
        """JSON Schema of such a sum."""
        pattern = rf"^.*[0-9]\s*[kMGT]?({'|'.join(CURRENCIES)})_([0-9]{{4}}|then){self.per}$"
        return {"type": "string", "pattern": pattern, "examples": [self.example]}


def read_date(given: Any) -> str:
    """Text of a date of any precision."""
    text = str(given)
    if not isinstance(given, str | int) or isinstance(given, bool):
        raise QuantityError(
            got=show(given), allowed="a date", do='write for example "2029-01-20" or "2029-Q3"'
        )
    date_s(text)
    return text


ONCE = Charge("", "22 MUSD_2026")
PER_YEAR = Charge("/year", "1 GUSD_2026/year")
PER_MASS = Charge("/kg", "500 USD_2026/kg")
DATE_EXAMPLES = ("2029-01-20", "2029-01", "2029-Q3", "2029-mid", "2029-FY", 2029)  # of each form
Once = Annotated[Money, AfterValidator(ONCE), WithJsonSchema(ONCE.schema())]
PerYear = Annotated[Money, AfterValidator(PER_YEAR), WithJsonSchema(PER_YEAR.schema())]
PerMass = Annotated[Money, AfterValidator(PER_MASS), WithJsonSchema(PER_MASS.schema())]
Date = Annotated[
    str,
    BeforeValidator(read_date),
    WithJsonSchema({"type": ["string", "integer"], "examples": [*DATE_EXAMPLES]}),
]
SlipClass = Literal["satellite", "interceptor", "ground", "space-interceptor"]
AboveZero = Annotated[Duration, Bounds(above="0 s")]
YEAR_MIN, YEAR_MAX = 1940, 2100


class CostSpec(Part):
    """What an asset costs; a key without a published figure is left out and not counted."""

    development: Once | None = Field(default=None, description="spent once, before the first unit")
    unit: Once | None = Field(
        default=None, description="of the first unit made, or of each where nothing is learned"
    )
    learning: Annotated[Probability, Bounds(above="0", high="1")] | None = Field(
        default=None, description="cost of a unit after each doubling, as a share; 1 when left out"
    )
    construction: Once | None = Field(default=None, description="of each site")
    mass: Mass | None = Field(default=None, description="of a unit, to be launched into orbit")
    launch: PerMass | None = Field(
        default=None, description="price to orbit; `economics.launch_price` when left out"
    )
    life: AboveZero | None = Field(
        default=None, description="time until a unit is replaced", examples=["5 years"]
    )
    operations: PerYear | None = Field(default=None, description="of all units together")
    operations_unit: PerYear | None = Field(default=None, description="of each unit")
    in_service: Count | None = Field(default=None, description="units already bought")


class ScheduleSpec(Part):
    """When an asset comes; a key without a published figure is left out and stays unknown."""

    in_service: Count | None = Field(
        default=None, description="units that stand when the calendar starts"
    )
    first: Date | None = Field(
        default=None, description="first delivery as planned; of a longer span its middle"
    )
    made: Date | None = Field(default=None, description="when that plan was published")
    rate: Annotated[Rate, Bounds(above="0 1/year")] | None = Field(
        default=None, description="deliveries at first", examples=["96 1/year"]
    )
    rate_target: Annotated[Rate, Bounds(above="0 1/year")] | None = Field(
        default=None,
        description="deliveries later; as at first when left out",
        examples=["400 1/year"],
    )
    ramp: Annotated[Duration, Bounds(low="0 s")] | None = Field(
        default=None, description="time from the first rate to the later", examples=["7 years"]
    )
    slip: SlipClass | None = Field(
        default=None, description="by whose record of delays the first delivery slips"
    )


class EconomicsSpec(Part):
    """How money and years are counted; from the catalogue's `economics-defaults` if left out."""

    horizon: AboveZero = Field(description="time that is paid for", examples=["20 years"])
    price_year: whole_number(YEAR_MIN, YEAR_MAX) = Field(  # pyright: ignore[reportInvalidTypeForm]
        description="year in whose prices all sums are given"
    )
    start: Date = Field(description="day on which the calendar starts; of a longer span its middle")
    baseline: Literal["excluded", "included"] = Field(
        description="whether units already bought are charged"
    )
    launch_price: PerMass = Field(description="price to orbit of what has no price of its own")
    launch_mass_per_year: Annotated[MassRate, Bounds(above="0 t/year")] = Field(
        description="mass that can be launched, all assets together"
    )
    operational_share: Annotated[Probability, Bounds(above="0", high="1")] = Field(
        description="of the planned units of each asset that must stand for it to count"
    )
