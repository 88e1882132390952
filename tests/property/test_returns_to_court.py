"""Returns to court, reconviction and proven reoffending against slow, obvious versions."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.metrics.criminal.prolific_users import ProlificOptions, cases_per_person
from justice_analysis.metrics.criminal.proven_definition import ProvenOptions
from justice_analysis.metrics.criminal.proven_reoffending import reoffending
from justice_analysis.metrics.criminal.reconviction import reconvicted
from justice_analysis.metrics.criminal.reconviction_definition import ReconvictionOptions
from justice_analysis.metrics.criminal.returning_defendants import time_to_return
from justice_analysis.metrics.criminal.returning_definition import ReturningOptions
from tests.spec.courts_and_custody import by_person, justice_warehouse

COURTS = {"m:1": date(2015, 1, 1), "m:2": date(2016, 7, 1)}
BEGINS, SEEN_TO = date(2011, 1, 1), date(2024, 4, 1)
COVERAGE = "source | place | from | to\n" + "\n".join(
    f"magistrates_defendant | {court} | {BEGINS} | {day}" for court, day in COURTS.items()
)
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # a seed has no simpler neighbour
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
OPTIONS = st.fixed_dictionaries(
    {
        "index_from": st.sampled_from([None, "2012-01-01"]),
        "index_to": st.sampled_from([None, "2013-06-01"]),
        "lookback_years": st.sampled_from([0, 1]),
        "published": st.booleans(),
        "breaches": st.sampled_from(["exclude", "include"]),
        "dated_by": st.sampled_from(["received", "first_hearing"]),
        "courts": st.sampled_from(["magistrates", "both"]),
        "observed_to": st.sampled_from([None, "2014-03-01"]),
        "followup_days": st.sampled_from([None, 100, 365]),
        "custody": st.sampled_from(["ignore", "censor", "exclude"]),
    }
).map(
    lambda o: o | {"breaches": "exclude", "dated_by": "received"} if o["published"] else o
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One case of one person; `offences` are days, missing, or "breach"."""

    name: str
    proceedings: str
    kind: str
    court: str
    received: date | None
    heard: date
    offences: tuple
    convicted: date | None
    given: str


@dataclass(frozen=True)
class Life:
    cases: list[Case]
    stays: list[tuple[date, date | None, str | None]]


def a_life(chance: random.Random, person: int) -> Life:
    cases, day = [], date(2011, 3, 1) + timedelta(days=chance.randint(0, 700))
    for n in range(chance.randint(1, 5)):
        day += timedelta(days=chance.choice([0, 1, 30, 99, 100, 101, 364, 365, 366, 500]))
        offences = [
            chance.choice([day - timedelta(days=chance.choice([1, 20, 60, 200, 400]))] * 6
                          + [None, "breach"])
            for _ in range(chance.randint(1, 2))
        ]  # fmt: skip
        ended = day + timedelta(days=chance.choice([10, 40, 200, 600]))
        given = chance.choice(["fine", "fine", "immediate_custody", "-"])
        received = chance.choice([day] * 9 + [None])
        heard = day + timedelta(days=10)
        court = chance.choice(list(COURTS))
        name = f"{person}-{n}"
        case = Case(name, name, "magistrates", court, received, heard, tuple(offences),
                    chance.choice([ended, ended, None]), given)  # fmt: skip
        cases.append(case)
        if chance.random() < 0.25:
            tied = chance.choice([name, f"{name}-crown"])
            cases.append(Case(f"{name}-crown", tied, "crown_trial", "c:1", ended, ended,
                              tuple(offences), ended + timedelta(days=50), given))  # fmt: skip
    stays, free = [], date(2011, 1, 5) + timedelta(days=chance.randint(0, 600))
    for _ in range(chance.randint(0, 3)):
        start = free + timedelta(days=chance.randint(1, 500))
        free = start + timedelta(days=chance.randint(1, 200))
        stays.append((start, free, None))
    if stays and chance.random() < 0.3:
        start = stays.pop()[0]
        stays.append((start, None, chance.choice(["missing", "open_at_extract"])))
    return Life(cases, stays)


