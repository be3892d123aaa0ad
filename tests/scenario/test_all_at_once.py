"""A problem never hides another one: of the same entry, or of a rule over several fields."""

import pytest

from opendome.scenario.loading import compile_document, load_text
from opendome.scenario.overrides import read_settings
from opendome.scenario.problems import ScenarioError
from opendome.scenario.reader import parse
from opendome.scenario.spec import SEED_MAX

from .documents import BASE

RAID = (
    "{class: icbm-solid, count: 2, from: {area: north-east-asia}, to: {area: conus}, within: 60 s}"
)

# What is replaced in the small scenario, by what, and the whole list of "path: got" it gives.
CASES = [
    (
        RAID,
        "{class: icbm-solid, count: 0, from: {area: asia}, to: {area: conuss}}",
        [
            "raid.0.count: 0",
            "raid.0.from.area: the unknown area 'asia'",
            "raid.0.to.area: the unknown area 'conuss'",
        ],
    ),
    (
        RAID,
        "{class: icbm-solidd, count: x, from: {city: Nowhereville}, to: {area: conuss},"
        " boost_time: 5 km, stagess: 3}",
        [
            "raid.0.class: the unknown class 'icbm-solidd'",
            "raid.0.count: 'x'",
            "raid.0.from.city: the unknown city 'Nowhereville'",
            "raid.0.to.area: the unknown area 'conuss'",
            "raid.0.boost_time: '5 km', which is a length",
            "raid.0.stagess: the unknown key 'stagess'",
        ],
    ),
    (
        RAID,
        "{class: srbm, count: 0, from: {area: north-east-asia}, to: {area: conus}}",
        ["raid.0: ", "raid.0.count: 0"],
    ),
    (
        "- {area: conus}\nassets",
        "- {area: konus, cities: {country: XX, min_population: 5}}\nassets",
        [
            "defended.0: area and cities together",
            "defended.0.area: the unknown area 'konus'",
            "defended.0.cities.country: the country 'XX'",
            "defended.0.cities.min_population: 5",
        ],
    ),
    (
        "{use: lrdr, nation: US}",
        "{use: lrdr, nation: US, range_max: 5 s, elevation_min: 50 deg, elevation_max: 40 deg}",
        ["assets.0: elevation 50 deg to 40 deg", "assets.0.range_max: '5 s', which is a duration"],
    ),
    (
        "{use: lrdr, nation: US}",
        "{use: lrdr, nation: US, foo: 1, elevation_min: 50 deg, elevation_max: 40 deg}",
        ["assets.0: elevation 50 deg to 40 deg", "assets.0.foo: the unknown key 'foo'"],
    ),
    (
        "{use: lrdr, nation: US}",
        "{kind: infrared-satellite, nation: US, revisit: 5 km, elements: [{inclination: 1 deg,"
        " argument_of_perigee: 2 km, perigee_altitude: 900 km, apogee_altitude: 500 km}]}",
        [
            "assets.0.elements.0: apogee 500 km, perigee 900 km",
            "assets.0.elements.0.argument_of_perigee: '2 km', which is a length",
            "assets.0.revisit: '5 km', which is a length",
        ],
    ),
    (
        "{from: JP, to: US, what: tracks, delay: 2 s}",
        "{from: KR, to: KR, what: tracks, delay: -2 s}",
        [
            "sharing.0: a sharing rule from KR to KR",
            "sharing.0.from: 'KR', a nation without assets",
            "sharing.0.to: 'KR', a nation without assets",
            "sharing.0.delay: '-2 s'",
        ],
    ),
    (
        "{cycle: 5 s, doctrine: {gbi: shoot-look-shoot, sbi: {salvo: 2}}}",
        "{cycle: 5 km, doctrine: {gbx: shoot-look-shoot, sbi: {salvo: 0}}}",
        [
            "command.cycle: '5 km', which is a length",
            "command.doctrine.gbx: the unknown layer 'gbx'",
            "command.doctrine.sbi.salvo: 0",
        ],
    ),
    (
        "trials: 20\nfutures: 4\nseed: 7",
        "trials: 2\nfutures: 4\nseed: -7",
        ["futures: 4 futures for 2 trials", "seed: -7"],
    ),
    (
        "tracking: {confirm_hits: 2}",
        "tracking: {confirm_hits: 9, custody_gap: 5 km}",
        ["tracking: confirm_hits 9 of confirm_window 5", "tracking.custody_gap: '5 km'"],
    ),
]


