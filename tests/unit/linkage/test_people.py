"""What is known of a person is resolved by one rule."""

import pytest

from justice_analysis import engine
from justice_analysis.linkage.people import resolve_people
from tests.delivered import plain

RECORD = {
    "record_id": "string",
    "sex": "string",
    "birth_month": "date",
    "ethnicity_group": "string",
    "death_date": "date",
    "recorded_date": "date",
}


@pytest.fixture
def resolve(table):
    def run(*sexes):
        rows = [
            (f"r{n}", sex, None, None, None, recorded) for n, (sex, recorded) in enumerate(sexes)
        ]
        pairs = table({"record_id": "string", "person_id": "int64"}, [(row[0], 1) for row in rows])
        people, disagreeing = resolve_people(table(RECORD, rows), pairs)
        return plain(engine.execute(people.select("person_id", "sex"))), disagreeing["sex"]

    return run


def test_the_value_recorded_most_often_is_taken_and_disagreement_counted(resolve):
    found = resolve(("male", "2020-01-01"), ("female", None), ("female", "2010-01-01"))
    assert found == ([(1, "female")], 1)


def test_of_equally_frequent_values_the_latest_record_decides(resolve):
    assert resolve(("male", "2020-01-01"), ("female", "2010-01-01")) == ([(1, "male")], 1)


def test_of_values_recorded_on_the_same_day_the_smallest_is_taken(resolve):
    assert resolve(("male", "2020-01-01"), ("female", "2020-01-01")) == ([(1, "female")], 1)


def test_a_missing_value_neither_counts_nor_disagrees(resolve):
    assert resolve((None, "2020-01-01"), ("male", "2010-01-01")) == ([(1, "male")], 0)
    assert resolve((None, "2020-01-01")) == ([(1, None)], 0)
