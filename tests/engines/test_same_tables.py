"""Rows, keys and joins: answers that depend neither on the engine nor on the order of rows."""

from __future__ import annotations

import hashlib

import ibis
import pytest

from justice_analysis import engine
from justice_analysis.errors import EngineError, LinkageError, UsageError


def people(backend):
    return engine.memory_table(
        backend,
        {
            "person": ["a", "a", "b", "b", None, "c"],
            "day": ["2020-02-01", "2020-01-01", None, "2020-03-01", "2020-01-01", None],
            "row": [1, 2, 3, 4, 5, 6],
        },
        {"person": "string", "day": "date", "row": "int64"},
    )


def test_division_by_zero_is_missing(backend, rows):
    numbers = engine.memory_table(
        backend, {"x": [7, 1, 0, None], "y": [2, 0, 0, 3]}, {"x": "int64", "y": "int64"}
    )
    divided = numbers.select(share=engine.divide(numbers.x, numbers.y))
    assert rows(divided) == [(None,), (None,), (None,), (3.5,)]


def test_the_first_row_of_each_group_is_kept_and_missing_dates_come_last(backend, rows):
    first = engine.first_per_group(people(backend), by=["person"], order_by=["day", "row"])
    assert rows(first.select("person", "row")) == [(None, 5), ("a", 2), ("b", 4), ("c", 6)]


def test_missing_dates_come_last_in_a_falling_order_too(backend, rows):
    order = [ibis.desc("day"), "row"]
    first = engine.first_per_group(people(backend), by=["person"], order_by=order)
    assert rows(first.select("person", "row")) == [(None, 5), ("a", 1), ("b", 4), ("c", 6)]


def test_a_first_row_needs_an_order(backend):
    with pytest.raises(UsageError, match="needs a group and an order"):
        engine.first_per_group(people(backend), by=["person"], order_by=[])


def test_a_digest_is_sha256_of_marked_values(backend, rows):
    table = engine.memory_table(
        backend,
        {"name": ["Zoë", None], "day": ["2020-01-31", None], "n": [-5, None], "yes": [True, None]},
        {"name": "string", "day": "date", "n": "int32", "yes": "boolean"},
    )
    found = rows(table.select(mark=engine.digest(table.name, table.day, table.n, table.yes)))
    expected = ["3:Zoë10:2020-01-312:-54:true", "----"]
    assert found == sorted((hashlib.sha256(text.encode()).hexdigest(),) for text in expected)


def test_no_two_different_rows_have_one_digest(backend, rows):
    pairs = [("a", "bc"), ("ab", "c"), ("", None), (None, ""), ("", ""), (None, None), ("-", "-")]
    table = engine.memory_table(
        backend,
        {"x": [x for x, _ in pairs], "y": [y for _, y in pairs]},
        {"x": "string", "y": "string"},
    )
    assert len(set(rows(table.select(mark=engine.digest(table.x, table.y))))) == len(pairs)


def test_a_digest_of_floats_is_refused(backend):
    table = engine.memory_table(backend, {"x": [0.1]}, {"x": "float64"})
    with pytest.raises(UsageError, match="digest takes text"):
        engine.digest(table.x)


def test_integer_keys_number_distinct_rows_from_one_without_gaps(backend, rows):
    ids = [f"id-{number % 700}" for number in range(1500)] + [None, None]
    table = engine.memory_table(
        backend, {"id": ids, "n": range(1502)}, {"id": "string", "n": "int64"}
    )
    keys = rows(engine.integer_keys(table, ["id"], name="person_id"))
    assert sorted(key for _, key in keys) == list(range(1, 702))
    assert len({identifier for identifier, _ in keys}) == 701


def test_integer_keys_do_not_depend_on_engine_or_order(backend, rows):
    table = engine.memory_table(
        backend,
        {"system": ["x", "x", "y", "x"], "id": [1, 2, 1, 1]},
        {"system": "string", "id": "int64"},
    )
    expected = [("x", 1, 2), ("x", 2, 3), ("y", 1, 1)]
    assert rows(engine.integer_keys(table, ["system", "id"], name="key")) == expected
    turned = table.order_by(ibis.desc("id"))
    assert rows(engine.integer_keys(turned, ["system", "id"], name="key")) == expected


def test_a_named_table_holds_the_same_rows_and_may_be_named_again(backend, rows):
    table = people(backend)
    later = engine.named(table.mutate(next_row=table["row"] + 1), step="naming")
    again = engine.named(later.filter(later.next_row > 3), step="naming")
    assert rows(again.select("row", "next_row")) == [(n, n + 1) for n in (3, 4, 5, 6)]


def test_what_is_not_portable_gets_no_name(backend):
    table = people(backend)
    with pytest.raises(EngineError, match="naming: Mode"):
        engine.named(table.aggregate(most=table.person.mode()), step="naming")


def test_the_way_ibis_writes_for_others_stays_as_it_was(backend):
    before = ibis.options.sql.fuse_selects
    engine.count_rows(people(backend))
    assert ibis.options.sql.fuse_selects == before


def test_a_join_keeps_the_grain_of_its_left_side(backend, rows):
    names = engine.memory_table(
        backend,
        {"code": ["a", "b", None, None], "label": ["Alpha", "Beta", "None 1", "None 2"]},
        {"code": "string", "label": "string"},
    )
    joined = engine.join_one(people(backend), names, [("person", "code")], step="naming people")
    assert joined.columns == ("person", "day", "row", "label")
    assert rows(joined.select("row", "label")) == [
        (1, "Alpha"), (2, "Alpha"), (3, "Beta"), (4, "Beta"), (5, None), (6, None),
    ]  # fmt: skip


def test_a_join_to_repeated_keys_is_refused_with_their_number(backend):
    left = people(backend)
    right = left.select("person", other="row")
    with pytest.raises(LinkageError) as caught:
        engine.join_one(left, right, "person", step="joining people")
    assert str(caught.value) == (
        "joining people: person must be unique on the right of the join, and 2 keys stand on "
        "several rows. Choose one row per key first."
    )


def test_a_join_does_not_rename_columns_that_both_tables_have(backend):
    left = people(backend)
    right = left.filter(left.row == 1).select("person", "day")
    with pytest.raises(UsageError, match="both tables have day"):
        engine.join_one(left, right, "person", step="joining people")


def test_tables_are_stacked_by_column_name(backend, rows):
    table = people(backend)
    stacked = engine.union(table, table.select("row", "day", "person"))
    assert engine.count_rows(stacked) == 12
    assert stacked.columns == table.columns
    assert rows(stacked.filter(stacked.row == 1)) == [("a", "2020-02-01", 1)] * 2


def test_tables_with_other_columns_are_not_stacked(backend):
    table = people(backend)
    with pytest.raises(UsageError, match="must have the same columns: day differ"):
        engine.union(table, table.drop("day"))


def test_a_stored_table_is_dropped_once_nothing_holds_it(rows):
    backend = engine.connect()
    table = engine.memory_table(backend, {"n": [1, 2, 3]}, {"n": "int64"})
    stored = engine.materialise(table.mutate(twice=table.n * 2))
    name = stored.op().name
    view = engine.named(stored.filter(stored.twice > 2))
    del stored
    engine.materialise(table)
    assert rows(view) == [(2, 4), (3, 6)]
    assert name in stored_names(backend)
    del view
    engine.materialise(table)
    assert name not in stored_names(backend)
    engine.close(backend)


def stored_names(backend):
    return {
        name for (name,) in backend.raw_sql("SELECT table_name FROM duckdb_tables()").fetchall()
    }
