"""What missiles let go at burnout: it starts where the missile is and then falls by itself."""

import dataclasses
import math

import numpy as np
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline

from opendome.quantities.constants import MU_M3_S2, ROTATION_RAD_S
from opendome.threats.groups import RaidGroup
from opendome.threats.models import fly_raid
from opendome.threats.separation import NOT_FLOWN, PartClass
from opendome.threats.separation_spec import PartSpec, SeparatesSpec, WarheadsSpec
from opendome.world.atmosphere import us76
from opendome.world.earth import ecef_from_geodetic, geodetic_from_ecef

from .shots import burnout, far_away, fly, group, threat

LAUNCH = (40.0, 127.0)
COURSES = [(*LAUNCH, *far_away(*LAUNCH, azimuth, 8e6)) for azimuth in (20.0, 45.0)]
UP, DOWN = np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, -1.0])


def let_go(missiles, kicks, *, offsets_rad=None, parents=None, **changes):
    """Parts of the missiles of a group: kicks (part, 3) [m/s], those of each missile together."""
    craft, courses = missiles.threat, missiles.courses
    each = len(kicks) // len(courses)
    aims = np.repeat(courses[:, 2:], each, axis=0)
    if offsets_rad is not None:
        aims = aims + offsets_rad
    part = PartClass(
        carrier=craft,
        carrier_courses=courses,
        kicks_m_s=np.array(kicks, dtype=float),
        steered=offsets_rad is not None,
        **{
            "ballistic_coefficient_kg_m2": craft.ballistic_coefficient_kg_m2,
            "intensity_w_sr": 3.0,
            "rcs_m2": 0.2,
        }
        | changes,
    )
    owner = np.arange(len(courses)) if parents is None else np.array(parents)
    return RaidGroup(
        threat=part,
        class_name="part",
        launch_t_s=np.repeat(missiles.launch_t_s + craft.boost_s, each),
        launch_lat_rad=np.repeat(courses[:, 0], each),
        launch_lon_rad=np.repeat(courses[:, 1], each),
        aim_lat_rad=aims[:, 0].copy(),
        aim_lon_rad=aims[:, 1].copy(),
        parent=np.repeat(owner, each).astype(np.int32),
        lethal=False,
        p_taken_for_real=0.3,
    )


@pytest.fixture(scope="module")
def missiles():
    return group(threat("icbm-solid"), COURSES, launch_t_s=[0.0, 12.5])


def flown(missiles, kicks, **changes):
    parts = let_go(missiles, kicks, **changes)
    return fly_raid([missiles, parts], era_epoch_rad=0.4, step_s=1.0)


def gap_m(raid, missile, part):
    """Distance between a missile and its part at the samples of the part that both have (t,)."""
    own = np.flatnonzero(raid.valid[missile])
    t_s = raid.launch_t_s[missile] + own * raid.step_s
    free = t_s > raid.launch_t_s[part]
    where = CubicHermiteSpline(
        t_s[free], raid.pos_eci_m[missile, own[free]], raid.vel_eci_m_s[missile, own[free]]
    )
    rows = np.flatnonzero(raid.valid[part])
    times = raid.launch_t_s[part] + rows * raid.step_s
    both = (times >= t_s[free][0]) & (times <= t_s[free][-1])
    return np.linalg.norm(where(times[both]) - raid.pos_eci_m[part, rows[both]], axis=1)


# --- it starts where the missile is -------------------------------------------------


def test_a_part_that_is_not_pushed_follows_its_missile(missiles):
    """Same body, no speed: to 0.1 m all the way down, by another run of the integrator."""
    raid = flown(missiles, np.zeros((2, 3)))
    for missile in (0, 1):
        assert gap_m(raid, missile, 2 + missile).max() < 0.1
    assert raid.impact_t_s[2:] == pytest.approx(raid.impact_t_s[:2], abs=1e-3)
    assert raid.impact_lat_rad[2:] == pytest.approx(raid.impact_lat_rad[:2], abs=1e-8)


