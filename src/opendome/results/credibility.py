"""The credibility card of a result, after NASA-STD-7009."""

from dataclasses import dataclass

STANDARD = "NASA-STD-7009A, Standard for Models and Simulations (2016), credibility assessment"
NOTICE = "illustrative; not validated against flight data"


@dataclass(frozen=True)
class Factor:
    """One factor of the card: a level from 0 (no evidence) to 4, and why."""

    name: str
    level: int
    reason: str


def card(*, unverified_share: float, futures: int) -> tuple[Factor, ...]:
    """The eight factors for one run.

    unverified_share : share of the inputs known only from unverified sources or assumed
    futures : how many states of affairs were sampled
    """
    pedigree = 1 if unverified_share > 0.0 else 2
    uncertainty = 2 if futures > 1 else 1
    return (
        Factor(
            "Verification", 3, "models checked against published cases, each with a planted bug"
        ),
        Factor("Validation", 1, "agrees with published studies only; no flight data"),
        Factor(
            "Input pedigree",
            pedigree,
            f"every value has a source; {unverified_share:.0%} are unverified or assumed",
        ),
        Factor(
            "Results uncertainty",
            uncertainty,
            f"luck and {futures} futures sampled; model error is not",
        ),
        Factor(
            "Results robustness", 1, "rank correlation with the uncertain inputs of this run only"
        ),
        Factor("Use history", 0, "new code"),
        Factor(
            "Model management", 2, "open source, versioned, tested, results reproducible by digest"
        ),
        Factor("People qualifications", 0, "not assessed"),
    )
