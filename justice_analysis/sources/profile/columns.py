"""What a column of an unknown file holds: its kind, gaps, forms of dates, frequent codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.adapter.making import as_written
from justice_analysis.sources.profile.kinds import (
    DATED,
    Kind,
    date_tests,
    kind_of,
    kind_tests,
    markers_met,
)
from justice_analysis.sources.profile.rounding import THRESHOLD, band, rounded

CODE_LIKE = 50
_LONGEST_CODE = 40
# Rows per value from which values are looked at once, not once per row.
_FEW = 4
_AT_ONCE = 150
_POWERS = range(0, 12)
_DECADES = range(1850, 2100, 10)
_LENGTHS = (1, 5, 10, 20, 40, 80, 200)


@dataclass(frozen=True)
class ColumnProfile:
    """What is known of one column; counts are rounded, and None where they are few.

    Parameters
    ----------
    kind
        `date`, `month`, `integer`, `number`, `boolean`, `hash`, `text` or `empty`.
    missing
        Rows without a value.
    markers
        Text that seems to mean missing, to rows.
    distinct
        Band of the number of different values.
    unique
        Whether every row has a value of its own.
    formats
        Date format to rows that fit it.
    unlike
        Rows with a value that does not fit the kind.
    size
        Order of magnitude of numbers, decades of dates, or length of texts; in words.
    values
        Code to rows, of columns with few different values; `other_values` says whether there
        are some that are not shown.
    """

    name: str
    kind: str
    missing: int | None
    markers: Mapping[str, int | None] = field(default_factory=dict)
    distinct: str = "0"
    unique: bool = False
    formats: Mapping[str, int | None] = field(default_factory=dict)
    unlike: int | None = 0
    size: str = ""
    values: Mapping[str, int | None] = field(default_factory=dict)
    other_values: bool = False


def profile_columns(
    table: ir.Table, *, threshold: int = THRESHOLD
) -> tuple[int | None, tuple[ColumnProfile, ...]]:
    """Look at every column of a table.

    Parameters
    ----------
    table
        One row per delivered row; kept on the engine, since it is passed over several times.
    threshold
        Rows that must share what is shown.

    Returns
    -------
    tuple
        Number of rows, rounded, and one profile per column.
    """
    rows = engine.count_rows(table)
    basics = _counts(table, dict(_basic_counts(table)))
    profiles = tuple(
        _profile(
            table,
            name,
            rows=rows,
            filled=basics[f"filled{number}"],
            distinct=basics[f"distinct{number}"],
            threshold=threshold,
        )
        for number, name in enumerate(table.columns)
    )
    return rounded(rows, threshold), profiles


def _basic_counts(table: ir.Table) -> Iterator[tuple[str, ir.Value]]:
    for number, name in enumerate(table.columns):
        column = without_blanks(table[name])
        yield f"filled{number}", column.count()
        yield f"distinct{number}", column.nunique()


def without_blanks(column: ir.Value) -> ir.Value:
    """A column without blanks round its texts, and missing where nothing else was there."""
    return column.strip().nullif("") if column.type().is_string() else column


def _counts(table: ir.Table, wanted: Mapping[str, ir.Value]) -> dict[str, int]:
    """Compute aggregates in as few passes as the engine takes well."""
    found: dict[str, int] = {}
    names = list(wanted)
    for begin in range(0, len(names), _AT_ONCE):
        part = {
            f"n{place}": wanted[name] for place, name in enumerate(names[begin : begin + _AT_ONCE])
        }
        row = engine.execute(table.aggregate(**part), step="profile").iloc[0]
        counted = zip(names[begin:], part, strict=False)
        found |= {name: int(row[short]) for name, short in counted}
    return found


def _profile(
    table: ir.Table, name: str, *, rows: int, filled: int, distinct: int, threshold: int
) -> ColumnProfile:
    missing = rounded(rows - filled, threshold)
    if not filled:
        return ColumnProfile(name, "empty", missing)
    weighed = _weighed(table, name, is_short=distinct * _FEW <= rows)
    column = weighed.value
    held = _rows_where(weighed, kind_tests(column, as_written(column)))
    markers = markers_met(held, threshold)
    values = filled - sum(markers.values())
    held |= _rows_where(weighed, date_tests(as_written(column), held, values))
    kind = kind_of(column, held, values)
    unique = distinct == filled == rows
    # Ids and dates are no codes, however few there are.
    is_code = kind.name not in ("hash", *DATED) and distinct <= min(CODE_LIKE, rows // THRESHOLD)
    codes, others = _codes(weighed, distinct, threshold) if is_code else ({}, False)
    return ColumnProfile(
        name=name,
        kind=kind.name,
        missing=missing,
        markers=_rounded(markers, threshold),
        distinct=band(distinct) if filled >= threshold else f"<{threshold}",
        unique=unique,
        formats=_rounded(kind.formats, threshold),
        unlike=rounded(max(0, values - kind.fitting), threshold),
        size=kind.note or (_size(weighed, kind, threshold) if filled >= threshold else ""),
        values=_rounded(codes, threshold),
        other_values=others,
    )


def _rounded(counts: Mapping[str, int], threshold: int) -> dict[str, int | None]:
    return {name: rounded(n, threshold) for name, n in counts.items()}


def _weighed(table: ir.Table, name: str, *, is_short: bool) -> ir.Table:
    """Values of a column and the rows that have each; once per row where most are different."""
    held = table.select(value=without_blanks(table[name])).filter(ibis._.value.notnull())
    if not is_short:
        return held.mutate(rows=ibis.literal(1, "int64"))
    counted = held.group_by("value").aggregate(rows=held.count())
    return engine.materialise(counted, step="profile")


def _rows_where(weighed: ir.Table, tests: Mapping[str, ir.BooleanValue]) -> dict[str, int]:
    rows = {name: weighed.rows.sum(where=test).fill_null(0) for name, test in tests.items()}
    return _counts(weighed, rows)


def _codes(weighed: ir.Table, distinct: int, threshold: int) -> tuple[dict[str, int], bool]:
    """Values that enough rows share, of a column with few different ones."""
    text = as_written(weighed.value)
    counted = weighed.group_by(value=text).aggregate(rows=weighed.rows.sum())
    found = engine.execute(counted.filter(counted.value.notnull()), step="profile")
    found = found[(found["rows"] >= threshold) & (found["value"].str.len() <= _LONGEST_CODE)]
    shown = found.sort_values(["rows", "value"], ascending=[False, True])
    codes = {str(value): int(n) for value, n in zip(shown["value"], shown["rows"], strict=True)}
    return codes, len(codes) < distinct


# Sizes ----------------------------------------------------------------------------------


def _size(weighed: ir.Table, kind: Kind, threshold: int) -> str:
    """Say roughly how large values are, by bands that enough rows reach."""
    column = weighed.value
    text = as_written(column)
    if kind.name in ("integer", "number"):
        number = column if column.type().is_numeric() else engine.to_number(text)
        return _magnitude(weighed, number, threshold)
    if kind.name in DATED:
        dates = [engine.to_date(text, one) for one in kind.formats]
        day = column.date() if column.type().is_timestamp() else column
        return _decades(weighed, ibis.coalesce(*dates) if dates else day, threshold)
    if kind.name in ("text", "hash"):
        return _length(weighed, text, threshold)
    return ""


def _magnitude(weighed: ir.Table, number: ir.FloatingValue, threshold: int) -> str:
    tests = {str(power): number.abs() >= 10.0**power for power in _POWERS}
    counts = _rows_where(weighed, {**tests, "negative": number < 0})
    reached = [power for power in _POWERS if counts[str(power)] >= threshold]
    words = f"below {10 ** (reached[-1] + 1):,}" if reached else "below 1"
    return words + (", some negative" if counts["negative"] >= threshold else "")


def _decades(weighed: ir.Table, date: ir.DateValue, threshold: int) -> str:
    year = date.year()
    tests = {str(one): (year >= one) & (year < one + 10) for one in _DECADES}
    counts = _rows_where(weighed, tests)
    reached = [one for one in _DECADES if counts[str(one)] >= threshold]
    if not reached:
        return ""
    return f"{reached[0]}s to {reached[-1]}s" if len(reached) > 1 else f"{reached[0]}s"


def _length(weighed: ir.Table, text: ir.StringValue, threshold: int) -> str:
    length = text.length()
    counts = _rows_where(weighed, {str(one): length > one for one in _LENGTHS})
    top = next((one for one in _LENGTHS if counts[str(one)] < threshold), None)
    return f"up to {top} characters" if top else f"over {_LENGTHS[-1]} characters"
