"""The person spine equals a slow obvious version on random identifiers, missed and wrong."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.linkage.spine import build_spine

SYSTEMS = ("alf", "alf2", "xjs")
SCHEMA = dict.fromkeys(
    ("record_id", "id_system", "identifier", "level", "source", "source_table", "source_key"),
    "string",
)
# One dictionary per record: system to identifier; a system left out is a missed link.
RECORDS = st.lists(
    st.dictionaries(st.sampled_from(SYSTEMS), st.sampled_from("pqr")), min_size=1, max_size=9
)


def led_to(records: list[dict[str, str]], system: str, identifier: str) -> tuple[str, str]:
    """Where an identifier leads: up to the one most often beside it, and so on."""
    higher = SYSTEMS[: SYSTEMS.index(system)]
    beside = [record for record in records if record.get(system) == identifier]
    for above in higher:
        counts = Counter(record[above] for record in beside if above in record)
        if counts:
            chosen = min(counts, key=lambda found: (-counts[found], found))
            return led_to(records, above, chosen)
    return system, identifier


def people_of(records: list[dict[str, str]]) -> set[frozenset[int]]:
    """Groups of records that are one person; a record without identifiers is in none."""
    groups: dict[tuple[str, str], set[int]] = {}
    for number, record in enumerate(records):
        highest = next((system for system in SYSTEMS if system in record), None)
        if highest:
            groups.setdefault(led_to(records, highest, record[highest]), set()).add(number)
    return {frozenset(group) for group in groups.values()}


@pytest.fixture(scope="module")
def backend():
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(records=RECORDS)
def test_people_are_those_of_the_slow_obvious_version(backend, records):
    names = [str(number) for number in range(len(records))]
    rows = [
        (names[number], system, identifier)
        for number, record in enumerate(records)
        for system, identifier in record.items()
    ]
    columns = {
        "record_id": [row[0] for row in rows],
        "id_system": [row[1] for row in rows],
        "identifier": [row[2] for row in rows],
        **{name: ["unstated" if name == "level" else "s"] * len(rows) for name in list(SCHEMA)[3:]},
        "score": [None] * len(rows),
    }
    identifiers = engine.memory_table(backend, columns, {**SCHEMA, "score": "float64"})
    kept = {name: "string" for name in ("record_id", "source", "source_table", "source_key")}
    held = {name: names if name == "record_id" else ["s"] * len(names) for name in kept}
    spine = build_spine(engine.memory_table(backend, held, kept), identifiers, precedence=SYSTEMS)
    found = engine.execute(spine.people)
    groups = found.groupby("person_id")["record_id"].apply(lambda group: frozenset(map(int, group)))
    assert set(groups) == people_of(records)
