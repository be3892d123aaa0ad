"""One system over its years: identities of accounting, linearity, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.economics.launches import LaunchError, by_launch_usd, launches, per_launch
from opendome.economics.learning import cumulative_usd
from opendome.economics.lifecycle import (
    CATEGORIES,
    LifeCycle,
    LifeCycleError,
    charge,
    marginal_usd,
    total_usd,
)
from opendome.quantities.dates import YEAR_S

FULL = LifeCycle(
    name="sbi", units=200.0, horizon_s=20 * YEAR_S, development_usd=7e9, first_unit_usd=70e6,
    learning=0.85, construction_usd=1e9, mass_kg=1300.0, launch_usd_per_kg=500.0,
    design_life_s=5 * YEAR_S, operations_usd_per_year=450e6, operations_unit_usd_per_year=1e5,
)  # fmt: skip
PRICES = (
    "development_usd", "first_unit_usd", "construction_usd", "launch_usd_per_kg",
    "operations_usd_per_year", "operations_unit_usd_per_year",
)  # fmt: skip


# CBO 2026: 7,800 interceptors of 22 million dollars that live five years, 1 milliard a year for
# operations; 686 of the 723 milliard of acquisition over twenty years are interceptors.
def test_the_space_layer_of_cbo():
    layer = LifeCycle(
        name="cbo", units=7800.0, horizon_s=20 * YEAR_S, first_unit_usd=22e6,
        design_life_s=5 * YEAR_S, operations_usd_per_year=1e9,
    )  # fmt: skip
    parts = charge(layer)
    assert list(parts) == ["procurement", "replacement", "operations"]
    assert parts["procurement"] + parts["replacement"] == pytest.approx(31200 * 22e6)
    assert parts["operations"] == pytest.approx(20e9)
    assert marginal_usd(layer) == pytest.approx(4 * 22e6)


def test_the_space_layer_of_cbo_catches_a_forgotten_replacement():
    """Negative control: bought once, the layer costs a quarter."""
    once = LifeCycle(name="x", units=7800.0, horizon_s=20 * YEAR_S, first_unit_usd=22e6)
    assert total_usd(once) == pytest.approx(31200 * 22e6 / 4)


def test_every_category_by_hand():
    parts = charge(FULL)
    assert tuple(parts) == CATEGORIES
    assert parts["development"] == 7e9
    assert parts["construction"] == 1e9
    assert parts["procurement"] == pytest.approx(cumulative_usd(70e6, 200, 0.85))
    assert parts["launch"] == pytest.approx(200 * 1300 * 500)
    later = cumulative_usd(70e6, 800, 0.85) - cumulative_usd(70e6, 200, 0.85)
    assert parts["replacement"] == pytest.approx(later + 600 * 1300 * 500)
    assert parts["operations"] == pytest.approx(20 * (450e6 + 200 * 1e5))
    assert total_usd(FULL) == pytest.approx(sum(parts.values()))


def test_whole_launches():
    by_launch = replace(
        FULL, launch_usd_per_kg=None, launch_usd_per_launch=150e6, launch_capacity_kg=45e3,
        launch_learning=0.95,
    )  # fmt: skip
    assert per_launch(1300.0, 45e3) == 34
    assert launches(200, 1300.0, 45e3) == 6
    assert charge(by_launch)["launch"] == pytest.approx(by_launch_usd(6, 150e6, 0.95))
    assert launches(68, 1000.0, 34e3) == 2  # a whole quotient needs no launch more
    with pytest.raises(LaunchError, match="one launch can lift"):
        per_launch(50e3, 45e3)


def test_nothing_unknown_is_zero():
    bare = LifeCycle(name="radar", units=1.0, horizon_s=20 * YEAR_S)
    assert charge(bare) == {}
    assert marginal_usd(bare) is None
    without_life = replace(FULL, design_life_s=None)
    assert "replacement" not in charge(without_life)
    assert "launch" not in charge(replace(FULL, mass_kg=None))
    assert "launch" not in charge(replace(FULL, launch_usd_per_kg=None))


def test_a_life_as_long_as_the_horizon_replaces_nothing():
    assert charge(replace(FULL, design_life_s=20 * YEAR_S))["replacement"] == 0.0
    assert charge(replace(FULL, design_life_s=40 * YEAR_S))["replacement"] == 0.0


def test_units_in_service_are_not_charged():
    whole = replace(FULL, units_in_service=200.0)
    assert total_usd(whole) == 0.0
    half = charge(replace(FULL, units_in_service=100.0))
    assert half["development"] == 0.0
    assert half["construction"] == pytest.approx(0.5e9)
    assert half["procurement"] == pytest.approx(
        cumulative_usd(70e6, 200, 0.85) - cumulative_usd(70e6, 100, 0.85)
    )
    assert half["operations"] == pytest.approx(0.5 * charge(FULL)["operations"])
    assert total_usd(replace(FULL, units_in_service=300.0)) == 0.0


@given(st.floats(0.01, 100.0))
def test_linear_in_prices(times):
    dearer = replace(FULL, **{name: times * getattr(FULL, name) for name in PRICES})
    assert total_usd(dearer) == pytest.approx(times * total_usd(FULL), rel=1e-12)


@given(
    st.integers(0, 20000), st.floats(0.4, 1.0), st.floats(1.0, 30.0), st.floats(1.0, 30.0),
    st.integers(0, 100),
)  # fmt: skip
def test_more_units_and_more_years_never_cost_less(units, learning, life, horizon, standing):
    system = replace(
        FULL, units=float(units), learning=learning, design_life_s=life * YEAR_S,
        horizon_s=horizon * YEAR_S, units_in_service=float(standing), construction_usd=None,
    )  # fmt: skip
    assert total_usd(replace(system, units=units + 1.0)) >= total_usd(system)
    longer = replace(system, horizon_s=(horizon + 1.0) * YEAR_S)
    assert total_usd(longer) >= total_usd(system) * (1.0 - 1e-12)


def test_arrays_are_the_samples_one_by_one():
    units, life_s = np.array([0.0, 10.0, 300.0]), YEAR_S * np.array([3.0, 5.0, 25.0])
    learning = np.array([0.8, 0.9, 1.0])
    many = charge(replace(FULL, units=units, learning=learning, design_life_s=life_s))
    for place in range(3):
        one = charge(
            replace(
                FULL, units=float(units[place]), learning=float(learning[place]),
                design_life_s=float(life_s[place]),
            )
        )  # fmt: skip
        for name, value in one.items():
            assert np.broadcast_to(many[name], (3,))[place] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"design_life_s": 0.0}, "design_life_s of 0"),
        ({"design_life_s": -YEAR_S}, "design_life_s of -"),
        ({"horizon_s": 0.0}, "horizon_s of 0"),
        ({"units": -1.0}, "units of -1"),
        ({"first_unit_usd": -1.0}, "first_unit_usd of -1"),
        ({"learning": 1.2}, "learning share 1.2"),
        ({"learning": 0.0}, "learning share 0"),
        ({"launch_usd_per_launch": 1e6}, "by mass and another by the launch"),
        ({"design_life_s": np.array([YEAR_S, -1.0])}, "design_life_s of -1"),
    ],
)
def test_refuses(change, words):
    with pytest.raises(ValueError, match=words) as caught:
        replace(FULL, **change)
    if not isinstance(caught.value, LifeCycleError):
        assert "learning" in words
