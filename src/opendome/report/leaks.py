"""Objects that got through, one for each way of failing, and the command that explains them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from opendome.command.registry import FILE, MEMORY
from opendome.report.story import Story

SHOWN = 5
BROKEN_LINKS: Mapping[str, str] = {
    "never detected": "detection: no sensor saw it.",
    "not tracked in time": "tracking: sensors saw it, but no track could be formed in time.",
    "not shared in time": "sharing: its track did not come to a node that shoots in time.",
    "not decided in time": "decision: permission came after the last useful order.",
    "no reach": "reach: no shooter could meet it after permission to fire.",
    "no stock": "stock: the shooters in reach had no rounds left.",
    "not assigned": "assignment: a shooter with rounds was in reach, but none was ordered.",
    "shots missed": "kill: every round fired at it failed.",
    "taken for harmless": "discrimination: it was a threat and was taken for harmless.",
    "not worth a round": "worth: no round seemed worth its price.",
}
NO_REACH = "no reach"
NEVER_IN_REACH = "reach: no shooter could ever meet it."


@dataclass(frozen=True, kw_only=True)
class Leak:
    """One object of one trial that got through."""

    number: int
    trial: int
    fate: str
    link: str
    command: str


def leaks(story: Story) -> list[Leak]:
    """Up to five objects that got through: the first of each fate, the commonest fate first."""
    ledger = story.ledger
    rows = np.flatnonzero(ledger["leaked"].astype(bool))
    fates, first, counts = np.unique(
        ledger["fate"][rows].astype(str), return_index=True, return_counts=True
    )
    order = sorted(range(fates.size), key=lambda k: (-int(counts[k]), str(fates[k])))
    return [_leak(ledger, int(rows[first[k]]), story) for k in order[:SHOWN]]


def broken_link(fate: str, *, ever_in_reach: bool) -> str:
    """The link of the chain that broke, in a sentence."""
    return BROKEN_LINKS[fate] if ever_in_reach or fate != NO_REACH else NEVER_IN_REACH


def explainable(run: Mapping[str, Any]) -> bool:
    """Whether a command can replay the trials of a run decision by decision."""
    policy = run.get("policy") or {}
    return policy.get("distribution") != MEMORY


def _leak(ledger: Mapping[str, Any], row: int, story: Story) -> Leak:
    number, trial, fate = int(ledger["object"][row]), int(ledger["trial"][row]), ledger["fate"][row]
    folder = story.run.folder.resolve().name
    policy = story.run.run.get("policy") or {}
    own = f" --policy {policy['name']}" if policy.get("distribution") == FILE else ""
    return Leak(
        number=number,
        trial=trial,
        fate=str(fate),
        link=broken_link(
            str(fate), ever_in_reach=bool(np.isfinite(ledger["last_chance_t_s"][row]))
        ),
        command=f"opendome explain {folder} --object {number} --trial {trial}{own}",
    )
