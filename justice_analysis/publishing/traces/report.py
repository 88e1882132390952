"""Where everything on one page came from, and whether it still holds."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from justice_analysis.errors import UsageError
from justice_analysis.publishing.checks.html_page import HtmlPage, read_page
from justice_analysis.publishing.markup import SYNTHETIC
from justice_analysis.publishing.released.reader import read_releases
from justice_analysis.publishing.traces.file import FIGURE, NUMBER, Traces, Use, read_traces
from justice_analysis.publishing.traces.stale_studies import stale_uses

HTML = "html"


@dataclass(frozen=True)
class PageTrace:
    """One page of the book, and every use of something released on it.

    Attributes
    ----------
    rows
        Each use, and why it is stale (empty where it is fresh).
    untraced
        Numbers and pictures that stand on the page and in no trace.
    """

    page: str
    title: str
    rows: tuple[tuple[Use, str], ...]
    untraced: tuple[str, ...] = ()

    @property
    def stale_count(self) -> int:
        """How many uses no longer hold."""
        return sum(bool(why) for _, why in self.rows)

    @property
    def holds(self) -> bool:
        """Whether everything on the page is traced and fresh."""
        return not self.stale_count and not self.untraced


def trace_page(out: Path, named: str, releases: Sequence[Path] | None = None) -> PageTrace:
    """Hold one page of a built book against its releases.

    Parameters
    ----------
    named
        The page (`papers/release_returns-iowa`), the study variant (`release_returns/iowa`), or
        how the title begins.
    releases
        Release folders; by default those that the book was built from.

    Raises
    ------
    UsageError
        If no page, or more than one, is meant; near names are said.
    BookError
        If there is no built book, or a release is not as it was released.
    """
    traces = read_traces(out)
    page = _page_named(named, traces, out / HTML)
    seen = _seen(out / HTML, page)
    uses = tuple(use for use in traces.uses if use.page == page)
    folders = releases or [folder for folder in traces.releases if folder.is_dir()]
    why = dict(stale_uses(uses, read_releases(folders)))
    return PageTrace(
        page=page,
        title=_title(seen) if seen else "",
        rows=tuple((use, why.get(use, "")) for use in uses),
        untraced=_untraced(seen, uses) if seen else (),
    )


def _page_named(named: str, traces: Traces, book: Path) -> str:
    """The one page that is meant."""
    pages = dict.fromkeys(use.page for use in traces.uses)
    wanted = named.strip().removesuffix(".html").removesuffix(".md")
    variants = {f"{use.study}/{use.variant}": use.page for use in traces.uses if _is_own(use)}
    short = {posixpath.basename(page): page for page in pages}
    for known in (dict.fromkeys(pages), variants, short):
        if wanted in known:
            return known[wanted] or wanted
    titles = {page: _title(seen) for page in pages if (seen := _seen(book, page))}
    begun = [
        page
        for page, title in titles.items()
        if title.lower().startswith(wanted.lower()) and wanted
    ]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise UsageError(f"several titles begin with {named!r}: {', '.join(begun)}. Name the page.")
    every = [*pages, *variants, *short]
    near = difflib.get_close_matches(wanted, every, n=3, cutoff=0.5) or list(pages)[:6]
    raise UsageError(f"the book has no paper {named!r}. Did you mean {', '.join(near)}?")


def _is_own(use: Use) -> bool:
    """Whether what a page uses is of its own study variant."""
    return posixpath.basename(use.page) == f"{use.study}-{use.variant}"


def _seen(book: Path, page: str) -> HtmlPage | None:
    file = book / f"{page}.html"
    return read_page(file, book) if file.is_file() else None


def _title(seen: HtmlPage) -> str:
    """The paper's title: without the book's name, and the mark that stands before it."""
    return (seen.title.rpartition(" | ")[0] or seen.title).removeprefix(f"{SYNTHETIC}: ")


def _untraced(seen: HtmlPage, uses: Sequence[Use]) -> tuple[str, ...]:
    texts = {" ".join(use.text.split()) for use in uses if use.kind == NUMBER}
    slug = posixpath.basename(seen.name)
    pictures = {f"{slug}-{use.output}" for use in uses if use.kind == FIGURE}
    names = [posixpath.basename(one.address) for one in seen.pictures if "/" in one.address]
    return (
        *(text for text in dict.fromkeys(seen.numbers) if text not in texts),
        *(
            name
            for name in dict.fromkeys(names)
            if name.removesuffix(".png").removesuffix("-synthetic") not in pictures
        ),
    )
