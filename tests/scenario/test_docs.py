"""The how-to: every scenario in it is sound and every command in it exists."""

import re
from pathlib import Path

import pytest

from opendome.cli.main import COMMANDS
from opendome.scenario.loading import load_text

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO = (DOCS / "how-to" / "write-a-scenario.md").read_text("utf-8")
COMMAND = (DOCS / "how-to" / "command-and-people.md").read_text("utf-8")
SCENARIOS = [
    text
    for page in (HOW_TO, COMMAND)
    for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    if text.startswith("scenario:") or page is HOW_TO
]


@pytest.mark.parametrize("text", SCENARIOS, ids=lambda text: text.split("\n", 1)[0])
def test_every_scenario_in_the_how_to_is_sound(text):
    load_text(text).realise(0)


def test_every_command_in_the_how_to_exists():
    names = {command.name for command in COMMANDS}
    used = re.findall(r"opendome ([a-z]+)", HOW_TO + COMMAND)
    assert used
    assert set(used) <= names


def test_every_link_of_our_pages_leads_somewhere():
    for page in ("how-to/write-a-scenario.md", "models/futures.md", "models/areas.md"):
        path = DOCS / page
        for link in re.findall(r"\]\(([^)#]+\.md)\)", path.read_text("utf-8")):
            assert (path.parent / link).resolve().is_file(), (page, link)
