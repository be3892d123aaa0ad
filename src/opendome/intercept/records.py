"""What an interceptor could do if told."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """For every object and shooter that can meet it: the latest launch for each intercept time.

    A shooter is one launch site with its stock, or one orbital interceptor. The pairs of
    object j are rows ``start[j]:start[j + 1]``, sorted by shooter. Pair q has samples
    ``offset[q]:offset[q + 1]``; sample k means an intercept at ``first_t_s[q] + k * step_s``
    and `latest_launch_t_s` is the last moment at which the interceptor may leave and still
    be there; -inf where there is no such moment. Every pair has at least one finite sample.

    Attributes
    ----------
    shooter_names : indexed by shooter
    shooter_asset : (shooter,) index of the scenario asset a shooter belongs to
    shooter_stock : (shooter,) rounds
    start : (object + 1,)
    shooter : (pair,)
    first_t_s : (pair,) [s after epoch]
    offset : (pair + 1,)
    latest_launch_t_s : (sample,) [s after epoch]
    step_s : spacing of intercept times [s]
    """

    shooter_names: tuple[str, ...]
    shooter_asset: Integers
    shooter_stock: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    shooter: Integers
    first_t_s: Floats
    offset: npt.NDArray[np.int64]
    latest_launch_t_s: Floats
    step_s: float
