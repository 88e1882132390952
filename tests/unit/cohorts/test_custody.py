"""Custody: journeys and segments, and the days inside a window."""

import datetime

import pytest

from justice_analysis import engine
from justice_analysis.cohorts import custody_episodes, custody_spells, time_in_custody
from justice_analysis.errors import IntervalError, MetricError, OptionError
from tests.custody import episode_table, segment, stay
from tests.delivered import plain

SEEN_TO = datetime.date(2020, 7, 1)
JOURNEY = stay(1, "2020-01-01", "2020-03-01", episode_id="a")
REMAND = segment(1, "remand", "2020-01-01", "2020-01-11", "a")
SENTENCE = segment(1, "sentence", "2020-01-11", "2020-03-01", "a")
WINDOW = (1, "2020-01-06", "2020-02-05")


@pytest.fixture(scope="module")
def backend():
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


@pytest.fixture
def days(backend):
    def run(rows, *windows, **options):
        kinds = {"person_id": "int64", "from_date": "date", "to_date": "date"}
        columns = {name: [row[at] for row in windows] for at, name in enumerate(kinds)}
        table = engine.memory_table(backend, columns, kinds)
        found = time_in_custody(
            episode_table(backend, *rows), table, **{"seen_to": SEEN_TO, **options}
        )
        return plain(engine.execute(found))

    return run


def test_a_journey_and_its_segments_are_the_same_days(days):
    assert days([JOURNEY, REMAND, SENTENCE], WINDOW) == [(*WINDOW, 30, 0)]


def test_only_the_statuses_asked_for_are_counted(days):
    rows = [JOURNEY, REMAND, SENTENCE]
    assert days(rows, WINDOW, legal_statuses=["remand"]) == [(*WINDOW, 5, 25)]
    assert days(rows, WINDOW, legal_statuses=["sentence", "recall"]) == [(*WINDOW, 25, 5)]


def test_overlapping_journeys_count_each_day_once(days):
    rows = [stay(1, "2020-01-01", "2020-01-20"), stay(1, "2020-01-10", "2020-01-21")]
    assert days(rows, WINDOW) == [(*WINDOW, 15, 15)]


def test_the_day_of_release_is_free(days):
    assert days([stay(1, "2020-01-01", "2020-01-06")], WINDOW) == [(*WINDOW, 0, 30)]


def test_whoever_is_held_is_held_to_the_last_day_seen_and_no_further(days):
    window = (1, "2020-06-01", "2020-07-01")
    assert days([stay(1, "2020-06-21", None)], window) == [(*window, 10, 20)]


def test_people_without_custody_and_several_windows_each_have_a_row(days):
    found = days([JOURNEY], (1, "2020-01-01", "2020-01-02"), (1, "2020-03-01", "2020-03-02"), (
        2, "2020-01-01", "2020-01-02"))  # fmt: skip
    assert [row[3] for row in found] == [1, 0, 0]


def test_other_kinds_of_episode_are_not_custody(days):
    rows = [stay(1, "2020-01-01", "2020-03-01", kind="licence")]
    assert days(rows, WINDOW) == [(*WINDOW, 0, 30)]


@pytest.mark.parametrize(
    ("window", "told"),
    [
        ((1, "2020-01-02", "2020-01-01"), "not end before they start: 1 windows"),
        ((1, "2020-01-02", "2020-07-02"), "not end after custody was last seen: 1 windows"),
        ((1, None, "2020-01-02"), "must be known: 1 windows"),
    ],
)
def test_a_window_that_cannot_be_counted_is_refused(days, window, told):
    with pytest.raises(IntervalError, match=told):
        days([JOURNEY], window)


def test_a_journey_without_segments_cannot_be_split(backend):
    table = episode_table(
        backend, JOURNEY, REMAND, SENTENCE, stay(2, "2020-01-01", "2020-02-01", episode_id="b")
    )
    with pytest.raises(MetricError, match="1 journeys were delivered without any"):
        custody_spells(table, legal_statuses=["remand"])


def test_remand_and_sentence_are_spells_of_their_own_where_asked(backend):
    table = episode_table(backend, JOURNEY, REMAND, SENTENCE)
    joined = custody_spells(table, legal_statuses=["remand", "sentence"])
    apart = custody_spells(table, legal_statuses=["remand", "sentence"], apart=True)
    assert plain(engine.execute(joined)) == [(1, 1, "2020-01-01", "2020-03-01", 2)]
    assert plain(engine.execute(apart)) == [
        (1, "remand", 1, "2020-01-01", "2020-01-11", 1),
        (1, "sentence", 1, "2020-01-11", "2020-03-01", 1),
    ]


def test_a_segment_without_a_journey_is_custody_too(backend):
    lone = segment(1, "remand", "2020-01-01", "2020-01-11", None)
    table = episode_table(backend, lone, JOURNEY, REMAND)
    assert engine.count_rows(custody_episodes(table)) == 2


def test_wrong_statuses_are_refused(backend):
    table = episode_table(backend, JOURNEY)
    with pytest.raises(OptionError, match="legal_statuses must be among remand"):
        custody_episodes(table, legal_statuses=["parole"])
    with pytest.raises(OptionError, match="apart must come with legal_statuses"):
        custody_spells(table, apart=True)
