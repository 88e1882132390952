"""The end of the Word document: references, and as appendices what the page shows on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from justice_analysis.publishing.markup import sentence
from justice_analysis.publishing.paper.blocks import Figure, Number, Term, inside
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.writers.word_blocks import NUMBERS_TITLE, BlockWriter
from justice_analysis.publishing.writers.word_pieces import Ink, is_address, paragraph, run

WORDS_TITLE = "Words used"
TRACE_TITLE = "Where the numbers come from"


def references(paper: Paper, ink: Ink) -> str:
    """Works cited, each with its address."""
    if not paper.references:
        return ""
    lines = [paragraph("Heading1", run("References"))]
    for work in paper.references:
        address = work.address if work.address and work.address not in work.full else None
        said = run(work.full)
        if address and is_address(address):
            said += run(" ") + ink.link(run(address, style="Hyperlink"), address)
        lines.append(paragraph("Bibliography", said))
    return "".join(lines)


def appendices(paper: Paper, writer: BlockWriter) -> str:
    """Numbers behind figures, words of the glossary, and where each number comes from."""
    shown = tuple(inside((paper.description, paper.abstract, paper.blocks)))
    return "".join((_figures(shown, writer), _words(shown), _traced(shown)))


def _figures(shown: Sequence[Any], writer: BlockWriter) -> str:
    tables = [item.numbers for item in shown if isinstance(item, Figure) and item.numbers]
    if not tables:
        return ""
    return _heading(NUMBERS_TITLE) + writer.blocks(tables)


def _words(shown: Sequence[Any]) -> str:
    meanings = {item.name: item.meaning for item in shown if isinstance(item, Term)}
    if not meanings:
        return ""
    lines = (
        paragraph("Fact", run(f"{name}: ", bold=True) + run(sentence(meanings[name])))
        for name in sorted(meanings, key=str.casefold)
    )
    return _heading(WORDS_TITLE) + "".join(lines)


def _traced(shown: Sequence[Any]) -> str:
    """Each number and its released cell once, with what a page tells who points at it."""
    told: dict[tuple[str, ...], dict[tuple[str, str], None]] = {}
    for item in shown:
        if isinstance(item, Number):
            told.setdefault(item.hint, {})[item.text, item.reference] = None
    if not told:
        return ""
    lines = (
        paragraph("ListBullet", _cells(list(cells)) + run(" ".join(map(sentence, hint))))
        for hint, cells in told.items()
    )
    return _heading(TRACE_TITLE) + "".join(lines)


def _cells(cells: Sequence[tuple[str, str]]) -> str:
    """Numbers, each with the released cell that it is."""
    return "".join(
        run(text, bold=True) + run(f" ({reference}){'; ' if place < len(cells) else ': '}")
        for place, (text, reference) in enumerate(cells, start=1)
    )


def _heading(title: str) -> str:
    return paragraph("Heading1", run(f"Appendix: {title}"))
