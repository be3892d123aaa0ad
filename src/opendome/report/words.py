"""Numbers and facts in plain words."""

from collections.abc import Mapping
from typing import Any

SPELLED = (
    "no", "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
NBSP = "\u00a0"
MINUS = "\u2212"
SECONDS_PER_MINUTE = 60
MANY = 100
NAMES_SHOWN = 8
WORTH_NAMING = 0.01  # share of the kills from which a layer is named in a sentence
LEAST = 0.005  # smaller counts have no digits worth showing
KILLED, MISSED = "killed", "missed"  # results of a shot; the first is a fate too
# fates that are not a leak, in the order in which they are taken from the raid
STOPPED = ("failed by itself", "ignored as harmless")
# first broken link of a leaker -> what to say of those that met it
BROKEN = {
    "never detected": "were never detected",
    "not tracked in time": "were not tracked in time",
    "not shared in time": "were not known in time to anyone who could shoot",
    "not decided in time": "left no time to decide",
    "taken for harmless": "were taken for harmless",
    "not worth a round": "were believed not worth a round",
    "no reach": "were within reach of no interceptor",
    "no stock": "found no rounds left in reach",
    "not assigned": "were given no interceptor",
    "shots missed": "were shot at and missed",
}


# kind of flight of every threat of a raid -> what one calls them
KINDS = {
    "ballistic": "missile",
    "orbital": "missile",
    "glide": "glider",
    "rocket": "rocket",
    "mortar": "mortar round",
}


def spell(count: int) -> str:
    """A count as a word up to twelve, then in digits."""
    return SPELLED[count] if 0 <= count < len(SPELLED) else f"{count:,}"


def noun(raid: Mapping[str, Any], count: int = 2) -> str:
    """What one calls the threats of a raid: missiles, rockets and mortar rounds, or threats."""
    kinds = sorted({KINDS.get(flight, "threat") for flight in raid["flights"]}, reverse=True)
    if "threat" in kinds or len(kinds) > (1 if count == 1 else 2):
        kinds = ["threat"]
    return kinds[0] if count == 1 else " and ".join(f"{kind}s" for kind in kinds)


def threats(raid: Mapping[str, Any]) -> str:
    """So many missiles, or whatever the threats of a raid are."""
    count = int(raid["threats"])
    return f"{spell(count)} {noun(raid, count)}"


def amount(value: float) -> str:
    """A mean count: as many digits as help a reader."""
    size = abs(value)
    if size == 0.0:
        return "0"
    if size < LEAST:
        return "under 0.01" if value > 0.0 else "about 0"
    if size < 0.995:
        return f"{value:.2f}".rstrip("0")
    return f"{value:,.1f}".removesuffix(".0") if size < 1000.0 else f"{value:,.0f}"


def about(value: float, whole: int) -> str:
    """A mean count out of `whole` for running text: no decimals where a hundred or more fly."""
    if whole >= MANY and value >= 9.5 and round(value) != whole:
        return f"{value:,.0f}"
    return amount(value)


def interval(low: float, high: float, whole: int = 0) -> str:
    """Two mean counts out of `whole`; a low end that rounds to nothing is 0."""
    return f"{about(low if low >= LEAST else 0.0, whole)} to {about(high, whole)}"


def percent(share: float) -> str:
    """A share of one in per cent; never a certainty that is none."""
    value = 100.0 * share
    if value <= 0.0 or value >= 100.0:
        text = "0" if value <= 0.0 else "100"
    elif value < 0.05:
        text = "under 0.1"
    elif value > 99.95:
        text = "over 99.9"
    elif value < 0.95 or value > 99.05:
        text = f"{value:.1f}"
    else:
        text = f"{value:.0f}"
    return f"{text}{NBSP}%"


def percent_range(low: float, high: float) -> str:
    """Two shares of one in per cent."""
    return f"{percent(low).removesuffix(f'{NBSP}%')} to {percent(high)}"


def duration(seconds: float) -> str:
    """A time in seconds, or minutes and seconds."""
    if round(abs(seconds)) < SECONDS_PER_MINUTE:
        text = f"{seconds:.1f}" if abs(seconds) < 9.95 else f"{seconds:.0f}"
        return f"{text}{NBSP}s".replace("-", MINUS)
    minutes, rest = divmod(round(abs(seconds)), SECONDS_PER_MINUTE)
    sign = MINUS if seconds < 0.0 else ""
    return f"{sign}{minutes}{NBSP}min {rest:02d}{NBSP}s"


def counted(number: int, name: str) -> str:
    """A number and what it counts: "1 future", "1,000 trials"."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def p_value(value: float) -> str:
    """A p-value with one digit that matters."""
    return (
        "p < 0.001" if value < 0.0005 else f"p = {value:.3f}" if value < 0.1 else f"p = {value:.2f}"
    )


def joined(parts: list[str]) -> str:
    """A list in words: a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def headline(summary: Mapping[str, Any]) -> str:
    """The result in one sentence."""
    raid, trials = summary["raid"], int(summary["trials"])
    objects = int(raid["threats"])
    leakers, chance = summary["leakers"], summary["p_no_leaker"]
    mean = float(leakers["mean"])
    width = f"95{NBSP}% interval {interval(leakers['low'], leakers['high'], objects)}"
    none = f"{percent(chance['value'])} ({percent_range(chance['low'], chance['high'])})"
    if chance["value"] == 0.0:
        none = f"at most {percent(chance['high'])}"
    if objects == 1:
        share = percent_range(leakers["low"], leakers["high"])
        return (
            f"The one {noun(raid, 1)} got through in {percent(mean)} of {trials:,} trials "
            f"(95{NBSP}% interval {share})."
        )
    if mean == 0.0:
        return (
            f"None of {threats(raid)} got through in {trials:,} trials; the chance that none "
            f"does is at least {percent(chance['low'])} (95{NBSP}% interval)."
        )
    if mean == objects:
        return f"All {threats(raid)} got through, in every one of {trials:,} trials."
    return (
        f"Of {threats(raid)}, {about(mean, objects)} got through on average ({width}); "
        f"the chance that none does is {none}."
    )


def explanation(summary: Mapping[str, Any]) -> str:
    """Who stopped what, at which links the chain broke, and what that cost."""
    parts = (_kills(summary), _wasted(summary), _leaks(summary), _losses(summary))
    return " ".join(filter(None, parts))


def _kills(summary: Mapping[str, Any]) -> str:
    kills = {name: float(use["kills"]) for name, use in summary["layers"].items()}
    objects = int(summary["raid"]["objects"])
    total = sum(kills.values())
    if not kills:
        return "There was no interceptor to fire."
    if total == 0.0:
        return "No interceptor killed anything."
    worth = (name for name in kills if kills[name] >= WORTH_NAMING * total)
    active = sorted(worth, key=lambda name: -kills[name])
    if len(active) == 1:
        part = "all" if kills[active[0]] == total else "nearly all"
        return f"Interceptors killed {about(total, objects)} on average, {part} by {active[0]}."
    named = [f"{name} {about(kills[name], objects)}" for name in active]
    return f"Interceptors killed {about(total, objects)} on average: {joined(named)}."


def _wasted(summary: Mapping[str, Any]) -> str:
    """How many of those that were shot harm nobody."""
    raid = summary["raid"]
    others = int(raid["objects"]) - int(raid["threats"])
    if others == 0 or not summary["layers"]:
        return ""
    killed = about(float(raid["others_killed"]["mean"]), others)
    rest = f"Of {spell(others)} other objects, which harm nobody"
    return f"{rest}, {killed} were killed or taken along."


def _leaks(summary: Mapping[str, Any]) -> str:
    fates: Mapping[str, float] = summary["fates"]
    lost = {words: fates[words] for words in BROKEN if fates.get(words, 0.0) > 0.0}
    total = sum(lost.values())
    if total == 0.0:
        return "Nothing got through."
    first, *others = sorted(lost, key=lambda words: -lost[words])
    share = lost[first] / total
    if share == 1.0:
        return f"Those that got through {BROKEN[first]}."
    text = f"Of those that got through, {percent(share)} {BROKEN[first]}"
    if others:
        text += f" and {percent(lost[others[0]] / total)} {BROKEN[others[0]]}"
    return f"{text}."


def _losses(summary: Mapping[str, Any]) -> str:
    """What was lost of the value at stake, and what leaving objects alone kept and cost."""
    value = summary.get("value")
    if not value:
        return ""
    stake, lost = float(value["at_stake"]["mean"]), value["lost"]
    if stake == 0.0:
        return "Nothing of value was at stake."
    raid = int(summary["raid"]["objects"])
    text = (
        f"Of a value of {amount(stake)} at stake, {amount(lost['mean'])} was lost "
        f"({interval(lost['low'], lost['high'])})."
    )
    alone = float(value["left_alone"]["mean"])
    if alone == 0.0:
        return text
    cost = float(value["lost_left_alone"]["mean"])
    added = f"added {amount(cost)} to that loss" if cost else "cost nothing"
    return (
        f"{text} Leaving {about(alone, raid)} objects alone, each worth less than a round, kept "
        f"{amount(value['rounds_saved']['mean'])} rounds and {added}."
    )


def luck_or_future(spread: Mapping[str, float]) -> str:
    """How much of the spread is luck and how much is what nobody knows yet."""
    luck, futures = float(spread["luck"]), float(spread["futures"])
    if luck + futures == 0.0:
        return "Every trial ended alike, or there was only one future: nothing to share out."
    return (
        f"{percent(luck)} of the spread between trials is luck: the same raid on the same day "
        f"could end so. {percent(futures)} is the future: when it happens, from where, and the "
        "true values of inputs known only as ranges. Only knowledge makes that part smaller."
    )


def sensor_lines(summary: Mapping[str, Any]) -> list[str]:
    """Sensors that never saw anything, and those that did not work in some futures."""
    sensors, lines = summary["sensors"], []
    if sensors["without_looks"]:
        names = sensors["without_looks"]
        more = f" and {len(names) - NAMES_SHOWN:,} more" if len(names) > NAMES_SHOWN else ""
        shown = ", ".join(names[:NAMES_SHOWN]) + more
        lines.append(f"sensors that see nothing of this raid in any future: {shown}")
    if sensors["down"]:
        parts = [f"{name} in {count:,}" for name, count in sensors["down"].items()]
        if len(parts) > NAMES_SHOWN:
            parts[NAMES_SHOWN:] = [f"{len(parts) - NAMES_SHOWN:,} more"]
        lines.append(f"sensors out of work, of {summary['futures']:,} futures: {', '.join(parts)}")
    return lines


def command_lines(summary: Mapping[str, Any]) -> list[str]:
    """Who commanded where a nation was cut off, and how long people took; runs of old say none."""
    command, lines = summary.get("command", {}), []
    for nation, count in command.get("cut_off", {}).items():
        alone = [name for name, owner in command["sectors"].items() if owner == nation]
        lines.append(
            f"command of {nation} cut off in {count:,} of {summary['futures']:,} futures: "
            f"{joined(alone)} fought alone"
        )
    steps = [
        f"{step} {given['time']}"
        if "time" in given
        else f"{step} {given['median']} (nine in ten within {given['p90']})"
        for step, given in command.get("people", {}).items()
    ]
    if steps:
        lines.append(f"people before the first shot of an attack: {', '.join(steps)}")
    return lines


def web_only(url: object) -> str | None:
    """A link that leads to the web, else nothing."""
    text = str(url or "")
    return text if text.startswith(("https://", "http://")) else None
