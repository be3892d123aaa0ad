"""Tracks of one object from several nodes, made one without counting anything twice.

Two nodes that were told of the same detections, or that moved the same guess forward, have
errors in common. Adding their information as if they were independent makes a track that is
surer than it is right. Two remedies: take out what both have in common where that is known, or
bound it by covariance intersection where it is not.

Source: S. J. Julier, J. K. Uhlmann, A non-divergent estimation algorithm in the presence of
unknown correlations, American Control Conference 1997; C.-Y. Chong, S. Mori, K.-C. Chang,
Distributed multitarget multisensor tracking, in Y. Bar-Shalom (ed.), Multitarget-Multisensor
Tracking: Advanced Applications, 1990; S. Grime, H. F. Durrant-Whyte, Data fusion in decentralized
sensor networks, Control Engineering Practice 2(5), 1994 (channel filter).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]

HALVINGS = 40  # of the weight of an intersection: to 1e-8 of the whole
GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A state and its covariance: mean (..., n), cov (..., n, n)."""

    mean: Floats
    cov: Floats

    @property
    def information(self) -> Floats:
        """Inverse covariance: (..., n, n)."""
        return _inverse(self.cov)

    @property
    def information_mean(self) -> Floats:
        """Inverse covariance times the mean: (..., n)."""
        return _times(self.information, self.mean)


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), np.float64)


def _times(matrix: Floats, vector: Floats) -> Floats:
    return (matrix @ vector[..., None])[..., 0]


def from_information(information: Floats, information_mean: Floats) -> Estimate:
    """Estimate of its inverse covariance (..., n, n) and that times its mean (..., n)."""
    cov = _inverse(information)
    cov = 0.5 * (cov + np.swapaxes(cov, -1, -2))
    return Estimate(mean=_times(cov, information_mean), cov=cov)


def fuse_independent(estimates: Sequence[Estimate]) -> Estimate:
    """Estimates with nothing in common: their information added.

    Valid for: errors that are independent, and only those; otherwise over-confident.
    """
    return from_information(
        np.sum([one.information for one in estimates], axis=0),
        np.sum([one.information_mean for one in estimates], axis=0),
    )


def fuse_with_common(one: Estimate, other: Estimate, common: Estimate) -> Estimate:
    """Two estimates that share a known part: sum of information less what is in both.

    common : the estimate both descend from, carried to the same moment as they are
    Model: P^-1 = P1^-1 + P2^-1 - Pc^-1, and so for the weighted means: the channel filter.
    Valid for: a common part that is exactly known, and no unknown acceleration since then;
    with process noise it is a good approximation when nodes exchange often.
    """
    return from_information(
        one.information + other.information - common.information,
        one.information_mean + other.information_mean - common.information_mean,
    )


def intersect(one: Estimate, other: Estimate) -> tuple[Estimate, Floats]:
    """Two estimates whose errors may be correlated in any way: covariance intersection.

    Returns the estimate and the weight of `one`: (...).
    Model: P^-1 = w P1^-1 + (1 - w) P2^-1 and so for the weighted means, with the w in 0..1 of
    the least determinant of P. Never smaller than the truth, whatever the correlation, if
    neither P1 nor P2 is.
    Valid for: consistent estimates. With both independent it throws away up to half of the
    information.
    """
    first, second = one.information, other.information
    low = np.zeros(one.mean.shape[:-1])
    high = np.ones_like(low)
    for _ in range(HALVINGS):  # golden section: log det is concave in w
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        worse = _log_det(first, second, left) < _log_det(first, second, right)
        low, high = np.where(worse, left, low), np.where(worse, high, right)
    weight = 0.5 * (low + high)
    ends = np.stack([_log_det(first, second, w) for w in (weight, 0.0 * weight, 0.0 * weight + 1)])
    best = np.argmax(ends, axis=0)
    weight = np.where(best == 0, weight, np.where(best == 1, 0.0, 1.0))
    w = weight[..., None]
    fused = from_information(
        w[..., None] * first + (1.0 - w[..., None]) * second,
        w * one.information_mean + (1.0 - w) * other.information_mean,
    )
    return fused, weight


def _log_det(first: Floats, second: Floats, weight: Floats) -> Floats:
    """Log determinant of the mixed information: (...)."""
    w = weight[..., None, None]
    return np.linalg.slogdet(w * first + (1.0 - w) * second)[1]


def intersect_all(estimates: Sequence[Estimate]) -> Estimate:
    """Covariance intersection of one after the other; the order matters a little."""
    if not estimates:
        raise OpendomeError(
            got="no estimate to fuse", allowed="one or more", do="give the tracks of the nodes"
        )
    fused = estimates[0]
    for other in estimates[1:]:
        fused, _ = intersect(fused, other)
    return fused


def same_object(one: Estimate, other: Estimate) -> Floats:
    """Squared distance of two estimates, d' (P1 + P2)^-1 d: (...).

    Valid for: a test whether two tracks may be of one object, chi-square with n degrees of
    freedom for independent errors; errors in common make it smaller.
    """
    gap = one.mean - other.mean
    return np.einsum("...i,...i->...", gap, _times(_inverse(one.cov + other.cov), gap))
