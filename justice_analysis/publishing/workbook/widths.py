"""How cells look: formats of numbers, what they show, and how wide columns must be."""

from __future__ import annotations

from justice_analysis.publishing.workbook.cells import Cell, Column, Grid

COVER_WIDTH = 85
_LEAST, _MOST, _AIR = 10, 60, 3
_HEADING = 18  # a longer heading wraps


def number_format(column: Column) -> str:
    """The format of a column of numbers, in the words that spreadsheets share."""
    if column.decimals is None:
        return "General"
    whole = "#,##0" if column.is_grouped else "0"
    return f"{whole}.{'0' * column.decimals}" if column.decimals else whole


def shown(cell: Cell, column: Column) -> str:
    """What a cell shows."""
    if isinstance(cell, str):
        return cell
    if column.decimals is None:
        return str(cell)
    return f"{cell:{',' if column.is_grouped else ''}.{column.decimals}f}"


def column_widths(grid: Grid) -> list[int]:
    """Widths of the columns in characters; what is longer than the widest wraps."""
    return [_width(grid, place) for place in range(len(grid.columns))]


def _width(grid: Grid, place: int) -> int:
    column = grid.columns[place]
    longest = max((len(shown(row[place], column)) for row in grid.rows), default=0)
    word = max(map(len, column.heading.split()), default=0)
    heading = min(len(column.heading), max(word, _HEADING))
    return min(max(longest, heading, _LEAST) + _AIR, _MOST)
