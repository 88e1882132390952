"""The built book in a browser, opened from its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


def names(book: Path, *folders: str) -> list[str]:
    found = [path.relative_to(book).with_suffix("").as_posix() for path in book.rglob("*.html")]
    return sorted(name for name in found if not folders or name.split("/")[0] in folders)


def some_of_each(book: Path) -> list[str]:
    """Every page, but of the definitions, which one template makes, every eighth."""
    pages = names(book)
    definitions = [name for name in pages if name.startswith("definitions/")]
    return [name for name in pages if name not in definitions] + definitions[::8]


def protocols(book: Path) -> list[str]:
    return names(book, "protocols")


def test_every_page_loads_without_an_outside_request_or_an_error(book, open_page):
    pages = names(book)
    assert "index" in pages
    for name in pages:
        watched = open_page(name)
        watched.page.wait_for_load_state("networkidle")
        assert watched.left_the_folder == [], name
        assert watched.complaints == [], name
        assert watched.page.locator("h1").count() == 1, name


def test_every_link_inside_the_book_leads_to_a_file(book, open_page):
    for name in some_of_each(book):
        links = open_page(name).page.eval_on_selector_all(
            "a[href]", "links => links.map(link => link.href)"
        )
        files = {link.partition("#")[0].partition("?")[0] for link in links}
        here = (book / f"{name}.html").resolve()
        local = [Path(link.removeprefix("file://")) for link in files if link.startswith("file:")]
        assert here.exists()
        assert [path for path in local if not path.is_file()] == [], name


def test_search_finds_a_word(open_page):
    watched = open_page("index")
    watched.page.fill("#book-search-words", "recurrence")
    watched.page.press("#book-search-words", "Enter")
    watched.page.wait_for_selector("#search-results li a")
    watched.page.locator("#search-results li a").first.click()
    watched.page.wait_for_load_state()
    assert "search.html" not in watched.page.url
    assert "recurr" in watched.page.inner_text("main").lower()
    assert watched.left_the_folder == []
    assert watched.complaints == []


def test_a_protocol_paper_says_synthetic_in_title_banner_figures_and_tables(book, open_page):
    assert protocols(book)
    for name in protocols(book):
        page = open_page(name).page
        assert "Synthetic" in page.title(), name
        assert page.locator(".synthetic-banner").is_visible(), name
        captions = page.locator("article caption").all_text_contents()
        assert [text for text in captions if "Synthetic data" not in text] == [], name


def test_pictures_load_and_have_alternative_text(book, open_page):
    seen = 0
    for name in names(book, "papers", "protocols"):
        pictures = open_page(name).page.eval_on_selector_all(
            "img", "all => all.map(one => [one.alt, one.naturalWidth])"
        )
        seen += len(pictures)
        assert [alt for alt, width in pictures if not alt.strip() or not width] == [], name
    assert seen > 0


def test_a_page_is_readable_without_scripts(book, open_page):
    for name in ("index", *protocols(book)[:1]):
        for size in ({"width": 1280, "height": 900}, {"width": 360, "height": 740}):
            watched = open_page(name, scripts=False, viewport=size)
            page = watched.page
            assert page.locator("h1").is_visible()
            assert page.locator("article p").first.is_visible()
            assert page.get_by_role("navigation").first.is_visible()
            assert watched.left_the_folder == []


def test_numbers_behind_a_figure_open_without_scripts(book, open_page):
    page = open_page(protocols(book)[0], scripts=False).page
    table = page.locator("details.numbers table").first
    assert not table.is_visible()
    page.locator("details.numbers summary").first.click()
    assert table.is_visible()


@pytest.mark.parametrize("width", [320, 400])
def test_no_page_scrolls_sideways_on_a_phone(book, open_page, width):
    for name in some_of_each(book):
        page = open_page(name, viewport={"width": width, "height": 700}).page
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_the_contents_open_on_a_phone_and_the_page_turns_dark(open_page):
    page = open_page("index", viewport={"width": 360, "height": 700}).page
    page.get_by_role("button", name="Contents").click()
    assert page.get_by_role("link", name="Definitions", exact=True).first.is_visible()
    page.keyboard.press("Escape")
    for _ in range(2):
        page.get_by_role("button", name="Light or dark page").click()
    modes = page.evaluate("[document.documentElement.dataset.mode, localStorage.getItem('mode')]")
    assert modes[0] == modes[1]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_who_prefers_dark_gets_a_dark_page(open_page, scripts):
    page = open_page("index", scripts=scripts, color_scheme="dark").page
    shades = page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor")
    assert shades == "rgb(20, 24, 29)"


def test_every_button_and_switch_has_a_name(open_page):
    page = open_page("index").page
    unnamed = page.eval_on_selector_all(
        "button, summary, input",
        "all => all.filter(one => !(one.getAttribute('aria-label') || one.innerText.trim()"
        " || (one.labels && one.labels.length))).length",
    )
    assert unnamed == 0
