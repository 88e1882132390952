"""Blocks and words of a paper as plain data for the typesetter: no markup in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from justice_analysis.errors import BookError
from justice_analysis.publishing.markup import sentence
from justice_analysis.publishing.paper.blocks import (
    Block,
    Box,
    Bullets,
    Cite,
    Code,
    Emphasis,
    Facts,
    Figure,
    Files,
    Formula,
    Given,
    Heading,
    Link,
    Math,
    NotReleased,
    Number,
    Paragraph,
    Quotations,
    Strong,
    Table,
    Term,
    Text,
    Word,
    Words,
)
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.writers.formula_picture import formula_alt, formula_picture
from justice_analysis.publishing.writers.typst_text import (
    Data,
    clean,
    ends_apart,
    number_label,
    reference_label,
    shown,
    text,
)

HIDDEN_QUOTATION = "[c] This quotation is hidden to protect confidentiality."


@dataclass
class Maker:
    """Turns blocks into data; keeps pictures, traced numbers and terms as it meets them."""

    paper: Paper
    pictures: dict[str, bytes] = field(default_factory=dict)
    numbers: dict[Number, int] = field(default_factory=dict)
    terms: dict[Term, str] = field(default_factory=dict)
    behind: list[Data] = field(default_factory=list)
    level: int = 1
    figure_count: int = 0

    def block(self, block: Block) -> Data:
        """A block as data."""
        match block:
            case Heading():
                # A tagged document has no gap between the levels of its headings.
                self.level = min(max(2, block.level), self.level + 1)
                return {"kind": "heading", "level": self.level, "words": self.words(block.words)}
            case Paragraph():
                words = self.words(block.words)
                return {"kind": "paragraph", "style": block.style, "words": words}
            case Bullets():
                items = [self.blocks(item) for item in block.items]
                return {"kind": "bullets", "ordered": block.ordered, "items": items}
            case Table():
                return table(block)
            case Figure():
                return self._figure(block)
            case Formula():
                return {"kind": "formula", **self._formula(block.latex, is_within_line=False)}
            case Quotations():
                return _quotations(block)
            case NotReleased():
                said = f"This output was not released: {sentence(shown(block.reason))}"
                title = sentence(shown(block.title))
                return {"kind": "not-released", "title": title, "said": said}
            case Box():
                self.level = 2
                title = shown(block.title)
                return {"kind": "box", "title": title, "blocks": self.blocks(block.blocks)}
            case Facts():
                pairs = [[shown(name), self.words(said)] for name, said in block.pairs]
                return {"kind": "facts", "pairs": pairs}
            case Files():
                lines = [
                    [shown(title), [[shown(label), shown(name)] for label, name in kinds]]
                    for title, kinds in block.lines
                ]
                return {"kind": "files", "files": lines}

    def blocks(self, blocks: Sequence[Block]) -> list[Data]:
        """Blocks as data, in order."""
        return [self.block(block) for block in blocks]

    def _figure(self, figure: Figure) -> Data:
        where = f"{self.paper.name}, PDF: the figure {figure.source}"
        if not figure.alt.strip():
            raise BookError(f"{where} must have alternative text, and has none.")
        if not figure.file.is_file():
            raise BookError(
                f"{where} must have its released picture, and {figure.file.name} is missing."
            )
        self.figure_count += 1
        name = self._picture(figure.file.read_bytes(), figure.file.suffix)
        label = None
        if figure.numbers is not None:
            label = f"behind-{self.figure_count}"
            title = f"The numbers behind figure {self.figure_count}"
            self.behind.append({**table(figure.numbers), "label": label, "behind": title})
        return {
            "kind": "figure",
            "picture": name,
            "alt": clean(figure.alt),
            "caption": shown(figure.caption),
            "behind": label,
        }

    def _formula(self, latex: str, *, is_within_line: bool) -> Data:
        try:
            picture = formula_picture(latex, is_within_line=is_within_line)
        except BookError as problem:
            raise BookError(f"{self.paper.name}, PDF: {problem}") from None
        return {
            "picture": self._picture(picture.svg, ".svg"),
            "height": picture.height,
            "depth": picture.depth,
            "alt": formula_alt(latex),
        }

    def _picture(self, content: bytes, suffix: str) -> str:
        name = f"picture-{len(self.pictures) + 1}{suffix.lower()}"
        self.pictures[name] = content
        return name

    def words(self, words: Words) -> list[Data]:
        """Words with the spaces between them."""
        made: list[Data] = []
        for place, one in enumerate(words):
            if isinstance(one, Cite):
                made += self._cite(one, is_apart=ends_apart(made))
                continue
            made.append(self._word(one))
            if isinstance(one, Given) and one.key and not _is_cited(one.key, words[place + 1 :]):
                made += self._cite(Cite((one.key,), self._short(one.key)), is_apart=False)
        return made

    def _cite(self, cite: Cite, *, is_apart: bool) -> list[Data]:
        """A citation, in brackets unless it is part of the sentence."""
        cited = self._cited(cite.keys, cite.text)
        if cite.in_text:
            return cited
        return [text("(" if is_apart else " ("), *cited, text(")")]

    def _short(self, key: str) -> str:
        return next(work.short for work in self.paper.references if work.key == key)

    def _word(self, word: Word) -> Data:
        match word:
            case Text():
                return text(word.text)
            case Strong() | Emphasis():
                kind = "strong" if isinstance(word, Strong) else "emphasis"
                return {"kind": kind, "words": self.words(word.words)}
            case Code():
                return {"kind": "code", "text": shown(word.text)}
            case Link():
                words = self.words(word.words)
                if not word.is_outside:  # a page of the book, which paper cannot follow
                    return {"kind": "plain", "words": words}
                return {"kind": "link", "target": word.target, "words": words}
            case Math():
                return {"kind": "math", **self._formula(word.latex, is_within_line=True)}
            case Number():
                place = self.numbers.setdefault(word, len(self.numbers))
                return {"kind": "number", "text": shown(word.text), "label": number_label(place)}
            case Term():
                meaning = Term(word.name, word.name, word.meaning)
                label = self.terms.setdefault(meaning, f"word-{len(self.terms) + 1}")
                return {"kind": "term", "text": shown(word.text), "label": label}
            case Given() | Cite():
                return text(word.text)

    def _cited(self, keys: Sequence[str], said: str) -> list[Data]:
        """A citation, each work leading to its place in the list."""
        between = "; " if "; " in said else " and "
        parts = said.split(between)
        if len(parts) != len(keys):
            parts, keys = [said], keys[:1]
        cited: list[Data] = []
        for key, part in zip(keys, parts, strict=True):
            cited += [text(between)] if cited else []
            cited.append({"kind": "cited", "text": shown(part), "label": reference_label(key)})
        return cited


def _is_cited(key: str, words: Words) -> bool:
    return any(isinstance(word, Cite) and key in word.keys for word in words)


def table(one: Table) -> Data:
    """A table as data."""
    return {
        "kind": "table",
        "caption": shown(one.caption),
        "headings": [shown(heading) for heading in one.headings],
        "rows": [[shown(cell) for cell in row] for row in one.rows],
        "numeric": list(one.numeric),
        "notes": [sentence(shown(note)) for note in one.notes],
    }


def _quotations(block: Quotations) -> Data:
    themes: dict[str, list[Data]] = {}
    for one in block.items:
        words = f"“{shown(one.text)}”" if one.text.strip() else HIDDEN_QUOTATION
        said = {"text": words, "speaker": shown(one.speaker)}
        themes.setdefault(shown(one.theme), []).append(said)
    return {
        "kind": "quotations",
        "themes": [[theme, said] for theme, said in themes.items()],
        "notes": [sentence(shown(note)) for note in block.notes],
    }
