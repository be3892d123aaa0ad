"""Money by year: equal to the bill where the calendar is the bill's, lower else, nothing lost."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.economics.lifecycle import LifeCycle, charge
from opendome.economics.plans import AssetPlan, Programme
from opendome.economics.spending import spend
from opendome.economics.timeline import play
from opendome.quantities.dates import YEAR_S, date_s, day_s
from opendome.quantities.values import Point


def calendar(*plans, horizon=20.0, start="2027-01-01"):
    programme = Programme(
        name="test", plans=plans, start_s=day_s(start), horizon_s=horizon * YEAR_S, share=0.9
    )
    return play(programme, samples=50, seed=1)


def at_once(units, life=None, start="2027-01-01", in_service=0.0):
    """Everything is there on the first day."""
    return AssetPlan(
        name="one", kind="orbital-interceptor", layer="one", planned=units, first=start,
        in_service=Point(in_service), rate=Point(1e6 / YEAR_S),
        life=None if life is None else Point(life * YEAR_S),
        made_s=date_s("2026-01-01"),
    )  # fmt: skip


def price(units, life=None, horizon=20.0, **more):
    return LifeCycle(
        name="one",
        units=units,
        horizon_s=horizon * YEAR_S,
        design_life_s=None if life is None else life * YEAR_S,
        **more,
    )


FULL = {
    "development_usd": 3e9,
    "construction_usd": 2e8,
    "first_unit_usd": 2.2e7,
    "mass_kg": 900.0,
    "launch_usd_per_kg": 1500.0,
    "operations_usd_per_year": 1e9,
    "operations_unit_usd_per_year": 1e5,
}


@given(
    units=st.integers(1, 5000),
    lives=st.sampled_from([1, 2, 4, 5, 10]),
    learning=st.floats(0.7, 1.0),
    new_designs=st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_the_years_sum_to_the_bill_where_all_stands_from_the_first_day(
    units, lives, learning, new_designs
):
    """Design lives that divide the horizon: every category agrees to rounding.

    The calendar pays operations from the end of the first step on, a month of 240 late at most
    for what is built in it; here all is built in the first step, so nothing is late.
    """
    own = price(units, life=20.0 / lives, learning=learning, new_designs=new_designs, **FULL)
    made = calendar(at_once(units, life=20.0 / lives))
    spent = spend(made, {"one": own}, price_year=2026)
    bill = charge(own)
    for name, sums in spent.by_category().items():
        assert np.allclose(sums.sum(axis=0), bill[name], rtol=1e-9, atol=1.0), name
    assert set(spent.by_category()) == set(bill)


def test_a_build_up_costs_less_than_the_bill():
    """What is not yet built, operated or replaced is not yet paid; development and sites are."""
    slow = AssetPlan(
        name="one", kind="orbital-interceptor", layer="one", planned=1000, first="2030-01-01",
        rate=Point(100 / YEAR_S), life=Point(5 * YEAR_S), made_s=date_s("2026-01-01"),
    )  # fmt: skip
    own = price(1000, life=5.0, learning=0.95, **FULL)
    spent = spend(calendar(slow), {"one": own}, price_year=2026).by_category()
    bill = charge(own)
    assert np.allclose(spent["development"].sum(axis=0), bill["development"])
    assert np.allclose(spent["construction"].sum(axis=0), bill["construction"])
    for name in ("replacement", "operations"):
        assert np.all(spent[name].sum(axis=0) < bill[name])
    # half of what is planned stands: 100 a year for five years
    last = spent["operations"][-2].mean()
    assert last == pytest.approx(0.5 * bill["operations"] / 20.0, rel=0.05)


def test_money_is_spent_in_its_year():
    plan = AssetPlan(
        name="one", kind="radar", layer=None, planned=1, first="2031-07-01",
        made_s=date_s("2026-01-01"),
    )  # fmt: skip
    own = price(1, development_usd=4.5e9, first_unit_usd=1e9, operations_usd_per_year=1e8)
    spent = spend(calendar(plan), {"one": own}, price_year=2026)
    parts = {name: part.mean(axis=1) for name, part in spent.by_category().items()}
    years = dict(enumerate(spent.years))
    assert [years[k] for k in np.flatnonzero(parts["procurement"])] == [2031]
    assert [years[k] for k in np.flatnonzero(parts["development"])] == [
        2027,
        2028,
        2029,
        2030,
        2031,
    ]
    assert parts["development"][0] == pytest.approx(1e9, rel=2e-3)  # 4.5 years to the delivery
    assert parts["operations"][years_index(spent, 2031)] == pytest.approx(0.5e8, rel=0.2)
    assert parts["operations"][years_index(spent, 2040)] == pytest.approx(1e8, rel=5e-3)


def years_index(spent, year):
    return spent.years.index(year)


def test_units_in_service_are_not_paid():
    own = price(10, units_in_service=4.0, **FULL)
    spent = spend(calendar(at_once(10, in_service=4.0)), {"one": own}, price_year=2026)
    bill = charge(own)
    for name, part in spent.by_category().items():
        assert np.allclose(part.sum(axis=0), bill[name], rtol=1e-9, atol=1.0), name


def test_what_has_no_date_is_named_and_what_has_no_price_is_left_out():
    blind = AssetPlan(name="blind", kind="radar", layer=None, planned=1)
    made = calendar(at_once(3), blind)
    spent = spend(made, {"one": price(3, **FULL), "blind": price(1, **FULL)}, price_year=2026)
    assert spent.unplaced == ("blind",)
    assert set(spent.usd) == {"one"}
    bare = spend(made, {"one": price(3)}, price_year=2026)
    assert bare.by_category() == {}
    assert bare.total.sum() == 0.0


def test_the_document_is_plain():
    spent = spend(calendar(at_once(3)), {"one": price(3, **FULL)}, price_year=2026)
    document = json.loads(json.dumps(spent.to_dict(), allow_nan=False))
    year = document["by_year"]["2030"]
    assert year["mean_usd"] == pytest.approx(sum(year["by_category_usd"].values()))
    assert sum(y["mean_usd"] for y in document["by_year"].values()) == pytest.approx(
        document["total_usd"]["mean"]
    )
