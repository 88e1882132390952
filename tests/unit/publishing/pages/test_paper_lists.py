"""Lists of papers and the pages of topics."""

from __future__ import annotations

from dataclasses import replace

import pytest

from justice_analysis.publishing.pages.lists import QUALITY_PLACE, list_files, quality_markdown
from justice_analysis.publishing.pages.topic_pages import topic_files
from justice_analysis.publishing.paper.paper import Paper
from tests.unit.publishing.paper_sample import sample_paper

TOPIC = "topics/returns-after-release.md"


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    return sample_paper(tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def protocol(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    return sample_paper(tmp_path_factory.mktemp("synthetic"), is_synthetic=True)


def test_each_paper_has_title_line_status_date_place_and_topics(paper: Paper) -> None:
    page = list_files([paper])["papers/index.md"]
    assert '<a href="example-default.html">One in four' in page
    assert "Men in one state, <em>followed</em> a year." in page
    assert "Draft, version 1.0 · 2026-11-23 · An example state" in page
    assert '<a href="../topics/returns-after-release.html">returns after release</a>' in page


def test_protocol_papers_stand_apart_and_are_marked(paper: Paper, protocol: Paper) -> None:
    files = list_files([paper, protocol])
    assert '<span class="tag">Synthetic data</span>' in files["protocols/index.md"]
    assert "Synthetic" not in files["papers/index.md"]


def test_variants_stand_under_the_first_of_their_study(protocol: Paper) -> None:
    other = replace(protocol, variant="other", slug="example-other", title="Another clock")
    page = list_files([protocol, other])["protocols/index.md"]
    assert page.count('<p class="name">') == 1
    assert '<li><a href="example-other.html">Another clock</a></li>' in page
    assert "example-default\nexample-other\n" in page  # both in the menu


def test_variants_on_other_real_data_are_told_in_full(paper: Paper) -> None:
    other = replace(paper, variant="other", slug="example-other", title="Another state")
    page = list_files([paper, other])["papers/index.md"]
    assert page.count('<p class="name">') == 2
    assert page.count('<ul class="papers">') == 1


def test_a_book_without_papers_has_lists_that_say_so() -> None:
    files = {**list_files([]), **topic_files([])}
    assert "No paper on real data" in files["papers/index.md"]
    assert "No protocol paper" in files["protocols/index.md"]
    assert "No paper is in this build" in files["topics/index.md"]
    assert "toctree" not in "".join(files.values())


def test_topics_lead_to_papers_by_topic_jurisdiction_and_place(
    paper: Paper, protocol: Paper
) -> None:
    files = topic_files([protocol, paper])
    page = files["topics/index.md"]
    places = [page.index(words) for words in ("## By topic", "## By jurisdiction", "## By place")]
    assert places == sorted(places)
    assert "1 paper, 1 protocol paper." in page
    assert "### Criminal" in page
    assert "### An example state" in page


def test_a_topics_page_has_real_papers_before_protocols(paper: Paper, protocol: Paper) -> None:
    page = topic_files([protocol, paper])[TOPIC]
    assert page.index("../papers/example-default.html") < page.index("../protocols/")
    assert "## Protocol papers (synthetic data)" in page


def test_the_page_on_quality_lists_the_papers_about_it(paper: Paper) -> None:
    prose = f"# Quality\n\n{QUALITY_PLACE}\n"
    about = replace(paper, study="data_quality")
    assert "papers/example-default.html" in quality_markdown(prose, [about])
    assert "No paper on quality" in quality_markdown(prose, [paper])
