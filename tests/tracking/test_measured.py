"""The measured tracker: consistent where theory says so, and honest about where it is not."""

from dataclasses import replace

import numpy as np
import pytest

from opendome.tracking import kernels
from opendome.tracking.bank import bank_rules
from opendome.tracking.evaluation import belief_table, explains
from opendome.tracking.measured import measured_model, track_scene
from opendome.tracking.metrics import consistency, scene_quality, table_nees
from opendome.tracking.reference import nees_band
from opendome.verification.measured_scenes import (
    ACCEL_PSD_M2_S3,
    RULES,
    eyes,
    fall,
    falling_bank,
    grid,
    read_path,
)

STEP_S, STEPS = 2.0, 60
T_S = np.arange(STEPS) * STEP_S


def scene(kind, *, objects=25, spacing_m=1.5e5, seed=1, **reading):
    """Path and detections of a grid of falling objects."""
    path = fall(grid(objects, spacing_m), T_S, seed=seed, accel_psd_m2_s3=ACCEL_PSD_M2_S3)
    return path, read_path(path, T_S, eyes(T_S, kind), seed=seed, **reading)


def tracked(path, detections, *, delay_s=0.0, cycle_t_s=T_S, **rules):
    """History and belief table with a cycle at each step."""
    model = measured_model(RULES, **({"bank": falling_bank()} | rules))
    history = track_scene(
        detections, model, arrival_t_s=detections.t_s + delay_s, cycle_t_s=cycle_t_s
    )
    return history, belief_table(history, detections, path[: cycle_t_s.size])


@pytest.fixture(scope="module")
def by_kind():
    """Scene, history and table of 25 well separated objects for each kind of sensors."""
    made = {}
    for kind in ("radar", "satellites", "all"):
        path, detections = scene(kind)
        made[kind] = (path, detections, *tracked(path, detections))
    return made


# --- where theory says that measured and expected agree -----------------------------------


@pytest.mark.parametrize("kind", ["radar", "satellites", "all"])
def test_every_object_has_one_track_that_follows_it(by_kind, kind):
    """Two cameras alone take longer: lines to different objects cross, until the ghosts die."""
    _, detections, history, table = by_kind[kind]
    settled = 30 if kind == "satellites" else 10
    assert table.tracked[settled:].all()
    assert not table.swaps.any()
    assert not table.drops.any()
    assert not table.false_tracks[settled:].any()
    assert not table.spare_tracks[settled:].any()
    followed = explains(history, detections)
    assert set(followed[history.confirmed & (history.row_cycle >= settled)]) == set(range(25))


@pytest.mark.parametrize(("kind", "share"), [("radar", 1.0), ("satellites", 0.9)])
def test_first_track_comes_when_the_expected_model_says(by_kind, kind, share):
    """Three of five looks of one radar, or of two cameras: the third step, ghosts apart."""
    table = by_kind[kind][3]
    assert np.mean(table.tracked.argmax(axis=0) == 2) >= share


def test_first_track_comes_when_the_expected_model_says_with_misses():
    """Same dice: m-of-n counted look by look gives the same moment, but for rare bad starts."""
    path, detections = scene("radar", p_detect=0.6, seed=3)
    _, table = tracked(path, detections)
    seen = np.zeros((STEPS, 25), int)
    seen[np.searchsorted(T_S, detections.t_s), detections.obj] = 1
    wanted = []
    for obj in range(25):
        mask = 0
        for step in range(STEPS):
            mask = kernels.hit(mask, int(seen[step, obj]), RULES.confirm_window)
            if kernels.confirmed(mask, RULES.confirm_hits):
                wanted.append(step)
                break
    same = np.mean(table.tracked.argmax(axis=0) == np.array(wanted))
    assert same >= 0.8


