"""Cleaning of prison and probation rows: one answer on every engine."""

from __future__ import annotations

from justice_analysis import engine
from justice_analysis.sources.mappings import custody_cleaning as cleaning


def stays(backend):
    return engine.memory_table(
        backend,
        {
            "row": ["a", "b", "c", "d", "e"],
            "person": ["p", "p", "p", None, None],
            "first": ["2020-01-01", "2020-02-01", "2020-03-09", "2020-05-01", "1900-01-01"],
            "last": ["2020-06-01", "2020-01-20", "9999-12-31", None, "2020-01-01"],
        },
        {"row": "string", "person": "string", "first": "date", "last": "date"},
    )


def test_stays_in_order_overlaps_and_followers_are_the_same(backend, rows):
    ordered = engine.materialise(cleaning.in_order(stays(backend), "first", "last"), step="test")
    found = ordered.select(
        "row",
        "start",
        "end",
        "was_exchanged",
        cleaning.overlaps_earlier(ordered, person="person").name("overlaps"),
        cleaning.next_start(ordered, person="person").name("later"),
    )
    assert rows(found) == [
        ("a", "2020-01-01", "2020-06-01", False, False, "2020-01-20"),
        ("b", "2020-01-20", "2020-02-01", True, True, "2020-03-09"),
        ("c", "2020-03-09", None, False, True, None),
        ("d", "2020-05-01", None, False, False, None),
        ("e", None, "2020-01-01", False, False, None),
    ]


def test_ethnicities_are_read_the_same(backend, rows):
    texts = {
        "White : Irish": "W2",
        " w1": "W1",
        "Z_Dummy Ethnicity 04": None,
        "": None,
        "Martian": "code:Martian",
        "Chinese": "A4",
    }
    table = engine.memory_table(backend, {"said": [*texts, None]}, {"said": "string"})
    code = cleaning.ethnicity_code(table.said)
    read = engine.materialise(table.mutate(code=code), step="test")
    found = rows(read.select("said", "code", cleaning.ethnicity_group(read.code).name("group")))
    groups = {"W2": "white", "W1": "white", "A4": "asian"}
    expected = [(said, code, groups.get(code)) for said, code in [*texts.items(), (None, None)]]
    order = [(said is not None, said, code is not None) for said, code, _ in expected]
    assert found == [row for _, row in sorted(zip(order, expected, strict=True))]
