"""Cells of a workbook: released text read as the number that it is, hidden ones marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from justice_analysis.publishing.paper.blocks import Table
from justice_analysis.publishing.released.table import CONFIDENTIAL, NOT_AVAILABLE, SHOWN
from justice_analysis.publishing.writers.office_files import one_line

Cell = str | int | float
SHORTHAND = (
    (CONFIDENTIAL, "Hidden to protect confidentiality."),
    (NOT_AVAILABLE, "Not available."),
    ("[z]", "Not applicable."),
    ("[low]", "Rounds to zero, and is not zero."),
)
_MARKS = frozenset(mark for mark, _ in SHORTHAND)
_RELEASED = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
_SHOWN = re.compile(r"[-−]?(0|[1-9]\d{0,2}(,\d{3})+|[1-9]\d*)(\.\d+)?")  # noqa: RUF001
_MOST_DECIMALS = 6
_EXACT = 15  # digits that a spreadsheet's number can hold


@dataclass(frozen=True)
class Column:
    """A column: its heading, whether its cells are numbers, and how many decimals they show.

    Attributes
    ----------
    decimals
        Missing where a column mixes sizes that no one number of decimals shows.
    is_grouped
        Whether thousands stand apart; years and names of rows are read without.
    """

    heading: str
    is_numeric: bool = False
    decimals: int | None = 0
    is_grouped: bool = False


@dataclass(frozen=True)
class Grid:
    """Headings and rows of a table as a workbook holds them: full rows, no empty cell."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_whole: bool


def grid(table: Table) -> Grid:
    """The released rows of a table, or where it holds none, the rows that its page shows.

    Released cells keep the precision in which they left. What a page shows was rounded for
    reading and has commas at the thousands, so a number is read out of it.
    """
    if table.raw and table.raw_headings:
        headings, rows = _without_mark(table.raw_headings, table.raw)
        return _grid(headings, rows, [True] * len(headings), _RELEASED, is_whole=True)
    return _grid(table.headings, table.rows, table.numeric, _SHOWN, is_whole=False)


def _without_mark(
    headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    """Say in empty cells whether they are hidden; the column that says so by row is left out."""
    at = next((place for place, name in enumerate(headings) if name.lower() == SHOWN), None)
    kept = [place for place in range(len(headings)) if place != at]

    def read(row: Sequence[str]) -> list[str]:
        is_hidden = at is not None and row[at] == "suppressed"
        empty = CONFIDENTIAL if is_hidden else NOT_AVAILABLE
        return [row[place].strip() or empty for place in kept]

    return [headings[place] for place in kept], [read(row) for row in rows]


def _grid(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    may_be_numbers: Sequence[bool],
    number: re.Pattern[str],
    *,
    is_whole: bool,
) -> Grid:
    named = [_heading(heading, place) for place, heading in enumerate(headings, start=1)]
    columns, cells = [], []
    for place, heading in enumerate(_unique(named)):
        texts = [one_line(row[place]) or NOT_AVAILABLE for row in rows]
        is_numeric = may_be_numbers[place] and _hold_numbers(texts, number)
        columns.append(_column(heading, texts, is_numeric, is_first=place == 0))
        cells.append([_number(text) for text in texts] if is_numeric else texts)
    return Grid(tuple(columns), tuple(zip(*cells, strict=True)), is_whole)


def _heading(heading: str, place: int) -> str:
    # Two dollars open a note in gptables.
    return one_line(heading).replace("$$", "$") or f"Column {place}"


def _unique(headings: Sequence[str]) -> list[str]:
    """Headings told apart whatever their case, as a table of a workbook needs."""
    told: dict[str, str] = {}
    for heading in headings:
        name, count = heading, 1
        while name.lower() in told:
            count += 1
            name = f"{heading} ({count})"
        told[name.lower()] = name
    return list(told.values())


def _hold_numbers(texts: Sequence[str], number: re.Pattern[str]) -> bool:
    """Whether every cell is a number or a shorthand, and one at least a number."""
    values = [text for text in texts if text not in _MARKS]
    return bool(values) and all(
        number.fullmatch(text) and sum(map(str.isdigit, text)) <= _EXACT + 5 for text in values
    )


def _number(text: str) -> Cell:
    if text in _MARKS:
        return text
    plain = text.replace(",", "").replace("−", "-")  # noqa: RUF001
    is_count = plain.lstrip("-").isdigit() and len(plain) <= _EXACT
    return int(plain) if is_count else float(plain)


def _column(heading: str, texts: Sequence[str], is_numeric: bool, *, is_first: bool) -> Column:
    if not is_numeric:
        return Column(heading)
    values = [text for text in texts if text not in _MARKS]
    if any("e" in text.lower() for text in values):
        return Column(heading, True, None)
    decimals = max(len(text.partition(".")[2]) for text in values)
    is_year = "year" in heading.lower() and all(
        text.isdigit() and 1000 <= int(text) <= 2999 for text in values
    )
    return Column(heading, True, min(decimals, _MOST_DECIMALS), not (is_first or is_year))
