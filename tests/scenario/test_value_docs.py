"""The how-to on values: its scenario is sound, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from opendome.scenario.loading import load_text

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO = DOCS / "how-to" / "value-what-you-defend.md"


def test_the_scenario_of_the_how_to_has_values():
    (text,) = re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL)
    scenario = load_text(text)
    assert scenario.valued
    assert {place.name: place.value for place in scenario.realise(0).valued} == {
        "harbour": 2.0,
        "village": 0.05,
        "defended.1": 0.5,
    }


@pytest.mark.parametrize(
    "page", [HOW_TO, DOCS / "models" / "impact-point.md"], ids=lambda p: p.stem
)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+\.md)\)", page.read_text("utf-8")):
        assert (page.parent / link).resolve().is_file(), link
