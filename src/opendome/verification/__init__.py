"""The checks a sceptic can run: our models against outside authorities.

In:  nothing but this package; reference data lie in `data/` (see `data/README.md`).
Out: `run_checks()` -> one `Outcome` per check: worst error, tolerance, and whether the same
     measurement catches a bug planted on purpose.
One file per subject, each with a tuple `CHECKS`; `registry.py` lists the files.
"""
