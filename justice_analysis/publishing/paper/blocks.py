"""What a paper is made of: blocks, and the words inside them. Every writer shows the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

# Words ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """Words as they are; nothing in them is markup."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Words that matter most."""

    words: Words


@dataclass(frozen=True)
class Emphasis:
    """Words said with stress, and titles of works."""

    words: Words


@dataclass(frozen=True)
class Code:
    """A name as software spells it."""

    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere.

    Attributes
    ----------
    target
        An address (https://...), or a path in the book from its root, such as
        `definitions/recurrence`, without a suffix; `#part` may follow.
    """

    words: Words
    target: str

    @property
    def is_outside(self) -> bool:
        """Whether it leads out of the book; print can follow only these."""
        return "://" in self.target or self.target.startswith("mailto:")


@dataclass(frozen=True)
class Math:
    """A formula within a sentence, in LaTeX."""

    latex: str


@dataclass(frozen=True)
class Number:
    """A number of a sentence that is a released cell, and all that a reader may ask of it.

    Attributes
    ----------
    reference
        As the prose names it: `output/name`, or `output/column[key=value]`.
    text
        As the sentence shows it.
    what
        What it is: the question or title of the output it stands in.
    definition, definition_title
        Name and title of its definition card; its page is `definitions/<name>`.
    interval
        Its interval in words, where it has one and the text does not say it.
    people
        How many people are behind it, in words, where the release says so.
    release
        When and under which rules it was released, and of which study.
    """

    reference: str
    text: str
    what: str
    release: str
    definition: str | None = None
    definition_title: str | None = None
    interval: str | None = None
    people: str | None = None

    @property
    def hint(self) -> tuple[str, ...]:
        """What a reader is told who points at it, in sentences."""
        defined = f"Defined as: {self.definition_title}" if self.definition_title else None
        told = (self.what, self.interval, self.people, defined, self.release)
        return tuple(line for line in told if line)


@dataclass(frozen=True)
class Given:
    """A number of a sentence that is no result of the paper: the law's, or another's finding."""

    text: str
    key: str | None = None
    """Entry of the references that it comes from."""


@dataclass(frozen=True)
class Cite:
    """A citation.

    Attributes
    ----------
    keys
        Entries of the references.
    text
        As the sentence shows it: "Bedston and others, 2019".
    in_text
        Whether it is part of the sentence; otherwise it stands in brackets.
    """

    keys: tuple[str, ...]
    text: str
    in_text: bool = False


@dataclass(frozen=True)
class Term:
    """A word of the glossary, with what it means."""

    text: str
    name: str
    meaning: str


Word = Text | Strong | Emphasis | Code | Link | Math | Number | Given | Cite | Term
Words = tuple[Word, ...]

# Blocks -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """A heading; level 2 opens a section of the paper, 3 a part of it."""

    level: int
    words: Words


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    words: Words
    style: str = ""
    """`lead` under the title, `status`, `note` under a table; empty for prose."""


@dataclass(frozen=True)
class Bullets:
    """A list: each item is blocks of its own."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first column names the row.

    Attributes
    ----------
    numeric
        Which columns hold numbers, which align right.
    label
        What a screen reader calls the region that scrolls.
    notes
        Sentences beneath it.
    source
        Id of the released output that it shows; missing for a table of the prose.
    raw_headings, raw
        All rows of that output as they were released (a curve has a row a day), which files hold
        and a page does not; cells are text, an empty one is hidden or not available.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    label: str = ""
    notes: tuple[str, ...] = ()
    source: str | None = None
    raw_headings: tuple[str, ...] = ()
    raw: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Figure:
    """A released picture, with the numbers behind it.

    Attributes
    ----------
    source
        Id of the released output.
    file
        The released picture.
    name
        What the file is called beside the page.
    alt
        Alternative text: kind of chart, what it shows, the main numbers.
    """

    source: str
    file: Path
    name: str
    alt: str
    caption: str
    numbers: Table | None = None


@dataclass(frozen=True)
class Formula:
    """A formula on a line of its own, in LaTeX."""

    latex: str


@dataclass(frozen=True)
class Quotation:
    """Cleared words of someone interviewed, and who speaks in general terms.

    Empty words stand for a quotation that is hidden for confidentiality.
    """

    text: str
    speaker: str
    theme: str


@dataclass(frozen=True)
class Quotations:
    """Cleared quotations of one output."""

    source: str
    items: tuple[Quotation, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotReleased:
    """The place of an output that disclosure control held back, and why."""

    source: str
    title: str
    reason: str


@dataclass(frozen=True)
class Box:
    """Blocks set apart, with a title: `main-points`, `policy`, `protocol`."""

    title: str
    style: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Facts:
    """Names and what they stand for."""

    pairs: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Files:
    """Files to download: for each line a title and the kinds in which it can be had.

    Attributes
    ----------
    lines
        Title, then (label, file name beside the page) for each kind.
    """

    lines: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = field(default=())


Block = (
    Heading
    | Paragraph
    | Bullets
    | Table
    | Figure
    | Formula
    | Quotations
    | NotReleased
    | Box
    | Facts
    | Files
)


def plain_text(words: Words) -> str:
    """Words without any markup: what a title or a caption can hold."""
    return "".join(_plain(word) for word in words)


def _plain(word: Word) -> str:
    if isinstance(word, Strong | Emphasis | Link):
        return plain_text(word.words)
    if isinstance(word, Math):
        return word.latex
    if isinstance(word, Cite):
        return word.text if word.in_text else f"({word.text})"
    return word.text


def inside(item: Any) -> Iterator[Any]:
    """A block, words, or several of them, and all that is inside, in order."""
    if isinstance(item, tuple):
        for one in item:
            yield from inside(one)
    elif isinstance(item, Table):
        yield item  # its thousands of cells are text
    elif is_dataclass(item):
        yield item
        for part in fields(item):
            yield from inside(getattr(item, part.name))
