"""The stage: time, frames, the Earth, its air and gravity, orbits, who sees whom.

In:  points, states, times and orbital elements, in SI units and radians.
Out: the same, moved, turned or measured. No room-specific record lives here.
Scalar kernels (`gravity_j2`, `us76`, `geodetic_from_ecef_xyz`, ...) may be called inside
other kernels; functions of whole arrays carry the plain name (`geodetic_from_ecef`).
The simulation's inertial frame (`_eci`) is the Earth-fixed frame turned back by the Earth
rotation angle of the moment; there is no precession, nutation or polar motion in it.
"""
