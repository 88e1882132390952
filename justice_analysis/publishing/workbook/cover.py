"""The cover of a workbook: what it is, who made it, of what, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from justice_analysis.publishing.markup import SYNTHETIC, sentence
from justice_analysis.publishing.paper.blocks import (
    Bullets,
    Facts,
    NotReleased,
    Paragraph,
    plain_text,
)
from justice_analysis.publishing.paper.front import Author
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.workbook.cells import Grid
from justice_analysis.publishing.writers.office_files import (
    NO_FINDING,
    author_names,
    in_words,
    one_line,
    status_line,
)

COVER, NOTES = "Cover", "Notes"


def synthetic_line(paper: Paper) -> tuple[str, ...]:
    """What the top of every sheet says where the data is synthetic."""
    return (f"{SYNTHETIC}. {NO_FINDING}",) if paper.is_synthetic else ()


def cover(paper: Paper, grids: Sequence[Grid]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Sections of the cover in the Analysis Function's order: heading, then lines."""
    about = (
        *_sources(paper),
        _count(len(grids)),
        *([_precision(grids)] if grids else []),
        f"Shorthand and notes are explained on the sheet {NOTES}.",
        *_not_released(paper),
    )
    return (
        ("Introductory information", _introduction(paper)),
        ("About these data", tuple(map(one_line, about))),
        ("Contact", (one_line(paper.front.contact or f"The authors: {author_names(paper)}"),)),
    )


def _introduction(paper: Paper) -> tuple[str, ...]:
    doi = paper.front.doi
    lines = (
        *synthetic_line(paper),
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


def _precision(grids: Sequence[Grid]) -> str:
    if all(grid.is_whole for grid in grids):
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
    cited = [f"Data: {line}" for line in _cited_data(paper)]
    released = f"Released {in_words(paper.released)}. " if paper.released else ""
    return [*named, *cited, f"{released}Study: {paper.name}."]


def _cited_data(paper: Paper) -> list[str]:
    """How the paper cites its data: the list under "Data:", licences among it."""
    return [
        plain_text(item[0].words)
        for label, held in pairwise(paper.blocks)
        if isinstance(label, Paragraph) and plain_text(label.words) == "Data:"
        if isinstance(held, Bullets)
        for item in held.items
        if isinstance(item[0], Paragraph)
    ]


def _not_released(paper: Paper) -> list[str]:
    return [
        f"Not released: {block.title.rstrip('.')}: {sentence(block.reason)}"
        for block in paper.blocks
        if isinstance(block, NotReleased)
    ]
