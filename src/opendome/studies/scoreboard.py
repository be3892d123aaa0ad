"""Every figure of the published record beside ours, counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opendome.studies.evaluation import record
from opendome.studies.records import Row, StudyResult


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One published figure of one case of a study, and ours."""

    study: str
    case: str
    row: Row

    @property
    def difference_share(self) -> float | None:
        """Difference over the published value (of a range, its nearer end); None without either."""
        row = self.row
        if row.difference is None or row.published is None or row.ours is None:
            return None
        nearest = row.ours - row.difference
        return None if nearest == 0.0 else row.difference / abs(nearest)

    def to_dict(self) -> dict[str, Any]:
        """One row of `opendome study --all --json`."""
        share = self.difference_share
        return {
            "study": self.study,
            "case": self.case,
            "output": self.row.name,
            **self.row.to_dict(),
            "difference_percent": None if share is None else 100.0 * share,
        }


@dataclass(frozen=True, kw_only=True)
class Scoreboard:
    """All comparisons, in the order of studies, cases and outputs.

    titles : study -> its title
    """

    comparisons: tuple[Comparison, ...]
    titles: Mapping[str, str]

    @property
    def reproduced(self) -> Sequence[Comparison]:
        """Those where ours is inside the tolerance."""
        return [each for each in self.comparisons if each.row.within]

    @property
    def not_reproduced(self) -> Sequence[Comparison]:
        """All others."""
        return [each for each in self.comparisons if not each.row.within]

    def of_study(self, name: str) -> "Scoreboard":
        """The part of one study."""
        own = tuple(each for each in self.comparisons if each.study == name)
        return Scoreboard(comparisons=own, titles={name: self.titles[name]})

    def to_dict(self) -> dict[str, Any]:
        """The document of `opendome study --all --json`."""
        return {
            "reproduced": len(self.reproduced),
            "compared": len(self.comparisons),
            "studies": {name: self._study(name) for name in self.titles},
            "not_reproduced": [each.to_dict() for each in self.not_reproduced],
            "rows": [each.to_dict() for each in self.comparisons],
        }

    def _study(self, name: str) -> dict[str, Any]:
        own = self.of_study(name)
        return {
            "title": self.titles[name],
            "reproduced": len(own.reproduced),
            "compared": len(own.comparisons),
        }

    def _repr_html_(self) -> str:
        """Table for notebooks."""
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{part['reproduced']}</td>"
            f"<td>{part['compared']}</td></tr>"
            for name, part in self.to_dict()["studies"].items()
        )
        return f"<table><tr><th>study</th><th>reproduced</th><th>compared</th></tr>{rows}</table>"


def scoreboard(
    results: Mapping[str, Mapping[str, StudyResult]] | None = None,
) -> Scoreboard:
    """The scoreboard of the whole published record, or of studies already evaluated.

    results : study -> case -> result, as `record()` and `every_case()` give them
    """
    results = record() if results is None else results
    return Scoreboard(
        comparisons=tuple(_comparisons(results)),
        titles={name: _title(cases) for name, cases in results.items()},
    )


def _title(cases: Mapping[str, StudyResult]) -> str:
    return next(iter(cases.values())).study.title


def _comparisons(results: Mapping[str, Mapping[str, StudyResult]]) -> Iterator[Comparison]:
    for name, cases in results.items():
        for case, result in cases.items():
            for row in result.compared:
                yield Comparison(study=name, case=case, row=row)
