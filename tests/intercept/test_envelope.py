"""Envelopes of the catalogue's interceptors."""

import numpy as np
import pytest

from opendome.intercept.envelope import catalogue_interceptor, ceiling, envelope


def test_an_envelope_is_what_the_table_says():
    model = catalogue_interceptor("thaad")
    found = envelope(model, altitude_m=[50e3, 100e3], flight_s=[60.0, 120.0])
    table = model.table()
    assert found.ground_range_m.shape == (2, 2)
    for row, height_m in zip(found.ground_range_m, (50e3, 100e3), strict=True):
        for ground_m, time_s in zip(row, (60.0, 120.0), strict=True):
            assert table.flight_time(ground_m, height_m) <= time_s
            assert not table.flight_time(ground_m + 500.0, height_m) <= time_s
    assert table.flight_time(0.0, found.ceiling_m[0]) == pytest.approx(60.0, rel=1e-6)


@pytest.mark.parametrize("system", ["sm3-ib", "pac3-mse", "nasams"])
def test_more_time_never_reaches_less(system):
    model = catalogue_interceptor(system)
    times_s = [share * model.flight_time_max_s for share in (0.5, 0.75, 1.0)]
    found = envelope(model, flight_s=times_s)
    ranges_m = np.nan_to_num(found.ground_range_m, nan=-1.0)
    assert (np.diff(ranges_m, axis=1) >= -1.0).all()
    assert (np.diff(found.ceiling_m) > 0.0).all()
    assert found.range_max_m == np.nanmax(found.ground_range_m)


def test_too_little_time_reaches_nothing():
    found = envelope(catalogue_interceptor("gbi"), flight_s=[5.0])
    assert np.isnan(found.ground_range_m).all()
    assert ceiling(catalogue_interceptor("gbi"), 5.0) < 1e3
