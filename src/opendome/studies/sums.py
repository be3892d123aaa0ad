"""Money among the inputs of a study: read with its price year, used in the year of the study."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from opendome.economics.dollars import in_prices_of
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Money
from opendome.quantities.money import Money as MoneyValue
from opendome.quantities.money import Per

_WORDS: dict[Per, str] = {"": "a sum", "/year": "a sum per year", "/kg": "a sum per kilogram"}


@dataclass(frozen=True)
class Dollars:
    """Pydantic annotation after money: US dollars of a price year, 0 or more, per what it says.

    per : what a sum may be for; the first is how it is written
    example : a text that is accepted
    """

    per: tuple[Per, ...]
    example: str

    def check(self, money: MoneyValue) -> MoneyValue:
        """The sum, if it is one that a study can use."""
        known = money.currency == "USD" and money.base_year is not None
        if not known or money.per not in self.per or money.amount.quantile(0.0) < 0.0:
            raise QuantityError(
                got=money.text(), allowed=self.words(), do=f'write "{self.example}"'
            )
        return money

    def words(self) -> str:
        """What is accepted, in words."""
        return f"{_WORDS[self.per[0]]}, 0 or more, in US dollars of a named year"

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check after the money was read."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The rule, for readers and forms."""
        return {**handler(schema), "x-range": self.words()}


Sum = Annotated[Money, Dollars(per=("",), example="70 MUSD_2026")]
Yearly = Annotated[Money, Dollars(per=("/year", ""), example="450 MUSD_2026/year")]
PerMass = Annotated[Money, Dollars(per=("/kg",), example="500 USD_2026/kg")]


def usd(money: MoneyValue, year: int) -> float:
    """A sum of an input in US dollars of a year."""
    return in_prices_of(money, year).middle
