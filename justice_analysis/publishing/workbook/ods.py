"""A workbook as ODS, through odfdo: the sheets and cells of the XLSX, word for word."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.workbook import ods_styles
from justice_analysis.publishing.workbook.cells import Cell, Column
from justice_analysis.publishing.workbook.cover import COVER
from justice_analysis.publishing.workbook.widths import COVER_WIDTH, column_widths, shown
from justice_analysis.publishing.workbook.workbook import Sheet, Workbook, make_workbook
from justice_analysis.publishing.writers.office_files import (
    author_names,
    full_title,
    keywords,
    noon,
    packed,
    parts_of,
    write_whole,
)


def write_ods(paper: Paper, path: Path) -> None:
    """Write the paper's released tables as an accessible workbook in OpenDocument.

    The same paper gives the same bytes. A file that stood there stays until the new one is whole.
    """
    from odfdo import Document

    document, file, ours = Document("spreadsheet"), io.BytesIO(), _parts(paper)
    container = document.container
    assert container is not None
    for part in container.get_parts():
        if part not in ours:  # of odfdo's own empty spreadsheet
            container.del_part(part)
    for name, content in ours.items():
        container.set_part(name, content)
    document.save(file)
    write_whole(Path(path), packed(parts_of(file.getvalue())))


def _parts(paper: Paper) -> dict[str, bytes]:
    """Everything that the package holds."""
    made = make_workbook(paper)
    sheets = "".join((_cover(made), *map(_sheet, made.sheets), _ranges(made.sheets)))
    return {
        "mimetype": ods_styles.SPREADSHEET.encode(),
        "content.xml": ods_styles.content(_automatic(made), sheets),
        "styles.xml": ods_styles.styles(paper.language),
        "settings.xml": ods_styles.settings(),
        "meta.xml": ods_styles.meta(
            title=full_title(paper),
            authors=author_names(paper),
            keywords=keywords(paper),
            language=paper.language,
            moment=noon(paper.front.date).isoformat(),
        ),
        "META-INF/manifest.xml": ods_styles.manifest(),
    }


def _automatic(made: Workbook) -> list[str]:
    columns = [column for sheet in made.sheets for column in sheet.grid.columns]
    widths = {width for sheet in made.sheets for width in column_widths(sheet.grid)}
    formats = {_look(column) for column in columns if column.is_numeric}
    ordered = sorted(formats, key=lambda one: (one[0] is None, one[0] or 0, one[1]))
    return ods_styles.automatic(sorted(widths | {COVER_WIDTH}), ordered)


def _look(column: Column) -> tuple[int | None, bool]:
    return column.decimals, column.is_grouped


# Sheets ---------------------------------------------------------------------------------------


def _cover(made: Workbook) -> str:
    rows = [_row([_text(made.title, "Cover_Title")])]
    for heading, lines in made.cover:
        rows.append(_row([_text(heading, "Cover_Heading")]))
        rows += [_row([_text(line, "Cover_Text")]) for line in lines]
    return _table(COVER, [COVER_WIDTH], "".join(rows))


def _sheet(sheet: Sheet) -> str:
    columns = sheet.grid.columns
    top = [_row([_text(sheet.title, "Sheet_Title")])]
    top += [_row([_text(line, "Line")]) for line in sheet.lines]
    heads = _row(_text(column.heading, _head(column, at)) for at, column in enumerate(columns))
    rows = [
        _row(_cell(sheet, row, at, cell) for at, cell in enumerate(cells))
        for row, cells in enumerate(sheet.grid.rows)
    ]
    headed = f"<table:table-header-rows>{heads}</table:table-header-rows>"
    return _table(sheet.name, column_widths(sheet.grid), "".join((*top, headed, *rows)))


def _head(column: Column, at: int) -> str:
    return "Head_Number" if column.is_numeric and at else "Head"


def _cell(sheet: Sheet, row: int, at: int, cell: Cell) -> str:
    column = sheet.grid.columns[at]
    if not isinstance(cell, str):
        name = ods_styles.number_name(*_look(column)) if at else "Words"
        return _number(cell, shown(cell, column), name)
    if at == 0 and sheet.links:
        return _link(cell, sheet.links[row])
    return _text(cell, "Mark" if column.is_numeric and at else "Words")


def _table(name: str, widths: Iterable[int], rows: str) -> str:
    columns = "".join(
        f'<table:table-column table:style-name="{ods_styles.column_name(width)}"/>'
        for width in widths
    )
    return (
        f'<table:table table:name={quoteattr(name)} table:style-name="sheet">'
        f"{columns}{rows}</table:table>"
    )


def _row(cells: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _text(text: str, style: str) -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


def _link(text: str, target: str) -> str:
    """A cell that leads to the top of a sheet."""
    return (
        '<table:table-cell table:style-name="Words" office:value-type="string"><text:p>'
        f'<text:a xlink:type="simple" xlink:href={quoteattr(f"#{target}.A1")}>{escape(text)}'
        "</text:a></text:p></table:table-cell>"
    )


def _number(value: float, said: str, style: str) -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="float" '
        f'office:value="{value!r}"><text:p>{escape(said)}</text:p></table:table-cell>'
    )


def _ranges(sheets: Iterable[Sheet]) -> str:
    """Each table by name, headings in its first row, so that software finds it."""
    ranges = "".join(
        f'<table:database-range table:name="{sheet.table_name}" table:target-range-address='
        f'"{_corner(sheet, len(sheet.lines) + 1, 0)}:{_end(sheet)}" '
        'table:contains-header="true" table:display-filter-buttons="false"/>'
        for sheet in sheets
    )
    return f"<table:database-ranges>{ranges}</table:database-ranges>"


def _end(sheet: Sheet) -> str:
    last = len(sheet.lines) + 1 + len(sheet.grid.rows)
    return _corner(sheet, last, len(sheet.grid.columns) - 1)


def _corner(sheet: Sheet, row: int, column: int) -> str:
    letters, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{sheet.name}.{letters}{row + 1}"
