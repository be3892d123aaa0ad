"""Who knows it and when."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class Picture:
    """When a measurement of each sensor reaches each deciding node.

    Attributes
    ----------
    node_names : one name per deciding node (a nation), indexed by node
    delay_s : (node, sensor) seconds from measurement to use at the node, inf when not shared
    """

    node_names: tuple[str, ...]
    delay_s: npt.NDArray[np.float64]
