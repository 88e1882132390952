"""Episodes to spells: overlaps, gaps, what is open and what is not known."""

import pytest

from justice_analysis import engine
from justice_analysis.cohorts import merge_into_spells
from justice_analysis.errors import IntervalError, OptionError
from tests.custody import episode_table, stay
from tests.delivered import plain


@pytest.fixture(scope="module")
def backend():
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


@pytest.fixture
def spells(backend):
    def run(*rows, max_gap_days=0, **options):
        found = merge_into_spells(
            episode_table(backend, *rows), max_gap_days=max_gap_days, **options
        )
        return plain(engine.execute(found))

    return run


def test_touching_episodes_are_one_spell_and_a_day_between_makes_two(spells):
    found = spells(
        stay(1, "2020-01-01", "2020-01-05"),
        stay(1, "2020-01-05", "2020-01-08"),
        stay(1, "2020-01-09", "2020-01-10"),
    )
    assert found == [
        (1, 1, "2020-01-01", "2020-01-08", 2),
        (1, 2, "2020-01-09", "2020-01-10", 1),
    ]


def test_a_gap_no_longer_than_is_allowed_joins_two(spells):
    rows = [stay(1, "2020-01-01", "2020-01-05"), stay(1, "2020-01-08", "2020-01-10")]
    assert len(spells(*rows, max_gap_days=2)) == 2
    assert spells(*rows, max_gap_days=3) == [(1, 1, "2020-01-01", "2020-01-10", 2)]


def test_a_short_episode_inside_a_long_one_does_not_end_it(spells):
    found = spells(
        stay(1, "2020-01-01", "2020-02-01"),
        stay(1, "2020-01-03", "2020-01-04"),
        stay(1, "2020-01-20", "2020-02-10"),
    )
    assert found == [(1, 1, "2020-01-01", "2020-02-10", 3)]


def test_equal_episodes_are_counted_and_make_one_spell(spells):
    found = spells(*[stay(1, "2020-01-01", "2020-01-05")] * 3)
    assert found == [(1, 1, "2020-01-01", "2020-01-05", 3)]


def test_an_open_episode_takes_in_all_that_follows(spells):
    found = spells(stay(1, "2020-01-01", None), stay(1, "2021-01-01", "2021-02-01"))
    assert found == [(1, 1, "2020-01-01", None, 2)]


def test_people_are_never_joined_and_rows_without_a_person_are_left_out(spells):
    found = spells(
        stay(1, "2020-01-01", "2020-01-05"),
        stay(2, "2020-01-05", "2020-01-08"),
        stay(None, "2020-01-01", "2020-01-08"),
    )
    assert [row[0] for row in found] == [1, 2]


def test_an_episode_of_one_day_has_no_days_and_still_joins(spells):
    found = spells(
        stay(1, "2020-01-01", "2020-01-05"),
        stay(1, "2020-01-06", "2020-01-06"),
        stay(1, "2020-01-07", "2020-01-08"),
        max_gap_days=1,
    )
    assert found == [(1, 1, "2020-01-01", "2020-01-08", 3)]


def test_spells_of_two_kinds_stand_apart_where_asked(spells):
    rows = [
        stay(1, "2020-01-01", "2020-01-05", kind="custody"),
        stay(1, "2020-01-05", "2020-01-08", kind="licence"),
        stay(1, "2020-01-08", "2020-01-09", kind="custody"),
    ]
    assert len(spells(*rows)) == 1
    assert spells(*rows, apart=["kind"]) == [
        (1, "custody", 1, "2020-01-01", "2020-01-05", 1),
        (1, "custody", 2, "2020-01-08", "2020-01-09", 1),
        (1, "licence", 1, "2020-01-05", "2020-01-08", 1),
    ]


@pytest.mark.parametrize("reason", ["missing", "lost"])
def test_an_end_that_was_not_recorded_is_not_an_open_one(spells, reason):
    row = stay(1, "2020-01-01", None, end_reason=reason)
    with pytest.raises(IntervalError, match="1 have an end that was not recorded"):
        spells(row)
    assert spells(row, unknown_ends="first_day") == [(1, 1, "2020-01-01", "2020-01-02", 1)]
    assert spells(row, unknown_ends="ongoing") == [(1, 1, "2020-01-01", None, 1)]


def test_without_a_reason_a_missing_end_is_ongoing(backend):
    table = episode_table(backend, stay(1, "2020-01-01", None)).drop("end_reason")
    assert plain(engine.execute(merge_into_spells(table, max_gap_days=0))) == [
        (1, 1, "2020-01-01", None, 1)
    ]


def test_impossible_dates_are_refused_all_at_once_and_counted(spells):
    with pytest.raises(IntervalError) as caught:
        spells(
            stay(1, "2020-01-05", "2020-01-01"),
            stay(1, "2020-01-05", "2020-01-02"),
            stay(1, None, "2020-01-02"),
        )
    told = str(caught.value)
    assert "2 episodes end before they start" in told
    assert "start_date must be known: 1 episodes" in told
    assert "2020" not in told


def test_no_episodes_make_no_spells(spells):
    assert spells() == []


def test_wrong_options_are_refused(spells, backend):
    with pytest.raises(OptionError, match="must not be negative"):
        spells(max_gap_days=-1)
    with pytest.raises(OptionError, match="unknown_ends must be one of"):
        spells(unknown_ends="guess")
    with pytest.raises(OptionError, match="must have colour"):
        spells(apart=["colour"])
