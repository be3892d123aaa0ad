"""What a bill counts and what it does not, each with the reason."""

from collections.abc import Iterator, Sequence

from opendome.economics.lifecycle import CATEGORIES
from opendome.economics.records import Line, Omission, Scope

YES, PARTLY, NO = "yes", "partly", "no"
WORDS = {
    "development": "development of the systems named",
    "construction": "construction of sites",
    "procurement": "units",
    "launch": "launch of the first fill",
    "replacement": "replacement at the end of life, launches included",
    "operations": "operations and support",
}
# kinds of cost that no asset of a scenario carries -> why they are not in the sum
OUTSIDE = {
    "command, battle management, networks": "no price in the catalogue and no asset for it",
    "research outside the systems named": "belongs to no system of the scenario",
    "ships, aircraft and other conventional forces": "shared with other tasks",
    "land": "no published figure",
    "spares, tests, disposal": "no published figure",
    "discounting": "sums of one price year, a dollar late counts as a dollar now",
}


def scope_of(
    lines: Sequence[Line],
    omissions: Sequence[Omission],
    *,
    baseline: bool,
    standing: Sequence[str],
) -> tuple[Scope, ...]:
    """Every kind of cost: counted, counted for some systems, or not.

    lines : of the bill     omissions : what has no figure
    baseline : whether units already bought are charged     standing : systems bought as a whole
    """
    return (
        *_inside(lines, omissions),
        _bought(baseline=baseline, standing=standing),
        *(Scope(name=name, counted=NO, why=why) for name, why in OUTSIDE.items()),
    )


def _inside(lines: Sequence[Line], omissions: Sequence[Omission]) -> Iterator[Scope]:
    for category in CATEGORIES:
        priced = {line.system for line in lines if line.category == category}
        lacking = [gap.system for gap in omissions if gap.part.split(" (")[0] == category]
        missing = [name for name in lacking if name not in priced]
        if priced and missing:
            why = f"no published figure for {len(missing)} of {len(priced) + len(missing)} systems"
            yield Scope(name=WORDS[category], counted=PARTLY, why=why)
        elif priced:
            yield Scope(name=WORDS[category], counted=YES, why="for every system that has it")
        else:
            why = "no published figure" if missing else "no system of the scenario has it"
            yield Scope(name=WORDS[category], counted=NO, why=why)


def _bought(*, baseline: bool, standing: Sequence[str]) -> Scope:
    """The flag of units already bought."""
    name = "units already bought, and their operations"
    if baseline:
        return Scope(name=name, counted=YES, why="asked for: the baseline is included")
    why = "the baseline is excluded"
    if standing:
        why += f"; bought as a whole: {len(standing)}"
    return Scope(name=name, counted=NO, why=why)
