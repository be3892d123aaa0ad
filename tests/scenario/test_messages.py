"""Every problem a scenario can have: where it is, what was got, what is allowed, what to do."""

import pytest

from opendome.scenario.loading import load, load_text
from opendome.scenario.problems import ScenarioError

from .documents import BASE, change

# (old text, new text with ^ where the problem stands, line:column if it stands elsewhere, path,
# got, part of what is allowed, part of what to do)
CASES = [
    ("seed: 7", "^sed: 7", "", "sed", "the unknown key 'sed'", "scenario, schema_version, seed", "did you mean 'seed'?"),
    ("seed: 7", "^xyz: 7", "", "xyz", "the unknown key 'xyz'", "assets, command", "remove it"),
    ("title: A small scenario\n", "", "1:1", "title", "no \"title\"", "one line for people", "add \"title\""),
    ("raid:\n", "raids:\n", "1:1", "", "no \"raid\"", "what flies in", "add \"raid\""),
    ("{area: conus}\nassets", "{^aria: conus}\nassets", "", "defended.0.aria", "the unknown key 'aria'", "area, circle, cities", "did you mean 'area'?"),
    ("lrdr, nation: US", "lrdr, nation: US, ^azimut_to: 9 deg", "", "assets.0.azimut_to", "the unknown key 'azimut_to'", "azimuth_from, azimuth_to", "did you mean 'azimuth_to'?"),
    ("within: 60 s", "^withing: 60 s", "", "raid.0.withing", "the unknown key 'withing'", "to, within", "did you mean 'within'?"),
    ("gbi: shoot-look-shoot", "gbi: {salvo: 1, ^look: 2}", "", "command.doctrine.gbi.look", "the unknown key 'look'", "looks, salvo", "did you mean 'looks'?"),
    ("{cycle: 5 s", "{^cycl: 5 s", "", "command.cycl", "the unknown key 'cycl'", "cycle", "did you mean 'cycle'?"),
    ("scenario: small", "scenario: ^Small One", "", "scenario", "'Small One'", "small letters, digits and single hyphens", "correct the spelling"),
    ("title: A small scenario", "title: ^2029", "", "title", "2029", "text", "put it in quotes"),
    ("title: A small scenario", "title: ^\"a\\tb\"", "", "title", "'a\\tb'", "one line of text", "correct the spelling"),
    ("title: A small scenario", "title: ^" + "x" * 201, "", "title", "'" + "x" * 76 + "...", "at most 200 long", "shorten it"),
    ("title: A small scenario", "title: ^''", "", "title", "''", "at least 1 long", "fill it in"),
    ("lrdr, nation: US", "lrdr, nation: ^us", "", "assets.0.nation", "'us'", "a nation in capital letters", "correct the spelling"),
    ("lrdr, nation: US", "lrdr, nation: ^[US]", "", "assets.0.nation", "a list of 1 items", "text", "put it in quotes"),
    ("lrdr, nation: US", "lrdr", "7:5", "assets.0.nation", "no \"nation\"", "whose it is", "add \"nation\""),
    ("2029-01-20T12:00:00Z", "^tomorrow", "", "epoch", "'tomorrow' as an epoch", "ISO 8601", "2029-01-20T12:00:00Z"),
    ("2029-01-20T12:00:00Z", "^2029", "", "epoch", "2029", "ISO 8601", "2029-01-20T12:00:00Z"),
    ("2029-01-20T12:00:00Z", "^2029-01-20T12:00:00", "", "epoch", "2029-01-20T12:00:00 without a time zone", "UTC moment from 1960", "add \"Z\""),
    ("2029-01-20T12:00:00Z", "^1929-01-20T12:00:00Z", "", "epoch", "the epoch 1929-01-20T12:00:00+00:00", "1960-01-01 to 2100-01-01", "choose an epoch"),
    ("2029-01-20T12:00:00Z", "^9999-12-31T23:59:59-12:00", "", "epoch", "the epoch 9999", "1960-01-01 to 2100-01-01", "choose an epoch"),
    ("trials: 20", "trials: ^0", "", "trials", "0", "a whole number from 1 to 10000000", "give a number in that range"),
    ("trials: 20", "trials: ^1e9", "", "trials", "1e9", "from 1 to 10000000", "in that range"),
    ("trials: 20", "trials: ^20..30", "", "trials", "'20..30'", "a whole number", "give one number"),
    ("trials: 20", "trials: ^true", "", "trials", "true", "a whole number", "write a number"),
    ("trials: 20", "trials: ^20.5", "", "trials", "20.5", "a whole number", "give a whole number"),
    ("trials: 20", "trials: ^[20]", "", "trials", "a list of 1 items", "a whole number", "write for example \"44\""),
    ("trials: 20", "trials:^", "", "trials", "nothing", "a whole number", "write for example \"44\""),
    ("futures: 4", "futures: ^21", "", "futures", "21 futures for 20 trials", "at most one future per trial", "lower it or raise trials"),
    ("futures: 4", "futures: ^.nan", "", "futures", "nan", "a whole number", "finite"),
    ("seed: 7", "seed: ^-1", "", "seed", "-1", "a whole number", "give a value in that range"),
    ("{area: conus}\nassets", "{area: ^konus}\nassets", "", "defended.0.area", "the unknown area 'konus'", "alaska, arctic", "did you mean 'conus'?"),
    ("- {area: conus}\nassets", "- ^conus\nassets", "", "defended.0", "'conus'", "a mapping", "write it in that form"),
    ("- {area: conus}\nassets", "- ^{}\nassets", "", "defended.0", "none of area, cities, circle", "exactly one of", "add one"),
    ("{area: conus}\nassets", "^{area: conus, circle: {at: [1 deg, 2 deg], radius: 50 km}}\nassets", "", "defended.0", "area and circle together", "exactly one of", "keep one"),
    ("{area: conus}\nassets", "{circle: {at: [^95 deg, 2 deg], radius: 50 km}}\nassets", "", "defended.0.circle.at.0", "95 deg", "at least -90 deg", "give a value in that range"),
    ("{area: conus}\nassets", "{circle: {at: ^[9 deg], radius: 50 km}}\nassets", "", "defended.0.circle.at", "only 1 of its items", "the whole list", "complete the list"),
    ("{area: conus}\nassets", "{cities: {country: ^UK, min_population: 500 000}}\nassets", "", "defended.0.cities.country", "the country 'UK', which has no city in the list", "two-letter code", "use the two-letter code"),
    ("{area: conus}\nassets", "{cities: {country: JP, min_population: ^90 000 000}}\nassets", "", "defended.0.cities.min_population", "90000000, above every city of JP", "at most ", "lower it"),
    ("{area: conus}\nassets", "{cities: {country: JP, min_population: ^5}}\nassets", "", "defended.0.cities.min_population", "5", "from 100000 to 100000000", "in that range"),
    ("  - {area: conus}\nassets", "  ^[]\nassets", "", "defended", "an empty list", "at least one entry", "add an entry"),
    ("use: lrdr", "use: ^lrda", "", "assets.0.use", "the unknown system 'lrda'", "a system of the catalogue", "did you mean 'lrdr'?"),
    ("use: lrdr", "use: ^icbm-liquid", "", "assets.0.use", "'icbm-liquid', which is of the kind threat", "a system of the kind radar", "opendome list systems"),
    ("use: lrdr", "use: ^3", "", "assets.0.use", "3", "text", "put it in quotes"),
    ("{use: lrdr, nation: US}", "^{nation: US}", "", "assets.0", "none of use, kind", "exactly one of", "add one"),
    ("{use: lrdr, nation: US}", "^{use: lrdr, kind: radar, nation: US}", "", "assets.0", "use and kind together", "exactly one of", "keep one"),
    ("{use: lrdr, nation: US}", "{kind: ^radio, nation: US}", "", "assets.0.kind", "'radio'", "radar, infrared-satellite", "did you mean 'radar'?"),
    ("{use: spy1d, nation: JP}", "^{use: lrdr, nation: JP}", "", "assets.2", "a second asset named 'lrdr' (the first is on line 7)", "a different name", "add \"name: ...\""),
    ("{use: spy1d, nation: JP}", "^{use: spy6, nation: JP}", "", "assets.2", "spy6, for which the catalogue has no latitude", "every value it needs", "give them here"),
    ("lrdr, nation: US", "lrdr, nation: US, layer: ^upper", "", "assets.0.layer", "a layer for a radar", "interceptors", "remove it"),
    ("lrdr, nation: US", "lrdr, nation: US, latitude: ^95 deg", "", "assets.0.latitude", "95 deg", "at least -90 deg, at most 90 deg", "give a value in that range"),
    ("lrdr, nation: US", "lrdr, nation: US, altitude: ^-5 m", "", "assets.0.altitude", "-5 m", "at least 0 m", "give a value in that range"),
    ("lrdr, nation: US", "lrdr, nation: US, range_max: ^4000", "", "assets.0.range_max", "4000 without a unit", "a length in", "1500 km"),
    ("lrdr, nation: US", "lrdr, nation: US, range_max: ^4000 s", "", "assets.0.range_max", "'4000 s', which is a duration", "a length in", "give the right quantity"),
    ("lrdr, nation: US", "lrdr, nation: US, range_max: ^4000 kn", "", "assets.0.range_max", "the unknown unit 'kn' in '4000 kn'", "a length in", "did you mean 'km'?"),
    ("lrdr, nation: US", "lrdr, nation: US, range_max: ^5000 km..4000 km", "", "assets.0.range_max", "the reversed interval '5000 km..4000 km'", "low..high", "swap the two numbers"),
    ("lrdr, nation: US", "lrdr, nation: US, range_max: ^-4000 km", "", "assets.0.range_max", "-4000 km", "at least 1 km", "give a value in that range"),
    ("lrdr, nation: US", "lrdr, nation: US, range_max: ^nan km", "", "assets.0.range_max", "'nan km'", "a length", "write for example"),
    ("lrdr, nation: US", "lrdr, nation: US, range_max: ^~", "", "assets.0.range_max", "nothing", "a length", "1500 km"),
    ("lrdr, nation: US", "lrdr, nation: US, range_max: ^1e12 km", "", "assets.0.range_max", "'1e12 km'", "a length", "give a value in that range"),
    ("lrdr, nation: US", "lrdr, nation: US, elevation_min: 89 deg", "7:5", "assets.0", "elevation 89 deg to 85..90 deg", "elevation_min below elevation_max", "correct one of them"),
    ("gbi, nation: US", "gbi, nation: US, p_kill: ^1.2", "", "assets.1.p_kill", "1.2", "from 0 to 1", "in that range"),
    ("gbi, nation: US", "gbi, nation: US, p_kill: ^21 of 12", "", "assets.1.p_kill", "'21 of 12'", "successes <= trials", "check the order"),
    ("gbi, nation: US", "gbi, nation: US, sites: {fort-greely: ^0}", "", "assets.1.sites.fort-greely", "a stock of 0", "at least 1", "remove the site"),
    ("gbi, nation: US", "gbi, nation: US, sites: {fort-greely: {stock: ^0}}", "", "assets.1.sites.fort-greely.stock", "a stock of 0", "at least 1", "remove the site"),
    ("gbi, nation: US", "gbi, nation: US, sites: {fort-greeley: ^9}", "", "assets.1.sites.fort-greeley", "the unknown site 'fort-greeley'", "fort-greely, vandenberg", "did you mean 'fort-greely'?"),
    ("gbi, nation: US", "gbi, nation: US, sites: {guam: ^9}", "", "assets.1.sites.guam", "the unknown site 'guam'", "fort-greely, vandenberg", "give its latitude, longitude and stock"),
    ("gbi, nation: US", "gbi, nation: US, sites: ^{}", "", "assets.1.sites", "an empty mapping", "at least 1 long", "fill it in"),
    ("gbi, nation: US", "gbi, nation: US, sites: ^44", "", "assets.1.sites", "44", "a mapping", "write it in that form"),
    ("gbi, nation: US", "gbi, nation: US, phases: [^midcours]", "", "assets.1.phases.0", "'midcours'", "boost, midcourse or terminal", "did you mean 'midcourse'?"),
    ("name: sbi", "name: sbi, constellation: ^{satellites: 7801}", "", "assets.3.constellation", "7801 satellites in 78 planes", "same whole number", "change satellites"),
    ("name: sbi", "name: sbi, constellation: {satellites: ^7800000}", "", "assets.3.constellation.satellites", "7800000", "at most 1000000", "in that range"),
    ("name: sbi", "name: sbi, constellation: {satellites: 780000}", "10:5", "assets.3", "780000 satellites in all, 780000 of them here", "at most 200000", "use fewer satellites"),
    ("name: sbi", "name: sbi, constellation: {satellites: ^0}", "", "assets.3.constellation.satellites", "0", "at least 1", "in that range"),
    ("from: JP", "from: ^KR", "", "sharing.0.from", "'KR', a nation without assets", "JP, US", "give it an asset"),
    ("to: US, what", "to: ^GB, what", "", "sharing.0.to", "'GB', a nation without assets", "JP, US", "give it an asset"),
    ("from: JP, to: US, what", "from: US, to: US, what", "12:5", "sharing.0", "a sharing rule from US to US", "two different nations", "delete the rule"),
    ("what: tracks, delay: 2 s", "what: tracks", "12:5", "sharing.0", "tracks from JP to US without a delay", "0 s or more", "delay: 2 s"),
    ("what: tracks", "what: ^track", "", "sharing.0.what", "'track'", "tracks, cue or nothing", "did you mean 'tracks'?"),
    ("delay: 2 s}", "delay: 2 s}\n  - ^{from: JP, to: US, what: cue}", "", "sharing.1", "two sharing rules from JP to US", "one rule", "keep the one that holds"),
    ("{use: spy1d, nation: JP}", "{use: sm3-iia, nation: JP}", "12:12", "sharing.0.from", "'JP', a nation without sensors", "a nation with sensors: US", "remove the rule"),
    ("class: icbm-solid", "class: ^icbm-sold", "", "raid.0.class", "the unknown system 'icbm-sold'", "a system of the catalogue", "did you mean 'icbm-solid'?"),
    ("class: icbm-solid", "class: ^gbi", "", "raid.0.class", "'gbi', which is of the kind surface-interceptor", "of the kind threat", "opendome list systems"),
    ("count: 2", "count: ^0", "", "raid.0.count", "0", "a whole number from 1 to 10000", "or remove the entry"),
    ("count: 2", "count: ^20 000", "", "raid.0.count", "20000", "from 1 to 10000", "in that range"),
    ("{area: north-east-asia}", "{area: ^north-east}", "", "raid.0.from.area", "the unknown area 'north-east'", "north-east-asia", "did you mean 'north-east-asia'?"),
    ("{area: north-east-asia}", "{city: ^Pyongjang}", "", "raid.0.from.city", "the unknown city 'Pyongjang'", "at least 100,000 people", "did you mean 'Pyongyang'?"),
    ("{area: north-east-asia}", "^{city: Tokyo, area: japan}", "", "raid.0.from", "area and city together", "exactly one of", "keep one"),
    ("{area: north-east-asia}", "{at: [45 deg, ^100]}", "", "raid.0.from.at.1", "100 without a unit", "an angle in", "45 deg"),
    ("{area: north-east-asia}", "{area: conus}", "14:5", "raid.0", " km from start to aim", "for the class icbm-solid", "choose another class"),
    ("class: icbm-solid", "class: srbm", "14:5", "raid.0", " km from start to aim", "for the class srbm", "choose another class"),
    ("within: 60 s", "within: ^2 days", "", "raid.0.within", "2 day", "at most 1 day", "in that range"),
    ("within: 60 s", "within: 60 s, reliability: ^2", "", "raid.0.reliability", "2", "a probability", "in that range"),
    ("  - {class", "  ^{class", "", "raid", "a mapping of 5 keys", "a list", "write it in that form"),
    ("cycle: 5 s", "cycle: ^-5 s", "", "command.cycle", "'-5 s'", "a duration", "in that range"),
    ("gbi: shoot-look-shoot", "^gbo: shoot-look-shoot", "", "command.doctrine.gbo", "the unknown layer 'gbo'", "gbi, sbi", "did you mean 'gbi'?"),
    ("gbi: shoot-look-shoot", "gbi: ^shoot", "", "command.doctrine.gbi", "'shoot'", "shoot-look-shoot", "write one of these"),
    ("{salvo: 2}", "{salvo: ^0}", "", "command.doctrine.sbi.salvo", "0", "at least 1", "in that range"),
    ("{salvo: 2}", "{looks: ^soon}", "", "command.doctrine.sbi.looks", "'soon'", "a whole number, or unlimited", "write one of these"),
    ("tracking: {confirm_hits: 2}", "tracking: ^2", "", "tracking", "2", "a mapping", "write it in that form"),
    ("confirm_hits: 2", "confirm_hits: 9", "16:11", "tracking", "confirm_hits 9 of confirm_window 5", "at most confirm_window", "lower confirm_hits"),
]  # fmt: skip


