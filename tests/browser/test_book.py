"""Every page of the built book, opened once from its folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.pages import TEMPLATES, papers
from tests.browser.visits import PHONES

pytestmark = pytest.mark.browser
MEGABYTE = 1_000_000
# Tables of a protocol paper's prose that hold what is known of the world, and no result.
TABLES_OF_FACTS = {"The real calendar, and what is not known of it"}


def local_file(address: str) -> Path:
    return Path(unquote(urlsplit(address).path))


def test_no_page_asks_for_anything_outside_the_book(visits, book):
    root = book.resolve().as_uri()
    for visit in visits.values():
        assert [url for url in visit.requests if not url.startswith(root)] == [], visit.name
        assert visit.from_the_root == (), visit.name


def test_no_page_complains(visits):
    assert {v.name: v.complaints for v in visits.values() if v.complaints} == {}


def test_every_page_has_one_main_heading_and_a_title(visits):
    assert {v.name: v.headings for v in visits.values() if len(v.headings) != 1} == {}
    assert [v.name for v in visits.values() if not v.title.strip()] == []


def test_every_link_inside_the_book_leads_to_a_file_and_to_its_part(visits, book):
    for visit in visits.values():
        for link in visit.links:
            if not link.startswith("file:"):
                continue
            file = local_file(link)
            assert file.is_file(), (visit.name, link)
            part = unquote(urlsplit(link).fragment)
            if part and file.suffix == ".html":
                there = file.relative_to(book.resolve()).with_suffix("").as_posix()
                assert part in visits[there].parts, (visit.name, link)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_has_its_page(page_of, template):
    assert page_of(template)


def test_pictures_load_and_have_alternative_text(visits):
    pictures = {(v.name, *picture) for v in visits.values() for picture in v.pictures}
    assert pictures
    assert [one for one in pictures if one[1] is None or not one[2]] == []


def test_figures_of_papers_say_what_they_show(visits, book):
    for name in papers(book):
        for alt, _ in visits[name].pictures:
            assert len(alt.split()) >= 5, (name, alt)
            assert alt.lower() not in ("chart", "figure", "graph", "picture"), name


def test_tables_have_captions_and_headers(visits):
    assert {v.name: v.uncaptioned for v in visits.values() if v.uncaptioned} == {}


def test_every_button_field_and_switch_has_a_name(visits):
    assert {v.name: v.unnamed for v in visits.values() if v.unnamed} == {}


@pytest.mark.parametrize("width", PHONES)
def test_no_page_scrolls_sideways_on_a_phone(visits, width):
    assert {v.name: v.widths[width] for v in visits.values() if v.widths[width] > width} == {}


def test_a_protocol_paper_says_synthetic_in_title_banner_figures_and_tables(visits, book):
    assert papers(book, "protocols")
    for name in papers(book, "protocols"):
        visit = visits[name]
        assert "Synthetic" in visit.title, name
        assert visit.banner, name
        unmarked = {text.strip() for text in visit.captions if "Synthetic data" not in text}
        assert unmarked <= TABLES_OF_FACTS, name


def test_the_first_page_and_all_it_loads_is_under_one_megabyte(visits):
    files = {local_file(url) for url in visits["index"].requests}
    assert len(files) > 3
    assert sum(file.stat().st_size for file in files) < MEGABYTE


def test_the_book_is_under_sixty_megabytes(book):
    assert sum(file.stat().st_size for file in book.rglob("*") if file.is_file()) < 60 * MEGABYTE
