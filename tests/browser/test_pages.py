"""What a reader does on a page: search, open, switch to dark, read without scripts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.pages import papers

pytestmark = pytest.mark.browser
DARK = "rgb(20, 24, 29)"


def test_search_finds_a_word(open_page):
    watched = open_page("index")
    watched.page.get_by_label("Search the book").fill("recurrence")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_selector("#search-results li a")
    watched.page.locator("#search-results li a").first.click()
    watched.page.wait_for_load_state()
    assert "search.html" not in watched.page.url
    assert "recurr" in watched.page.inner_text("main").lower()
    assert watched.left_the_folder == []
    assert watched.complaints == []


def test_a_page_is_readable_without_scripts(book, open_page):
    for name in ("index", *papers(book, "protocols")[:1]):
        for size in ({"width": 1280, "height": 900}, {"width": 360, "height": 740}):
            watched = open_page(name, scripts=False, viewport=size)
            page = watched.page
            assert page.locator("h1").is_visible()
            assert page.locator("article p").first.is_visible()
            if size["width"] < 900:  # a pop-up, which opens without scripts
                page.get_by_role("button", name="Contents").click()
            assert page.get_by_role("navigation", name="Contents").is_visible()
            assert watched.left_the_folder == []


def test_numbers_behind_a_figure_open_without_scripts(book, open_page):
    page = open_page(papers(book, "protocols")[0], scripts=False).page
    table = page.locator("details.numbers table").first
    assert not table.is_visible()
    page.locator("details.numbers summary").first.click()
    assert table.is_visible()


def test_the_contents_open_and_close_on_a_phone(open_page):
    page = open_page("index", viewport={"width": 360, "height": 700}).page
    definitions = page.locator("#contents").get_by_role("link", name="Definitions", exact=True)
    assert not definitions.is_visible()
    page.get_by_role("button", name="Contents").click()
    assert definitions.is_visible()
    page.keyboard.press("Escape")
    assert not definitions.is_visible()


def test_a_reader_turns_the_page_dark_and_the_next_page_too(book, open_page):
    page = open_page("index", color_scheme="light").page
    page.get_by_role("button", name="Dark page").click()
    assert shade_of(page) == DARK
    page.goto((book / "search.html").resolve().as_uri())
    assert shade_of(page) == DARK
    page.get_by_role("button", name="Light page").click()
    assert shade_of(page) != DARK


def shade_of(page: Any) -> str:
    return page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_who_prefers_dark_gets_a_dark_page(open_page, scripts):
    assert shade_of(open_page("index", scripts=scripts, color_scheme="dark").page) == DARK
