"""Text to values: strict, and null rather than an error."""

from __future__ import annotations

from decimal import Decimal

import ibis
import pytest

from justice_analysis import engine
from justice_analysis.errors import UsageError


def read(backend, rows, convert, texts):
    table = engine.memory_table(
        backend, {"place": range(len(texts)), "text": texts}, {"place": "int64", "text": "string"}
    )
    return [value for _, value in rows(table.select("place", value=convert(table.text)))]


@pytest.mark.parametrize(
    ("format", "good", "bad"),
    [
        (
            "%Y-%m-%d",
            {"2020-02-29": "2020-02-29", "0001-01-01": "0001-01-01"},
            ["2021-02-29", "2020-2-9", "0000-01-01", "2020-13-01", "20-01-01", "2020-01-01 "],
        ),
        ("%d/%m/%Y", {"29/02/2020": "2020-02-29"}, ["02/29/2020", "2020-02-29", "1/2/2020"]),
        ("%Y%m%d", {"20200229": "2020-02-29"}, ["20210229", "2020229", "2020-02-29"]),
        (
            "%d-%b-%Y",
            {"29-Feb-2020": "2020-02-29", "01-DEC-1999": "1999-12-01", "03-may-2001": "2001-05-03"},
            ["29-Fev-2020", "30-Feb-2020", "1-Mar-2020", "01-12-1999"],
        ),
        (
            "%Y-%m-%d %H:%M:%S",
            {"2020-02-29 23:59:59": "2020-02-29", "2020-01-01 00:00:00.000": "2020-01-01"},
            [
                "2020-02-29",
                "2020-02-29 24:00:00",
                "2020-02-29 23:59:59.",
                "2020-02-29T10:00:00",
                "2020-02-30 10:00:00",
            ],
        ),
        (
            "%Y-%m-%dT%H:%M:%S",
            {"2020-02-29T23:59:59": "2020-02-29", "2020-01-01T00:00:00.123456": "2020-01-01"},
            ["2020-02-29", "2020-02-29 10:00:00", "2020-02-29T10:00:00Z"],
        ),
        ("%m/%d/%Y", {"02/29/2020": "2020-02-29"}, ["29/02/2020", "02-29-2020"]),
        ("%d-%m-%Y", {"29-02-2020": "2020-02-29"}, ["02-29-2020", "29/02/2020"]),
        ("%d.%m.%Y", {"29.02.2020": "2020-02-29"}, ["02.29.2020", "29x02x2020"]),
        ("%Y/%m/%d", {"2020/02/29": "2020-02-29"}, ["2020/29/02", "2020-02-29"]),
        ("%d %b %Y", {"29 Feb 2020": "2020-02-29"}, ["30 Feb 2020", "29-Feb-2020"]),
        ("%d%b%Y", {"29FEB2020": "2020-02-29", "01jan1999": "1999-01-01"}, ["30FEB2020"]),
        (
            "%d/%m/%Y %H:%M:%S",
            {"29/02/2020 08:00:00": "2020-02-29"},
            ["29/02/2020", "30/02/2020 08:00:00", "29/02/2020 25:00:00"],
        ),
        ("%Y-%m", {"2020-02": "2020-02-01"}, ["2020-13", "2020-02-01", "0000-01"]),
        ("%m/%Y", {"02/2020": "2020-02-01"}, ["13/2020", "2/2020", "02-2020"]),
        ("%b-%Y", {"Feb-2020": "2020-02-01"}, ["Fev-2020", "02-2020"]),
        ("%Y%m", {"202002": "2020-02-01"}, ["202013", "20202"]),
    ],
)
def test_dates_are_read_in_one_format_only(backend, rows, format, good, bad):
    always_bad = ["", " ", "x", "2020-01-01\n", "2020-01-01\u2028", None]
    texts = [*good, *bad, *always_bad]
    found = read(backend, rows, lambda text: engine.to_date(text, format), texts)
    assert found == [*good.values(), *[None] * (len(bad) + len(always_bad))]


