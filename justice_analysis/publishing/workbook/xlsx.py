"""A workbook as XLSX, through gptables: the Analysis Function's layout of accessible tables."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.workbook.cells import Cell, Column
from justice_analysis.publishing.workbook.cover import COVER
from justice_analysis.publishing.workbook.widths import COVER_WIDTH, column_widths, number_format
from justice_analysis.publishing.workbook.workbook import Sheet, make_workbook
from justice_analysis.publishing.writers.office_files import (
    author_names,
    full_title,
    keywords,
    noon,
    packed,
    parts_of,
    write_whole,
)

# Text stays text: none is read as a formula, an address or a number.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LINK = {"underline": True, "font_color": "#12436D", "align": "left", "text_wrap": True}
_CORE = "docProps/core.xml"


def write_xlsx(paper: Paper, path: Path) -> None:
    """Write the paper's released tables as an accessible workbook.

    The same paper gives the same bytes. A file that stood there stays until the new one is whole.
    """
    with warnings.catch_warnings():
        # gptables still asks pandas for what it will once refuse.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", ResourceWarning)
        content = _written(paper)
    write_whole(Path(path), _with_language(content, paper.language))


def _written(paper: Paper) -> bytes:
    from gptables import Cover
    from gptables.core.wrappers import GPWorkbook

    made, file = make_workbook(paper), io.BytesIO()
    book = GPWorkbook(file, options=_OPTIONS)
    book.set_properties(_properties(paper))
    headed = dict(made.cover)
    intro, about, contact = (list(map(_quiet, lines)) for lines in headed.values())
    cover = book.add_worksheet(COVER, gridlines="hide_all")
    cover.write_cover(
        Cover(_quiet(made.title), intro, about, contact, cover_label=COVER, width=COVER_WIDTH)
    )
    lines = [made.title, *(line for pair in made.cover for line in (pair[0], *pair[1]))]
    _put_back(cover, {(row, 0): line for row, line in enumerate(lines)})
    for sheet in made.sheets:
        _write_sheet(book, sheet)
    book.close()
    return file.getvalue()


def _properties(paper: Paper) -> dict[str, Any]:
    return {
        "title": full_title(paper),
        "author": author_names(paper),
        "keywords": keywords(paper),
        "created": noon(paper.front.date),
    }


def _write_sheet(book: Any, sheet: Sheet) -> None:
    import pandas as pd
    from gptables import GPTable

    names = [column.heading for column in sheet.grid.columns]
    rows = [[_quiet(cell) for cell in row] for row in sheet.grid.rows]
    table = GPTable(
        table=pd.DataFrame(rows, columns=names, dtype=object),
        table_name=sheet.table_name,
        title=_quiet(sheet.title),
        instructions=_quiet(sheet.lines[0]),
        legend=[_quiet(line) for line in sheet.lines[1:]],
        index_columns={2: 0},
        additional_formatting=[
            _format(place, column)
            for place, column in enumerate(sheet.grid.columns)
            if column.is_numeric
        ],
    )
    written = book.add_worksheet(sheet.name, gridlines="hide_all")
    written.write_gptable(table, False)
    for at, width in enumerate(column_widths(sheet.grid)):
        written.set_column(at, at, width)
    _put_back(written, _texts(sheet))
    for row, target in enumerate(sheet.links, start=_first_row(sheet) + 1):
        _link(book, written, row, target)


def _first_row(sheet: Sheet) -> int:
    """Row of the headings, counted from 0: below title and lines."""
    return 1 + len(sheet.lines)


def _texts(sheet: Sheet) -> dict[tuple[int, int], Cell]:
    """Every cell of the sheet but headings, by row and column."""
    texts: dict[tuple[int, int], Cell] = {(0, 0): sheet.title}
    texts |= {(row, 0): line for row, line in enumerate(sheet.lines, start=1)}
    for row, cells in enumerate(sheet.grid.rows, start=_first_row(sheet) + 1):
        texts |= {(row, at): cell for at, cell in enumerate(cells)}
    return texts


def _quiet(cell: Any) -> Any:
    """The cell, or a stand-in where gptables would read markup in it or refuse it."""
    if not isinstance(cell, str):
        return cell
    is_markup = "](" in cell or "$$" in cell
    is_mark = not any(letter.isascii() and letter.isalnum() for letter in cell)
    return "x" if is_markup or is_mark else cell


def _put_back(written: Any, texts: Any) -> None:
    """Write the text itself where a stand-in went through gptables."""
    for (row, at), text in texts.items():
        if _quiet(text) != text:
            written.write_string(row, at, text, written.table[row][at].format)


def _link(book: Any, written: Any, row: int, target: str) -> None:
    """Lead from a cell of the contents to its sheet."""
    look = book.add_format({"font_name": "Arial", "font_size": 12, **_LINK})
    written.write_url(row, 0, f"internal:'{target}'!A1", look, target)


def _format(place: int, column: Column) -> dict[str, Any]:
    return {"column": {"columns": [place], "format": {"num_format": number_format(column)}}}


def _with_language(content: bytes, language: str) -> bytes:
    """State the language, for which XlsxWriter has no property."""
    parts = parts_of(content)
    said = f"<dc:language>{escape(language)}</dc:language></cp:coreProperties>".encode()
    parts[_CORE] = parts[_CORE].replace(b"</cp:coreProperties>", said)
    return packed(parts)
