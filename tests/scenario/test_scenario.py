"""Scenarios as a whole: built-ins, provenance, the resolved form, futures."""

import math

import numpy as np
import pytest

from opendome.quantities.constants import RADIUS_MEAN_M, ROTATION_RAD_S, SECONDS_PER_DAY
from opendome.quantities.errors import OpendomeError
from opendome.scenario import places
from opendome.scenario.loading import load, load_text, read_document, source_text
from opendome.scenario.names import scenario_names
from opendome.scenario.problems import ScenarioError
from opendome.scenario.realisation import later_orbit, later_walker
from opendome.sources.catalogue import load_sources, load_system
from opendome.world.time import earth_rotation_angle_rad

from .documents import BASE, change

BUILT_IN = (
    "cruise-coast", "fractional-orbit", "golden-dome", "golden-dome-cut-off", "golden-dome-peer",
    "homeland-2026", "hypersonic-pacific", "iron-dome-2014", "mixed-raid", "no-shield",
)  # fmt: skip


@pytest.fixture(scope="module")
def small():
    return load_text(BASE)


@pytest.fixture(scope="module", params=BUILT_IN)
def built_in(request):
    return load(request.param)


def test_the_built_ins():
    assert scenario_names() == BUILT_IN


def test_a_built_in_is_sound_and_leans_on_known_sources(built_in):
    known = load_sources()
    for entry in built_in.inputs():
        assert entry.passport.sources, entry.path
        assert set(entry.passport.sources) <= set(known), entry.path
        assert entry.text
    assert built_in.cited()
    assert 0.0 < built_in.unverified_share() < 0.5


def test_a_built_in_says_why_it_assumes():
    """Every value its author gave stands below a comment or is a choice of the question."""
    for name in ("golden-dome", "golden-dome-cut-off", "golden-dome-peer"):
        text = source_text(name)
        assert text.count("Project assumption") >= 6


def test_layers_and_stock():
    golden = load("golden-dome")
    assert golden.layers == ("sbi", "upper", "lower", "regional")
    assert golden.layer_stock == (7800, 104, 192, 480)
    assert golden.raid_by_class() == {"icbm-solid": 10}
    home = load("homeland-2026")
    assert (home.layers, home.layer_stock) == (("upper",), (44,))
    assert load("no-shield").layers == ()


def test_the_peer_meets_the_same_shield():
    first, second = read_document("golden-dome").data, read_document("golden-dome-peer").data
    for key in ("defended", "assets", "sharing", "command", "epoch", "trials", "futures", "seed"):
        assert first[key] == second[key], key
    assert load("golden-dome-peer").raid_by_class() == {"icbm-solid": 300}


def test_the_shield_that_is_cut_off_is_the_same():
    first, second = (read_document(f"golden-dome{end}").data for end in ("", "-cut-off"))
    for key in ("defended", "assets", "sharing", "raid", "epoch", "trials", "futures", "seed"):
        assert first[key] == second[key], key
    assert first["command"]["doctrine"] == second["command"]["doctrine"]
    apart = load("golden-dome-cut-off")
    real = apart.realise(0)
    assert real.nodes == ("US", "alaska", "west", "middle", "east")
    assert real.cut_off == ("US",)
    (said,) = apart.consequences
    assert said.startswith("out of action where US is cut off: sbirs-geo, sbirs-heo")
    assert "ngi" not in said


def test_the_resolved_form_reads_back_to_the_same_scenario(built_in):
    text = built_in.resolved_yaml()
    again = load_text(text)
    assert again.digest == built_in.digest
    assert again.resolved_yaml() == text
    for first, second in zip(built_in.inputs(), again.inputs(), strict=True):
        assert (first.path, first.value) == (second.path, second.value)
        assert first.passport == second.passport, first.path


def test_words_for_people_do_not_change_the_digest_but_any_value_does(small):
    assert load_text(change("title: A small scenario", "title: Other words")).digest == small.digest
    for old, new in [
        ("seed: 7", "seed: 8"),
        ("trials: 20", "trials: 21"),
        ("cycle: 5 s", "cycle: 5001 ms"),
        ("count: 2", "count: 3"),
        ("salvo: 2", "salvo: 3"),
        ("delay: 2 s", "delay: 3 s"),
        ("12:00:00Z", "12:00:01Z"),
    ]:
        assert load_text(change(old, new)).digest != small.digest, new


