"""A paper as a workbook: cover, contents, notes, and one released table a sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from justice_analysis.publishing.markup import SYNTHETIC, sentence
from justice_analysis.publishing.office_files import (
    NO_FINDING,
    author_names,
    full_title,
    in_words,
    marked,
    one_line,
    status_line,
)
from justice_analysis.publishing.paper.blocks import Facts, NotReleased, Table, plain_text
from justice_analysis.publishing.paper.front import Author
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.workbook.cells import SHORTHAND, Column, Grid, grid

COVER, CONTENTS, NOTES = "Cover", "Contents", "Notes"
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
        cover=_cover(paper, shown),
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
        lines=(*_synthetic_line(paper), _explained(held, has_notes=bool(marks)), source),
        grid=held,
    )


def _marked_title(paper: Paper, title: str) -> str:
    return marked(title, is_synthetic=paper.is_synthetic)


def _synthetic_line(paper: Paper) -> tuple[str, ...]:
    return (f"{SYNTHETIC}. {NO_FINDING}",) if paper.is_synthetic else ()


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
        lines=(*_synthetic_line(paper), _ONE_TABLE),
        grid=Grid(tuple(map(Column, headings)), tuple(rows), is_whole=True),
        links=tuple(links),
    )


# Cover ----------------------------------------------------------------------------------------


def _cover(paper: Paper, shown: Sequence[Sheet]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Sections of the cover, as the Analysis Function orders them."""
    about = (
        *_sources(paper),
        _count(len(shown)),
        *([_precision(shown)] if shown else []),
        f"Shorthand and notes are explained on the sheet {NOTES}.",
        *_not_released(paper),
    )
    sections = (
        ("Introductory information", _introduction(paper)),
        ("About these data", tuple(map(one_line, about))),
        ("Contact", (one_line(paper.front.contact or f"The authors: {author_names(paper)}"),)),
    )
    return sections


def _introduction(paper: Paper) -> tuple[str, ...]:
    doi = paper.front.doi
    lines = (
        *_synthetic_line(paper),
        plain_text(paper.description),
        status_line(paper),
        f"Authors: {'; '.join(_author(author) for author in paper.front.authors)}",
        f"Place: {paper.front.place}",
        f"How to cite: {paper.citation}" if paper.citation else "",
        f"DOI: {doi}" if doi else "",
    )
    return tuple(one_line(line) for line in lines if line)


def _author(author: Author) -> str:
    orcid = f"ORCID https://orcid.org/{author.orcid}" if author.orcid else ""
    return ", ".join(part for part in (author.name, author.affiliation, orcid) if part)


def _count(tables: int) -> str:
    if not tables:
        return "The paper has no released tables."
    if tables == 1:
        return "This workbook holds one released table of the paper."
    return f"This workbook holds the {tables} released tables of the paper, one on each sheet."


def _precision(shown: Sequence[Sheet]) -> str:
    if all(sheet.grid.is_whole for sheet in shown):
        return "Numbers are as they were released: the paper rounds them for reading."
    return "Numbers are as the paper shows them, rounded for reading."


def _sources(paper: Paper) -> list[str]:
    """What the paper says its data are, as its provenance names them."""
    pairs = [pair for block in paper.blocks if isinstance(block, Facts) for pair in block.pairs]
    named = [
        f"{name}: {plain_text(words)}"
        for name, words in pairs
        if name.startswith(("Source: ", "Licence"))
    ]
    released = f"Released {in_words(paper.released)}, " if paper.released else ""
    return [*named, sentence(f"{released or 'Released, '}study {paper.name}")]


def _not_released(paper: Paper) -> list[str]:
    return [
        f"Not released: {block.title.rstrip('.')}: {sentence(block.reason)}"
        for block in paper.blocks
        if isinstance(block, NotReleased)
    ]
