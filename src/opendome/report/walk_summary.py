"""The way from one study to another in words, and in a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from opendome.report.numerals import dollars, dollars_change, dollars_change_range
from opendome.report.words import joined
from opendome.studies.difference import Step, Walk
from opendome.studies.loading import load_study, split_name

FAINT, MORE, LESS = "bright_black", "red", "blue"
WORTH_NAMING = 0.1  # share of the largest step from which a step is named in a sentence
WORTH_SHOWING = 5e-4  # share of the larger total below which a remainder is dust of rounding
NAMED_MAX = 3
REMAINDER = "{name} by its own arithmetic, beside what the steps hold"
OTHERWISE = "{words} ({b}, not {a})"
# assumption -> what B does otherwise than A, after "come from"
PHRASES = {
    "targets": "meeting {b} targets at once, not {a}",
    "per_target": "keeping {b} interceptors in orbit for each target, not {a}",
    "unit_price": "paying {b} for an interceptor, not {a}",
    "design_life": "letting it live {b}, not {a}",
    "horizon": "counting {b}, not {a}",
}
SHARES = (
    "A share is the mean of what an assumption adds over all orders in which the assumptions can "
    "be changed (Shapley); the shares add up to the difference. The range is over all those "
    "orders: where it is wide, assumptions multiply each other and the order matters."
)


def names_of(walk: Walk) -> tuple[str, str]:
    """What to call the two studies in a sentence: by study, or by case where it is one study."""
    (study_a, case_a), (study_b, case_b) = split_name(walk.a), split_name(walk.b)
    if study_a == study_b and case_a != case_b:
        return walk.title_a, walk.title_b
    return _short(study_a), _short(study_b)


def _short(study: str) -> str:
    return load_study(study).title.partition(":")[0]


def headline(walk: Walk) -> str:
    """Both totals, and what makes most of the way between them."""
    a, b = names_of(walk)
    both = (
        f"{a} comes to {dollars(walk.total_a_usd)}, {b} to {dollars(walk.total_b_usd)}, in prices "
        f"of {walk.price_year}"
    )
    if not walk.steps:
        return f"{both}: they assume the same."
    gap_usd = walk.total_b_usd - walk.total_a_usd
    leading = _named(walk.steps, gap_usd)
    against = _named(walk.steps, -gap_usd)
    parts = [_parts(steps) for steps in (leading, against) if steps]
    return f"{both}. Of the {dollars(abs(gap_usd))} between them, {'; but '.join(parts)}."


def _named(steps: Sequence[Step], sign: float) -> Sequence[Step]:
    """The largest steps that go one way, as far as they are worth naming."""
    least = WORTH_NAMING * max(abs(step.share_usd) for step in steps)
    found = [step for step in steps if step.share_usd * sign > 0.0]
    return [step for step in found if abs(step.share_usd) >= least][:NAMED_MAX]


def _parts(steps: Sequence[Step]) -> str:
    """Steps in a sentence: "$310 billion more come from meeting 50 targets at once, not 10"."""
    verb = "more" if steps[0].share_usd > 0.0 else "less"
    first, *rest = (f"{dollars(abs(step.share_usd))} {{}} {_cause(step)}" for step in steps)
    return joined([first.format(f"{verb} come from"), *(part.format("from") for part in rest)])


def _cause(step: Step) -> str:
    """What B does otherwise than A."""
    phrase = PHRASES.get(step.assumption, OTHERWISE)
    return phrase.format(words=step.words, a=step.value_a, b=step.value_b)


def values(step: Step) -> str:
    """What the two studies assume there."""
    return f"{step.value_a} \u2192 {step.value_b}"


def remainders(walk: Walk) -> list[tuple[str, float]]:
    """What the steps cannot hold of either study: words and US dollars, where it shows at all."""
    a, b = names_of(walk)
    least = WORTH_SHOWING * max(abs(walk.total_a_usd), abs(walk.total_b_usd))
    found = [(a, -walk.unexplained_a_usd), (b, walk.unexplained_b_usd)]
    return [(REMAINDER.format(name=name), usd) for name, usd in found if abs(usd) >= least]


def show_walk(walk: Walk, console: Console, *, figure: str | None) -> None:
    """Print the way from A to B: one sentence, then every assumption with its share.

    figure : path of the drawing, if one was made
    """
    console.print(Text(headline(walk), style="bold"))
    console.print()
    console.print(_table(walk))
    console.print()
    console.print(Text(SHARES, style=FAINT))
    pages = dict.fromkeys(split_name(name)[0] for name in (walk.a, walk.b))
    console.print(Text(f"pages: {', '.join(f'docs/studies/{p}.md' for p in pages)}", style=FAINT))
    if figure is not None:
        console.print(Text(f"figure: {figure}"), soft_wrap=True)


def _table(walk: Walk) -> Table:
    a, b = names_of(walk)
    table = Table(box=None, pad_edge=False, header_style=FAINT)
    for index, head in enumerate(("", a, b, "share", "over all orders", "alone")):
        table.add_column(head, justify="right" if index > 2 else "left", overflow="fold")
    table.add_row(
        Text(walk.a, style="bold"), "", "", Text(dollars(walk.total_a_usd), style="bold"), "", ""
    )
    for step in walk.steps:
        table.add_row(
            step.words,
            step.value_a,
            step.value_b,
            Text(dollars_change(step.share_usd), style=MORE if step.share_usd > 0.0 else LESS),
            dollars_change_range(step.low_usd, step.high_usd),
            dollars_change(step.alone_usd),
        )
    for words, usd in remainders(walk):
        table.add_row(words, "", "", dollars_change(usd), "", "")
    table.add_row(
        Text(walk.b, style="bold"), "", "", Text(dollars(walk.total_b_usd), style="bold"), "", ""
    )
    return table
