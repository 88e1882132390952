"""Blocks of a paper as paragraphs and tables of a Word document, in the order of reading."""

from __future__ import annotations

from collections.abc import Sequence

from justice_analysis.publishing.markup import SYNTHETIC, sentence
from justice_analysis.publishing.paper.blocks import (
    Block,
    Box,
    Bullets,
    Facts,
    Figure,
    Files,
    Formula,
    Heading,
    NotReleased,
    Paragraph,
    Quotation,
    Quotations,
    Table,
)
from justice_analysis.publishing.released.table import CONFIDENTIAL_NOTE
from justice_analysis.publishing.writers.office_files import marked, one_line
from justice_analysis.publishing.writers.word_pieces import Ink, paragraph, run
from justice_analysis.publishing.writers.word_styles import DEPTH
from justice_analysis.publishing.writers.word_table import table
from justice_analysis.publishing.writers.word_words import formula, runs

NUMBERS_TITLE = "Numbers behind the figures"
_STYLES = {"lead": "Lead", "status": "Status", "note": "Note"}
_AFTER_TABLE = 200  # twentieths of a point


class BlockWriter:
    """Writes blocks with one ink; knows whether their data is synthetic."""

    def __init__(self, ink: Ink, *, is_synthetic: bool) -> None:
        self.ink = ink
        self.is_synthetic = is_synthetic

    def blocks(self, held: Sequence[Block], *, in_box: bool = False) -> str:
        """All of the blocks."""
        return "".join(
            self.block(block, in_box=in_box, is_below=_ends_in_table(held, place))
            for place, block in enumerate(held)
        )

    def block(self, block: Block, *, in_box: bool = False, is_below: bool = False) -> str:
        """One block; below a table, prose needs some air."""
        match block:
            case Heading(level, words):
                return paragraph(f"Heading{min(max(level - 1, 1), 3)}", runs(words, self.ink))
            case Paragraph(words, style):
                plain = "BoxText" if in_box else "Normal"
                before = _AFTER_TABLE if is_below and not style else None
                named = _STYLES.get(style, plain)
                return paragraph(named, runs(words, self.ink), before=before)
            case Bullets():
                return self._bullets(block, in_box=in_box)
            case Table():
                return table(block, is_synthetic=self.is_synthetic)
            case Figure():
                return self._figure(block)
            case Formula(latex):
                return paragraph("Formula", formula(latex, self.ink))
            case Quotations():
                return self._quotations(block)
            case NotReleased(_, title, reason):
                said = f" This output was not released: {sentence(reason)}"
                return paragraph("NotReleased", run(sentence(title), bold=True) + run(said))
            case Box(title, _, inner):
                head = paragraph("BoxHeading", run(title))
                return f"{head}{self.blocks(inner, in_box=True)}"
            case Facts(pairs):
                return "".join(
                    paragraph("Fact", run(f"{name}: ", bold=True) + runs(words, self.ink))
                    for name, words in pairs
                )
            case Files(lines):
                return "".join(self._file(title, kinds) for title, kinds in lines)

    def _bullets(self, held: Bullets, *, in_box: bool, level: int = 0) -> str:
        number = self.ink.new_list() if held.ordered else 0
        return "".join(self._item(item, number, level, in_box) for item in held.items)

    def _item(self, item: Sequence[Block], number: int, level: int, in_box: bool) -> str:
        """An item: its first paragraph has the mark, what follows stands under its words."""
        depth = min(level, DEPTH - 1)
        parts = []
        for place, block in enumerate(item):
            if isinstance(block, Bullets):
                parts.append(self._bullets(block, in_box=in_box, level=level + 1))
            elif not isinstance(block, Paragraph):
                parts.append(self.block(block, in_box=in_box))
            elif place:
                style = "BoxText" if in_box else _deep("ListContinue", depth)
                parts.append(paragraph(style, runs(block.words, self.ink)))
            else:
                style = _item_style(bool(number), depth, in_box)
                numbered = self.ink.numbered(number, depth) if number else ""
                parts.append(paragraph(style, runs(block.words, self.ink), numbered=numbered))
        return "".join(parts)

    def _figure(self, held: Figure) -> str:
        alt = marked(held.alt, is_synthetic=self.is_synthetic)
        caption = marked(one_line(held.caption), is_synthetic=self.is_synthetic)
        where = _where(held.numbers) if held.numbers else ""
        picture = self.ink.picture(held.file, alt=alt, name=held.name)
        return paragraph("Figure", picture) + paragraph("FigureCaption", run(caption + where))

    def _quotations(self, held: Quotations) -> str:
        said = "".join(_quotation(item) for item in held.items)
        return said + (paragraph("Note", run(" ".join(held.notes))) if held.notes else "")

    def _file(self, title: str, kinds: Sequence[tuple[str, str]]) -> str:
        named = ", ".join(f"{label} ({name})" for label, name in kinds)
        return paragraph("ListBullet", run(f"{title}: {named}"))


def _ends_in_table(held: Sequence[Block], place: int) -> bool:
    """Whether the block before stands as a table without notes."""
    before = held[place - 1] if place else None
    return isinstance(before, Table) and not before.notes


def _where(numbers: Table) -> str:
    """Where the numbers behind a figure stand."""
    title = one_line(numbers.caption).removeprefix(f"{SYNTHETIC}. ")
    return f" Its numbers are in the appendix “{NUMBERS_TITLE}”, under “{title}”."


def _deep(style: str, depth: int) -> str:
    return f"{style}{depth + 1}" if depth else style


def _item_style(is_numbered: bool, depth: int, in_box: bool) -> str:
    kind = "Number" if is_numbered else "Bullet"
    if in_box and not depth:
        return f"Box{kind}"
    return _deep(f"List{kind}", depth)


def _quotation(held: Quotation) -> str:
    speaker = f"{held.speaker}. " if held.speaker else ""
    text = f"“{held.text}”" if held.text else CONFIDENTIAL_NOTE
    below = f"{speaker}Theme: {held.theme}."
    return paragraph("Quote", run(text)) + paragraph(
        "QuoteSpeaker", run(below[:1].upper() + below[1:])
    )
