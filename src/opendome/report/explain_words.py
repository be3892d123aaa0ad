"""The decisions about one object in sentences."""

import math
from collections.abc import Mapping, Sequence

from opendome.engagement.decisions import Decision, Gate, Rival
from opendome.engagement.records import FATE_WORDS, Fate
from opendome.report.leaks import broken_link
from opendome.report.words import counted
from opendome.results.explained import Explanation, Fired, Span, Window
from opendome.results.leakers import Leakers

KM = 1000.0
RIVALS_SHOWN = 3
MEASURED = "measured"  # tracking of a run
ONE_IN_100 = 0.01
SHORT_S = 100.0  # a flight whose moments are told to a hundredth of a second
REASONS: Mapping[Gate, str] = {
    Gate.NOT_TRACKED: "had no track of it",
    Gate.CONFIRMING: "tracked it and waited for the confirmation of the track",
    Gate.PEOPLE: "waited for its people to give permission to fire",
    Gate.BELIEVED_DEAD: "believed it dead",
    Gate.TOLD_DEAD: "had been told that another had killed it",
    Gate.DISMISSED: "did not believe it a threat",
    Gate.TOO_LATE: "could order no shot any more that would meet it in time",
    Gate.NEVER_IN_REACH: "had nothing to decide: no shooter could ever reach it",
    Gate.TRACK_LOST: "had lost its track",
    Gate.COARSE: "had a shot in reach, but a track too coarse to commit a round",
    Gate.CAN_WAIT: "had shots to come and could let them wait for a later cycle",
    Gate.IMPACT_OPEN: "could not yet say where it would be: it still burned, or had a turn to come",
    Gate.BUSY: "had shooters in reach, but their launchers or channels were taken",
    Gate.NO_STOCK: "had shooters in reach, but no rounds left in them",
    Gate.NO_REACH: "had no shooter that could still reach it",
    Gate.ON_HOLD: "had orders not to fire: its layers were on hold",
    Gate.NOT_SURE_INSIDE: "may fire only at what will surely fall inside what is defended",
    Gate.AWAITS_RESULT: "waited for the result of the rounds in flight",
    Gate.SALVOS_SPENT: "had fired all salvos that its doctrine allows",
    Gate.OUTSIDE: "expected it to fall outside everything defended",
    Gate.NOT_WORTH_IT: "had a shot, but no round was worth its price",
    Gate.RESERVED: "kept its last rounds in reserve for what no other layer can meet",
    Gate.GIVEN_AWAY: "had a shot, but gave its rounds to other objects",
    Gate.NOT_CHOSEN: "had a shot, and its policy did not order it",
    Gate.FIRED: "fired",
}
# why a round in reach was not ordered, where it was no choice between objects
UNASSIGNED: Mapping[Gate, str] = {
    Gate.TRACK_LOST: "custody: its track was lost while a shooter with rounds was in reach.",
    Gate.COARSE: "track: it stayed too coarse to commit a round, with a shooter in reach.",
    Gate.IMPACT_OPEN: "prediction: nobody could say in time where it would be met.",
    Gate.BUSY: "launchers: the shooters in reach had rounds, and no launcher or channel free.",
    Gate.ON_HOLD: "rules of engagement: the layers in reach were on hold.",
    Gate.NOT_SURE_INSIDE: "rules of engagement: it would not surely fall inside what is defended.",
    Gate.DISMISSED: "discrimination: it was a threat and was taken for harmless.",
    Gate.OUTSIDE: "prediction: it was expected to fall outside everything defended.",
    Gate.TOLD_DEAD: "kill assessment: another node had told that it was dead.",
}
RIVALLED = {Gate.NO_STOCK, Gate.BUSY, Gate.GIVEN_AWAY, Gate.RESERVED}  # rounds went elsewhere
# fates that turn on moments, and which
TIMED = {
    "not tracked in time": ("detected", "tracked", "last order"),
    "not shared in time": ("tracked", "shared", "last order"),
    "not decided in time": ("shared", "permission", "cycle", "last order"),
    "no reach": ("shared", "permission", "cycle", "last order"),
}
UNIT = (
    "Gain: expected loss that a round takes away, in the unit of what is defended; "
    "where nothing has a value, every object counts as 1. Errors are those that the node itself "
    "expects."
)


