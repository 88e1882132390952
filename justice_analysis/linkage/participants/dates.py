"""Dates of a whole column in one format: stated, or the only one that all of it fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import SourceError, UsageError

DAY_FORMATS = tuple(
    name for name in engine.DATE_FORMATS if name not in engine.MONTH_FORMATS and "%H" not in name
)
# Of cells that are written in the format, so many may be no day of the calendar (30 February).
MOST_IMPOSSIBLE = 0.02
_PARTS: Mapping[str, str] = {
    "%Y": "[0-9]{4}",
    "%m": "[0-9]{2}",
    "%d": "[0-9]{2}",
    "%b": "[A-Za-z]{3}",
    ".": "[.]",
}


@dataclass(frozen=True)
class DateColumn:
    """A column of dates as read: its format, cells filled, and those that were no real day."""

    name: str
    format: str
    filled: int
    impossible: int


def read_dates(
    table: ir.Table, columns: Sequence[str], *, file: str, format: str | None = None
) -> tuple[ir.Table, tuple[DateColumn, ...]]:
    """Turn columns of text into dates.

    Parameters
    ----------
    table
        Any grain; `columns` hold text, trimmed, null where missing.
    columns
        Columns to read.
    file
        The file's name, for errors.
    format
        One of `DAY_FORMATS`, for every column; else the one format in which every filled cell
        of a column is written, and in which they are days of the calendar (all but 2%).
        Day and month that could be either way round are refused, never guessed.

    Returns
    -------
    tuple
        The table with dates, null where a cell was no real day; and what was read.

    Raises
    ------
    SourceError
        If no format, or more than one, fits a whole column: counts only, no values.
    UsageError
        If the format stated is none of `DAY_FORMATS`.
    """
    if format is not None and format not in DAY_FORMATS:
        raise UsageError(f"date format must be one of {', '.join(DAY_FORMATS)}: not {format}.")
    counts = _counts(table, columns, (format,) if format else DAY_FORMATS)
    read = tuple(_the_one(each, *counts[each], file=file, stated=format) for each in columns)
    dated = {each.name: engine.to_date(table[each.name], each.format) for each in read}
    return table.mutate(**dated), read


def _counts(
    table: ir.Table, columns: Sequence[str], formats: Sequence[str]
) -> dict[str, tuple[int, dict[str, tuple[int, int]]]]:
    """For each column: cells filled, and by format those so written and those real; one pass."""
    sums = {}
    for column in columns:
        text = table[column]
        sums[f"{column}_filled"] = text.count()
        for number, each in enumerate(formats):
            written = text.re_search(_pattern(each)).cast("int64")
            sums[f"{column}_{number}_written"] = written.sum().fill_null(0)
            sums[f"{column}_{number}_real"] = engine.to_date(text, each).count()
    found = engine.execute(table.aggregate(**sums), step="formats of dates").iloc[0]
    return {
        column: (
            int(found[f"{column}_filled"]),
            {
                each: (int(found[f"{column}_{n}_written"]), int(found[f"{column}_{n}_real"]))
                for n, each in enumerate(formats)
            },
        )
        for column in columns
    }


def _pattern(format: str) -> str:
    pattern = format
    for part, digits in _PARTS.items():
        pattern = pattern.replace(part, digits)
    return rf"^{pattern}\z"


def _the_one(
    column: str,
    filled: int,
    fits: Mapping[str, tuple[int, int]],
    *,
    file: str,
    stated: str | None,
) -> DateColumn:
    """The only format that fits the column."""
    if not filled:
        return DateColumn(column, stated or "%Y-%m-%d", 0, 0)
    least = (1 - MOST_IMPOSSIBLE) * filled
    whole = [each for each, (written, real) in fits.items() if written == filled and real >= least]
    if len(whole) == 1:
        return DateColumn(column, whole[0], filled, filled - fits[whole[0]][1])
    if whole:
        raise SourceError(
            f"{file}: {column} must be readable in one way, and all {filled:,} filled rows are "
            f"dates in {len(whole)} formats ({', '.join(whole)}). State which with date_format."
        )
    best = max(fits, key=lambda each: fits[each][1])
    raise SourceError(
        f"{file}: {column} must hold dates in one format ({stated or 'any that is known'}), and "
        f"at most {fits[best][1]:,} of {filled:,} filled rows do ({best}). Write the whole "
        "column one way, state it with date_format, or leave what is not known empty."
    )
