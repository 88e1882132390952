"""A paper: one object, which every writer shows in full."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.publishing.paper.blocks import Block, Figure, Number, Table, Words, inside
from justice_analysis.publishing.paper.front import Front
from justice_analysis.publishing.paper.references import Reference


@dataclass(frozen=True)
class HeadlineFigure:
    """A headline figure of the book, and how it moved.

    Attributes
    ----------
    say
        What it is, in a few words.
    trend
        Released points of a line, in order: what stands below it, and its value (missing where
        hidden). Empty for none.
    trend_title
        What the line shows, in words.
    """

    say: str
    number: Number
    trend: tuple[tuple[str, float | None], ...] = ()
    trend_title: str = ""


@dataclass(frozen=True)
class Paper:
    """Title, front matter and blocks in the order of reading.

    Attributes
    ----------
    study, variant
        What it was made from.
    chapter, slug
        Folder of the book and file name of its page.
    kind
        "Paper" or "Protocol paper".
    title, description
        A plain statement or question; one line on what, of whom, where and when.
    abstract
        Empty where the front matter has none.
    blocks
        All that follows title, description and abstract, boxes first.
    known, not_known
        A sentence each for the book's front page; empty on synthetic data.
    headlines
        Its figures on the page of headline figures; none on synthetic data.
    references
        Works cited, in the order of their list.
    citation
        How to cite the paper, in a sentence.
    released
        Day on which its numbers were released, as YYYY-MM-DD.
    """

    study: str
    variant: str
    chapter: str
    slug: str
    kind: str
    is_synthetic: bool
    title: str
    description: Words
    abstract: Words
    front: Front
    blocks: tuple[Block, ...]
    known: Words = ()
    not_known: Words = ()
    headlines: tuple[HeadlineFigure, ...] = ()
    references: tuple[Reference, ...] = ()
    citation: str = ""
    released: str = ""
    language: str = "en-GB"

    @property
    def name(self) -> str:
        """Study and variant, as people write them."""
        return f"{self.study}/{self.variant}"

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every traced number, in the order of reading."""
        return tuple(item for item in inside(self) if isinstance(item, Number))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, in the order of reading."""
        return tuple(item for item in inside(self) if isinstance(item, Figure))

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table of released numbers, those behind a figure included."""
        return tuple(item for item in inside(self) if isinstance(item, Table) and item.source)
