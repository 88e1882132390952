"""A paper as a Word document, through python-docx: the content of its page, in the same order."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from justice_analysis.publishing.paper.front import Author
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.writers.office_files import (
    full_title,
    packed,
    parts_of,
    status_line,
    write_whole,
)
from justice_analysis.publishing.writers.word_blocks import BlockWriter
from justice_analysis.publishing.writers.word_ending import appendices, references
from justice_analysis.publishing.writers.word_pieces import NAMESPACES, Ink, paragraph, run
from justice_analysis.publishing.writers.word_shell import shell
from justice_analysis.publishing.writers.word_words import runs

ORCID = "https://orcid.org/"


def write_word(paper: Paper, path: Path) -> None:
    """Write the paper as a Word document.

    The same paper gives the same bytes. A file that stood there stays until the new one is whole.

    Raises
    ------
    BookError
        If a formula cannot be drawn.
    """
    from docx import Document

    document = Document(shell(paper))
    _fill(document, _content(paper, Ink(document)))
    file = io.BytesIO()
    document.save(file)
    write_whole(Path(path), packed(parts_of(file.getvalue())))


def _content(paper: Paper, ink: Ink) -> str:
    """All of the document's body, as WordprocessingML."""
    writer = BlockWriter(ink, is_synthetic=paper.is_synthetic)
    return "".join(
        (
            paragraph("Title", run(full_title(paper))),
            paragraph("Lead", runs(paper.description, ink)) if paper.description else "",
            paragraph("Status", run(status_line(paper))),
            *(_author(author, ink) for author in paper.front.authors),
            _abstract(paper, ink),
            writer.blocks(paper.blocks),
            references(paper, ink),
            appendices(paper, writer),
        )
    )


def _author(author: Author, ink: Ink) -> str:
    said = run(author.name, bold=True)
    said += run(f", {author.affiliation}") if author.affiliation else ""
    if author.orcid:
        address = f"{ORCID}{author.orcid}"
        said += run(", ORCID ") + ink.link(run(address, style="Hyperlink"), address)
    return paragraph("Authors", said)


def _abstract(paper: Paper, ink: Ink) -> str:
    if not paper.abstract:
        return ""
    return paragraph("Heading1", run("Abstract")) + paragraph("Normal", runs(paper.abstract, ink))


def _fill(document: Any, content: str) -> None:
    """Put the content before the page's own settings, which end the body."""
    from docx.oxml import parse_xml

    body = document.element.body
    settings = body[-1]
    for element in list(parse_xml(f"<w:body {NAMESPACES}>{content}</w:body>")):
        settings.addprevious(element)
