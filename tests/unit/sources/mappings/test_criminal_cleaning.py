"""Cleaning of criminal court rows, rule by rule."""

import pytest

from justice_analysis import engine
from justice_analysis.sources.mappings import criminal_cleaning as cleaning
from tests.delivered import plain


@pytest.fixture
def one_row(backend):
    """Apply a function to the columns of one row."""

    def run(function, kinds, *values):
        names = [f"c{place}" for place in range(len(kinds))]
        table = engine.memory_table(
            backend,
            {name: [value] for name, value in zip(names, values, strict=True)},
            dict(zip(names, kinds, strict=True)),
        )
        found = engine.execute(table.select(found=function(*[table[name] for name in names])))
        return plain(found)[0][0]

    return run


@pytest.mark.parametrize(
    ("date", "real"),
    [
        ("2015-06-01", "2015-06-01"),
        ("1900-01-01", None),
        ("9999-12-31", None),
        ("1900-01-02", "1900-01-02"),
        (None, None),
    ],
)
def test_a_day_that_stands_for_none_is_missing(one_row, date, real):
    assert one_row(cleaning.real_date, ["date"], date) == real


@pytest.mark.parametrize(
    ("age", "possible", "is_placeholder", "is_impossible"),
    [
        (10, 10, False, False),
        (110, 110, False, False),
        (9, None, False, True),
        (111, None, False, True),
        (999, None, True, False),
        (None, None, False, False),
    ],
)
def test_ages_below_criminal_responsibility_and_placeholders_are_missing_and_told_apart(
    one_row, age, possible, is_placeholder, is_impossible
):
    assert one_row(cleaning.possible_age, ["int64"], age) == possible
    assert one_row(cleaning.is_placeholder_age, ["int64"], age) == is_placeholder
    assert one_row(cleaning.is_impossible_age, ["int64"], age) == is_impossible


@pytest.mark.parametrize(
    ("birth", "seen", "expected"),
    [
        ("1990-05-01", "2015-01-01", "1990-05-01"),
        ("1890-05-01", "2015-01-01", "1990-05-01"),
        ("2010-05-01", "2015-01-01", None),
        ("1899-05-01", "2015-01-01", "1999-05-01"),
        ("2005-01-01", "2015-01-31", "2005-01-01"),
        ("1900-01-01", "2015-01-01", None),
        ("1900-05-01", "2015-01-01", None),
        ("1990-05-01", None, "1990-05-01"),
        (None, "2015-01-01", None),
    ],
)
def test_a_month_of_birth_is_mended_or_goes_missing_where_it_cannot_be(
    one_row, birth, seen, expected
):
    assert one_row(cleaning.possible_birth, ["date", "date"], birth, seen) == expected


@pytest.fixture
def ordered(backend):
    def run(began, first, final):
        table = engine.memory_table(
            backend,
            {"began": [began], "first_hearing": [first], "completed": [final]},
            {"began": "date", "first_hearing": "date", "completed": "date"},
        )
        right = cleaning.exchanged(table).select("first_hearing", "completed")
        rules = cleaning.order_rules("t", table)
        held = [bool(engine.execute(rule.rows.select(a=rule.applies))["a"][0]) for rule in rules]
        return plain(engine.execute(right))[0], held

    return run


@pytest.mark.parametrize(
    ("dates", "expected", "counted"),
    [
        (
            ("2015-01-01", "2015-02-01", "2015-03-01"),
            ("2015-02-01", "2015-03-01"),
            [False, False],
        ),
        (
            ("2015-01-01", "2015-03-01", "2015-02-01"),
            ("2015-02-01", "2015-03-01"),
            [True, False],
        ),
        ((None, "2015-03-01", "2015-02-01"), ("2015-02-01", "2015-03-01"), [True, False]),
        (("2015-01-01", "2015-03-01", "2014-02-01"), ("2015-03-01", None), [False, True]),
        (("2015-01-01", None, "2014-02-01"), (None, None), [False, True]),
        (("2015-01-01", "2015-03-01", None), ("2015-03-01", None), [False, False]),
        ((None, "2015-02-01", "2015-02-01"), ("2015-02-01", "2015-02-01"), [False, False]),
    ],
)
def test_swapped_dates_are_exchanged_and_results_too_early_go_missing(
    ordered, dates, expected, counted
):
    assert ordered(*dates) == (expected, counted)


NAMES = {"not_guilty": "not_guilty", "immediate_custody": "custody"}


@pytest.mark.parametrize(
    ("code", "read", "is_variant"),
    [
        ("not_guilty", "not_guilty", False),
        ("NOT GUILTY", "not_guilty", True),
        ("Not-Guilty", "not_guilty", True),
        ("not  guilty", "not_guilty", True),
        ("Immediate Custody", "custody", True),
        ("notguilty", "code:notguilty", False),
        ("ZZ", "code:ZZ", False),
        (None, None, False),
    ],
)
def test_a_code_is_read_however_it_is_written_and_an_unknown_one_is_kept(
    one_row, code, read, is_variant
):
    assert one_row(lambda c: cleaning.read_code(c, NAMES), ["string"], code) == read
    assert one_row(lambda c: cleaning.is_variant(c, NAMES), ["string"], code) == is_variant


@pytest.mark.parametrize(("code", "kept"), [("W1", "W1"), ("w1", "W1"), ("NS", None)])
def test_a_known_code_is_written_as_its_list_writes_it(one_row, code, kept):
    found = one_row(lambda c: cleaning.known_code(c, {"W1": "W1", "A4": "A4"}), ["string"], code)
    assert found == kept
