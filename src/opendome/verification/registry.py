"""The subjects of the verification suite, in the order in which they run."""

# subject -> module with a tuple CHECKS; imported only when its checks are run
SUBJECTS: dict[str, str] = {
    "kepler": "opendome.verification.kepler",
    "sgp4": "opendome.verification.sgp4",
    "lambert": "opendome.verification.lambert",
    "coverage": "opendome.verification.coverage",
    "radar": "opendome.verification.radar",
    "tracking": "opendome.verification.tracking",
}
