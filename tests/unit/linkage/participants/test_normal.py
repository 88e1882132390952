"""Fields are written alike, however they were typed."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.linkage.participants import normal


def written(backend, function, texts):
    table = engine.memory_table(
        backend, {"n": list(range(len(texts))), "x": texts}, {"n": "int64", "x": "string"}
    )
    rows = engine.execute(table.select("n", y=function(table.x)).order_by("n"))
    return [None if value != value else value for value in rows["y"]]


def test_every_marked_letter_has_a_plain_one():
    assert len(normal._MARKED) == len(normal._PLAIN)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  O’Brien ", "OBRIEN"),  # noqa: RUF001
        ("O'BRIEN", "OBRIEN"),
        ("Smith-Jones", "SMITH JONES"),
        ("smith  jones", "SMITH JONES"),
        ("Zoë", "ZOE"),
        ("Łukasz", "LUKASZ"),
        ("Weiß", "WEISS"),
        ("Mr John", "JOHN"),
        ("Rev. Dr. Ann", "ANN"),
        ("Brown Jr.", "BROWN"),
        ("Mr", "MR"),
        ("Lord", "LORD"),
        ("??", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_capitals_without_marks_titles_and_punctuation(backend, typed, read):
    assert written(backend, normal.name, [typed]) == [read]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("sw1a1aa", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        (" cr2-6xh ", "CR2 6XH"),
        ("DN55 1PT", "DN55 1PT"),
        ("4223", "4223"),
        ("unknown", "UNKNOWN"),
        ("", None),
    ],
)
def test_a_postcode_has_one_blank_if_it_has_the_form(backend, typed, read):
    assert written(backend, normal.postcode, [typed]) == [read]


def test_sector_and_district_are_of_postcodes_that_have_the_form(backend):
    codes = ["SW1A 1AA", "M1 1AE", "4223", None]
    assert written(backend, normal.postcode_sector, codes) == ["SW1A 1", "M1 1", None, None]
    assert written(backend, normal.postcode_district, codes) == ["SW1A", "M1", None, None]


def test_gender_is_female_male_or_missing(backend):
    said = written(backend, normal.gender, ["F", "female", " Male", "m", "X", "", None])
    assert said == ["female", "female", "male", "male", None, None, None]


def test_identifiers_have_no_case_or_punctuation(backend):
    assert written(backend, normal.identifier, ["98/12345a", " ", None]) == ["9812345A", None, None]