def test_the_same_moment_in_another_zone_is_the_same_scenario(small):
    other = load_text(change("2029-01-20T12:00:00Z", "2029-01-20T21:00:00+09:00"))
    assert other.digest == small.digest


def test_who_vouches_for_what():
    text = change("lrdr, nation: US", "lrdr, nation: US, range_max: 5000 km, latitude: 64.29 deg")
    inputs = {entry.path: entry for entry in load_text(text).inputs()}
    system = load_system("lrdr")
    assert inputs["assets.lrdr.range_max"].passport.sources == ("scenario-author",)
    assert inputs["assets.lrdr.latitude"].passport == system.parameters["latitude"].passport
    assert inputs["assets.lrdr.longitude"].passport == system.parameters["longitude"].passport
    assert inputs["assets.lrdr.altitude"].passport.note == "default of the scenario form"
    engine = load_system("engine-defaults").parameters
    assert inputs["command.cycle"].passport == engine["cycle"].passport  # the same value, 5 s
    assert inputs["command.confirm"].passport == engine["confirm"].passport
    assert inputs["assets.gbi.sites.vandenberg.stock"].text == "4"


def test_sites_named_are_the_only_sites_used():
    text = change("gbi, nation: US", "gbi, nation: US, sites: {vandenberg: 9}")
    scenario = load_text(text)
    spec = scenario.assets[1].values.spec
    assert list(spec.sites) == ["vandenberg"]
    inputs = {entry.path: entry for entry in scenario.inputs()}
    gbi = load_system("gbi").parameters
    path = "assets.gbi.sites.vandenberg"
    assert inputs[f"{path}.stock"].passport.sources == ("scenario-author",)
    assert inputs[f"{path}.latitude"].passport == gbi["sites.vandenberg.latitude"].passport


def test_another_kind_of_orbit_replaces_the_one_of_the_catalogue():
    asset = "{use: sbirs-geo, nation: US, constellation: {walker: delta, satellites: 6, planes: 3, "
    asset += "altitude: 1000 km, inclination: 60 deg}}"
    spec = load_text(change("{use: lrdr, nation: US}", asset)).assets[0].values.spec
    assert spec.geostationary is None
    assert spec.constellation.satellites.middle == 6.0


def test_an_asset_without_the_catalogue():
    radar = load_text(change("{use: lrdr, nation: US}", RADAR)).assets[0]
    assert (radar.system, radar.name, radar.kind) == (None, "own", "radar")


RADAR = """{kind: radar, name: own, nation: US, latitude: 60 deg, longitude: -150 deg,
    azimuth_from: 180 deg, azimuth_to: 420 deg, elevation_min: 3 deg, elevation_max: 85 deg,
    range_max: 5000 km, range_reference: 3000 km, rcs_reference: 1 m2, snr_reference: 20 dB,
    p_false_alarm: 1e-6, angle_noise: 0.1 deg, angle_noise_floor: 0.01 deg, range_noise: 10 m,
    range_noise_floor: 3 m, look_interval: 5 s, look_budget: 50 1/s}"""


# futures


def test_a_future_is_the_same_each_time_and_unlike_the_next(small):
    first, again, other = small.realise(3), small.realise(3), small.realise(4)
    assert first.sampled == again.sampled
    assert np.array_equal(first.raid_groups[0].aim_lat_rad, again.raid_groups[0].aim_lat_rad)
    assert first.era_epoch_rad != other.era_epoch_rad
    assert first.sampled.keys() == other.sampled.keys()
    shared = [path for path, value in first.sampled.items() if other.sampled[path] == value]
    assert shared == []


def test_every_uncertain_input_is_drawn_inside_its_interval(built_in):
    uncertain = {e.path: e.value for e in built_in.inputs() if e.value.uncertain}
    for future in range(3):
        sampled = built_in.sampled(future)
        assert sampled == built_in.realise(future).sampled
        assert set(sampled) == {*uncertain, "epoch_offset"}
        for path, value in uncertain.items():
            assert value.quantile(1e-12) <= sampled[path] <= value.quantile(1.0 - 1e-12)
        assert 0.0 < sampled["epoch_offset"] < SECONDS_PER_DAY


