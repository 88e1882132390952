"""Spells and time in custody: one answer on every engine."""

from __future__ import annotations

import datetime

from justice_analysis import engine
from justice_analysis.cohorts import custody_spells, merge_into_spells, time_in_custody
from tests.custody import episode_table, segment, stay

ROWS = [
    stay(1, "2020-01-01", "2020-01-05", episode_id="a"),
    stay(1, "2020-01-01", "2020-01-05", episode_id="b"),
    stay(1, "2020-01-03", "2020-01-04", episode_id="c"),
    stay(1, "2020-01-07", None, episode_id="d"),
    stay(1, "2020-03-01", "2020-03-02", episode_id="e"),
    stay(2, "2020-02-28", "2020-02-28", episode_id="f"),
]


def test_spells_are_the_same(backend, rows):
    episodes = episode_table(backend, *ROWS)
    assert rows(merge_into_spells(episodes, max_gap_days=0)) == [
        (1, 1, "2020-01-01", "2020-01-05", 3),
        (1, 2, "2020-01-07", None, 2),
        (2, 1, "2020-02-28", "2020-02-28", 1),
    ]
    assert rows(merge_into_spells(episodes, max_gap_days=2)) == [
        (1, 1, "2020-01-01", None, 5),
        (2, 1, "2020-02-28", "2020-02-28", 1),
    ]


def test_no_episodes_are_no_spells(backend, rows):
    assert rows(merge_into_spells(episode_table(backend), max_gap_days=0)) == []


def test_ends_that_are_not_known_are_the_same(backend, rows):
    episodes = episode_table(backend, stay(1, "2020-02-29", None, end_reason="lost"))
    spells = merge_into_spells(episodes, max_gap_days=0, unknown_ends="first_day")
    assert rows(spells) == [(1, 1, "2020-02-29", "2020-03-01", 1)]


def test_legal_statuses_are_the_same(backend, rows):
    episodes = episode_table(
        backend,
        stay(1, "2020-01-01", None, episode_id="a"),
        segment(1, "remand", "2020-01-01", "2020-02-01", "a"),
        segment(1, "sentence", "2020-02-01", None, "a"),
    )
    spells = custody_spells(episodes, legal_statuses=["remand", "sentence"], apart=True)
    assert rows(spells) == [
        (1, "remand", 1, "2020-01-01", "2020-02-01", 1),
        (1, "sentence", 1, "2020-02-01", None, 1),
    ]


def test_days_in_custody_are_the_same(backend, rows):
    windows = engine.memory_table(
        backend,
        {
            "person_id": [1, 1, 3],
            "from_date": ["2020-01-01", "2020-02-01", "2020-01-01"],
            "to_date": ["2020-02-01", "2020-03-01", "2020-02-01"],
        },
        {"person_id": "int64", "from_date": "date", "to_date": "date"},
    )
    counted = time_in_custody(
        episode_table(backend, *ROWS), windows, seen_to=datetime.date(2020, 3, 1)
    )
    assert rows(counted) == [
        (1, "2020-01-01", "2020-02-01", 29, 2),
        (1, "2020-02-01", "2020-03-01", 29, 0),
        (3, "2020-01-01", "2020-02-01", 0, 31),
    ]
