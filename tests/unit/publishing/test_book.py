from __future__ import annotations

import json

import pytest

from justice_analysis.disclosure import checksums
from justice_analysis.errors import BookError
from justice_analysis.publishing import open_book
from tests.unit.publishing.small_book import write_yaml

PROTOCOL = "protocols/repeat_mothers-default"
PAPER = "papers/release_returns-default"


def page(tmp_path, name: str) -> str:
    return (tmp_path / "out" / "html" / f"{name}.html").read_text(encoding="utf-8")


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
    assert lines == ["Reading releases", "Writing pages", "Building pages"]


def test_a_protocol_paper_says_synthetic_everywhere_and_states_no_finding(built):
    html = built(PROTOCOL)
    assert "<title>Synthetic data: What share of mothers" in html
    assert "<strong>Synthetic data</strong>" in html
    assert "<caption>Synthetic data. Return by age</caption>" in html
    assert 'alt="Synthetic data. Line chart' in html
    assert "Main points" not in html
    assert "What this means for policy" not in html
    assert "return_by_age-synthetic.csv" in html


def test_a_paper_opens_with_main_points_then_policy_and_never_says_synthetic(built):
    html = built(PAPER).partition("<article")[2].partition("</article>")[0]
    places = [html.index(words) for words in (
        "Main points", "What this means for policy", "Arrests come steadily",
        "The numbers behind this figure", ">Data<", "How to cite", "Provenance",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "synthetic" not in html.lower()


def test_a_number_in_the_text_leads_to_its_definition(built):
    html = built(PROTOCOL)
    assert 'class="released-number" data-output="headline/five_years"' in html
    assert 'href="../definitions/recurrence.html"' in html
    assert "{released}" not in html


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
    ("reference", "message"),
    [
        ("other/x", "no output is called other"),
        ("headline/ten_years", "which is not in it"),
        ("return_by_area/x", "return_by_area was not released"),
    ],
)
def test_prose_with_a_number_that_was_not_released_stops_the_build(
    build, small, reference, message
):
    edit_cell(small, "repeat_mothers", "question", f"It is {{released}}`{reference}`.")
    with pytest.raises(BookError, match=message) as caught:
        build()
    assert "repeat_mothers/default" in str(caught.value)
    assert reference in str(caught.value)


def test_a_cell_that_the_notebook_lost_stops_the_build(build, small):
    path = small.notebooks / "repeat_mothers.ipynb"
    path.write_text(path.read_text().replace('"id": "age"', '"id": "renamed"'))
    with pytest.raises(BookError, match=r"1 outputs \(return_by_age\) come from cells"):
        build()


def test_a_missing_notebook_or_parameter_file_stops_the_build(build, small):
    (small.parameters / "repeat_mothers" / "default.yaml").unlink()
    with pytest.raises(BookError, match=r"repeat_mothers/default.yaml is missing"):
        build()
    (small.notebooks / "release_returns.ipynb").unlink()
    with pytest.raises(BookError, match=r"release_returns.ipynb is missing"):
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
    assert "No paper on real data" in page(tmp_path, "index")


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


def test_the_front_page_must_hold_its_lists(build, book_folder):
    (book_folder / "index.md").write_text("# The book\n")
    with pytest.raises(BookError, match=r"index.md must hold the line"):
        build()


def test_mathematics_is_mathml_and_no_page_names_another_host(build, tmp_path):
    build()
    assert "<math alttext=" in page(tmp_path, PROTOCOL)
    pages = list((tmp_path / "out" / "html").rglob("*.html"))
    assert len(pages) > 5
    for path in pages:
        assert not any(f'{attribute}="http' in path.read_text() for attribute in ("src", "href"))


def test_parameters_and_sources_stand_in_the_provenance(built):
    html = built(PROTOCOL)
    assert "<dt>followup_days</dt><dd>1826</dd>" in html
    assert "<dt>Source: cafcass_england</dt><dd>synthetic data, extract of 2024-03-31</dd>" in html
    assert "5b1f0c9e2d3a4f60" in html


def test_opening_a_book_that_is_not_there_says_how_to_build_one(tmp_path):
    with pytest.raises(BookError, match="justice book build"):
        open_book(tmp_path)


def test_a_title_may_hold_signs_that_mean_something_in_markup(build, small, tmp_path):
    title = 'Under <20s> & "others": 10% *more*'
    write_yaml(
        small.parameters / "release_returns" / "default.yaml",
        {"study": "release_returns", "title": title, "parameters": {}},
    )
    build()
    assert "Under &lt;20s&gt; &amp;" in page(tmp_path, PAPER)
