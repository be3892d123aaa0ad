"""The subjects of the verification suite, in the order in which they run."""

# subject -> module with a tuple CHECKS; imported only when its checks are run
SUBJECTS: dict[str, str] = {
    "radar": "opendome.verification.radar",
    "tracking": "opendome.verification.tracking",
}
