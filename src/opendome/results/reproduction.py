"""A stored run played again from its own folder, and the two digests side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from opendome.campaign.study import Progress, run_campaign
from opendome.command.policy import Policy
from opendome.command.registry import recall
from opendome.results.folder import SCENARIO_FILE, open_run
from opendome.results.stored import plan_of
from opendome.scenario.loading import load_text
from opendome.version import __version__


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """What came out of a stored run and what comes out of it now.

    Attributes
    ----------
    folder : where it is stored
    stored_digest, digest : then and now
    stored_version, version : opendome, then and now
    stored_machine : kind of processor, then
    same_scenario : whether the stored text still reads as the same scenario
    """

    folder: Path
    stored_digest: str
    digest: str
    stored_version: str
    version: str
    stored_machine: str
    same_scenario: bool

    @property
    def same(self) -> bool:
        """Whether every cell of the ledger came out the same."""
        return self.digest == self.stored_digest


def reproduce(
    folder: str | Path,
    *,
    policy: str | Callable[[], Policy] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Reproduction:
    """Play a finished run again from its scenario, seed and plan; nothing is written.

    policy : needed where the run was decided by code of its user, since it is run again
    """
    stored = open_run(folder)
    scenario = load_text(stored.scenario_text, str(stored.folder / SCENARIO_FILE))
    plan = plan_of(stored)
    study = run_campaign(
        scenario,
        plan,
        seed=scenario.seed,
        workers=workers,
        progress=progress,
        policy=None if plan.policy is None else recall(plan.policy, policy),
    )
    return Reproduction(
        folder=stored.folder,
        stored_digest=stored.run["digest"],
        digest=study.digest,
        stored_version=stored.run["opendome"],
        version=__version__,
        stored_machine=stored.run["machine"],
        same_scenario=scenario.digest == stored.run["scenario_digest"],
    )