@pytest.mark.parametrize("kind", ["radar", "satellites", "all"])
def test_covariance_is_the_expected_one(by_kind, kind):
    """Position and speed sigma of the tracks against the one carried without measuring: 6 %."""
    path, _, _, table = by_kind[kind]
    sensors = eyes(T_S, kind)
    for obj in (0, 12, 24):
        cov = np.zeros((6, 6))
        kernels.start(cov, 1e6, RULES.prior_speed_sigma_m_s)
        for step in range(STEPS):
            if step > 0:
                x, y, z = 0.5 * (path[step, obj, :3] + path[step - 1, obj, :3])
                kernels.predict(cov, STEP_S, x, y, z, ACCEL_PSD_M2_S3)
            for sensor in sensors:
                j = sensor.information(step, path[step, obj, :3])
                kernels.update(cov, j[0, 0], j[0, 1], j[0, 2], j[1, 1], j[1, 2], j[2, 2])
            if step >= 15:
                ratio = np.diag(table.cov[step, obj]) / np.diag(cov)
                assert np.all(np.abs(np.sqrt(ratio) - 1.0) < 0.06), (obj, step)


@pytest.mark.parametrize("kind", ["radar", "satellites", "all"])
def test_errors_are_as_large_as_the_tracks_say(by_kind, kind):
    """Mean NEES of 25 objects: 90 % of steps in the 95 % band, the mean in the 99.9 % band."""
    values = table_nees(by_kind[kind][3])[15:]
    low, high = nees_band(25, 6, 0.95)
    mean = values.mean(axis=1)
    assert np.mean((mean > low) & (mean < high)) >= 0.9
    low, high = nees_band(25, 6, 0.999)
    assert low < mean.mean() < high


@pytest.mark.parametrize(("kind", "size"), [("radar", 3), ("satellites", 2)])
def test_innovations_are_as_large_as_the_tracks_say(by_kind, kind, size):
    """NIS of thousands of innovations within the 99.99 % band."""
    _, detections, history, _ = by_kind[kind]
    late = detections.t_s > 20.0
    assert consistency(history.detection_nis[late], size, share=0.9999).inside


def test_metrics_fall_to_the_noise(by_kind):
    path, _, history, table = by_kind["radar"]
    quality = scene_quality(history, path, c_m=5e3)
    rms = np.sqrt(np.mean(np.sum(table.error[20:, :, :3] ** 2, axis=-1), axis=1))
    assert quality.ospa_m[20:] == pytest.approx(rms)
    assert np.all(quality.missed_m[3:] + quality.false_m[3:] == 0.0)
    assert quality.ospa_m[0] == 5e3  # nothing is confirmed yet


# --- order of arrival ------------------------------------------------------------------------


def test_late_detections_give_what_they_would_have_given_in_time():
    """Satellites 9 s late beside a radar in time: once all is in, the tracks are the same."""
    _, detections = scene("all", objects=9, seed=5)
    cycles = np.arange(0.0, T_S[-1] + 20.0, 5.0)
    model = measured_model(RULES, bank=falling_bank())
    late_s = np.where(detections.sensor_gives_range[detections.sensor], 0.0, 9.0)
    one, other = (
        track_scene(detections, model, arrival_t_s=detections.t_s + delay, cycle_t_s=cycles)
        for delay in (0.0, late_s)
    )
    rows, same = (slice(h.start[-2], h.start[-1]) for h in (one, other))
    assert np.array_equal(one.track[rows], other.track[same])
    assert np.allclose(one.mean[rows], other.mean[same], rtol=0, atol=1e-6)
    assert other.too_late == 0
    assert not np.array_equal(one.cov[one.start[5]], other.cov[other.start[5]])


def test_what_comes_too_late_or_never_is_not_used():
    _, detections = scene("all", objects=4, seed=6)
    model = measured_model(RULES, bank=falling_bank())
    camera = ~detections.sensor_gives_range[detections.sensor]
    for delay in (model.lateness_s + 1.0, np.inf):
        arrival = detections.t_s + np.where(camera, delay, 0.0)
        history = track_scene(detections, model, arrival_t_s=arrival, cycle_t_s=T_S)
        assert history.too_late == np.count_nonzero(camera)
        assert np.all(history.detection_track[camera] == -1)
        assert np.all(history.detection_track[~camera] >= 0)