def sentences(told: Explanation) -> list[str]:
    """What became of it, what was fired, which link broke, and what the alternative was worth."""
    flight_s = told.impact_t_s - told.launch_t_s
    found = [
        f"Object {told.number} ({told.threat_class}) of trial {told.trial} flew for "
        f"{flight_s:.0f} s: {told.fate}.",
        _shots(told),
    ]
    if told.leaked:
        link = broken_link(told.fate, ever_in_reach=bool(told.windows))
        if told.fate == FATE_WORDS[Fate.NOT_ASSIGNED] and told.broken is not None:
            link = UNASSIGNED.get(told.broken.gate, link)
        found.append(f"Broken link: {link}{_why(told)}")
        found += alternative(told)
    return found


def _shots(told: Explanation) -> str:
    """What was fired at it."""
    if not told.shots:
        return "No round was fired at it."
    parts: dict[tuple[str, str], int] = {}
    for shot in told.shots:
        key = shot.layer, shot.result
        parts[key] = parts.get(key, 0) + 1
    listed = ", ".join(f"{n} by {layer} ({result})" for (layer, result), n in parts.items())
    rounds = len(told.shots)
    return f"{rounds} round{'s' if rounds > 1 else ''} fired at it: {listed}."


def _why(told: Explanation) -> str:
    """The moments and the decision behind a broken link."""
    span = told.broken
    wrong = [shot.intercept_t_s for shot in told.shots if shot.believed_dead]
    if span is not None and span.gate is Gate.BELIEVED_DEAD:
        before = max(t_s for t_s in wrong if t_s <= span.start_t_s)
        judged = f"A miss at {since(told, before)} s was judged a kill"
        return f" {judged}, so {span.node} fired no more."
    moments = _moments(told)
    if told.fate in TIMED and moments:
        return f" {moments[0].upper()}{moments[1:]}."
    if span is None:
        falsely = " A miss was judged a kill." if wrong else ""
        return (
            _divert(told) + falsely + " No time was left for another round." if told.shots else ""
        )
    moments = when(told, span)
    at = f"{'From' if ' to ' in moments else 'At'} {moments} s"
    numbers = "" if span.gate is Gate.GIVEN_AWAY else _numbers(told, span)
    return f"{_divert(told)} {at} {span.node} {REASONS[span.gate]}{numbers}."


def _divert(told: Explanation) -> str:
    """That rounds were not handed over well, if so."""
    chances = [shot.p_divert for shot in told.shots if shot.p_divert is not None]
    if not chances or min(chances) >= 1.0 - ONE_IN_100:
        return ""
    if told.tracking == MEASURED:
        off = counted(chances.count(0.0), "round")
        return f" The real error of the track was more than {off} could correct."
    return f" The chance of a good handover was {_percent(min(chances))} for the worst of them."


def _moments(told: Explanation) -> str:
    """The moments that a fate turns on, in words; empty where nothing could ever reach it."""
    if not told.windows:
        return ""
    given = [d.permission_t_s for d in told.decisions if d.permission_t_s is not None]
    permission_t_s = min(given, default=None)
    last_t_s = told.times.get("last_chance_t_s")
    cycles = [d.t_s for d in told.decisions if permission_t_s is not None]
    cycle_t_s = min((t_s for t_s in cycles if t_s >= (permission_t_s or 0.0)), default=None)
    moments = {
        "detected": ("first detection", told.times.get("detected_t_s")),
        "tracked": ("a track from all that was seen", told.times.get("tracked_t_s")),
        "shared": ("a track at a node that shoots", told.times.get("shared_t_s")),
        "permission": ("permission to fire", permission_t_s),
        "cycle": ("the next decision", cycle_t_s),
        "last order": ("the last useful order", last_t_s),
    }
    return ", ".join(_moment(told, *moments[name]) for name in TIMED.get(told.fate, ()))


def _moment(told: Explanation, name: str, t_s: float | None) -> str:
    if t_s is None:
        return f"{name} never"
    return f"{name} at {since(told, t_s)} s"


def alternative(told: Explanation) -> list[str]:
    """What the rounds that other objects got were worth there, and would have been worth here."""
    span = told.broken
    if span is None or span.gate not in RIVALLED:
        return []
    rounds = rivals_before(told, span)
    if not rounds:
        spent = span.gate is Gate.NO_STOCK and not told.shots
        return ["They had been fired before it was launched."] if spent else []
    if span.gate is Gate.GIVEN_AWAY:
        return [_weighed(told, rounds)]
    objects = {rival.object for rival in rounds}
    first_s, last_s = (since(told, rounds[k].t_s) for k in (0, -1))
    at = f"at {first_s} s" if first_s == last_s else f"from {first_s} to {last_s} s"
    text = (
        f"Shooters in its reach fired {counted(len(rounds), 'round')} at "
        f"{counted(len(objects), 'other object')} {at}."
    )
    return [text, _weighed(told, rounds)]


