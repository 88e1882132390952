"""What every mapping shares: its context, what it returns, and the account of its rows.

A mapping takes one dataset's contract tables and returns common tables as engine
expressions. It accounts for each delivered row: used, or set aside for a named reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.contracts import Contract
from justice_analysis.sources.cleaning_rules import Rule
from justice_analysis.sources.row_ids import as_text, key, place_key

__all__ = [
    "KEPT",
    "Account",
    "CommonTables",
    "MappingContext",
    "all_used",
    "as_date",
    "as_text",
    "code_name",
    "coverage",
    "first_reason",
    "key",
    "number_keyless_rows",
    "place_key",
    "provenance",
]

KEPT = "kept"


@dataclass(frozen=True)
class MappingContext:
    """What a mapping may know besides the tables.

    Attributes
    ----------
    contract, backend, extract_date
        The dataset's contract, the engine, and the day on which the source was extracted.
    records, cases
        `record_id`, and `case_id` with `case_type`, of the datasets mapped before; only links
        between datasets need them.
    """

    contract: Contract
    backend: BaseBackend
    extract_date: date | None = None
    records: ir.Table | None = None
    cases: ir.Table | None = None

    @property
    def dataset(self) -> str:
        """Name of the dataset, which every row carries as its source."""
        return self.contract.name

    def covered_to(self) -> date | None:
        """First day on which an event would no longer have been seen.

        The day of the extract, which is rarely a whole one; else the day after the contract's
        last.
        """
        last = as_date(self.contract.covers_to)
        return self.extract_date or (last and last + timedelta(days=1))

    def covered_from(self) -> date | None:
        """First day on which an event would have been seen."""
        return as_date(self.contract.covers_from)


@dataclass(frozen=True)
class Account:
    """Every row of one delivered table with its `reason`: missing where the row was used."""

    table: str
    rows: ir.Table
    became: tuple[str, ...]
    rule: str = "each row is used"


@dataclass(frozen=True)
class CommonTables:
    """One dataset in the common model, before its records are people.

    Attributes
    ----------
    tables
        Common table name to rows. `party`, `relationship`, `event`, `measure` and
        `episode` hold `record_id` (and `related_record_id`) in the place of people;
        `record` has one row per person record, `record_id_link` one per identifier.
    accounts
        One for each delivered table that the mapping read.
    rules
        Cleaning rules applied, for the quality report.
    """

    dataset: str
    tables: Mapping[str, ir.Table]
    accounts: Sequence[Account]
    rules: Sequence[Rule] = field(default_factory=tuple)


def as_date(value: date | str | None) -> date | None:
    """A date from a contract's or an extract's date or ISO text."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def code_name(code: ir.Value, names: Mapping[object, str]) -> ir.StringValue:
    """Name of a code; an unknown code is kept as `code:N`, a missing one stays missing."""
    written = as_text(code)
    known = [(written == str(value), name) for value, name in names.items()]
    other = written.notnull().ifelse(ibis.literal("code:") + written, ibis.null("string"))
    return ibis.cases(*known, else_=other) if known else other


def first_reason(*reasons: tuple[ir.BooleanValue, str]) -> ir.StringValue:
    """Reason why a row is set aside: the first that holds, missing if none does."""
    tests = [(holds.fill_null(False), reason) for holds, reason in reasons]
    return ibis.cases(*tests, else_=ibis.null("string"))


def all_used(table: str, rows: ir.Table, *became: str) -> Account:
    """Account of a delivered table of which every row is used."""
    return Account(table, rows.mutate(reason=ibis.null("string")), became)


def provenance(
    context: MappingContext, table: str | ir.StringValue, row_key: ir.Value
) -> dict[str, ir.Value]:
    """The three columns that end every common row: where it came from."""
    return {
        "source": ibis.literal(context.dataset),
        "source_table": ibis.literal(table) if isinstance(table, str) else table,
        "source_key": as_text(row_key),
    }


def coverage(context: MappingContext, *, reason: str) -> ir.Table:
    """The source's one coverage row: every place, from the contract's start to the extract.

    No row where either day is not known: what was covered is then not known.
    """
    known = context.covered_from() is not None and context.covered_to() is not None
    row: dict[str, list[object]] = {
        "place_id": [None],
        "from_date": [context.covered_from()],
        "to_date": [context.covered_to()],
        "reason": [reason],
        "source": [context.dataset],
        "source_table": ["extract"],
        "source_key": [context.dataset],
    }
    kinds = dict.fromkeys(row, "string") | {"from_date": "date", "to_date": "date"}
    held = row if known else {name: list[object]() for name in row}
    return engine.memory_table(context.backend, held, kinds)


def number_keyless_rows(rows: ir.Table) -> ir.Table:
    """Give rows without a key one: the digest of all columns and the number of the copy."""
    hashed = rows.mutate(_digest=engine.digest(*[rows[name] for name in rows.columns]))
    window = ibis.window(group_by="_digest", order_by="_digest")
    numbered = hashed.mutate(_copy=ibis.row_number().over(window) + 1)
    return numbered.mutate(row_key=numbered._digest + ":" + as_text(numbered._copy)).drop(
        "_digest", "_copy"
    )