def test_nothing_seen_is_nothing_tracked():
    _, detections = scene("radar", objects=1)
    never = np.full(detections.detections, np.inf)
    history = track_scene(detections, measured_model(RULES), arrival_t_s=never, cycle_t_s=T_S)
    assert history.track.size == 0
    assert history.cycles == STEPS


def test_one_scene_gives_one_history():
    path, detections = scene("all", objects=4)
    first, again = (tracked(path, detections)[0] for _ in range(2))
    assert np.array_equal(first.mean, again.mean)
    assert np.array_equal(first.track, again.track)


def test_order_of_detections_within_a_scan_does_not_matter():
    path, detections = scene("radar", objects=9)
    turned = np.lexsort((-detections.obj, detections.scan))
    fields = {
        name: getattr(detections, name)[turned]
        for name in ("sensor", "scan", "look", "t_s", "sensor_pos_eci_m", "direction_eci",
                     "range_m", "angle_sigma_rad", "range_sigma_m", "false_alarm_density", "obj")
    }  # fmt: skip
    one, other = (tracked(path, d)[1] for d in (detections, replace(detections, **fields)))
    assert np.allclose(one.error[20:], other.error[20:], atol=1e-6)


# --- where and why they part ---------------------------------------------------------------


def test_dense_raids_are_mixed_up():
    """Objects nearer to each other than the error of a look: misassociation, wrong objects."""
    path, detections = scene("radar", objects=16, spacing_m=300.0, seed=2)
    history, table = tracked(path, detections)
    mixed = detections.obj[np.maximum(history.detection_track, 0)] != detections.obj
    assert mixed.mean() > 0.2  # of well separated objects: none
    assert table.tracked[20:].mean() < 0.95
    far_path, far = scene("radar", objects=16, seed=2)
    history, table = tracked(far_path, far)
    mixed = far.obj[np.maximum(history.detection_track, 0)] != far.obj
    assert mixed.mean() < 0.01
    assert table.tracked[20:].mean() == 1.0


def test_a_bias_makes_tracks_surer_than_they_should_be():
    """Two sigma of constant error in every look: averaged noise goes, the bias stays."""
    path, detections = scene("radar", angle_bias_rad=1e-3)
    values = table_nees(tracked(path, detections)[1], size=3)[20:]
    assert np.nanmean(values) / 3.0 > 3.0


def test_an_unknown_manoeuvre_breaks_a_single_model_and_not_the_bank():
    """4 g across the path after 60 s: free fall alone loses it, five models follow."""
    path = fall(grid(4, 8e4), T_S, seed=4, accel_psd_m2_s3=0.0)
    pull = 40.0 * np.maximum(0.0, T_S - 60.0)
    path[..., 0] += 0.5 * pull[:, None] * np.maximum(0.0, T_S - 60.0)[:, None]
    path[..., 3] += pull[:, None]
    detections = read_path(path, T_S, eyes(T_S, "radar"), seed=4)
    errors = {}
    for name, bank in (("one", falling_bank()), ("five", bank_rules())):
        table = tracked(path, detections, bank=bank)[1]
        size_m = np.linalg.norm(table.error[45:, :, :3], axis=-1)
        errors[name] = np.nanmedian(size_m), table.tracked[45:].mean()
    assert errors["five"][1] > 0.95
    assert errors["five"][0] < 700.0
    assert errors["one"][1] < 0.95 or errors["one"][0] > 2.0 * errors["five"][0]


def test_joint_association_follows_as_well():
    path, detections = scene("all", objects=9)
    _, table = tracked(path, detections, association="joint")
    assert table.tracked[10:].all()
    values = table_nees(table)[15:]
    low, high = nees_band(9, 6, 0.999)
    assert low < np.mean(values) < high
