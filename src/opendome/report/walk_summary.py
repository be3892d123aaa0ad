"""The way from one study to another in words, and in a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from opendome.report.numerals import dollars, dollars_change, dollars_change_range
from opendome.studies.difference import Step, Walk
from opendome.studies.loading import load_study, split_name

FAINT, MORE, LESS = "bright_black", "red", "blue"
WORTH_NAMING = 0.1  # share of the largest step from which a step is named in a sentence
WORTH_SHOWING = 5e-4  # share of the larger total below which a remainder is dust of rounding
NAMED_MAX = 3
REMAINDER = "rules of their own"
ARROW = " \u2192 "
OTHERWISE = "{words} ({b}, not {a})"
# assumption -> what B does otherwise than A, after "comes from"
PHRASES = {
    "targets": "meeting {b} targets at once, not {a}",
    "per_target": "keeping {b} interceptors in orbit for each target, not {a}",
    "unit_price": "interceptors at {b}, not {a}",
    "design_life": "letting it live {b}, not {a}",
    "horizon": "counting {b}, not {a}",
    "scope": "counting {b}, not {a}",
}
SHARES = (
    "A share is the mean of what an assumption adds over all orders in which the assumptions can "
    "be changed (Shapley); the shares add up to the difference. Over those orders it ranges: where "
    "the range is wide, assumptions multiply each other and the order matters."
)
# columns of a table that needs so many columns of a terminal
ROOMY = {"over all orders": 100, "alone": 120}
LABEL_WIDTH = 22  # columns of the first column on a narrow terminal: names of cases fit in


def names_of(walk: Walk) -> tuple[str, str]:
    """What to call the two in a table: by study, or by case where it is one study."""
    if same_study(walk):
        return walk.title_a, walk.title_b
    return _short(walk.a), _short(walk.b)


def same_study(walk: Walk) -> bool:
    """Whether two cases of one study are compared."""
    return split_name(walk.a)[0] == split_name(walk.b)[0] and walk.a != walk.b


def _short(name: str) -> str:
    return load_study(split_name(name)[0]).title.partition(":")[0]


def headline(walk: Walk) -> str:
    """Both totals, and what makes most of the way between them."""
    a, b = names_of(walk)
    if same_study(walk):
        a, b = f"{_short(walk.a)}: \u201c{a}\u201d", f"\u201c{b}\u201d"
    both = (
        f"{a} comes to {dollars(walk.total_a_usd)}, {b} to {dollars(walk.total_b_usd)}, in prices "
        f"of {walk.price_year}"
    )
    if not walk.steps:
        return f"{both}: they assume the same."
    gap_usd = walk.total_b_usd - walk.total_a_usd
    ways = [_named(walk.steps, sign) for sign in (gap_usd, -gap_usd)]
    begin = (f"Of the {dollars(abs(gap_usd))} between them", "The other way")
    parts = [
        f"{words}, {_parts(steps)}." for words, steps in zip(begin, ways, strict=True) if steps
    ]
    return " ".join([f"{both}.", *parts])


def _named(steps: Sequence[Step], sign: float) -> Sequence[Step]:
    """The largest steps that go one way, as far as they are worth naming."""
    least = WORTH_NAMING * max(abs(step.share_usd) for step in steps)
    found = [step for step in steps if step.share_usd * sign > 0.0]
    return [step for step in found if abs(step.share_usd) >= least][:NAMED_MAX]


def _parts(steps: Sequence[Step]) -> str:
    """Steps in a sentence: "$310 billion more comes from meeting 50 targets at once, not 10"."""
    verb = "more" if steps[0].share_usd > 0.0 else "less"
    first, *rest = (f"{dollars(abs(step.share_usd))} {{}} {_cause(step)}" for step in steps)
    return "; ".join([first.format(f"{verb} comes from"), *(part.format("from") for part in rest)])


def _cause(step: Step) -> str:
    """What B does otherwise than A."""
    phrase = PHRASES.get(step.assumption, OTHERWISE)
    return phrase.format(words=step.words, a=step.value_a, b=step.value_b)


def cases_of(walk: Walk) -> tuple[str, str]:
    """Titles of the two cases, where `names_of` names only their studies."""
    if same_study(walk):
        return "", ""
    titles = ((walk.a, walk.title_a), (walk.b, walk.title_b))
    case_a, case_b = (title if split_name(name)[1] else "" for name, title in titles)
    return case_a, case_b


def values(step: Step) -> str:
    """What the two studies assume there."""
    return f"{step.value_a}{ARROW}{step.value_b}"


def remainder_usd(walk: Walk) -> float:
    """What the steps leave of the difference [US dollars]; 0 where it is dust beside the totals."""
    net_usd = walk.unexplained_b_usd - walk.unexplained_a_usd
    return net_usd if abs(net_usd) >= _dust_usd(walk) else 0.0


def own_rules(walk: Walk) -> str:
    """How much of each total follows from rules only that study has; empty if nothing shows."""
    sums = (walk.unexplained_a_usd, walk.unexplained_b_usd)
    if all(abs(usd) < _dust_usd(walk) for usd in sums):
        return ""
    parts = [
        f"{name} {dollars_change(usd)}" for name, usd in zip(names_of(walk), sums, strict=True)
    ]
    return (
        "The steps restate both as one life cycle. Rules of their own beside it (rounding to "
        f"whole launches and the like): {', '.join(parts)}."
    )


def _dust_usd(walk: Walk) -> float:
    return WORTH_SHOWING * max(abs(walk.total_a_usd), abs(walk.total_b_usd))


def show_walk(walk: Walk, console: Console, *, figure: str | None) -> None:
    """Print the way from A to B: one sentence, then every assumption with its share.

    figure : path of the drawing, if one was made
    """
    console.print(Text(headline(walk), style="bold"))
    console.print()
    console.print(_table(walk, console.width))
    console.print()
    for text in filter(None, (SHARES, own_rules(walk))):
        console.print(Text(text, style=FAINT))
    pages = dict.fromkeys(split_name(name)[0] for name in (walk.a, walk.b))
    console.print(Text(f"pages: {', '.join(f'docs/studies/{p}.md' for p in pages)}", style=FAINT))
    if figure is not None:
        console.print(Text(f"figure: {figure}"), soft_wrap=True)


def _table(walk: Walk, width: int) -> Table:
    """Every step with its share; ranges where the terminal has room for them."""
    a, b = names_of(walk)
    case_a, case_b = cases_of(walk)
    extra = [head for head, needed in ROOMY.items() if width >= needed]
    table = Table(box=None, pad_edge=False, header_style=FAINT)
    table.add_column("", overflow="fold", width=None if extra else LABEL_WIDTH)
    for head in (a, b):
        table.add_column(head, overflow="fold")
    for head in ("share", *extra):
        table.add_column(head, justify="right", no_wrap=True)
    total_a, total_b = (
        Text(dollars(usd), style="bold") for usd in (walk.total_a_usd, walk.total_b_usd)
    )
    table.add_row(Text(walk.a, style="bold"), Text(case_a), "", total_a)
    for step in walk.steps:
        more = {
            "over all orders": dollars_change_range(step.low_usd, step.high_usd),
            "alone": dollars_change(step.alone_usd),
        }
        share = Text(dollars_change(step.share_usd), style=MORE if step.share_usd > 0.0 else LESS)
        cells = (step.words, step.value_a, step.value_b, share)
        table.add_row(*cells, *(more[head] for head in extra))
    rest_usd = remainder_usd(walk)
    if rest_usd:
        table.add_row(REMAINDER, "", "", dollars_change(rest_usd))
    table.add_row(Text(walk.b, style="bold"), "", Text(case_b), total_b)
    return table
