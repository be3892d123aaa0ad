"""Small suites, targets and grids."""

import math
from dataclasses import replace

from opendome.sensing.models import SensorSuite
from opendome.survey.grid import lay_grid
from opendome.survey.map import Sky, survey, tell_all
from opendome.verification.coverage_maps import DISH, EYE, RULES, target_at


def grid_of(size_deg, *, hours=1.0, step_s=600.0, dwell_s=2.0, region=None):
    return lay_grid(
        size_rad=math.radians(size_deg),
        region=region,
        duration_s=hours * 3600.0,
        step_s=step_s,
        dwell_s=dwell_s,
    )


def eye_at(lon_deg, *, asset=0, revisit_s=1.0):
    """A geostationary satellite over a longitude."""
    orbit = replace(EYE.orbit, raan_rad=math.radians(lon_deg))
    return replace(EYE, orbit=orbit, asset=asset, name=f"eye {lon_deg}", revisit_s=revisit_s)


def dish_at(lat_deg, lon_deg, *, asset=0):
    place = {"lat_rad": math.radians(lat_deg), "lon_rad": math.radians(lon_deg)}
    return replace(DISH, **place, asset=asset, elevation_max_rad=math.pi / 2)


def surveyed(grid, *, radars=(), satellites=(), target=None, rules=RULES, tell=tell_all, views=1):
    assets = 1 + max((s.asset for s in (*radars, *satellites)), default=0)
    sky = Sky(
        era_epoch_rad=1.1,
        suite=SensorSuite(radars=tuple(radars), satellites=tuple(satellites)),
        assets=assets,
        target=target or target_at(200e3),
        grid=grid,
        rules=rules._replace(dwell_s=grid.dwell_s),
        views=("view",) * views,
        tell=tell,
    )
    return survey(sky)
