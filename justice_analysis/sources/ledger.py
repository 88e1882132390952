"""The row ledger: at every step, rows in are rows kept plus rows set aside by reason."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from justice_analysis.errors import LedgerError


@dataclass(frozen=True)
class LedgerEntry:
    """One step on one table that keeps its grain: which rows went on and which did not.

    Parameters
    ----------
    dataset, table, step
        Where the rows are and what was done to them, in plain words.
    rows_in, rows_kept
        Rows before and after the step.
    set_aside
        Rows that did not go on, by reason.
    note
        Anything a reader of the ledger should know; never a value of a row.

    Raises
    ------
    LedgerError
        Unless `rows_in` is `rows_kept` plus all rows set aside.
    """

    dataset: str
    table: str
    step: str
    rows_in: int
    rows_kept: int
    set_aside: Mapping[str, int] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "set_aside", _frozen_counts(self.set_aside))
        _require_balance(
            f"{self.dataset}, {self.table}, step {self.step}",
            rows_in=self.rows_in,
            rows_on=self.rows_kept,
            on_name="kept",
            set_aside=self.set_aside,
        )

    @property
    def rows_set_aside(self) -> int:
        """Rows set aside at this step, over all reasons."""
        return sum(self.set_aside.values())

    def as_record(self) -> dict[str, Any]:
        """Give the entry as plain types, for JSON."""
        return {
            "entry": "step",
            "dataset": self.dataset,
            "table": self.table,
            "step": self.step,
            "rows_in": self.rows_in,
            "rows_kept": self.rows_kept,
            "set_aside": dict(self.set_aside),
            "note": self.note,
        }


@dataclass(frozen=True)
class ReshapeEntry:
    """A step that changes grain: rows of one table used to make rows of another.

    Parameters
    ----------
    dataset, from_table, to_table, step
        Which rows were used, what they became and in which step.
    rows_in, rows_used, set_aside
        Rows looked at, rows used, and rows not used by reason.
    rows_made
        Rows of `to_table` that came of it; free to differ from `rows_used`.
    rule
        The sentence that says why so many rows were made of so many.

    Raises
    ------
    LedgerError
        Unless `rows_in` is `rows_used` plus all rows set aside.
    """

    dataset: str
    from_table: str
    to_table: str
    step: str
    rows_in: int
    rows_used: int
    rows_made: int
    rule: str
    set_aside: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "set_aside", _frozen_counts(self.set_aside))
        _require_balance(
            f"{self.dataset}, {self.from_table} to {self.to_table}, step {self.step}",
            rows_in=self.rows_in,
            rows_on=self.rows_used,
            on_name="used",
            set_aside=self.set_aside,
        )
        if self.rows_made < 0:
            raise LedgerError(f"rows made must not be negative: {self.to_table}, {self.step}.")

    @property
    def rows_set_aside(self) -> int:
        """Rows not used at this step, over all reasons."""
        return sum(self.set_aside.values())

    def as_record(self) -> dict[str, Any]:
        """Give the entry as plain types, for JSON."""
        return {
            "entry": "reshape",
            "dataset": self.dataset,
            "from_table": self.from_table,
            "to_table": self.to_table,
            "step": self.step,
            "rows_in": self.rows_in,
            "rows_used": self.rows_used,
            "rows_made": self.rows_made,
            "rule": self.rule,
            "set_aside": dict(self.set_aside),
        }


Entry = LedgerEntry | ReshapeEntry


@dataclass(frozen=True)
class Ledger:
    """Every step in order, checked as a chain when it is made.

    Raises
    ------
    LedgerError
        If a step on a table starts with another number of rows than the step before it kept,
        or a change of grain starts with another number than its table had left.
    """

    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", tuple(self.entries))
        rows_left: dict[tuple[str, str], int] = {}
        for entry in self.entries:
            _follow(entry, rows_left)

    def add(self, *entries: Entry) -> Ledger:
        """Return a ledger with these entries after the present ones, checked again."""
        return Ledger(self.entries + entries)

    def __add__(self, other: Ledger) -> Ledger:
        return Ledger(self.entries + other.entries)

    @property
    def steps(self) -> tuple[LedgerEntry, ...]:
        """The entries that keep grain."""
        return tuple(entry for entry in self.entries if isinstance(entry, LedgerEntry))

    @property
    def reshapes(self) -> tuple[ReshapeEntry, ...]:
        """The entries that change grain."""
        return tuple(entry for entry in self.entries if isinstance(entry, ReshapeEntry))

    def totals(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Sum up each dataset and table: rows delivered, rows left, rows set aside by reason."""
        totals: dict[tuple[str, str], dict[str, Any]] = {}
        for entry in self.steps:
            total = totals.setdefault(
                (entry.dataset, entry.table),
                {"rows_in": entry.rows_in, "rows_kept": entry.rows_kept, "set_aside": {}},
            )
            total["rows_kept"] = entry.rows_kept
            for reason, count in entry.set_aside.items():
                total["set_aside"][reason] = total["set_aside"].get(reason, 0) + count
        return totals

    def to_json(self) -> str:
        """Write the ledger as JSON text."""
        records = [entry.as_record() for entry in self.entries]
        return json.dumps({"entries": records}, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Ledger:
        """Read a ledger back and check it again.

        Raises
        ------
        LedgerError
            If the text is not a ledger, or its numbers do not add up.
        """
        try:
            return cls(tuple(_entry(record) for record in json.loads(text)["entries"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise LedgerError(
                "ledger.json is not a ledger as this version writes it. Load the data again."
            ) from None

    def __str__(self) -> str:
        return "\n".join(_lines(self.entries)) if self.entries else "The ledger has no entries."


def _frozen_counts(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Copy the counts, leave out zeros and make them unchangeable."""
    return MappingProxyType({str(reason): int(n) for reason, n in counts.items() if n != 0})


def _require_balance(
    where: str, *, rows_in: int, rows_on: int, on_name: str, set_aside: Mapping[str, int]
) -> None:
    if min(rows_in, rows_on, *set_aside.values()) < 0:
        raise LedgerError(f"rows must not be negative: {where}.")
    aside = sum(set_aside.values())
    if rows_in != rows_on + aside:
        raise LedgerError(
            f"rows in must be rows {on_name} plus rows set aside: {where} has {rows_in:,} in, "
            f"{rows_on:,} {on_name} and {aside:,} set aside. A step loses or repeats rows."
        )


def _follow(entry: Entry, rows_left: dict[tuple[str, str], int]) -> None:
    """Check one entry against what its table had left, and note what is left after it."""
    table = entry.table if isinstance(entry, LedgerEntry) else entry.from_table
    expected = rows_left.get((entry.dataset, table))
    if expected is not None and expected != entry.rows_in:
        raise LedgerError(
            f"a step must start with the rows that the step before it kept: {entry.dataset}, "
            f"{table}, step {entry.step} starts with {entry.rows_in:,}, {expected:,} were left."
        )
    if isinstance(entry, LedgerEntry):
        rows_left[entry.dataset, table] = entry.rows_kept


def _entry(record: Mapping[str, Any]) -> Entry:
    fields = {name: value for name, value in record.items() if name != "entry"}
    return LedgerEntry(**fields) if record["entry"] == "step" else ReshapeEntry(**fields)


def _lines(entries: Iterable[Entry]) -> Iterable[str]:
    """Draw the entries as plain text, one block for each dataset and table."""
    heading = None
    for entry in entries:
        if isinstance(entry, LedgerEntry):
            place = f"{entry.dataset}: {entry.table}"
            went_on, verb = entry.rows_kept, "kept"
        else:
            place = f"{entry.dataset}: {entry.from_table} to {entry.to_table}"
            went_on, verb = entry.rows_used, "used"
        if place != heading:
            yield place
            heading = place
        yield f"  {entry.step:<40} {entry.rows_in:>14,} in {went_on:>14,} {verb}"
        for reason, count in entry.set_aside.items():
            yield f"    set aside, {reason}: {count:,}"
        if isinstance(entry, ReshapeEntry):
            yield f"    made {entry.rows_made:,}: {entry.rule}"
        elif entry.note:
            yield f"    {entry.note}"