def lives_of(seed: int) -> dict[int, Life]:
    chance = random.Random(seed)
    return {person: a_life(chance, person) for person in range(1, 81)}


def drawn(lives: dict[int, Life]) -> tuple[str, str]:
    charges = ["case|set|type|person|received|heard|offence|code|verdict|convicted|given|on|court"]
    episodes = ["person | kind | from | to | end"]
    for person, life in lives.items():
        for c in life.cases:
            for offence in c.offences:
                breach = offence == "breach"
                cells = [c.name, c.proceedings, c.kind, person, c.received, c.heard,
                         None if breach else offence, "breach" if breach else "theft",
                         "guilty" if c.convicted else None, c.convicted,
                         c.given if c.convicted else None, c.convicted, c.court]  # fmt: skip
                charges.append(" | ".join("-" if x is None else str(x) for x in cells))
        episodes += [
            f"{person} | custody | {a} | {b or '-'} | {why or '-'}" for a, b, why in life.stays
        ]
    return "\n".join(charges), "\n".join(episodes)


def make(backend, lives):
    charges, episodes = drawn(lives)
    return justice_warehouse(backend, charges, episodes=episodes, coverage=COVERAGE)


@pytest.fixture(scope="module")
def backend():
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


def last_offence(case: Case) -> date | None:
    return max((day for day in case.offences if isinstance(day, date)), default=None)


def only_breaches(case: Case) -> bool:
    return all(offence == "breach" for offence in case.offences)


def day_of(case: Case, o) -> date | None:
    return case.heard if o.published or o.dated_by == "first_hearing" else case.received


def slow_return(life: Life, o: ReturningOptions) -> tuple[int, str] | None:
    kinds = ("magistrates", "crown_trial") if o.courts == "both" else ("magistrates",)
    cases = [c for c in life.cases if c.kind in kinds]
    if not o.published and o.breaches == "exclude":
        cases = [c for c in cases if not only_breaches(c)]
    dated = [c for c in cases if day_of(c, o)]
    if not dated:
        return None
    earliest = min(day_of(c, o) for c in dated)
    ids = {c.name: n for n, c in enumerate(life.cases)}
    first = min((c for c in dated if day_of(c, o) == earliest), key=lambda c: ids[c.name])
    start, end = earliest, COURTS.get(first.court)
    if end is None:  # a Crown Court is in no coverage of magistrates' courts: the common period
        end = min(COURTS.values())
    if not _admitted(start, o) or start >= end:
        return None
    if o.followup_days is not None:
        end = min(end, start + timedelta(days=o.followup_days + 1))
    if o.observed_to:
        if start >= date.fromisoformat(o.observed_to):
            return None
        end = min(end, date.fromisoformat(o.observed_to))
    if o.custody == "censor":
        end = min([end, *(_stop(start, stay) for stay in life.stays)])
    returns = [day for day in _returns(cases, first, start, o) if day < end]
    last = min(returns, default=end)
    days = (last - start).days
    if o.custody == "exclude":
        days -= sum(_held(start + timedelta(days=n), life) for n in range(days))
    return (days, "event" if returns else "censored") if days > 0 else None


def _admitted(start: date, o) -> bool:
    since = BEGINS.replace(year=BEGINS.year + o.lookback_years)
    return (
        start >= since
        and (not o.index_from or start >= date.fromisoformat(o.index_from))
        and (not o.index_to or start < date.fromisoformat(o.index_to))
    )


def _stop(start: date, stay) -> date:
    begins, ends, why = stay
    if why == "missing":
        ends = begins + timedelta(days=1)
    if ends is not None and ends <= start:
        return date.max
    return start if begins <= start else begins + timedelta(days=1)


