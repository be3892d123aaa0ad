"""A study of the published record in a terminal, and the scoreboard of all of them."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from opendome.report.numerals import change, either, figure, percent_change, unit_words
from opendome.report.words import joined, spell
from opendome.studies.records import Row, StudyResult, UsedInput
from opendome.studies.scoreboard import Comparison, Scoreboard

FAINT, GOOD, BAD = "bright_black", "green", "red"
PAGE = "docs/studies/{name}.md"
SET_BY_USER = "set by you"
VERDICT = {True: "ok", False: "no", None: ""}
INDENT = 2
NARROW = 110  # columns below which units, meanings and tolerances leave the tables


def show_study(
    result: StudyResult, console: Console, *, own: StudyResult, others: Sequence[str]
) -> None:
    """Print one study: published and ours side by side, why they differ, what went in.

    own : the same study from its own inputs, to tell what the user's inputs changed
    others : names of its other cases
    """
    _head(result, console)
    changed = any(used.passport is None for used in result.inputs.values())
    narrow = console.width < NARROW
    console.print()
    if changed and result.case is None:
        console.print(_changed(result, own, narrow=narrow))
    else:
        console.print(_compared(result, narrow=narrow))
    for line in _units(result.rows) if narrow else ():
        console.print(Text(line, style=FAINT))
    reasons = [(row.name, row.reason) for row in result.rows if row.reason]
    if reasons:
        console.print()
        for name, reason in reasons:
            console.print(Text.assemble((f"{name}: ", "bold"), reason))
    console.print()
    console.print(_inputs(result.inputs.values()))
    console.print()
    _foot(result, console, others)


def _head(result: StudyResult, console: Console) -> None:
    console.print(Text(result.study.title, style="bold"))
    if not result.feasible:
        console.print(Text(f"infeasible: {result.binding}", style=BAD))
    if result.case is None:
        text = "inputs of your own: nothing was published for them"
    else:
        one = len(result.study.cases) == 1
        text = result.case.title if one else f"{result.case.name}: {result.case.title}"
    console.print(Text(text))
    if result.compared:
        console.print(Text(_score(result.compared)))


def _score(rows: Sequence[Row]) -> str:
    good = sum(row.within is True for row in rows)
    figures = "figure" if len(rows) == 1 else "figures"
    return f"{good} of {len(rows)} published {figures} reproduced within tolerance"


Cell = str | Text
OUTPUT = "output"
NUMBERS = {"published", "ours", "difference", "tolerance", "with its own inputs", "with yours"}


def _table(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], *, without: Sequence[str] = ()
) -> Table:
    """A table without the columns that say nothing; numbers stand to the right.

    without : columns there is no room for
    """
    table = Table(
        title=title, box=None, pad_edge=False, title_justify="left", title_style="bold",
        header_style=FAINT,
    )  # fmt: skip
    said = [index for index in range(len(heads)) if any(str(row[index]) for row in rows)]
    kept = [index for index in said if heads[index] not in without]
    for index in kept:
        tight = heads[index] in NUMBERS or index == 0 or heads[index] == OUTPUT
        table.add_column(
            heads[index], justify="right" if heads[index] in NUMBERS else "left",
            overflow="fold", no_wrap=tight,
        )  # fmt: skip
    for row in rows:
        table.add_row(*(row[index] for index in kept))
    return table


def _units(rows: Sequence[Row]) -> list[str]:
    """What is in which unit, where a table has no room for it."""
    names: dict[str, list[str]] = {}
    for row in rows:
        if row.unit:
            names.setdefault(unit_words(row.unit), []).append(row.name)
    return [f"in {unit}: {', '.join(outputs)}" for unit, outputs in names.items()]


def _compared(result: StudyResult, *, narrow: bool) -> Table:
    """Outputs beside what was published."""
    heads = (OUTPUT, "published", "ours", "difference", "tolerance", "unit", "", "meaning")
    rows: list[tuple[Cell, ...]] = []
    for row in result.rows:
        share = Comparison(study="", case="", row=row).difference_share
        short = narrow and share is not None
        off = percent_change(share or 0.0) if short else change(row.difference, share)
        rows.append(
            (
                row.name,
                either(row.published) if row.published is not None else "",
                figure(row.ours),
                off if row.within is not None else "",
                row.tolerance or "",
                unit_words(row.unit),
                _verdict(row),
                Text(row.meaning, style=FAINT),
            )
        )
    return _table("", heads, rows, without=("unit", "meaning") if narrow else ())


def _verdict(row: Row) -> Text:
    return Text(VERDICT[row.within], style=BAD if row.within is False else GOOD)


def _changed(result: StudyResult, own: StudyResult, *, narrow: bool) -> Table:
    """Outputs from the user's inputs beside those from the study's own."""
    heads = (OUTPUT, "with its own inputs", "with yours", "difference", "unit", "meaning")
    rows: list[tuple[Cell, ...]] = []
    for row in result.rows:
        before, after = own[row.name], row.ours
        gain = None if before is None or after is None else after - before
        share = gain / abs(before) if gain is not None and before else None
        rows.append(
            (
                row.name,
                figure(before),
                figure(after),
                change(gain, share),
                unit_words(row.unit),
                Text(row.meaning, style=FAINT),
            )
        )
    return _table("", heads, rows, without=("unit", "meaning") if narrow else ())


def _inputs(inputs: Iterable[UsedInput]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for used in inputs:
        passport = used.passport
        style = "bold" if passport is None else ""
        rows.append(
            (
                Text(used.name, style=style),
                Text(input_text(used), style=style),
                "" if passport is None else passport.basis,
                SET_BY_USER if passport is None else ", ".join(passport.sources),
            )
        )
    return _table("Inputs", ("", "value", "basis", "sources"), rows)


def input_text(used: UsedInput) -> str:
    """An input as `--set` takes it."""
    if isinstance(used.value, bool):
        return str(used.value).lower()
    if isinstance(used.value, str):
        return used.value
    return f"{used.value:.12g} {used.unit}".strip()


def _foot(result: StudyResult, console: Console, others: Sequence[str]) -> None:
    name = result.study.name
    if others:
        console.print(Text(f"other cases: {', '.join(others)}", style=FAINT))
        console.print(Text(f"one of them: opendome study {name}:{others[0]}", style=FAINT))
    console.print(
        Text(f"page: {PAGE.format(name=name)}; sources: opendome show {name}", style=FAINT)
    )


def show_scoreboard(board: Scoreboard, console: Console) -> None:
    """Print every published figure beside ours, study by study, then those not reproduced."""
    missed = board.not_reproduced
    console.print(Text(board_headline(board), style="bold"))
    for name, title in board.titles.items():
        own = board.of_study(name)
        console.print()
        console.print(Text.assemble((name, "bold"), f"  {title}"))
        if own.comparisons:
            table = _figures(own.comparisons, narrow=console.width < NARROW)
            console.print(Padding(table, (0, 0, 0, INDENT)))
        else:
            nothing = Text("no published figure to compare", style=FAINT)
            console.print(Padding(nothing, (0, 0, 0, INDENT)))
    if missed:
        console.print()
        console.print(Text("Not reproduced, and why", style="bold"))
        for each in missed:
            line = f"{each.study}:{each.case} {each.row.name}: "
            console.print(Text.assemble((line, "bold"), missed_words(each)))


def board_headline(board: Scoreboard) -> str:
    """How many are reproduced, in one sentence."""
    good, every, missed = len(board.reproduced), len(board.comparisons), len(board.not_reproduced)
    text = f"{good:,} of {every:,} published figures reproduced within their tolerance"
    if not missed:
        return f"{text}."
    return f"{text}; {spell(missed)} {'is' if missed == 1 else 'are'} not, and why stands below."


def missed_words(each: Comparison) -> str:
    """What was published, what we have, and the reason, of one figure."""
    row = each.row
    unit = f" {unit_words(row.unit)}" if row.unit else ""
    ours = "we have no answer" if row.ours is None else f"ours {figure(row.ours)}"
    reason = row.reason or "no reason is recorded"
    return f"published {either(row.published)}{unit}, {ours}; {reason}"


def _figures(found: Sequence[Comparison], *, narrow: bool) -> Table:
    heads = ("case", OUTPUT, "published", "ours", "difference", "tolerance", "unit", "")
    rows: list[tuple[Cell, ...]] = []
    for each in found:
        row, share = each.row, each.difference_share
        rows.append(
            (
                each.case,
                row.name,
                either(row.published),
                figure(row.ours),
                change(row.difference) if share is None else percent_change(share),
                row.tolerance or "",
                unit_words(row.unit),
                _verdict(row),
            )
        )
    return _table("", heads, rows, without=("unit", "tolerance") if narrow else ())


def studies_words(board: Scoreboard, names: Mapping[str, str]) -> str:
    """The scores of some studies in one line."""
    parts = [
        f"{words} {len(board.of_study(name).reproduced)} of {len(board.of_study(name).comparisons)}"
        for name, words in names.items()
    ]
    return joined(parts)
