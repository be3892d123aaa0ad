"""Where everything stands at the start of a future, for maps."""

from typing import Any

import numpy as np

from opendome.intercept.models import DirectedEnergy, OrbitalInterceptor, Shooters
from opendome.scenario.realisation import Realisation
from opendome.sensing.infrared import InfraredSatellite
from opendome.world.constellations import positions_eci
from opendome.world.earth import geodetic_from_ecef
from opendome.world.frames import ecef_from_eci
from opendome.world.kepler import Elements

COLUMNS = ("asset", "kind", "name", "lat_deg", "lon_deg", "altitude_km")
Row = tuple[str, str, str, float, float, float]


def sites_table(real: Realisation) -> dict[str, Any]:
    """Columns asset, kind, name, lat_deg, lon_deg, altitude_km: one row per radar, launch site,
    satellite and orbital interceptor; satellites at t_s = 0.
    """
    rows: list[Row] = []
    for radar in (*real.suite.radars, *real.suite.skywave):
        place = (np.degrees(radar.lat_rad), np.degrees(radar.lon_rad), radar.alt_m / 1000.0)
        rows.append((real.asset_names[radar.asset], "radar", radar.name, *place))
    rows += _satellites(real)
    for entry in real.shooters.entries:
        rows += _shooters(real, entry)
    columns = zip(*rows, strict=True) if rows else ([] for _ in COLUMNS)
    return dict(zip(COLUMNS, (np.array(column) for column in columns), strict=True))


def _satellites(real: Realisation) -> list[Row]:
    suite = real.suite.satellites
    if not suite:
        return []
    elements = satellite_elements(suite)
    for_names = [(real.asset_names[satellite.asset], satellite.name) for satellite in suite]
    turned = np.array([satellite.orbit.node_turns_with_earth for satellite in suite])
    elements = Elements(
        semi_major_axis_m=elements.semi_major_axis_m,
        eccentricity=elements.eccentricity,
        inclination_rad=elements.inclination_rad,
        raan_rad=elements.raan_rad + np.where(turned, real.era_epoch_rad, 0.0),
        argument_of_perigee_rad=elements.argument_of_perigee_rad,
        mean_anomaly_rad=elements.mean_anomaly_rad,
    )
    places = _subpoints(elements, real.era_epoch_rad)
    return [
        (asset, "infrared-satellite", name, *place)
        for (asset, name), place in zip(for_names, places, strict=True)
    ]


def satellite_elements(satellites: tuple[InfraredSatellite, ...]) -> Elements:
    """Elements of sensor satellites, nodes as they are given."""

    def column(name: str) -> Any:
        return np.array([getattr(satellite.orbit, name) for satellite in satellites])

    return Elements(
        semi_major_axis_m=column("semi_major_axis_m"),
        eccentricity=column("eccentricity"),
        inclination_rad=column("inclination_rad"),
        raan_rad=column("raan_rad"),
        argument_of_perigee_rad=column("argument_of_perigee_rad"),
        mean_anomaly_rad=column("mean_anomaly_rad"),
    )


def _shooters(real: Realisation, entry: Shooters) -> list[Row]:
    asset = real.asset_names[entry.asset]
    model = entry.interceptor
    if isinstance(model, OrbitalInterceptor):
        places = _subpoints(model.walker.elements(), real.era_epoch_rad)
        kind = "orbital-interceptor"
    else:
        places = [(np.degrees(s.lat_rad), np.degrees(s.lon_rad), 0.0) for s in model.sites]
        kind = "directed-energy" if isinstance(model, DirectedEnergy) else "surface-interceptor"
    return [(asset, kind, name, *place) for name, place in zip(entry.names, places, strict=True)]


def _subpoints(elements: Elements, era_rad: float) -> list[tuple[float, float, float]]:
    """Latitude, longitude [deg] and altitude [km] of satellites at t_s = 0."""
    pos_eci_m = positions_eci(elements, np.zeros(1)).reshape(-1, 3)
    lat_rad, lon_rad, alt_m = geodetic_from_ecef(ecef_from_eci(pos_eci_m, era_rad))
    table = np.stack([np.degrees(lat_rad), np.degrees(lon_rad), alt_m / 1000.0], axis=-1)
    return [(float(row[0]), float(row[1]), float(row[2])) for row in table]
