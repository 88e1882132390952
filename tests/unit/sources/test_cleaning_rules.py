"""Named cleaning rules mend what they say and leave the rest."""

import pytest

from justice_analysis import engine
from justice_analysis.sources import cleaning_rules as rules
from tests.delivered import plain


@pytest.fixture
def dates(backend):
    def make(*rows):
        schema = {"first": "date", "second": "date"}
        columns = {name: [row[n] for row in rows] for n, name in enumerate(schema)}
        return engine.memory_table(backend, columns, schema)

    return make


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1885-02-28", "1985-02-28"),
        ("2215-03-02", "2015-03-02"),
        ("2904-02-29", "2004-02-29"),
        ("7985-12-31", "1985-12-31"),
        ("1985-02-28", "1985-02-28"),
        ("2016-02-29", "2016-02-29"),
        ("1785-01-01", "1785-01-01"),
        (None, None),
    ],
)
def test_a_century_is_mended_only_where_it_is_a_known_typo(dates, typed, meant):
    rows = dates((typed, None))
    found = rows.select(
        mended=rules.mend_century(rows.first), typo=rules.is_century_typo(rows.first)
    )
    assert plain(engine.execute(found)) == [(meant, typed != meant)]


def test_a_birth_is_known_to_the_month_from_its_week_or_else_its_month(dates):
    rows = dates(("1885-02-28", "2001-01-01"), (None, "2215-04-01"), (None, None))
    found = rows.select(month=rules.birth_month(rows.first, rows.second))
    assert plain(engine.execute(found)) == [("1985-02-01",), ("2015-04-01",), (None,)]


def test_a_closure_stands_unless_the_case_was_reopened_since(dates):
    rows = dates(
        ("2015-01-01", None),
        ("2015-01-01", "2015-02-01"),
        ("2015-03-01", "2015-02-01"),
        ("2015-02-01", "2015-02-01"),
    )
    found = rows.select("second", stands=rules.closed_for_good(rows.first, rows.second))
    assert plain(engine.execute(found)) == [
        ("2015-02-01", "2015-03-01"),
        ("2015-02-01", None),
        ("2015-02-01", None),
        (None, "2015-01-01"),
    ]


def test_an_end_before_its_beginning_is_missing(dates):
    rows = dates(("2015-01-01", "2015-02-01"), ("2015-02-01", "2015-02-01"), ("2015-01-01", None))
    found = rows.select(end=rules.not_before(rows.first, rows.second))
    assert plain(engine.execute(found)) == [("2015-01-01",), ("2015-02-01",), (None,)]


@pytest.mark.parametrize(
    ("held", "role"),
    [
        ((True, False), "a"),
        ((False, True), "b"),
        ((True, True), "unclear"),
        ((False, False), "unclear"),
    ],
)
def test_a_role_is_clear_only_if_it_is_the_only_one(backend, held, role):
    schema = {"a": "boolean", "b": "boolean"}
    rows = engine.memory_table(backend, {"a": [held[0]], "b": [held[1]]}, schema)
    found = rows.select(role=rules.single_role({"a": rows.a, "b": rows.b}))
    assert plain(engine.execute(found)) == [(role,)]


@pytest.mark.parametrize("kind", ["string", "boolean"])
def test_a_flag_holds_as_text_or_boolean_and_missing_is_no(backend, kind):
    values = ["TRUE", "false", None] if kind == "string" else [True, False, None]
    rows = engine.memory_table(
        backend, {"n": [1, 2, 3], "flag": values}, {"n": "int64", "flag": kind}
    )
    found = rows.select("n", holds=rules.is_true(rows.flag))
    assert plain(engine.execute(found)) == [(1, True), (2, False), (3, False)]
