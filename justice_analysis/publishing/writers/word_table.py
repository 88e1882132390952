"""A table of a paper in Word: headings that repeat, no merged cell, numbers to the right."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from justice_analysis.publishing.paper.blocks import Table
from justice_analysis.publishing.writers.office_files import marked, one_line
from justice_analysis.publishing.writers.word_pieces import paragraph, run
from justice_analysis.publishing.writers.word_shell import TEXT_WIDTH

_MANY = 7  # columns from which text is smaller
_LEAST, _MOST = 6, 36  # letters that a column counts as


def table(held: Table, *, is_synthetic: bool) -> str:
    """Caption, table and notes."""
    caption = marked(one_line(held.caption), is_synthetic=is_synthetic)
    notes = paragraph("Note", run(" ".join(held.notes))) if held.notes else ""
    return f"{paragraph('Caption', run(caption))}{_table(held, caption)}{notes}"


def _table(held: Table, caption: str) -> str:
    widths = _widths(held)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _row(held, held.headings, widths, is_head=True)
    rows = "".join(_row(held, row, widths) for row in held.rows)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="PaperTable"/><w:tblW w:w="5000" w:type="pct"/>'
        '<w:tblLayout w:type="autofit"/><w:tblLook w:val="06A0" w:firstRow="1" w:lastRow="0" '
        'w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(caption)}/>"
        f"<w:tblDescription w:val={quoteattr(_description(held))}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"
    )


def _description(held: Table) -> str:
    count = len(held.rows)
    columns = ", ".join(map(one_line, held.headings))
    return f"Table with {count} {'row' if count == 1 else 'rows'} and the columns: {columns}."


def _row(held: Table, cells: tuple[str, ...], widths: list[int], *, is_head: bool = False) -> str:
    text, number = ("SmallText", "SmallNumber") if _is_wide(held) else ("TableText", "TableNumber")
    header = "<w:tblHeader/>" if is_head else ""
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{paragraph(number if is_number and at else text, run(cell, bold=is_head))}</w:tc>"
        for at, (cell, width, is_number) in enumerate(zip(cells, widths, held.numeric, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{made}</w:tr>"


def _is_wide(held: Table) -> bool:
    return len(held.headings) >= _MANY


def _widths(held: Table) -> list[int]:
    """Widths by the longest text of each column, within the width of the text."""
    longest = [
        max(
            *(len(row[place]) for row in held.rows or [held.headings]),
            *map(len, heading.split() or [""]),
        )
        for place, heading in enumerate(held.headings)
    ]
    counted = [min(max(length, _LEAST), _MOST) for length in longest]
    return [TEXT_WIDTH * length // sum(counted) for length in counted]
