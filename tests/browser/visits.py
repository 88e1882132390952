"""One visit to each page, in which everything that is asked of every page is noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.pages import names
from tests.browser.watching import watch

PHONES = (320, 400)
DESKTOP = {"width": 1280, "height": 900}
# Pictures below the fold load when they come into view, which nobody here scrolls to.
NOTE = """async () => {
  const all = (selector, note) => [...document.querySelectorAll(selector)].map(note);
  all('img', one => { one.loading = 'eager'; });
  all('details', one => { one.open = true; });
  await Promise.all([...document.images].map(one => one.decode().catch(() => undefined)));
  return {
    title: document.title,
    headings: all('h1', one => one.innerText.trim()),
    links: all('a[href]', one => one.href),
    from_the_root: all('[href], [src]', one => one.getAttribute('href') || one.getAttribute('src'))
      .filter(to => to && to.startsWith('/')),
    parts: all('[id]', one => one.id),
    pictures: all('img', one => [one.getAttribute('alt'), one.naturalWidth]),
    captions: all('article table.released-table caption', one => one.innerText),
    uncaptioned: all('article table', one => one)
      .filter(one => !one.caption || !one.querySelector('th')).length,
    unnamed: all('button, summary, input, select, textarea', one => one)
      .filter(one => !(one.getAttribute('aria-label') || one.innerText.trim()
        || (one.labels && one.labels.length))).length,
    banner: all('.synthetic-banner', one => one.checkVisibility()).some(Boolean),
  };
}"""


@dataclass(frozen=True)
class Visit:
    """What a reader's browser saw of a page.

    Attributes
    ----------
    requests, complaints
        Every address asked for; every error that the browser reported.
    links
        Where its links lead, in full.
    from_the_root
        Links and sources that hold only where the book is at a server's root.
    parts
        Ids that a link may lead to.
    captions
        Of tables of released numbers.
    uncaptioned, unnamed
        How many tables lack a caption or headers; how many things to press lack a name.
    pictures
        Alternative text (missing: none) and width in pixels of each.
    widths
        How wide the page became, by the width of the window.
    """

    name: str
    requests: tuple[str, ...]
    complaints: tuple[str, ...]
    title: str
    headings: tuple[str, ...]
    links: tuple[str, ...]
    from_the_root: tuple[str, ...]
    parts: frozenset[str]
    pictures: tuple[tuple[str | None, int], ...]
    captions: tuple[str, ...]
    uncaptioned: int
    unnamed: int
    banner: bool
    widths: Mapping[int, int]


def visit_all(browser: Any, book: Path) -> dict[str, Visit]:
    """Visit each page of a book from its folder, by name."""
    context = browser.new_context(viewport=DESKTOP)
    try:
        visitor = _Visitor(context)
        return {name: visitor.visit(book, name) for name in names(book)}
    finally:
        context.close()


class _Visitor:
    def __init__(self, context: Any) -> None:
        self.watched = watch(context)
        self.page = self.watched.page

    def visit(self, book: Path, name: str) -> Visit:
        self.watched.forget()
        self.page.goto((book / f"{name}.html").resolve().as_uri())
        noted = self.page.evaluate(NOTE)
        widths = {width: self._width_at(width) for width in PHONES}
        self.page.set_viewport_size(DESKTOP)
        return Visit(
            name=name,
            requests=tuple(self.watched.requests),
            complaints=tuple(self.watched.complaints),
            widths=widths,
            parts=frozenset(noted.pop("parts")),
            pictures=tuple((alt, width) for alt, width in noted.pop("pictures")),
            **{key: tuple(it) if isinstance(it, list) else it for key, it in noted.items()},
        )

    def _width_at(self, width: int) -> int:
        self.page.set_viewport_size({"width": width, "height": 700})
        return self.page.evaluate("document.documentElement.scrollWidth")
