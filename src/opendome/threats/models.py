"""The raid of a future: every group flown by its own kind of flight, joined into one record."""

from collections.abc import Callable, Sequence

import numpy as np

from opendome.threats.groups import RaidGroup
from opendome.threats.records import Floats, Flown, Integers, Raid, Refusal


def fly_raid(groups: Sequence[RaidGroup], *, era_epoch_rad: float, step_s: float) -> Raid:
    """Fly every object of a raid without any defence.

    groups : objects by class    era_epoch_rad : Earth rotation angle at the epoch [rad]
    step_s : interval of the samples [s]
    Returns the raid, objects in the order of the groups; `Raid.refused` names the objects whose
    aim point their class cannot reach.
    Model: each class flies its own kind of flight: `ballistic`, `glide`, `orbital`, `cruise`,
    `rocket`; carriers and given tracks as their entries say.
    """
    flown = [
        entry.threat.fly(entry, era_epoch_rad=era_epoch_rad, step_s=step_s) for entry in groups
    ]
    sizes = [len(entry.launch_t_s) for entry in groups]
    group = np.repeat(np.arange(len(groups), dtype=np.int32), sizes)
    entries = [n if entry.entry is None else entry.entry for n, entry in enumerate(groups)]
    declared = np.repeat(np.array(entries, dtype=np.int32), sizes)
    courses = np.concatenate([np.empty((0, 4)), *(entry.courses for entry in groups)])
    launch_t_s = np.concatenate([np.empty(0), *(entry.launch_t_s for entry in groups)])
    samples = max((part.pos_eci_m.shape[1] for part in flown), default=1)
    names = tuple(dict.fromkeys(entry.class_name for entry in groups))
    classes = np.array([names.index(entry.class_name) for entry in groups], dtype=np.int32)

    def column(of: Callable[[Flown], Floats | float]) -> Floats:
        parts = (np.broadcast_to(of(part), size) for part, size in zip(flown, sizes, strict=True))
        return np.concatenate([np.empty(0), *parts])

    def sheet(of: Callable[[Flown], Floats], *axes: int) -> Floats:
        whole = np.full((len(group), samples, *axes), np.nan)
        first = 0
        for part, size in zip(flown, sizes, strict=True):
            whole[first : first + size, : part.pos_eci_m.shape[1]] = of(part)
            first += size
        return whole

    pos = sheet(lambda part: part.pos_eci_m, 3)
    reasons = [reason for part in flown for reason in part.reasons]
    return Raid(
        class_names=names,
        object_class=classes[group],
        group=declared,
        launch_t_s=launch_t_s,
        burnout_t_s=launch_t_s + column(lambda part: part.burnout_s),
        impact_t_s=launch_t_s + column(lambda part: part.impact_s),
        hot_until_t_s=launch_t_s + column(lambda part: part.hot_until_s),
        turn_t_s=launch_t_s + column(lambda part: part.turn_s),
        manoeuvre_psd_m2_s3=column(lambda part: part.manoeuvre_psd_m2_s3),
        manoeuvre_t_s=launch_t_s + column(lambda part: part.manoeuvre_s),
        launch_lat_rad=courses[:, 0].copy(),
        launch_lon_rad=courses[:, 1].copy(),
        impact_lat_rad=column(lambda part: part.impact_lat_rad),
        impact_lon_rad=column(lambda part: part.impact_lon_rad),
        p_reliable=np.repeat([entry.threat.reliability for entry in groups], sizes),
        parent=_parents(groups),
        lethal=np.repeat(np.array([entry.lethal for entry in groups], np.bool_), sizes),
        p_taken_for_real=np.repeat([entry.p_taken_for_real for entry in groups], sizes),
        step_s=step_s,
        pos_eci_m=pos,
        vel_eci_m_s=sheet(lambda part: part.vel_eci_m_s, 3),
        intensity_w_sr=sheet(lambda part: part.intensity_w_sr),
        rcs_m2=sheet(lambda part: part.rcs_m2),
        valid=~np.isnan(pos[:, :, 0]),
        refused=tuple(
            Refusal(object=n, group=int(declared[n]), reason=reason)
            for n, reason in enumerate(reasons)
            if reason
        ),
    )


def _parents(groups: Sequence[RaidGroup]) -> Integers:
    """Object each object is part of, -1 for none: (object,)."""
    parts = [
        np.full(len(entry.launch_t_s), -1, np.int32) if entry.parent is None else entry.parent
        for entry in groups
    ]
    return np.concatenate([np.empty(0, np.int32), *parts])
