"""Published official series, read from a CSV of totals by quarter and checked against what is due.

A series is a small table about a country, never about people. Reading one needs no warehouse; a
study of series loads them into one of their own, and nothing joins them to rows about people.

>>> from justice_analysis.sources.series import read_series
>>> series = read_series("uk_cjs_quarterly.csv")
>>> series.of("court__case_backlog_cc").tail(1)
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from justice_analysis.contracts.series import SeriesContract, load_series_contract
from justice_analysis.errors import ContractError, SourceError, UsageError, listed

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("period_start", "series", "value", "unit", "source")
_PERIOD = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+|[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_QUARTER_MONTHS = 3
_MOST_ROWS = 2_000  # five hundred years of quarters: more is not a file of series


@dataclass(frozen=True)
class Series:
    """Series of one file.

    Attributes
    ----------
    contract
        What they are, of where, and where published.
    table
        One row per quarter and series, in that order: `period_start` (date, the first day of the
        quarter), `series`, `value` (missing where not published), `unit`, `source`.
    """

    contract: SeriesContract
    table: pd.DataFrame

    @property
    def names(self) -> tuple[str, ...]:
        """The series, in the contract's order."""
        return self.contract.series_names

    def of(self, name: str) -> pd.DataFrame:
        """One series: one row per quarter, as in `table`.

        Raises
        ------
        UsageError
            If there is no such series.
        """
        if name not in self.names:
            raise UsageError(f"there is no series called {name!r} in {self.contract.name}.")
        return self.table[self.table["series"] == name].reset_index(drop=True)


def read_series(path: Path | str, *, contract: str | Path = "uk_cjs_quarterly") -> Series:
    """Read published series from a CSV with one row per quarter and one column per series.

    Parameters
    ----------
    path
        The file: UTF-8 (a byte-order mark is no harm), fields parted by commas, points in
        decimal numbers.
    contract
        Name of a shipped descriptor, or path of your own.

    Returns
    -------
    Series
        In order of quarter, whatever the file's order.

    Raises
    ------
    SourceError
        If the file is missing, empty, or not text in UTF-8.
    ContractError
        If columns, quarters or numbers are not as they must be: every problem at once, with
        column and count, no value.
    """
    file = Path(path)
    known = load_series_contract(contract)
    header, rows = _rows(file, known)
    problems = [*_header_problems(header, known), *_ragged(header, rows)]
    if problems:
        raise ContractError(listed([f"{file.name}: {problem}" for problem in problems]))
    starts = [_quarter(row[header.index(known.period_column)], known) for row in rows]
    columns = {
        name: [row[header.index(name)].strip() for row in rows] for name in known.series_names
    }
    problems = [*_quarter_problems(starts, known)]
    for name, texts in columns.items():
        problems += _number_problems(name, texts, known)
    if problems:
        raise ContractError(listed([f"{file.name}: {problem}" for problem in problems]))
    return Series(known, _tidy([one for one in starts if one is not None], columns, known))


# The file -----------------------------------------------------------------------------------


