"""Writes stone_soup.json: what Stone Soup and FilterPy make of small tracking problems.

    python -m venv /tmp/judge && /tmp/judge/bin/pip install stonesoup==1.9.1 filterpy==2.0.0
    /tmp/judge/bin/python tests/tracking/golden/make_stone_soup.py           # writes the file
    /tmp/judge/bin/python tests/tracking/golden/make_stone_soup.py --time    # seconds a step

Stone Soup differentiates measurement functions by finite differences, which lose digits at
radar distances; here its models are given the derivatives in closed form.
"""

import datetime
import json
import sys
import time
from pathlib import Path

import numpy as np
from filterpy.kalman import IMMEstimator, KalmanFilter
from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
from stonesoup.models.transition.linear import (
    CombinedLinearGaussianTransitionModel,
    ConstantVelocity,
)
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.types.detection import Detection
from stonesoup.types.hypothesis import SingleHypothesis
from stonesoup.types.state import GaussianState
from stonesoup.types.track import Track
from stonesoup.updater.kalman import (
    ExtendedKalmanUpdater,
    KalmanUpdater,
    UnscentedKalmanUpdater,
)

EPOCH = datetime.datetime(2029, 1, 20, 12)
STEP_S, STEPS, NOISE = 2.0, 60, 25.0
POSITION, VELOCITY = [0, 2, 4], [1, 3, 5]  # Stone Soup's order: x, vx, y, vy, z, vz
SENSOR = np.array([-40e3, 25e3, -5e3])
SIGMA = np.array([2e-3, 1.5e-3, 30.0])  # azimuth, elevation, range
FIRST = np.array([150e3, -2400.0, -210e3, 1700.0, 90e3, 900.0])
PRIOR = np.diag(np.square([400.0, 60.0, 350.0, 50.0, 450.0, 40.0]))


class Local(CartesianToElevationBearingRange):
    """Elevation, bearing (from x to y) and range, with derivatives in closed form."""

    def jacobian(self, state, **kwargs):
        d = np.asarray(state.state_vector, float)[list(self.mapping), 0]
        d = d - np.asarray(self.translation_offset, float)[:, 0]
        flat2, slant2 = d[0] ** 2 + d[1] ** 2, d @ d
        flat, slant = np.sqrt(flat2), np.sqrt(slant2)
        out = np.zeros((3, self.ndim_state))
        out[0, POSITION] = [
            -d[0] * d[2] / (slant2 * flat),
            -d[1] * d[2] / (slant2 * flat),
            flat / slant2,
        ]
        out[1, POSITION] = [-d[1] / flat2, d[0] / flat2, 0.0]
        out[2, POSITION] = d / slant
        return out


MOTION = CombinedLinearGaussianTransitionModel([ConstantVelocity(NOISE)] * 3)
LOCAL = Local(
    ndim_state=6,
    mapping=POSITION,
    noise_covar=np.diag(SIGMA[[1, 0, 2]] ** 2),
    translation_offset=SENSOR[:, None],
)
PLACE = LinearGaussian(ndim_state=6, mapping=POSITION, noise_covar=np.diag([400.0, 900.0, 1600.0]))


def when(step):
    return EPOCH + datetime.timedelta(seconds=STEP_S * step)


def plain(vector):
    """Our order x, y, z, vx, vy, vz."""
    return np.asarray(vector, float)[POSITION + VELOCITY, 0].tolist()


def square(cov):
    return np.asarray(cov, float)[np.ix_(POSITION + VELOCITY, POSITION + VELOCITY)].tolist()


def truth(first, luck):
    """A path with the noise the filters expect."""
    root = np.linalg.cholesky(MOTION.covar(time_interval=datetime.timedelta(seconds=STEP_S)))
    move = MOTION.matrix(time_interval=datetime.timedelta(seconds=STEP_S))
    states = [first]
    for _ in range(STEPS):
        states.append(move @ states[-1] + root @ luck.standard_normal(6))
    return np.array(states[1:])


def local_values(states, luck):
    """Azimuth, elevation, range of each state, with noise."""
    d = states[:, POSITION] - SENSOR
    slant = np.linalg.norm(d, axis=1)
    exact = np.stack([np.arctan2(d[:, 1], d[:, 0]), np.arcsin(d[:, 2] / slant), slant], axis=1)
    return exact + SIGMA * luck.standard_normal(exact.shape)


def run(updater, model, values):
    """Filter one path: (states, covariances, CPU seconds for a step)."""
    predictor = KalmanPredictor(MOTION)
    state = GaussianState(FIRST[:, None], PRIOR, timestamp=EPOCH)
    means, covs = [], []
    begun = time.process_time()
    for step, value in enumerate(values, 1):
        detection = Detection(value[:, None], timestamp=when(step), measurement_model=model)
        prediction = predictor.predict(state, timestamp=when(step))
        state = updater.update(SingleHypothesis(prediction, detection))
        means.append(plain(state.state_vector))
        covs.append(square(state.covar))
    return means, covs, (time.process_time() - begun) / len(values)


def cases():
    """Linear, extended and unscented filter on one path: name, updater, model, values."""
    luck = np.random.Generator(np.random.Philox(key=4))
    states = truth(FIRST, luck)
    places = states[:, POSITION] + np.array([20.0, 30.0, 40.0]) * luck.standard_normal((STEPS, 3))
    turned = local_values(states, luck)[:, [1, 0, 2]]
    scaled = UnscentedKalmanUpdater(LOCAL, alpha=0.5, beta=2, kappa=0)
    return (
        ("linear", KalmanUpdater(PLACE), PLACE, places),
        ("extended", ExtendedKalmanUpdater(LOCAL), LOCAL, turned),
        ("unscented", scaled, LOCAL, turned),
    )


