"""Raids and sensors that need no other room."""

import math

import numpy as np
import pytest

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.sensing.infrared import InfraredSatellite
from opendome.sensing.orbits import walker_orbits
from opendome.sensing.radar import Radar
from opendome.threats.records import Raid

BURN_S = 180.0


def _arc(generator, t_s):
    """Positions and exact velocities of one smooth flight of 20 to 30 minutes."""
    lat, lon = np.radians(generator.uniform(30, 50)), np.radians(generator.uniform(100, 140))
    heading = np.radians(generator.uniform(0, 90))
    duration = generator.uniform(1200, 1800)
    angle = generator.uniform(0.6, 1.6)
    top = generator.uniform(4e5, 1.3e6)
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    ahead = np.cos(heading) * np.cross(up, east) + np.sin(heading) * east
    part = t_s / duration
    turn, height = angle * part, 4.0 * top * part * (1.0 - part)
    radius = RADIUS_EQUATOR_M + height
    out = np.cos(turn)[:, None] * up + np.sin(turn)[:, None] * ahead
    along = np.cos(turn)[:, None] * ahead - np.sin(turn)[:, None] * up
    climb = 4.0 * top * (1.0 - 2.0 * part) / duration
    pos = radius[:, None] * out
    vel = climb[:, None] * out + (radius * angle / duration)[:, None] * along
    return pos, vel, duration


@pytest.fixture(scope="session")
def make_raid():
    """Factory of raids of smooth flights with steps in their signatures."""

    def make(objects, *, seed=0, step_s=1.0, rcs_m2=0.05, within_s=60.0):
        generator = np.random.default_rng(seed)
        samples = int(1800 / step_s) + 2
        t_s = np.arange(samples) * step_s
        pos = np.full((objects, samples, 3), np.nan)
        vel = pos.copy()
        valid = np.zeros((objects, samples), bool)
        duration = np.zeros(objects)
        for j in range(objects):
            its_pos, its_vel, duration[j] = _arc(generator, t_s)
            valid[j] = t_s <= duration[j]
            pos[j, valid[j]], vel[j, valid[j]] = its_pos[valid[j]], its_vel[valid[j]]
        launch = generator.uniform(0.0, within_s, objects)
        burning = np.broadcast_to(t_s < BURN_S, valid.shape)
        nothing = np.zeros(objects)
        return Raid(
            class_names=("test",),
            object_class=np.zeros(objects, np.int32),
            group=np.zeros(objects, np.int32),
            launch_t_s=launch,
            burnout_t_s=launch + BURN_S,
            impact_t_s=launch + duration,
            hot_until_t_s=launch + BURN_S,
            turn_t_s=nothing - np.inf,
            manoeuvre_psd_m2_s3=nothing,
            launch_lat_rad=nothing,
            launch_lon_rad=nothing,
            impact_lat_rad=nothing,
            impact_lon_rad=nothing,
            p_reliable=nothing + 1.0,
            parent=np.full(objects, -1, np.int32),
            lethal=np.ones(objects, np.bool_),
            p_taken_for_real=np.ones(objects),
            step_s=step_s,
            pos_eci_m=pos,
            vel_eci_m_s=vel,
            intensity_w_sr=np.where(burning, 3e5, 80.0),
            rcs_m2=np.where(burning, 40.0 * rcs_m2, rcs_m2),
            valid=valid,
        )

    return make


@pytest.fixture(scope="session")
def make_radar():
    """Factory of radars; any field may be given."""

    def make(**fields):
        return Radar(
            **{
                "name": "radar",
                "asset": 3,
                "lat_rad": math.radians(52.7),
                "lon_rad": math.radians(174.1),
                "alt_m": 100.0,
                "azimuth_from_rad": math.radians(251.0),
                "azimuth_to_rad": math.radians(387.0),
                "elevation_min_rad": math.radians(2.0),
                "elevation_max_rad": math.radians(80.0),
                "range_max_m": 4.2e6,
                "range_reference_m": 3e6,
                "rcs_reference_m2": 0.1,
                "snr_reference": 30.0,
                "p_false_alarm": 1e-6,
                "angle_noise_rad": 1e-3,
                "angle_noise_floor_rad": 3e-4,
                "range_noise_m": 30.0,
                "range_noise_floor_m": 10.0,
                "look_interval_s": 2.0,
                "look_budget_hz": 50.0,
            }
            | fields
        )

    return make


@pytest.fixture(scope="session")
def make_satellites():
    """Factory of low constellations; any field may be given."""

    def make(count=12, *, altitude_m=1.0e6, **fields):
        orbits = walker_orbits(
            kind="delta",
            satellites=count,
            planes=count // 2,
            phasing=1.0,
            altitude_m=altitude_m,
            inclination_rad=math.radians(80.0),
            raan_rad=0.3,
            phase_rad=0.7,
        )
        shared = {
            "asset": 5,
            "revisit_s": 3.0,
            "angle_noise_rad": 5e-5,
            "sensitivity_w_sr": 30.0,
            "sensitivity_range_m": 2e6,
            "snr_reference": 6.0,
            "p_false_alarm": 1e-6,
            "field_of_regard_rad": math.radians(105.0),
            "cloud_break_altitude_m": 8e3,
            "limb_altitude_m": 60e3,
            "tracks_cold_bodies": True,
        } | fields
        return tuple(
            InfraredSatellite(
                name=f"eye-{k + 1}", orbit=orbit, revisit_phase_s=0.37 * k % 3.0, **shared
            )
            for k, orbit in enumerate(orbits)
        )

    return make
