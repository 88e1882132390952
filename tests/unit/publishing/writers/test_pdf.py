"""The printed paper: tagged, whole, the same every time."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.blocks import (
    Figure,
    Files,
    Formula,
    Given,
    Heading,
    Link,
    Paragraph,
    Table,
    Text,
)
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.writers.pdf import write_pdf
from justice_analysis.publishing.writers.typst_data import MARK
from tests.unit.publishing.paper_sample import sample_paper


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("printed")


@pytest.fixture(scope="module")
def paper(folder: Path) -> Paper:
    return sample_paper(folder)


@pytest.fixture(scope="module")
def printed(folder: Path, paper: Paper) -> PdfReader:
    return written(paper, folder / "paper.pdf")


@pytest.fixture(scope="module")
def protocol(folder: Path) -> PdfReader:
    return written(sample_paper(folder, is_synthetic=True), folder / "protocol.pdf")


def written(paper: Paper, path: Path) -> PdfReader:
    write_pdf(paper, path)
    return PdfReader(path)


def with_blocks(paper: Paper, *blocks: Any) -> Paper:
    return dataclasses.replace(paper, blocks=blocks, references=(), abstract=())


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def root(reader: PdfReader) -> Any:
    return reader.trailer["/Root"]


def tags(reader: PdfReader) -> list[Any]:
    """Every element of the structure tree, in the order of reading."""
    return list(_below(root(reader)["/StructTreeRoot"]))


def _below(item: Any) -> Iterator[Any]:
    item = item.get_object() if hasattr(item, "get_object") else item
    if isinstance(item, list):
        for one in item:
            yield from _below(one)
    elif isinstance(item, dict):
        if "/S" in item:
            yield item
        if "/K" in item:
            yield from _below(item["/K"])


def kinds(reader: PdfReader) -> list[str]:
    return [tag["/S"] for tag in tags(reader)]


# Tags -------------------------------------------------------------------------------------------


def test_it_says_that_it_is_tagged_in_which_language_and_to_which_standard(printed) -> None:
    assert root(printed)["/MarkInfo"]["/Marked"]
    assert root(printed)["/Lang"] == "en-GB"
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp(printed)


def xmp(reader: PdfReader) -> str:
    return root(reader)["/Metadata"].get_object().get_data().decode()


def test_one_title_and_headings_without_a_gap(printed) -> None:
    headings = [
        (tag["/S"], str(tag["/T"])) for tag in tags(printed) if re.fullmatch(r"/H\d", tag["/S"])
    ]
    assert headings == [
        ("/H1", "One in four came back: a <script>title</script> with $signs$ & #marks"),
        ("/H2", "Abstract"),
        ("/H2", "Main points"),
        ("/H2", "How soon"),
        ("/H3", "By age"),
        ("/H2", "Data"),
        ("/H2", "Provenance"),
        ("/H2", "References"),
        ("/H2", "The numbers behind the figures"),
        ("/H2", "Where the numbers come from"),
        ("/H2", "Words used"),
    ]


def test_a_heading_that_skips_a_level_is_brought_up(paper: Paper, tmp_path: Path) -> None:
    deep = with_blocks(paper, Heading(4, (Text("Deep"),)), Heading(2, (Text("Top"),)))
    found = [kind for kind in kinds(written(deep, tmp_path / "a.pdf")) if kind.startswith("/H")]
    assert found == ["/H1", "/H2", "/H2"]


def test_a_table_has_a_caption_and_header_cells_that_its_cells_name(printed) -> None:
    first = kinds(printed).index("/Table")
    of_table = kinds(printed)[first:]
    assert of_table.count("/TH") == 2 * 3  # in the text, and behind the figure
    assert of_table[1] == "/Caption"
    cell = next(tag for tag in tags(printed) if tag["/S"] == "/TD")
    assert any("/Headers" in attributes for attributes in cell["/A"])


def test_a_figure_and_a_formula_have_alternative_text(printed) -> None:
    alternatives = {tag["/S"]: str(tag["/Alt"]) for tag in tags(printed) if "/Alt" in tag}
    assert alternatives["/Figure"] == 'Line chart: the share rises to "24%" by five years.'
    assert alternatives["/Formula"].startswith(r"Formula, in LaTeX: \hat F(t) = 1 - \prod")


def test_lists_quotations_and_links_are_tagged_as_what_they_are(printed) -> None:
    assert {"/L", "/LI", "/LBody", "/BlockQuote", "/Link", "/P"} <= set(kinds(printed))


# Metadata ---------------------------------------------------------------------------------------


def test_the_title_is_shown_in_the_window_and_authors_and_topics_are_said(printed) -> None:
    assert root(printed)["/ViewerPreferences"]["/DisplayDocTitle"]
    said = printed.metadata
    assert said.title == "One in four came back: a <script>title</script> with $signs$ & #marks"
    assert said.author == "The example authors"
    assert said.subject == "Men in one state, followed a year."
    assert said["/Keywords"] == "returns after release, criminal, An example state"


def test_the_day_of_the_file_is_the_day_of_release(printed) -> None:
    assert str(printed.metadata.creation_date)[:10] == "2026-11-22"


def test_every_typeface_is_embedded(printed) -> None:
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()
        for page in printed.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    for font in fonts:
        assert {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"].get_object())


def test_the_same_paper_gives_the_same_bytes(paper: Paper, printed, tmp_path: Path) -> None:
    write_pdf(paper, tmp_path / "again.pdf")
    first = printed.stream
    first.seek(0)
    again = (tmp_path / "again.pdf").read_bytes()
    assert first.read() == again
    assert str(tmp_path).encode() not in again


# Content ----------------------------------------------------------------------------------------


def test_everything_the_paper_says_is_there_in_the_order_of_reading(printed) -> None:
    text, place = text_of(printed), 0
    for said in (
        "Paper · Draft",
        "Men in one state, followed a year.",
        "The example authors, An example body, ORCID 0000-0002-1825-0097",
        "Version 1.0, 23 November 2026. Numbers released 22 November 2026.",
        "An abstract with 24% (95% interval 23% to 25%).",
        "Main points",
        "24% (95% interval 23% to 25%) came back within five years.",
        "Words with strong, a_name, a definition, an address,",
        "a spell and 32% (Example and others, 2020).",
        "Figure 1. Men released, by time since release. Shares from Kaplan-Meier.",
        "Table 1. Return by age",
        "Age People Share (%) Under 20 12,430 24.2 20 & over <50 20,380 [c]",
        "[c]: hidden to protect confidentiality.",
        "Return by area. This output was not released: two areas hold too few people.",
        "Help",
        "“It helped.” — someone who took part",
        "1. first 2. second",
        "Return by age: CSV (example-default-return_by_age.csv)",
        "Study: example",
        "Run: finished 2026-11-22",
        "Journal of Examples 4(3). https://doi.org/10.1000/example",
        "The numbers behind figure 1. Return by age",
        "All of them: Released 2026-11-22 under open, from study release_returns/default.",
        "24% (95% interval 23% to 25%): What share come back? 12,430 people.",
        "Defined as: Return to court.",
        "Spell: A period.",
    ):
        found = text.find(said, place)
        assert found >= 0, said
        place = found + len(said)


def test_a_title_that_looks_like_markup_comes_out_as_written(folder: Path, tmp_path: Path) -> None:
    title = r'#panic("x") $x^2$ *a* _b_ \\ @key <label> `code` // /* = [c] "q" ~ -- …'
    reader = written(sample_paper(folder, title=title), tmp_path / "odd.pdf")
    assert reader.metadata.title == title
    assert title in text_of(reader)


def test_links_lead_out_or_within_and_never_to_a_page_of_the_book(printed) -> None:
    outside, within = [], 0
    for page in printed.pages:
        for one in page.get("/Annots", []):
            action = one.get_object().get("/A")
            if action and "/URI" in action:
                outside.append(str(action["/URI"]))
            else:
                within += 1
    assert set(outside) == {
        "https://orcid.org/0000-0002-1825-0097",
        "https://example.org/a?b=c&d",
        "https://doi.org/10.1000/example",
    }
    assert within >= 5  # numbers, a word, a citation, the page of the figure's numbers


def test_a_given_number_is_followed_by_its_source(paper: Paper, tmp_path: Path) -> None:
    alone = dataclasses.replace(
        paper, blocks=(Paragraph((Given("32%", "example2020"), Text(" of them."))),)
    )
    text = text_of(written(alone, tmp_path / "given.pdf"))
    assert "32% (Example and others, 2020) of them." in text


def test_a_file_is_named_by_its_ending_after_one_of_the_same_name(
    paper: Paper, tmp_path: Path
) -> None:
    kinds = (("CSV", "return-age.csv"), ("how to read it, TXT", "return-age.txt"))
    reader = written(with_blocks(paper, Files((("Who?", kinds),))), tmp_path / "files.pdf")
    assert "Who? CSV (return-age.csv), how to read it, TXT (.txt)" in text_of(reader)


def test_a_hidden_quotation_says_so(paper: Paper, tmp_path: Path) -> None:
    quotations = next(one for one in paper.blocks if type(one).__name__ == "Quotations")
    hidden = dataclasses.replace(quotations.items[0], text="")
    one = with_blocks(paper, dataclasses.replace(quotations, items=(hidden,)))
    assert "[c] This quotation is hidden" in text_of(written(one, tmp_path / "hidden.pdf"))


# Synthetic data ---------------------------------------------------------------------------------


def test_synthetic_data_is_marked_at_the_top_of_every_page_and_in_the_title(protocol) -> None:
    assert len(protocol.pages) > 1
    assert all(MARK in page.extract_text() for page in protocol.pages)
    assert protocol.metadata.title.startswith("Synthetic data: ")
    assert "Protocol paper · Synthetic data · Draft" in protocol.pages[0].extract_text()


def test_a_paper_on_real_data_has_no_such_mark(printed) -> None:
    assert "Synthetic" not in text_of(printed)


# Tables that are long or wide -------------------------------------------------------------------


def table(columns: int, rows: int, cell: str = "12,345,678") -> Table:
    return Table(
        caption="Wide",
        headings=tuple(f"Heading of number {at}" for at in range(columns)),
        rows=tuple((f"row {at}", *[cell] * (columns - 1)) for at in range(rows)),
        numeric=(False, *[True] * (columns - 1)),
        source="wide",
    )


def test_a_long_table_goes_over_pages_with_its_header_on_each(paper: Paper, tmp_path: Path) -> None:
    reader = written(with_blocks(paper, table(3, 120)), tmp_path / "long.pdf")
    assert len(reader.pages) >= 3
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert all("Heading of number 1" in page for page in pages)
    assert kinds(reader).count("/TH") == 3


@pytest.mark.parametrize(("columns", "is_turned"), [(6, False), (14, True), (40, True)])
def test_a_wide_table_gets_smaller_type_and_then_a_page_on_its_side(
    paper: Paper, tmp_path: Path, columns: int, is_turned: bool
) -> None:
    reader = written(with_blocks(paper, table(columns, 3)), tmp_path / "wide.pdf")
    sides = [page.mediabox.width > page.mediabox.height for page in reader.pages]
    assert any(sides) == is_turned


# What stops it ----------------------------------------------------------------------------------


def test_a_missing_picture_is_named_with_paper_and_output(paper: Paper, tmp_path: Path) -> None:
    lost = dataclasses.replace(figure_of(paper), file=tmp_path / "lost.png")
    with pytest.raises(BookError, match=r"example/default, PDF: .* return_by_time .*lost\.png"):
        write_pdf(with_blocks(paper, lost), tmp_path / "paper.pdf")


def test_a_picture_without_alternative_text_is_refused(paper: Paper, tmp_path: Path) -> None:
    silent = dataclasses.replace(figure_of(paper), alt=" ")
    with pytest.raises(BookError, match="return_by_time must have alternative text"):
        write_pdf(with_blocks(paper, silent), tmp_path / "paper.pdf")


def figure_of(paper: Paper) -> Figure:
    return paper.figures[0]


@pytest.mark.parametrize(
    ("block", "named"),
    [
        (Formula(r"\begin{aligned}a\end{aligned}"), "begin"),
        (Paragraph((Text("\N{WATER BUFFALO}"),)), "could not be displayed"),
    ],
)
def test_what_cannot_be_set_leaves_the_last_good_file(
    paper: Paper, tmp_path: Path, block: Any, named: str
) -> None:
    path = tmp_path / "paper.pdf"
    path.write_text("the last good file")
    with pytest.raises(BookError, match=named) as refusal:
        write_pdf(with_blocks(paper, block), path)
    assert "example/default" in str(refusal.value)
    assert path.read_text() == "the last good file"
    assert [file.name for file in tmp_path.iterdir()] == ["paper.pdf"]


def test_a_paper_of_nothing_but_a_title_can_be_printed(paper: Paper, tmp_path: Path) -> None:
    bare = dataclasses.replace(with_blocks(paper), released="", description=())
    assert len(written(bare, tmp_path / "bare.pdf").pages) == 1


def test_long_names_break_on_the_page_and_stay_whole_when_copied(
    paper: Paper, tmp_path: Path
) -> None:
    name = "a1b2c3d4" * 20
    link = Link((Text(f"https://example.org/{name}"),), f"https://example.org/{name}")
    reader = written(with_blocks(paper, Paragraph((Text(name), link))), tmp_path / "long.pdf")
    assert name in "".join(text_of(reader).split())
