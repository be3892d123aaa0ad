"""A short-range defence in combat: what is fired, engaged, intercepted and spent."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Area, Bounds, Count, Probability, Ratio
from opendome.quantities.values import TestRecord
from opendome.studies.records import Answer, Output, StudyModel
from opendome.studies.sums import Sum, usd

PRICE_YEAR = 2012  # of the published prices of a round


class RocketInputs(BaseModel):
    """Rockets, a defence that lets harmless ones pass, and prices."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fired: Annotated[Count, Bounds("1", "10000000")]
    misfires: Probability
    threatening: Probability
    p_success: Probability
    rounds: Annotated[Ratio, Bounds("1", "100")]
    price_low: Sum
    price_high: Sum
    confidence: Annotated[Probability, Bounds(above="0", high="1")]
    battery_area: Annotated[Area, Bounds(above="0 km2")]
    country_area: Annotated[Area, Bounds(above="0 km2")]

    @model_validator(mode="after")
    def _prices_in_order(self) -> Self:
        """Refuse a lowest price above the highest."""
        if usd(self.price_low, PRICE_YEAR) > usd(self.price_high, PRICE_YEAR):
            raise QuantityError(
                got=self.price_low.text(),
                allowed=f"at most price_high, {self.price_high.text()}",
                do="swap the two prices",
                where="price_low",
            )
        return self


def binomial_quantile(tail: float, count: int, p: float) -> int:
    """Smallest k that a binomial count does not exceed with chance `tail` or more.

    count : of independent trials     p : chance of each
    Source: definition of a quantile.
    """
    from scipy.special import bdtr  # heavy, and needed by few

    low, high = -1, count
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bdtr(middle, count, p) >= tail else (middle, high)
    return high


def solve(inputs: RocketInputs) -> Answer:
    """Rockets by their fate, with the interval of chance, rounds used and their cost.

    Model: fired = misfires + outside the defended area, not engaged + engaged; each one engaged
    is destroyed with chance p. The interval of the intercepts is binomial; the interval of the
    rate is the Jeffreys posterior of as many trials.
    Valid for: rockets that are alike and engagements that have nothing in common.
    Source: definition; L. D. Brown, T. T. Cai, A. DasGupta (2001) for the interval.
    """
    fired = inputs.fired.middle
    misfired = fired * inputs.misfires.middle
    engaged = (fired - misfired) * inputs.threatening.middle
    p = inputs.p_success.middle
    used = engaged * inputs.rounds.middle
    figures = {
        "engaged": engaged,
        "engaged_share": engaged / fired,
        "intercepted": engaged * p,
        "leaked": engaged * (1.0 - p),
        "success_rate": p,
        "misfired": misfired,
        "not_engaged": fired - misfired - engaged,
        "interceptors_used": used,
        "cost_low_usd_m": used * usd(inputs.price_low, PRICE_YEAR),
        "cost_high_usd_m": used * usd(inputs.price_high, PRICE_YEAR),
        "batteries_by_area": inputs.country_area.middle / inputs.battery_area.middle,
    }
    figures |= _intervals(round(engaged), p, inputs.confidence.middle)
    return Answer(figures=figures, remarks=_remarks())


def _intervals(engaged: int, p: float, confidence: float) -> dict[str, float]:
    """What chance leaves open: of the intercepts for this rate, of the rate for these counts."""
    if engaged == 0:
        return {}
    tail = 0.5 * (1.0 - confidence)
    record = TestRecord(round(engaged * p), engaged)
    low, high = (binomial_quantile(at, engaged, p) for at in (tail, 1.0 - tail))
    return {
        "intercepted_low": float(low),
        "intercepted_high": float(high),
        "leaked_low": float(engaged - high),
        "leaked_high": float(engaged - low),
        "rate_low": record.quantile(tail),
        "rate_high": record.quantile(1.0 - tail),
    }


def _remarks() -> dict[str, str]:
    text = (
        "inappropriate arithmetic, shown because it is quoted: the area that a battery defends "
        "against rockets fired from 4 to 70 km away says nothing of missiles from far away, and "
        "no country is defended evenly"
    )
    return {"batteries_by_area": text}


MODEL = StudyModel(
    form=RocketInputs,
    outputs=(
        Output(name="engaged", unit="", meaning="rockets fired at"),
        Output(name="engaged_share", unit="", meaning="of all that were fired"),
        Output(name="intercepted", unit="", meaning="rockets destroyed"),
        Output(
            name="leaked", unit="", meaning="rockets that got through where there was a defence"
        ),
        Output(name="success_rate", unit="", meaning="destroyed, of those engaged"),
        Output(name="intercepted_low", unit="", meaning="fewest destroyed that chance allows"),
        Output(name="intercepted_high", unit="", meaning="most destroyed that chance allows"),
        Output(name="leaked_low", unit="", meaning="fewest that get through by chance"),
        Output(name="leaked_high", unit="", meaning="most that get through by chance"),
        Output(name="rate_low", unit="", meaning="lowest rate that fits the counts"),
        Output(name="rate_high", unit="", meaning="highest rate that fits the counts"),
        Output(name="misfired", unit="", meaning="rockets that fail on their own"),
        Output(name="not_engaged", unit="", meaning="rockets let pass as harmless"),
        Output(name="interceptors_used", unit="", meaning="rounds fired"),
        Output(name="cost_low_usd_m", unit="MUSD_2012", meaning="their cost at the lowest price"),
        Output(name="cost_high_usd_m", unit="MUSD_2012", meaning="their cost at the highest price"),
        Output(name="batteries_by_area", unit="", meaning="batteries by area alone"),
    ),
    solve=solve,
)
