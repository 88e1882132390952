"""Stays, remand, recall and return to custody against slow, obvious versions, day by day."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.metrics.custody import custody_spells
from justice_analysis.metrics.custody.custody_spells import spells_begun
from justice_analysis.metrics.custody.recall import RecallOptions, time_to_recall
from justice_analysis.metrics.custody.reimprisonment import (
    ReimprisonmentOptions,
    time_to_custody,
)
from tests.spec.courts_and_custody import by_person, justice_warehouse

BEGINS, SEEN_TO = date(2020, 1, 1), date(2021, 1, 1)
COVERAGE = f"""
source                    | place | from     | to
prisoner_custodial_journey | -    | {BEGINS} | {SEEN_TO}
probation                  | -    | {BEGINS} | {SEEN_TO}
"""
FIRST = date(2019, 10, 1)
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
LOST, OPEN = "missing", "open_at_extract"
Segment = tuple[str, date, date | None, str | None]


@pytest.fixture(scope="module")
def backend():
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


def segments_of(chance: random.Random) -> list[list[Segment]]:
    """Journeys of one person, each of segments that touch; only the last may lack an end."""
    day, journeys = FIRST + timedelta(days=chance.randint(0, 200)), []
    for _ in range(chance.randint(1, 4)):
        parts: list[Segment] = []
        for _ in range(chance.randint(1, 3)):
            end = day + timedelta(days=chance.choice([1, 2, 28, 60, 182, 183]))
            parts.append((chance.choice(["remand", "sentence", "recall"]), day, end, None))
            day = end
        journeys.append(parts)
        day += timedelta(days=chance.choice([0, 0, 1, 30, 90]))
    if chance.random() < 0.3:
        status, start, _, _ = journeys[-1][-1]
        journeys[-1][-1] = (status, start, None, chance.choice([LOST, OPEN]))
    return journeys


def world(backend, seed: int):
    chance = random.Random(seed)
    lives = {person: segments_of(chance) for person in range(1, 61)}
    lines = ["episode | person | kind | status | of | from | to | end"]
    for person, journeys in lives.items():
        for n, parts in enumerate(journeys):
            key, (_, _, last, why) = f"{person}.{n}", parts[-1]
            lines.append(
                f"{key} | {person} | custody | - | - | {parts[0][1]} | {_c(last)} | {_c(why)}"
            )
            lines += [
                f"{key}.{m} | {person} | custody | {status} | {key} | {a} | {_c(b)} | {_c(why)}"
                for m, (status, a, b, why) in enumerate(parts)
            ]
    return lives, lines


def _c(cell) -> str:
    return "-" if cell is None else str(cell)


def slow_stays(parts: list[Segment], gap: int = 0) -> list[tuple[date, date | None, bool]]:
    """Stays of one person in days: start, end, and whether the end (or that it lasts) is known."""
    found: list[tuple[date, date | None, bool]] = []
    for _, a, b, why in sorted(parts, key=lambda part: part[1]):
        end, known = (a + timedelta(days=1), False) if why == LOST else (b, True)
        if found and found[-1][1] is not None and (a - found[-1][1]).days <= gap:
            found[-1] = (found[-1][0], end, known)
        else:
            found.append((a, end, known))
    return [(a, b if known else None, known) for a, b, known in found]


@FEW
@given(seed=st.integers(0, 2**32), gap=st.sampled_from([0, 1, 30]))
def test_stays_and_their_lengths_are_those_counted_by_hand(backend, seed, gap):
    lives, lines = world(backend, seed)
    warehouse = justice_warehouse(backend, episodes="\n".join(lines), coverage=COVERAGE)
    for statuses in ((), ("remand",)):
        rows, flow = spells_begun(
            warehouse, legal_statuses=statuses, max_gap_days=gap, window=(None, None)
        )
        columns = ("person_id", "start_date", "duration_days", "is_over")
        found = sorted(
            (int(a), b.isoformat()[:10], int(c), bool(d))
            for a, b, c, d in engine.execute(rows.select(*columns)).itertuples(index=False)
        )
        expected, all_stays = [], 0
        for person, journeys in lives.items():
            parts = [p for parts in journeys for p in parts if not statuses or p[0] in statuses]
            if not statuses:
                parts = [("", parts[0][1], parts[-1][2], parts[-1][3]) for parts in journeys]
            for start, end, known in slow_stays(parts, gap):
                all_stays += 1
                if BEGINS <= start < SEEN_TO and known:
                    over = end is not None and end < SEEN_TO
                    last = end if over else SEEN_TO
                    expected.append((person, start.isoformat(), (last - start).days, over))
        assert found == sorted(expected)
        assert (flow.people_at_start, flow.people) == (all_stays, len(expected))


@FEW
@given(seed=st.integers(0, 2**32), followup=st.sampled_from([None, 30, 90]))
def test_each_person_returns_to_custody_as_the_card_says(backend, seed, followup):
    lives, lines = world(backend, seed)
    warehouse = justice_warehouse(backend, episodes="\n".join(lines), coverage=COVERAGE)
    frame, _ = time_to_custody(warehouse, ReimprisonmentOptions(followup_days=followup))
    expected = {}
    for person, journeys in lives.items():
        stays = slow_stays([("", parts[0][1], parts[-1][2], parts[-1][3]) for parts in journeys])
        released = [b for _, b, _ in stays if b and BEGINS <= b < SEEN_TO]
        if not released:
            continue
        day = min(released)
        end = min(SEEN_TO, day + timedelta(days=followup + 1)) if followup else SEEN_TO
        later = [a for a, _, _ in stays if day <= a < end]
        last = min(later, default=end)
        expected[person] = ((last - day).days, "event" if later else "censored")
    assert by_person(frame, "duration_days", "outcome") == expected


@FEW
@given(seed=st.integers(0, 2**32))
def test_each_person_is_recalled_as_the_card_says(backend, seed):
    lives, lines = world(backend, seed)
    chance = random.Random(seed + 1)
    licences = {
        person: [
            (start := FIRST + timedelta(days=chance.randint(0, 400)),
             chance.choice([None, start + timedelta(days=chance.randint(1, 200))]))
            for _ in range(chance.randint(0, 2))
        ]
        for person in lives
    }  # fmt: skip
    for person, held in licences.items():
        lines += [
            f"l{person}.{n} | {person} | licence | - | - | {a} | {_c(b)} | -"
            for n, (a, b) in enumerate(held)
        ]
    warehouse = justice_warehouse(backend, episodes="\n".join(lines), coverage=COVERAGE)
    frame, _ = time_to_recall(warehouse, RecallOptions())
    found = by_person(frame, "start_date", "duration_days", "outcome")
    expected = {}
    for person, held in licences.items():
        inside = [one for one in held if BEGINS <= one[0] < SEEN_TO]
        if not inside:
            continue
        start = min(a for a, _ in inside)
        end = next(b for a, b in inside if a == start)
        recalls = [a for parts in lives[person] for status, a, _, _ in parts if status == "recall"]
        recalls = [a for a in recalls if start <= a < min(end or SEEN_TO, SEEN_TO)]
        last = min(recalls, default=min(end or SEEN_TO, SEEN_TO))
        ended = end is not None and end < SEEN_TO
        outcome = "recalled" if recalls else "licence ended" if ended else "censored"
        if last > start:
            expected[person] = (start.isoformat(), (last - start).days, outcome)
    assert found == expected


@FEW
@given(seed=st.integers(0, 2**32))
def test_the_share_over_without_open_stays_is_a_plain_share(backend, seed):
    lives, lines = world(backend, seed)
    closed = [line for line in lines if not line.endswith((LOST, OPEN))]
    wide = f"source | place | from | to\nprisoner_custodial_journey | - | {FIRST} | 2030-01-01"
    warehouse = justice_warehouse(backend, episodes="\n".join(closed), coverage=wide)
    table = custody_spells(warehouse, horizons=(28, 182)).outputs["ended_by"].table
    assert (table["estimate"] - table["ended"] / table["stays"]).abs().max() < 1e-12
    assert len(lives) >= table["people"].max()
