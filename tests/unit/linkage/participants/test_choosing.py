"""Each participant takes the best person; ties are set aside, and a person counts once."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.linkage.participants.choosing import choose

PARTICIPANT = {"participant": "int64", "index_date": "date", "birth_date": "string"}
RECORD = {
    "record": "int64",
    "population_id": "string",
    "pnc_id": "string",
    "source_table": "string",
    "source_key": "string",
}
PAIR = {
    "participant": "int64",
    "record": "int64",
    "match_weight": "float64",
    "match_probability": "float64",
}


@pytest.fixture
def outcomes(table):
    def run(pairs, *, pnc=(), dates=()):
        people = [
            (n, dict(dates).get(n, "2016-01-01"), None) for n in sorted({pair[0] for pair in pairs})
        ]
        records = [
            (n, ident, dict(pnc).get(n), "nomis", f"key-{n}")
            for n, ident in sorted({(pair[1], pair[2]) for pair in pairs})
        ]
        rows = [(p, r, w, 2.0**w / (1 + 2.0**w)) for p, r, _, w in pairs if r]
        chosen = choose(
            table(PARTICIPANT, [*people, (99, "2016-01-01", None)]),
            table(RECORD, records),
            table(PAIR, rows),
            threshold=0.9,
            tie_weight=0.01,
        )
        found = engine.execute(chosen.table).set_index("participant")
        return found, chosen.counts

    return run


def test_the_best_person_is_taken_and_one_below_the_threshold_is_not(outcomes):
    found, counts = outcomes([(1, 1, "a", 8.0), (1, 2, "b", 9.0), (2, 3, "c", 1.0)])
    assert found.loc[1, "source_key"] == "key-2"
    assert found.loc[2, "outcome"] == "below the threshold"
    assert found.loc[99, "outcome"] == "no pair found"
    assert counts["matched"] == 1


def test_two_people_as_good_are_a_tie_and_set_aside(outcomes):
    found, counts = outcomes([(1, 1, "a", 9.0), (1, 2, "b", 9.005), (2, 3, "c", 9.0)])
    assert found.loc[1, "outcome"] == "tie"
    assert counts["tie"] == 1
    assert counts["matched"] == 1


def test_another_record_of_the_same_person_is_no_rival(outcomes):
    found, _ = outcomes([(1, 1, "a", 9.0), (1, 2, "a", 9.0)])
    assert found.loc[1, "outcome"] == "matched"
    assert found.loc[1, "source_key"] == "key-1"


def test_records_with_one_pnc_id_are_one_person(outcomes):
    found, counts = outcomes(
        [(1, 1, "a", 9.0), (1, 2, "b", 9.0), (2, 2, "b", 9.0)],
        pnc={1: "99X", 2: "99X"},
        dates={1: "2017-01-01"},
    )
    assert found.loc[1, "outcome"] == "the same person again"
    assert found.loc[2, "outcome"] == "matched"
    assert counts["the same person again"] == 1


def test_of_two_participants_who_are_one_person_the_earlier_stays(outcomes):
    pairs = [(1, 1, "a", 12.0), (2, 1, "a", 9.0)]
    found, _ = outcomes(pairs, dates={1: "2017-01-01", 2: "2016-06-01"})
    assert list(found.loc[[1, 2], "outcome"]) == ["the same person again", "matched"]
    found, _ = outcomes(pairs)
    assert list(found.loc[[1, 2], "outcome"]) == ["matched", "the same person again"]
