"""Home, a paper, a definition, a download and a search, however the book is read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.reader import DESKTOP, PHONE, Reader

pytestmark = pytest.mark.browser
WALKS = [
    ("folder", DESKTOP, "mouse"),
    ("folder", PHONE, "touch"),
    ("folder", DESKTOP, "keyboard"),
    ("server", DESKTOP, "mouse"),
    ("server", PHONE, "touch"),
    ("server", PHONE, "keyboard"),
    ("zip", DESKTOP, "mouse"),
    ("zip", PHONE, "keyboard"),
]
NAMES = [f"{where}-{'phone' if how is PHONE else 'desktop'}-{by}" for where, how, by in WALKS]


@pytest.fixture
def reader(request, new_page, book, served, unzipped) -> Reader:
    where, window, by = request.param
    folders = {"folder": book, "zip": unzipped}
    root = served if where == "server" else folders[where].resolve().as_uri() + "/"
    return Reader(new_page(accept_downloads=True, **window), root, by)


def is_phone(reader: Reader) -> bool:
    return reader.page.evaluate("innerWidth") < 600


def article_link(reader: Reader, selector: str) -> Any:
    if reader.by == "keyboard":
        reader.skip_to_the_text()
    return reader.page.locator(f"article {selector}").locator("visible=true").first


def search(reader: Reader, words: str) -> None:
    if is_phone(reader):
        reader.press(reader.page.get_by_role("button", name="Contents"))
    reader.type(reader.page.locator("input[type=search]:visible").first, words)
    reader.page.wait_for_selector("#search-results li a")


@pytest.mark.parametrize("reader", WALKS, indirect=True, ids=NAMES)
def test_from_home_to_a_paper_a_definition_a_download_and_a_search(reader, tmp_path):
    reader.open("index")
    paper = reader.follow(article_link(reader, "a[href*='papers/release_returns']"))
    assert paper.startswith("papers/")

    definition = reader.follow(article_link(reader, "a[href*='definitions/']"))
    assert definition.startswith("definitions/")
    assert reader.page.locator("h1").is_visible()
    reader.page.go_back()
    assert reader.here == paper

    with reader.page.expect_download() as waiting:
        reader.press(article_link(reader, "a[download][href$='.csv']"))
    table = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(table)
    assert "," in table.read_text(encoding="utf-8-sig").splitlines()[0]
    assert reader.here == paper

    search(reader, "recurrence")
    found = reader.follow(reader.page.locator("#search-results li a").first)
    assert found != "search"
    assert "recurr" in reader.page.inner_text("main").lower()

    assert [url for url in reader.watched.requests if not url.startswith(reader.root)] == []
    assert reader.watched.complaints == []
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
