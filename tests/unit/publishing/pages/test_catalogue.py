"""The catalogue chapter: pages from contracts, and two pictures with their numbers beside them."""

from __future__ import annotations

import datetime as dt

import pytest

from justice_analysis import contracts
from justice_analysis.charts.coverage import CoveredPeriod, draw_coverage
from justice_analysis.charts.joins import draw_joins
from justice_analysis.errors import UsageError
from justice_analysis.publishing.pages import catalogue_pictures
from justice_analysis.publishing.pages.catalogue import catalogue_files, contract_markdown

SHIPPED = [contracts.load(name) for name in contracts.names()]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return catalogue_files(SHIPPED, pictures=tmp_path_factory.mktemp("pictures"))


def test_every_dataset_has_a_page_and_is_listed_under_its_jurisdiction(files):
    index = files["catalogue/index.md"]
    for contract in SHIPPED:
        assert f"catalogue/{contract.name}.md" in files
        assert f"({contract.name}.md)" in index
    criminal, family = index.index("## Criminal courts"), index.index("## Family courts")
    assert criminal < index.index("(probation.md)") < family < index.index("(cafcass_cymru.md)")


def test_a_page_says_grain_breaks_names_joins_and_how_to_apply():
    contract = contracts.load("probation")
    page = contract_markdown(contract, SHIPPED)
    for said in (contract.custodian, contract.breaks[0].what.split(",")[0][:30]):
        assert said in page
    assert "## What it joins to" in page
    assert "Cross-justice links" in page
    assert "published" in page
    assert "assumed" in page


def test_both_pictures_have_words_that_say_what_they_show(files):
    index = files["catalogue/index.md"]
    assert "Linked record: a person: " in catalogue_pictures.joins_text(SHIPPED)
    text = catalogue_pictures.coverage_text(SHIPPED)
    assert "Crown Court: 2013 to 2023." in text
    assert "Assessments (OASys): not published." in text
    assert index.count(":alt:") == 2
    assert index.count("<table") == 2


def test_pictures_are_the_same_bytes_each_time(tmp_path):
    names = catalogue_pictures.draw_catalogue(SHIPPED, tmp_path / "one")
    catalogue_pictures.draw_catalogue(SHIPPED, tmp_path / "two")
    assert set(names) == {"joins.png", "coverage.png"}
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_without_joins_or_dates_there_is_no_picture(tmp_path):
    assert catalogue_pictures.draw_catalogue([contracts.load("rossi")], tmp_path) == {}


def test_pictures_are_drawn_again_only_where_contracts_or_pictures_changed(tmp_path, monkeypatch):
    drawn: list[str] = []
    draw = {
        name: lambda _, path: (drawn.append(path.name), path.touch())
        for name in catalogue_pictures._DRAW
    }
    monkeypatch.setattr(catalogue_pictures, "_DRAW", draw)
    for _ in range(2):
        catalogue_pictures.draw_catalogue(SHIPPED, tmp_path)
    assert drawn == ["joins.png", "coverage.png"]
    (tmp_path / "coverage.png").unlink()
    catalogue_pictures.draw_catalogue(SHIPPED, tmp_path)
    assert len(drawn) == 4
    catalogue_pictures.draw_catalogue(SHIPPED[1:], tmp_path)
    assert len(drawn) == 6


def test_a_break_after_the_last_day_is_not_drawn():
    def lines(day):
        period = CoveredPeriod("one", dt.date(2010, 1, 1), dt.date(2020, 1, 1), ((day, None),))
        return len(draw_coverage([period], title="t").axes[0].lines)

    assert lines(dt.date(2015, 1, 1)) == 1
    assert lines(dt.date(2024, 1, 1)) == 0


def test_nothing_to_draw_is_refused():
    import pandas as pd

    with pytest.raises(UsageError, match="published start"):
        draw_coverage([CoveredPeriod("one", None, None)], title="t")
    empty = pd.DataFrame(columns=["dataset", "identifier", "is_published"])
    with pytest.raises(UsageError, match="at least one dataset"):
        draw_joins(empty, title="t")


def test_a_page_links_to_the_quality_of_its_data_where_the_book_has_it(tmp_path):
    page = "protocols/data_quality-default.md"
    files = catalogue_files(SHIPPED, pictures=tmp_path, quality={"family_court": page})
    assert f"(../{page})" in files["catalogue/family_court.md"]
    assert "## Quality" not in files["catalogue/rossi.md"]


def test_a_page_says_what_rests_on_assumed_columns():
    page = contract_markdown(contracts.load("prisoner_custodial_journey"), SHIPPED)
    assert "## What rests on assumed columns" in page
    assert "Without the table custody\\_segments: " in page
    assert "Without the column gender of nomis: " in page
    assert "rests on" not in contract_markdown(contracts.load("rossi"), SHIPPED)