def _held(day: date, life: Life) -> bool:
    ends = [
        (a, a + timedelta(days=1) if why == "missing" else b or SEEN_TO) for a, b, why in life.stays
    ]
    return any(a <= day < b for a, b in ends)


def _returns(cases, first, start, o):
    groups: dict[str, list[Case]] = {}
    for c in cases:
        groups.setdefault(c.proceedings, []).append(c)
    begun = {last_offence(c) for c in cases if c.kind == "magistrates"} - {None}
    for name, rows in groups.items():
        days = [day_of(c, o) for c in rows if day_of(c, o)]
        if name == first.proceedings or not days or min(days) <= start:
            continue
        alone = all(c.kind != "magistrates" for c in rows)
        offence = max((d for c in rows if (d := last_offence(c))), default=None)
        if not o.published and alone and offence in begun:
            continue
        new = offence is not None and offence > start
        breach = o.breaches == "include" and all(only_breaches(c) for c in rows)
        if o.published or new or breach:
            yield min(days)


@FEW
@given(seed=st.integers(0, 2**32), options=st.lists(OPTIONS, min_size=3, max_size=3))
def test_each_defendant_returns_as_the_card_says(backend, seed, options):
    lives = lives_of(seed)
    warehouse = make(backend, lives)
    for given_options in options:
        o = ReturningOptions(**given_options)
        frame, flow = time_to_return(warehouse, o)
        expected = {person: slow_return(life, o) for person, life in lives.items()}
        found = by_person(frame, "duration_days", "outcome")
        assert found == {person: one for person, one in expected.items() if one}, o
        assert flow.people == len(found)


@FEW
@given(seed=st.integers(0, 2**32), courts=st.sampled_from(["magistrates", "both"]))
def test_each_defendant_has_as_many_cases_as_a_count_by_hand(backend, seed, courts):
    lives = lives_of(seed)
    people, _ = cases_per_person(make(backend, lives), ProlificOptions(courts=courts))
    rows = engine.execute(people)
    found = {int(row.person_key): int(row.cases) for row in rows.itertuples()}
    expected = {}
    for person, life in lives.items():
        kinds = ("magistrates", "crown_trial") if courts == "both" else ("magistrates",)
        cases = [c for c in life.cases if c.kind in kinds]
        offences = {c.proceedings for c in cases if not only_breaches(c)}
        counted = [name for name in offences if _counts(cases, name)]
        if counted:
            expected[person] = len(counted)
    assert found == expected


def _own(cases: list[Case]) -> set[str]:
    return {c.proceedings for c in cases if c.kind == "magistrates"}


def _counts(cases: list[Case], name: str) -> bool:
    """Whether the set is dated and no Crown Court double of a magistrates' case."""
    rows = [c for c in cases if c.proceedings == name]
    if not any(c.received for c in rows):
        return False
    offence = max((d for c in rows if (d := last_offence(c))), default=None)
    begun = {last_offence(c) for c in cases if c.kind == "magistrates"} - {None}
    return name in _own(cases) or offence not in begun


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def slow_reconviction(life: Life) -> tuple[str, int | None] | None:
    sentences: dict[tuple[str, date], list[str]] = {}
    for c in life.cases:
        if c.convicted and c.given != "-":
            sentences.setdefault((c.proceedings, c.convicted), []).append(c.given)
    index = [
        (day, "sentenced in court, not to custody", name)
        for (name, day), given_here in sentences.items()
        if "immediate_custody" not in given_here
    ]
    index += [
        (b, "released from custody", "") for _, b, _ in life.stays if b and BEGINS <= b < SEEN_TO
    ]
    if not index:
        return None
    names = {c.proceedings: n for n, c in enumerate(life.cases)}
    day, event, name = min(index, key=lambda one: (one[0], one[1], names.get(one[2], -1)))
    before = [c for c in life.cases if c.kind == "magistrates" and c.received]
    before = [c for c in before if c.received <= day]
    latest = max((c.received for c in before), default=None)
    courts = [c.court for c in before if c.received == latest]
    until = COURTS[courts[0]] if courts else min(COURTS.values())
    if day >= until or add_months(day, 18) > until:
        return None
    days = [
        (offence - day).days
        for c in life.cases
        if c.convicted and c.proceedings != name and c.convicted < add_months(day, 18)
        for offence in c.offences
        if isinstance(offence, date)
        and day <= offence < add_months(day, 12)
        and c.convicted >= offence
    ]
    return event, min(days, default=None)