def _rows(file: Path, known: SeriesContract) -> tuple[list[str], list[list[str]]]:
    """Header and rows as text; blank lines are no rows."""
    try:
        raw = file.read_bytes()
    except OSError:
        raise SourceError(f"the file {file.name} cannot be read; check the path.") from None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in raw[:4096]:
        raise SourceError(f"{file.name} must be text in UTF-8: it looks like UTF-16. Save it anew.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceError(f"{file.name} must be text in UTF-8: it is not. Save it anew.") from None
    try:
        lines = [row for row in csv.reader(io.StringIO(text), strict=True) if any(row)]
    except csv.Error:
        raise SourceError(
            f"{file.name} must be a whole CSV file: a quoted field does not end. Export it again."
        ) from None
    if len(lines) < 2:
        raise SourceError(
            f"{file.name} must have a header and a quarter: it has {len(lines)} rows."
        )
    if len(lines) > _MOST_ROWS:
        raise SourceError(
            f"{file.name} must be a file of series, of totals by quarter: {len(lines):,} rows are "
            "too many. Tables of people are loaded as datasets."
        )
    return [name.strip() for name in lines[0]], lines[1:]


def _header_problems(header: Sequence[str], known: SeriesContract) -> Iterator[str]:
    wanted = (known.period_column, *known.series_names)
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        yield "fields must be parted by commas: the header has none. Export it with commas."
        return
    missing = [name for name in wanted if name not in header]
    if missing:
        yield f"columns must be there: {', '.join(missing)} {_are(missing)} not."
    unknown = len(set(header) - set(wanted))
    if unknown:
        yield f"columns must be in the contract: {unknown} {_are_count(unknown)} not described."
    repeated = len(header) - len(set(header))
    if repeated:
        yield f"columns must have names of their own: {repeated} repeat."


def _are(names: Sequence[str]) -> str:
    return _are_count(len(names))


def _are_count(count: int) -> str:
    return "is" if count == 1 else "are"


def _ragged(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    odd = sum(len(row) != len(header) for row in rows)
    if odd:
        yield (
            f"rows must have {len(header)} fields: {odd} of {len(rows)} do not. A decimal comma "
            "or a cut-off file looks like that."
        )


# Quarters -----------------------------------------------------------------------------------


def _quarter(text: str, known: SeriesContract) -> dt.date | None:
    """First day of the quarter that a month names; None if it names none."""
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    first = month - _QUARTER_MONTHS + 1 if known.names_end else month
    if first % _QUARTER_MONTHS != 1 or first < 1:
        return None
    return dt.date(year, first, 1)


def _quarter_problems(starts: Sequence[dt.date | None], known: SeriesContract) -> Iterator[str]:
    column = known.period_column
    held = [start for start in starts if start is not None]
    wrong = len(starts) - len(held)
    if wrong:
        which = "last" if known.names_end else "first"
        yield (
            f"{column} must be the {which} month of a quarter, as YYYY-MM: {wrong} of "
            f"{len(starts)} rows are not."
        )
    repeated = len(held) - len(set(held))
    if repeated:
        yield f"{column} must name each quarter once: {repeated} rows repeat one."
    if held and not wrong:
        numbers = {start.year * 4 + start.month // _QUARTER_MONTHS for start in held}
        gaps = max(numbers) - min(numbers) + 1 - len(numbers)
        if gaps:
            yield f"{column} must have every quarter from first to last: {gaps} are missing."


# Numbers ------------------------------------------------------------------------------------


def _number_problems(name: str, texts: Sequence[str], known: SeriesContract) -> Iterator[str]:
    given = [text for text in texts if text not in known.missing_values]
    odd = [text for text in given if not _NUMBER.fullmatch(text)]
    if odd:
        yield f"{name} must be numbers: {len(odd)} of {len(texts)} values are not.{_advice(odd)}"
    read = [float(text) for text in given if _NUMBER.fullmatch(text)]
    infinite = sum(math.isinf(value) for value in read)
    if infinite:
        yield f"{name} must be numbers that a computer can hold: {infinite} are not."
    low = 0 if known.minimum is None else sum(value < known.minimum for value in read)
    if low:
        yield f"{name} must not be below {known.minimum:g}: {low} of {len(texts)} values are."


def _advice(odd: Sequence[str]) -> str:
    if all(_GROUPED.fullmatch(text) for text in odd):
        return " They have commas between thousands, or decimal commas: write neither."
    if any(_DECIMAL_COMMA.fullmatch(text) for text in odd):
        return " Some have a decimal comma: write a point."
    return ""


def _tidy(
    starts: Sequence[dt.date], columns: dict[str, list[str]], known: SeriesContract
) -> pd.DataFrame:
    """One row per quarter and series, in that order."""
    import pandas as pd

    order = sorted(range(len(starts)), key=lambda row: starts[row])
    return pd.DataFrame(
        [
            (
                starts[row],
                one.name,
                _value(columns[one.name][row], known),
                one.unit,
                one.source,
            )
            for row in order
            for one in known.series
        ],
        columns=list(COLUMNS),
    ).astype({"period_start": "datetime64[s]", "value": "float64"})


def _value(text: str, known: SeriesContract) -> float:
    return math.nan if text in known.missing_values else float(text)
