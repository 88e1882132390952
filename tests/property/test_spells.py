"""Spells and time in custody equal slow obvious versions on random episodes."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.cohorts import merge_into_spells, time_in_custody
from tests.custody import (
    FIRST_DAY,
    day,
    days_by_day,
    episode_table,
    spells_by_day,
    spells_by_ties,
    stay,
)
from tests.delivered import plain

LAST_DAY = 60
SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
LASTING = st.tuples(st.integers(0, 40), st.integers(1, 12) | st.none()).map(
    lambda one: (one[0], None if one[1] is None else one[0] + one[1])
)
SHORT = st.tuples(st.integers(0, 30), st.integers(0, 4)).map(lambda one: (one[0], sum(one)))
PEOPLE = st.dictionaries(st.integers(1, 3), st.lists(LASTING, min_size=1, max_size=6))


@pytest.fixture(scope="module")
def backend():
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


def table_of(backend, people):
    rows = [stay(who, day(a), day(b)) for who, held in people.items() for a, b in held]
    return episode_table(backend, *rows)


def merged(backend, people, max_gap_days):
    spells = merge_into_spells(table_of(backend, people), max_gap_days=max_gap_days)
    return plain(engine.execute(spells))


@SETTINGS
@given(people=PEOPLE, max_gap_days=st.integers(0, 4))
def test_spells_are_those_found_by_going_through_the_days(backend, people, max_gap_days):
    expected = [
        (who, number, day(first), day(last), episodes)
        for who, held in people.items()
        for number, (first, last, episodes) in enumerate(
            spells_by_day(held, max_gap_days=max_gap_days, last_day=LAST_DAY), start=1
        )
    ]
    assert merged(backend, people, max_gap_days) == sorted(expected, key=str)


@SETTINGS
@given(held=st.lists(SHORT, min_size=1, max_size=7), max_gap_days=st.integers(0, 4))
def test_spells_are_those_found_by_tying_every_two_near_episodes(backend, held, max_gap_days):
    expected = [
        (1, number, day(first), day(last), episodes)
        for number, (first, last, episodes) in enumerate(
            spells_by_ties(held, max_gap_days=max_gap_days), start=1
        )
    ]
    assert merged(backend, {1: held}, max_gap_days) == sorted(expected, key=str)


@SETTINGS
@given(
    people=PEOPLE,
    window=st.tuples(st.integers(0, 50), st.integers(0, 9)).map(lambda one: (one[0], sum(one))),
)
def test_days_in_custody_are_those_counted_one_by_one(backend, people, window):
    first, last = window
    windows = engine.memory_table(
        backend,
        {"person_id": [1, 2, 3], "from_date": [day(first)] * 3, "to_date": [day(last)] * 3},
        {"person_id": "int64", "from_date": "date", "to_date": "date"},
    )
    seen_to = FIRST_DAY + datetime.timedelta(days=LAST_DAY)
    found = time_in_custody(table_of(backend, people), windows, seen_to=seen_to)
    expected = {who: days_by_day(people.get(who, []), window, LAST_DAY) for who in (1, 2, 3)}
    assert {row[0]: row[3] for row in plain(engine.execute(found))} == expected
