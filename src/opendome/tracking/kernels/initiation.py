"""Confirmation of a track: at least m detections in the last n looks, kept as bits.

Source: Y. Bar-Shalom, X. R. Li, Multitarget-Multisensor Tracking: Principles and
Techniques, 1995, section 2.3 (m-of-n logic).
"""

from opendome.compiled import kernel

WINDOW_MAX = 31


@kernel
def hit(mask: int, seen: int, n: int) -> int:
    """Bits of the last `n` looks after one more look, the newest in the lowest bit.

    mask : bits of the looks so far, 0 at the start     seen : 1 detected, 0 not
    n : looks remembered, 1..31
    Returns the new bits.
    """
    return ((mask << 1) | (seen & 1)) & ((1 << n) - 1)


@kernel
def confirmed(mask: int, m: int, n: int = WINDOW_MAX) -> bool:
    """Whether at least `m` of the last `n` looks were detections.

    mask : bits as `hit` keeps them     m : detections needed     n : looks that count, 1..31
    Returns True or False; a window not yet full is enough when it holds `m` detections.
    """
    bits = mask & ((1 << n) - 1)
    count = 0
    while bits != 0:
        bits &= bits - 1
        count += 1
    return count >= m
