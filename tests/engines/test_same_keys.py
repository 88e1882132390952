"""Row ids: the same number on every engine, and what the rule in plain Python gives."""

from __future__ import annotations

import hashlib

import ibis
import pytest

from justice_analysis import engine
from justice_analysis.errors import UsageError
from justice_analysis.sources.row_ids import SYSTEMS, key, place_key
from tests.row_ids import digest, row_id

HASH = hashlib.sha256(b"a row").hexdigest()
TEXTS = [
    "",
    "a",
    "12",
    "caf\u00e9 \u20ac",
    HASH,
    HASH.upper(),
    # Of the length of a digest, and yet not one, each in another way.
    f"{HASH[:5]}_{HASH[6:]}",
    f"g{HASH[1:]}",
    f"{HASH[:14]} {HASH[15:]}",
    f"+{HASH[1:]}",
    HASH[:32],
]
NUMBERS = [0, 1, 2**40 - 1, 2**40, 2**53 + 1, 2**62 - 1, 2**62, 2**63 - 1, -1]


@pytest.fixture
def ids_of(backend, rows):
    """Ids of values, made by a function of their column; as text, since they are long."""

    def run(make, values, kind, **more):
        table = engine.memory_table(
            backend,
            {"place": range(len(values)), "value": values, **more},
            {"place": "int64", "value": kind, **dict.fromkeys(more, "string")},
        )
        found = rows(table.select("place", id=make(table).cast("string")))
        return [None if text is None else int(text) for _, text in found]

    return run


def test_a_text_is_its_leading_digits_if_it_is_a_digest_and_else_digested(ids_of):
    expected = [row_id("nomis", text) for text in TEXTS]
    assert ids_of(lambda t: key("nomis", t.value), TEXTS, "string") == expected
    assert expected[TEXTS.index(HASH)] == 2**60 + (int(HASH[:15], 16) ^ digest("nomis"))


def test_a_whole_number_is_kept_where_it_fits(ids_of):
    expected = [row_id("cms", number) for number in NUMBERS]
    assert ids_of(lambda t: key("cms", t.value), NUMBERS, "int64") == expected
    assert expected[1] % 2**40 == 1
    assert len(set(expected)) == len(NUMBERS)


def test_several_columns_are_digested_together(ids_of):
    made = ids_of(lambda t: key("cms", t.value, t.other), [1, 2], "int64", other=["a", HASH])
    assert made == [row_id("cms", 1, "a"), row_id("cms", 2, HASH)]


@pytest.mark.parametrize("names", [SYSTEMS, ("one that no list names", "another")])
def test_a_system_in_a_column_gives_the_ids_of_the_system_named(ids_of, names):
    values = [7] * len(names)
    made = ids_of(lambda t: key(t.system, t.value), values, "int64", system=list(names))
    assert made == [row_id(name, 7) for name in names]


def test_an_id_may_be_the_key_of_another_id(ids_of):
    births = ids_of(lambda t: key("birth", key("cms", t.value)), [1, 2], "int64")
    assert births == [row_id("birth", row_id("cms", number)) for number in (1, 2)]
    texts = ids_of(lambda t: key("birth", key("cms", t.value)), [HASH], "string")
    assert texts == [row_id("birth", row_id("cms", HASH))]


def test_where_a_part_is_missing_the_id_is(ids_of):
    assert ids_of(lambda t: key("cms", t.value), [None, 1], "int64")[0] is None
    assert ids_of(lambda t: key("cms", t.value), [None, "a"], "string")[0] is None
    assert ids_of(lambda t: key("cms", t.value, t.other), [1], "int64", other=[None]) == [None]
    assert ids_of(lambda t: key(t.other, t.value), [1], "int64", other=[None]) == [None]


def test_the_ranges_of_numbers_and_of_digests_do_not_meet():
    numbers = [row_id(system, number) for system in SYSTEMS for number in (0, 2**40 - 1)]
    digests = [row_id(system, text) for system in SYSTEMS for text in TEXTS]
    assert min(numbers) >= 2**61
    assert max(digests) < 2**61
    assert max(numbers) < 2**62


def test_no_two_systems_share_the_range_of_numbers():
    assert len({row_id(system, 0) for system in SYSTEMS}) == len(SYSTEMS)


def test_a_place_keeps_its_code_as_text(backend, rows):
    table = engine.memory_table(backend, {"code": [3]}, {"code": "int64"})
    assert rows(table.select(place=place_key("court", table.code))) == [("court:3",)]


def test_a_key_of_no_column_or_of_a_fraction_is_refused():
    with pytest.raises(UsageError, match="at least one key"):
        key("cms")
    with pytest.raises(UsageError, match="not float64"):
        key("cms", ibis.literal(1.5))
