from __future__ import annotations

import json

import pytest

from justice_analysis.disclosure import checksums
from justice_analysis.errors import BookError
from justice_analysis.publishing import open_book
from tests.unit.publishing.small_book import FRONT, PARAMETERS, write_yaml

PROTOCOL = "protocols/repeat_mothers-default"
PAPER = "papers/release_returns-default"


def page(tmp_path, name: str) -> str:
    return (tmp_path / "out" / "html" / f"{name}.html").read_text(encoding="utf-8")


def article(html: str) -> str:
    return html.partition("<article")[2].partition("</article>")[0]


def edit_cell(small, study: str, cell: str, text: str) -> None:
    path = small.notebooks / f"{study}.ipynb"
    notebook = json.loads(path.read_text())
    for item in notebook["cells"]:
        if item["id"] == cell:
            item["source"] = text
    path.write_text(json.dumps(notebook))


def test_the_report_names_what_was_built(build, tmp_path):
    lines = []
    report = build(progress=lines.append)
    assert report.papers == ("release_returns/default",)
    assert report.protocol_papers == ("repeat_mothers/default", "repeat_mothers/from_final_order")
    assert "repeat_mothers/default/return_by_area" in report.unreleased
    assert report.index == tmp_path / "out" / "html" / "index.html"
    assert lines[0] == "Reading releases"
    assert lines[-1] == "Building pages"


def test_a_protocol_paper_says_synthetic_everywhere_and_states_no_finding(built):
    html = built(PROTOCOL)
    assert "<title>Synthetic data: What share of mothers" in html
    assert "No number on this page is a finding" in html
    assert "<caption>Synthetic data. Return by age</caption>" in html
    assert 'alt="Synthetic data. Line chart' in html
    assert "Main points" not in html
    assert "What this means for policy" not in html
    assert "return_by_age-synthetic.csv" in html
    assert "repeat_mothers-default-synthetic.pdf" in html


def test_a_paper_goes_from_findings_to_provenance_and_never_says_synthetic(built):
    html = article(built(PAPER))
    places = [html.index(words) for words in (
        "Main points", "What this means for policy", "How sure we are", "Arrests come steadily",
        "The numbers behind this figure", "Definitions used", "How to cite", "Provenance",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "synthetic" not in html.lower()


def test_a_paper_is_to_be_had_whole_in_each_kind_of_file(built):
    html = built(PAPER)
    for kind in ("pdf", "docx", "xlsx", "ods", "bib", "cff"):
        assert f"release_returns-default.{kind}" in html


def test_a_number_in_the_text_tells_its_definition_release_and_interval(built):
    html = built(PAPER)
    assert 'class="traced-number" href="../definitions/recurrence.html"' in html
    assert "Defined as: Return to court." in html
    assert "Released 2026-11-22 under the rules open, study release_returns/default." in html
    assert "<strong>24.2%</strong></a>" in html
    assert "{released}" not in html


def test_each_hint_of_a_page_has_an_id_of_its_own(built):
    html = built(PAPER)
    ids = [part.partition('"')[0] for part in html.split('role="tooltip" id="')[1:]]
    assert len(ids) == len(set(ids)) >= 2
    assert all(f'aria-describedby="{name}"' in html for name in ids)


def test_a_work_that_is_cited_stands_in_the_references_and_a_term_is_explained(built):
    html = built(PROTOCOL)
    assert 'href="#ref-example2020"' in html
    assert 'id="ref-example2020"' in html
    assert 'href="../glossary.html#term-spell"' in html
    assert "Spell: A period of one state." in html


def test_an_output_that_was_not_released_leaves_a_note_with_the_reason(built):
    text = "This output was not released: two areas hold fewer than 10 people."
    assert text in built(PROTOCOL)


def test_code_and_what_a_cell_printed_are_never_on_the_page(build, small, tmp_path):
    path = small.notebooks / "repeat_mothers.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "text": "secret 4711"}]
    path.write_text(json.dumps(notebook))
    build()
    html = page(tmp_path, PROTOCOL)
    assert "4711" not in html
    assert "study.show" not in html


@pytest.mark.parametrize(
    ("prose", "message"),
    [
        ("It is {released}`other/x`.", "no output is called other"),
        ("It is {released}`headline/ten_years`.", "which is not in headline"),
        ("It is {released}`return_by_area/x`.", "return_by_area was not released"),
        ("It is {released}`return_by_age/share[age=Not known]`.", "hidden for confidentiality"),
        ("About 24% came back.", "“24%” is typed by hand"),
        ("As {cite}`nobody2020` says.", "no work is called nobody2020 in references.bib"),
        ("See [more](../nowhere.md).", "leads to ../nowhere.md, which is no page of the book"),
        ("A {term}`stint`.", "the glossary has no entry stint"),
        ("<script>alert(1)</script>", "must be Markdown"),
        ("![](picture.png)", "an image is no part of a paper's prose"),
    ],
)
def test_a_mistake_in_the_prose_is_told_with_file_cell_and_line(build, small, prose, message):
    edit_cell(small, "repeat_mothers", "limits", f"## Limits\n\nWords.\n\n{prose}")
    with pytest.raises(BookError) as caught:
        build()
    assert message in str(caught.value)
    assert "repeat_mothers.ipynb, cell 6, line 5: " in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "text", "message"),
    [
        ("points", "- No number here.", "main points must be a list of one to 5 findings"),
        ("points", "- {released}`headline/five_years` again.\n" * 6, "there are 6, 0 without one"),
        ("policy", "", "a paper needs a prose cell tagged policy"),
        ("sure", "", "a paper needs a prose cell tagged sure"),
    ],
)
def test_a_paper_without_what_every_paper_needs_is_refused(build, small, cell, text, message):
    edit_cell(small, "release_returns", cell, text)
    with pytest.raises(BookError, match=message) as caught:
        build()
    assert "release_returns.ipynb" in str(caught.value)


