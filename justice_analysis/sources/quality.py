"""Quality of a delivered table, counted by field and year in the same pass as its checks.

A row counts under the year of the column that its contract names as `dated_by`; where none is
named, or the date is missing, the year is not known. Counts only: no value of a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis.contracts import TableContract

if TYPE_CHECKING:
    import pandas as pd

MISSING = "missing"
UNDATED = ""
# How late a table goes is said by its tenth latest row: the latest few may be slips of a pen.
LATEST_ROWS = 10
YEAR, MONTH, ROWS = "justice_year", "justice_month", "justice_rows"
_YEAR_TEXT = "^[12][0-9]{3}"


@dataclass(frozen=True)
class YearlyCounts:
    """Counts of one delivered table by year.

    Parameters
    ----------
    dated_by
        The column whose year counts; empty where no column dates a row.
    years
        Years in order, as text; `UNDATED` (last) for rows whose year is not known.
    rows
        Rows delivered in each of `years`.
    counts
        Rows by column and measure (`missing`, or a rule of the checks), in the order of
        `years`; a rule that is nowhere broken is left out.
    last_month
        The month, as `2024-03`, of the tenth latest row that is not dated after the extract;
        empty where there is none or rows are not dated by a date.
    """

    dated_by: str = ""
    years: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    counts: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    last_month: str = ""

    def as_record(self) -> dict[str, Any]:
        """Give the counts as plain types, for JSON."""
        fields: dict[str, dict[str, list[int]]] = {}
        for (column, measure), counts in self.counts.items():
            fields.setdefault(column, {})[measure] = list(counts)
        return {
            "dated_by": self.dated_by,
            "last_month": self.last_month,
            "years": list(self.years),
            "rows": list(self.rows),
            "fields": fields,
        }


def periods(table: ir.Table, contract: TableContract) -> dict[str, ir.Value]:
    """Columns to group by: year, and month where rows are dated by a date; empty if by neither."""
    if contract.dated_by is None:
        return {}
    value = table[contract.dated_by]
    match contract.field(contract.dated_by).type:
        case "date" | "yearmonth":
            return {YEAR: value.year(), MONTH: value.month()}
        case "integer":
            return {YEAR: value}
    # Only a text that begins with a year is one: another would be a value of a row.
    return {YEAR: value.re_search(_YEAR_TEXT).ifelse(value[:4], ibis.null("string"))}


def yearly_counts(
    found: pd.DataFrame,
    contract: TableContract,
    measures: Mapping[str, tuple[str, str]],
    *,
    extract_month: str = "",
) -> YearlyCounts:
    """Put the counts of the one pass in order.

    Parameters
    ----------
    found
        One row per year and month: those of `periods`, `justice_rows`, and a column of counts
        for each of `measures`.
    measures
        Column of `found` to the delivered column and what was counted.
    extract_month
        The month of the extract, such as `2024-03`: later months are slips.
    """
    found = found.assign(**{YEAR: _labels(found, YEAR)})
    by_year = found.groupby(YEAR)[[ROWS, *measures]].sum().astype("int64")
    years = sorted(by_year.index, key=lambda year: (year == UNDATED, year))
    by_year = by_year.loc[years]
    counts = {
        place: tuple(int(n) for n in by_year[name])
        for name, place in measures.items()
        if place[1] == MISSING or by_year[name].any()
    }
    return YearlyCounts(
        dated_by=contract.dated_by or "",
        years=tuple(years),
        rows=tuple(int(n) for n in by_year[ROWS]),
        counts=counts,
        last_month=_last_month(found, extract_month),
    )


def _labels(found: pd.DataFrame, name: str) -> pd.Series[str]:
    """Whole numbers as text; missing as the mark of rows that are not dated."""
    import pandas as pd

    if name not in found:
        return pd.Series([UNDATED] * len(found), index=found.index, dtype=object)
    return found[name].map(lambda value: UNDATED if pd.isna(value) else _whole(value))


def _whole(value: object) -> str:
    return f"{int(value):04d}" if isinstance(value, int | float) else str(value)


def _last_month(found: pd.DataFrame, extract_month: str) -> str:
    if MONTH not in found:
        return ""
    months = [
        (f"{year}-{month.zfill(2)[-2:]}", int(rows))
        for year, month, rows in zip(found[YEAR], _labels(found, MONTH), found[ROWS], strict=True)
        if year != UNDATED
    ]
    seen = 0
    for month, rows in sorted(months, reverse=True):
        seen += rows if month <= (extract_month or month) else 0
        if seen >= LATEST_ROWS:
            return month
    return ""


def missing_counts(
    table: ir.Table, contract: TableContract, marks: Mapping[str, str]
) -> dict[str, ir.BooleanValue]:
    """Say of each column where nothing was delivered; what could not be read was."""
    return {
        name: table[name].isnull() & ~table[marks[name]]
        if marks[name] in table.columns
        else table[name].isnull()
        for name in contract.field_names
    }


def months_between(last: str, extract: str) -> int | None:
    """Whole months from one month such as `2024-03` to another; None where either is not known."""
    if not last or not extract:
        return None
    (year, month), (end_year, end_month) = (_parts(text) for text in (last, extract))
    return 12 * (end_year - year) + end_month - month


def _parts(month: str) -> tuple[int, int]:
    year, number = month.split("-")[:2]
    return int(year), int(number)
