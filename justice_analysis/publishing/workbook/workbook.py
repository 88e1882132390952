"""A paper as a workbook: cover, contents, notes, and one released table a sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from justice_analysis.publishing.markup import SYNTHETIC, sentence
from justice_analysis.publishing.paper.blocks import Table
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.workbook.cells import SHORTHAND, Column, Grid, grid
from justice_analysis.publishing.workbook.cover import NOTES, cover, synthetic_line
from justice_analysis.publishing.writers.office_files import (
    full_title,
    marked,
    one_line,
)

CONTENTS = "Contents"
_SHORTHAND_NOTE = re.compile(r"\[(c|x|z|low)\]\s*:")
_THINNED = re.compile(r"[\d,]+ of [\d,]+ rows\b")
_ONE_TABLE = "This worksheet contains one table."


@dataclass(frozen=True)
class Sheet:
    """A sheet with one table, which starts below its title and the lines under that.

    Attributes
    ----------
    name
        Short, safe and unique: `Table_1`.
    table_name
        Name of the table itself, which software can ask for.
    lines
        What stands between title and table, a line a row.
    links
        Sheet that the first cell of each row leads to; empty where none does.
    """

    name: str
    table_name: str
    title: str
    lines: tuple[str, ...]
    grid: Grid
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workbook:
    """A workbook of a paper: what both formats hold, word for word.

    Attributes
    ----------
    cover
        Sections of the first sheet under the title: heading, then lines.
    sheets
        Contents and notes, then a sheet for each table.
    """

    title: str
    cover: tuple[tuple[str, tuple[str, ...]], ...]
    sheets: tuple[Sheet, ...]


def make_workbook(paper: Paper) -> Workbook:
    """Make the workbook of a paper's released tables; nothing is computed.

    Parameters
    ----------
    paper
        Its tables are those of released numbers, the ones behind figures included.
    """
    tables = [table for table in dict.fromkeys(paper.tables) if table.headings]
    notes = _Notes()
    shown = [_table_sheet(paper, table, n, notes) for n, table in enumerate(tables, 1)]
    note_sheet = _note_sheet(paper, notes.texts)
    return Workbook(
        title=full_title(paper),
        cover=cover(paper, [sheet.grid for sheet in shown]),
        sheets=(_contents(paper, (note_sheet, *shown)), note_sheet, *shown),
    )


class _Notes:
    """Notes of all tables, each numbered once."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def number(self, text: str) -> int:
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text) + 1


# Sheets ---------------------------------------------------------------------------------------


def _table_sheet(paper: Paper, table: Table, number: int, notes: _Notes) -> Sheet:
    held = grid(table)
    marks = "".join(f" [note {notes.number(text)}]" for text in _own_notes(table, held))
    caption = one_line(table.caption).removeprefix(f"{SYNTHETIC}. ")
    title = f"Table {number}: {caption}{marks}"
    source = f"Source: {sentence(full_title(paper))} Study {paper.name}, output {table.source}."
    return Sheet(
        name=f"Table_{number}",
        table_name=f"released_table_{number}",
        title=_marked_title(paper, title),
        lines=(*synthetic_line(paper), _explained(held, has_notes=bool(marks)), source),
        grid=held,
    )


def _marked_title(paper: Paper, title: str) -> str:
    return marked(title, is_synthetic=paper.is_synthetic)


def _own_notes(table: Table, held: Grid) -> list[str]:
    """Notes of a table without what the notes sheet says of every table, or is not so here."""
    return [
        sentence(one_line(note))
        for note in table.notes
        if not _SHORTHAND_NOTE.match(note) and not (held.is_whole and _THINNED.match(note))
    ]


def _explained(held: Grid, *, has_notes: bool) -> str:
    """Which shorthand the cells hold, and where it and the notes are explained."""
    cells = {cell for row in held.rows for cell in row if isinstance(cell, str)}
    used = [mark for mark, _ in SHORTHAND if mark in cells]
    shorthand = f" Shorthand used: {', '.join(used)}." if used else ""
    where = f" The sheet {NOTES} explains it." if used else ""
    if has_notes:
        where = f" The sheet {NOTES} explains shorthand and notes."
    return f"{_ONE_TABLE}{shorthand}{where}"


def _note_sheet(paper: Paper, notes: Sequence[str]) -> Sheet:
    rows = [
        *SHORTHAND,
        *((f"[note {number}]", text) for number, text in enumerate(notes, start=1)),
    ]
    return _text_sheet(paper, NOTES, "notes_table", NOTES, ("Mark", "Meaning"), rows)


def _contents(paper: Paper, sheets: Sequence[Sheet]) -> Sheet:
    rows = [(sheet.name, sheet.title) for sheet in sheets]
    headings = ("Sheet", "What it holds")
    links = [sheet.name for sheet in sheets]
    return _text_sheet(paper, CONTENTS, "contents_table", CONTENTS, headings, rows, links=links)


def _text_sheet(
    paper: Paper,
    name: str,
    table_name: str,
    title: str,
    headings: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    *,
    links: Sequence[str] = (),
) -> Sheet:
    return Sheet(
        name=name,
        table_name=table_name,
        title=_marked_title(paper, title),
        lines=(*synthetic_line(paper), _ONE_TABLE),
        grid=Grid(tuple(map(Column, headings)), tuple(rows), is_whole=True),
        links=tuple(links),
    )
