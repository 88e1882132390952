"""Chromium, driven by Playwright, and a book to open in it.

`JUSTICE_BOOK` names a built book to test in place of the small one; with
`JUSTICE_REQUIRE_BROWSER=1` a missing browser fails the suite instead of skipping it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from justice_analysis.publishing import build_book
from tests.unit.publishing.small_book import make_release

CHECKOUT = Path(__file__).parents[2]
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def _absent(reason: str) -> None:
    if os.environ.get("JUSTICE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser that may not talk to anyone."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        _absent("the book is tested in Chromium, which is not on this machine.")
    if importlib.util.find_spec("playwright") is None:
        _absent("the book is tested with Playwright, which is not installed.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a built book: the one that JUSTICE_BOOK names, or a small one."""
    if named := os.environ.get("JUSTICE_BOOK"):
        folder = Path(named)
        return folder / "html" if (folder / "html").is_dir() else folder
    folder = tmp_path_factory.mktemp("book")
    small = make_release(folder)
    report = build_book(
        [small.release], folder / "out", book_folder=CHECKOUT / "book",
        notebooks=small.notebooks, parameters=small.parameters,
    )  # fmt: skip
    return report.index.parent


@dataclass
class Watched:
    """A page with all it asked for and all it complained of."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def left_the_folder(self) -> list[str]:
        """Requests for anything that is not a local file."""
        return [url for url in self.requests if not url.startswith("file:")]


@pytest.fixture
def open_page(chromium: Any, book: Path) -> Iterator[Any]:
    """Open a page of the book by its name; `scripts=False` for a reader without them."""
    contexts = []

    def opened(name: str = "index", *, scripts: bool = True, **options: Any) -> Watched:
        context = chromium.new_context(java_script_enabled=scripts, **options)
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.on("request", lambda request: watched.requests.append(request.url))
        watched.page.on(
            "console",
            lambda message: message.type == "error" and watched.complaints.append(message.text),
        )
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.goto((book / f"{name}.html").resolve().as_uri())
        return watched

    yield opened
    for context in contexts:
        context.close()
