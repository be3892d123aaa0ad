"""Objects on tracks that a scenario gives, with the signatures of a class."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.cruise import CruiseClass
from opendome.threats.glide import GlideClass
from opendome.threats.groups import RaidGroup, Threat
from opendome.threats.records import Flags, Floats, Flown
from opendome.threats.signatures import by_phase
from opendome.world.frames import eci_from_ecef


@dataclass(frozen=True, kw_only=True)
class GivenTracks:
    """Objects whose flight is given row by row.

    threat : class that lends signatures and reliability
    t_s : (object,) of (row,) each, times after the launch of the object [s]
    pos_ecef_m : (object,) of (row, 3) each
    """

    threat: Threat
    t_s: tuple[Floats, ...]
    pos_ecef_m: tuple[Floats, ...]

    @property
    def reliability(self) -> float:
        """Chance that an object does not fail by itself."""
        return self.threat.reliability

    def fly(self, group: RaidGroup, *, era_epoch_rad: float, step_s: float) -> Flown:
        """Follow every track; it ends at its last row.

        group : launch and aim points are the first and the last row of each
        Model: cubic Hermite curves through the rows in inertial axes, their slopes those of the
        parabola through three rows; see docs/how-to/declare-a-raid.md.
        Valid for: rows close enough that a curve of third degree describes the way between them.
        """
        objects = len(self.t_s)
        ends_s = np.array([t_s[-1] for t_s in self.t_s])
        samples = 1 + int(ends_s.max(initial=0.0) / step_s)
        pos, vel = np.full((2, objects, samples, 3), np.nan)
        for n in range(objects):
            era_rad = era_epoch_rad + ROTATION_RAD_S * (group.launch_t_s[n] + self.t_s[n])
            rows = eci_from_ecef(self.pos_ecef_m[n], era_rad)
            count = 1 + int(ends_s[n] / step_s)
            asked_s = np.arange(count, dtype=np.float64) * step_s
            place, speed = along(self.t_s[n], rows, asked_s)
            pos[n, : len(asked_s)], vel[n, : len(asked_s)] = place, speed
        boost_s = np.minimum(_boost_s(self.threat), ends_s)
        burning = np.arange(samples) * step_s < boost_s[:, None]
        valid = ~np.isnan(pos[:, :, 0])
        intensity, rcs = _shown(self.threat, pos, vel, burning, valid)
        hot = isinstance(self.threat, CruiseClass | GlideClass)
        open_end = isinstance(self.threat, CruiseClass)
        return Flown(
            burnout_s=boost_s,
            impact_s=ends_s,
            impact_lat_rad=group.aim_lat_rad,
            impact_lon_rad=group.aim_lon_rad,
            pos_eci_m=pos,
            vel_eci_m_s=vel,
            intensity_w_sr=intensity,
            rcs_m2=rcs,
            hot_until_s=ends_s if hot else boost_s,
            turn_s=ends_s if open_end else np.full(objects, -math.inf),
            manoeuvre_psd_m2_s3=float(getattr(self.threat, "manoeuvre_psd_m2_s3", 0.0)),
            reasons=("",) * objects,
        )


def along(t_s: Floats, rows_m: Floats, asked_s: Floats) -> tuple[Floats, Floats]:
    """Positions and velocities on a smooth curve through rows, (asked, 3) each.

    t_s : (row,) ascending, at least 2    rows_m : (row, 3)    asked_s : (asked,) within t_s
    Model: cubic Hermite; slope at a row that of the parabola through it and its neighbours, at
    the ends that of the parabola through the last three; a straight line through two rows.
    """
    slope = _slopes(t_s, rows_m)
    part = np.clip(np.searchsorted(t_s, asked_s, side="right") - 1, 0, len(t_s) - 2)
    wide_s = np.diff(t_s)[part][:, None]
    s = (asked_s - t_s[part])[:, None] / wide_s
    r = 1.0 - s
    p0, p1, d0, d1 = rows_m[part], rows_m[part + 1], slope[part], slope[part + 1]
    place = p0 * r * r * (1.0 + 2.0 * s) + p1 * s * s * (1.0 + 2.0 * r)
    place += wide_s * s * r * (d0 * r - d1 * s)
    speed = 6.0 * s * r * (p1 - p0) / wide_s + d0 * r * (1.0 - 3.0 * s) + d1 * s * (3.0 * s - 2.0)
    return place, speed


def _slopes(t_s: Floats, rows_m: Floats) -> Floats:
    wide_s = np.diff(t_s)[:, None]
    chord = np.diff(rows_m, axis=0) / wide_s
    if len(chord) == 1:
        return np.repeat(chord, 2, axis=0)
    whole_s = wide_s[1:] + wide_s[:-1]
    inside = (chord[:-1] * wide_s[1:] + chord[1:] * wide_s[:-1]) / whole_s
    return np.concatenate([2.0 * chord[:1] - inside[:1], inside, 2.0 * chord[-1:] - inside[-1:]])


def _boost_s(threat: Threat) -> float:
    """How long the engine of a class burns; none for what flies on wings [s]."""
    return float(getattr(threat, "boost_s", getattr(threat, "burn_s", 0.0)))


def _shown(
    threat: Any, pos: Floats, vel: Floats, burning: Flags, valid: Flags
) -> tuple[Floats, Floats]:
    """Infrared intensity [W/sr] and radar cross-section [m2] of a class along tracks."""
    if isinstance(threat, CruiseClass):
        flat = np.where(valid, 1.0, np.nan)
        return threat.intensity_w_sr * flat, threat.rcs_m2 * flat
    body = threat.glow(pos, vel) if isinstance(threat, GlideClass) else threat.intensity_body_w_sr
    after = getattr(threat, "rcs_midcourse_m2", getattr(threat, "rcs_m2", math.nan))
    first = getattr(threat, "rcs_boost_m2", after)
    return (
        by_phase(threat.intensity_boost_w_sr, body, burning, valid),
        by_phase(first, after, burning, valid),
    )
