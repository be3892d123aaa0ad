"""What the catalogue holds: sources, parameters with their passports, systems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from opendome.quantities.money import Money, parse_money
from opendome.quantities.units import quantity
from opendome.quantities.values import Value

Basis = Literal["read", "computed", "assumed", "unverified"]
Certainty = Literal["high", "medium", "low"]
SourceKind = Literal[
    "official",  # the body that owns the fact: a government, an agency, an audit office
    "standard",  # a standard, a registry of constants, a documented algorithm
    "study",  # a paper, a report of a learned body or institute, an analysis with its method
    "company",  # the maker of the thing
    "press",  # an established publication
    "aggregator",  # a digest, a rewrite, a price list put together by others
    "encyclopaedia",  # an encyclopaedia or a copy of one
    "mirror",  # a copy of another publication on a site that is not its publisher
    "forum",  # a forum, a blog post, a mailing list
    "code",  # a table in the source code of another simulator
    "unnamed",  # a file seen in a public repository whose name was not kept
    "project",  # this project: an assumption or a recollection of ours
]
WEAK_KINDS: frozenset[SourceKind] = frozenset(
    ("aggregator", "encyclopaedia", "mirror", "forum", "unnamed", "project")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document.

    date : day, month or year of publication, as far as known
    read : day on which this project's survey read it, None if it did not
    """

    id: str
    title: str
    kind: SourceKind
    url: str | None = None
    date: str | None = None
    read: str | None = None

    @property
    def weak(self) -> bool:
        """Whether a value known only from here counts as unverified."""
        return self.kind in WEAK_KINDS

    @property
    def citation(self) -> str:
        """One line for a list of sources."""
        parts = [self.title]
        if self.date:
            parts.append(self.date)
        if self.url:
            parts.append(self.url)
        return ". ".join(parts) + f" [{self.kind}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    """Where a value comes from and how far to trust it.

    sources : ids in sources.yaml, the best first
    basis : read at the source, computed from it, assumed by the project, or unverified
    as_of : date the value stands for: of publication where known, else of the survey
    note : reason, method or reservation
    """

    sources: tuple[str, ...]
    basis: Basis
    as_of: str
    certainty: Certainty | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One published or assumed fact about a system.

    name : name in the system, dotted where a spec nests ("sites.vandenberg.stock")
    given : edge text, or several for a list
    words : the fact is words or a date, no quantity
    """

    name: str
    given: str | tuple[str, ...]
    passport: Passport
    words: bool = False

    @property
    def value(self) -> Value | Money:
        """The quantity in base SI, or the sum of money. Refuses words and lists."""
        if self.words or not isinstance(self.given, str):
            message = f"{self.name} is no single quantity: {self.given!r}"
            raise TypeError(message)
        return read_quantity(self.given)

    @property
    def raw(self) -> Any:
        """The given text or list of texts, as a scenario file would hold it."""
        return list(self.given) if isinstance(self.given, tuple) else self.given


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A sensor, interceptor, threat class, or a body of facts."""

    id: str
    name: str
    nation: str
    kind: str
    parameters: Mapping[str, Parameter]
    notes: str = ""

    def tree(self) -> dict[str, Any]:
        """The given texts nested as a scenario file would hold them.

        "sites.vandenberg.stock" becomes {"sites": {"vandenberg": {"stock": ...}}}; a level
        whose keys are 0, 1, 2, ... becomes a list.
        """
        root: dict[str, Any] = {}
        for name, parameter in self.parameters.items():
            *parents, last = name.split(".")
            place = root
            for parent in parents:
                place = place.setdefault(parent, {})
            place[last] = parameter.raw
        return _with_lists(root)

    def source_ids(self) -> Iterator[str]:
        """Every source used, in the order of first use."""
        used = (s for parameter in self.parameters.values() for s in parameter.passport.sources)
        return iter(dict.fromkeys(used))


def read_quantity(text: str) -> Value | Money:
    """Quantity of an edge text; the unit tells the dimension, money by its price year."""
    unit = text.rpartition(" ")[2]
    return parse_money(text) if "_" in unit else quantity(text)[0]


def _with_lists(node: dict[str, Any]) -> Any:
    walked = {key: _with_lists(v) if isinstance(v, dict) else v for key, v in node.items()}
    if walked and list(walked) == [str(index) for index in range(len(walked))]:
        return list(walked.values())
    return walked
