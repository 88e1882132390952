"""Live births as a reference table: read, summed, and refused with every problem at once."""

from __future__ import annotations

import pytest

from justice_analysis.definitions.births import COLUMNS, read_births
from justice_analysis.errors import SourceError

HEADING = ",".join(COLUMNS)


def written(tmp_path, *rows: str) -> str:
    path = tmp_path / "births.csv"
    path.write_text("\n".join([HEADING, *rows]), "utf-8")
    return str(path)


def test_births_name_their_source_and_are_summed_over_places(tmp_path):
    births = read_births(
        written(tmp_path, "area:001,2016/17,10,by hand,v1", "area:002,2016/17,30,by hand,v1")
    )
    assert (births.name, births.period, births.places) == (
        "by hand, v1",
        "financial_year",
        ("area:001", "area:002"),
    )
    whole = births.by_period(by_place=False)
    assert whole.to_dict("records") == [
        {"period": "2016/17", "live_births": 40},
        {"period": "all", "live_births": 40},
    ]


def test_births_of_everywhere_count_where_they_are_given(tmp_path):
    births = read_births(
        written(tmp_path, "all,2016,100,by hand,v1", "area:001,2016,10,by hand,v1")
    )
    assert births.covers_everywhere
    assert births.by_period(by_place=False)["live_births"].tolist() == [100, 100]
    assert births.by_period(by_place=True)["live_births"].tolist() == [10, 10, 10, 10]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "there must be a row for each place and period"),
        (["all,2016,1.5,s,v", "all,2017,-1,s,v"], "whole and not negative: 2 rows are not"),
        (["all,2016,0,s,v"], "live_births must be above 0: 1 rows are 0"),
        ([",2016,10,s,v"], "place must be given: 1 rows have none"),
        (["all,2016,10,s,v", "all,2016/17,10,s,v"], "period must be a year"),
        (["all,2016/18,10,s,v"], "period must be a year"),
        (["all,2016,10,s,v", "all,2016,11,s,v"], "must have one row: 1 stand twice"),
        (["all,2016,10,s,v", "all,2017,10,t,v"], "source must be given, and the same"),
        (["all,2016,10,s,"], "version must be given, and the same"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_without_its_values(tmp_path, rows, words):
    with pytest.raises(SourceError, match=words):
        read_births(written(tmp_path, *rows))


def test_other_columns_and_no_file_are_refused(tmp_path):
    path = tmp_path / "births.csv"
    path.write_text("place,year,births\nall,2016,10\n", "utf-8")
    with pytest.raises(SourceError, match="columns must be place, period, live_births"):
        read_births(path)
    with pytest.raises(SourceError, match="no such file could be read"):
        read_births(tmp_path / "absent.csv")
