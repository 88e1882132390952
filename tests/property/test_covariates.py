"""Look-back covariates against a slow, obvious reading of each person's rows."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.cohorts import look_back
from tests.spec import tables

FEW = settings(
    # A look-back is some twenty queries, so each world holds many lives.
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
INDEX = date(2016, 2, 29)
TWO_YEARS, YEAR = date(2014, 2, 28), date(2015, 2, 28)
SINCE = {"ever": date(1900, 1, 1), "2y": TWO_YEARS, "1y": YEAR}
# Days around every edge: the windows' first days, the index, and far from them.
EDGES = [
    day + timedelta(days=shift) for day in (TWO_YEARS, YEAR, INDEX) for shift in (-400, -1, 0, 1)
] + [INDEX + timedelta(days=400)]
CODES = ["theft", "fraud"]
WINDOWED = ["convictions", "conviction_days", "convictions_theft", "court_cases", "custody_days",
            "care_proceedings_as_parent", "family_proceedings_as_child"]  # fmt: skip
NAMES = [f"{name}_{window}" for name in WINDOWED for window in SINCE]
LAST = ["oasys_question_1_10", "imd_rank", "oasys_days"]
PEOPLE = range(1, 31)
SOURCES = ["magistrates_defendant", "crown_court_defendant", "prisoner_custodial_journey",
           "cafcass_england", "probation"]  # fmt: skip


@pytest.fixture(scope="module")
def backend():
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


def a_world(chance: random.Random, days: list[date]) -> dict[str, list]:
    """Facts of a few people, each as plain tuples that begin with the person."""
    facts = {
        "verdicts": [
            (chance.choice(PEOPLE), chance.choice(days), chance.choice(CODES),
             chance.choice(["guilty", "guilty", "not_guilty"]),
             chance.choice(["magistrates", "crown_trial", "crown_sentence"]))
            for _ in range(150)
        ],
        "custody": [],
        "care": [
            (chance.choice(PEOPLE), chance.choice(days), chance.choice(["parent", "child"]))
            for _ in range(60)
        ],
        "measures": [
            (chance.choice(PEOPLE), chance.choice(days), chance.choice(LAST[:2]),
             chance.randint(0, 9))
            for _ in range(80)
        ],
    }  # fmt: skip
    for person in PEOPLE:
        for start in chance.sample(days, 2):
            end = chance.choice([None, start, start + timedelta(days=chance.choice([1, 30, 700]))])
            facts["custody"].append((person, start, end))
    return facts


def as_warehouse(backend, *worlds: dict[str, list]):
    """The rows of some worlds as a warehouse; each fact is a case, an episode or a measure."""
    rows = {name: [] for name in ("case", "party", "matter", "matter_party", "decision",
                                  "episode", "measure", "relationship", "person")}  # fmt: skip
    trail = {"source_table": "drawn", "source_key": "drawn"}
    number = 0
    for world in worlds:
        for person, day, code, verdict, kind in world["verdicts"]:
            number += 1
            key = {"case_id": number, "source": SOURCES[kind != "magistrates"], **trail}
            rows["case"].append({**key, "proceeding_id": number, "case_type": kind,
                                 "jurisdiction": "criminal", "received_date": day})  # fmt: skip
            rows["party"].append({**key, "party_id": number, "person_id": person,
                                  "role": "defendant"})  # fmt: skip
            matter = {"matter_id": number, "source": key["source"], **trail}
            rows["matter"].append({**matter, "case_id": number, "kind": "charge", "code": code})
            rows["matter_party"].append({**matter, "party_id": number, "part": "defendant"})
            rows["decision"].append(
                {**matter, "decision_id": number, "decision_type": "verdict", "decision": verdict,
                 "decision_date": day}
            )  # fmt: skip
        for person, start, end in world["custody"]:
            number += 1
            rows["episode"].append(
                {"episode_id": number, "person_id": person, "kind": "custody",
                 "granularity": "journey", "start_date": start, "end_date": end,
                 "end_reason": "ended" if end else "open_at_extract", "source": SOURCES[2],
                 **trail}
            )  # fmt: skip
        for person, day, role in world["care"]:
            number += 2
            key = {"case_id": number, "source": SOURCES[3], **trail}
            adult, child = (person, 900 + number) if role == "parent" else (900 + number, person)
            rows["case"].append({**key, "proceeding_id": number, "case_type": "care_proceedings",
                                 "jurisdiction": "family", "received_date": day})  # fmt: skip
            parties = ((number, adult, "respondent"), (number + 1, child, "subject"))
            for party, who, part in parties:
                rows["party"].append({**key, "party_id": party, "person_id": who, "role": part})
            matter = {"matter_id": number, "source": key["source"], **trail}
            rows["matter_party"].append({**matter, "party_id": number + 1, "part": "subject"})
            rows["relationship"].append({"person_id": child, "related_person_id": adult,
                                         "kind": "parent", "source": SOURCES[3],
                                         **trail})  # fmt: skip
        for person, day, name, value in world["measures"]:
            number += 1
            concept = name.replace("oasys_", "oasys:")
            rows["measure"].append({"measure_id": number, "person_id": person, "concept": concept,
                                    "date": day, "value_number": float(value),
                                    "source": SOURCES[4], **trail})  # fmt: skip
    rows["coverage"] = [
        {"source": name, "from_date": date(2000, 1, 1), "to_date": date(2024, 1, 1), **trail}
        for name in SOURCES
    ]
    return tables.warehouse(backend, rows)


def slowly(world: dict[str, list], person: int) -> dict[str, object]:
    """Everything about one person, fact by fact."""
    found: dict[str, object] = {}
    for window, since in SINCE.items():
        inside = [row for row in world["verdicts"] if row[0] == person and since <= row[1] < INDEX]
        guilty = [row for row in inside if row[3] == "guilty" and row[4] != "crown_sentence"]
        found[f"convictions_{window}"] = len(guilty)
        found[f"convictions_theft_{window}"] = sum(row[2] == "theft" for row in guilty)
        found[f"conviction_days_{window}"] = len({row[1] for row in guilty})
        found[f"court_cases_{window}"] = len(inside)
        held = set()
        for who, start, end in world["custody"]:
            day = start
            while who == person and day < min(end or INDEX, INDEX):
                held.add(day)
                day += timedelta(days=1)
        found[f"custody_days_{window}"] = sum(since <= day for day in held)
        roles = [row[2] for row in world["care"] if row[0] == person and since <= row[1] < INDEX]
        found[f"care_proceedings_as_parent_{window}"] = roles.count("parent")
        found[f"family_proceedings_as_child_{window}"] = roles.count("child")
    for name in LAST[:2]:
        known = [(row[1], row[3]) for row in world["measures"]
                 if row[0] == person and row[2] == name and row[1] < INDEX]  # fmt: skip
        found[name] = max(known)[1] if known else None
        if name.startswith("oasys"):
            found["oasys_days"] = (INDEX - max(known)[0]).days if known else None
    return found


def quickly(backend, *worlds: dict[str, list]) -> dict[int, dict[str, object]]:
    people = engine.memory_table(
        backend,
        {"person_id": list(PEOPLE), "index_date": [INDEX] * len(PEOPLE)},
        {"person_id": "int64", "index_date": "date"},
    )
    rows = engine.execute(
        look_back(as_warehouse(backend, *worlds), people, covariates=[*NAMES, *LAST])
    )
    return {
        row["person_id"]: {
            name: None if row[name] != row[name] else row[name] for name in [*NAMES, *LAST]
        }
        for row in rows.to_dict("records")
    }


def some_world(seed: int, days: list[date]) -> dict[str, list]:
    """A world in which every history has a row, so that none is refused as not loaded."""
    chance = random.Random(seed)
    world = a_world(chance, days)
    world["measures"] += [(99, INDEX, "oasys_question_1_10", 1), (99, INDEX, "imd_rank", 1)]
    return world


@FEW
@given(seed=st.integers(0, 10_000))
def test_covariates_are_what_a_slow_reading_finds(backend, seed):
    world = some_world(seed, EDGES)
    found = quickly(backend, world)
    for person in PEOPLE:
        assert found[person] == slowly(world, person)


@FEW
@given(seed=st.integers(0, 10_000))
def test_rows_of_the_index_day_and_later_change_nothing(backend, seed):
    before = some_world(seed, EDGES)
    later = a_world(random.Random(seed + 1), [INDEX + timedelta(days=n) for n in (0, 1, 2, 400)])
    assert any(row[1] == INDEX for rows in later.values() for row in rows)
    found = quickly(backend, before, later)
    for person in PEOPLE:
        assert found[person] == slowly(before, person)
