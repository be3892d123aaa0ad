"""Keyed random streams: every draw has an address, and nothing else decides its value.

In:  (seed, purpose, trial, object, index), five whole numbers.
Out: a uniform in (0, 1) or a standard normal, the same on every machine, for any number
     of workers, any chunking and any order (`philox.py`); names of purposes (`purposes.py`).
"""
