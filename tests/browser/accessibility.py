"""Every page of a book, looked over by axe-core: `python -m tests.browser.accessibility BOOK`.

Prints each page, how many there are and what is wrong with which; exits 1 if anything is.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import axe_playwright_python

from tests.browser.pages import names

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
ADVICE = "best-practice"
SCHEMES = ("light", "dark")
# Width, height and scale: a desktop, a small phone, and 1280 x 1024 at 400% zoom.
WINDOWS = {"desktop": (1280, 1024, 1), "320 px": (320, 700, 1), "400% zoom": (320, 256, 4)}
EVERY = tuple(product(SCHEMES, WINDOWS))
# Each colour and each window once, for a suite that has to be quick.
FEW = (("light", "desktop"), ("dark", "320 px"), ("light", "400% zoom"))
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ['violations']});
  return found.violations.map(rule => ({
    rule: rule.id, tags: rule.tags, help: rule.help,
    where: rule.nodes.map(node => node.target.flat().join(' ')),
  }));
}"""


@dataclass(frozen=True)
class Barrier:
    """A rule that a page breaks.

    Attributes
    ----------
    seen
        Colours and window in which it was seen first.
    where
        CSS selectors of the elements.
    is_advice
        Whether it is good practice only, and no success criterion of WCAG 2.2 A or AA.
    """

    page: str
    seen: str
    rule: str
    help: str
    where: tuple[str, ...]
    is_advice: bool

    def __str__(self) -> str:
        more = f" and {len(self.where) - 3} more" if len(self.where) > 3 else ""
        return f"{self.page} ({self.seen}): {self.rule}: {self.help}: " + (
            ", ".join(self.where[:3]) + more
        )


def barriers(page: Any, name: str, modes: Sequence[tuple[str, str]] = EVERY) -> list[Barrier]:
    """What axe-core finds wrong with an open page, in each mode; each rule and place once.

    Without modes, colours and window stay as they are, and so does what a reader has opened.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    if not modes:
        return list(_look(page, name, "as it is"))
    page.evaluate(OPEN_ALL)
    found: dict[tuple[str, tuple[str, ...]], Barrier] = {}
    for seen in _in_each(modes, page):
        for barrier in _look(page, name, seen):
            found.setdefault((barrier.rule, barrier.where), barrier)
    return list(found.values())


def _in_each(modes: Sequence[tuple[str, str]], page: Any) -> Iterator[str]:
    """Put the page into each mode in turn, and back; the window's scale needs the browser's own."""
    session = page.context.new_cdp_session(page)
    for scheme, window in modes:
        page.emulate_media(color_scheme=scheme)
        width, height, scale = WINDOWS[window]
        session.send(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False},
        )
        yield f"{scheme}, {window}"
    session.send("Emulation.clearDeviceMetricsOverride")
    session.detach()
    page.emulate_media(color_scheme="light")


def _look(page: Any, name: str, seen: str) -> Iterator[Barrier]:
    for one in page.evaluate(RUN, [*RULES, ADVICE]):
        where, is_advice = tuple(one["where"]), not set(RULES) & set(one["tags"])
        yield Barrier(name, seen, one["rule"], one["help"], where, is_advice)


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser that may not talk to anyone."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def look_over(book: Path, pages: Sequence[str]) -> list[Barrier]:
    """What is wrong with some pages of a book, opened from its folder; prints each."""
    found = []
    with chromium() as browser:
        page = browser.new_context().new_page()
        for name in pages:
            page.goto((book / f"{name}.html").resolve().as_uri())
            here = barriers(page, name)
            print(f"{'ok ' if not here else 'BAD'} {name}", flush=True)
            found += here
    return found


def main(book: Path) -> int:
    """Look over all pages, on two processors; 1 where WCAG 2.2 AA is not met."""
    folder = book / "html" if (book / "html").is_dir() else book
    pages = names(folder)
    if not pages:
        print(f"there is no page in {folder}: build the book first (make demo).")
        return 2
    workers = min(os.cpu_count() or 1, 4)
    # A long page's neighbours are long too, so the pages are dealt like cards.
    hands = [pages[start::workers] for start in range(workers)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        found = [one for part in pool.map(look_over, [folder] * workers, hands) for one in part]
    wrong, advice = ([one for one in found if one.is_advice is kind] for kind in (False, True))
    for title, kind in (("WCAG 2.2 A and AA", wrong), ("good practice", advice)):
        on = Counter(one.page for one in kind)
        print(f"\n{title}: {len(kind)} violations, on {len(on)} of {len(pages)} pages,")
        print(f"each looked at {len(EVERY)} ways: {', '.join(SCHEMES)};", end=" ")
        print(", ".join(WINDOWS) + ".")
        for one in kind:
            print(f"  {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