def rivals_before(told: Explanation, span: Span) -> list[Rival]:
    """Rounds of shooters in reach that other objects got from its node, up to the end of a span."""
    return [
        rival
        for other in told.spans
        if other.node == span.node
        for rival in other.rivals
        if rival.t_s <= span.end_t_s and (rival.on_offer or span.gate is not Gate.GIVEN_AWAY)
    ]


def _weighed(told: Explanation, rounds: Sequence[Rival]) -> str:
    """The round that would have gained most by going here instead."""
    known = [(rival.own_gain - rival.gain, rival) for rival in rounds if rival.own_gain is not None]
    if not known:
        return "The alternative was not open: it might not be fired at when they were ordered."
    _, best = max(known, key=lambda found: found[0])
    what = (
        f"at best {best.own_gain:.2g} against {best.gain:.2g} there, object {best.object} at "
        f"{since(told, best.t_s)} s"
    )
    count = sum(gain > 0.0 for gain, _ in known)
    rounds_more = counted(count, "round") if count else "no round"
    return f"The alternative: {rounds_more} would have gained more here ({what})."


def since(told: Explanation, t_s: float) -> str:
    """Seconds after the launch of the object: whole ones, of a short flight to a hundredth."""
    decimals = 2 if told.impact_t_s - told.launch_t_s < SHORT_S else 0
    return f"{t_s - told.launch_t_s:.{decimals}f}"


def lines(told: Explanation) -> list[str]:
    """The whole story: sentences, then a line for each span of each node and for each shot."""
    name = f"{told.scenario}, future {told.future}, trial {told.trial}"
    name += f" ({told.chosen})" if told.chosen else ""
    name += ", measured tracking" if told.tracking == MEASURED else ""
    found = [name + (f", decided by {told.policy}" if told.policy else "")]
    found += [
        *sentences(told),
        "",
        "Possible by reach alone (seconds after its launch, latest orders):",
    ]
    found += [_window(told, window) for window in told.windows] or ["  nothing"]
    found += ["", "What each node said (seconds after its launch):"]
    found += [_line(told, span) for span in told.spans]
    if told.shots:
        found += ["", "Rounds:"]
    for shot in told.shots:
        well = _handover(told, shot)
        judged = ", judged a kill" if shot.believed_dead else ""
        found.append(
            f"{_clock(told, shot.ordered_t_s)}  {shot.layer}: {shot.asset} ordered for a gain of "
            f"{shot.gain:.2g}{_price(shot.price)}, meets it at "
            f"{since(told, shot.intercept_t_s)} s{well}: {shot.result}{judged}"
        )
    weighed = told.shots or any(span.rivals or span.last.shots for span in told.spans)
    return [*found, "", UNIT] if weighed else found


def _handover(told: Explanation, shot: Fired) -> str:
    """How well the track of the object was handed to a round; empty if it never was."""
    if shot.p_divert is None:
        return ""
    if told.tracking == MEASURED:
        return ", handed over well" if shot.p_divert > 0.0 else ", handed over too far off"
    return f", good handover {_percent(shot.p_divert)}"


def _window(told: Explanation, window: Window) -> str:
    """Which shots of an asset could meet it."""
    owner = window.asset if window.asset == window.layer else f"{window.asset} ({window.layer})"
    return (
        f"{_clock(told, window.first_order_t_s)} to {since(told, window.last_order_t_s)}  "
        f"{owner}: {counted(window.shooters, 'shooter')} in reach, with "
        f"{counted(window.rounds, 'round')} at the start"
    )


def _clock(told: Explanation, t_s: float) -> str:
    return f"{since(told, t_s):>7}"


def _line(told: Explanation, span: Span) -> str:
    """One span in words."""
    first, to, last = when(told, span).partition(" to ")
    return f"{first:>7}{to}{last}  {span.node} {says(told, span)}"


def when(told: Explanation, span: Span) -> str:
    """First and last second of a span, one where they are the same."""
    first, last = since(told, span.start_t_s), since(told, span.end_t_s)
    return first if first == last else f"{first} to {last}"