@FEW
@given(seed=st.integers(0, 2**32))
def test_each_person_is_reconvicted_as_the_card_says(backend, seed):
    lives = lives_of(seed)
    people, _ = reconvicted(make(backend, lives), ReconvictionOptions())
    found = by_person(people, "index_event", "duration_days")
    expected = {person: slow_reconviction(life) for person, life in lives.items()}
    assert found == {person: one for person, one in expected.items() if one}


OUTCOMES = ["youth_caution", "fine", "immediate_custody", "community_sentence"]


def records_of(seed: int) -> dict[int, list[tuple[str, date, date, str]]]:
    """Police records of people: case, day of offence, day proven, outcome."""
    chance = random.Random(seed)
    found = {}
    for person in range(1, 81):
        day, rows = date(2014, 1, 31) + timedelta(days=chance.randint(0, 60)), []
        for n in range(chance.randint(1, 4)):
            for _ in range(chance.choice([1, 1, 2])):
                before = timedelta(days=chance.choice([0, 1, 30, 180]))
                rows.append((f"{person}-{n}", day - before, day, chance.choice(OUTCOMES)))
            day += timedelta(days=chance.choice([1, 180, 364, 365, 366, 540, 548, 3000]))
        found[person] = rows
    return found


def slow_proven(rows, stays) -> tuple[int, int | None] | None:
    dates = []
    for case, proven in {(r[0], r[2]) for r in rows}:
        given_here = [r[3] for r in rows if r[0] == case]
        if "immediate_custody" in given_here:
            ends = [b for a, b in stays if a <= proven + timedelta(days=7) and b > proven]
            dates += [(min(ends), "released from custody", case)] if ends else []
        else:
            cautioned = all("caution" in one for one in given_here)
            event = "cautioned" if cautioned else "sentenced, not to custody"
            dates.append((proven, event, case))
    if not dates:
        return None
    day, _, case = min(dates)
    if add_months(day, 18) > SEEN_TO:
        return None
    again = [
        (offence - day).days
        for name, offence, proven, _ in rows
        if name != case and day <= offence < add_months(day, 12) and proven < add_months(day, 18)
    ]
    return len(again), min(again, default=None)


@FEW
@given(seed=st.integers(0, 2**32))
def test_each_person_reoffends_as_the_card_says(backend, seed):
    records = records_of(seed)
    chance = random.Random(seed)
    stays = {
        person: [(r[2], r[2] + timedelta(days=chance.choice([30, 200])))
                 for r in rows[:1] if r[3] == "immediate_custody"]
        for person, rows in records.items()
    }  # fmt: skip
    charges = ["case | type | person | offence | given | on"] + [
        f"{case} | pnc_record | {person} | {offence} | {outcome} | {proven}"
        for person, rows in records.items()
        for case, offence, proven, outcome in rows
    ]
    held = ["person | kind | from | to"] + [
        f"{person} | custody | {a} | {b}" for person, both in stays.items() for a, b in both
    ]
    warehouse = justice_warehouse(backend, "\n".join(charges), episodes="\n".join(held))
    people, _ = reoffending(warehouse, ProvenOptions())
    found = by_person(people, "reoffences", "duration_days")
    expected = {person: slow_proven(rows, stays[person]) for person, rows in records.items()}
    assert found == {person: one for person, one in expected.items() if one}
