"""The answer to a question of coverage in sentences."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opendome.survey.records import Coverage

KILOMETRE = 1000.0
WHOLE = 1.0 - 1e-12


def headline(found: "Coverage") -> str:
    """The answer in one sentence."""
    target, shares = found.target, found.shares()
    where = found.grid.region or "the globe"
    seen, tracked, fire = (percent(shares[name]) for name in ("seen", "tracked", "fire control"))
    return (
        f"Of {target.class_name} at {target.altitude_m / KILOMETRE:,.0f} km ({target.phase}), "
        f"{found.views[found.view]} sees {seen}, tracks {tracked} and has a track fit for a shot "
        f"on {fire} of {where} and time."
    )


def percent(share: float) -> str:
    """A share in words; only nothing is 0 % and only all is 100 %."""
    if share <= 0.0:
        return "0 %"
    if share >= WHOLE:
        return "100 %"
    text = f"{100.0 * share:.1f}"
    return {"0.0": "< 0.1 %", "100.0": "> 99.9 %"}.get(text, f"{text} %")


def notes(found: "Coverage") -> Iterator[str]:
    """What the levels mean, and what is left out."""
    grid = found.grid
    if not found.assets:
        yield "the scenario has no sensor: nothing can be seen"
    yield (
        "seen: one sensor detects it; tracked: two satellites or one radar are sure of it "
        f"within {grid.dwell_s:g} s; fire control: and its place is then known to "
        f"{found.commit_sigma_m / KILOMETRE:.3g} km (commit_sigma of future {found.future})"
    )
    yield (
        "the object passes over the middle of each cell; the sensors are those of a run, each free "
        "for this one object and told where to look; delays count in the time to a track"
    )
    if grid.moments > 1:
        yield f"gaps are known to one step of {grid.step_s:g} s; shorter ones may remain"
    yield "one future of many: orbits, sensitivities and rules are drawn once"