def test_a_paper_without_front_matter_or_with_an_author_without_a_name_is_refused(build, small):
    front = small.book / "papers" / "release_returns.yaml"
    write_yaml(front, FRONT | {"authors": [{"name": ""}]})
    with pytest.raises(BookError, match=r"release_returns.yaml, line \d+: author 1 has no name"):
        build()
    front.unlink()
    with pytest.raises(BookError, match=r"papers/release_returns-default.yaml is missing"):
        build()


def test_a_synthetic_run_that_is_called_a_paper_is_refused(build, small):
    provenance = small.variant("repeat_mothers") / "provenance.txt"
    provenance.write_text(provenance.read_text().replace("synthetic: true", "synthetic: false"))
    checksums.write(small.release / "request")
    with pytest.raises(BookError, match="disagree on whether data is synthetic"):
        build()


def test_a_cell_that_the_notebook_lost_stops_the_build(build, small):
    path = small.notebooks / "repeat_mothers.ipynb"
    path.write_text(path.read_text().replace('"id": "age"', '"id": "renamed"'))
    with pytest.raises(BookError, match="has changed since it was run"):
        build()


def test_a_missing_notebook_or_parameter_file_stops_the_build(build, small):
    (small.parameters / "repeat_mothers" / "default.yaml").unlink()
    with pytest.raises(BookError, match=r"repeat_mothers/default.yaml is missing"):
        build()
    (small.notebooks / "release_returns.ipynb").unlink()
    with pytest.raises(BookError, match=r"2 problems:\n.*release_returns.ipynb is missing"):
        build()


def test_a_mistake_on_a_page_stops_the_build_and_the_earlier_book_stays(
    build, book_folder, tmp_path
):
    build()
    before = page(tmp_path, "index")
    (book_folder / "more.md").write_text("# More\n\n[lost](nowhere.md)\n")
    with pytest.raises(BookError, match=r"more\.md:3: WARNING"):
        build()
    assert page(tmp_path, "index") == before


def test_a_second_build_writes_no_source_again_and_a_withdrawn_study_leaves_no_page(
    build, small, tmp_path
):
    build()
    source = tmp_path / "out" / "_source"
    written = {path: path.stat().st_mtime_ns for path in source.rglob("*.md")}
    build()
    assert {path: path.stat().st_mtime_ns for path in source.rglob("*.md")} == written

    for path in small.variant("release_returns").iterdir():
        path.unlink()
    small.variant("release_returns").rmdir()
    checksums.write(small.release / "request")
    build()
    html = tmp_path / "out" / "html"
    assert not (html / f"{PAPER}.html").exists()
    assert not list(html.rglob("release_returns*"))


def test_links_between_studies_lead_to_their_pages_or_leave_their_text(built):
    html = built(PROTOCOL)
    assert 'href="repeat_mothers-from_final_order.html"' in html
    assert "calibration" in html
    assert "calibration-default" not in html


def test_a_definition_that_is_not_registered_stops_the_build(build, small):
    path = small.variant("repeat_mothers") / "headline.txt"
    path.write_text(path.read_text().replace("card: recurrence", "card: unknown_card"))
    checksums.write(small.release / "request")
    with pytest.raises(BookError, match="no definition card is registered as unknown_card"):
        build()


def test_mathematics_is_mathml_and_no_page_asks_another_host_for_anything(build, tmp_path):
    build()
    assert "<math alttext=" in page(tmp_path, PROTOCOL)
    pages = list((tmp_path / "out" / "html").rglob("*.html"))
    assert len(pages) > 5
    for path in pages:
        assert 'src="http' not in path.read_text()


def test_parameters_and_sources_stand_in_the_provenance(built):
    html = built(PROTOCOL)
    assert "<dt>followup_days</dt><dd>1826</dd>" in html
    assert "<dt>Source: cafcass_england</dt><dd>synthetic data, extract of 2024-03-31</dd>" in html
    assert "5b1f0c9e2d3a4f60" in html


def test_opening_a_book_that_is_not_there_says_how_to_build_one(tmp_path):
    with pytest.raises(BookError, match="justice book build"):
        open_book(tmp_path)


def test_a_title_may_hold_signs_that_mean_something_in_markup(build, small, tmp_path):
    title = '<script>alert("hello")</script> & *more* $x$'
    write_yaml(
        small.parameters / "release_returns" / "default.yaml",
        {"study": "release_returns", "title": title, "parameters": PARAMETERS},
    )
    build()
    assert "&lt;script&gt;alert" in page(tmp_path, PAPER)
    assert "<script>alert" not in page(tmp_path, PAPER)
    assert "<script>alert" not in page(tmp_path, "index")
