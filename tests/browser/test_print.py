"""Pages on paper: what is read is there, what is pressed is not."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.browser.pages import papers

pytestmark = pytest.mark.browser
SHOWN = """(selector) => [...document.querySelectorAll(selector)]
  .filter(one => one.checkVisibility({visibilityProperty: true})).map(one => one.outerHTML
  .slice(0, 80))"""
TO_PRESS = "nav, button, form, input, .skip, .hint, [popover]"


@pytest.mark.parametrize("template", ["home", "paper", "protocol paper", "definition", "catalogue"])
def test_a_printed_page_has_its_text_and_no_navigation(open_page, page_of, template):
    page = open_page(page_of(template)).page
    paragraphs = page.locator("article p:visible").count()
    page.emulate_media(media="print")
    assert page.evaluate(SHOWN, TO_PRESS) == []
    assert page.evaluate(SHOWN, "h1")
    assert len(page.evaluate(SHOWN, "article p")) >= 0.8 * paragraphs
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_dark_page_prints_dark_on_light(open_page, page_of):
    page = open_page(page_of("paper"), color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    shade = page.locator("body").evaluate("one => getComputedStyle(one).color")
    assert shade == "rgb(0, 0, 0)"


@pytest.mark.parametrize("template", ["home", "paper", "protocol paper"])
def test_the_browser_makes_a_pdf_that_can_be_read(book, open_page, page_of, template):
    import pypdf

    page = open_page(page_of(template)).page
    title = page.inner_text("h1")
    made = pypdf.PdfReader(BytesIO(page.pdf(format="A4")))
    text = " ".join(" ".join(sheet.extract_text() for sheet in made.pages).split())
    assert " ".join(title.split())[:40] in text
    assert "Search the book" not in text
    # The numbers behind a figure stand on paper too, where nobody can open them.
    if page.locator("details.numbers").count():
        caption = page.locator("details.numbers caption").first.text_content().strip()
        assert caption[:30] in text


def test_every_sheet_of_a_synthetic_page_says_so(book, open_page):
    import pypdf

    page = open_page(papers(book, "protocols")[0]).page
    sheets = pypdf.PdfReader(BytesIO(page.pdf(format="A4"))).pages
    assert len(sheets) > 1
    assert [n for n, sheet in enumerate(sheets) if "Synthetic" not in sheet.extract_text()] == []
