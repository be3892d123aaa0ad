"""The report page: one static HTML file, without script, network or fonts of its own."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from opendome.campaign.store import write_whole
from opendome.quantities.errors import OpendomeError
from opendome.report import outlook_words, words
from opendome.report.drawing import Plate, house_style
from opendome.report.figures import (
    bill,
    bills,
    calendar,
    leakers,
    leans,
    record,
    sightings,
    spread,
    stock,
    timeline,
    waterfall,
    world_map,
)
from opendome.report.inputs import uses
from opendome.report.leaks import explainable, leaks
from opendome.report.outlook import Outlook
from opendome.report.picture import picture
from opendome.report.story import Story, steps
from opendome.results.folder import StoredRun, open_run

REPORT_FILE = "report.html"
LEVELS = 4
FIGURES: tuple[Callable[[Story], Plate], ...] = (
    leakers.draw,
    waterfall.draw,
    timeline.draw,
    world_map.draw,
    sightings.draw,
    stock.draw,
    leans.draw,
    spread.draw,
)
LINK_WORDS = {
    "detect": "launch to first detection",
    "track": "first detection to a track",
    "share": "track to a nation that can shoot",
    "decide": "track there to order",
    "launch": "order to launch",
    "fly": "launch to intercept",
    "margin": "order to last useful order",
}


def write_report(folder: Path) -> Path:
    """Write `report.html` of a finished run into its folder, and return its path.

    The same run folder always gives the same bytes.
    """
    run = open_run(folder)
    try:
        text = render(run)
    except (KeyError, IndexError) as error:
        raise OpendomeError(
            got=f"{folder}: a run of opendome {run.run.get('opendome')} without {error}",
            allowed="the tables and figures this version writes",
            do="run the scenario again with this version",
        ) from error
    path = folder / REPORT_FILE
    write_whole(path, text.encode())
    return path


def render(run: StoredRun) -> str:
    """The page of a run."""
    story = Story(run)
    outlook = Outlook(story)
    with house_style():
        drawn = [draw(story) for draw in FIGURES]
        drawn += [
            bill.draw(outlook.bill),
            bills.draw(outlook.bill),
            calendar.draw(outlook.calendar, outlook.spending, outlook.on),
            record.draw(outlook.board),
        ]
        plates = {plate.name: plate for plate in drawn}
    page = environment().get_template("report.html")
    summary = run.summary
    return page.render(
        run=run.run,
        summary=summary,
        scenario_text=run.scenario_text,
        headline=words.headline(summary),
        explanation=words.explanation(summary),
        luck=words.luck_or_future(summary["spread"]),
        plates=plates,
        steps=steps(summary),
        picture=picture(story),
        leaks=leaks(story) if explainable(run.run) else [],
        money=outlook_words.money(outlook),
        years=outlook_words.years(outlook),
        record=outlook_words.record(outlook),
        outlook_sources=outlook_words.sources(outlook),
        link_words=LINK_WORDS,
        sources=sources(summary),
        leakers_range=words.interval(
            summary["leakers"]["low"], summary["leakers"]["high"], summary["raid"]["threats"]
        ),
        p_range=words.percent_range(summary["p_no_leaker"]["low"], summary["p_no_leaker"]["high"]),
        rounds=sum(float(use["rounds"]) for use in summary["layers"].values()),
        folder=run.folder.resolve().name,
        levels=LEVELS,
        styles=Markup(environment().get_template("report.css").render()),
    )


def sources(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every source with the inputs that rest on it; its link only when it leads to the web."""
    doubtful = set(summary["unverified_inputs"])
    return [
        {
            "title": source["title"],
            "kind": source["kind"],
            "date": source.get("date"),
            "url": words.web_only(source.get("url")),
            "weak": bool(source.get("weak")),
            "uses": uses(source["inputs"], doubtful),
        }
        for source in summary["sources"]
    ]


def environment() -> Environment:
    """What the templates of every page are rendered with."""
    found = Environment(
        loader=PackageLoader("opendome.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters = cast("dict[str, Any]", found.filters)
    for name in ("amount", "about", "percent", "duration", "counted"):
        filters[name] = getattr(words, name)
    filters["drawn"] = Markup  # our own figures, their text escaped where they were drawn
    return found
