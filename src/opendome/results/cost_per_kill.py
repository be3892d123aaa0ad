"""What a kill costs: a bill joined with what a run says was fired and killed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from opendome.economics.bill import Bill
from opendome.economics.dollars import CURRENCY
from opendome.economics.figures import Figure, in_prices_of_year
from opendome.economics.lifecycle import marginal_usd
from opendome.engagement.records import FATE_WORDS, Fate
from opendome.quantities.errors import OpendomeError
from opendome.quantities.money import Money
from opendome.results.intervals import Estimate
from opendome.results.result_set import ResultSet
from opendome.scenario.compose import known_systems
from opendome.scenario.scenario import Scenario
from opendome.sources.catalogue import load_system

THREAT_PRICE = "unit_cost"  # parameter of a threat class in the catalogue


@dataclass(frozen=True, kw_only=True)
class Span:
    """A cost with its range [US dollars]; no high end where no kill at all is possible."""

    mean: float
    low: float
    high: float | None

    def to_dict(self) -> dict[str, float | None]:
        """Plain values."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


@dataclass(frozen=True, kw_only=True)
class CostPerKill:
    """What stopping this raid costs, in US dollars of `price_year`.

    Attributes
    ----------
    kills, engaged : missiles killed, and missiles shot at, per trial
    shield_per_kill, shield_per_engaged : the whole bill over those of one raid; None without any
    rounds : asset -> rounds it fires per trial
    round_usd : asset -> price of one more round in place; of those that have a published price
    fired_usd : rounds of a trial put back in place; None where a price is missing
    fired_per_kill_usd : the same for each kill
    threat_usd : mean price of a missile of the raid; None unless every class has a published one
    exchange_ratio : dollars fired for each dollar of what was killed
    missing : why a figure is None
    """

    price_year: int
    kills: float
    engaged: float
    shield_per_kill: Span | None
    shield_per_engaged: Span | None
    rounds: Mapping[str, float]
    round_usd: Mapping[str, float]
    fired_usd: float | None
    fired_per_kill_usd: float | None
    threat_usd: float | None
    exchange_ratio: float | None
    missing: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        spans = {
            "shield_per_kill": self.shield_per_kill,
            "shield_per_engaged": self.shield_per_engaged,
        }
        return {
            "price_year": self.price_year,
            "kills": self.kills,
            "engaged": self.engaged,
            **{name: None if span is None else span.to_dict() for name, span in spans.items()},
            "rounds": dict(self.rounds),
            "round_usd": dict(self.round_usd),
            "fired_usd": self.fired_usd,
            "fired_per_kill_usd": self.fired_per_kill_usd,
            "threat_usd": self.threat_usd,
            "exchange_ratio": self.exchange_ratio,
            "missing": list(self.missing),
        }


def cost_per_kill(bill: Bill, result: ResultSet) -> CostPerKill:
    """What a kill costs in a run.

    bill : of the same scenario     result : a finished run
    Returns both answers: the whole shield over the kills of one raid, and the rounds fired for
    each kill at the price of putting them back.
    Model: sums divided by means of a trial; ends of a range take the cheapest bill with the most
    kills and the dearest with the fewest. Valid for: one raid in the life of the shield (the
    first answer), rounds bought again one by one (the second).
    """
    _refuse_other(bill, result.scenario)
    killed = result.metrics.fate_estimates[FATE_WORDS[Fate.KILLED]]
    shots, trials = result.study.ledger.shots, result.study.plan.trials_total
    fates = result.metrics.fates
    engaged = fates[FATE_WORDS[Fate.KILLED]] + fates[FATE_WORDS[Fate.SHOTS_MISSED]]
    fired = np.bincount(np.asarray(shots["asset"]), minlength=len(result.scenario.assets))
    rounds = {
        name: float(count) / trials
        for name, count in zip(result.scenario.asset_names, fired, strict=True)
        if count
    }
    return cost_of_kills(bill, result.scenario, killed=killed, engaged=engaged, rounds=rounds)