def problems_of(text: str):
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f")
    return caught.value.problems


def place_of_mark(text: str) -> str:
    """line:column of the mark ^ in a text."""
    before = text[: text.index("^")]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def test_the_small_scenario_is_sound():
    assert load_text(BASE).name == "small"


@pytest.mark.parametrize(
    ("old", "new", "where", "path", "got", "allowed", "do"), CASES, ids=lambda v: str(v)[:40]
)
def test_one_problem_gives_one_message(old, new, where, path, got, allowed, do):
    where = where or place_of_mark(change(old, new))
    problems = problems_of(change(old, new.replace("^", "")))
    if old == "raid:\n":
        problems = [p for p in problems if p.path == path]
    (problem,) = problems
    assert (problem.where, problem.path) == (f"f:{where}", path)
    assert got in problem.got
    assert allowed in problem.allowed
    assert do in problem.do


def test_all_problems_come_at_once_in_the_order_of_the_file():
    text = BASE
    for old, new in [
        ("title: A small scenario", "title: 3"),
        ("{area: conus}\nassets", "{area: konus}\nassets"),
        ("use: gbi", "use: gbx"),
        ("lrdr, nation: US", "lrdr, nation: US, range_max: 4 s, latitude: 99 deg"),
        ("from: JP", "from: KR"),
        ("count: 2", "count: 0"),
        ("trials: 20", "trials: x"),
        ("seed: 7", "seed: 7\nseed: 8"),
    ]:
        text = text.replace(old, new)
    problems = problems_of(text)
    assert [p.line for p in problems] == [2, 5, 7, 7, 8, 12, 14, 15, 17, 20]
    text = str(ScenarioError(problems))
    assert text.count("\n") == len(problems) - 1


