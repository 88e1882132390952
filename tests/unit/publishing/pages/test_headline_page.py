"""Headline figures and the small lines beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from justice_analysis.publishing.pages.headlines import headline_files
from justice_analysis.publishing.pages.sparkline import sparkline, spoken
from justice_analysis.publishing.paper.paper import Paper
from tests.unit.publishing.paper_sample import sample_paper

POINTS = (("1", 0.05), ("2", None), ("3", 0.2), ("5", 0.24))


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    return sample_paper(tmp_path_factory.mktemp("real"))


def test_a_figure_has_value_interval_line_place_paper_and_release(paper: Paper) -> None:
    page = headline_files([paper])["headlines.md"]
    assert "<caption>Headline figures" in page
    assert '<th scope="row" role="rowheader">Came back within five years</th>' in page
    assert 'aria-describedby="hint-0"><strong>24%</strong></a>' in page
    assert 'class="interval" data-name="Interval">95% interval 23% to 25%</td>' in page
    assert "An example state" in page
    assert '<a href="papers/example-default.html">' in page
    assert "Released 2026-11-22" in page


def test_a_value_without_an_interval_says_that_none_is_given(paper: Paper) -> None:
    figure = paper.headlines[0]
    bare = replace(figure, number=replace(figure.number, text="4,210"), trend=())
    page = headline_files([replace(paper, headlines=(bare,))])["headlines.md"]
    assert ">Not given<" in page
    assert ">No line<" in page


def test_synthetic_figures_are_never_headlines(paper: Paper) -> None:
    page = headline_files([replace(paper, is_synthetic=True)])["headlines.md"]
    assert "No headline figure is in this build" in page
    assert "24%" not in page


def test_a_line_says_what_it_shows_with_its_first_and_last_value() -> None:
    said = spoken(POINTS, title="Share who came back", is_share=True)
    assert said == (
        "Line chart. Share who came back: 5.0% (1) to 24.0% (5). 1 point hidden or missing."
    )
    assert 'role="img" aria-label="Line chart. Share' in sparkline(
        POINTS, title="Share who came back", is_share=True
    )


def test_a_hidden_point_leaves_a_gap_and_a_lone_point_is_a_dot() -> None:
    drawn = sparkline(POINTS, title="Share", is_share=True)
    assert drawn.count("<polyline") == 1
    assert drawn.count("<circle") == 2  # the lone first point, and the end
    assert "currentColor" in drawn


def test_the_scale_starts_at_zero() -> None:
    drawn = sparkline((("a", 50.0), ("b", 100.0)), title="Cases", is_share=False)
    assert 'points="4.0,20.0 140.0,4.0"' in drawn


def test_points_stand_as_far_apart_as_their_labels() -> None:
    drawn = sparkline((("0", 1.0), ("1", 1.0), ("4", 1.0)), title="Cases", is_share=False)
    assert "38.0," in drawn


def test_one_point_is_no_line() -> None:
    assert sparkline((("1", 0.2), ("2", None)), title="Share", is_share=True) == ""


def test_a_lines_title_is_never_read_as_markup() -> None:
    drawn = sparkline(POINTS, title='<b>"x"', is_share=True)
    assert "<b>" not in drawn