def test_a_change_elsewhere_leaves_the_draws_alone(small):
    """Common random numbers: adding an asset and changing a value keep everything else."""
    more = load_text(
        change("{use: lrdr, nation: US}", "{use: lrdr, nation: US}\n  - {use: parcs, nation: US}")
    )
    first, second = small.realise(2), more.realise(2)
    assert {path: second.sampled[path] for path in first.sampled} == first.sampled
    assert np.array_equal(first.raid_groups[0].launch_t_s, second.raid_groups[0].launch_t_s)
    assert np.array_equal(first.raid_groups[0].aim_lon_rad, second.raid_groups[0].aim_lon_rad)


def test_the_seed_changes_everything(small):
    assert small.realise(0).sampled != small.with_seed(8).realise(0).sampled
    assert small.with_seed(8).seed == 8


def test_the_moment_is_even_over_a_day(small):
    offsets = np.array([small.sampled(future)["epoch_offset"] for future in range(200)])
    sorted_shares = np.sort(offsets) / SECONDS_PER_DAY
    steps = (np.arange(200) + 0.5) / 200
    assert np.abs(sorted_shares - steps).max() < 1.95 / math.sqrt(200)  # KS, false alarm 1e-3


def test_the_raid_starts_and_ends_where_it_should():
    real = load("golden-dome-peer").realise(0)
    (group,) = real.raid_groups
    assert group.launch_t_s.shape == (300,)
    assert (group.launch_t_s > 0.0).all()
    assert (group.launch_t_s < 600.0).all()
    start = places.area("eurasia-interior")
    aim = places.area("conus")
    assert start.contains(group.launch_lat_rad, group.launch_lon_rad).all()
    assert aim.contains(group.aim_lat_rad, group.aim_lon_rad).all()
    a = places_vectors(group.launch_lat_rad, group.launch_lon_rad)
    b = places_vectors(group.aim_lat_rad, group.aim_lon_rad)
    ground_m = RADIUS_MEAN_M * np.arccos((a * b).sum(axis=1))
    assert (ground_m <= group.threat.range_max_m).all()
    assert (ground_m >= group.threat.range_min_m).all()


def places_vectors(lat, lon):
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def test_fixed_ends_and_cities():
    text = change("{area: north-east-asia}", "{at: [40 deg, 127 deg]}").replace(
        "to: {area: conus}", "to: {city: Seattle}"
    )
    (group,) = load_text(text).realise(0).raid_groups
    assert np.degrees(group.launch_lat_rad) == pytest.approx([40.0, 40.0])
    assert np.degrees(group.aim_lon_rad) == pytest.approx([-122.33, -122.33])


def test_a_reach_that_fails_in_some_futures_is_refused_before_the_run():
    text = change("within: 60 s", "range_max: 3000 km..12000 km, range_min: 100 km")
    with pytest.raises(ScenarioError, match="100 km to 3000 km, what every icbm-solid reaches"):
        load_text(text)


def test_a_raid_that_finds_no_way_within_reach_is_refused_in_words():
    """Shortest and longest way enclose the reach, but hardly any pair of points is in it."""
    text = change("{area: north-east-asia}", "{area: guam}").replace(
        "to: {area: conus}, within: 60 s", "to: {area: guam}, range_min: 10 km, range_max: 10001 m"
    )
    scenario = load_text(text)
    with pytest.raises(OpendomeError, match=r"within reach in 2000 draws of future 0"):
        scenario.realise(0)


def test_columns_of_the_assets(small):
    real = small.realise(0)
    assert real.asset_names == ("lrdr", "gbi", "spy1d", "sbi")
    assert real.layers == ("gbi", "sbi")
    assert real.asset_layer.tolist() == [-1, 0, -1, 1]
    assert real.nodes == ("US",)
    assert set(real.shooter_node.tolist()) == {0}
    assert real.shooter_node.size == sum(len(entry.stocks) for entry in real.shooters.entries)
    assert real.asset_party == real.asset_nation == ("US", "US", "JP", "US")
    assert np.isnan(real.asset_p_kill).tolist() == [True, False, True, False]
    assert np.isnan(real.asset_delay_s).tolist() == [False, True, False, True]
    assert [d.salvo for d in real.layer_doctrine] == [1, 2]
    assert [r.asset for r in real.suite.radars] == [0, 2]
    assert [s.asset for s in real.shooters.entries] == [1, 3]
    assert (real.asset_divert_radius_m[[1, 3]] > 0.0).all()