def filters():
    """States and covariances of every fifth step, and the values they were made of."""
    out = {}
    for name, updater, model, values in cases():
        means, covs, _ = run(updater, model, values)
        pick = slice(4, None, 5)
        out[name] = {"mean": means[pick], "cov": covs[pick]}
        columns = [0, 1, 2] if model is PLACE else [1, 0, 2]
        out.setdefault("values", {})["linear" if model is PLACE else "local"] = values[
            :, columns
        ].tolist()
    return out


def seconds_a_step():
    """Least CPU seconds of a step of each filter, of ten runs along the path."""
    return {
        name: min(run(updater, model, values)[2] for _ in range(10))
        for name, updater, model, values in cases()
    }


def mixing():
    """One cycle of FilterPy's interacting multiple model with four models of nine states."""
    luck = np.random.Generator(np.random.Philox(key=5))
    scale = np.repeat([1e3, 30.0, 4.0], 3)
    weight = np.array([0.5, 0.2, 0.05, 0.25])
    move = np.array(
        [
            [0.9, 0.05, 0.05, 0.0],
            [0.02, 0.95, 0.0, 0.03],
            [0.1, 0.1, 0.8, 0.0],
            [0.0, 0.1, 0.1, 0.8],
        ]
    )
    filters, means, covs = [], [], []
    value = np.array([6.6e6, 1.2e6, -3.4e6])
    for _ in range(4):
        kf = KalmanFilter(dim_x=9, dim_z=3)
        mean = np.concatenate([value, [1e3, -2e3, 3e3, 5.0, -3.0, 8.0]])
        kf.x = (mean + scale * luck.standard_normal(9))[:, None]
        half = luck.standard_normal((9, 9)) * scale[:, None] / 3.0
        kf.P = half @ half.T
        kf.F, kf.Q, kf.H = np.eye(9), np.zeros((9, 9)), np.eye(3, 9)
        kf.R = np.diag([300.0**2, 200.0**2, 400.0**2])
        means.append(kf.x[:, 0].tolist())
        covs.append(kf.P.tolist())
        filters.append(kf)
    bank = IMMEstimator(filters, weight, move)
    bank.predict()
    mixed = [f.x[:, 0].tolist() for f in filters], [f.P.tolist() for f in filters]
    bank.update(value[:, None])
    return {
        "weight": weight.tolist(),
        "move": move.tolist(),
        "mean": means,
        "cov": covs,
        "value": value.tolist(),
        "mixed_mean": mixed[0],
        "mixed_cov": mixed[1],
        "weight_after": np.asarray(bank.mu).tolist(),
        "fused_mean": np.asarray(bank.x)[:, 0].tolist(),
        "fused_cov": np.asarray(bank.P).tolist(),
    }


def neighbours():
    """Global nearest neighbour with two tracks that cross, a miss and a false alarm."""
    luck = np.random.Generator(np.random.Philox(key=6))
    other = FIRST * np.array([1.0, 1.02, 1.0, -0.2, 1.0, 1.0]) + [0, 0, 90e3, 0, 0, 0]
    paths = [truth(FIRST, luck), truth(other, luck)]
    predictor, updater = KalmanPredictor(MOTION), KalmanUpdater(PLACE)
    associator = GNNWith2DAssignment(
        DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=4)
    )
    tracks = [
        Track([GaussianState(first[:, None], PRIOR, timestamp=EPOCH)]) for first in (FIRST, other)
    ]
    values, chosen = [], []
    for step in range(1, STEPS + 1):
        now = [p[step - 1, POSITION] + [20, 30, 40] * luck.standard_normal(3) for p in paths]
        if step % 7 == 0:
            now = now[1:]
        if step % 5 == 0:
            now.append(now[0] + [300.0, -200.0, 100.0])
        detections = [
            Detection(v[:, None], timestamp=when(step), measurement_model=PLACE) for v in now
        ]
        picks = associator.associate(tracks, set(detections), when(step))
        row = []
        for track in tracks:
            pick = picks[track]
            track.append(updater.update(pick) if pick else pick.prediction)
            row.append(detections.index(pick.measurement) if pick else -1)
        values.append([v.tolist() for v in now])
        chosen.append(row)
    return {
        "first": [plain(FIRST[:, None]), plain(other[:, None])],
        "values": values,
        "chosen": chosen,
        "mean": [plain(track.state_vector) for track in tracks],
        "cov": [square(track.covar) for track in tracks],
    }


def main():
    if "--time" in sys.argv:
        print(json.dumps(seconds_a_step()))
        return
    data = {
        "step_s": STEP_S,
        "noise": NOISE,
        "sensor": SENSOR.tolist(),
        "sigma": SIGMA.tolist(),
        "first": plain(FIRST[:, None]),
        "prior": square(PRIOR),
        "place_variance": [400.0, 900.0, 1600.0],
        **filters(),
        "mixing": mixing(),
        "neighbours": neighbours(),
    }
    path = Path(__file__).with_name("stone_soup.json")
    path.write_text(json.dumps(data) + "\n")


if __name__ == "__main__":
    main()
