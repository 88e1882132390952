"""A built page as what a check asks of it: links, requests, pictures, tables, numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

_LOADED = {
    "img": ("src", "srcset"),
    "script": ("src",),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "input": ("src",),
    "image": ("href",),
    "use": ("href",),
    "form": ("action",),
    "link": ("href",),
}
# A link of these kinds says something about the page and is not loaded.
_NOT_LOADED = {"canonical", "license", "author", "next", "prev", "search", "index", "help"}
_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
_VOID = {"img", "br", "hr", "input", "link", "meta", "source", "track", "embed", "wbr", "col"}


@dataclass(frozen=True)
class Picture:
    """A picture: its alternative text (missing where the page has none) and whether it is hidden.

    Attributes
    ----------
    alt
        Of a drawing within the page, its label.
    is_hidden
        Whether it is marked as decoration.
    """

    address: str
    alt: str | None
    is_hidden: bool


@dataclass
class SeenTable:
    """A table: its caption, and whether any of its cells is a header."""

    caption: str = ""
    has_headers: bool = False


@dataclass
class HtmlPage:
    """What stands on one page.

    Attributes
    ----------
    name
        Path in the book without a suffix.
    links
        Addresses that a reader may follow.
    loaded
        Addresses that a browser asks for on its own.
    numbers
        Traced numbers, as shown.
    cited, works
        Keys of citations, and of the list of references.
    described_by
        Ids that something on the page says describe it.
    is_marked
        Whether title and body say that the data is synthetic.
    """

    name: str
    title: str = ""
    headings: int = 0
    kind: str = ""
    ids: set[str] = field(default_factory=set)
    repeated_ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    tables: list[SeenTable] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    works: list[str] = field(default_factory=list)
    described_by: list[str] = field(default_factory=list)
    is_marked: bool = False


def read_page(file: Path, book: Path) -> HtmlPage:
    """Read a page of the book once."""
    name = file.relative_to(book).with_suffix("").as_posix()
    reader = _Reader(HtmlPage(name))
    reader.feed(file.read_text(encoding="utf-8"))
    reader.close()
    return reader.page


def urls_of(style: str) -> list[str]:
    """Addresses that a style sheet, or a style within a page, asks for."""
    return [match[1] or match[2] for match in _URL.finditer(style)]


class _Reader(HTMLParser):
    """Walks through a page and keeps what is asked of it."""

    def __init__(self, page: HtmlPage) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self._kept: str | None = None  # what the text under way is: title, caption or number
        self._ends = ""
        self._texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        classes = said.get("class", "").split()
        self._names(said, classes)
        self._loads(tag, said)
        if tag == "a" and "href" in said:
            self._links(said["href"], classes)
        elif tag == "h1":
            self.page.headings += 1
        elif tag == "table":
            self.page.tables.append(SeenTable())
        elif tag == "th" and self.page.tables:
            self.page.tables[-1].has_headers = True
        elif tag == "li" and said.get("id", "").startswith("ref-"):
            self.page.works.append(said["id"].removeprefix("ref-"))
        elif tag == "article":
            self.page.kind = " ".join(classes)
        if tag in ("img", "svg"):
            self._picture(tag, said)
        if tag in ("title", "caption", "style") or "traced-number" in classes:
            self._kept, self._ends, self._texts = (
                (tag if tag != "a" else "number"),
                tag,
                [],
            )

    def handle_data(self, data: str) -> None:
        if self._kept:
            self._texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._kept is None or tag != self._ends:
            return
        text, kept, self._kept = " ".join("".join(self._texts).split()), self._kept, None
        if kept == "number":
            self.page.numbers.append(text)
        elif kept == "caption" and self.page.tables:
            self.page.tables[-1].caption = text
        elif kept == "style":
            self.page.loaded += urls_of(text)
        elif kept == "title" and not self.page.title:  # a drawing may have one too
            self.page.title = text

    def _names(self, said: dict[str, str], classes: list[str]) -> None:
        if name := said.get("id"):
            (self.page.repeated_ids.append if name in self.page.ids else self.page.ids.add)(name)
        self.page.described_by += said.get("aria-describedby", "").split()
        self.page.is_marked |= "synthetic-banner" in classes

    def _links(self, address: str, classes: list[str]) -> None:
        self.page.links.append(address)
        if "cited" in classes:
            self.page.cited.append(address.partition("#ref-")[2])

    def _loads(self, tag: str, said: dict[str, str]) -> None:
        if tag == "link" and set(said.get("rel", "").split()) & _NOT_LOADED:
            return
        for name in _LOADED.get(tag, ()):
            value = said.get(name, "")
            if name == "srcset":
                self.page.loaded += [part.split()[0] for part in value.split(",") if part.strip()]
            elif value:
                self.page.loaded.append(value)
        if "style" in said:
            self.page.loaded += urls_of(said["style"])

    def _picture(self, tag: str, said: dict[str, str]) -> None:
        hidden = said.get("aria-hidden") == "true" or said.get("role") in ("presentation", "none")
        alt = said.get("alt") if tag == "img" else said.get("aria-label", "")
        self.page.pictures.append(Picture(said.get("src", tag), alt, hidden))
