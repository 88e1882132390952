"""Works cited: read from BibTeX, shown as a reader expects them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = "references.bib"


@dataclass(frozen=True)
class Reference:
    """One work.

    Attributes
    ----------
    key
        Its entry in the BibTeX file.
    short
        As a sentence cites it: "Bedston and others, 2019".
    full
        As the list of references shows it: authors, year, title, where published.
    address
        https address, from its DOI where it has one.
    bibtex
        Its entry.
    """

    key: str
    short: str
    full: str
    address: str | None
    bibtex: str


def read_references(file: Path) -> Mapping[str, Reference]:
    """Read a BibTeX file: works by key; none where there is no file.

    Raises
    ------
    BookError
        If it cannot be read, an entry lacks author, title or year, or a key repeats: file and line.
    """
    raise NotImplementedError
