"""Published series: read, checked, and in one small tidy table."""

import datetime as dt

import pandas as pd
import pytest

from justice_analysis.errors import ContractError, SourceError, UsageError
from justice_analysis.sources.series import COLUMNS, read_series

DESCRIPTOR = """
name: small
title: Small
description: Two series made up for tests.
geography: Nowhere
publication: None
period: {type: quarter, column: quarter_ending, names: end}
missing_values: ["", ".."]
minimum: 0
series:
  - {name: charges, title: Charges, unit: charges, source: A}
  - {name: waits, title: Waits, unit: days, source: B}
"""
GOOD = "quarter_ending,charges,waits\n2018-06,10,1.5\n2018-09,12,2\n2018-12,11,..\n"


@pytest.fixture
def read(tmp_path):
    """Read text, or bytes, as a file of two series."""
    descriptor = tmp_path / "small.yaml"
    descriptor.write_text(DESCRIPTOR, encoding="utf-8")

    def run(content):
        path = tmp_path / "published.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_series(path, contract=descriptor)

    return run


def rows(table):
    return [
        (start.date(), name, None if pd.isna(value) else value, unit, source)
        for start, name, value, unit, source in table.itertuples(index=False)
    ]


EXPECTED = [
    (dt.date(2018, 4, 1), "charges", 10.0, "charges", "A"),
    (dt.date(2018, 4, 1), "waits", 1.5, "days", "B"),
    (dt.date(2018, 7, 1), "charges", 12.0, "charges", "A"),
    (dt.date(2018, 7, 1), "waits", 2.0, "days", "B"),
    (dt.date(2018, 10, 1), "charges", 11.0, "charges", "A"),
    (dt.date(2018, 10, 1), "waits", None, "days", "B"),
]


def test_a_file_becomes_one_row_per_quarter_and_series(read):
    series = read(GOOD)
    assert tuple(series.table.columns) == COLUMNS
    assert rows(series.table) == EXPECTED


def test_one_series_can_be_taken(read):
    assert read(GOOD).of("charges")["value"].tolist() == [10.0, 12.0, 11.0]
    with pytest.raises(UsageError, match="no series called 'thefts'"):
        read(GOOD).of("thefts")


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n"),
        GOOD + "\n\n",
        GOOD.rstrip("\n"),
        "waits,quarter_ending,charges\n..,2018-12,11\n2,2018-09,12\n1.5, 2018-06 , 10\n",
        'quarter_ending,"charges",waits\n2018-06,"10",1.5\n2018-09,12,2.0\n2018-12,1.1e1,\n',
    ],
    ids=["byte-order mark", "windows lines", "blank lines", "no last line end", "order", "quotes"],
)
def test_harmless_differences_change_nothing(read, content):
    assert rows(read(content).table) == EXPECTED


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "must have a header and a quarter: it has 0 rows"),
        ("quarter_ending,charges,waits\n", "it has 1 rows"),
        (GOOD.encode("utf-16"), "looks like UTF-16"),
        (GOOD.encode("utf-16-le"), "looks like UTF-16"),
        (GOOD.replace("..", "£1").encode("cp1252"), "must be text in UTF-8"),
        (GOOD.replace("11,", '"11,'), "a quoted field does not end"),
        ("quarter_ending,charges,waits\n" + "2018-06,1,1\n" * 2_001, "are too many"),
    ],
    ids=["empty", "header alone", "utf-16", "utf-16 without a mark", "windows", "cut off", "long"],
)
def test_a_file_that_cannot_be_used_is_a_source_error(read, content, message):
    with pytest.raises(SourceError, match=message):
        read(content)


def test_a_missing_file_is_a_source_error(tmp_path):
    with pytest.raises(SourceError, match=r"gone\.csv cannot be read"):
        read_series(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("2018-09", "2019-03"), r"every quarter from first to last: 1 are missing"),
        (("2018-09", "2018-06"), "must name each quarter once: 1 rows repeat one"),
        (("2018-09", "2018-08"), "must be the last month of a quarter, as YYYY-MM: 1 of 3"),
        (("2018-09", "09/2018"), "as YYYY-MM: 1 of 3 rows are not"),
        (("2018-09", ""), "as YYYY-MM: 1 of 3 rows are not"),
        (("12,2", "about 12,2"), "charges must be numbers: 1 of 3 values are not"),
        (("12,2", "nan,2"), "charges must be numbers: 1 of 3"),
        (("12,2", "1e999,2"), "charges must be numbers: 1 of 3|a computer can hold: 1"),
        (("12,2", "1e400,2"), "that a computer can hold: 1 are not"),
        (("12,2", "-12,2"), "charges must not be below 0: 1 of 3"),
        (("12,2", '12,"2,5"'), "waits must be numbers: 1 of 3 values are not. Some have a decimal"),
        (("12,2", '"12,000",2'), "commas between thousands, or decimal commas"),
        (("1.5", "1,5"), "rows must have 3 fields: 1 of 3 do not. A decimal comma"),
        (("12,2", "12"), "rows must have 3 fields: 1 of 3 do not"),
        (("charges,", "charge,"), "columns must be there: charges is not"),
        (("charges,", "waits,"), "columns must have names of their own: 1 repeat"),
    ],
)
def test_what_is_wrong_is_refused_with_a_count(read, change, message):
    assert change[0] in GOOD
    with pytest.raises(ContractError, match=message):
        read(GOOD.replace(*change, 1))


def test_another_delimiter_is_named_as_what_is_wrong(read):
    with pytest.raises(ContractError, match="must be parted by commas"):
        read(GOOD.replace(",", ";"))


def test_a_column_that_nobody_described_is_refused(read):
    with pytest.raises(ContractError, match="1 is not described"):
        read("quarter_ending,charges,waits,new\n2018-06,1,1,1\n")


def test_every_problem_is_said_at_once_and_no_value(read):
    wrong = GOOD.replace("2018-09", "2018-07").replace("10,", "SECRET-77,").replace("1.5", "-88")
    with pytest.raises(ContractError) as caught:
        read(wrong)
    said = str(caught.value)
    assert "3 problems" in said
    assert not any(value in said for value in ("SECRET", "88", "2018-07"))


def test_the_published_series_are_read(shared_data):
    series = read_series(shared_data / "uk_cjs_quarterly.csv")
    assert len(series.names) == 27
    assert len(series.table) == 27 * 24
    backlog = series.of("court__case_backlog_cc")
    assert str(backlog["period_start"].iloc[0].date()) == "2018-04-01"
    assert backlog["value"].iloc[-1] == 68568
    assert not series.table["value"].isna().any()