def test_an_unknown_date_format_is_refused(backend):
    table = engine.memory_table(backend, {"text": ["x"]}, {"text": "string"})
    with pytest.raises(UsageError, match="date format must be one of"):
        engine.to_date(table.text, "%m/%d/%y")


def test_months_are_read_as_their_first_day(backend, rows):
    texts = ["2020-02", "2020-13", "2020-2", "0000-01", "2020-02-01", "2020-02\n", None]
    found = read(backend, rows, engine.to_month, texts)
    assert found == ["2020-02-01", *[None] * 6]


def test_whole_numbers_are_digits_only(backend, rows):
    good = {"7": 7, "-3": -3, "+4": 4, "007": 7, "123456789012": 123456789012}
    bad = [
        "1.5",
        "1e3",
        "1,000",
        " 1",
        "1 ",
        "9223372036854775808",
        "",
        "0x1",
        "1\n",
        "\u0661",
        None,
    ]
    found = read(backend, rows, engine.to_integer, [*good, *bad])
    assert found == [*good.values(), *[None] * len(bad)]


def test_the_largest_whole_number_is_read_exactly(backend, rows):
    assert read(backend, rows, engine.to_integer, ["9223372036854775807"]) == [2**63 - 1]


def test_decimal_numbers_have_no_exponent_and_no_thousands_mark(backend, rows):
    good = {
        "1.5": 1.5,
        "-0.1": -0.1,
        ".5": 0.5,
        "3.": 3.0,
        "12": 12.0,
        "0.1234567890123456789": 0.12345678901234568,
    }
    bad = ["1e3", "1,000.5", "NaN", "inf", "", ".", "-", "1.5.2", " 1", "1\r", "1d", None]
    found = read(backend, rows, engine.to_number, [*good, *bad])
    assert found == [*good.values(), *[None] * len(bad)]


def test_booleans_are_read_from_the_usual_words(backend, rows):
    texts = ["true", "FALSE", "Y", "no", "1", "0", "t", "F", "yes", "2", "", "maybe", None]
    found = read(backend, rows, engine.to_boolean, texts)
    assert found == [True, False, True, False, True, False, True, False, True, *[None] * 4]


def test_bad_text_mixed_with_good_stops_nothing_in_a_filter_or_a_join(backend, rows):
    table = engine.memory_table(
        backend, {"text": ["2020-01-01", "not a date", "31/31/3131", None]}, {"text": "string"}
    )
    read_dates = table.mutate(date=engine.to_date(table.text))
    recent = read_dates.filter(read_dates.date >= "2019-01-01")
    assert rows(recent.select("date")) == [("2020-01-01",)]


def test_whole_numbers_held_as_floats_become_whole_numbers(backend, rows):
    held = [1.0, -2.0, 0.5, float("inf"), 2.0**53, None]
    table = engine.memory_table(
        backend, {"place": range(6), "n": held}, {"place": "int64", "n": "float64"}
    )
    found = [value for _, value in rows(table.select("place", n=engine.to_whole(table.n)))]
    assert found == [1, -2, None, None, None, None]


def test_whole_numbers_held_as_decimals_keep_every_digit(backend, rows):
    held = [Decimal("123456789012345678"), Decimal("1.5"), Decimal("-7.00"), None]
    table = engine.memory_table(backend, {"n": held}, {"n": "decimal(22, 2)"})
    known = table.select(n=engine.to_whole(table.n)).filter(ibis._.n.notnull())
    assert rows(known) == [(-7,), (123456789012345678,)]


def test_whole_numbers_of_any_width_become_int64(backend, rows):
    table = engine.memory_table(backend, {"n": [7, None]}, {"n": "int16"})
    widened = table.select(n=engine.to_whole(table.n))
    assert str(widened.schema()["n"]) == "int64"
    assert rows(widened) == [(None,), (7,)]
