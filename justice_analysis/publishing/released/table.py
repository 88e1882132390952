"""A released table as a reader sees it: captioned, aligned, hidden cells marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from justice_analysis.publishing.markup import SYNTHETIC, words
from justice_analysis.publishing.paper.blocks import Table
from justice_analysis.publishing.released.reader import ReleasedOutput

# The shorthand of the Analysis Function's guidance for tables.
CONFIDENTIAL, NOT_AVAILABLE = "[c]", "[x]"
CONFIDENTIAL_NOTE = "[c]: hidden to protect confidentiality."
NOT_AVAILABLE_NOTE = "[x]: not available."
SHOWN = "shown"
ROWS_ON_A_PAGE = 36
UPRIGHT = "comparison"
"""Kind of output of which a table with one row is read from top to bottom."""
UPRIGHT_HEADINGS = {
    "treated_people": "People who took part",
    "comparison_people": "Comparison people",
    "treated_events": "People who took part, with the outcome",
    "treated": "Those who took part",
    "comparison": "Comparison",
    "difference": "Estimated difference",
    "lower": "Difference, from",
    "upper": "Difference, to",
    "significant": "Significant?",
    "p_value": "p-value",
    "e_value": "E-value of the difference",
    "e_value_of_limit": "E-value of the interval",
}
_SAYS_NOTHING = {"all", "event"}
_HEADINGS = {"lower": "Interval from", "upper": "Interval to"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
_YEAR = re.compile(r"(19|20)\d\d")
_DECIMALS = Decimal("0.001")


def shown_table(output: ReleasedOutput, *, is_synthetic: bool) -> Table:
    """A released table, thinned if it is long (a curve has a row a day)."""
    columns = shown_columns(output)
    if output.kind == UPRIGHT and len(output.rows) == 1:
        return _upright(output, columns, is_synthetic=is_synthetic)
    rows = thinned(output.rows, group=_chart(output).get("group"))
    percent = percent_columns(output)
    years = {column for column in columns if _holds_years(output, column)}
    cells = [
        [_cell(row, column, column in percent, column in years) for column in columns]
        for row in rows
    ]
    return _table(
        output,
        headings=[heading_of(output, column) for column in columns],
        rows=cells,
        numeric=[_is_numeric(output, column) for column in columns],
        is_synthetic=is_synthetic,
        row_count=len(rows),
    )


def _table(
    output: ReleasedOutput,
    *,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    is_synthetic: bool,
    row_count: int,
) -> Table:
    """The block: what a page shows, and the released rows that files hold."""
    title = _title(output)
    columns = [column for column in output.columns if column != SHOWN]
    return Table(
        caption=f"{SYNTHETIC}. {title}" if is_synthetic else title,
        headings=tuple(headings),
        rows=tuple(tuple(row) for row in rows),
        numeric=tuple(numeric),
        label=f"Table: {title}",
        notes=_notes(output, rows, row_count),
        source=output.id,
        raw_headings=tuple(_raw_heading(output, column) for column in columns),
        raw=tuple(tuple(row[column] or _empty(row) for column in columns) for row in output.rows),
    )


def _upright(output: ReleasedOutput, columns: Sequence[str], *, is_synthetic: bool) -> Table:
    """Stand a single row upright, a line for each number: it would be too wide to read."""
    percent, row = percent_columns(output), output.rows[0]
    title = _title(output)
    lines = [
        [
            f"{UPRIGHT_HEADINGS.get(name) or words(name)}{_unit_upright(name, percent)}",
            _cell(row, name, name in percent, is_year=False),
        ]
        for name in sorted(columns, key=_place_upright)
        if row[name] != title
    ]
    return _table(
        output,
        headings=("Measure", "Value"),
        rows=lines,
        numeric=(False, True),
        is_synthetic=is_synthetic,
        row_count=1,
    )


def _unit_upright(name: str, percent: frozenset[str]) -> str:
    """A difference of percentages is in percentage points."""
    if name not in percent:
        return ""
    return " (%)" if name in ("treated", "comparison") else " (percentage points)"


def _place_upright(name: str) -> int:
    order = list(UPRIGHT_HEADINGS)
    return order.index(name) if name in order else -1


def shown_columns(output: ReleasedOutput) -> list[str]:
    """Columns worth a reader's eye, words before numbers.

    Left out: the mark of hiding, and a column that says "all" on every row.
    """
    said = {column: {row[column] for row in output.rows} for column in output.columns}
    kept = [
        column
        for column in output.columns
        if column != SHOWN and not (said[column] and said[column] <= _SAYS_NOTHING)
    ]
    return sorted(kept, key=lambda column: _is_numeric(output, column))


def thinned(
    rows: Sequence[Mapping[str, str]], *, group: str | None
) -> tuple[Mapping[str, str], ...]:
    """Take rows at even steps, with the first and last of each group, if there are many."""
    if len(rows) <= ROWS_ON_A_PAGE:
        return tuple(rows)
    parts: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        parts.setdefault(row.get(group or "", ""), []).append(row)
    each = max(2, ROWS_ON_A_PAGE // len(parts))
    return tuple(row for part in parts.values() for row in _evenly(part, each))


def _evenly(rows: Sequence[Mapping[str, str]], count: int) -> list[Mapping[str, str]]:
    if len(rows) <= count:
        return list(rows)
    return [rows[round(at * (len(rows) - 1) / (count - 1))] for at in range(count)]


def percent_columns(output: ReleasedOutput) -> frozenset[str]:
    """Columns that hold shares, which people read as percentages."""
    return frozenset(map(str, output.context.get("shares") or ()))


def _chart(output: ReleasedOutput) -> Mapping[str, Any]:
    chart = output.context.get("chart")
    return chart if isinstance(chart, Mapping) else {}


def _title(output: ReleasedOutput) -> str:
    return str(output.context.get("title") or output.title)


def heading_of(output: ReleasedOutput, column: str) -> str:
    """What a column is called on a page; shares are per cent there."""
    unit = " (%)" if column in percent_columns(output) else ""
    return f"{_label(output, column)}{unit}"


def _raw_heading(output: ReleasedOutput, column: str) -> str:
    """What a column is called in files, where a share is from 0 to 1 as it was released."""
    unit = " (share, 0 to 1)" if column in percent_columns(output) else ""
    return f"{_label(output, column)}{unit}"


def _label(output: ReleasedOutput, column: str) -> str:
    labels = output.context.get("columns")
    label = labels.get(column) if isinstance(labels, Mapping) else None
    return str(label or _HEADINGS.get(column) or words(column))


def _is_numeric(output: ReleasedOutput, column: str) -> bool:
    values = [row[column] for row in output.rows if row[column]]
    return bool(values) and all(_NUMBER.fullmatch(value) for value in values)


def _holds_years(output: ReleasedOutput, column: str) -> bool:
    """Calendar years are read without a separator; a count of 2,014 people is not one.

    A column says so by its name, or by standing among the groups, before the people.
    """
    values = [row[column] for row in output.rows if row[column]]
    if "year" in column.lower().split("_"):
        return all(value.isdigit() for value in values)
    names = list(output.columns)
    is_group = "people" in names and names.index(column) < names.index("people")
    return is_group and all(_YEAR.fullmatch(value) for value in values)


def _cell(row: Mapping[str, str], column: str, is_percent: bool, is_year: bool) -> str:
    value = row[column]
    if not value:
        return _empty(row)
    if is_year or not _NUMBER.fullmatch(value):
        return value
    return shown_number(value, is_percent=is_percent)


def _empty(row: Mapping[str, str]) -> str:
    """What stands in a cell without a value."""
    return CONFIDENTIAL if row.get(SHOWN) == "suppressed" else NOT_AVAILABLE


def shown_number(value: str, *, is_percent: bool = False) -> str:
    """A released number as print: thousands apart, at most three decimals (one for %)."""
    number = Decimal(value)
    if is_percent:
        return f"{number * 100:.1f}"
    if number == number.to_integral_value():
        return f"{int(number):,}"
    return f"{number.quantize(_DECIMALS).normalize():,f}"


def _notes(
    output: ReleasedOutput, cells: Sequence[Sequence[str]], row_count: int
) -> tuple[str, ...]:
    notes: list[str] = []
    if row_count < len(output.rows):
        notes.append(f"{row_count} of {len(output.rows):,} rows; the CSV holds them all.")
    if any(CONFIDENTIAL in row for row in cells):
        notes.append(CONFIDENTIAL_NOTE)
    if any(NOT_AVAILABLE in row for row in cells):
        notes.append(NOT_AVAILABLE_NOTE)
    return tuple(notes)