def test_too_many_objects_in_all():
    line = (
        "  - {class: icbm-solid, count: 6000, from: {area: north-east-asia}, to: {area: conus}}\n"
    )
    problems = problems_of(BASE.replace("raid:\n", "raid:\n" + line * 2))
    assert any("12002 objects in all" in p.got and p.path == "raid" for p in problems)


def test_too_many_pairs_and_rows():
    text = change("count: 2", "count: 9000").replace("trials: 20", "trials: 10 000 000")
    got = {p.path: p.got for p in problems_of(text)}
    assert got["raid"] == "9000 objects times 7800 satellites"
    assert got["trials"].startswith("9000 objects in each trial, 90000000000 fates")


def test_an_inline_asset_names_everything_it_lacks():
    problems = problems_of(change("{use: lrdr, nation: US}", "{kind: radar, nation: US}"))
    assert {p.path for p in problems} >= {"assets.0.latitude", "assets.0.look_budget"}
    assert all(p.got.startswith('no "') and p.do.startswith('add "') for p in problems)


def test_an_unknown_name_says_what_there_is():
    with pytest.raises(ScenarioError, match="did you mean 'golden-dome'") as caught:
        load("golden-dom")
    assert "homeland-2026" in caught.value.problems[0].allowed
    with pytest.raises(ScenarioError, match="no such file"):
        load("some/where.yaml")
