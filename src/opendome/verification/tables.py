"""Reading the small reference tables that come with this package."""

import csv
import math
from importlib.resources import files


def read_rows(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file in `verification/data`, as texts by column name."""
    text = files("opendome.verification").joinpath("data", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def read_numbers(name: str) -> list[dict[str, float]]:
    """Rows of a CSV file of numbers; an empty field is NaN."""
    return [
        {key: float(value) if value else math.nan for key, value in row.items()}
        for row in read_rows(name)
    ]
