"""What a check finds: column, rule, count and consequence; never a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from justice_analysis.errors import (
    AdapterError,
    ContractError,
    JusticeError,
    SourceError,
    listed,
)
from justice_analysis.sources.quality import YearlyCounts

Consequence = Literal["refuse", "set aside", "made missing", "kept"]
_SEVERITY = ("refuse", "set aside", "made missing", "kept")


def raise_together(problems: Sequence[JusticeError]) -> None:
    """Raise all problems as one error; do nothing if there is none.

    An adapter's mistake makes it an `AdapterError`, else a file's a `SourceError`.
    """
    if not problems:
        return
    message = listed([str(problem) for problem in problems])
    for kind in (AdapterError, SourceError):
        if any(isinstance(problem, kind) for problem in problems):
            raise kind(message)
    raise ContractError(message)


@dataclass(frozen=True)
class Finding:
    """One rule that rows of one column do not meet.

    Parameters
    ----------
    column
        The contract's name of the column; columns of a key joined by a comma; empty for a
        finding about the whole table.
    rule
        The rule in plain words, such as `unreadable date`.
    count
        Rows that do not meet it.
    consequence
        `refuse` (nothing is loaded), `set aside` (the rows go to quarantine), `made missing`
        (the value is dropped, the row stays) or `kept` (reported only).
    advice
        What to do about it, where that is not plain.
    """

    column: str
    rule: str
    count: int
    consequence: Consequence
    advice: str = ""

    def sentence(self, table: str, rows: int) -> str:
        """Say it in one sentence: where, what, how many, what to do."""
        where = f"{table}.{self.column}" if self.column else table
        share = f": {self.count:,} of {rows:,} rows" if self.count else ""
        return f"{where}: {self.rule}{share}.{' ' + self.advice if self.advice else ''}"

    def as_record(self) -> dict[str, Any]:
        """Give the finding as plain types, for JSON."""
        return {
            "column": self.column,
            "rule": self.rule,
            "count": self.count,
            "consequence": self.consequence,
            "advice": self.advice,
        }


@dataclass(frozen=True)
class CheckReport:
    """What the checks of one delivered table found.

    Parameters
    ----------
    table
        The contract's name of the table.
    rows
        Rows checked: as delivered, less those an adapter filtered.
    findings
        All findings, the gravest first.
    set_aside
        Rows set aside, by reason.
    notes
        What else a reader should know, such as columns that were not used.
    years
        Counts by field and year.
    """

    table: str
    rows: int
    findings: tuple[Finding, ...] = ()
    set_aside: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    years: YearlyCounts = field(default_factory=YearlyCounts)

    def __post_init__(self) -> None:
        ordered = sorted(self.findings, key=lambda found: _SEVERITY.index(found.consequence))
        object.__setattr__(self, "findings", tuple(ordered))

    @property
    def passed(self) -> bool:
        """Whether the table may be loaded."""
        return not self.refusals

    @property
    def refusals(self) -> tuple[str, ...]:
        """The sentences that say why the table may not be loaded."""
        return tuple(
            found.sentence(self.table, self.rows)
            for found in self.findings
            if found.consequence == "refuse"
        )

    def as_record(self) -> dict[str, Any]:
        """Give the report as plain types, for JSON."""
        return {
            "table": self.table,
            "rows": self.rows,
            "passed": self.passed,
            "findings": [found.as_record() for found in self.findings],
            "set_aside": dict(self.set_aside),
            "notes": list(self.notes),
            "by_year": self.years.as_record(),
        }


@dataclass(frozen=True)
class ExtractReport:
    """What the checks of a whole extract found, one `CheckReport` per table.

    Parameters
    ----------
    dataset, nature, extract_date
        Of the extract; the date as text, empty if not known.
    tables
        One report per table that was delivered, in the contract's order.
    absent_tables
        Tables that may be absent, and are.
    not_used
        Files in the folder that belong to no table.
    problems
        Files that are missing or cannot be read, and what of an adapter does not fit them.
    switched_off
        Assumed columns or tables that were not delivered, each with what that switches off.
    """

    dataset: str
    nature: str
    extract_date: str
    tables: tuple[CheckReport, ...]
    absent_tables: tuple[str, ...] = ()
    not_used: tuple[str, ...] = ()
    problems: tuple[JusticeError, ...] = ()
    switched_off: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the extract may be loaded."""
        return not self.problems and all(report.passed for report in self.tables)

    def table(self, name: str) -> CheckReport:
        """Give the report of one table that was delivered and could be read."""
        return next(report for report in self.tables if report.table == name)

    def refuse(self) -> None:
        """Raise every refusal of every table at once; do nothing if there is none.

        Raises
        ------
        ContractError
            If any table may not be loaded.
        SourceError, AdapterError
            If besides, or only, files cannot be read or an adapter does not fit them.
        """
        refusals = [sentence for report in self.tables for sentence in report.refusals]
        raise_together([*self.problems, *map(ContractError, refusals)])

    def as_record(self) -> dict[str, Any]:
        """Give the report as plain types, for JSON."""
        return {
            "dataset": self.dataset,
            "nature": self.nature,
            "extract_date": self.extract_date,
            "passed": self.passed,
            "problems": [str(problem) for problem in self.problems],
            "tables": [report.as_record() for report in self.tables],
            "absent_tables": list(self.absent_tables),
            "files_not_used": list(self.not_used),
            "switched_off": list(self.switched_off),
        }
