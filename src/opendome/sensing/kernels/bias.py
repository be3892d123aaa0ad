"""Errors that looks have in common: what a look still tells when its sensor is biased.

Adding up looks as if they were independent would average a common error b away. Schmidt's filter
carries the bias along; a list of looks cannot. Instead each look is taken to be as noisy as
sigma^2 + m b^2, m the looks of its sensor at the object that are remembered with it: n such looks
together leave about b^2, however many they are.

Source: S. F. Schmidt, Application of State-Space Methods to Navigation Problems, Advances in
Control Systems 3, 1966 (consider covariance, with which the tests compare).
"""

import math

from opendome.compiled import kernel


@kernel
def looks_remembered(before: float, dt_s: float, memory_s: float) -> float:
    """How many looks share the bias of this one, itself among them.

    before : remembered at the look before, 0 at the first     dt_s : since then [s]
    memory_s : how long a bias stays the same [s], inf for one that stays
    Returns 1 + before * exp(-dt / memory), up to memory / dt for looks at a steady pace.
    """
    return 1.0 + before * math.exp(-dt_s / memory_s)


@kernel
def share_after_bias(sigma_rad: float, bias_rad: float, looks: float) -> float:
    """Share of the information of one look that is left beside a common bias.

    sigma_rad : standard deviation of its own noise [rad]     bias_rad : that of the bias [rad]
    looks : `looks_remembered`
    Returns sigma^2 / (sigma^2 + looks * bias^2).
    Valid for: an object that moves, whose speed is found from the same looks. With a bias that is
    remembered for good, and over tracks of up to three memories, the position comes out 0.93
    to 1.6 times as uncertain as the best estimate that knows of the bias. Over longer tracks a
    bias that really stays averages away, to 0.6 after ten memories. Speeds come out worse than
    they are, for a bias that stays does not spoil them. A look that is not detected counts all
    the same.
    """
    bias_square = bias_rad * bias_rad
    return 1.0 / (1.0 + looks * bias_square / (sigma_rad * sigma_rad))