def test_it_starts_at_burnout_with_the_push_added(missiles):
    kicks = [[3.0, 0.0, 0.0], [0.0, -4.0, 0.0]]
    raid = flown(missiles, kicks)
    for missile, speed in ((0, 3.0), (1, 4.0)):
        part = 2 + missile
        pos, vel = burnout(raid, missile)
        assert raid.launch_t_s[part] == raid.burnout_t_s[missile]
        assert raid.burnout_t_s[part] == raid.launch_t_s[part] == raid.hot_until_t_s[part]
        assert np.linalg.norm(raid.pos_eci_m[part, 0] - pos) < 1.0
        assert np.linalg.norm(raid.vel_eci_m_s[part, 0] - vel) == pytest.approx(speed, abs=1e-3)


def test_the_push_is_in_launch_axes(missiles):
    """Axes that were Earth-fixed when the missile lifted off: the pole stays the pole, and the
    Greenwich meridian of that moment lies at the rotation angle of that moment in ECI.
    """
    raid = flown(missiles, [[5.0, 0.0, 0.0], [5.0, 0.0, 0.0]])
    for missile in (0, 1):
        _, vel = burnout(raid, missile)
        angle = 0.4 + ROTATION_RAD_S * raid.launch_t_s[missile]
        wanted = 5.0 * np.array([math.cos(angle), math.sin(angle), 0.0])
        assert raid.vel_eci_m_s[2 + missile, 0] - vel == pytest.approx(wanted, abs=1e-3)


def test_a_part_starts_to_drift_at_its_speed(missiles):
    raid = flown(missiles, [[0.0, 3.0, 0.0], [0.0, 3.0, 0.0]])
    row = 20
    assert gap_m(raid, 1, 3)[row] == pytest.approx(3.0 * raid.step_s * row, rel=0.05)


def test_opposite_pushes_keep_the_middle(missiles):
    """Two parts pushed apart: their middle stays on the path of the missile, to second order.

    100 m/s are far more than any part gets: the gap of each is hundreds of kilometres, that of
    the middle below 2 % of it.
    """
    raid = flown(missiles, [100.0 * UP, 100.0 * DOWN] * 2)
    rows = slice(1, 1500)
    middle = raid.pos_eci_m[2:4, rows].mean(axis=0)
    parent = flown(missiles, np.zeros((2, 3)))
    apart = np.linalg.norm(raid.pos_eci_m[2, rows] - middle, axis=1)
    off = np.linalg.norm(parent.pos_eci_m[2, rows] - middle, axis=1)
    assert apart[-1] > 50e3
    assert (off / apart)[10:].max() < 0.02


def test_energy_of_the_push_is_kept(missiles):
    """Above the air the two-body energy differs by v . k + k^2 / 2 from release on (J2: 2 %)."""
    kick = 20.0 * UP
    raid = flown(missiles, [kick, kick])
    still = flown(missiles, np.zeros((2, 3)))
    wanted = raid.vel_eci_m_s[2, 0] @ kick - 0.5 * kick @ kick
    rows = slice(0, 1400)

    def energy(run):
        speed = np.linalg.norm(run.vel_eci_m_s[2, rows], axis=1)
        return 0.5 * speed**2 - MU_M3_S2 / np.linalg.norm(run.pos_eci_m[2, rows], axis=1)

    assert energy(raid) - energy(still) == pytest.approx(wanted, rel=0.02)


# --- and falls by itself ------------------------------------------------------------


def test_a_light_body_sinks_at_its_final_speed(missiles):
    """v^2 = 2 beta g / rho near the ground, within 2 %; long after the missile has landed."""
    raid = flown(missiles, np.zeros((2, 3)), ballistic_coefficient_kg_m2=20.0)
    last = np.flatnonzero(raid.valid[2])[-1]
    pos = raid.pos_eci_m[2, last]
    speed = raid.vel_eci_m_s[2, last] - np.cross([0.0, 0.0, ROTATION_RAD_S], pos)
    height = float(geodetic_from_ecef(pos)[2])
    rho = us76(height)[2]
    final = math.sqrt(2.0 * 20.0 * 9.8 / rho)
    assert height < 50.0
    assert np.linalg.norm(speed) == pytest.approx(final, rel=0.02)
    assert raid.impact_t_s[2] > raid.impact_t_s[0] + 500.0


