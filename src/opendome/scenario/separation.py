"""What the missiles of a raid entry let go, in one future: groups of parts after all others."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import RADIUS_MEAN_M
from opendome.scenario.draws import Draws
from opendome.threats.ballistic import ThreatClass
from opendome.threats.ballistic_spec import ThreatSpec
from opendome.threats.groups import RaidGroup
from opendome.threats.picks import Pick
from opendome.threats.separation import PartClass
from opendome.threats.separation_spec import PartKind, SeparatesSpec, WarheadsSpec
from opendome.threats.spec import AnyThreatSpec

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class _Source:
    """Where the values of parts come from.

    pick, draws : of values, of directions    first : number of the first missile
    by_sensors : whether sensors tell the parts apart
    """

    pick: Pick
    draws: Draws
    first: int
    by_sensors: bool


def separates_of(spec: AnyThreatSpec) -> SeparatesSpec | None:
    """What each missile of a class lets go, None for a class that stays whole."""
    return spec.separates if isinstance(spec, ThreatSpec) else None


def parts_by_class(spec: AnyThreatSpec, class_name: str, count: int) -> dict[str, int]:
    """New objects that so many missiles of a class become, by the names of their classes."""
    separates = separates_of(spec)
    kinds = () if separates is None else separates.kinds()
    return {part_name(class_name, kind): count * kind.count for kind in kinds}


def part_name(class_name: str, kind: PartKind) -> str:
    """Name of the class of a part."""
    return f"{class_name} {kind.name}"


def with_parts(
    group: RaidGroup, spec: AnyThreatSpec, path: str, first: int, draws: Draws
) -> tuple[RaidGroup, tuple[RaidGroup, ...]]:
    """The missiles of a raid entry as others judge them, and the groups of their parts.

    group : the missiles    spec : their class    path : of the raid entry in the scenario
    first : number of the first missile among the objects of the raid
    Model: every part is released at burnout; its direction, even over the sphere, and its aim,
    even over the footprint, belong to its missile and its own number among the parts of its
    kind, so that no other entry changes them.
    """
    separates, missile = separates_of(spec), group.threat
    if separates is None or not isinstance(missile, ThreatClass):
        return group, ()
    by_sensors = separates.judged == "by-sensors"
    pick = draws.below(f"{path}.separates")
    source = _Source(pick=pick, draws=draws, first=first, by_sensors=by_sensors)
    parts = tuple(_parts(group, missile, kind, source) for kind in separates.kinds())
    if by_sensors:
        group = replace(group, p_taken_for_real=math.nan)
    return group, parts


def _parts(group: RaidGroup, missile: ThreatClass, kind: PartKind, source: "_Source") -> RaidGroup:
    """Parts of one kind of all missiles of a group, those of the first missile first."""
    courses = group.courses
    numbers = [(source.first + n, k) for n in range(len(courses)) for k in range(kind.count)]
    speed_m_s = source.pick(f"{kind.key}.speed", kind.spec.speed)
    ways = [_direction(source.draws, kind, *number) for number in numbers]
    aims = np.repeat(courses[:, 2:], kind.count, axis=0)
    footprint = kind.spec.footprint if isinstance(kind.spec, WarheadsSpec) else None
    if footprint is not None:
        reach_m = source.pick(f"{kind.key}.footprint", footprint)
        places = zip(aims, numbers, strict=True)
        aims = np.array([_beside(aim, reach_m, source.draws, *number) for aim, number in places])
    values = _values(missile, kind, source.pick)
    part = PartClass(
        carrier=missile,
        carrier_courses=courses,
        kicks_m_s=speed_m_s * np.array(ways),
        steered=footprint is not None,
        ballistic_coefficient_kg_m2=values[0],
        rcs_m2=values[1],
        intensity_w_sr=values[2],
    )
    return RaidGroup(
        threat=part,
        class_name=part_name(group.class_name, kind),
        launch_t_s=np.repeat(group.launch_t_s + missile.boost_s, kind.count),
        launch_lat_rad=np.repeat(courses[:, 0], kind.count),
        launch_lon_rad=np.repeat(courses[:, 1], kind.count),
        aim_lat_rad=aims[:, 0].copy(),
        aim_lon_rad=aims[:, 1].copy(),
        parent=np.array([number for number, _ in numbers], np.int32),
        lethal=kind.lethal,
        p_taken_for_real=_p_taken(kind, source),
    )


def _values(missile: ThreatClass, kind: PartKind, pick: Pick) -> tuple[float, float, float]:
    """Ballistic coefficient [kg/m2], cross-section [m2], intensity [W/sr]; else the missile's."""
    own = (
        missile.ballistic_coefficient_kg_m2,
        missile.rcs_midcourse_m2,
        missile.intensity_body_w_sr,
    )
    if isinstance(kind.spec, WarheadsSpec):
        return own
    given = (
        ("ballistic_coefficient", kind.spec.ballistic_coefficient),
        ("rcs", kind.spec.rcs),
        ("intensity", kind.spec.intensity),
    )
    beta, rcs, intensity = (
        known if value is None else pick(f"{kind.key}.{name}", value)
        for (name, value), known in zip(given, own, strict=True)
    )
    return beta, rcs, intensity


def _p_taken(kind: PartKind, source: "_Source") -> float:
    """Chance that those who watch take a part for a threat; NaN where their sensors tell."""
    if source.by_sensors:
        return math.nan
    chance = None if isinstance(kind.spec, WarheadsSpec) else kind.spec.taken_for_real
    return 1.0 if chance is None else source.pick(f"{kind.key}.taken_for_real", chance)


def _direction(draws: Draws, kind: PartKind, missile: int, number: int) -> Floats:
    """Direction in which a part leaves its missile, even over the sphere: (3,)."""
    name = f"{kind.name} direction"
    up = 2.0 * draws.uniform(name, missile, 2 * number) - 1.0
    angle = math.tau * draws.uniform(name, missile, 2 * number + 1)
    level = math.sqrt(1.0 - up * up)
    return np.array((level * math.cos(angle), level * math.sin(angle), up))


def _beside(aim: Floats, reach_m: float, draws: Draws, missile: int, number: int) -> Floats:
    """A point of the disc about an aim, even over it: latitude, longitude [rad].

    Model: a step along a great circle of the mean sphere.
    """
    way = reach_m / RADIUS_MEAN_M * math.sqrt(draws.uniform("warhead aim", missile, 2 * number))
    azimuth = math.tau * draws.uniform("warhead aim", missile, 2 * number + 1)
    sine, cosine = math.sin(aim[0]), math.cos(aim[0])
    lat = math.asin(sine * math.cos(way) + cosine * math.sin(way) * math.cos(azimuth))
    east = math.sin(azimuth) * math.sin(way) * cosine
    lon = aim[1] + math.atan2(east, math.cos(way) - sine * math.sin(lat))
    return np.array((lat, (lon + math.pi) % math.tau - math.pi))