def cost_of_kills(
    bill: Bill,
    scenario: Scenario,
    *,
    killed: Estimate,
    engaged: float,
    rounds: Mapping[str, float],
) -> CostPerKill:
    """The same from means of a trial, for a run that is not at hand as a whole.

    killed, engaged : missiles     rounds : asset -> rounds fired
    """
    round_usd = {
        name: usd for name in rounds for usd in [_round_usd(bill, name)] if usd is not None
    }
    unpriced = [name for name in rounds if name not in round_usd]
    fired_usd = None if unpriced else sum(rounds[name] * round_usd[name] for name in rounds)
    threat_usd, unknown = _threat_usd(scenario, bill.price_year)
    per_kill = None if fired_usd is None or not killed.value else fired_usd / killed.value
    ratio = None if per_kill is None or threat_usd is None else per_kill / threat_usd
    return CostPerKill(
        price_year=bill.price_year,
        kills=killed.value,
        engaged=engaged,
        shield_per_kill=_over(bill, killed.value, killed.low, killed.high),
        shield_per_engaged=_over(bill, engaged, engaged, engaged),
        rounds=rounds,
        round_usd=round_usd,
        fired_usd=fired_usd,
        fired_per_kill_usd=per_kill,
        threat_usd=threat_usd,
        exchange_ratio=ratio,
        missing=tuple(_missing(unpriced, unknown, killed.value)),
    )


def _refuse_other(bill: Bill, scenario: Scenario) -> None:
    """A bill of one shield says nothing of the kills of another."""
    if bill.scenario != scenario.name or tuple(bill.life_cycles) != scenario.asset_names:
        raise OpendomeError(
            got=f"the bill of {bill.scenario} and a run of {scenario.name}",
            allowed="a bill and a run of the same scenario with the same assets",
            do="price the scenario of the run",
        )


def _over(bill: Bill, mean: float, low: float, high: float) -> Span | None:
    """The whole bill over a number of missiles; None over none."""
    if not mean:
        return None
    total = bill.total
    return Span(
        mean=total.mean / mean,
        low=total.low / high,
        high=total.high / low if low else None,
    )


def _round_usd(bill: Bill, name: str) -> float | None:
    """Price of one more round of an asset, made and brought into place once [US dollars]."""
    once = replace(bill.life_cycles[name], design_life_s=None, operations_unit_usd_per_year=None)
    usd = marginal_usd(once)
    return None if usd is None else float(np.mean(usd))


def _threat_usd(scenario: Scenario, year: int) -> tuple[float | None, list[str]]:
    """Mean price of a missile of the raid [US dollars], and the classes without a price."""
    prices: dict[str, float] = {}
    known = known_systems()  # a part of a missile is paid for with its missile
    counts = {name: n for name, n in scenario.raid_by_class().items() if name in known}
    for name in counts:
        parameter = load_system(name).parameters.get(THREAT_PRICE)
        money = None if parameter is None else parameter.value
        if parameter is None or not isinstance(money, Money) or money.currency != CURRENCY:
            continue
        figure = Figure(path=f"{name}.{THREAT_PRICE}", value=money, passport=parameter.passport)
        prices[name] = in_prices_of_year(figure, money, year).middle
    unknown = [name for name in counts if name not in prices]
    if unknown:
        return None, unknown
    return sum(counts[name] * prices[name] for name in counts) / sum(counts.values()), []


def _missing(unpriced: list[str], unknown: list[str], kills: float) -> list[str]:
    """Why a figure is not there."""
    words: list[str] = []
    if not kills:
        words.append("nothing was killed")
    if unpriced:
        words.append(f"no published price of a round: {', '.join(unpriced)}")
    if unknown:
        words.append(f"no published price of a missile: {', '.join(unknown)}")
    return words