def test_a_wrong_drag_is_noticed(missiles):
    """Negative control of the first test: a body of one tenth parts from its missile."""
    raid = flown(missiles, np.zeros((2, 3)), ballistic_coefficient_kg_m2=900.0)
    assert gap_m(raid, 0, 2).max() > 1000.0


@given(
    seed=st.integers(0, 2**31),
    name=st.sampled_from(["icbm-solid", "icbm-liquid", "slbm", "irbm", "mrbm"]),
)
@settings(max_examples=15, deadline=None)
def test_warheads_reach_their_own_aims(seed, name):
    """Up to 150 km about the aim of the missile, in any direction, or less on short ranges."""
    rng = np.random.default_rng(seed)
    craft = threat(name, lambda _: rng.uniform())
    start = rng.uniform(-60.0, 60.0), rng.uniform(-180.0, 180.0)
    reach = rng.uniform(1.05 * craft.range_min_m, 0.95 * craft.range_max_m)
    course = (*start, *far_away(*start, rng.uniform(0.0, 360.0), reach))
    missile = group(craft, [course])
    spread = min(150e3, 0.05 * reach) / 6.4e6
    offsets = rng.uniform(-spread, spread, (3, 2)) * 0.7
    offsets[:, 1] /= math.cos(missile.aim_lat_rad[0])
    parts = let_go(missile, np.zeros((3, 3)), offsets_rad=offsets)
    raid = fly_raid([missile, parts], era_epoch_rad=0.0, step_s=10.0)
    if raid.refused and raid.refused[0].object == 0:
        return
    assert raid.refused == ()
    hits = ecef_from_geodetic(raid.impact_lat_rad[1:], raid.impact_lon_rad[1:])
    aims = ecef_from_geodetic(parts.aim_lat_rad, parts.aim_lon_rad)
    assert np.linalg.norm(hits - aims, axis=1).max() < 250.0


def test_an_apart_aim_needs_steering(missiles):
    """Negative control: released without a velocity of its own, a part misses its own aim."""
    offsets = np.full((2, 2), 0.01)
    parts = let_go(missiles, np.zeros((2, 3)), offsets_rad=offsets)
    loose = dataclasses.replace(parts, threat=dataclasses.replace(parts.threat, steered=False))
    raid = fly_raid([missiles, loose], era_epoch_rad=0.0, step_s=10.0)
    hits = ecef_from_geodetic(raid.impact_lat_rad[2:], raid.impact_lon_rad[2:])
    aims = ecef_from_geodetic(parts.aim_lat_rad, parts.aim_lon_rad)
    assert np.linalg.norm(hits - aims, axis=1).min() > 30e3


def test_parts_of_a_missile_that_cannot_fly_do_not_fly():
    craft = threat("icbm-solid")
    near = (*LAUNCH, *far_away(*LAUNCH, 20.0, 500e3))
    missiles = group(craft, [near, COURSES[0]])
    raid = flown(missiles, np.zeros((4, 3)))
    assert [(refusal.object, refusal.reason == NOT_FLOWN) for refusal in raid.refused] == [
        (0, False), (2, True), (3, True),
    ]  # fmt: skip
    assert np.isnan(raid.impact_t_s[2:4]).all()
    assert not raid.valid[2:4].any()
    assert raid.valid[4:].any(axis=1).all()


