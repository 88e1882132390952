"""Check a built book: links, requests, numbers, alternative text, tables, references, size."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from justice_analysis.errors import BookError
from justice_analysis.publishing.checks.html_page import HtmlPage, read_page, urls_of
from justice_analysis.publishing.checks.pages import (
    Problem,
    inside_book,
    is_outside,
    is_page,
    is_paper,
    is_within,
    page_problems,
)
from justice_analysis.publishing.released.reader import read_releases
from justice_analysis.publishing.traces.file import NUMBER, Traces, read_traces
from justice_analysis.publishing.traces.stale_studies import stale_uses

HTML, SOURCE = "html", "_source"
BOOK_LIMIT, FIRST_PAGE_LIMIT = 60_000_000, 1_000_000


@dataclass
class BookCheck:
    """What was looked at, and what was found."""

    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    first_page_bytes: int = 0


def check_book(out: Path, releases: Sequence[Path] | None = None) -> BookCheck:
    """Check a built book against what it promises its readers.

    Parameters
    ----------
    out
        The book's folder, which holds `html` and the traces of the build.
    releases
        Release folders to hold it against; by default those that it was built from.

    Raises
    ------
    BookError
        If there is no built book.
    """
    book = out / HTML
    if not (book / "index.html").is_file():
        raise BookError(f"there is no book in {out}. Build one with: justice book build.")
    files = _files(book)
    pages = {
        page.name: page
        for page in (read_page(book / name, book) for name in sorted(files) if is_page(name))
    }
    traces = read_traces(out)
    if releases:
        traces = replace(traces, releases=tuple(releases))
    found = BookCheck(counts=_counts(pages, traces), bytes=sum(files.values()))
    found.first_page_bytes = _weight(book, pages["index"], files)
    found.problems += _sized(found)
    found.problems += _stale(traces)
    found.problems += [*_styles(book, files)]
    shown = _shown_numbers(traces)
    for page in pages.values():
        problems = [*page_problems(page, pages, files), *_untraced(page, shown)]
        found.problems += _with_lines(problems, out / SOURCE / f"{page.name}.md")
    return found


def _files(book: Path) -> dict[str, int]:
    """Size of every file of the book by its path."""
    found = {}
    for folder, _, names in os.walk(book):
        inside = Path(folder).relative_to(book)
        for name in names:
            path = (inside / name).as_posix()
            found[path] = (book / path).stat().st_size
    return found


def _counts(pages: Mapping[str, HtmlPage], traces: Traces) -> dict[str, int]:
    every = pages.values()
    return {
        "pages": len(pages),
        "links": sum(len(page.links) for page in every),
        "pictures": sum(len(page.pictures) for page in every),
        "tables": sum(len(page.tables) for page in every),
        "numbers": sum(len(page.numbers) for page in every),
        "citations": sum(len(page.cited) for page in every),
        "traces": len(traces.uses),
    }


def _with_lines(problems: Sequence[tuple[Problem, str]], source: Path) -> Iterator[Problem]:
    """Problems with the line of the source that has their words, where one has."""
    if not problems:
        return
    lines = source.read_text(encoding="utf-8").splitlines() if source.is_file() else []
    for problem, words in problems:
        stem = words.removesuffix(".html")
        line = next((at for at, text in enumerate(lines, start=1) if stem and stem in text), None)
        yield Problem(problem.page, problem.what, problem.said, line)


def _shown_numbers(traces: Traces) -> dict[str, set[str]]:
    """Texts of traced numbers by page."""
    shown: dict[str, set[str]] = {}
    for use in traces.uses:
        if use.kind == NUMBER:
            shown.setdefault(use.page, set()).add(" ".join(use.text.split()))
    return shown


def _untraced(page: HtmlPage, shown: Mapping[str, set[str]]) -> Iterator[tuple[Problem, str]]:
    """Numbers that no release bears out; a page that is no paper's may quote any paper."""
    own = shown.get(page.name, set())
    allowed = own if is_paper(page) else own.union(*shown.values())
    for text in dict.fromkeys(page.numbers):
        # A page of figures shows the interval of a number beside it.
        begins = not is_paper(page) and any(one.startswith(f"{text} (") for one in allowed)
        if text not in allowed and not begins:
            yield Problem(page.name, NUMBER, f"“{text}” is traced to no release"), text


def _stale(traces: Traces) -> list[Problem]:
    """Numbers, tables and pictures whose release has changed or is gone."""
    gone = [folder for folder in traces.releases if not folder.is_dir()]
    problems = [
        Problem("", NUMBER, f"the release {folder.name} that the book was built from is gone")
        for folder in gone
    ]
    try:
        studies = read_releases(folder for folder in traces.releases if folder not in gone)
    except BookError as error:
        return [*problems, Problem("", NUMBER, str(error))]
    names = {folder.name for folder in gone}
    return problems + [
        Problem(use.page, use.kind, f"{use.reference} is stale: {why}")
        for use, why in stale_uses(traces.uses, studies)
        if use.release not in names
    ]


def _styles(book: Path, files: Mapping[str, int]) -> Iterator[Problem]:
    """Requests of the style sheets."""
    for name in files:
        if not name.endswith(".css"):
            continue
        for address in urls_of((book / name).read_text(encoding="utf-8")):
            if is_within(address):
                continue
            if is_outside(address):
                yield Problem("", "request", f"{name} asks the network for {address}")
            elif posixpath.normpath(f"{posixpath.dirname(name)}/{address}") not in files:
                yield Problem("", "file", f"{name} needs {address}, which is not in the book")


def _weight(book: Path, page: HtmlPage, files: Mapping[str, int]) -> int:
    """Bytes of a page and of all that it loads."""
    names = {f"{page.name}.html"} | {inside_book(page, address) for address in page.loaded}
    for name in [name for name in names if name.endswith(".css") and name in files]:
        for address in urls_of((book / name).read_text(encoding="utf-8")):
            names.add(posixpath.normpath(f"{posixpath.dirname(name)}/{address}"))
    return sum(files.get(name, 0) for name in names)


def _sized(found: BookCheck) -> Iterator[Problem]:
    for size, limit, named in (
        (found.bytes, BOOK_LIMIT, "the book"),
        (found.first_page_bytes, FIRST_PAGE_LIMIT, "the first page with all it loads"),
    ):
        if size >= limit:
            yield Problem("", "size", f"{named} must be under {limit:,} bytes: it has {size:,}")
