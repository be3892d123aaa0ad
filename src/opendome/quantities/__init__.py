"""Numbers at the edge: constants, units, intervals, money.

In:  texts of a scenario file or of the catalogue ("1500 km", "0.5..0.9", "12 of 21").
Out: values in base SI units and radians (`values.py`), or an error that says what to do.
     `constants.py` holds the physical constants, each with its passport.
Nothing here imports a numerical library; kernels see plain floats only.
"""
