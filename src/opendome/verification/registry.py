"""The subjects of the verification suite, in the order in which they run."""

# subject -> module with a tuple CHECKS; imported only when its checks are run
SUBJECTS: dict[str, str] = {
    "nesc": "opendome.verification.nesc",
    "reentry": "opendome.verification.reentry",
    "atmosphere": "opendome.verification.atmosphere",
    "geodesy": "opendome.verification.geodesy",
    "earth-rotation": "opendome.verification.earth_rotation",
    "range": "opendome.verification.ballistic_range",
    "kepler": "opendome.verification.kepler",
    "sgp4": "opendome.verification.sgp4",
    "lambert": "opendome.verification.lambert",
    "coverage": "opendome.verification.coverage",
    "shells": "opendome.verification.shells",
    "coverage-map": "opendome.verification.coverage_maps",
    "radar": "opendome.verification.radar",
    "signature": "opendome.verification.signature",
    "ballistic": "opendome.verification.ballistic",
    "glide": "opendome.verification.glide",
    "cruise": "opendome.verification.cruise",
    "tracking": "opendome.verification.tracking",
    "filters": "opendome.verification.filters",
    "network": "opendome.verification.network",
    "engagement": "opendome.verification.engagement",
    "statistics": "opendome.verification.statistics",
    "determinism": "opendome.verification.determinism",
    "exact-math": "opendome.verification.exact_math",
}
