"""Chromium, driven by Playwright, and a book to open in it.

`JUSTICE_BOOK` names a built book to test, such as the demo's; without it a small one is made,
which lacks some pages. With `JUSTICE_REQUIRE_BROWSER=1` a missing browser fails the suite instead
of skipping it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from justice_analysis.publishing import build_book
from tests.browser.accessibility import chromium as opened_chromium
from tests.browser.pages import TEMPLATES, names
from tests.browser.serving import serving
from tests.browser.visits import Visit, visit_all
from tests.browser.watching import Watched, watch
from tests.unit.publishing.small_book import make_release

BELOW = "/some/where/"


def _absent(reason: str) -> None:
    if os.environ.get("JUSTICE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser that may not talk to anyone."""
    if shutil.which("chromium") is None and shutil.which("chromium-browser") is None:
        _absent("the book is tested in Chromium, which is not on this machine.")
    if importlib.util.find_spec("playwright") is None:
        _absent("the book is tested with Playwright, which is not installed.")
    with opened_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a built book: the one that JUSTICE_BOOK names, or a small one."""
    if named := os.environ.get("JUSTICE_BOOK"):
        folder = Path(named).resolve()
        return folder / "html" if (folder / "html").is_dir() else folder
    folder = tmp_path_factory.mktemp("book")
    small = make_release(folder)
    report = build_book(
        [small.release], folder / "out", book_folder=small.book,
        notebooks=small.notebooks, parameters=small.parameters,
    )  # fmt: skip
    return report.index.parent


@pytest.fixture(scope="session")
def unzipped(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book as someone has it who was sent a zip and unpacked it where she pleased."""
    folder = tmp_path_factory.mktemp("posted")
    packed = shutil.make_archive(str(folder / "book"), "zip", book)
    there = folder / "Team's papers (new), 50% é #1"
    shutil.unpack_archive(packed, there)
    return there


@pytest.fixture(scope="session")
def served(book: Path) -> Iterator[str]:
    """Address of the book on a server that has it below a path of its own."""
    with serving(book, BELOW) as address:
        yield address


@pytest.fixture(scope="session")
def visits(chromium: Any, book: Path) -> Mapping[str, Visit]:
    """What a browser saw of every page, opened once from its folder."""
    seen = visit_all(chromium, book)
    assert list(seen) == names(book)
    return seen


@pytest.fixture
def new_page(chromium: Any) -> Iterator[Any]:
    """Open a blank page, watched; options are those of a browser's context."""
    contexts = []

    def opened(*, scripts: bool = True, **options: Any) -> Watched:
        context = chromium.new_context(java_script_enabled=scripts, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return watch(context)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(new_page: Any, book: Path) -> Any:
    """Open a page of the book by its name; `scripts=False` for a reader without them."""

    def opened(name: str = "index", **options: Any) -> Watched:
        watched = new_page(**options)
        watched.page.goto((book / f"{name}.html").resolve().as_uri())
        return watched

    return opened


@pytest.fixture
def page_of(book: Path) -> Any:
    """Name of the page that stands for a template."""

    def named(template: str) -> str:
        name = TEMPLATES[template]
        if not (book / f"{name}.html").is_file():
            _absent_page(name)
        return name

    return named


def _absent_page(name: str) -> None:
    if "JUSTICE_BOOK" in os.environ:
        pytest.fail(f"the book has no page {name}: build it with make demo.")
    pytest.skip(f"the small book has no page {name}; the demo's has.")
