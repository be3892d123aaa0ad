"""What an interceptor could do if told.

In:  a `Raid` (threats), and the interceptors of one future: constellations and launch sites.
Out: a `Reach` (records): for every object and shooter that can meet it, the latest launch for
     each intercept time. No choice is made here and no dice are thrown.
spec.py reads the scenario; interceptors.py holds realised interceptors; models.py has the suite
of a future and `reach`, which joins what pairs.py solves asset by asset; table.py and kick.py
build the flyout table of a surface interceptor; kernels/ do the arithmetic, among it the divert
reach and the kill probability of a shot (kernels/kill.py).
"""
