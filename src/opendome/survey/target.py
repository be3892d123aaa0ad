"""An object of a class at a moment of its flight: how high it is, how bright, how it is tracked."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from opendome.quantities.constants import RADIUS_MEAN_M, ROTATION_RAD_S
from opendome.scenario.compose import compose
from opendome.scenario.draws import Draws
from opendome.scenario.realisation import Realisation
from opendome.scenario.scenario import Scenario
from opendome.sources.catalogue import load_system
from opendome.survey.forms import CoverageError, problem, unknown
from opendome.threats.groups import RaidGroup
from opendome.threats.models import fly_raid
from opendome.threats.records import Raid
from opendome.threats.spec import spec_of
from opendome.world.earth import altitude_xyz

STEP_S = 1.0  # of the flight from which a moment is taken
BOOST, BURNOUT, CRUISE, MIDCOURSE = "boost", "burnout", "cruise", "midcourse"
MIDDLE = {"glide": "glide", "orbital": "orbit"}  # what the middle of such a flight is called
KILOMETRE = 1000.0


@dataclass(frozen=True, kw_only=True)
class Target:
    """An object of a class at a moment of its flight, with every value known.

    Attributes
    ----------
    class_name, phase : of what     phases : altitude at every phase that the class has [m]
    altitude_m : above the ellipsoid     speed_m_s : over the turning Earth
    ground_speed_m_s : the level part of it
    burning : before burnout     hot : shows in the infrared before the Earth
    intensity_w_sr, rcs_m2 : what sensors get from it
    manoeuvre_psd_m2_s3 : unknown acceleration after burnout, spectral density
    """

    class_name: str
    phase: str
    phases: Mapping[str, float]
    altitude_m: float
    speed_m_s: float
    ground_speed_m_s: float
    burning: bool
    hot: bool
    intensity_w_sr: float
    rcs_m2: float
    manoeuvre_psd_m2_s3: float

    def to_dict(self) -> dict[str, Any]:
        """Form of the JSON document."""
        return {
            "class": self.class_name,
            "phase": self.phase,
            "altitude_km": self.altitude_m / KILOMETRE,
            "speed_km_s": self.speed_m_s / KILOMETRE,
            "hot": self.hot,
            "intensity_w_sr": self.intensity_w_sr,
            "rcs_m2": self.rcs_m2,
            "phases_altitude_km": {name: at / KILOMETRE for name, at in self.phases.items()},
        }


def find_target(
    scenario: Scenario,
    real: Realisation,
    *,
    threat: str | None,
    phase: str | None,
    altitude_m: float | None,
    future: int,
) -> Target:
    """The object that a question of coverage is about.

    threat : class, the first of the raid when None     phase : the first of the class when None
    altitude_m : instead of the altitude of the phase
    Model: one object of the class is flown, as the raid of the future has it, or over the middle
    of its ranges when the raid has none; height, speed, brightness and cross-section are those of
    the moment. `boost` is half-way through the burn in time, `burnout` the last moment of it;
    `midcourse`, `orbit`, `glide` or `cruise` half-way between burnout and impact.
    """
    flown = _one_flown(_group_of(scenario, real, threat, future), real)
    name = flown.class_names[0]
    moments = _moments(flown, _kind(name))
    if phase is not None and phase not in moments:
        raise CoverageError([unknown("phase", phase, tuple(moments))])
    chosen = phase or next(iter(moments))
    heights = {word: _height_m(flown, row) for word, (row, _) in moments.items()}
    row, burning = moments[chosen]
    t_s = flown.launch_t_s[0] + row * flown.step_s
    speed_m_s, ground_speed_m_s = _speeds_m_s(flown, row)
    return Target(
        class_name=name,
        phase=chosen,
        phases=heights,
        altitude_m=heights[chosen] if altitude_m is None else altitude_m,
        speed_m_s=speed_m_s,
        ground_speed_m_s=ground_speed_m_s,
        burning=burning,
        hot=burning or bool(t_s < flown.hot_until_t_s[0]),
        intensity_w_sr=float(flown.intensity_w_sr[0, row]),
        rcs_m2=float(flown.rcs_m2[0, row]),
        manoeuvre_psd_m2_s3=float(flown.manoeuvre_psd_m2_s3[0]),
    )


def _kind(class_name: str) -> str:
    """Kind of flight of a class."""
    return load_system(class_name).tree().get("flight", "ballistic")


def _moments(flown: Raid, kind: str) -> dict[str, tuple[int, bool]]:
    """Sample of each phase, and whether it burns then; the phase asked for first by default."""
    launch_s, burnout_s = float(flown.launch_t_s[0]), float(flown.burnout_t_s[0])
    samples = int(flown.valid[0].sum())
    last = max(0, math.ceil((burnout_s - launch_s) / flown.step_s) - 1)
    middle = (last + samples) // 2
    if burnout_s <= launch_s:
        return {CRUISE: (samples // 2, False)}
    return {
        MIDDLE.get(kind, MIDCOURSE): (middle, False),
        BURNOUT: (last, True),
        BOOST: (last // 2, True),
    }


def _height_m(flown: Raid, row: int) -> float:
    # altitude does not depend on the turning of the Earth
    return altitude_xyz(*(float(part) for part in flown.pos_eci_m[0, row]))


def _speeds_m_s(flown: Raid, row: int) -> tuple[float, float]:
    """Speed over the turning Earth, and its level part [m/s]."""
    pos = flown.pos_eci_m[0, row]
    speed = flown.vel_eci_m_s[0, row] - ROTATION_RAD_S * np.array([-pos[1], pos[0], 0.0])
    climb = float(speed @ pos) / float(np.linalg.norm(pos))
    whole = float(np.linalg.norm(speed))
    return whole, math.sqrt(max(0.0, whole * whole - climb * climb))


def _group_of(scenario: Scenario, real: Realisation, threat: str | None, future: int) -> RaidGroup:
    """A group of the class: that of the raid, or one object over the middle of its ranges."""
    for group in real.raid_groups:
        if threat in (None, group.class_name):
            return group
    if threat is None:
        raise CoverageError(
            [problem("threat", "a raid without a class", "a class", "name one with --class")]
        )
    system = load_system(threat)
    composed, findings = compose(spec_of(system), {}, system)
    if composed is None:
        raise CoverageError([problem("threat", f.got, f.allowed, f.do) for f in findings])
    pick = Draws(scenario.seed, future).below(f"coverage.{threat}")
    spec = composed.spec
    shortest, longest = pick("range_min", spec.range_min), pick("range_max", spec.range_max)
    return RaidGroup(
        threat=spec.realise(pick),
        class_name=threat,
        launch_t_s=np.zeros(1),
        launch_lat_rad=np.zeros(1),
        launch_lon_rad=np.zeros(1),
        aim_lat_rad=np.zeros(1),
        aim_lon_rad=np.full(1, 0.5 * (shortest + longest) / RADIUS_MEAN_M),
    )


def _one_flown(group: RaidGroup, real: Realisation) -> Raid:
    """The first object of a group, flown alone."""
    columns = ("launch_t_s", "launch_lat_rad", "launch_lon_rad", "aim_lat_rad", "aim_lon_rad")
    first = {name: getattr(group, name)[:1] for name in columns}
    alone = replace(group, parent=None, **first)
    flown = fly_raid((alone,), era_epoch_rad=real.era_epoch_rad, step_s=STEP_S)
    if flown.refused:
        do = "choose another class, or another future"
        got = f"{group.class_name}, which cannot fly: {flown.refused[0].reason}"
        raise CoverageError([problem("threat", got, "a class that reaches its aim", do)])
    return flown
