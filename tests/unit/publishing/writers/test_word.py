"""A paper as a Word document, reread with python-docx."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document
from docx.table import Table as WordTable

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.blocks import (
    Box,
    Bullets,
    Formula,
    Link,
    Paragraph,
    Quotation,
    Quotations,
    Table,
    Text,
)
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.writers.word import write_word
from justice_analysis.publishing.writers.word_styles import IDS
from tests.unit.publishing.paper_sample import AGES, FIRST, NUMBER, SECOND, sample_paper

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def written_as(paper: Paper, path: Path) -> Any:
    write_word(paper, path)
    return Document(str(path))


def lines(document: Any) -> list[tuple[str, str]]:
    """Style and text of every paragraph; a table is its rows."""
    found: list[tuple[str, str]] = []
    for item in document.iter_inner_content():
        if isinstance(item, WordTable):
            found += [("row", " | ".join(c.text for c in row.cells)) for row in item.rows]
        else:
            found.append((item.style.name, item.text))
    return found


def text_of(document: Any) -> str:
    return "\n".join(text for _, text in lines(document))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    folder = tmp_path_factory.mktemp("word")
    paper = sample_paper(folder)
    path = folder / "paper.docx"
    return SimpleNamespace(paper=paper, path=path, document=written_as(paper, path))


def test_it_opens_with_title_line_status_authors_and_abstract(real: SimpleNamespace):
    assert lines(real.document)[:7] == [
        ("Title", real.paper.title),
        ("Lead", "Men in one state, followed a year."),
        (
            "Status",
            "Paper · Draft · Version 1.0 · 23 November 2026 · Numbers released 22 November 2026",
        ),
        (
            "Authors",
            "The example authors, An example body, ORCID https://orcid.org/0000-0002-1825-0097",
        ),
        ("Heading 1", "Abstract"),
        ("Normal", "An abstract with 24% (95% interval 23% to 25%)."),
        ("Box Heading", "Main points"),
    ]


def test_headings_are_in_the_order_of_the_page_then_come_references_and_appendices(
    real: SimpleNamespace,
):
    said = [text for style, text in lines(real.document) if style.startswith("Heading")]
    assert said == [
        "Abstract", "How soon", "By age", "Data", "Provenance", "References",
        "Appendix: Numbers behind the figures", "Appendix: Words used",
        "Appendix: Where the numbers come from",
    ]  # fmt: skip


def test_every_style_is_one_that_the_document_defines(real: SimpleNamespace):
    used = set(re.findall(r'<w:pStyle w:val="(\w+)"', real.document.element.xml))
    assert used <= IDS
    assert "Heading1" in used


def test_table_headings_repeat_and_no_cell_is_merged(real: SimpleNamespace):
    for table in real.document.tables:
        first, *others = table._tbl.tr_lst
        assert first.trPr.find(f"{W}tblHeader") is not None
        assert all(row.trPr.find(f"{W}tblHeader") is None for row in others)
        assert all(row.trPr.find(f"{W}cantSplit") is not None for row in (first, *others))
        assert "gridSpan" not in table._tbl.xml
        assert "vMerge" not in table._tbl.xml
        assert "Return by age" in table._tbl.xml.partition("w:tblCaption")[2][:80]


def test_tables_stand_under_their_captions_with_numbers_to_the_right(real: SimpleNamespace):
    said = lines(real.document)
    at = said.index(("row", "Under 20 | 12,430 | 24.2"))
    assert said[at - 2 : at] == [("Caption", "Return by age"), ("row", "Age | People | Share (%)")]
    assert said[at + 2] == ("Note", "[c]: hidden to protect confidentiality.")
    cells = real.document.tables[0].rows[1].cells
    styles = [cell.paragraphs[0].style.name for cell in cells]
    assert styles == ["Table Text", "Table Number", "Table Number"]


def test_pictures_say_what_they_show(real: SimpleNamespace):
    said = [shape.get("descr") for shape in real.document.element.xpath("//wp:docPr")]
    assert said[0] == r"Formula, in LaTeX: \hat F(t)"
    assert said[2] == 'Line chart: the share rises to "24%" by five years.'
    assert all(said)
    numbers = [shape.get("id") for shape in real.document.element.xpath("//wp:docPr")]
    assert len(set(numbers)) == len(numbers)


def test_pictures_fit_the_page(real: SimpleNamespace):
    section = real.document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert max(shape.width for shape in real.document.inline_shapes) == room


def test_links_lead_outside_only(real: SimpleNamespace):
    links = {
        link.text: link.address for item in real.document.paragraphs for link in item.hyperlinks
    }
    assert links == {
        "https://orcid.org/0000-0002-1825-0097": "https://orcid.org/0000-0002-1825-0097",
        "an address": "https://example.org/a?b=c&d",
        "https://doi.org/10.1000/example": "https://doi.org/10.1000/example",
    }
    assert "a definition" in text_of(real.document)


def test_an_address_of_another_kind_is_text(tmp_path: Path):
    words = tuple(
        Link((Text(target),), target)
        for target in ("javascript://x", "file:///etc", "https://a.org/ b")
    )
    paper = replace(sample_paper(tmp_path), blocks=(Paragraph(words),))
    document = written_as(paper, tmp_path / "a.docx")
    assert "javascript://x" in text_of(document)
    targets = [one.target_ref for one in document.part.rels.values() if one.is_external]
    assert targets == [
        "https://orcid.org/0000-0002-1825-0097",
        "https://doi.org/10.1000/example",
    ]


def test_each_number_is_explained_once_in_an_appendix(real: SimpleNamespace):
    explained = [text for _, text in lines(real.document) if text.startswith("24% (95% interval")]
    assert explained == [
        "24% (95% interval 23% to 25%) came back within five years.",
        "24% (95% interval 23% to 25%) (headline/five_years): What share come back? 12,430 "
        "people. Defined as: Return to court. Released 2026-11-22 under open, from study "
        "release_returns/default.",
    ]


def test_numbers_with_the_same_source_are_explained_together(tmp_path: Path):
    other = replace(NUMBER, text="31%", reference="by_age/estimate[age=20]")
    blocks = (Paragraph((NUMBER, other, NUMBER)),)
    document = written_as(replace(sample_paper(tmp_path), blocks=blocks), tmp_path / "a.docx")
    said = (
        "24% (95% interval 23% to 25%) (headline/five_years); 31% (by_age/estimate[age=20]): "
        "What share come back? 12,430 people."
    )
    assert text_of(document).count(said) == 1


def test_a_figure_names_the_table_behind_it(real: SimpleNamespace):
    caption = next(text for style, text in lines(real.document) if style == "Figure Caption")
    where = "Its numbers are in the appendix “Numbers behind the figures”, under “Return by age”."
    assert caption.endswith(where)


def test_words_of_the_glossary_and_what_was_held_back_are_told(real: SimpleNamespace):
    said = text_of(real.document)
    assert "Spell: A period." in said
    assert "Return by area. This output was not released: two areas hold too few people." in said


def test_numbered_lists_begin_at_one_each(tmp_path: Path):
    inner = Bullets((FIRST,), ordered=True)
    twice = (
        Bullets((FIRST, (*SECOND, inner)), ordered=True),
        Bullets((FIRST, (*SECOND, *FIRST)), ordered=True),
        Box("A box", "policy", (Bullets((FIRST,)), *SECOND)),
    )
    document = written_as(replace(sample_paper(tmp_path), blocks=twice), tmp_path / "a.docx")
    items = [
        (item.style.name, *item._p.xpath("./w:pPr/w:numPr/w:numId/@w:val"))
        for item in document.paragraphs
        if item.text in ("first", "second")
    ]
    assert items == [
        ("List Number", "2"), ("List Number", "2"), ("List Number 2", "3"),
        ("List Number", "4"), ("List Number", "4"), ("List Continue",),
        ("Box Bullet",), ("Box Text",),
    ]  # fmt: skip


def test_prose_below_a_table_without_notes_has_air(tmp_path: Path):
    blocks = (replace(AGES, notes=()), *FIRST)
    document = written_as(replace(sample_paper(tmp_path), blocks=blocks), tmp_path / "a.docx")
    below = next(item for item in document.paragraphs if item.text == "first")
    assert below.paragraph_format.space_before.pt == 10


def test_hidden_quotations_say_so(tmp_path: Path):
    blocks = (Quotations("quoted", (Quotation("", "", "Help"),), notes=("Cleared.",)),)
    document = written_as(replace(sample_paper(tmp_path), blocks=blocks), tmp_path / "a.docx")
    assert "[c]: hidden to protect confidentiality.\nTheme: Help.\nCleared." in text_of(document)


def test_wide_tables_are_smaller_and_still_fit(tmp_path: Path):
    wide = Table("Wide", tuple("abcdefghi"), (("1" * 50,) * 9,), (True,) * 9)
    document = written_as(replace(sample_paper(tmp_path), blocks=(wide,)), tmp_path / "a.docx")
    assert document.tables[0].rows[1].cells[1].paragraphs[0].style.name == "Table Number Small"
    widths = document.tables[0]._tbl.xpath("./w:tblGrid/w:gridCol/@w:w")
    assert sum(map(int, widths)) <= 8800


def test_synthetic_data_is_named_in_title_header_pictures_and_tables(tmp_path: Path):
    document = written_as(sample_paper(tmp_path, is_synthetic=True), tmp_path / "a.docx")
    assert document.paragraphs[0].text.startswith("Synthetic data. One in four")
    assert document.core_properties.title == document.paragraphs[0].text
    header = document.sections[0].header.paragraphs[0].text
    assert header.startswith("Synthetic data. Every number comes from simulated people.")
    assert "· Synthetic data ·" in document.paragraphs[2].text
    captions = [text for style, text in lines(document) if style in ("Caption", "Figure Caption")]
    assert all(text.startswith("Synthetic data. ") for text in captions)
    pictures = [shape.get("descr") for shape in document.element.xpath("//wp:docPr")]
    assert [text[:10] for text in pictures] == ["Formula, i", "Formula, i", "Synthetic "]


def test_real_data_is_not_called_synthetic(real: SimpleNamespace):
    with zipfile.ZipFile(real.path) as package:
        assert not any(b"ynthetic" in package.read(name) for name in package.namelist())


def test_the_footer_has_page_version_and_day_of_release(real: SimpleNamespace):
    footer = real.document.sections[0].footer.paragraphs[0]
    assert footer.text.startswith("Paper · Version 1.0 · Numbers released 22 November 2026")
    assert footer._p.xpath("./w:fldSimple/@w:instr") == [" PAGE ", " NUMPAGES "]


def test_properties_are_the_papers_and_nothing_is_left_of_a_template(real: SimpleNamespace):
    said = real.document.core_properties
    assert (said.title, said.author) == (real.paper.title, "The example authors")
    assert said.keywords == "returns after release, criminal, An example state"
    assert str(said.created) == str(said.modified) == "2026-11-23 12:00:00+00:00"
    with zipfile.ZipFile(real.path) as package:
        held = {name: package.read(name) for name in package.namelist()}
    assert not [name for name in held if "thumbnail" in name or "custom" in name or "app" in name]
    assert not any(b"python-docx" in content for content in held.values())


def test_language_is_stated(real: SimpleNamespace):
    assert real.document.core_properties.language == "en-GB"
    assert '<w:lang w:val="en-GB"' in real.document.styles.element.xml


def test_the_same_paper_gives_the_same_bytes(real: SimpleNamespace, tmp_path: Path):
    write_word(real.paper, tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == real.path.read_bytes()


def test_markup_in_a_title_and_letters_that_xml_refuses_are_safe(tmp_path: Path):
    title = "A <script>alert('x')</script> & \x00\x0b more"
    document = written_as(sample_paper(tmp_path, title=title), tmp_path / "a.docx")
    assert document.paragraphs[0].text == "A <script>alert('x')</script> & more"


def test_a_formula_that_cannot_be_drawn_leaves_the_file_that_stood_there(tmp_path: Path):
    (tmp_path / "a.docx").write_bytes(b"old")
    paper = replace(sample_paper(tmp_path), blocks=(Formula(r"\begin{matrix}"),))
    with pytest.raises(BookError, match="cannot be drawn"):
        write_word(paper, tmp_path / "a.docx")
    assert (tmp_path / "a.docx").read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2
