"""The SQL of date arithmetic: no interval, on any engine."""

from __future__ import annotations

import ibis
import pytest

from justice_analysis import engine

CASES = ibis.table({"day": "date", "n": "int64"}, name="cases")


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("duckdb", '("t0"."day" + (CAST(30 AS INT)))'),
        ("pyspark", "DATE_ADD(`t0`.`day`, CAST(30 AS INT))"),
        ("postgres", '("t0"."day" + (CAST(30 AS INT)))'),
        ("mssql", "DATEADD(DAY, CAST(30 AS INTEGER), [t0].[day])"),
    ],
)
def test_days_are_added_as_whole_numbers(dialect, text):
    query = ibis.to_sql(CASES.select(later=engine.add_days(CASES.day, 30)), dialect=dialect)
    assert "".join(text.split()).lower() in "".join(str(query).split()).lower()


@pytest.mark.parametrize("dialect", ["duckdb", "pyspark", "mssql"])
def test_months_are_added_without_an_interval(dialect):
    query = ibis.to_sql(CASES.select(later=engine.add_months(CASES.day, CASES.n)), dialect=dialect)
    assert "interval" not in str(query).lower()
