"""The bill of a published study."""

import json

import pytest

from opendome.economics.dollars import price_index
from opendome.economics.lifecycle import total_usd
from opendome.quantities.errors import OpendomeError
from opendome.studies.bills import INTERCEPTORS, REST, study_bill
from opendome.studies.evaluation import study

CBO = study("cbo-2026")


# CBO 2026: 743 of 1,191 milliard are the space layer, 448 all the rest.
def test_the_sums_of_cbo():
    found = study_bill(CBO)
    assert found.total.mean == pytest.approx(1191e9, rel=0.005)
    assert found.by_layer()["space layer"].mean == pytest.approx(743e9, rel=0.005)
    assert found.by_system()[REST].mean == pytest.approx(448e9, rel=0.01)
    assert found.by_category()["operations"].mean == pytest.approx(20e9)
    assert found.by_category()["other"].mean == found.by_system()[REST].mean
    assert found.marginal(INTERCEPTORS).mean == pytest.approx(88e6, rel=0.01)
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_sums_of_cbo_catch_a_forgotten_rest():
    """Negative control: the space layer alone is not the total."""
    found = study_bill(CBO)
    assert abs(found.by_layer()["space layer"].mean - 1191e9) > 0.005 * 1191e9


@pytest.mark.parametrize("name", ["cbo-2026", "cbo-2025", "aei-2025", "aei-sbi-calculator"])
def test_a_bill_is_the_studys_life_cycle_and_the_rest(name):
    result = study(name)
    found = study_bill(result)
    expected = total_usd(result.layer.life_cycle) + result.layer.other_usd
    assert found.total.mean == pytest.approx(expected, rel=1e-12)
    assert found.price_year == result.layer.price_year
    own = any("by its own arithmetic" in words for words in found.remarks)
    assert own == (abs(expected - result.layer.total_usd) > 1e-6 * expected)


def test_in_other_prices():
    level = price_index().factor(of=2026, at=2010)
    then = study_bill(CBO, price_year=2010)
    assert then.total.mean == pytest.approx(level * study_bill(CBO).total.mean)
    assert then.price_year == 2010


def test_a_study_without_a_price_is_refused():
    with pytest.raises(OpendomeError, match="minimum-energy: it prices nothing"):
        study_bill(study("minimum-energy"))
