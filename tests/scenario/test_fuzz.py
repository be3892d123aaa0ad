"""Mutated documents: a scenario or a structured error, never anything else."""

import copy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendome.scenario.loading import compile_document, load_text
from opendome.scenario.names import builtin_text
from opendome.scenario.problems import ScenarioError
from opendome.scenario.reader import parse

from .documents import BASE, complete

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["0 m", "-1 km", "1e400 km", "nan", "NO", "12 of 21", "21 of 12", "0..0", "9..1 s", "US",
         "gbi", "conus", "lrdr", "icbm-solid", "x" * 300, "\u202e", "é", "1 000 000", "90 deg"]
    ),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)  # fmt: skip


def places(node, path=()):
    yield path
    if isinstance(node, dict):
        for key, value in node.items():
            yield from places(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from places(value, (*path, index))


def mutate(data, path, value, how):
    node = data
    for part in path[:-1]:
        node = node[part]
    if how == "replace":
        node[path[-1]] = value
    elif how == "remove":
        del node[path[-1]]
    elif isinstance(node, dict):
        node[str(path[-1]) + "x"] = value
    else:
        node.append(value)


DIVIDED = BASE.replace(
    "command: {cycle: 5 s, ",
    "command: {cycle: 5 s, people: {warning: 30..60 s, release: {median: 40 s, p90: 90 s}}, "
    "sectors: {north: [gbi.fort-greely, lrdr], south: [vandenberg]}, cut_off: 0.5, ",
).replace(
    "sharing:\n",
    "sharing:\n  - {from: north, to: south, what: engagements, delay: 2 s}\n",
)


@st.composite
def mutants(draw, text=BASE, sections=()):
    """A document with a few changes. sections : where; anywhere when empty."""
    data = copy.deepcopy(parse(text, "f").data)
    for _ in range(draw(st.integers(1, 3))):
        wanted = [path for path in places(data) if path and (not sections or path[0] in sections)]
        path = draw(st.sampled_from(wanted or [("seed",)]))
        mutate(data, path, draw(ODD), draw(st.sampled_from(["replace", "remove", "add"])))
    return data


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutants())
def test_a_mutated_document(data):
    refuse_or_read_back(data)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutants(DIVIDED, ("command", "sharing")))
def test_a_mutated_command(data):
    refuse_or_read_back(data)


def refuse_or_read_back(data):
    """A scenario that reads back to itself, or problems that are all told whole."""
    document = parse(BASE, "f")
    document.data.clear()
    document.data.update(data)
    try:
        scenario = compile_document(document)
    except ScenarioError as error:
        complete(error)
    else:
        assert load_text(scenario.resolved_yaml()).digest == scenario.digest
        assert all(isinstance(sentence, str) for sentence in scenario.consequences)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutated_text(data):
    raw = bytearray(builtin_text("homeland-2026").encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        how = data.draw(st.sampled_from(["flip", "cut", "copy"]))
        if how == "flip":
            raw[at] = data.draw(st.integers(9, 126))
        elif how == "cut":
            del raw[at : at + data.draw(st.integers(1, 40))]
        else:
            raw[at:at] = raw[at : at + data.draw(st.integers(1, 40))]
    try:
        load_text(raw.decode("utf-8", "replace"), "f")
    except ScenarioError as error:
        complete(error)
