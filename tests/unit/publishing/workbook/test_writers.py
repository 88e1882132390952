"""Workbooks as people open them: reread with openpyxl and odfdo."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from odfdo import Document

from justice_analysis.publishing.paper.blocks import Bullets, Facts, Paragraph, Text
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.workbook import make_workbook, write_ods, write_xlsx
from tests.unit.publishing.paper_sample import AGES, sample_paper

CURVE = replace(
    AGES,
    caption="Return by time",
    notes=("2 of 3 rows; the CSV holds them all.", "Time runs from release"),
    source="return_by_time",
    raw_headings=("Group", "Day", "Share (share, 0 to 1)", "Said"),
    raw=(
        ("=1+1", "0", "0.0023148148", "@SUM(A1)"),
        ("[a](https://example.org) [b](c)", "1826", "[c]", "$$x$$"),
        ("'", "7", "0.5", "…"),
    ),
)
TITLE = "=HYPERLINK(1) <script>alert(1)</script> & more"


def with_curve(paper: Paper) -> Paper:
    return replace(paper, blocks=(*paper.blocks, CURVE))


def xlsx_cells(path: Path) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: [_full(list(row)) for row in sheet.values] for sheet in book}


def ods_cells(path: Path) -> dict[str, list[list[object]]]:
    body = Document(path).body
    return {
        table.name: [_full([_held(value) for value in row]) for row in table.get_values()]
        for table in body.tables
    }


def _held(value: object) -> object:
    """The value; odfdo shows a link within the workbook as [text](#target)."""
    if isinstance(value, str):
        return re.sub(r"^\[(\w+)\]\(#\w+\.A1\)$", r"\1", value)
    return value if value is None else float(str(value))


def _full(row: list[object]) -> list[object]:
    while row and row[-1] is None:
        row.pop()
    return row


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    folder = tmp_path_factory.mktemp("workbook")
    made = {}
    for is_synthetic in (False, True):
        paper = with_curve(sample_paper(folder, is_synthetic=is_synthetic, title=TITLE))
        name = "synthetic" if is_synthetic else "real"
        write_xlsx(paper, folder / f"{name}.xlsx")
        write_ods(paper, folder / f"{name}.ods")
        made[name] = SimpleNamespace(
            paper=paper,
            xlsx=folder / f"{name}.xlsx",
            ods=folder / f"{name}.ods",
            cells=xlsx_cells(folder / f"{name}.xlsx"),
        )
    return SimpleNamespace(**made)


def test_both_formats_hold_the_same_cells(written: SimpleNamespace):
    for one in (written.real, written.synthetic):
        assert ods_cells(one.ods) == one.cells


def test_it_opens_with_cover_contents_and_notes_then_a_sheet_a_table(written: SimpleNamespace):
    assert list(written.real.cells) == ["Cover", "Contents", "Notes", "Table_1", "Table_2"]


def test_the_cover_says_what_it_is_who_made_it_and_how_to_cite_it(written: SimpleNamespace):
    lines = [row[0] for row in written.real.cells["Cover"]]
    assert lines[0] == TITLE
    assert "Men in one state, followed a year." in lines
    assert any("Draft · Version 1.0 · 23 November 2026" in line for line in lines)
    assert any("ORCID https://orcid.org/0000-0002-1825-0097" in line for line in lines)
    assert any(line.startswith("How to cite: The example authors (2026)") for line in lines)
    assert "Contact" in lines
    assert "Not released: Return by area: two areas hold too few people." in lines


def test_the_cover_names_sources_and_data_as_the_paper_cites_them(tmp_path: Path):
    cited = Bullets(((Paragraph((Text("A ministry. Some data. An open licence."),)),),))
    facts = Facts((("Source: some_data", (Text("open data"),)), ("Study", (Text("example"),))))
    paper = replace(
        sample_paper(tmp_path), blocks=(Paragraph((Text("Data:"),)), cited, facts, cited)
    )
    assert make_workbook(paper).cover[1][1][:3] == (
        "Source: some_data: open data",
        "Data: A ministry. Some data. An open licence.",
        "Released 22 November 2026. Study: example/default.",
    )


def test_contents_lead_to_every_sheet(written: SimpleNamespace):
    sheet = openpyxl.load_workbook(written.real.xlsx)["Contents"]
    led = [cell.hyperlink.location for cell in sheet["A"] if cell.hyperlink]
    assert led == ["'Notes'!A1", "'Table_1'!A1", "'Table_2'!A1"]
    links = Document(written.real.ods).body.get_links()
    assert [link.url for link in links] == ["#Notes.A1", "#Table_1.A1", "#Table_2.A1"]


def test_notes_explain_the_shorthand_and_each_note_that_a_title_names(written: SimpleNamespace):
    rows = written.real.cells["Notes"]
    assert [row[0] for row in rows[3:]] == ["[c]", "[x]", "[z]", "[low]", "[note 1]"]
    assert rows[-1] == ["[note 1]", "Time runs from release."]
    assert written.real.cells["Table_2"][0] == ["Table 2: Return by time [note 1]"]


def test_a_sheet_starts_with_its_title_and_holds_one_whole_table(written: SimpleNamespace):
    book = openpyxl.load_workbook(written.real.xlsx)
    for sheet in book.worksheets[1:]:
        assert sheet["A1"].value
        assert not sheet.merged_cells.ranges
        ((_, place),) = sheet.tables.items()
        rows = [[cell.value for cell in row] for row in sheet[place]]
        assert sheet.dimensions == f"A1:{place.partition(':')[2]}"
        assert all(value not in (None, "") for row in rows for value in row)
        above = sheet["A"][: sheet[place][0][0].row]
        assert all(cell.value for cell in above)


def test_tables_of_the_open_format_are_named_and_their_headings_marked(written: SimpleNamespace):
    content = Document(written.real.ods).content.serialize()
    text = content if isinstance(content, str) else content.decode()
    assert text.count("<table:table-header-rows>") == 4
    assert 'table:target-range-address="Table_2.A4:Table_2.D7"' in text
    assert "number-columns-spanned" not in text
    assert "number-rows-spanned" not in text


def test_released_rows_stand_as_numbers_and_all_of_them(written: SimpleNamespace):
    rows = written.real.cells["Table_2"]
    assert rows[3] == ["Group", "Day", "Share (share, 0 to 1)", "Said"]
    assert rows[4][1:3] == [0, 0.0023148148]
    assert rows[5][1:3] == [1826, "[c]"]
    assert len(rows) == 7


def test_text_that_looks_like_a_formula_or_a_link_stays_text(written: SimpleNamespace):
    sheet = openpyxl.load_workbook(written.real.xlsx)["Table_2"]
    for cell in (sheet["A5"], sheet["D5"], sheet["A6"], sheet["D6"], sheet["A7"], sheet["D7"]):
        assert cell.data_type == "s"
        assert cell.hyperlink is None
    assert [sheet["A5"].value, sheet["D5"].value] == ["=1+1", "@SUM(A1)"]
    assert sheet["A6"].value == "[a](https://example.org) [b](c)"
    cover = openpyxl.load_workbook(written.real.xlsx)["Cover"]["A1"]
    assert (cover.value, cover.data_type) == (TITLE, "s")
    with zipfile.ZipFile(written.real.ods) as package:
        assert b"table:formula" not in package.read("content.xml")


def test_synthetic_data_is_named_in_every_title_and_at_the_top(written: SimpleNamespace):
    for rows in written.synthetic.cells.values():
        assert rows[0][0].startswith("Synthetic data. ")
        assert any("None says anything about the real world." in row[0] for row in rows[1:3])
    assert "ynthetic" not in str(written.real.cells)


def test_properties_state_title_authors_language_and_the_papers_day(written: SimpleNamespace):
    said = openpyxl.load_workbook(written.synthetic.xlsx).properties
    assert said.title == f"Synthetic data. {TITLE}"
    assert (said.creator, said.language) == ("The example authors", "en-GB")
    assert (str(said.created), str(said.modified)) == ("2026-11-23 12:00:00",) * 2
    meta = Document(written.synthetic.ods).meta
    assert (meta.get_title(), meta.get_language()) == (said.title, "en-GB")
    assert str(meta.get_creation_date()) == "2026-11-23 12:00:00"


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_the_same_paper_gives_the_same_bytes(write, written: SimpleNamespace, tmp_path: Path):
    write(written.real.paper, tmp_path / "again")
    suffix = "xlsx" if write is write_xlsx else "ods"
    assert (tmp_path / "again").read_bytes() == getattr(written.real, suffix).read_bytes()


def test_the_open_format_names_itself_first(written: SimpleNamespace):
    with zipfile.ZipFile(written.real.ods) as package:
        first = package.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        names = set(package.namelist())
    assert names == {
        "mimetype", "content.xml", "styles.xml", "meta.xml", "settings.xml",
        "META-INF/manifest.xml",
    }  # fmt: skip


def test_a_failed_write_leaves_the_file_that_stood_there(tmp_path: Path, written: SimpleNamespace):
    old = tmp_path / "paper.ods"
    old.write_bytes(b"old")
    front = replace(written.real.paper.front, date="no day")
    with pytest.raises(ValueError, match="isoformat"):
        write_ods(replace(written.real.paper, front=front), old)
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


def test_a_paper_without_tables_has_a_workbook_that_says_so(tmp_path: Path):
    paper = replace(sample_paper(tmp_path), blocks=())
    write_xlsx(paper, tmp_path / "none.xlsx")
    assert list(xlsx_cells(tmp_path / "none.xlsx")) == ["Cover", "Contents", "Notes"]
    said = make_workbook(paper).cover[1][1]
    assert "The paper has no released tables." in said
