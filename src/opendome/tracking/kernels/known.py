"""Readings whose track is known: predict, score and update, one after the other."""

import numpy as np
import numpy.typing as npt

from opendome.compiled import table_kernel
from opendome.tracking.kernels.bank import predict_track, score, update_track
from opendome.tracking.kernels.forces import BankRules
from opendome.tracking.kernels.mixing import Bank
from opendome.tracking.kernels.readings import Readings

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@table_kernel
def follow(
    bank: Bank,
    rules: BankRules,
    readings: Readings,
    tracks: Integers,
    distance2: Floats,
    log_density: Floats,
) -> None:
    """Take each reading, in the order given, into the track that it belongs to.

    tracks : (reading,) index of the track; its readings must be in order of time
    distance2, log_density : (reading,) out, as `score` and as `update_track` give them
    """
    for k in range(tracks.shape[0]):
        track = tracks[k]
        predict_track(bank, rules, track, readings.t_s[k])
        distance2[k] = score(bank, readings, track, k)[0]
        log_density[k] = update_track(bank, rules, readings, track, k)


@table_kernel
def follow_blindly(bank: Bank, rules: BankRules, readings: Readings, tracks: Integers) -> None:
    """As `follow`, without the scores."""
    for k in range(tracks.shape[0]):
        predict_track(bank, rules, tracks[k], readings.t_s[k])
        update_track(bank, rules, readings, tracks[k], k)
