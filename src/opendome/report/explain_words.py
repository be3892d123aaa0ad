"""The decisions about one object in sentences."""

from collections.abc import Callable, Mapping

from opendome.engagement.decisions import Decision, Gate
from opendome.report.leaks import BROKEN_LINKS
from opendome.results.explained import Explanation, Span

KM = 1000.0
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
    Gate.IMPACT_OPEN: "could not yet say where it would be: it still burned or had yet to turn",
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
    Gate.FIRED: "fired",
}
# what kept a round from being ordered; waiting and not yet knowing break nothing
HARMLESS = {
    Gate.CAN_WAIT, Gate.TOO_LATE, Gate.NOT_TRACKED, Gate.CONFIRMING, Gate.AWAITS_RESULT, Gate.FIRED,
}  # fmt: skip


def sentences(told: Explanation) -> list[str]:
    """Three sentences or fewer: what became of it, what was fired, which link broke."""
    flight_s = told.impact_t_s - told.launch_t_s
    found = [f"Object {told.number} of trial {told.trial} flew for {flight_s:.0f} s: {told.fate}."]
    found.append(_shots(told))
    if told.leaked:
        found.append(f"Broken link: {BROKEN_LINKS[told.fate]}{_why(told)}")
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
    """The decision behind a broken link."""
    wrong = [shot for shot in told.shots if shot.believed_dead]
    if wrong:
        known_s = max(shot.intercept_t_s for shot in wrong) - told.launch_t_s
        return f" A miss at {known_s:.0f} s was judged a kill, so nothing more was fired."
    since_s = min((shot.ordered_t_s for shot in told.shots), default=told.launch_t_s)
    held = [s for s in told.spans if s.gate not in HARMLESS and s.end_t_s > since_s]
    if not held:
        return " No time was left for another round." if told.shots else ""
    span = max(held, key=lambda span: span.end_t_s)
    start_s, end_s = (t_s - told.launch_t_s for t_s in (span.start_t_s, span.end_t_s))
    text = f" From {start_s:.0f} to {end_s:.0f} s {span.node} {REASONS[span.gate]}"
    return f"{text}{_numbers(span.last)}.{_waited(told, span)}"


def _waited(told: Explanation, span: Span) -> str:
    """That rounds were spent while shots at an object were left to wait."""
    before = [
        s
        for s in told.spans
        if s.node == span.node and s.gate is Gate.CAN_WAIT and s.end_t_s < span.start_t_s
    ]
    if span.gate is not Gate.NO_STOCK or not before:
        return ""
    return " They had gone to other objects while the shots at this one could wait."


def lines(told: Explanation) -> list[str]:
    """The whole story: sentences, then a line for each span of each node."""
    name = f"{told.scenario}, future {told.future}, trial {told.trial}"
    found = [name + (f" ({told.chosen})" if told.chosen else "")]
    found += [*sentences(told), "", "Seconds after its launch:"]
    found += [_line(told, span) for span in told.spans]
    for shot in told.shots:
        divert = "" if shot.p_divert is None else f", handed over well with {shot.p_divert:.0%}"
        judged = ", judged a kill" if shot.believed_dead else ""
        found.append(
            f"{_clock(told, shot.ordered_t_s)}  {shot.layer}: {shot.asset} ordered, meets it at "
            f"{shot.intercept_t_s - told.launch_t_s:.0f} s{divert}: {shot.result}{judged}"
        )
    found.append(
        "Errors are what the node itself expects of its track; gains and prices are in the unit "
        "of what is defended, one object where nothing has a value."
    )
    return found


def _clock(told: Explanation, t_s: float) -> str:
    return f"{t_s - told.launch_t_s:7.0f}"


def _line(told: Explanation, span: Span) -> str:
    """One span in words."""
    until = f" to {span.end_t_s - told.launch_t_s:.0f}" if span.end_t_s > span.start_t_s else ""
    text = f"{_clock(told, span.start_t_s)}{until}  {span.node} {REASONS[span.gate]}"
    return text + _numbers(span.last) + _offers(told, span.last)


def _numbers(decision: Decision) -> str:
    """The figures behind a gate."""
    shown: dict[Gate, Callable[[Decision], str]] = {
        Gate.COARSE: _sigma, Gate.FIRED: _sigma, Gate.OUTSIDE: _impact,
        Gate.NOT_SURE_INSIDE: _impact, Gate.DISMISSED: _evidence, Gate.GIVEN_AWAY: _rivals,
    }  # fmt: skip
    return shown[decision.gate](decision) if decision.gate in shown else ""


def _sigma(decision: Decision) -> str:
    if decision.position_sigma_m is None:
        return ""
    return f" (track error {decision.position_sigma_m / KM:.3g} km)"


def _impact(decision: Decision) -> str:
    if decision.impact_sigma_m is None:
        return ""
    return f" (error of the predicted impact {decision.impact_sigma_m / KM:.3g} km)"


def _evidence(decision: Decision) -> str:
    return f" (evidence {decision.log_odds:+.1f} in log odds)" if decision.log_odds else ""


def _rivals(decision: Decision) -> str:
    listed = ", ".join(str(number) for number in sorted(set(decision.rivals)))
    return f" ({listed})" if listed else ""


def _offers(told: Explanation, decision: Decision) -> str:
    """What was on offer, what was chosen, and what the best of the rest was worth."""
    if not decision.shots:
        return ""
    best = max(decision.shots, key=lambda shot: shot.gain - shot.price)
    count = len(decision.shots)
    text = f"; {count} shot{'s' if count > 1 else ''} on offer"
    if decision.ordered:
        text += f", ordered {len(decision.ordered)} of "
        text += ", ".join(sorted({told.shooters[shooter] for shooter in decision.ordered}))
        if decision.best_left is not None:
            text += f"; the best of another shooter was worth {decision.best_left:.2g}"
        return text
    best_of = told.shooters[best.shooter]
    return f"{text}, the best from {best_of}: gain {best.gain:.2g}, price {best.price:.2g}"
