"""The book from the command line: built, traced, checked, kept as editions, opened."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from justice_analysis import publishing
from justice_analysis.disclosure import checksums
from justice_analysis.publishing import book as building
from justice_analysis.publishing.paper.blocks import Paragraph, Text
from justice_analysis.publishing.released.reader import read_releases
from justice_analysis.publishing.traces.file import write_traces
from justice_analysis.publishing.traces.uses import trace
from tests.unit.publishing.paper_sample import AGES, NUMBER, sample_paper
from tests.unit.publishing.small_book import make_release

PAGE = (
    "<html><head><title>One in four came back | Justice analysis</title></head><body><h1>One</h1>"
    '<p><a class="traced-number" href="#">{}</a></p></body></html>'
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_release(tmp_path_factory.mktemp("made"))


@pytest.fixture
def release(made, tmp_path):
    return shutil.copytree(made.release, tmp_path / "release")


@pytest.fixture
def paper(tmp_path):
    sample = sample_paper(tmp_path, title="One in four came back")
    return replace(
        sample,
        study="release_returns",
        slug="release_returns-default",
        blocks=(sample.figures[0], AGES, Paragraph((NUMBER, Text(" came back.")))),
    )


@pytest.fixture
def book(release, paper, tmp_path, monkeypatch):
    """A built book of one paper, its project around it."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("JUSTICE_PROJECT", str(tmp_path))
    for folder in ("notebooks", "parameters", "book"):
        (tmp_path / folder).mkdir()
    studies = read_releases([release])
    page = tmp_path / "out" / "html" / "papers" / "release_returns-default.html"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE.format(NUMBER.text), encoding="utf-8")
    (tmp_path / "out" / "html" / "index.html").write_text(
        "<html><head><title>Home</title></head><h1>Home</h1></html>", encoding="utf-8"
    )
    write_traces(trace(paper, studies), studies, tmp_path / "out")
    return tmp_path / "out"


def change(release, before: str, now: str) -> None:
    file = release / "request" / "release_returns" / "default" / "headline.csv"
    file.write_text(file.read_text("utf-8").replace(before, now), "utf-8")
    checksums.write(release / "request")


def test_a_build_says_what_the_book_holds_and_where_it_is(justice, book, monkeypatch, tmp_path):
    report = publishing.BookReport(
        index=tmp_path / "index.html",
        pages=1_234,
        papers=("release_returns/default",),
        protocol_papers=("repeat_mothers/default",),
        unreleased=("repeat_mothers/default/return_by_area",),
        seconds=1.25,
    )
    asked = {}
    monkeypatch.setattr(
        publishing, "build_book", lambda *places, **others: asked.update(others) or report
    )
    code, out, _ = justice("book", "build", "--from", "release", "--out", "book")
    assert code == 0
    assert "Papers on real data: 1\n  release_returns/default\n" in out
    assert "not released; their pages say so: 1\n  repeat_mothers/default/return_by_area" in out
    assert "The book has 1,234 pages, made in 1.2 s." in out
    assert f"Open {tmp_path / 'index.html'}" in out
    assert asked["book_folder"] == tmp_path / "book"
    code, out, _ = justice("book", "build", "--json")
    assert json.loads(out)["papers"] == ["release_returns/default"]
    report = replace(report, papers=(), protocol_papers=())
    assert "No release was given (--from)" in justice("book", "build")[1]


@pytest.mark.parametrize(
    "named",
    [
        "papers/release_returns-default",
        "release_returns/default",
        "release_returns-default.html",
        "one in four",
    ],
)
def test_a_paper_is_traced_by_its_page_its_study_or_how_its_title_begins(justice, book, named):
    code, out, _ = justice("book", "trace", named, "--book", book)
    assert code == 0
    assert "From release release, 2026-11-22: release_returns/default" in out
    assert "1 figure, 1 table, 1 number: all traced, and fresh." in out
    assert max(map(len, out.splitlines())) <= 80


