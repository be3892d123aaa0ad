"""What a calendar answers: a probability, and who is last."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from opendome.quantities.errors import OpendomeError

_CONFIDENCE = 0.95  # customary level of an interval, named in the text


class TimelineError(OpendomeError, ValueError):
    """A question that the calendar cannot answer. Also a ValueError."""


@dataclass(frozen=True, kw_only=True)
class Chance:
    """Probability that something stands on a date.

    value : share of the samples; low, high : 95 % of what more samples could give (Wilson)
    at_most : whether it is only an upper bound, because of the assets in `unknown`
    """

    value: float
    low: float
    high: float
    unknown: tuple[str, ...]

    @property
    def at_most(self) -> bool:
        """Whether an asset without a published date is left out."""
        return bool(self.unknown)


@dataclass(frozen=True, kw_only=True)
class Last:
    """An asset that is the last to stand.

    share : of the samples in which it is the last     reason : what it waits for
    """

    asset: str
    share: float
    reason: str


def definition(share: float, assets: Collection[str] = ()) -> str:
    """What "operational" means here; of some assets, or of all when none is named."""
    part = "all" if share == 1.0 else f"at least {100.0 * share:g} %"
    if not assets:
        return f"every asset of the scenario has {part} of its planned units standing"
    which = ", ".join(assets)
    which = f"each of {which}" if len(assets) > 1 else which
    return f"{which} has {part} of its planned units standing"


def chance(hits: int, samples: int, unknown: tuple[str, ...]) -> Chance:
    """Share of the samples with its interval.

    Model: Wilson interval. Source: L. D. Brown, T. T. Cai, A. DasGupta, "Interval Estimation for
    a Binomial Proportion", Statistical Science 16 (2001) 101-133, section 3.1.1.
    """
    from scipy.special import ndtri

    z = float(ndtri(0.5 * (1.0 + _CONFIDENCE)))
    share = hits / samples
    centre = (share + z**2 / (2 * samples)) / (1 + z**2 / samples)
    spread = math.sqrt(share * (1 - share) / samples + (z / (2 * samples)) ** 2)
    half = z / (1 + z**2 / samples) * spread
    return Chance(
        value=share,
        low=max(0.0, centre - half) if hits else 0.0,
        high=min(1.0, centre + half) if hits < samples else 1.0,
        unknown=unknown,
    )
