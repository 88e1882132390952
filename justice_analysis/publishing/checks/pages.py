"""What a page of the book must hold to: each rule looks at one page and says what is wrong."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from justice_analysis.publishing.checks.html_page import HtmlPage

FILE_KINDS = ("pdf", "docx", "xlsx", "ods", "cff", "bib")
PAPERS, PROTOCOLS = "papers", "protocols"
LEAST_WORDS = 4
_SAYS_NOTHING = {"chart", "figure", "image", "picture", "graph", "plot", "photo", "logo"}
_OUTSIDE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ON_ITS_OWN = ("data:", "about:", "#")


@dataclass(frozen=True)
class Problem:
    """Something that a reader would stumble over.

    Attributes
    ----------
    page
        Path in the book without a suffix; empty for the book as a whole.
    what
        Which check found it: link, request, number, picture, table, reference, file, page, size.
    said
        What must hold and what was found.
    line
        Line of the page's MyST source; missing where it is not known.
    """

    page: str
    what: str
    said: str
    line: int | None = None


_Found = Iterator[tuple[str, str, str]]  # what, said, and the words to look for in the source


def page_problems(
    page: HtmlPage, pages: Mapping[str, HtmlPage], files: Mapping[str, int]
) -> Iterator[tuple[Problem, str]]:
    """Problems of a page, each with the words by which it is found in the source."""
    checks: Sequence[Callable[[], _Found]] = (
        lambda: _links(page, pages, files),
        lambda: _requests(page, files),
        lambda: _pictures(page),
        lambda: _tables(page),
        lambda: _references(page),
        lambda: _whole(page),
        lambda: _paper_files(page),
    )
    for check in checks:
        for what, said, words in check():
            yield Problem(page.name, what, said), words


def _links(page: HtmlPage, pages: Mapping[str, HtmlPage], files: Mapping[str, int]) -> _Found:
    for address in dict.fromkeys(page.links):
        if address in ("", "#") or is_outside(address):
            continue
        path, _, part = address.partition("#")
        target = inside_book(page, path) if path else f"{page.name}.html"
        if target not in files:
            yield "link", f"leads to {address}, which is not in the book", posixpath.basename(path)
        elif part and is_page(target) and unquote(part) not in pages[target[:-5]].ids:
            yield "link", f"leads to {address}: that page has no part {part}", f"#{part}"


def inside_book(page: HtmlPage, path: str) -> str:
    """Path in the book of what a page refers to."""
    plain = unquote(path.partition("?")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(page.name), plain))


def _requests(page: HtmlPage, files: Mapping[str, int]) -> _Found:
    for address in dict.fromkeys(page.loaded):
        if is_within(address):
            continue
        if is_outside(address):
            yield "request", f"asks the network for {address}", address
        elif inside_book(page, address) not in files:
            yield "file", f"needs {address}, which is not in the book", posixpath.basename(address)


def _pictures(page: HtmlPage) -> _Found:
    for picture in page.pictures:
        why = "" if picture.is_hidden else _says_nothing(picture.alt)
        if why:
            name = posixpath.basename(picture.address)
            yield "picture", f"{name} {why}", name


def _says_nothing(alt: str | None) -> str:
    """Why an alternative text is none; empty where it says what is shown."""
    if alt is None or not alt.strip():
        return "has no alternative text"
    words = re.findall(r"\w+", alt.lower())
    if re.fullmatch(r"\S+\.\w{3,4}", alt.strip()) or len(set(words) - _SAYS_NOTHING) < LEAST_WORDS:
        return f"must have alternative text that says what it shows: it has “{alt.strip()}”"
    return ""


def _tables(page: HtmlPage) -> _Found:
    for place, table in enumerate(page.tables, start=1):
        named = f"table {place} ({table.caption})" if table.caption else f"table {place}"
        if not table.caption:
            yield "table", f"{named} has no caption", ""
        if not table.has_headers:
            yield "table", f"{named} has no headers", table.caption


def _references(page: HtmlPage) -> _Found:
    for key in dict.fromkeys(page.cited):
        if key not in page.works:
            yield "reference", f"{key} is cited and not in the list of references", key
    for key in page.works:
        if key not in page.cited:
            yield "reference", f"{key} is in the list of references and not cited", f"ref-{key}"


def _whole(page: HtmlPage) -> _Found:
    if page.headings != 1:
        yield "page", f"a page must have one heading of the first level: {page.headings} found", ""
    if not page.title:
        yield "page", "the page has no title", ""
    for name in dict.fromkeys(page.repeated_ids):
        yield "page", f"the id {name} stands on it more than once", name
    for name in dict.fromkeys(page.described_by):
        if name not in page.ids:
            yield "page", f"something is described by {name}, which is not on the page", name
    if _is_protocol(page) and not (page.is_marked and "synthetic" in page.title.lower()):
        yield "page", "a page of synthetic data must say so in its title and at its top", ""


def is_paper(page: HtmlPage) -> bool:
    """Whether it is the page of a paper or a protocol paper."""
    folder, _, name = page.name.partition("/")
    return folder in (PAPERS, PROTOCOLS) and name not in ("", "index")


def _is_protocol(page: HtmlPage) -> bool:
    return is_paper(page) and page.name.startswith(f"{PROTOCOLS}/")


def _paper_files(page: HtmlPage) -> _Found:
    """A paper gives its readers every kind of file."""
    if not is_paper(page):
        return
    offered = {posixpath.basename(link) for link in page.links}
    slug = posixpath.basename(page.name) + ("-synthetic" if _is_protocol(page) else "")
    for kind in FILE_KINDS:
        if f"{slug}.{kind}" not in offered:
            yield "file", f"the paper does not offer {slug}.{kind}", ""


def is_page(name: str) -> bool:
    """Whether a file of the book is one of its pages."""
    return name.endswith(".html") and not name.startswith("_")


def is_outside(address: str) -> bool:
    """Whether an address leads out of the book."""
    return bool(_OUTSIDE.match(address))


def is_within(address: str) -> bool:
    """Whether an address asks for no file: what it names stands in it, or on the page."""
    return address.startswith(_ON_ITS_OWN)