def test_a_batch_of_one_equals_the_batch(missiles):
    kicks = np.random.default_rng(4).normal(size=(6, 3))
    raid = flown(missiles, kicks)
    second = dataclasses.replace(
        missiles, **{k: getattr(missiles, k)[1:] for k in (
            "launch_t_s", "launch_lat_rad", "launch_lon_rad", "aim_lat_rad", "aim_lon_rad")}
    )  # fmt: skip
    alone = flown(second, kicks[3:])
    rows = alone.pos_eci_m.shape[1]
    assert np.array_equal(raid.pos_eci_m[5:8, :rows], alone.pos_eci_m[1:], equal_nan=True)
    assert np.array_equal(raid.impact_lon_rad[5:8], alone.impact_lon_rad[1:])


def test_what_the_record_says_of_parts(missiles):
    raid = flown(missiles, np.zeros((4, 3)))
    assert raid.parent.tolist() == [-1, -1, 0, 0, 1, 1]
    assert raid.lethal.tolist() == [True] * 2 + [False] * 4
    assert raid.p_taken_for_real.tolist() == [1.0] * 2 + [0.3] * 4
    assert raid.p_reliable.tolist() == [1.0] * 6
    assert raid.class_names == ("test", "part")
    assert np.nanmax(raid.rcs_m2[2:]) == np.nanmin(raid.rcs_m2[2:]) == 0.2
    assert np.nanmax(raid.intensity_w_sr[2:]) == np.nanmin(raid.intensity_w_sr[2:]) == 3.0
    assert (raid.turn_t_s == -math.inf).all()


def test_whole_missiles_fly_as_before(missiles):
    """Parts change no bit of the missiles they come from."""
    alone = fly_raid([missiles], era_epoch_rad=0.4, step_s=1.0)
    raid = flown(missiles, np.ones((4, 3)))
    rows = alone.pos_eci_m.shape[1]
    assert np.array_equal(raid.pos_eci_m[:2, :rows], alone.pos_eci_m, equal_nan=True)
    assert fly(missiles.threat, COURSES).impact_t_s[0] == raid.impact_t_s[0]


# --- the form -----------------------------------------------------------------------

DECOYS = {"count": 3, "speed": "2 m/s", "taken_for_real": 0.5}
BAD = [
    ({}, "at least one of warheads, stage, debris, decoys"),
    ({"decoys": {"count": 3, "speed": "2 m/s"}}, "decoys without taken_for_real"),
    ({"judged": "by-sensors", "decoys": DECOYS}, "decoys with taken_for_real"),
    ({"decoys": DECOYS | {"count": "2..4"}}, "every future has the same"),
    ({"decoys": DECOYS | {"count": 101}}, "at most 100"),
    ({"decoys": DECOYS | {"count": 0}}, "at least 1"),
    ({"warheads": {"count": 1}}, "at least 2"),
    ({"warheads": {"count": 21}}, "at most 20"),
    (
        {"warheads": {"count": 2, "speed": "2 m/s", "footprint": "50 km"}},
        "one of speed and footprint",
    ),
    ({"decoys": DECOYS | {"ballistic_coefficient": "0.1 kg/m2"}}, "at least 1 kg/m2"),
    ({"decoys": DECOYS | {"speed": "300 m/s"}}, "at most 200 m/s"),
    ({"judged": "by-magic", "decoys": DECOYS}, "declared"),
]


@pytest.mark.parametrize(("given", "words"), BAD)
def test_what_the_form_refuses(given, words):
    with pytest.raises(pydantic.ValidationError, match=words):
        SeparatesSpec(**given)


def test_what_the_form_counts():
    spec = SeparatesSpec(
        warheads={"count": 3}, stage={"speed": "1 m/s", "taken_for_real": 0}, decoys=DECOYS
    )
    assert [(kind.name, kind.count, kind.lethal) for kind in spec.kinds()] == [
        ("warhead", 2, True), ("stage", 1, False), ("decoy", 3, False),
    ]  # fmt: skip
    assert spec.count == 6
    assert spec.sinks_s == 0.0
    light = SeparatesSpec(decoys=DECOYS | {"ballistic_coefficient": "4..10 kg/m2"})
    assert light.sinks_s == 1800.0
    assert isinstance(spec.stage, PartSpec)
    assert isinstance(spec.warheads, WarheadsSpec)
