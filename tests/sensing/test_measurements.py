"""Measurements: errors of the size they are said to have, and dice that everyone shares."""

import math

import numpy as np
import pytest

from opendome.draws.philox import uniform
from opendome.draws.purposes import purpose
from opendome.sensing.measurements import expected_false_alarms, measure, states_at, view
from opendome.sensing.models import SensorSuite, look_at

ERA = 1.0


@pytest.fixture(scope="module")
def watched(make_raid, make_radar, make_satellites):
    """Raid, suite and view of one radar and twelve satellites."""
    raid = make_raid(12, step_s=1.0)
    suite = SensorSuite(radars=(make_radar(),), satellites=make_satellites(12))
    looks = look_at(raid, suite, era_epoch_rad=ERA)
    return raid, suite, looks, view(raid, looks, suite, era_epoch_rad=ERA)


def off(raid, detections):
    """Direction errors (2 of them, squared, summed) over variance, and range errors over sigma."""
    truth = states_at(raid, detections.t_s)[np.arange(detections.detections), detections.obj, :3]
    line = truth - detections.sensor_pos_eci_m
    distance = np.linalg.norm(line, axis=1)
    gap = np.linalg.norm(line / distance[:, None] - detections.direction_eci, axis=1)
    return (
        (gap / detections.angle_sigma_rad) ** 2,
        (detections.range_m - distance) / detections.range_sigma_m,
    )


def test_errors_have_the_size_they_are_said_to_have(watched):
    """Thousands of errors; bands of five sigma."""
    raid, _, _, prepared = watched
    detections = measure(prepared, seed=1, trial=0)
    real = detections.obj >= 0
    assert real.all()  # one false alarm in a million looks
    squares, ranges = off(raid, detections)
    radar = detections.sensor_gives_range[detections.sensor]
    for chosen in (radar, ~radar):
        count = np.count_nonzero(chosen)
        assert count > 300
        assert abs(squares[chosen].mean() - 2.0) < 5.0 * 2.0 / math.sqrt(count)
    assert abs(ranges[radar].std() - 1.0) < 5.0 / math.sqrt(2.0 * np.count_nonzero(radar))
    assert np.isnan(detections.range_m[~radar]).all()


def test_detections_fall_as_in_the_engine(watched):
    """Same draw as `engagement`: purpose "detection NAME", object, milliseconds after launch."""
    raid, _, looks, prepared = watched
    detections = measure(prepared, seed=7, trial=3)
    seen = set(detections.look[detections.obj >= 0].tolist())
    for obj in range(raid.objects):
        for row in range(looks.start[obj], looks.start[obj + 1], 37):
            index = math.floor((looks.t_s[row] - raid.launch_t_s[obj]) * 1000.0 + 0.5)
            name = looks.sensor_names[looks.sensor[row]]
            luck = uniform(7, purpose(f"detection {name}"), 3, obj, index)
            assert (luck < looks.p_detect[row]) == (row in seen)


def test_scans_are_sorted_and_of_one_sensor_and_moment(watched):
    detections = measure(watched[3], seed=1, trial=0)
    assert np.all(np.diff(detections.t_s) >= 0.0)
    steps = np.diff(detections.scan)
    assert set(steps) <= {0, 1}
    same = steps == 0
    assert np.all(np.diff(detections.t_s)[same] == 0.0)
    assert np.all(np.diff(detections.sensor)[same] == 0)
    for scan in np.unique(detections.scan)[::50]:
        rows = detections.scan == scan
        assert len(set(detections.obj[rows])) == rows.sum()


def test_objects_that_failed_are_not_seen(watched):
    raid, _, _, prepared = watched
    flies = np.ones(raid.objects, bool)
    flies[[2, 5]] = False
    some = measure(prepared, seed=1, trial=0, flies=flies)
    whole = measure(prepared, seed=1, trial=0)
    kept = ~np.isin(whole.obj, [2, 5])
    assert not np.isin(some.obj, [2, 5]).any()
    assert np.array_equal(some.direction_eci, whole.direction_eci[kept])


def test_trials_differ_and_repeat(watched):
    one, again, other = (measure(watched[3], seed=1, trial=k) for k in (0, 0, 1))
    assert np.array_equal(one.direction_eci, again.direction_eci)
    assert not np.array_equal(one.direction_eci[:50], other.direction_eci[:50])


def test_a_bias_stays_through_a_trial_and_changes_between_trials(make_raid, make_radar):
    raid = make_raid(6, step_s=1.0)
    suite = SensorSuite(radars=(make_radar(range_bias_m=500.0),))
    looks = look_at(raid, suite, era_epoch_rad=ERA)
    prepared = view(raid, looks, suite, era_epoch_rad=ERA)
    means = []
    for trial in range(30):
        detections = measure(prepared, seed=2, trial=trial)
        truth = states_at(raid, detections.t_s)
        truth = truth[np.arange(detections.detections), detections.obj, :3]
        gap = detections.range_m - np.linalg.norm(truth - detections.sensor_pos_eci_m, axis=1)
        assert gap.std() < 150.0  # the noise; the bias is in the mean
        means.append(gap.mean())
    assert 300.0 < np.std(means) < 800.0


def test_false_alarms_are_as_many_as_expected_and_near_where_it_looks(make_raid, make_radar):
    """Twenty trials of some 0.3 a look; band of five sigma."""
    raid = make_raid(6, step_s=1.0)
    suite = SensorSuite(radars=(make_radar(p_false_alarm=1e-2),))
    looks = look_at(raid, suite, era_epoch_rad=ERA)
    prepared = view(raid, looks, suite, era_epoch_rad=ERA)
    wanted = 20.0 * expected_false_alarms(prepared)
    false = [measure(prepared, seed=3, trial=trial) for trial in range(20)]
    count = sum(int(np.count_nonzero(one.obj < 0)) for one in false)
    assert abs(count - wanted) < 5.0 * math.sqrt(wanted)
    rows = np.flatnonzero(false[0].obj < 0)
    sights = prepared.sights
    at = np.searchsorted(sights.t_s, false[0].t_s[rows])
    line = sights.target_pos_eci_m[at] - sights.sensor_pos_eci_m[at]
    distance = np.linalg.norm(line, axis=1)
    gap = np.linalg.norm(line / distance[:, None] - false[0].direction_eci[rows], axis=1)
    assert gap.max() < 1.5 * math.sqrt(2.0) * prepared.angle_cell_rad[0]
    assert gap.max() > 0.3 * prepared.angle_cell_rad[0]
    density = prepared.false_alarm_density[0]
    cell = prepared.angle_cell_rad[0] ** 2 * prepared.range_cell_m[0]
    assert density * cell == pytest.approx(1e-2)


def test_states_between_samples(make_raid):
    raid = make_raid(3, step_s=2.0)
    t_s = raid.launch_t_s[1] + np.array([-1.0, 0.0, 10.0, 11.0, 1e5])
    states = states_at(raid, t_s)[:, 1]
    assert np.isnan(states[[0, 4]]).all()
    assert np.allclose(states[1], np.r_[raid.pos_eci_m[1, 0], raid.vel_eci_m_s[1, 0]])
    assert np.allclose(states[2], np.r_[raid.pos_eci_m[1, 5], raid.vel_eci_m_s[1, 5]])
    middle = states_at(raid, t_s[3] + np.array([-0.01, 0.01]))[:, 1]
    assert np.allclose((middle[1, :3] - middle[0, :3]) / 0.02, states[3, 3:], atol=1e-3)
