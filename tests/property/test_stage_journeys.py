"""Journeys through stages against slow, obvious versions, case by case, on random worlds."""

from __future__ import annotations

import calendar
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.metrics.journeys import path_variants, stage_queues, stage_waits
from tests.spec.stages import STAGES, divorces

START, END = date(2011, 1, 1), date(2013, 1, 1)
COVERED = (("north", str(START), str(END)), ("south", str(START), "2012-05-20"))
FEW = settings(
    max_examples=4, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
PASSAGES = (("petition", "conditional"), ("conditional", "final"))
NAMES = {"petition": "petition", "conditional": "conditional order", "final": "final order"}


def world(seed: int) -> list[dict]:
    """Cases with gaps of few days, so that rules turn; some dates missing, out of order, late."""
    chance = random.Random(seed)
    rows = []
    for number in range(chance.randint(5, 40)):
        day, made = START + timedelta(chance.randint(-20, 740)), {}
        for column in STAGES:
            made[column] = (
                day if chance.random() < (0.97 if column == "petition" else 0.75) else None
            )
            day += timedelta(chance.choice([-3, 0, 1, 5, 40, 120, 300]))
        status = chance.choice(["open", "open", "closed", "stale", "migrated", "unknown"])
        active = max([d for d in made.values() if d] or [day])
        rows.append(
            {"case": f"case {number}", "court": chance.choice(["north", "south", "elsewhere"]),
             **made, "status": status, "active": active,
             "closed": active + timedelta(chance.randint(0, 9)) if status == "closed" else None,
             "person": f"person {chance.randint(0, 30)}" if chance.random() < 0.95 else "nobody"}
        )  # fmt: skip
    return rows


def drawn(rows):
    text = [{k: str(v) if isinstance(v, date) else v for k, v in row.items()} for row in rows]
    return divorces(engine.connect(), text, covered=COVERED)


def stays(rows):
    """(passage, case, entered, left or none, end, why) for every stage that counts, slowly."""
    # A court that the data do not name is covered where every court is.
    for row in rows:
        last = row["final"]
        for number, (one, other) in enumerate(PASSAGES):
            entered, left = row[one], row[other]
            skipped = number == 0 and left is None and last is not None
            if entered is None or row["person"] == "nobody" or not START <= entered < END:
                continue
            if skipped or (left and left < entered):
                continue
            name = f"{NAMES[one]} to {NAMES[other]}"
            if left and left < END:
                yield name, row, entered, left, left, "left"
                continue
            ends = [(END, 2, "end of data")]
            if row["closed"] and row["closed"] >= entered:
                ends.append((row["closed"], 0, "closed"))
            if row["status"] in ("stale", "unknown", "migrated"):
                ends.append((max(entered, row["active"]), 1, row["status"]))
            end, _, why = min(ends)
            yield name, row, entered, None, end, why


def kaplan_meier_day(pairs, share):
    """First day on which no more than 1 - share are left, by (day, whether left)."""
    left_share = 1.0
    for day in sorted({d for d, _ in pairs}):
        at_risk = sum(d >= day for d, _ in pairs)
        gone = sum(d == day and has_left for d, has_left in pairs)
        left_share *= 1 - gone / at_risk
        if left_share <= 1 - share + 1e-12:
            return day
    return None


@FEW
@given(seed=st.integers(0, 10_000))
def test_medians_by_exit_and_by_entry_are_those_of_a_slow_count(seed):
    rows = world(seed)
    every = list(stays(rows))
    if not any(stay[3] for stay in every):
        pytest.skip("no case left a stage in this world.")
    found = stage_waits(drawn(rows), by="year").outputs
    ended, entered = {}, {}
    for name, _, begin, left, end, _ in every:
        if left:
            ended.setdefault((name, f"in {left.year}"), []).append((left - begin).days)
        pair = ((end - begin).days, left is not None)
        entered.setdefault((name, f"in {begin.year}"), []).append(pair)
    table = found["ended"].table
    shown = table[table["ended"] != "all"].set_index(["stage", "ended"])
    assert shown["cases"].to_dict() == {key: len(days) for key, days in ended.items()}
    for key, days in ended.items():
        ordered = sorted(days)
        middle = (ordered[(len(days) - 1) // 2] + ordered[len(days) // 2]) / 2
        assert shown.loc[key, "median"] == middle
    table = found["entered"].table
    shown = table[table["entered"] != "all"].set_index(["stage", "entered"])["median"].to_dict()
    slow = {key: kaplan_meier_day(pairs, 0.5) for key, pairs in entered.items()}
    assert shown == {key: day for key, day in slow.items() if day is not None}


@FEW
@given(seed=st.integers(0, 10_000))
def test_who_waits_at_the_end_of_each_month_is_counted_case_by_case(seed):
    rows = world(seed)
    months = [date(y, m, calendar.monthrange(y, m)[1]) for y in (2011, 2012) for m in range(1, 13)]
    expected, people = Counter(), {}
    for name, row, entered, _, end, why in stays(rows):
        gone = date(2012, 5, 20) if row["court"] == "south" else None
        doubtful = why in ("stale", "unknown", "migrated")
        for day in months:
            if entered > day or (end <= day and not doubtful):
                continue
            if (gone and gone <= day) or (why == "migrated" and end <= day):
                continue
            if doubtful and why != "migrated" and end <= day:
                continue
            key = name, f"{day:%Y-%m}"
            expected[key] += 1
            people.setdefault(key, set()).add(row["person"])
    table = stage_queues(drawn(rows)).table.set_index(["stage", "month"])
    assert {k: n for k, n in table["cases"].to_dict().items() if n} == dict(expected)
    busy = table["people"][table["people"] > 0].to_dict()
    assert busy == {key: len(held) for key, held in people.items()}


@FEW
@given(seed=st.integers(0, 10_000))
def test_paths_are_those_of_a_slow_ordering(seed):
    rows = [row for row in world(seed) if row["person"] != "nobody"]
    expected = Counter()
    for row in rows:
        days = sorted({row[name] for name in STAGES if row[name] and row[name] < END})
        steps = [" and ".join(NAMES[n] for n in STAGES if row[n] == day) for day in days]
        expected[", then ".join(steps) or "no stage is dated"] += 1
    found = path_variants(drawn(rows), least_people=1, most_paths=99).table
    shown = dict(zip(found["path"], found["cases"], strict=True))
    assert shown.pop("all") == len(rows)
    assert shown == dict(expected)
