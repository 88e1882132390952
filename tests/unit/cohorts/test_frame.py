"""The analysis frame: numbers of people, and nothing that names them."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.cohorts import analysis_frame
from justice_analysis.errors import MetricError, OptionError

TYPES = {"person_id": "int64", "age": "int64", "is_female": "boolean", "court": "string"}
ROWS = [(3, 30, True, "m:2"), (1, None, False, "m:1"), (2, 50, None, None)]


@pytest.fixture(scope="module")
def people():
    backend = engine.connect(threads=1)
    columns = {name: [row[place] for row in ROWS] for place, name in enumerate(TYPES)}
    yield engine.memory_table(backend, columns, TYPES)
    backend.disconnect()


def test_it_holds_the_columns_named_as_numbers_in_the_order_of_people(people):
    frame = analysis_frame(people, columns=["is_female", "age"], codes=["court"])
    assert list(frame.table.columns) == ["is_female", "age", "court"]
    assert frame.table.fillna(-9).values.tolist() == [[0, -9, 0], [-9, 50, -1], [1, 30, 1]]
    assert frame.codes == {"court": ("m:1", "m:2")}
    assert frame.missing == {"is_female": 1, "age": 1, "court": 1}


def test_it_states_its_size(people):
    frame = analysis_frame(people, columns=["age"])
    assert (frame.people, frame.megabytes) == (3, pytest.approx(24e-6))
    assert str(frame) == "3 people by 1 columns, 0.0 MB"


def test_one_that_would_be_too_large_is_refused_before_it_is_made(people):
    with pytest.raises(MetricError, match="3 people by 2 columns would take"):
        analysis_frame(people, columns=["age", "is_female"], most_megabytes=1e-6)


@pytest.mark.parametrize(
    ("columns", "codes", "words"),
    [
        (["court"], [], "court must be of numbers"),
        (["person_id"], [], "person_id names people"),
        (["height"], [], "height is not a column"),
        (["age"], ["is_female"], "is_female must be text"),
        (["age", "age"], [], "each once"),
        ([], [], "columns must be named"),
    ],
)
def test_text_names_and_what_is_not_there_are_refused(people, columns, codes, words):
    with pytest.raises(OptionError, match=words):
        analysis_frame(people, columns=columns, codes=codes)


def test_people_who_stand_twice_and_nobody_are_refused(people):
    with pytest.raises(MetricError, match="3 rows repeat"):
        analysis_frame(people.union(people), columns=["age"])
    with pytest.raises(MetricError, match="there are none"):
        analysis_frame(people.filter(people.age > 99), columns=["age"])
