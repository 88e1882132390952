"""A column of dates has one format, or is refused with counts."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.errors import SourceError, UsageError
from justice_analysis.linkage.participants.dates import read_dates


def read(backend, texts, format=None):
    table = engine.memory_table(backend, {"born": texts}, {"born": "string"})
    dated, (column,) = read_dates(table, ["born"], file="list.csv", format=format)
    return engine.execute(dated)["born"], column


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("31/12/1980", "%d/%m/%Y"),
        ("12/31/1980", "%m/%d/%Y"),
        ("1980-12-31", "%Y-%m-%d"),
        ("31 Dec 1980", "%d %b %Y"),
        ("19801231", "%Y%m%d"),
        ("31.12.1980", "%d.%m.%Y"),
    ],
)
def test_the_only_format_that_fits_is_taken(backend, text, format):
    days, column = read(backend, [text, None])
    assert column.format == format
    assert (column.filled, column.impossible) == (1, 0)
    assert str(days.dropna().iloc[0])[:10] == "1980-12-31"


def test_day_and_month_that_could_be_either_way_round_are_refused(backend):
    with pytest.raises(SourceError, match=r"readable in one way.*2 formats.*date_format"):
        read(backend, ["01/02/1980", "03/04/1981"])


def test_a_stated_format_settles_it(backend):
    days, column = read(backend, ["01/02/1980"], "%d/%m/%Y")
    assert str(days.iloc[0])[:10] == "1980-02-01"
    assert column.format == "%d/%m/%Y"


def test_mixed_formats_are_refused_with_counts_and_no_value(backend):
    with pytest.raises(SourceError, match="at most 2 of 3 filled rows do") as refused:
        read(backend, ["31/12/1980", "30/11/1981", "1982-05-17"])
    assert "1982" not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_a_wrong_stated_format_is_refused(backend):
    with pytest.raises(SourceError, match="at most 0 of 1 filled rows do"):
        read(backend, ["1980-12-31"], "%d/%m/%Y")
    with pytest.raises(UsageError, match="date format must be one of"):
        read(backend, ["1980-12-31"], "%Y %d")


def test_words_among_dates_are_refused(backend):
    with pytest.raises(SourceError, match=r"at most 200 of 201"):
        read(backend, ["1980-12-31"] * 200 + ["not known"])


def test_a_rare_day_that_the_calendar_lacks_is_missing_and_counted(backend):
    days, column = read(backend, ["1980-12-31"] * 99 + ["1981-02-30"])
    assert column.impossible == 1
    assert days.isna().sum() == 1


def test_an_empty_column_is_no_error(backend):
    assert read(backend, [None, None])[1].filled == 0
