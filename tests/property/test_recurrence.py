"""Recurrence against a slow, obvious version of its card, person by person, on random lives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.metrics.family.recurrence import time_to_return
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions
from tests.spec.family import care_warehouse

OBSERVED = (date(2007, 4, 1), date(2013, 4, 1))
# Days at which a rule turns, each with its neighbours.
GAPS = [0, 0, 1, 9, 10, 11, 90, 258, 259, 260, 364, 365, 366, 700, 1100]
# Days from an issue to a birth: about a year before it, on it, 37 weeks after it.
BIRTHS = [-1500, -366, -365, -364, -363, -20, -1, 0, 1, 258, 259, 260]
FIRST_DAYS = [date(2007, 4, 1), date(2008, 3, 31), date(2008, 4, 1), date(2009, 4, 1),
              date(2008, 5, 1), date(2010, 4, 30), date(2010, 5, 1)]  # fmt: skip
FEW = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    # A seed has no simpler neighbour: shrinking would only take time.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
OPTIONS = st.fixed_dictionaries(
    {
        "gap_days": st.sampled_from([0, 10, 30]),
        "overlapping": st.sampled_from(["count", "same_set"]),
        "endpoint": st.sampled_from(["any", "new_child", "new_infant", "infant", "existing_child"]),
        "risk_start_days": st.sampled_from([0, 1, 10, 259]),
        "clock": st.sampled_from(["issue", "final_order"]),
        "followup_days": st.sampled_from([None, 260, 365, 1000]),
        "lookback_years": st.sampled_from([0, 1, 2, 3]),
        "split_later_born": st.booleans(),
        "birth_day": st.sampled_from(["last", "first"]),
        "index_from": st.sampled_from([None, "2008-05-01"]),
        "index_to": st.sampled_from([None, "2010-05-01"]),
    }
).filter(lambda o: not (o["overlapping"] == "same_set" and o["clock"] == "final_order"))


@dataclass(frozen=True)
class Case:
    """One case row of a life: children are pairs of tie and birth, as drawn, by their id."""

    case: str
    proceedings: str
    issued: date
    order: date | None
    role: str
    kind: str
    children: dict[int, tuple[str, str | None]]


@dataclass
class Part:
    """A set of proceedings, or the part of it that a later-born child makes."""

    issue: date
    order: date | None
    name: str
    is_later: bool
    births: list[date]


def a_life(chance: random.Random, person: int) -> list[Case]:
    """Some sets of one mother, of one or two cases each, not all of them about care."""
    days = [chance.choice(FIRST_DAYS) + timedelta(days=chance.choice([0, 0, 200]))]
    for _ in range(chance.randint(0, 3)):
        days.append(days[-1] + timedelta(days=chance.choice(GAPS)))
    if chance.random() < 0.2:
        days[-1] = max(days[-1], OBSERVED[1] - timedelta(days=chance.choice([0, 1])))
    family = {
        person * 1000 + n: (chance.choice(["parent"] * 5 + ["step"]), _birth_near(days, chance))
        for n in range(4)
    }
    cases = []
    for n, day in enumerate(days):
        kind = chance.choice(["care_proceedings"] * 5 + ["private_law"])
        for twin in range(chance.choice([1, 1, 1, 2])):
            issued = day + timedelta(days=twin * chance.choice([0, 3]))
            order = issued + timedelta(days=chance.choice(GAPS))
            role = chance.choice(["respondent", "respondent", "other", "applicant"])
            children = dict(chance.sample(sorted(family.items()), chance.randint(1, 2)))
            order = chance.choice([order, order, order, None])
            name, proceedings = f"{person}-{n}-{twin}", f"{person}-{n}"
            cases.append(Case(name, proceedings, issued, order, role, kind, children))
    return cases


def _birth_near(days: list[date], chance: random.Random) -> str | None:
    """A birth at a turning day of one of the sets, to the day, to the month or not known."""
    birth = chance.choice(days) + timedelta(days=chance.choice(BIRTHS))
    return chance.choice([birth.isoformat()] * 3 + [f"{birth:%Y-%m}", None])


def drawn(lives: dict[int, list[Case]]) -> str:
    lines = ["case | set | issued | order | mother | role | child | born | type | tie"]
    for person, cases in lives.items():
        for c in cases:
            for child, (tie, born) in c.children.items():
                cells = [c.case, c.proceedings, c.issued, c.order, person, c.role, child, born,
                         c.kind, tie]  # fmt: skip
                lines.append(" | ".join("-" if cell is None else str(cell) for cell in cells))
    return "\n".join(lines)


def slow(cases: list[Case], o: RecurrenceOptions) -> tuple[str, tuple] | None:
    """What the card says of one person: the step that loses them, or how they were followed."""
    merged = _joined(sorted(_parts(cases, o), key=lambda p: (p.issue, p.name, p.is_later)), o)
    if not merged:
        return None
    index, *later = merged
    years = o.lookback_years
    if index.issue < OBSERVED[0].replace(year=OBSERVED[0].year + years):
        return "look-back", ()
    if o.index_from and index.issue < date.fromisoformat(o.index_from):
        return "from", ()
    if o.index_to and index.issue >= date.fromisoformat(o.index_to):
        return "to", ()
    start = index.issue if o.clock == "issue" else index.order
    if start is None:
        return "order", ()
    end = OBSERVED[1]
    if o.followup_days is not None:
        end = min(end, start + timedelta(days=o.followup_days + 1))
    for one in later:
        days = (one.issue - start).days
        if one.issue < end and days > 0 and days >= o.risk_start_days and _counts(one, index, o):
            return _followed(days, "event", o)
    return _followed((end - start).days, "censored", o)


def _followed(days: int, outcome: str, o: RecurrenceOptions) -> tuple[str, tuple]:
    return ("followed", (days, outcome)) if days >= max(o.risk_start_days, 1) else ("at risk", ())


def _parts(cases: list[Case], o: RecurrenceOptions) -> Iterator[Part]:
    care = [c for c in cases if c.kind == "care_proceedings"]
    for name in dict.fromkeys(c.proceedings for c in care):
        rows = [c for c in care if c.proceedings == name]
        issue = min(c.issued for c in rows)
        order = max((c.order for c in rows if c.order), default=None)
        children = [child for c in rows for child in c.children.values()]
        own = [_birth(born, o) for tie, born in children if tie == "parent"]
        births = [birth for birth in own if birth]
        later = [b for b in births if o.split_later_born and (b - issue).days >= 259]
        if own:
            yield Part(issue, order, name, False, [b for b in births if b not in later])
        if later:
            yield Part(min(later), order, name, True, later)


def _birth(born: str | None, o: RecurrenceOptions) -> date | None:
    if born is None or len(born) == 10:
        return born and date.fromisoformat(born)
    year, month = map(int, born.split("-"))
    if o.birth_day == "first":
        return date(year, month, 1)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _joined(parts: list[Part], o: RecurrenceOptions) -> list[Part]:
    merged: list[Part] = []
    for n, part in enumerate(parts):
        near = n > 0 and (part.issue - parts[n - 1].issue).days <= o.gap_days
        # A set whose end is not known is not taken to be open.
        ends = [earlier.order for earlier in parts[:n] if earlier.order]
        overlaps = o.overlapping == "same_set" and any(part.issue < end for end in ends)
        if near or overlaps:
            last = merged[-1]
            last.births = last.births + part.births
            last.order = max((d for d in (last.order, part.order) if d), default=None)
        else:
            merged.append(Part(part.issue, part.order, part.name, part.is_later, part.births))
    return merged


def _counts(one: Part, index: Part, o: RecurrenceOptions) -> bool:
    youngest = max(one.births, default=None)
    new = youngest is not None and youngest >= index.issue
    infant = youngest is not None and (one.issue - youngest).days < 365
    return {"any": True, "new_child": new, "new_infant": new and infant, "infant": infant,
            "existing_child": not new}[o.endpoint]  # fmt: skip


@pytest.fixture(scope="session")
def backend():
    return engine.connect()


@FEW
@given(seed=st.integers(0, 2**32), options=st.lists(OPTIONS, min_size=2, max_size=3))
def test_recurrence_is_what_its_card_says_of_each_person(backend, seed, options):
    chance = random.Random(seed)
    lives = {person: a_life(chance, person) for person in range(1, 301)}
    observed = tuple(day.isoformat() for day in OBSERVED)
    warehouse = care_warehouse(backend, drawn(lives), observed=observed)
    for chosen in options:
        compare(warehouse, lives, RecurrenceOptions(**chosen))


def compare(warehouse, lives: dict[int, list[Case]], options: RecurrenceOptions) -> None:
    frame, flow = time_to_return(warehouse, options)
    rows = engine.execute(frame.select("person_id", "duration_days", "outcome"))
    found = {int(p): (int(days), outcome) for p, days, outcome in rows.itertuples(index=False)}
    expected = {person: slow(cases, options) for person, cases in lives.items()}
    assert found == {p: one[1] for p, one in expected.items() if one and one[0] == "followed"}
    lost = pd.Series([one[0] for one in expected.values() if one]).value_counts()
    assert flow.people_at_start == lost.sum()
    assert flow.people == lost.get("followed", 0) == len(rows)
    excluded = flow.table()["people_excluded"][1:]
    assert sorted(excluded[excluded > 0]) == sorted(lost.drop("followed", errors="ignore"))
