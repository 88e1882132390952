"""What reshaping gives: rows, breaks of what was declared, and the account of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis.expr.types as ir

from justice_analysis.sources.findings import Finding
from justice_analysis.sources.ledger import ReshapeEntry


@dataclass(frozen=True)
class Reshaped:
    """Delivered rows after an adapter's joins and slots.

    Parameters
    ----------
    table
        In delivered names; None where a join breaks the cardinality that was declared.
    findings
        Such breaks.
    entries
        What was done, for the ledger.
    aside
        Rows that did not go on, in delivered columns with `reason`, by a name for them.
    """

    table: ir.Table | None
    findings: tuple[Finding, ...] = ()
    entries: tuple[ReshapeEntry, ...] = ()
    aside: Mapping[str, ir.Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where rows come from and go to, in the words of the ledger."""

    dataset: str
    file: str
    table: str

    def entry(
        self, step: str, *, rows: int, made: int, rule: str, aside: Mapping[str, int] | None = None
    ) -> ReshapeEntry:
        """Give the ledger's entry of one step: rows of the file, and rows made of them."""
        used = rows - sum((aside or {}).values())
        return ReshapeEntry(
            self.dataset, self.file, self.table, step, rows, used, made, rule, aside or {}
        )


def column_named(table: ir.Table, name: str) -> str | None:
    """Find a delivered column; blanks at the ends and letter case don't count."""
    by_key = {column_key(column): column for column in table.columns}
    return by_key.get(column_key(name))


def column_key(name: str) -> str:
    """What two names of one column have in common."""
    return name.strip().lower()
