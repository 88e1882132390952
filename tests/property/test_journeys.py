"""Stages of journeys and time at risk equal slow obvious versions on random small tables."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.cohorts.journey_stages import Coverage, crown_of, nearest_episode
from justice_analysis.cohorts.time_at_risk import time_at_risk
from tests.delivered import plain

SETTINGS = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FIRST = datetime.date(2020, 1, 1)
PERSON = st.one_of(st.none(), st.integers(1, 3))
DAY = st.integers(0, 12)


def day(number):
    return None if number is None else FIRST + datetime.timedelta(days=number)


@pytest.fixture(scope="module")
def backend():
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


def memory(backend, schema, rows):
    columns = {name: [row[n] for row in rows] for n, name in enumerate(schema)}
    return engine.memory_table(backend, columns, schema)


# The nearest episode ----------------------------------------------------------------------

EPISODES = st.lists(
    st.tuples(PERSON, DAY, st.one_of(st.none(), st.integers(0, 6)), st.booleans()), max_size=6
)
ASKED = st.lists(st.tuples(PERSON, DAY), max_size=4)


def nearest_slowly(person, asked, episodes, *, within, held):
    """The number of the best episode, going through all of them."""
    best = None
    for number, (whose, start, length, is_open) in enumerate(episodes):
        if whose is None or whose != person:
            continue
        lasts = held and start <= asked and (is_open if length is None else start + length >= asked)
        if not lasts and abs(start - asked) > within:
            continue
        rank = (0 if lasts else 1, abs(start - asked), start, number)
        best = rank if best is None else min(best, rank)
    return None if best is None else best[-1]


@SETTINGS
@given(asked=ASKED, episodes=EPISODES, within=st.integers(0, 4), held=st.booleans())
def test_the_nearest_episode_is_that_of_going_through_all(backend, asked, episodes, within, held):
    expected = [
        (at, nearest_slowly(person, when, episodes, within=within, held=held))
        for at, (person, when) in enumerate(asked)
    ]
    days = memory(
        backend,
        {"party_id": "int64", "person_id": "int64", "day": "date", "kind": "string"},
        [(at, person, day(when), "custody") for at, (person, when) in enumerate(asked)],
    )
    rows = [
        (n, person, "custody", day(start), day(None if size is None else start + size), is_open)
        for n, (person, start, size, is_open) in enumerate(episodes)
    ]
    kinds = {"episode_id": "int64", "person_id": "int64", "kind": "string"}
    kinds |= {"start_date": "date", "end_date": "date", "is_open": "boolean"}
    covered = memory(backend, {"source": "string", "from_date": "date", "to_date": "date"}, [])
    whole = covered.aggregate(seen_from=covered.from_date.min(), seen_to=covered.to_date.max())
    found = nearest_episode(
        days,
        memory(backend, kinds, rows),
        Coverage(covered, whole),
        within_days=within,
        held=held,
    )
    assert plain(engine.execute(found.select("party_id", "episode_id"))) == expected


# Defendants sent to the Crown Court -------------------------------------------------------

LOWER = st.lists(st.tuples(st.integers(0, 2), PERSON, st.one_of(st.none(), DAY)), max_size=5)
UPPER = st.lists(st.tuples(st.integers(10, 12), PERSON, DAY), max_size=5)
TIES = st.dictionaries(
    st.tuples(st.integers(0, 2), st.integers(10, 12)), st.sampled_from([0.5, 0.9]), max_size=4
)


def chosen_slowly(candidates):
    """Pairs from the best down, each defendant once."""
    taken, found = set(), set()
    for _, lower, upper in sorted(candidates):
        if lower not in taken and upper not in taken:
            taken |= {lower, upper}
            found.add((lower, upper))
    return found


def crown_slowly(lower, upper, ties, *, within):
    """Pairs of a magistrates' row and a Crown Court row, written out."""
    lowers = {at: row for at, row in enumerate(lower)}
    uppers = {100 + at: row for at, row in enumerate(upper)}

    def gap(one, other):
        sent, received = lowers[one][2], uppers[other][2]
        return 99_999 if sent is None else abs(received - sent)

    tied = [
        (one, other)
        for one in lowers
        for other in uppers
        if (lowers[one][0], uppers[other][0]) in ties
    ]
    same = chosen_slowly(
        ((-ties[lowers[one][0], uppers[other][0]], gap(one, other)), one, other)
        for one, other in tied
        if lowers[one][1] is not None and lowers[one][1] == uppers[other][1]
    )
    gone = {at for pair in same for at in pair}
    rest = [p for p in tied if not set(p) & gone and lowers[p[0]][2] is not None]
    alone = {
        p
        for p in rest
        if sum(q[0] == p[0] for q in rest) == 1 and sum(q[1] == p[1] for q in rest) == 1
    }
    held = {lowers[one][0] for one, _ in tied}
    led = {uppers[other][0] for _, other in tied}
    near = chosen_slowly(
        ((-1, gap(one, other)), one, other)
        for one in lowers
        for other in uppers
        if lowers[one][0] not in held
        and uppers[other][0] not in led
        and lowers[one][2] is not None
        and lowers[one][1] is not None
        and lowers[one][1] == uppers[other][1]
        and gap(one, other) <= within
    )
    return sorted(same | alone | near)


