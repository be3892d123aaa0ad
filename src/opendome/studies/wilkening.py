"""How many interceptors a defence needs so that, with some confidence, nothing gets through."""

import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from opendome.quantities.fields import Bounds, Count, Probability, Ratio
from opendome.studies.records import Answer, Output, StudyModel

DUST = 1e-9
HALVINGS = 64  # of the interval in which a root is sought: down to rounding


class WilkeningInputs(BaseModel):
    """An attack, a confidence and what a shot is worth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    warheads: Annotated[Count, Bounds("1")]
    decoys: Count
    confidence: Annotated[Probability, Bounds(above="0", high="1")]
    p_track: Probability
    p_kill: Annotated[Probability, Bounds(above="0", high="1")]
    p_warhead_engaged: Probability
    p_decoy_engaged: Probability
    doctrine: Literal["barrage", "shoot-look-shoot"]
    first_salvo: Literal["best"] | Annotated[Ratio, Bounds(above="0")]
    whole_shots: bool
    shots: Literal["needed"] | Annotated[Ratio, Bounds(above="0")]


def p_engagement(p_track: float, p_kill: float, shots: float) -> float:
    """Chance that one warhead is destroyed by `shots` rounds: P_track (1 - (1 - p)^n).

    Source: D. A. Wilkening, Science and Global Security 8 (1999) 183.
    """
    return p_track * (1.0 - (1.0 - p_kill) ** shots)


def p_track_floor(confidence: float, warheads: float) -> float:
    """Least P_track with which `confidence` that all warheads are destroyed can be had at all."""
    return confidence ** (1.0 / warheads)


def shots_needed(p_needed: float, p_kill: float) -> float:
    """Rounds at one object so that at least one kills with chance `p_needed` below 1."""
    return 1.0 if p_kill >= 1.0 else math.log(1.0 - p_needed) / math.log(1.0 - p_kill)


def solve(inputs: WilkeningInputs) -> Answer:
    """Rounds per object, interceptors in all, and the chance that no warhead gets through.

    Model: K = P_track (1 - (1 - p)^n); all W warheads are destroyed with chance K^W; rounds are
    fired at W* = W P_ww + D P_dw objects. Barrage fires n at each. Shoot-look-shoot fires m at
    each and the rest only at those that survive, m + (1 - p)^m (n - m) in the mean; m is
    `first_salvo`, or the whole number that makes this least.
    Valid for: independent shots, faultless kill assessment, objects shared out evenly.
    Source: as `p_engagement`.
    """
    warheads = inputs.warheads.middle
    floor = p_track_floor(inputs.confidence.middle, warheads)
    shots, binding = _shots(inputs, floor)
    if shots is None:
        return Answer(figures={"p_track_floor": floor}, binding=binding)
    p_kill = inputs.p_kill.middle
    p_one = p_engagement(inputs.p_track.middle, p_kill, shots)
    objects = (
        warheads * inputs.p_warhead_engaged.middle
        + inputs.decoys.middle * inputs.p_decoy_engaged.middle
    )
    first = _first_salvo(inputs, shots)
    return Answer(
        figures={
            "salvo": shots,
            "interceptors": objects * rounds_with_look(first, shots, p_kill),
            "p_kill_engagement": p_one,
            "p_no_leaker": p_one**warheads,
            "p_track_floor": floor,
            "first_salvo": first,
            "objects": objects,
        },
        remarks=_remarks(inputs),
    )


def _shots(inputs: WilkeningInputs, floor: float) -> tuple[float | None, str | None]:
    """Rounds per object, or the constraint that no number of rounds can meet."""
    if not isinstance(inputs.shots, str):
        return _whole(inputs.shots.middle, whole=inputs.whole_shots), None
    p_track = inputs.p_track.middle
    p_kill = inputs.p_kill.middle
    if p_track < floor or (p_track == floor and p_kill < 1.0):
        return None, (
            f"p_track {p_track:.4g} is not above its floor {floor:.5g} for "
            f"{inputs.warheads.text()} warheads at confidence {inputs.confidence.text()}: "
            "more shots cannot repair it"
        )
    needed = shots_needed(floor / p_track, p_kill)
    return _whole(needed, whole=inputs.whole_shots), None


def _whole(shots: float, *, whole: bool) -> float:
    """Shots rounded up where only whole ones count; dust of arithmetic adds none."""
    return float(math.ceil(shots - DUST)) if whole else shots


def rounds_with_look(first: float, shots: float, p_kill: float) -> float:
    """Mean rounds at an object: `first`, then the rest of `shots` if it survives them."""
    return first + (1.0 - p_kill) ** first * (shots - first)


def _first_salvo(inputs: WilkeningInputs, shots: float) -> float:
    """Rounds fired at an object before the look; all of them without one."""
    if inputs.doctrine == "barrage":
        return shots
    if not isinstance(inputs.first_salvo, str):
        return min(shots, inputs.first_salvo.middle)
    return best_first_salvo(shots, inputs.p_kill.middle)


def best_first_salvo(shots: float, p_kill: float) -> float:
    """Whole number of rounds before the look that takes fewest in all; `shots` if that is less.

    Model: m + q^m (n - m) has one minimum, where m L = ln(1 + (n - m) L), L = -ln q; a whole
    neighbour of it is the best.
    """
    if shots <= 1.0 or p_kill >= 1.0:
        return min(shots, 1.0)
    scale = -math.log1p(-p_kill)
    low, high = 0.0, shots
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        beyond = middle * scale > math.log1p((shots - middle) * scale)
        low, high = (low, middle) if beyond else (middle, high)
    tried = (max(1.0, math.floor(low)), min(shots, float(math.ceil(high))))
    return min(tried, key=lambda first: rounds_with_look(first, shots, p_kill))


def _remarks(inputs: WilkeningInputs) -> dict[str, str]:
    """Where two inputs contradict each other."""
    if inputs.p_track.middle <= inputs.p_warhead_engaged.middle:
        return {}
    text = (
        "P_track holds classification too, so that it cannot be above P_ww; warheads taken for "
        "something else are not counted as leakers here"
    )
    return {"p_no_leaker": text}


MODEL = StudyModel(
    form=WilkeningInputs,
    outputs=(
        Output(name="salvo", unit="", meaning="rounds per object at most"),
        Output(name="interceptors", unit="", meaning="rounds in all, in the mean"),
        Output(name="p_kill_engagement", unit="", meaning="chance that one warhead is destroyed"),
        Output(name="p_no_leaker", unit="", meaning="chance that none gets through"),
        Output(name="p_track_floor", unit="", meaning="least P_track that allows the confidence"),
        Output(name="first_salvo", unit="", meaning="rounds per object before the look"),
        Output(name="objects", unit="", meaning="objects fired at"),
    ),
    solve=solve,
)
