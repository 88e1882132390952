"""Files that a paper's page offers: each arrives, opens, and is the same paper."""

from __future__ import annotations

import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.pages import papers

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["papers", "protocols"])
def downloaded(request, chromium, book, served, tmp_path_factory):
    """Title of a paper's page, whether it is synthetic, and a file of each kind, by its suffix."""
    folder = tmp_path_factory.mktemp("downloads")
    name = next(n for n in papers(book, request.param) if "release_ret" in n or "repeat" in n)
    context = chromium.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto(f"{served}{name}.html")
    files: dict[str, Path] = {}
    links = page.locator("article a[download]").locator("visible=true")
    for number in range(links.count()):
        if Path(links.nth(number).get_attribute("href")).suffix in files:
            continue
        with page.expect_download() as waiting:
            links.nth(number).click()
        there = folder / waiting.value.suggested_filename
        waiting.value.save_as(there)
        files[there.suffix] = there
    title = page.inner_text("h1")
    context.close()
    return title, request.param == "protocols", files


def test_every_kind_can_be_had_and_synthetic_files_say_so_in_their_names(downloaded):
    _, is_synthetic, files = downloaded
    assert {".pdf", ".docx", ".xlsx", ".ods", ".csv", ".bib", ".cff"} <= set(files)
    assert all(path.stat().st_size > 0 for path in files.values())
    for kind in (".pdf", ".docx", ".xlsx", ".ods"):
        assert ("-synthetic" in files[kind].name) == is_synthetic


def test_the_pdf_is_tagged_and_has_the_title(downloaded):
    import pypdf

    title, is_synthetic, files = downloaded
    made = pypdf.PdfReader(files[".pdf"])
    root = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"].startswith("en")
    assert title in made.metadata.title
    text = " ".join(" ".join(sheet.extract_text() for sheet in made.pages).split())
    assert title[:40] in text
    assert not is_synthetic or "Synthetic" in text


def test_the_word_file_opens_and_has_the_title_and_tables(downloaded):
    import docx

    title, is_synthetic, files = downloaded
    made = docx.Document(str(files[".docx"]))
    assert made.core_properties.title
    words = " ".join(paragraph.text for paragraph in made.paragraphs)
    assert title in words
    assert made.tables
    assert not is_synthetic or "Synthetic" in words


def test_the_workbooks_open_with_a_cover_and_a_table_a_sheet(downloaded):
    import openpyxl

    files = downloaded[2]
    book = openpyxl.load_workbook(files[".xlsx"], read_only=True)
    assert len(book.sheetnames) > 3
    assert book.sheetnames[0].lower().startswith("cover")
    book.close()
    assert mimetype(files[".ods"]) == "application/vnd.oasis.opendocument.spreadsheet"


def test_opened_from_a_folder_the_pdf_is_there_too(open_page, page_of):
    """A browser shows or keeps a file of the same folder as it likes; it finds it in any case."""
    watched = open_page(page_of("paper"))
    link = watched.page.locator("article a[href$='.pdf']").first
    file = Path(unquote(urlsplit(link.evaluate("one => one.href")).path))
    assert file.read_bytes().startswith(b"%PDF-")
    link.click()
    watched.page.wait_for_timeout(200)
    assert watched.complaints == []


def mimetype(file: Path) -> str:
    with zipfile.ZipFile(file) as packed:
        return packed.read("mimetype").decode()