@SETTINGS
@given(lower=LOWER, upper=UPPER, ties=TIES, within=st.integers(0, 5))
def test_defendants_sent_up_are_paired_as_when_written_out(backend, lower, upper, ties, within):
    expected = crown_slowly(lower, upper, ties, within=within)
    sent = memory(
        backend,
        {"party_id": "int64", "case_id": "int64", "person_id": "int64", "sent_date": "date"},
        [(at, case, person, day(when)) for at, (case, person, when) in enumerate(lower)],
    )
    names = ("crown_party_id", "crown_case_id", "crown_person_id")
    crown = memory(
        backend,
        {**dict.fromkeys(names, "int64"), "crown_received_date": "date"},
        [(100 + at, case, person, day(when)) for at, (case, person, when) in enumerate(upper)],
    )
    tied = memory(
        backend,
        {"case_id": "int64", "related_case_id": "int64", "score": "float64"},
        [(one, other, score) for (one, other), score in ties.items()],
    )
    found, _ = crown_of(sent, crown, tied, within_days=within)
    assert plain(engine.execute(found.select("party_id", "crown_party_id"))) == expected


# Time at risk -----------------------------------------------------------------------------

PERIODS = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), DAY, st.integers(1, 5)), min_size=1, max_size=4
)
PEOPLE = st.lists(st.tuples(st.sampled_from(["a", "b"]), DAY), max_size=4)


def seen_until_slowly(place, start, periods):
    """The first day, from the start, on which a place is not covered; None if it is not then."""
    covered = {
        one for at, first, length in periods if at == place for one in range(first, first + length)
    }
    if start not in covered:
        return None
    last = start
    while last in covered:
        last += 1
    return last


@SETTINGS
@given(periods=PERIODS, people=PEOPLE)
def test_people_are_followed_day_by_day_while_their_place_is_covered(backend, periods, people):
    places = {place for place, _, _ in periods}
    kept = [(number, *person) for number, person in enumerate(people) if person[0] in places]
    until = {number: seen_until_slowly(place, start, periods) for number, place, start in kept}
    expected = [(number, until[number] - start) for number, _, start in kept if until[number]]
    kinds = {"source": "string", "place_id": "string", "from_date": "date", "to_date": "date"}
    coverage = memory(
        backend,
        {**kinds, "reason": "string"},
        [("s", place, day(first), day(first + size), "r") for place, first, size in periods],
    )
    index = memory(
        backend,
        {"person_id": "int64", "place_id": "string", "start_date": "date"},
        [(number, place, day(start)) for number, place, start in kept],
    )
    found = time_at_risk(SimpleNamespace(coverage=coverage, sources={}), index, source="s")
    assert plain(engine.execute(found.select("person_id", "days_at_risk"))) == expected
