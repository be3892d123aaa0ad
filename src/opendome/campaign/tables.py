"""Long tables of a campaign: join, order, digest."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.command.policy import PolicyName
from opendome.engagement.records import Ledger

Table = Mapping[str, npt.NDArray[Any]]
TABLES = ("objects", "shots", "tracks", "quality")


def join(ledgers: Iterable[Ledger]) -> Ledger:
    """One ledger of many, ordered by trial whatever the order they came in."""
    parts = sorted(ledgers, key=lambda ledger: int(ledger.objects["trial"][0]))
    return Ledger(**{name: _stack([getattr(part, name) for part in parts]) for name in TABLES})


def _stack(tables: list[Table]) -> Table:
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def digest(ledger: Ledger, policy: PolicyName | None = None) -> str:
    """SHA-256 of every cell of a joined ledger, little-endian, column by column.

    policy : what decided, which then counts as well; None for the rules of the scenario
    """
    total = hashlib.sha256()
    if policy is not None:
        total.update(f"policy {json.dumps(policy)};".encode())
    for table_name in TABLES:
        table: Table = getattr(ledger, table_name)
        for name in sorted(table):
            column = table[name]
            total.update(f"{table_name}.{name} {column.dtype.str[1:]} {column.size};".encode())
            total.update(np.ascontiguousarray(column, column.dtype.newbyteorder("<")).tobytes())
    return total.hexdigest()