def says(told: Explanation, span: Span) -> str:
    """What a node said in a span, with the figures at its end."""
    return REASONS[span.gate] + _numbers(told, span) + _offers(told, span.last)


def _numbers(told: Explanation, span: Span) -> str:
    """The figures behind a gate, in brackets."""
    match span.gate:
        case Gate.COARSE:
            parts = _sigma(span)
        case Gate.FIRED:
            parts = _sigma(span) + (_impact(told, span) if told.valued else [])
        case Gate.OUTSIDE | Gate.NOT_WORTH_IT | Gate.NOT_SURE_INSIDE | Gate.RESERVED:
            parts = _impact(told, span)
        case Gate.DISMISSED:
            parts = [f"evidence {span.last.log_odds:+.1f} in log odds"]
        case Gate.GIVEN_AWAY:
            parts = _rivals(span)
        case _:
            parts = []
    return f" ({', '.join(parts)})" if parts else ""


def _sigma(span: Span) -> list[str]:
    sigma_m = span.last.position_sigma_m
    return [] if sigma_m is None else [f"track error {sigma_m / KM:.2g} km"]


def _impact(told: Explanation, span: Span) -> list[str]:
    """The predicted impact by what is defended."""
    impact = span.last.impact
    if impact is None or not math.isfinite(impact.distance_m):
        return []
    side = "inside" if impact.distance_m < 0.0 else "outside"
    found = [
        f"expected {abs(impact.distance_m) / KM:.2g} km {side} {impact.place}",
        f"error of that {impact.sigma_m / KM:.2g} km",
        f"chance inside {_percent(impact.p_inside)}",
    ]
    loss = span.last.worth
    return [*found, f"expected loss {loss:.2g}"] if told.valued and loss is not None else found


def _percent(share: float) -> str:
    """A chance in whole per cent; the ends are kept for what is certain."""
    if 0.0 < share < ONE_IN_100:
        return "below 1 %"
    return "above 99 %" if 1.0 - ONE_IN_100 < share < 1.0 else f"{100.0 * share:.0f} %"


def _rivals(span: Span) -> list[str]:
    """Who got the rounds, and what they were worth there and here."""
    rounds = [rival for rival in span.rivals if rival.on_offer and rival.own_gain is not None]
    listed = [
        f"object {rival.object}: gain {rival.gain:.2g} there against {rival.own_gain:.2g} here"
        for rival in rounds[:RIVALS_SHOWN]
    ]
    more = len(rounds) - RIVALS_SHOWN
    return [*listed, f"{more} more"] if more > 0 else listed


def _offers(told: Explanation, decision: Decision) -> str:
    """What was on offer, what was chosen, and what the best of the rest was worth."""
    if not decision.shots:
        return ""
    text = f"; {counted(len(decision.shots), 'shot')} on offer"
    if decision.ordered:
        names = ", ".join(sorted({told.shooters[order.shooter] for order in decision.ordered}))
        gain = sum(order.gain for order in decision.ordered)
        price = sum(order.price for order in decision.ordered)
        text += f", ordered {len(decision.ordered)} of {names} for a gain of {gain:.2g}"
        text += _price(price)
        if decision.best_left is not None:
            net = " after its price" if price > 0.0 else ""
            text += f"; the best of another shooter was worth {decision.best_left:.2g}{net}"
        return text
    best = max(decision.shots, key=lambda shot: shot.gain - shot.price)
    owner = told.shooters[best.shooter]
    return f"{text}, the best from {owner} for a gain of {best.gain:.2g}{_price(best.price)}"


def _price(price: float) -> str:
    return f" and a price of {price:.2g}" if price > 0.0 else ""


def leaker_lines(found: Leakers) -> list[str]:
    """Who got through in a trial, by fate, and how to ask about one."""
    trial = f"trial {found.trial}" + (f" ({found.chosen})" if found.chosen else "")
    count = len(found.leakers)
    text = [f"{count} of {counted(found.objects, 'object')} got through in {trial}."]
    if not count:
        return text
    text += ["", f"{'object':>6}  {'rounds':>6}  fate, class"]
    ordered = sorted(found.leakers, key=lambda leaker: (leaker.fate, leaker.number))
    text += [
        f"{leaker.number:6d}  {leaker.rounds:6d}  {leaker.fate}, {leaker.threat_class}"
        for leaker in ordered
    ]
    command = f"opendome explain {found.folder} --object {ordered[0].number} --trial {found.trial}"
    return [*text, "", f"Why: {command}"]
