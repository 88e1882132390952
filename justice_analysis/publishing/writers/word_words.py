"""Words of a sentence as runs of a Word document."""

from __future__ import annotations

import io

from justice_analysis.publishing.paper.blocks import (
    Cite,
    Code,
    Emphasis,
    Link,
    Math,
    Strong,
    Word,
    Words,
    plain_text,
)
from justice_analysis.publishing.writers.formula_picture import (
    formula_alt,
    formula_picture,
    formula_png,
)
from justice_analysis.publishing.writers.word_pieces import Ink, is_address, run

POINTS = 11  # of the text around a formula


def runs(words: Words, ink: Ink, *, bold: bool = False, italic: bool = False) -> str:
    """Words as runs: links lead outside only, numbers and terms are text."""
    return "".join(_run(word, ink, bold, italic) for word in words)


def _run(word: Word, ink: Ink, bold: bool, italic: bool) -> str:
    match word:
        case Strong(words):
            return runs(words, ink, bold=True, italic=italic)
        case Emphasis(words):
            return runs(words, ink, bold=bold, italic=True)
        case Link(words, target) if is_address(target):
            return ink.link(run(plain_text(words), bold=bold, style="Hyperlink"), target)
        case Link(words):
            return runs(words, ink, bold=bold, italic=italic)
        case Code(text):
            return run(text, bold=bold, style="Code")
        case Math(latex):
            return formula(latex, ink, is_within_line=True)
        case Cite():
            return run(plain_text((word,)), bold=bold, italic=italic)
        case _:
            return run(word.text, bold=bold, italic=italic)


def formula(latex: str, ink: Ink, *, is_within_line: bool = False) -> str:
    """A formula as a picture that sits on the line, with its LaTeX as alternative text."""
    drawn = formula_picture(latex, is_within_line=is_within_line)
    return ink.picture(
        io.BytesIO(formula_png(latex, is_within_line=is_within_line)),
        alt=formula_alt(latex),
        name="Formula",
        size=(drawn.width * POINTS, (drawn.height + drawn.depth) * POINTS),
        depth=drawn.depth * POINTS if is_within_line else 0,
    )
