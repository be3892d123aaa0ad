"""Types for scenario files: each reads a text, a number or a value, and holds a `Value`.

    class RadarSpec(BaseModel):
        range_max: Annotated[Length, Bounds("1 km", "60000 km")]

Every type shows in the JSON Schema with its units, an example and a pattern.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from opendome.quantities import dimensions as d
from opendome.quantities import money, units
from opendome.quantities.dimensions import Dimension
from opendome.quantities.errors import QuantityError
from opendome.quantities.values import Interval, Point, TestRecord, Value


@dataclass(frozen=True)
class Quantity:
    """Pydantic annotation: a value of one dimension."""

    dimension: Dimension

    def read(self, given: Any) -> Value:
        """Value of a text, a number or a value; anything else is refused."""
        if not isinstance(given, str | int | float | Point | Interval | TestRecord):
            raise QuantityError(
                got=f"a {type(given).__name__}",
                allowed=self.dimension.name,
                do=f'write for example "{self.dimension.example}"',
            )
        return units.parse(given, self.dimension)

    def write(self, value: Value) -> str:
        """Edge text that reads back to the same value."""
        return units.format_value(value, self.dimension)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read on validation, write on serialisation."""
        del source, handler
        return _schema(self.read, self.write)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Text with unit, or a number where no unit is needed."""
        del schema, handler
        names = [unit for unit in self.dimension.units if unit]
        text: JsonSchemaValue = {"type": "string", "pattern": units.PATTERN}
        number = {"type": "integer" if self.dimension.whole else "number"}
        shown: JsonSchemaValue = {"anyOf": [number, text]} if self.dimension.bare else text
        return {
            **shown,
            "examples": [self.dimension.example],
            "x-quantity": self.dimension.name.split(" ", 1)[1],
            "x-units": names,
        }


@dataclass(frozen=True)
class MoneyQuantity:
    """Pydantic annotation: money with its price year."""

    def read(self, given: Any) -> money.Money:
        """Money of a text; anything else is refused."""
        return money.parse_money(given if isinstance(given, money.Money) else str(given))

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read on validation, write on serialisation."""
        del source, handler
        return _schema(self.read, money.Money.text)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Text with currency and price year."""
        del schema, handler
        return {"type": "string", "pattern": money.PATTERN, "examples": ["22 MUSD_2026"]}


@dataclass(frozen=True)
class Bounds:
    """Pydantic annotation after a quantity: refuses values outside low..high.

    low, high : edge texts such as "0 m"; None leaves that side open
    above : the value must be greater than this
    """

    low: str | None = None
    high: str | None = None
    above: str | None = None

    def check(self, value: Value) -> Value:
        """The value, if inside."""
        if isinstance(value, TestRecord):
            return value
        lowest = value.low if isinstance(value, Interval) else value.value
        highest = value.high if isinstance(value, Interval) else value.value
        if (
            (self.low is not None and lowest < _si(self.low))
            or (self.high is not None and highest > _si(self.high))
            or (self.above is not None and lowest <= _si(self.above))
        ):
            raise QuantityError(
                got=_in_unit_of(value, self.low or self.high or self.above or ""),
                allowed=self.words(),
                do="give a value in that range",
            )
        return value

    def words(self) -> str:
        """The range in words."""
        parts = (
            (self.above, "more than"),
            (self.low, "at least"),
            (self.high, "at most"),
        )
        return ", ".join(f"{word} {text}" for text, word in parts if text is not None)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check after the quantity was read."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The range, for readers and forms."""
        return {**handler(schema), "x-range": self.words()}


def _schema(read: Callable[[Any], Any], write: Callable[[Any], str]) -> CoreSchema:
    return core_schema.no_info_plain_validator_function(
        read, serialization=core_schema.plain_serializer_function_ser_schema(write)
    )


def _si(text: str) -> float:
    return units.quantity(text)[0].middle


def _in_unit_of(value: Value, text: str) -> str:
    """The value shown in the units of the dimension that `text` has."""
    return units.format_value(value, units.quantity(text)[1])


Length = Annotated[Value, Quantity(d.LENGTH)]
Duration = Annotated[Value, Quantity(d.DURATION)]
Angle = Annotated[Value, Quantity(d.ANGLE)]
Speed = Annotated[Value, Quantity(d.SPEED)]
Acceleration = Annotated[Value, Quantity(d.ACCELERATION)]
AccelerationDensity = Annotated[Value, Quantity(d.ACCELERATION_DENSITY)]
Mass = Annotated[Value, Quantity(d.MASS)]
Area = Annotated[Value, Quantity(d.AREA)]
BallisticCoefficient = Annotated[Value, Quantity(d.BALLISTIC_COEFFICIENT)]
Intensity = Annotated[Value, Quantity(d.INTENSITY)]
Frequency = Annotated[Value, Quantity(d.FREQUENCY)]
Rate = Annotated[Value, Quantity(d.RATE)]
MassRate = Annotated[Value, Quantity(d.MASS_RATE)]
Probability = Annotated[Value, Quantity(d.PROBABILITY)]
Ratio = Annotated[Value, Quantity(d.RATIO)]
Decibel = Annotated[Value, Quantity(d.DECIBEL)]
Count = Annotated[Value, Quantity(d.COUNT)]
Power = Annotated[Value, Quantity(d.POWER)]
Temperature = Annotated[Value, Quantity(d.TEMPERATURE)]
Money = Annotated[money.Money, MoneyQuantity()]
