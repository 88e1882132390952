"""Contact across the courts against slow, obvious versions, on random small worlds."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.metrics.across import contact_overlap, contact_sequences, next_contact
from tests.spec.contacts import contact_warehouse

FEW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SEEDS = st.integers(0, 2**32)
FIRST, LAST = date(2012, 1, 1), date(2020, 1, 1)
COVERED = {"family": ("2012-01-01", "2022-01-01"), "civil": ("2010-01-01", "2020-01-01")}
ROLES = {
    "family": ("applicant", "respondent", "subject"),
    "criminal": ("defendant",),
    "civil": ("claimant", "defendant"),
}
COUNTED = {court: set(roles) - {"subject"} for court, roles in ROLES.items()}
WORDS = {court: f"{court} courts" for court in ROLES}
COLUMNS = "case set court received person role kind"


@pytest.fixture(scope="session")
def backend():
    return engine.connect()


def some_parties(chance: random.Random) -> list[dict]:
    """Parties of few people on few days, so that days and sets coincide."""
    days = [date(2011, 6, 1) + timedelta(days=183 * n) for n in range(20)]
    rows = []
    for case in range(150):
        court = chance.choice(sorted(ROLES))
        received = chance.choice(days) + timedelta(days=chance.choice([-1, 0, 0, 1]))
        kind = chance.choice(["charge", "application"]) if court == "criminal" else None
        for person in chance.sample(range(1, 41), chance.choice([1, 2])):
            rows.append(
                {"case": str(1000 + case), "set": str(1000 + case - case % chance.choice([1, 3])),
                 "court": court, "received": received, "role": chance.choice(ROLES[court]),
                 "person": None if chance.random() < 0.1 else str(person), "kind": kind}
            )  # fmt: skip
    sets = {row["case"]: row["set"] for row in rows}
    return [{**row, "set": sets[row["case"]]} for row in rows]


def drawn(backend, rows):
    names = COLUMNS.split()
    lines = [" | ".join(str(row[name] or "-") for name in names) for row in rows]
    return contact_warehouse(backend, "\n".join([" | ".join(names), *lines]), covered=COVERED)


def first_contacts(rows):
    """Day of the first contact by person, court and set."""
    found = {}
    for row in rows:
        if row["person"] and row["role"] in COUNTED[row["court"]]:
            key = (row["person"], row["court"], row["set"])
            found[key] = min(found.get(key, row["received"]), row["received"])
    return found


def indexes(rows):
    """First case about a charge by person: its day and set."""
    found = {}
    for row in rows:
        if row["person"] and row["kind"] == "charge":
            own = (row["received"], int(row["case"]), row["set"])
            found[row["person"]] = min(found.get(row["person"], own), own)
    return {person: (day, of) for person, (day, _, of) in found.items()}


def years_on(day, years):
    return day.replace(year=day.year + years)


@FEW
@given(SEEDS, st.sampled_from(["before", "after"]), st.sampled_from([1, 3]))
def test_overlap_is_that_of_looking_at_each_person(backend, seed, when, years):
    rows = some_parties(random.Random(seed))
    mixes = Counter()
    for person, (day, own) in indexes(rows).items():
        start, end = years_on(day, -years), day
        if when == "after":
            start, end = day + timedelta(days=1), years_on(day, years)
        if start < FIRST or end > LAST:
            continue
        met = {
            court
            for (who, court, of), first in first_contacts(rows).items()
            if who == person and of != own and start <= first < end
        }
        mixes[", ".join(WORDS[court] for court in ROLES if court in met) or "none"] += 1
    found = contact_overlap(
        drawn(backend, rows), cohort="defendants_first_known", when=when, years=years
    )
    table = found.outputs["combinations"].table.set_index("contact_with")["people"]
    assert table.drop("all").to_dict() == dict(mixes)
    assert table["all"] == mixes.total() > 5
    shares = found.outputs["contact"].table.set_index("outcome")["in_contact"]
    for words in WORDS.values():
        assert shares[words] == sum(n for mix, n in mixes.items() if words in mix)


@FEW
@given(SEEDS)
def test_the_next_contact_is_the_earliest_of_any_court(backend, seed):
    rows = some_parties(random.Random(seed))
    horizons, seen, followed = (200, 1_000), Counter(), 0
    for person, (day, own) in indexes(rows).items():
        if day >= LAST:
            continue
        followed += 1
        later = [
            (first, list(ROLES).index(court), court)
            for (who, court, of), first in first_contacts(rows).items()
            if who == person and of != own and day < first < LAST
        ]
        if later:
            first, _, court = min(later)
            for horizon in horizons:
                seen[horizon, WORDS[court]] += (first - day).days <= horizon
    found = next_contact(drawn(backend, rows), cohort="defendants_first_known", horizons=horizons)
    assert found.people == followed
    assert sum(seen.values()) > 10
    for horizon in horizons:
        for words in WORDS.values():
            assert found.at(horizon, cause=words)["returned"] == seen[horizon, words]


@FEW
@given(SEEDS)
def test_orders_are_those_of_sorting_each_persons_first_days(backend, seed):
    rows = some_parties(random.Random(seed))
    days = {}
    for (person, court, _), first in first_contacts(rows).items():
        if FIRST <= first < LAST:
            of = days.setdefault(person, {})
            of[court] = min(of.get(court, first), first)
    orders = Counter(
        ", then ".join(
            WORDS[court]
            for court in sorted(of, key=lambda court, of=of: (of[court], list(ROLES).index(court)))
        )
        for of in days.values()
    )
    table = contact_sequences(drawn(backend, rows)).table.set_index("order")["people"]
    assert table.drop("all").to_dict() == dict(orders)
    assert len(orders) > 3
