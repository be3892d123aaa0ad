"""What the deciding nodes believed in one batch of trials."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opendome.quantities.errors import OpendomeError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Tracks:
    """Tracks of one batch: one for each object at each node of each trial.

    Times and sigmas are NaN where there never was such a moment.

    Attributes
    ----------
    node_names : one name per deciding node, indexed by node
    formed_t_s : (trial, node, object) first moment at which the node had a track [s after epoch]
    drops : (trial, node, object) how often custody was lost
    commit_sigma_m : (trial, node, object) position error, root sum square, at the first
        order to fire [m]
    """

    node_names: tuple[str, ...]
    formed_t_s: Floats
    drops: npt.NDArray[np.int32]
    commit_sigma_m: Floats

    @property
    def valid(self) -> npt.NDArray[np.bool_]:
        """Where there was a track at all: (trial, node, object)."""
        return np.isfinite(self.formed_t_s)

    def validate(self) -> None:
        """Refuse shapes and contents that no batch can have."""
        shape = self.formed_t_s.shape
        if len(shape) != 3 or shape[1] != len(self.node_names):
            raise OpendomeError(
                got=f"formed_t_s of shape {shape} for {len(self.node_names)} nodes",
                allowed="(trial, node, object) with one row per node name",
                do="give one name per node",
            )
        for name, part in (("drops", self.drops), ("commit_sigma_m", self.commit_sigma_m)):
            if part.shape != shape:
                raise OpendomeError(
                    got=f"{name} of shape {part.shape}",
                    allowed=f"the shape of formed_t_s, {shape}",
                    do="give one entry per trial, node and object",
                )
        if np.any(self.drops < 0):
            raise OpendomeError(
                got="a negative count of drops", allowed="0 or more", do="count from 0"
            )
        if np.any((self.drops > 0) & ~self.valid):
            raise OpendomeError(
                got="custody lost of a track that never was",
                allowed="drops only where formed_t_s is a time",
                do="write both from one trial",
            )


@dataclass(frozen=True, kw_only=True)
class TrackHistory:
    """What one node believed in one trial, cycle by cycle, from measurements alone. Frame: ECI.

    The tracks alive in cycle k are rows ``start[k]:start[k + 1]``, in the order of their numbers.

    Attributes
    ----------
    cycle_t_s : (cycle,) [s after epoch]
    start : (cycle + 1,)
    track : (row,) number of the track, for good: the detection that began it
    confirmed : (row,) whether it is more than a suspicion
    mean : (row, 6) position [m] and velocity [m/s] carried to the cycle
    cov : (row, 6, 6) its covariance
    weight : (row, model) how likely each way of motion is
    fed_t_s : (row,) time of the newest detection in it [s after epoch]
    detection_track : (detection,) track that each detection was given to in the end, -1 for none
    detection_cycle : (detection,) cycle in which it was there to be used; the number of cycles
        when it came after the last, or too late to be of use
    detection_nis : (detection,) normalised innovation squared as it was given to its track,
        NaN without one
    too_late : detections that came too late to be of use
    refused : tracks that could not begin because too many were alive
    """

    cycle_t_s: Floats
    start: npt.NDArray[np.int64]
    track: npt.NDArray[np.int64]
    confirmed: npt.NDArray[np.bool_]
    mean: Floats
    cov: Floats
    weight: Floats
    fed_t_s: Floats
    detection_track: npt.NDArray[np.int64]
    detection_cycle: npt.NDArray[np.int64]
    detection_nis: Floats
    too_late: int
    refused: int

    @property
    def cycles(self) -> int:
        """Number of cycles."""
        return int(self.cycle_t_s.shape[0])

    @property
    def row_cycle(self) -> npt.NDArray[np.int64]:
        """Cycle of each row: (row,)."""
        return np.repeat(np.arange(self.cycles), np.diff(self.start))


@dataclass(frozen=True, kw_only=True)
class BeliefTable:
    """Belief of one node about each object, as one who knows the truth sees it. Frame: ECI.

    Where an object has no confirmed track, floats are NaN and `track` is -1.

    Attributes
    ----------
    tracked : (cycle, object) whether a confirmed track follows it
    track : (cycle, object) number of that track
    error : (cycle, object, 6) estimate minus truth [m, m/s]
    cov : (cycle, object, 6, 6) what the track says of its error
    age_s : (cycle, object) since its newest detection [s]
    false_tracks : (cycle,) confirmed tracks that follow nothing, for most of their detections
        were false alarms or of many objects
    spare_tracks : (cycle,) confirmed tracks of an object that has a better one
    swaps : (object,) how often a track that followed it went over to another object
    drops : (object,) how often it was tracked no more
    """

    tracked: npt.NDArray[np.bool_]
    track: npt.NDArray[np.int64]
    error: Floats
    cov: Floats
    age_s: Floats
    false_tracks: npt.NDArray[np.int64]
    spare_tracks: npt.NDArray[np.int64]
    swaps: npt.NDArray[np.int64]
    drops: npt.NDArray[np.int64]
