"""Published totals: passports, no silent comparison of unlike things."""

import pytest

from opendome.economics.dollars import price_index
from opendome.economics.published import published_totals, scope_parameters
from opendome.sources.catalogue import CATALOGUE, load_sources, load_system, parse_plain

TOTALS = {total.name: total for total in published_totals(2026)}


def test_the_quarrel_is_there():
    assert TOTALS["white-house-2025"].given_usd == 175e9
    assert TOTALS["cbo-2026"].usd == 1191e9
    assert TOTALS["cbo-2026-space"].usd == 743e9
    assert TOTALS["aei-2025-high"].usd == 3600e9


def test_then_year_totals_are_never_converted():
    for total in TOTALS.values():
        assert (total.usd is None) == (total.given_year is None)
        assert total.text.endswith("_then") == (total.given_year is None)


def test_a_total_of_another_year_is():
    level = price_index().factor(of=2025, at=2026)
    assert TOTALS["cbo-2025-low-new"].usd == pytest.approx(161e9 * level)
    assert level > 1.0
    assert {t.name: t.usd for t in published_totals(2025)}["cbo-2025-low-new"] == 161e9


def test_every_total_says_what_it_is_of_and_what_it_counts():
    for total in TOTALS.values():
        assert total.of in ("shield", "space layer")
        assert len(total.scope) > 20
        assert total.years is None or total.years == 20.0
        assert set(total.sources) <= set(load_sources())
        assert total.sources
    assert TOTALS["white-house-2025"].years is None


@pytest.mark.parametrize("name", scope_parameters())
def test_every_statement_has_a_passport(name):
    passport = scope_parameters()[name].passport
    known = load_sources()
    strong = [known[s] for s in passport.sources if not known[s].weak]
    assert passport.basis in ("read", "unverified")
    assert passport.basis == "unverified" or any(source.read for source in strong)


def test_no_total_of_the_catalogue_is_forgotten():
    """A sum for a whole system or layer that is added to the catalogue must be placed here."""
    placed = {figure for system, figure in placements() if system == "golden-dome-total"}
    budgets = {
        "cbo2026_acquisition", "fy25_law", "fy26_approps", "fy26_request", "fy27_request",
        "canada_offer",
    }  # fmt: skip
    assert not placed & budgets
    assert set(load_system("golden-dome-total").parameters) == placed | budgets


def placements():
    """System and figure of every total."""
    text = (CATALOGUE / "published-totals.yaml").read_text("utf-8")
    return [tuple(body["figure"]) for body in parse_plain(text)["totals"].values()]
