"""How a raid is declared: several places, waves, carriers; and what is refused."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.scenario.loading import load, load_text
from opendome.scenario.problems import ScenarioError
from opendome.scenario.raid_spec import RaidFrame, deal, ways
from opendome.threats.models import fly_raid
from opendome.world.geodesy import geodesic_inverse

HEAD = """\
scenario: small
title: A small raid
epoch: 2029-01-20T12:00:00Z
defended:
  - {area: conus}
assets:
  - {use: lrdr, nation: US}
trials: 4
futures: 2
seed: 7
raid:
"""
ICBM = "class: icbm-solid, from: {area: north-east-asia}, to: {area: conus}"
CRUISE = "class: cruise-subsonic, from: {area: west-atlantic}, to: {area: mid-atlantic-coast}"
BOMBER = "{class: bomber-subsonic, from: {at: [45 deg, -40 deg]}, load: 3}"


def raid(*entries):
    """A scenario with some raid entries."""
    return load_text(HEAD + "".join(f"  - {{{entry}}}\n" for entry in entries))


def groups(*entries, future=0):
    """Groups of one future of some raid entries."""
    return raid(*entries).realise(future).raid_groups


def refusals(*entries):
    """Path and words of every problem of some raid entries."""
    with pytest.raises(ScenarioError) as caught:
        raid(*entries)
    return [(problem.path, str(problem)) for problem in caught.value.problems]


# --- when ------------------------------------------------------------------------------


def test_all_at_once():
    (group,) = groups(f"{ICBM}, count: 5, start: 10 s")
    assert np.array_equal(group.launch_t_s, np.full(5, 10.0))


def test_spread_over_a_time():
    (group,) = groups(f"{ICBM}, count: 50, start: 10 s, within: 60 s")
    assert group.launch_t_s.min() >= 10.0
    assert group.launch_t_s.max() <= 70.0
    assert group.launch_t_s.std() > 10.0


def test_one_after_the_other():
    (group,) = groups(f"{ICBM}, count: 5, start: 10 s, every: 30 s")
    assert np.array_equal(group.launch_t_s, 10.0 + 30.0 * np.arange(5))


def test_in_waves():
    (group,) = groups(f"{ICBM}, count: 7, waves: 3, every: 10 min, within: 1 min")
    wave = np.floor(group.launch_t_s / 600.0)
    assert np.bincount(wave.astype(int)).tolist() == [3, 2, 2]
    assert np.all(np.diff(wave) >= 0.0)
    assert np.all(group.launch_t_s - 600.0 * wave <= 60.0)


@given(count=st.integers(1, 40), data=st.data())
def test_every_wave_has_its_share(count, data):
    waves = data.draw(st.integers(1, count))
    sizes = np.bincount([unit * waves // count for unit in range(count)], minlength=waves)
    assert sizes.max() - sizes.min() <= 1


@pytest.mark.parametrize(
    ("entry", "path", "words"),
    [
        ("count: 5, waves: 2", "raid.0.waves", "waves without every"),
        ("count: 2, waves: 3, every: 1 min", "raid.0.waves", "3 waves for 2 objects"),
        ("count: 5, every: 30 s, within: 1 min", "raid.0.every", "waves that do not overlap"),
        ("count: 5, every: 0 s", "raid.0.every", "more than 0 s"),
        ("count: 5, waves: 0, every: 1 s", "raid.0.waves", "a whole number from 1"),
    ],
)
def test_contradictions_in_time_are_refused(entry, path, words):
    ((found, text),) = refusals(f"{ICBM}, {entry}")
    assert found == path
    assert words in text


# --- where -----------------------------------------------------------------------------

TWO = "from: [{at: [40 deg, 127 deg], share: 3}, {at: [55 deg, 80 deg]}]"


def starts_of(group):
    return np.degrees(group.launch_lat_rad).round(6)


def test_places_get_their_shares():
    (group,) = groups(f"class: icbm-solid, count: 12, {TWO}, to: {{city: Denver}}")
    assert np.count_nonzero(starts_of(group) == 40.0) == 9
    assert np.count_nonzero(starts_of(group) == 55.0) == 3
    assert 55.0 in starts_of(group)[:4]  # dealt in turn, not in blocks


def test_every_start_fires_at_every_aim():
    both = "from: [{at: [40 deg, 127 deg]}, {at: [55 deg, 80 deg]}]"
    to = "to: [{at: [40 deg, -100 deg]}, {at: [45 deg, -100 deg]}]"
    (group,) = groups(f"class: icbm-solid, count: 8, {both}, {to}")
    pairs = {tuple(course) for course in np.degrees(group.courses)[:, [0, 2]].round(6)}
    assert pairs == set(itertools.product((40.0, 55.0), (40.0, 45.0)))


@given(shares=st.lists(st.integers(1, 9), min_size=1, max_size=6), count=st.integers(0, 60))
def test_dealing_is_fair(shares, count):
    dealt = deal(tuple(shares), count)
    for place, share in enumerate(shares):
        assert abs(dealt.count(place) - count * share / sum(shares)) < len(shares)
    assert len(dealt) == count


def test_a_list_of_one_place_is_that_place():
    one = groups(f"{ICBM}, count: 4, within: 60 s", future=1)[0]
    several = groups(
        "class: icbm-solid, count: 4, within: 60 s, from: [{area: north-east-asia}], "
        "to: [{area: conus}]",
        future=1,
    )[0]
    assert np.array_equal(one.courses, several.courses)
    assert np.array_equal(one.launch_t_s, several.launch_t_s)


def test_only_ways_that_are_flown_must_be_within_reach():
    """The second start is too near, and no object falls to it."""
    two = "from: [{at: [40 deg, 127 deg], share: 9}, {at: [50 deg, -100 deg]}]"
    assert raid(f"class: icbm-solid, count: 5, {two}, to: {{city: Denver}}")
    found = refusals(f"class: icbm-solid, count: 20, {two}, to: {{city: Denver}}")
    assert [path for path, _ in found] == ["raid.0"]


def test_each_place_of_a_list_is_checked():
    found = refusals(
        "class: icbm-solid, count: 5, to: {city: Denver}, from: [{area: konus}, "
        "{city: Nowherville}, {area: conus, city: Boston}, {at: [40 deg, 127 deg], share: 0}]"
    )
    assert [path for path, _ in found] == [
        "raid.0.from.0.area",
        "raid.0.from.1.city",
        "raid.0.from.2",
        "raid.0.from.3.share",
    ]


def test_an_empty_list_of_places_is_refused():
    ((path, _),) = refusals("class: icbm-solid, count: 5, to: {city: Denver}, from: []")
    assert path == "raid.0.from"


def test_values_of_a_listed_place_have_their_own_path():
    scenario = raid(
        "class: icbm-solid, count: 4, to: {city: Denver}, from: [{at: [39..41 deg, 127 deg]}]"
    )
    assert "raid.0.from.0.at.0" in {entry.path for entry in scenario.inputs()}
    assert "raid.0.from.0.at.0" in scenario.realise(0).sampled
    assert scenario.sampled(1) == scenario.realise(1).sampled


def test_the_resolved_form_reads_back():
    entry = f"{CRUISE}, count: 7, start: 3 h, every: 10 min, waves: 2, carrier: {BOMBER}"
    other = f"class: icbm-solid, count: 12, {TWO}, to: {{city: Denver}}"
    scenario = raid(entry, other)
    assert load_text(scenario.resolved_yaml()).digest == scenario.digest


@given(count=st.integers(1, 30), load=st.integers(1, 8), share=st.integers(1, 5))
def test_missiles_of_one_carrier_start_together(count, load, share):
    frame = RaidFrame.model_validate(
        {
            "class": "cruise-subsonic",
            "count": count,
            "from": [{"area": "guam", "share": share}, {"area": "japan"}],
            "to": {"area": "conus"},
            "carrier": {"class": "bomber-subsonic", "from": {"area": "alaska"}, "load": load},
        }
    )
    starts = [start for start, _ in ways(frame)]
    for first in range(0, count, load):
        assert len(set(starts[first : first + load])) == 1


# --- what carries it -------------------------------------------------------------------


def test_carriers_come_after_everything_declared():
    entries = (f"{CRUISE}, count: 7, start: 3 h, carrier: {BOMBER}", f"{ICBM}, count: 2")
    missiles, icbms, bombers = groups(*entries)
    assert missiles.parent.tolist() == [9, 9, 9, 10, 10, 10, 11]
    assert icbms.parent is None
    assert not bombers.lethal
    assert bombers.entry == 0
    assert raid(*entries).raid_by_class() == {
        "cruise-subsonic": 7,
        "bomber-subsonic": 3,
        "icbm-solid": 2,
    }


def test_a_carrier_changes_nobody_elses_draws():
    carried = groups(f"{CRUISE}, count: 7, start: 3 h, carrier: {BOMBER}", f"{ICBM}, count: 2")
    alone = groups(f"{CRUISE}, count: 7, start: 3 h", f"{ICBM}, count: 2")
    assert np.array_equal(carried[1].courses, alone[1].courses)
    assert np.array_equal(carried[0].courses[::3], alone[0].courses[::3])


def test_the_carrier_is_there_when_it_lets_go():
    real = raid(f"{CRUISE}, count: 7, start: 3 h, within: 1 h, carrier: {BOMBER}").realise(0)
    flown = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=1.0)
    assert flown.refused == ()
    for missile in range(7):
        aircraft = flown.parent[missile]
        since_s = flown.launch_t_s[missile] - flown.launch_t_s[aircraft]
        before = int(since_s)
        # it turns at once at the release, so that the sample before is on the line to it
        gone_s = since_s - before
        place = flown.pos_eci_m[aircraft, before] + gone_s * flown.vel_eci_m_s[aircraft, before]
        assert np.linalg.norm(place - flown.pos_eci_m[missile, 0]) < 0.1
    assert not flown.lethal[7:].any()
    assert np.all(flown.parent[7:] == -1)


def test_the_carrier_comes_home():
    real = raid(f"{CRUISE}, count: 3, start: 3 h, carrier: {BOMBER}").realise(0)
    flown = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=10.0)
    assert np.degrees(flown.impact_lat_rad[3]) == pytest.approx(45.0)
    out_m, _, _ = geodesic_inverse(
        flown.launch_lat_rad[[3]],
        flown.launch_lon_rad[[3]],
        flown.launch_lat_rad[[0]],
        flown.launch_lon_rad[[0]],
    )
    speed_m_s = real.raid_groups[1].threat.aircraft.speed_m_s
    flight_s = flown.impact_t_s[3] - flown.launch_t_s[3]
    assert flight_s == pytest.approx(2.0 * out_m[0] / speed_m_s, rel=5e-3)


@pytest.mark.parametrize(
    ("entry", "path", "words"),
    [
        (
            f"{ICBM}, count: 2, carrier: {BOMBER.replace('45 deg, -40', '30 deg, 140')}",
            "raid.0.carrier",
            "starts from the ground",
        ),
        (
            f"{CRUISE}, count: 2, launch_altitude: 5 km, carrier: {BOMBER}",
            "raid.0.launch_altitude",
            "with a carrier",
        ),
        (
            f"{CRUISE}, count: 2, carrier: {{class: icbm-solid, from: {{area: japan}}, load: 1}}",
            "raid.0.carrier.class",
            "a class of the flight cruise",
        ),
        (
            f"{CRUISE}, count: 2, carrier: {{class: bomber-subsonic, from: {{area: japan}},"
            " load: 1, range_max: 3000 km}",
            "raid.0.carrier",
            "from the base to the release and back",
        ),
        (
            f"{CRUISE}, count: 2, carrier: {BOMBER.replace('load', 'via: [[9 deg, 9 deg]], load')}",
            "raid.0.carrier.via",
            "a straight way",
        ),
        (
            f"{CRUISE}, count: 7, waves: 4, every: 1 h, carrier: {BOMBER}",
            "raid.0.waves",
            "4 waves for 3 loaded carriers",
        ),
        (
            f"{CRUISE}, count: 2, carrier: {{class: bomber-subsonic, from: {{area: japann}},"
            " load: 1}",
            "raid.0.carrier.from.area",
            "did you mean 'japan'",
        ),
        (
            f"{CRUISE}, count: 2, carrier: {BOMBER.replace('load', 'sped: 3 km/s, load')}",
            "raid.0.carrier.sped",
            "did you mean 'speed'",
        ),
    ],
)
def test_contradictions_of_carriers_are_refused(entry, path, words):
    ((found, text),) = refusals(entry)
    assert found == path
    assert words in text


def test_a_release_too_near_the_base_is_refused_when_flown():
    near = "{class: bomber-subsonic, from: {at: [35 deg, -68 deg]}, load: 3, range_min: 1 km}"
    entry = CRUISE.replace("{area: west-atlantic}", "{at: [35.1 deg, -68 deg]}")
    real = raid(f"{entry}, count: 1, start: 3 h, carrier: {near}").realise(0)
    flown = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=10.0)
    assert [refusal.group for refusal in flown.refused] == [0]
    assert "cannot release there" in flown.refused[0].reason


# --- rockets ---------------------------------------------------------------------------


def test_rockets_scatter_by_their_own_luck():
    entry = (
        "class: rocket-home-made, count: 40, from: {at: [31.5 deg, 34.45 deg]}, "
        "to: {at: [31.55 deg, 34.5 deg]}, dispersion: 0.05"
    )
    real = raid(entry).realise(0)
    flown = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=1.0)
    assert np.all(np.abs(flown.impact_lat_rad - flown.impact_lat_rad.mean()) > 0.0)
    assert 100.0 < 6.37e6 * flown.impact_lat_rad.std() < 900.0
    again = raid(entry, f"{ICBM}, count: 3").realise(0).raid_groups[0]
    assert np.array_equal(again.scatter, real.raid_groups[0].scatter)


# --- built in --------------------------------------------------------------------------


def test_the_mixed_raid_mixes():
    real = load("mixed-raid").realise(0)
    flown = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=5.0)
    assert flown.refused == ()
    assert set(flown.class_names) >= {
        "owa-drone",
        "cruise-subsonic",
        "hgv",
        "irbm",
        "bomber-subsonic",
    }
    fast = np.isin(flown.object_class, [flown.class_names.index(n) for n in ("hgv", "irbm")])
    slow = flown.lethal & ~fast
    assert flown.impact_t_s[slow].min() < flown.impact_t_s[fast].min()
    assert flown.impact_t_s[fast].max() < flown.impact_t_s[slow].max()
