"""What each page uses of the releases, and what a changed release makes stale."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace

import pytest

from justice_analysis.disclosure import checksums
from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.blocks import Files, Number, Paragraph
from justice_analysis.publishing.paper.front import Headline
from justice_analysis.publishing.paper.paper import HeadlineFigure
from justice_analysis.publishing.released.reader import read_releases
from justice_analysis.publishing.traces import file as traces
from justice_analysis.publishing.traces import uses as tracing
from justice_analysis.publishing.traces.stale_studies import stale_uses
from tests.unit.publishing.paper_sample import AGES, NUMBER, sample_paper
from tests.unit.publishing.small_book import make_release

AGE = "return_by_age/share[age=Under 20]"
OTHERS_AGE = f"release_returns/default:{AGE}"


def number(reference: str, text: str = "24.2%") -> Number:
    return Number(reference, text, "What share come back?", "Released.")


def of(paper, study: str, variant: str = "default", **changes):
    return replace(paper, study=study, variant=variant, slug=f"{study}-{variant}", **changes)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_release(tmp_path_factory.mktemp("made"))


@pytest.fixture
def small(made, tmp_path):
    shutil.copytree(made.release, tmp_path / "release")
    return replace(made, release=tmp_path / "release")


@pytest.fixture
def studies(small):
    return read_releases([small.release])


@pytest.fixture
def papers(tmp_path):
    """One with picture, table, numbers and files; one that quotes the first in a sentence."""
    whole = of(sample_paper(tmp_path), "release_returns")
    files = Files((("Return by age", (("CSV", "release_returns-default-return_by_age.csv"),)),
                   ("Texts", (("CSV", "release_returns-default-headline.csv"),))))  # fmt: skip
    figure, *_ = whole.figures
    whole = replace(whole, blocks=(figure, AGES, Paragraph((number(AGE),)), files))
    quoting = of(
        sample_paper(tmp_path),
        "repeat_mothers",
        abstract=(),
        known=(),
        headlines=(),
        blocks=(Paragraph((number(OTHERS_AGE), number("headline/five_years"))),),
    )
    return whole, quoting


@pytest.fixture
def uses(papers, studies):
    return tuple(use for paper in papers for use in tracing.trace(paper, studies))


def change(small, output: str, column: str, value: str, row: int = 0) -> None:
    """Change one released cell, and make the release's checksums again."""
    file = small.variant("release_returns") / f"{output}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows[row][column] = value
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    checksums.write(small.release / "request")


def stale(uses, small) -> set[tuple[str, str, str]]:
    now = read_releases([small.release])
    return {(use.page.split("/")[1], use.kind, use.reference) for use, _ in stale_uses(uses, now)}


def test_every_figure_table_number_and_file_of_a_paper_is_traced_once(papers, studies):
    traced = tracing.trace(papers[0], studies)
    assert [(use.kind, use.reference, use.file) for use in traced] == [
        ("figure", "return_by_time", "release_returns/default/return_by_time.png"),
        ("table", "return_by_age", "release_returns/default/return_by_age.csv"),
        ("number", "headline/five_years", "release_returns/default/headline.csv"),
        ("number", AGE, "release_returns/default/return_by_age.csv"),
        ("file", "headline", "release_returns/default/headline.csv"),
    ]
    assert {use.page for use in traced} == {"papers/release_returns-default"}
    assert {(use.release, use.released) for use in traced} == {("release", "2026-11-22")}
    assert traced[2].text == NUMBER.text


def test_a_number_of_another_paper_is_traced_to_that_papers_release(papers, studies):
    other, own = tracing.trace(papers[1], studies)
    assert (other.study, other.file) == (
        "release_returns",
        "release_returns/default/return_by_age.csv",
    )
    assert own.study == "repeat_mothers"


def test_nothing_is_stale_while_the_release_is_the_same(uses, small):
    assert stale(uses, small) == set()


def test_a_changed_cell_makes_its_table_stale_and_the_numbers_that_are_that_cell(uses, small):
    change(small, "return_by_age", "share", "0.25")
    assert stale(uses, small) == {
        ("release_returns-default", "table", "return_by_age"),
        ("release_returns-default", "number", AGE),
        ("repeat_mothers-default", "number", OTHERS_AGE),
    }


def test_numbers_of_other_cells_stay_fresh(uses, small):
    change(small, "return_by_age", "share", "0.25", row=1)
    assert stale(uses, small) == {("release_returns-default", "table", "return_by_age")}


def test_a_figure_is_stale_where_the_numbers_behind_it_changed(uses, small):
    change(small, "return_by_time", "share", "0.5")
    assert stale(uses, small) == {("release_returns-default", "figure", "return_by_time")}


def test_a_hidden_cell_an_output_that_is_gone_and_a_release_that_is_gone_say_why(uses, small):
    change(small, "headline", "text", "")
    said = dict(
        (use.reference, why) for use, why in stale_uses(uses, read_releases([small.release]))
    )
    assert "gone, or hidden" in said["headline/five_years"]
    folder = small.variant("release_returns")
    index = folder / "outputs.csv"
    kept = [line for line in index.read_text().splitlines() if not line.startswith("return_by_age")]
    index.write_text("\n".join(kept) + "\n", "utf-8")
    checksums.write(small.release / "request")
    said = dict(
        (use.reference, why) for use, why in stale_uses(uses, read_releases([small.release]))
    )
    assert "no output return_by_age" in said["return_by_age"]
    assert "no output return_by_age" in said[AGE]
    assert {why for use, why in stale_uses(uses, ()) if use.study == "release_returns"} == {
        "no release holds release_returns/default any more"
    }


def test_what_was_not_released_cannot_be_traced(papers, studies):
    shown = replace(papers[0], blocks=(replace(AGES, source="return_by_area"),))
    with pytest.raises(BookError, match="return_by_area, which was not released"):
        tracing.trace(shown, studies)
    with pytest.raises(BookError, match="not among the releases"):
        tracing.trace(of(papers[0], "absent"), studies)


def test_the_front_page_uses_what_papers_let_it_say(papers, studies, small):
    (known,) = tracing.trace_known(papers, studies)
    assert (known.page, known.reference) == ("index", "headline/five_years")
    lines = (Headline("Under 20", AGE, "return_by_time[age=Under 20]"),)
    headlined = replace(
        papers[0],
        headlines=(HeadlineFigure("Under 20", number(AGE)),),
        front=replace(papers[0].front, headlines=lines),
    )
    used = tracing.trace_headlines([headlined], studies)
    assert [(use.kind, use.reference) for use in used] == [
        ("number", AGE),
        ("table", "return_by_time"),
    ]


def test_traces_are_written_beside_the_pages_and_read_again(uses, studies, small, tmp_path):
    out = tmp_path / "out"
    traces.write_traces(uses, studies, out)
    read = traces.read_traces(out)
    assert read.uses == uses
    assert read.releases == (small.release.resolve(),)
    written = json.loads((out / "traces.json").read_text("utf-8"))
    assert written["releases"] == ["../release"]


def test_a_book_without_traces_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(BookError, match="justice book build"):
        traces.read_traces(tmp_path)
    (tmp_path / "traces.json").write_text("{}")
    with pytest.raises(BookError, match="build the book again"):
        traces.read_traces(tmp_path)
