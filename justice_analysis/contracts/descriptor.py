"""What a dataset looks like as delivered: tables, fields, codes, keys, coverage and breaks.

The parts are inert; a `Contract` checks itself and all of its parts when it is made, and
reports every problem at once, so a wrong contract cannot exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import InitVar, dataclass

from justice_analysis.contracts.checks import contract_problems
from justice_analysis.errors import ContractError, UsageError, listed


@dataclass(frozen=True)
class Category:
    """One code and what it stands for; the code is text whatever the field's type."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One column of a delivered table.

    Parameters
    ----------
    type
        `string`, `integer`, `number`, `boolean`, `date` or `yearmonth` (a month, kept as the
        date of its first day).
    formats
        How dates are written, the first that fits: of `engine.DATE_FORMATS`; empty where they
        are as in ISO 8601 (`2019-04-30`; a month as `2019-04`).
    enum
        The only values allowed, as text; anything else fails the check.
    categories
        The code list; an unknown code is kept, counted and reported.
    name_status
        Whether the column's name is published: `confirmed`, `secondary` or `assumed`.
    codes_status
        The same for the meaning of its codes; None where it has no code list.
    type_status
        The same for its type; where a name is published its type often is not.
    source
        Where the name was read, or why it was assumed.
    identifies
        What other datasets name too, so that they join through it: a code of
        `codes.SHARED_IDENTIFIERS`; None for every other column.
    """

    name: str
    type: str
    title: str = ""
    description: str = ""
    required: bool = False
    minimum: str | float | None = None
    maximum: str | float | None = None
    enum: tuple[str, ...] = ()
    pattern: str | None = None
    categories: tuple[Category, ...] = ()
    name_status: str = "assumed"
    codes_status: str | None = None
    source: str = ""
    type_status: str = "assumed"
    identifies: str | None = None
    formats: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the code list, in its order."""
        return tuple(category.value for category in self.categories)

    def label(self, code: str) -> str | None:
        """What a code stands for; None for a code that is not in the list."""
        return {category.value: category.label for category in self.categories}.get(code)


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose values are found in the key of another table."""

    fields: tuple[str, ...]
    table: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True)
class TableContract:
    """One delivered table: its grain, columns and keys.

    Parameters
    ----------
    grain
        What a row is: "one row per ...".
    optional
        Whether an extract may come without this table.
    date_order
        Pairs of date columns; the first must not follow the second.
    dated_by
        The column whose year a row counts under when quality is measured: a date, a whole
        number that is a year, or text that begins with one (an academic year). None where no
        column dates a row.
    """

    name: str
    title: str
    grain: str
    fields: tuple[Field, ...]
    name_status: str = "assumed"
    source: str = ""
    optional: bool = False
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    missing_values: tuple[str, ...] = ("",)
    date_order: tuple[tuple[str, str], ...] = ()
    description: str = ""
    dated_by: str | None = None

    @property
    def field_names(self) -> tuple[str, ...]:
        """The columns, in the order in which they are delivered."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """Look up a column by its exact name.

        Raises
        ------
        UsageError
            If the table has no such column.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise UsageError(f"table {self.name} has no column {name!r}.")


@dataclass(frozen=True)
class Break:
    """Something that changes what the data mean: when, and where that is published."""

    what: str
    source: str
    from_date: dt.date | None = None
    to_date: dt.date | None = None


@dataclass(frozen=True)
class Source:
    """A publication or file that a contract was written from."""

    title: str
    path: str


@dataclass(frozen=True)
class Contract:
    """One source dataset as delivered.

    Parameters
    ----------
    jurisdiction
        `family`, `criminal`, `civil`, `cross` (links between them) or `common` (our own model).
    nature
        `restricted` (access by application) or `open`.
    covers_from, covers_to
        First and last day that the published coverage names; None where none is published.
    covers_status, covers_source
        Whether the coverage is confirmed, secondary or assumed, and where it was read.
    short_title
        The name for pictures and narrow columns; the title where none is given.
    noticed
        Problems that a reader met already; they are reported together with those found here.

    Raises
    ------
    ContractError
        If anything in the contract is missing, unknown or contradictory; lists every problem.
    """

    name: str
    title: str
    version: str
    description: str
    jurisdiction: str
    nature: str
    custodian: str
    how_to_apply: str
    citation: str
    covers_from: dt.date | None
    covers_to: dt.date | None
    breaks: tuple[Break, ...]
    sources: tuple[Source, ...]
    tables: tuple[TableContract, ...]
    covers_status: str = "assumed"
    covers_source: str = ""
    licence_note: str = ""
    short_title: str = ""
    noticed: InitVar[Sequence[str]] = ()

    def __post_init__(self, noticed: Sequence[str]) -> None:
        problems = [*noticed, *contract_problems(self)]
        if problems:
            raise ContractError(listed([f"{self.name or 'contract'}: {one}" for one in problems]))

    @property
    def table_names(self) -> tuple[str, ...]:
        """The tables, in the order of the descriptor."""
        return tuple(table.name for table in self.tables)

    def table(self, name: str) -> TableContract:
        """Look up a table by name.

        Raises
        ------
        UsageError
            If the dataset has no such table.
        """
        for table in self.tables:
            if table.name == name:
                return table
        raise UsageError(
            f"dataset {self.name} has no table {name!r}; it has {', '.join(self.table_names)}."
        )
