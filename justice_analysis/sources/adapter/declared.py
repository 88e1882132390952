"""What an adapter file declares, as inert parts; complete and checked by the time they exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from justice_analysis.contracts import TableContract

ISO_DATE = "%Y-%m-%d"
DAY_FIRST, MONTH_FIRST = "%d/%m/%Y", "%m/%d/%Y"
ROUNDINGS = ("nearest", "down", "up")
CARDINALITIES = ("one-to-one", "many-to-one")


@dataclass(frozen=True)
class Filter:
    """Rows to use, by the delivered values of one column: those in `keep`, or not in `drop`."""

    column: str
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """The reason under which the ledger counts the rows that are filtered."""
        return f"adapter filter on {self.column}"


@dataclass(frozen=True)
class Unpivot:
    """One row per filled slot, of rows that hold their repeats side by side.

    Parameters
    ----------
    values
        Name of a column to make, to the delivered columns that hold it: a pattern with one `*`
        for the number of the slot, or the columns in the order of the slots.
    number
        Name of the column that will hold the number of the slot; empty for none.
    keep
        Delivered columns that each made row repeats; empty for all that are not in `values`.
    """

    values: Mapping[str, str | tuple[str, ...]]
    number: str = ""
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Join:
    """Columns of another file, brought to the rows of the first by a key.

    Parameters
    ----------
    file
        The other file, with or without ending.
    by
        Pairs of key columns: in the first file, in the other.
    rows
        `one-to-one`, or `many-to-one`: several rows of the first file to one of the other.
    columns
        Columns to take; empty for all.
    """

    file: str
    by: tuple[tuple[str, str], ...]
    rows: Literal["one-to-one", "many-to-one"]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class DateParts:
    """A date that is delivered in columns of its parts; a `day` that is a number stands for all."""

    year: str
    month: str
    day: str | int | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The delivered columns that hold its parts."""
        return tuple(one for one in (self.year, self.month, self.day) if isinstance(one, str))


@dataclass(frozen=True)
class Combine:
    """A text made of several delivered columns; missing where one of them is."""

    columns: tuple[str, ...]
    separator: str = "-"


@dataclass(frozen=True)
class Unit:
    """How a delivered number becomes the contract's.

    Parameters
    ----------
    multiply
        What to multiply by.
    round
        `nearest` (halves away from 0), `down` or `up`, where a whole number must come out.
    months_since
        Contract name of a date: the delivered months are counted on the calendar from it, in
        days. Empty where `multiply` says it all.
    """

    multiply: float = 1
    round: Literal["", "nearest", "down", "up"] = ""
    months_since: str = ""

    @property
    def makes_whole(self) -> bool:
        """Whether fractions are delivered, or come of it, where a whole number is due."""
        return bool(self.round)


@dataclass(frozen=True)
class TableAdapter:
    """How the files of one table differ from its contract; empty where they don't.

    Parameters
    ----------
    files
        Names of the delivered files, with or without ending; more than one are put together.
    joins
        Other files, whose columns come to the rows of these.
    unpivot
        How rows with repeats side by side become one row each.
    distinct
        Whether rows that are equal in all columns used are one row.
    columns
        Contract name to delivered name.
    codes
        Contract name to (delivered code to contract code); other codes stay as they are.
    date_format, date_formats
        The formats of dates as text, the first that fits: for all columns, and for single ones
        by contract name. Where it gives none, the contract's; else as in ISO 8601.
    date_parts
        Contract name to the delivered columns of year, month and day.
    combine
        Contract name to delivered columns that are put together.
    missing, missing_in
        Texts that mean missing, besides the contract's: in all columns, and in single ones by
        contract name.
    constant
        Contract name to a value that every row gets.
    filters
        Rows to use; the others are set aside and counted.
    units
        Contract name to what turns the delivered unit into the contract's.
    decimal
        What stands before the fraction of a number: a point, or a comma.
    """

    files: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    unpivot: Unpivot | None = None
    distinct: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_format: tuple[str, ...] = ()
    date_formats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date_parts: Mapping[str, DateParts] = field(default_factory=dict)
    combine: Mapping[str, Combine] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    missing_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constant: Mapping[str, str] = field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    units: Mapping[str, Unit] = field(default_factory=dict)
    decimal: str = "."

    def formats_of(self, column: str) -> tuple[str, ...]:
        """Give the date formats of a column, the first to be tried first."""
        if column in self.date_parts or column in self.constant:
            return (ISO_DATE,)
        return self.date_formats.get(column, self.date_format or (ISO_DATE,))

    def with_formats(self, contract: TableContract) -> TableAdapter:
        """Add the contract's formats of dates where the adapter gives none of its own."""
        if self.date_format:
            return self
        said = {field.name: field.formats for field in contract.fields if field.formats}
        return replace(self, date_formats=said | dict(self.date_formats)) if said else self

    def missing_of(self, column: str) -> tuple[str, ...]:
        """Give the adapter's texts for missing in a column."""
        return self.missing + self.missing_in.get(column, ())

    def named_files(self, table: str) -> tuple[str, ...]:
        """Every file that the adapter names for a table of this name, those joined last."""
        first = self.files or (table,) * bool(self.joins)
        return first + tuple(join.file for join in self.joins)

    @property
    def reshapes(self) -> bool:
        """Whether rows are joined, made of slots or made distinct before anything else."""
        return bool(self.joins or self.unpivot or self.distinct)

    @property
    def steps(self) -> str:
        """Say what the adapter does to this table, for the ledger."""
        counted = [
            ("files put together", len(self.files) if len(self.files) > 1 else 0),
            ("files joined", len(self.joins)),
            ("slots made rows", int(self.unpivot is not None)),
            ("equal rows made one", int(self.distinct)),
            ("columns renamed", len(self.columns)),
            ("columns of codes translated", len(self.codes)),
            ("dates made of their parts", len(self.date_parts)),
            ("columns combined of others", len(self.combine)),
            ("columns set to a constant", len(self.constant)),
            ("units changed", len(self.units)),
        ]
        plain = ("slots made rows", "equal rows made one")
        parts = [words if words in plain else f"{words}: {n}" for words, n in counted if n]
        return "; ".join(parts)


@dataclass(frozen=True)
class Adapter:
    """A whole adapter file; see the guide for its form.

    Parameters
    ----------
    tables
        Contract name of a table to its `TableAdapter`; a table that is not named is as in
        the contract.
    delimiter, encoding, decimal
        Of every delimited file.
    """

    tables: Mapping[str, TableAdapter] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    name: str = "adapter"

    def table(self, name: str) -> TableAdapter:
        """Give the adapter of one table; an empty one where the file does not name it."""
        return self.tables.get(name, TableAdapter(decimal=self.decimal))