def found(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f")
    return [f"{problem.path}: {problem.got}" for problem in caught.value.problems]


@pytest.mark.parametrize(("old", "new", "wanted"), CASES, ids=lambda case: str(case)[:40])
def test_nothing_is_hidden(old, new, wanted):
    assert BASE.count(old) == 1
    problems = found(BASE.replace(old, new))
    missing = [w for w in wanted if not any(p.startswith(w) for p in problems)]
    spurious = [p for p in problems if not any(p.startswith(w) for w in wanted)]
    lacks = [p for p in spurious if 'no "' in p]  # an asset given in full lacks many fields
    assert (missing, spurious) == ([], lacks)


def test_a_rule_is_not_tried_on_what_a_misspelt_key_may_mean():
    (problem,) = found(BASE.replace("to: {area: conus}", "to: {aria: conus}"))
    assert problem == "raid.0.to.aria: the unknown key 'aria'"


def test_a_wrong_nation_is_not_offered_as_a_right_one():
    text = BASE.replace("lrdr, nation: US", "lrdr, nation: us").replace("from: JP", "from: KR")
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f")
    assert caught.value.problems[-1].allowed == "JP, US"


def test_too_long_a_list_is_checked_as_far_as_it_may_go():
    text = BASE.replace("defended:\n", "defended:\n" + "  - {area: konus}\n" * 1000)
    problems = found(text)
    assert problems[0] == "defended: a list of 1001 entries"
    assert len(problems) == 1001


def test_left_out_futures_never_exceed_the_trials():
    assert load_text(BASE.replace("futures: 4\n", "")).futures == 20
    assert load_text(BASE.replace("trials: 20\nfutures: 4\n", "")).futures == 50


@pytest.mark.parametrize("seed", [0, 10**12 + 1, 2**53 + 1, SEED_MAX])
def test_every_seed_is_exact_and_reads_back(seed):
    for written in (str(seed), f'"{seed:,}"'.replace(",", " ")):
        scenario = load_text(BASE.replace("seed: 7", f"seed: {written}"))
        assert scenario.seed == seed
        again = load_text(scenario.resolved_yaml())
        assert (again.seed, again.digest) == (seed, scenario.digest)


# --set


def inputs(*settings: str) -> dict[str, str]:
    scenario = compile_document(parse(BASE, "f"), changes=read_settings(list(settings)))
    return {entry.path: entry.text for entry in scenario.inputs()}


def test_every_input_can_be_set_by_its_path_and_nothing_else_changes():
    before = compile_document(parse(BASE, "f"))
    for entry in before.inputs():
        after = compile_document(parse(BASE, "f"), changes={entry.path: entry.text})
        assert after.inputs() == before.inputs(), entry.path
        assert after.digest == before.digest, entry.path


def test_one_value_of_one_site_leaves_the_other_sites():
    changed = inputs("assets.gbi.sites.fort-greely.stock=30")
    assert changed["assets.gbi.sites.fort-greely.stock"] == "30"
    assert changed["assets.gbi.sites.vandenberg.stock"] == "4"
    short = BASE.replace("use: gbi,", "use: gbi, sites: {vandenberg: 3},")
    document = parse(short, "f")
    changes = read_settings(["assets.gbi.sites.vandenberg.latitude=35 deg"])
    scenario = compile_document(document, changes=changes)
    texts = {e.path: e.text for e in scenario.inputs() if ".sites." in e.path}
    assert texts["assets.gbi.sites.vandenberg.stock"] == "3"
    assert texts["assets.gbi.sites.vandenberg.latitude"] == "35 deg"
    assert len(texts) == 3


@pytest.mark.parametrize(
    ("setting", "path", "got"),
    [
        (".=5", "", "the unknown key ''"),
        ("a.b.c=5", "a", "the unknown key 'a'"),
        (".".join(["a"] * 60) + "=1", "a.a.a", "a path of 60 parts"),
        ("assets.gbi.sites.fort-greely.stock=-1", "assets.1.sites.fort-greely.stock", "-1"),
        ("assets.gbi.sites.fort-greely.stok=1", "assets.1.sites.fort-greely.stok", "the unknown"),
    ],
)
def test_the_place_of_a_bad_setting_is_the_setting(setting, path, got):
    with pytest.raises(ScenarioError) as caught:
        inputs(setting)
    (problem,) = caught.value.problems
    assert problem.file == "--set"
    assert problem.path.startswith(path)
    assert problem.got.startswith(got)
