"""The engine equals its twin on the built-in scenarios, with few missiles so that it is quick."""

import pytest

from opendome.engagement.geometry import lay_out
from opendome.scenario.loading import load

from .test_twin import differences

CASES = [
    ("golden-dome", {"raid.0.count": 3}),
    ("golden-dome-peer", {"raid.0.count": 4}),
    ("homeland-2026", {"raid.0.count": 3}),
    ("homeland-2026", {"raid.0.count": 2, "assets.gbi.sites.fort-greely": 2}),
    ("no-shield", {"raid.0.count": 2}),
    ("hypersonic-pacific", {"raid.0.count": 3}),
    ("fractional-orbit", {"raid.0.count": 2}),
]


@pytest.mark.parametrize(("name", "changes"), CASES)
@pytest.mark.parametrize("future", [0, 1])
def test_engine_equals_twin(name, changes, future):
    geometry = lay_out(load(name, changes=changes), future)
    assert differences(geometry.board, geometry.rules, trials=2) == []