def test_each_line_of_a_trace_names_file_and_state(justice, book):
    lines = justice("book", "trace", "release_returns/default", "--book", book)[1].splitlines()
    rows = [line.split() for line in lines]
    assert ["figure", "return_by_time", "return_by_time.png", "fresh"] in rows
    assert ["table", "return_by_age", "return_by_age.csv", "fresh"] in rows
    number = next(row for row in rows if row[:1] == ["number"])
    assert number[-2:] == ["headline.csv", "fresh"]
    assert ["headline/five_years"] in rows


def test_a_changed_cell_is_stale_and_the_exit_code_says_so(justice, book, release):
    change(release, "24% (", "25% (")
    code, out, _ = justice("book", "trace", "release_returns/default", "--book", book)
    assert code == 1
    assert "stale: its cell has changed." in out
    assert "1 stale. Build the book again" in " ".join(out.split())
    code, out, _ = justice("book", "trace", "release_returns/default", "--book", book, "--json")
    rows = json.loads(out)["rows"]
    assert [row["stale"] for row in rows] == [None, None, "its cell has changed"]


def test_a_number_that_no_release_bears_out_is_untraced(justice, book):
    page = book / "html" / "papers" / "release_returns-default.html"
    page.write_text(PAGE.format("99%"), encoding="utf-8")
    code, out, _ = justice("book", "trace", "release_returns/default", "--book", book)
    assert code == 1
    assert "untraced: “99%” stands on the page and comes from no release." in out


def test_a_release_changed_by_hand_is_refused(justice, book, release):
    file = release / "request" / "release_returns" / "default" / "headline.csv"
    file.write_text(file.read_text("utf-8").replace("24%", "25%"), "utf-8")
    code, _, err = justice("book", "trace", "release_returns/default", "--book", book)
    assert code == 1
    assert "not as it was released" in err


def test_an_unknown_paper_is_a_usage_error_with_near_names(justice, book):
    code, out, err = justice("book", "trace", "release_retuns/default", "--book", book)
    assert (code, out) == (2, "")
    assert "Did you mean release_returns/default" in err


def test_where_there_is_no_book_every_command_says_how_to_build_one(justice, tmp_path):
    for words in (("trace", "x", "--book"), ("check", "--book"), ("open",)):
        code, _, err = justice("book", *words, tmp_path / "absent")
        assert code == 1
        assert "justice book build" in err


def test_a_check_lists_problems_by_page_counts_and_sizes(justice, book):
    code, out, _ = justice("book", "check", "--book", book)
    assert code == 1
    assert "papers/release_returns-default\n  file: the paper does not offer" in out
    assert "2 pages, 1 link, 0 pictures" in out
    assert "problems: 6 file." in out
    assert "The book has 0.0 MB; its first page, with all it loads, 0 kB." in out
    told = json.loads(justice("book", "check", "--book", book, "--json")[1])
    assert told["counts"]["pages"] == 2
    assert {one["what"] for one in told["problems"]} == {"file"}


def test_an_edition_is_written_once_and_holds_later_ones_to_it(
    justice, book, paper, monkeypatch, tmp_path
):
    papers = [paper]
    monkeypatch.setattr(building, "read_papers", lambda releases, **others: tuple(papers))
    words = ("--book", book, "--date", "2026-11-23")
    code, out, _ = justice("book", "edition", "2026-11", *words)
    assert code == 0
    assert "1 paper with 1 figure and 0 protocol papers written to" in " ".join(out.split())
    file = tmp_path / "book" / "editions" / "2026-11.yaml"
    assert "headline/five_years: 24% (95% interval 23% to 25%)" in file.read_text("utf-8")
    assert "not rewritten" in justice("book", "edition", "2026-11", *words)[2]
    other = replace(NUMBER, text="25%")
    papers[:] = [replace(paper, abstract=(other,), known=(), headlines=())]
    code, _, err = justice("book", "edition", "2026-12", *words)
    assert code == 1
    assert "a published figure never changes silently" in err
    assert justice("book", "edition", "2026-11", *words, "--replace")[0] == 0
    assert "25%" in file.read_text("utf-8")


def test_a_day_that_is_none_is_a_usage_error(justice, book):
    code, _, err = justice("book", "edition", "2026-11", "--date", "today", "--book", book)
    assert code == 2
    assert "--date must be a day" in err
