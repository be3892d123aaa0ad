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
