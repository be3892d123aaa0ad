"""From a scenario to the plans of its assets."""

from opendome.economics.plans import SLIP_OF_KIND, AssetPlan, Programme
from opendome.quantities.dates import date_s, day_of, day_s
from opendome.scenario.draft import Asset
from opendome.scenario.scenario import Scenario

OF_COST = ("life", "mass")  # entries on cost that a calendar needs too


def programme(scenario: Scenario) -> Programme:
    """What a scenario says of when its assets come, the catalogue filling in."""
    economics = scenario.economics.spec
    return Programme(
        name=scenario.name,
        plans=tuple(_plan(asset) for asset in scenario.assets),
        start_s=day_s(day_of(date_s(economics.start)).isoformat()),
        horizon_s=economics.horizon.middle,
        share=economics.operational_share.middle,
        launch_kg_s=economics.launch_mass_per_year,
    )


def _plan(asset: Asset) -> AssetPlan:
    """The plan of one asset. A date without a class of slips takes that of its kind."""
    schedule, cost = asset.schedule.spec, asset.cost.spec
    slip = schedule.slip or SLIP_OF_KIND[asset.kind]
    return AssetPlan(
        name=asset.name,
        kind=asset.kind,
        layer=asset.layer,
        planned=float(asset.units),
        in_service=schedule.in_service,
        first=schedule.first,
        made_s=_made_s(asset),
        rate=schedule.rate,
        rate_target=schedule.rate_target,
        ramp=schedule.ramp,
        life=cost.life,
        mass=cost.mass if asset.in_orbit else None,
        slip_class=None if schedule.first is None else slip,
        sources=_sources(asset),
    )


def _made_s(asset: Asset) -> float | None:
    """When the date of the first delivery was published [s]; None when nobody says."""
    text = asset.schedule.spec.made
    if text is None and "first" in asset.schedule.passports:
        text = asset.schedule.passports["first"].as_of or None
    return None if text is None else date_s(text)


def _sources(asset: Asset) -> tuple[str, ...]:
    """Ids of what the plan rests on."""
    schedule, cost = asset.schedule.passports, asset.cost.passports
    used = [*schedule.values(), *(cost[key] for key in OF_COST if key in cost)]
    return tuple(dict.fromkeys(source for passport in used for source in passport.sources))