def test_the_picture_adds_the_delay_of_sharing(small, looks_of):
    real = small.realise(0)
    looks = looks_of([(0, 0.0, 0), (0, 0.0, 1)], ranging=[True, True], assets=[0, 2])
    picture = real.picture(looks)
    assert picture.node_names == ("US",)
    own, shared = picture.arrival_t_s[0]
    assert own == pytest.approx(real.asset_delay_s[0])
    assert shared == pytest.approx(real.asset_delay_s[2] + 2.0)


def test_without_sharing_the_other_nation_is_blind(looks_of):
    text = BASE.replace("sharing:\n  - {from: JP, to: US, what: tracks, delay: 2 s}\n", "")
    real = load_text(text).realise(0)
    looks = looks_of([(0, 0.0, 0)], ranging=[True], assets=[2])
    assert real.picture(looks).arrival_t_s.tolist() == [[math.inf]]


def test_nations_without_interceptors_decide_when_nobody_has_any():
    text = change("  - {use: gbi, nation: US}\n", "").replace(
        "  - {use: sbi-cbo-2026, nation: US, name: sbi}\n", ""
    )
    text = text.replace(", doctrine: {gbi: shoot-look-shoot, sbi: {salvo: 2}}", "")
    assert load_text(text).realise(0).nodes == ("US", "JP")
    assert load("no-shield").realise(0).nodes == ()


def test_the_earth_turns_with_the_moment(small):
    real = small.realise(5)
    wanted = earth_rotation_angle_rad(small.head.epoch)
    wanted += ROTATION_RAD_S * real.sampled["epoch_offset"]
    assert real.era_epoch_rad == pytest.approx(wanted % math.tau)


def test_orbits_fly_on_to_the_moment():
    """Flying an orbit for a time and then looking equals looking later; geostationary stays."""
    from opendome.sensing.orbits import Orbit, geostationary_orbit
    from opendome.world.constellations import Walker, positions_eci

    walker = Walker(
        kind="delta", satellites=6, planes=3, phasing=1.0, altitude_m=4e5, inclination_rad=1.4
    )
    later = positions_eci(later_walker(walker, 5000.0).elements(), np.zeros(1))
    assert later == pytest.approx(positions_eci(walker.elements(), np.array([5000.0])), abs=1.0)
    geo = later_orbit(geostationary_orbit(1.0), 40_000.0)
    place = geo.raan_rad + geo.argument_of_perigee_rad + geo.mean_anomaly_rad
    assert math.remainder(place - 1.0, math.tau) == pytest.approx(0.0, abs=1e-6)
    whole = later_orbit(
        Orbit(
            semi_major_axis_m=7e6,
            eccentricity=0.1,
            inclination_rad=1.0,
            raan_rad=0.3,
            argument_of_perigee_rad=0.2,
            mean_anomaly_rad=0.1,
        ),
        0.0,
    )
    assert whole.mean_anomaly_rad == pytest.approx(0.1)


def test_what_is_defended():
    text = change(
        "{area: conus}\nassets",
        "{cities: {country: JP, min_population: 3 000 000}}\n"
        "  - {circle: {at: [60 deg, -150 deg], radius: 100 km}}\nassets",
    )
    real = load_text(text).realise(0)
    tokyo = places.cities_named("Tokyo")[0]
    lat = np.radians([tokyo.lat_deg, 60.0, 0.0, np.nan])
    lon = np.radians([tokyo.lon_deg, -150.0, 0.0, np.nan])
    distance_m = real.defended_distance_m(lat, lon)
    assert distance_m[0] == pytest.approx(-20_000.0)
    assert distance_m[1] == pytest.approx(-100_000.0)
    assert distance_m[2] > 1e6
    assert np.isnan(distance_m[3])


def test_a_map_of_everything(small):
    real = small.realise(0)
    table = small.sites_table(real)
    assert len(table["name"]) == 2 + 2 + 7800
    assert set(table["kind"]) == {"radar", "surface-interceptor", "orbital-interceptor"}
    low = table["altitude_km"][table["kind"] == "orbital-interceptor"]
    assert low.min() > 250.0
    assert low.max() < 550.0
    assert set(load("no-shield").sites_table(load("no-shield").realise(0))) == set(table)


def test_a_scenario_error_keeps_its_places():
    with pytest.raises(ScenarioError) as caught:
        load_text(change("seed: 7", "sed: 7"), "f")
    assert caught.value.where == "f:19:1"
    assert caught.value.at("elsewhere") is caught.value
