"""Ties of cases are found again where a view knows other people."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.linkage.proceedings import ProceedingsRule
from justice_analysis.warehouse.ties import LINKAGE, tie_again, ties_found
from tests.delivered import plain

CASE = {
    "case_id": "int64",
    "proceeding_id": "int64",
    "case_type": "string",
    "received_date": "date",
    "source": "string",
}
TIE = {
    **dict.fromkeys(("case_id", "related_case_id"), "int64"),
    "relation": "string",
    "score": "float64",
    **dict.fromkeys(("source", "source_table", "source_key"), "string"),
}
LOADED = ("cafcass_england", "family_court")
DELIVERED = (2, 3, "consolidated", None, "family_court", "t", "2")
FOUND = (1, 2, "same_proceedings", 1.0, LINKAGE, "case", "1")


@pytest.fixture(scope="module")
def table():
    backend = engine.connect(threads=1)

    def make(schema, rows):
        columns = {name: [row[n] for row in rows] for n, name in enumerate(schema)}
        return engine.memory_table(backend, columns, schema)

    yield make
    backend.disconnect()


@pytest.fixture
def cases(table):
    day, kind = "2015-01-01", "care_proceedings"
    sources = ("cafcass_england", "family_court", "family_court")
    return table(CASE, [(n, 1, kind, day, source) for n, source in enumerate(sources, 1)])


@pytest.fixture
def parties(table):
    """One adult in each of two cases of two systems; who they are is given."""

    def make(*people):
        schema = {"case_id": "int64", "person_id": "int64", "role": "string"}
        return table(schema, [(n, person, "respondent") for n, person in enumerate(people, 1)])

    return make


@pytest.mark.parametrize(
    ("people", "ties", "sets"),
    [
        ((7, 7), [FOUND, DELIVERED], [(1, 1), (2, 1), (3, 1)]),
        ((7, 8), [DELIVERED], [(1, 1), (2, 2), (3, 2)]),
        ((7, None), [DELIVERED], [(1, 1), (2, 2), (3, 2)]),
    ],
)
def test_delivered_ties_stay_and_found_ones_follow_the_people(
    cases, parties, table, people, ties, sets
):
    stored = table(TIE, [FOUND, DELIVERED])
    again = tie_again(cases, stored, parties(*people), ProceedingsRule(), LOADED)
    assert plain(engine.execute(again["case_link"])) == ties
    assert plain(engine.execute(again["case"].select("case_id", "proceeding_id"))) == sets
    assert again["case"].columns == cases.columns


def test_ties_are_looked_for_only_between_sources_that_are_loaded(cases, parties):
    rule = ProceedingsRule()
    assert ties_found(cases, parties(7, 7), rule, ["family_court"]) is None
    assert engine.count_rows(ties_found(cases, parties(7, 7), rule, LOADED)) == 1
