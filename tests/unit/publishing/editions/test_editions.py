"""A published figure never changes silently; what changed is told, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing.editions.changes import compare
from justice_analysis.publishing.editions.edition import edition_of, read_editions, write_edition
from justice_analysis.publishing.pages.changes import changes, changes_files
from justice_analysis.publishing.paper.blocks import Bullets, Number, Paragraph, Text
from tests.unit.publishing.paper_sample import NUMBER, sample_paper

EDITED = '- {{paper: example/default, reference: {}, reason: {}, words: "{}", date: "{}"}}\n'


@pytest.fixture
def paper(tmp_path):
    made = sample_paper(tmp_path, title="One in four came back")
    return replace(made, abstract=(NUMBER, Text(" and "), Number("ages/n[age=20]", "7", "", "")))


@pytest.fixture
def book(tmp_path):
    (tmp_path / "book").mkdir()
    return tmp_path / "book"


def publish(book, *papers, name="2026-11", date="2026-11-23", **options):
    return write_edition(edition_of(papers, name=name, date=date), book, **options)


def explain(book, reference="headline/five_years", reason="correction", date="2026-11-24"):
    with (book / "changes.yaml").open("a") as file:
        file.write(EDITED.format(reference, reason, "A code was misread.", date))


def shown(paper, text: str):
    """The paper with another text of its number, wherever it stands."""
    other = replace(NUMBER, text=text)
    first, *blocks = paper.blocks
    points = Bullets(((Paragraph((other, Text(" came back."))),),))
    return replace(
        paper,
        abstract=(other, *paper.abstract[1:]),
        blocks=(replace(first, blocks=(points,)), *blocks),
        known=(other,),
        headlines=(),
    )


def told(book, *papers):
    return compare(papers, read_editions(book))


def test_an_edition_holds_the_figures_that_readers_are_told_first(book, paper, tmp_path):
    protocol = sample_paper(tmp_path, is_synthetic=True, title="What share return?")
    file = publish(book, paper, replace(protocol, variant="other"))
    (edition,) = read_editions(book).editions
    assert file.name == "2026-11.yaml"
    assert edition.papers["example/default"].numbers == {
        "ages/n[age=20]": "7",
        "headline/five_years": NUMBER.text,
    }
    assert set(edition.papers) == {"example/default"}
    assert edition.protocols == ("What share return?",)
    assert edition == edition_of(
        [paper, replace(protocol, variant="other")], name="2026-11", date="2026-11-23"
    )


def test_without_an_edition_everything_is_new_and_nothing_is_said(book, paper):
    first = told(book, paper)
    assert changes(first) == ()
    page = changes_files([paper], read_editions(book), first)["changes.md"]
    assert "this build is the first" in page
    assert "One in four came back" in page


def test_the_same_figures_are_no_change(book, paper):
    publish(book, paper)
    assert changes(told(book, paper)) == (
        "Nothing has changed since the edition of November 2026.",
    )


def test_a_figure_that_changed_without_a_word_is_refused_with_before_and_now(book, paper):
    publish(book, paper)
    with pytest.raises(BookError) as refused:
        told(book, shown(paper, "25%"))
    said = str(refused.value)
    assert "example/default, headline/five_years: 24% (95% interval 23% to 25%) in the" in said
    assert "edition 2026-11, now 25%." in said
    assert "changes.yaml" in said


@pytest.mark.parametrize("reference", ["headline/five_years", "all"])
def test_an_explained_figure_is_told_with_its_reason(book, paper, reference):
    publish(book, paper)
    explain(book, reference)
    found = told(book, shown(paper, "25%"))
    assert changes(found) == (
        "One figure changed (correction) in “One in four came back”: A code was misread.",
    )
    page = changes_files([paper], read_editions(book), found)["changes.md"]
    assert '<th scope="row">Five years (headline)</th>' in page
    assert "<td>25%</td><td>Correction, 2026-11-24: A code was misread.</td>" in page
    assert "<caption>Figures that changed: One in four came back</caption>" in page


def test_an_explanation_from_before_the_edition_explains_nothing_new(book, paper):
    publish(book, paper)
    explain(book, date="2026-11-22")
    with pytest.raises(BookError, match="never changes silently"):
        told(book, shown(paper, "25%"))


def test_an_explanation_of_what_was_never_published_is_refused(book, paper):
    publish(book, paper)
    explain(book, "headline/six_years")
    with pytest.raises(BookError, match="example/default states no figure headline/six_years"):
        told(book, paper)


def test_new_papers_versions_and_papers_left_out_are_told(book, paper):
    publish(book, paper, replace(paper, variant="gone", title="What is gone"))
    newer = replace(paper, front=replace(paper.front, version="1.1"))
    found = told(book, newer, replace(paper, variant="new", title="What is new?"))
    assert changes(found) == (
        "Version 1.1 (before: 1.0) of: One in four came back.",
        "This build leaves out a published paper: What is gone.",
        "New paper: What is new?",
    )


def test_figures_that_are_newly_or_no_longer_stated_need_no_reason_and_are_told(book, paper):
    publish(book, paper)
    other = replace(paper, abstract=(NUMBER, Number("ages/n[age=30]", "9", "", "")))
    page = changes_files([other], read_editions(book), told(book, other))["changes.md"]
    assert '<th scope="row">N (age 20; ages)</th>' in page
    assert "<td>7</td><td>not stated</td><td>No longer stated.</td>" in page
    assert "<td>not stated</td><td>9</td><td>Newly stated.</td>" in page


def test_what_changed_between_earlier_editions_stays_on_the_page(book, paper):
    publish(book, paper)
    explain(book)
    publish(book, shown(paper, "25%"), name="2026-12", date="2026-12-01")
    found = told(book, shown(paper, "25%"))
    page = changes_files([paper], read_editions(book), found)["changes.md"]
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == [
        "## Since the edition of December 2026",
        "## Edition of December 2026",
        "## Edition of November 2026",
    ]
    assert "<td>25%</td><td>Correction" in page


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("- {paper: x}", "line 1: a change must have paper, reference, reason, words, date"),
        (EDITED.format("all", "whim", "Why.", "2026-11-24"), "line 1: reason must be one of"),
        (EDITED.format("all", "correction", "", "today"), "line 1: date must be a day"),
        ("a: b", "must be a list"),
        ("- [", "must be YAML"),
    ],
)
def test_a_broken_explanation_is_named_with_its_line(book, line, said):
    (book / "changes.yaml").write_text(line)
    with pytest.raises(BookError, match=said):
        read_editions(book)


def test_a_broken_edition_is_named(book, paper):
    file = publish(book, paper)
    file.write_text(file.read_text().replace("version:", "other:"))
    with pytest.raises(
        BookError, match=r"editions/2026-11\.yaml must have edition, date and papers"
    ):
        read_editions(book)


def test_what_was_published_is_not_rewritten_by_accident(book, paper):
    publish(book, paper)
    with pytest.raises(BookError, match="not rewritten"):
        publish(book, shown(paper, "25%"))
    publish(book, shown(paper, "25%"), replace=True)
    with pytest.raises(BookError, match="year and month"):
        publish(book, paper, name="autumn")
