"""What a traced number and a term tell a reader who points at them or tabs to them."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.browser.pages import papers
from tests.browser.reader import PHONE, Reader

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 900}
# Each number and term in turn: is its hint hidden, then shown within the page, and tied to it?
EACH = """() => [...document.querySelectorAll('.traced')].map(traced => {
  const link = traced.querySelector('a'), hint = traced.querySelector('.hint');
  const before = getComputedStyle(hint).display;
  const details = traced.closest('details');
  if (details) details.open = true;
  link.focus();
  const box = hint.getBoundingClientRect();
  return {
    name: link.innerText, kind: link.className, leads_to: link.getAttribute('href'),
    lines: [...hint.children].map(line => line.innerText.trim()),
    before, after: getComputedStyle(hint).display,
    tied: link.getAttribute('aria-describedby') === hint.id
      && document.querySelectorAll('#' + CSS.escape(hint.id)).length === 1
      && hint.getAttribute('role') === 'tooltip',
    inside: box.left >= 0 && box.right <= innerWidth + 0.5 && box.width > 60,
    wide: document.documentElement.scrollWidth > innerWidth,
  };
})"""


@pytest.fixture
def numbered(page_of) -> str:
    """A paper with traced numbers that lead to a definition."""
    return page_of("paper")


def first_number(page: Any) -> tuple[Any, Any]:
    number = page.locator(".traced:has(a.traced-number[href*='definitions/'])").first
    return number.locator("a.traced-number"), number.locator(".hint")


def test_pointing_at_a_number_shows_its_definition_and_release_until_the_pointer_leaves(
    numbered, open_page
):
    page = open_page(numbered, viewport=WIDE).page
    number, hint = first_number(page)
    assert not hint.is_visible()
    number.hover()
    assert hint.is_visible()
    told = hint.inner_text()
    assert "Defined as:" in told
    assert "eleased 20" in told
    hint.hover()
    assert hint.is_visible()
    page.mouse.move(5, 5)
    assert not hint.is_visible()


def test_escape_puts_the_words_away_and_pointing_again_brings_them_back(numbered, open_page):
    page = open_page(numbered, viewport=WIDE).page
    number, hint = first_number(page)
    number.hover()
    page.keyboard.press("Escape")
    assert not hint.is_visible()
    page.mouse.move(5, 5)
    number.hover()
    assert hint.is_visible()


def test_the_keyboard_shows_it_puts_it_away_and_follows_it(numbered, open_page):
    watched = open_page(numbered, viewport=WIDE)
    reader, page = Reader(watched, "", "keyboard"), watched.page
    number, hint = first_number(page)
    reader.skip_to_the_text()
    reader.reach(number)
    assert hint.is_visible()
    page.keyboard.press("Escape")
    assert not hint.is_visible()
    assert number.evaluate("one => one === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/definitions/*.html")


def test_pointing_and_focus_need_no_script(numbered, open_page):
    page = open_page(numbered, viewport=WIDE, scripts=False).page
    number, hint = first_number(page)
    number.hover()
    assert hint.is_visible()
    page.mouse.move(5, 5)
    number.focus()
    assert hint.is_visible()


def test_a_finger_shows_it_within_the_width_of_a_phone(numbered, open_page):
    page = open_page(numbered, **PHONE).page
    number, hint = first_number(page)
    # A finger that rests; a tap follows the link.
    number.focus()
    assert hint.is_visible()
    box = hint.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.evaluate("innerWidth")
    assert page.evaluate("visualViewport.scale") == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [320, 1280])
def test_every_number_and_term_of_every_paper_tells_where_it_comes_from(book, open_page, width):
    watched, seen = open_page(viewport={"width": width, "height": 700}), []
    for name in papers(book):
        watched.page.goto((book / f"{name}.html").resolve().as_uri())
        for one in watched.page.evaluate(EACH):
            assert (one["before"], one["after"]) == ("none", "block"), (name, one)
            assert one["tied"], (name, one)
            assert one["inside"], (name, one)
            assert not one["wide"], (name, one)
            assert one["lines"], (name, one)
            assert all(one["lines"]), (name, one)
            if "traced-number" in one["kind"]:
                assert one["leads_to"].startswith(("../definitions/", "#")), (name, one)
                assert "eleased 20" in one["lines"][-1], (name, one)
            else:
                assert "glossary.html#term-" in one["leads_to"], (name, one)
            seen.append(one["kind"])
    assert any("traced-number" in kind for kind in seen)
    assert any("term" in kind for kind in seen)


@pytest.mark.skipif("JUSTICE_BOOK" not in os.environ, reason="the small book's cells have none.")
def test_a_share_among_the_main_points_shows_its_interval_or_why_it_has_none(book, open_page):
    page, shares = open_page(viewport=WIDE).page, []
    for name in papers(book, "papers"):
        page.goto((book / f"{name}.html").resolve().as_uri())
        shares += page.eval_on_selector_all(
            ".main-points .traced", "all => all.map(one => one.textContent)"
        )
    shares = [words.lower() for words in shares if "%" in words]
    assert shares
    # A published total is no sample.
    said = ("interval", "without sampling")
    assert [words for words in shares if not any(word in words for word in said)] == []
