"""Private law, divorce and civil claims against slow, obvious versions on random rows."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from statistics import mean, median

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.metrics import civil, family
from tests.spec.courts import civil_warehouse, family_warehouse

CAO, PSO = "child_arrangements_order", "prohibited_steps_order"
ORDERS = [CAO, "no_order", "application_withdrawn", "case_management_direction"]
END = date(2016, 1, 1)
COVERED = ("2011-01-01", END.isoformat())
FIRST = date(2015, 1, 1)
GAPS = [-7, -1, 0, 1, 6, 7, 14, 30, 90, 91, 92, 180, 300]
FEW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # a seed has no simpler neighbour
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SEEDS = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def backend():
    return engine.connect()


def drawn(rows: list[dict]) -> str:
    columns = list(rows[0])
    lines = [" | ".join(columns)]
    for row in rows:
        lines.append(" | ".join("-" if row[c] in (None, "") else str(row[c]) for c in columns))
    return "\n".join(lines)


def maybe(chance: random.Random, value, share=0.8):
    return value if chance.random() < share else None


def later(chance: random.Random, day: date | None) -> date | None:
    return day and day + timedelta(days=chance.choice(GAPS))


def words(orders) -> str:
    return " ".join(f"{'*' if final else ''}{kind}@{day}" for kind, day, final in orders)


def quarter(day: date) -> str:
    return f"{day.year} Q{(day.month + 2) // 3}"


# Private law ----------------------------------------------------------------------------


def an_application(chance: random.Random, number: int) -> dict:
    applied = FIRST + timedelta(days=chance.randint(0, 330))
    orders = [
        (chance.choice(ORDERS), later(chance, applied), chance.random() < 0.5)
        for _ in range(chance.randint(0, 3))
    ]
    return {
        "case": f"case{number // 2}",
        "type": "private_law",
        "received": FIRST,
        "closed": None,
        "child": f"{1 + number % 7}",
        "order": chance.choice([CAO, PSO, "care_order"]),
        "applied": maybe(chance, applied, 0.95),
        "orders": orders,
    }


def some_applications(seed: int) -> list[dict]:
    chance = random.Random(seed)
    rows = [an_application(chance, number) for number in range(40)]
    closed = {row["case"]: maybe(chance, END - timedelta(days=chance.randint(0, 90)), 0.3)
              for row in rows}  # fmt: skip
    unique = {(row["case"], row["child"], row["order"]): row for row in rows}
    return [{**row, "closed": closed[row["case"]]} for row in unique.values()]


def disposal(row: dict) -> date | None:
    after = [day for kind, day, _ in row["orders"]
             if kind != "case_management_direction" and day >= row["applied"]]  # fmt: skip
    return min(after, default=None)


@FEW
@given(seed=SEEDS, cases=st.sampled_from(["ended", "any"]), published=st.booleans())
def test_private_law_durations_are_what_the_card_says(backend, seed, cases, published):
    rows = some_applications(seed)
    warehouse = family_warehouse(
        backend, drawn([{**r, "orders": words(r["orders"])} for r in rows])
    )
    found = family.private_law_timeliness(warehouse, cases=cases, published=published)
    final = {r["case"] for r in rows if any(is_final for _, _, is_final in r["orders"])}
    days = {}
    for row in rows:
        ended = row["closed"] or row["case"] in final or cases == "any"
        if row["order"] != "care_order" and row["applied"] and ended and disposal(row):
            label = quarter(disposal(row))
            for key in (label, "all"):
                days.setdefault(key, []).append((disposal(row) - row["applied"]).days)
    assert found.table["quarter"].tolist()[0] == "all"
    assert set(found.table["quarter"]) == set(days)
    for row in found.table.itertuples():
        assert row.applications == len(days[row.quarter])
        weeks = sorted(n / 7 for n in days[row.quarter])
        if published:
            assert row.mean == pytest.approx(mean(n // 7 for n in days[row.quarter]))
            assert row.median == pytest.approx(weeks[(len(weeks) - 1) // 2])
        else:
            assert row.mean == pytest.approx(mean(weeks))
            assert row.median == pytest.approx(median(weeks))


# Divorce --------------------------------------------------------------------------------


def a_divorce(chance: random.Random, number: int) -> dict:
    petition = FIRST + timedelta(days=chance.randint(-200, 364))
    conditional = maybe(chance, later(chance, petition))
    final = maybe(chance, later(chance, conditional or petition), 0.5)
    return {
        "case": f"case{number}",
        "type": "divorce",
        "received": petition,
        "petition": petition,
        "conditional": conditional if conditional and conditional < END else None,
        "final": final if final and final < END else None,
        "closed": maybe(chance, END - timedelta(days=chance.randint(1, 60)), 0.1),
        "applicants": f"{number}",
        "respondents": f"{1000 + number}",
    }


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


@FEW
@given(seed=SEEDS, published=st.booleans())
def test_progression_is_the_share_of_petitions_by_quarters(backend, seed, published):
    chance = random.Random(seed)
    rows = [a_divorce(chance, number) for number in range(60)]
    warehouse = family_warehouse(backend, drawn(rows), covered=COVERED)
    options = {"period": None, "quarters": 3, "published": published}
    found = family.divorce_progression(warehouse, **options).table
    kept = [r for r in rows
            if not (r["conditional"] and r["conditional"] < r["petition"])
            and not (r["final"] and not r["conditional"])]  # fmt: skip
    surviving, expected = 1.0, []
    for k in (1, 2, 3):

        def took(r, n):
            return bool(r["conditional"]) and r["conditional"] <= months_later(r["petition"], 3 * n)

        seen = [r for r in kept if published or months_later(r["petition"], 3 * k) < END]
        at_risk = [r for r in seen if not took(r, k - 1) or k == 1]
        reached = [r for r in at_risk if took(r, k)]
        surviving *= 1 - len(reached) / len(at_risk) if at_risk else 1
        expected.append(1 - surviving)
    assert found["petitions"].tolist() == [len(kept)] * len(found)
    assert found["estimate"].tolist() == pytest.approx(expected[: len(found)])


@FEW
@given(seed=SEEDS, stage=st.sampled_from(["conditional_order", "final_order"]))
def test_an_entry_cohort_of_divorces_is_the_aalen_johansen_of_its_days(backend, seed, stage):
    chance = random.Random(seed)
    rows = [a_divorce(chance, number) for number in range(60)]
    warehouse = family_warehouse(backend, drawn(rows), covered=COVERED)
    options = {"stage": stage, "cohort": "entry", "period": None, "by": None}
    found = family.divorce_stages(warehouse, horizon_weeks=(4, 26), **options).table
    followed = [one for one in (spell(r, stage) for r in rows) if one]
    for row in found.itertuples():
        weeks = int(row.horizon.split()[0])
        assert row.divorces == len(followed)
        assert row.estimate == pytest.approx(incidence(followed, row.outcome, weeks * 7))


def spell(row: dict, stage: str) -> tuple[int, str] | None:
    day = row["conditional" if stage == "conditional_order" else "final"]
    if day and day < row["petition"]:
        return None
    if stage == "conditional_order" and row["final"] and not day:
        return None
    closed = max(row["closed"], row["petition"]) if row["closed"] else None
    if day and not (closed and closed < day):
        return (day - row["petition"]).days, "order made"
    if closed:
        return (closed - row["petition"]).days, "case closed without the order"
    return (END - row["petition"]).days, "censored"


def incidence(followed: list[tuple[int, str]], cause: str, day: int) -> float:
    surviving, total = 1.0, 0.0
    for time in sorted({t for t, _ in followed if t <= day}):
        at_risk = sum(t >= time for t, _ in followed)
        events = Counter(outcome for t, outcome in followed if t == time)
        total += surviving * events[cause] / at_risk
        surviving *= 1 - (sum(events.values()) - events["censored"]) / at_risk
    return total


# Representation -------------------------------------------------------------------------


@FEW
@given(seed=SEEDS)
def test_sides_are_represented_if_one_party_is(backend, seed):
    chance = random.Random(seed)
    rows, expected = [], Counter()
    for number in range(40):
        sides = [[chance.random() < 0.5 for _ in range(chance.choice([0, 1, 1, 2]))]
                 for _ in range(2)]  # fmt: skip
        names = [
            " ".join(f"{number * 10 + side * 5 + n}{'+' * has}" for n, has in enumerate(who))
            for side, who in enumerate(sides)
        ]
        rows.append({"case": f"c{number}", "type": "private_law", "received": FIRST,
                     "applicants": names[0], "respondents": names[1]})  # fmt: skip
        if any(sides):
            expected[told(sides)] += 1
    found = family.representation(family_warehouse(backend, drawn(rows)), period=None, by=None)
    table = found.table.set_index("represented")["cases"].drop("all")
    assert table.to_dict() == dict(expected)


def told(sides: list[list[bool]]) -> str:
    if not all(sides):
        return "no party of one side recorded"
    first, second = (any(who) for who in sides)
    if first and second:
        return "applicant and respondent"
    return "applicant only" if first else "respondent only" if second else "neither"


# Civil claims ---------------------------------------------------------------------------

JUDGMENTS = ["default_judgment", "judgment_after_hearing", "claim_dismissed"]


def a_claim(chance: random.Random, number: int) -> dict:
    issued = FIRST + timedelta(days=chance.randint(0, 300))
    judged = [(chance.choice(JUDGMENTS), later(chance, issued))
              for _ in range(chance.choice([0, 1, 1, 2]))]  # fmt: skip
    judged = [(kind, day) for kind, day in judged if day < END]
    warrants = [later(chance, judged[0][1])] if judged and chance.random() < 0.5 else []
    return {
        "claim": f"claim{number}",
        "kind": chance.choice(["money", "possession"]),
        "issued": maybe(chance, issued, 0.95),
        "claimants": chance.choice(["org:a", "org:a", "org:b", "501"]),
        "defendants": maybe(chance, str(chance.randint(1, 15)), 0.9),
        "defence": maybe(chance, later(chance, issued), 0.3),
        "judgments": judged,
        "warrants": [day for day in warrants if day < END],
        "closed": maybe(chance, END - timedelta(days=chance.randint(1, 200)), 0.2),
    }


def some_claims(seed: int) -> list[dict]:
    chance = random.Random(seed)
    return [a_claim(chance, number) for number in range(60)]


def claims_drawn(backend, rows):
    text = [{**r, "judgments": " ".join(f"{kind}@{day}" for kind, day in r["judgments"]),
             "warrants": " ".join(f"control@{day}" for day in r["warrants"])}
            for r in rows]  # fmt: skip
    return civil_warehouse(backend, drawn(text), covered=COVERED)


def first_judged(row: dict) -> date | None:
    return min((day for _, day in row["judgments"]), default=None)


@FEW
@given(seed=SEEDS)
def test_judgments_are_timed_from_issue(backend, seed):
    rows = some_claims(seed)
    warehouse = claims_drawn(backend, rows)
    dated = [r for r in rows if r["issued"]]
    timely = [r for r in dated if not (first_judged(r) and first_judged(r) < r["issued"])]
    days = {}
    for row in timely:
        if first_judged(row):
            for key in (row["kind"], "all"):
                days.setdefault(key, []).append((first_judged(row) - row["issued"]).days)
    exits = civil.time_to_judgment(warehouse, period=None).table
    for row in exits.itertuples():
        assert row.claims == len(days[row.kind])
        assert row.mean == pytest.approx(mean(days[row.kind]) / 7)
    options = {"cohort": "entry", "period": None, "by": None, "horizon_weeks": (2, 13)}
    entry = civil.time_to_judgment(warehouse, **options).table
    followed = [waited(r) for r in timely if not (r["closed"] and r["closed"] < r["issued"])]
    for row in entry.itertuples():
        weeks = int(row.horizon.split()[0])
        assert row.claims == len(followed)
        assert row.estimate == pytest.approx(incidence(followed, row.outcome, weeks * 7))


def waited(row: dict) -> tuple[int, str]:
    day, closed = first_judged(row), row["closed"]
    if day and not (closed and closed < day):
        return (day - row["issued"]).days, "judgment"
    if closed:
        return (closed - row["issued"]).days, "ended without a judgment"
    return (END - row["issued"]).days, "censored"


@FEW
@given(seed=SEEDS)
def test_defences_warrants_and_repeats_are_counted_by_hand(backend, seed):
    rows = some_claims(seed)
    warehouse = claims_drawn(backend, rows)
    dated = [r for r in rows if r["issued"]]
    honest = [r for r in dated if not (r["defence"] and r["defence"] < r["issued"])]
    table = civil.defended_claims(warehouse, period=None, by=None).table
    assert table["claims"].tolist() == [len(honest)]
    assert table["defended"].tolist() == [sum(bool(r["defence"]) for r in honest)]

    claims = {}
    for row in dated:
        if row["defendants"]:
            claims.setdefault(row["defendants"], set()).add(row["claim"])
    repeat = civil.repeat_litigants(warehouse).table
    assert repeat["people"].tolist() == [len(claims)]
    assert repeat["is_repeat"].tolist() == [sum(len(held) > 1 for held in claims.values())]

    concentration = civil.repeat_litigants(warehouse, role="claimant", largest=(1,))
    brought = Counter(r["claimants"] for r in dated if r["claimants"].startswith("org:"))
    most = concentration.outputs["concentration"].table
    assert most["claims_of_largest"].tolist() == [max(brought.values())]
    assert most["claims"].tolist() == [len(dated)]


@FEW
@given(seed=SEEDS)
def test_warrants_follow_the_first_judgment(backend, seed):
    rows = some_claims(seed)
    found = civil.enforcement(
        claims_drawn(backend, rows), period=None, by=None, horizon_weeks=(4,)
    ).table
    followed = []
    for row in rows:
        judged, warrant = first_judged(row), min(row["warrants"], default=None)
        kinds = sorted((day, n, kind) for n, (kind, day) in enumerate(row["judgments"]))
        if not judged or kinds[0][2] == "claim_dismissed" or (warrant and warrant < judged):
            continue
        end = warrant or END
        followed.append(((end - judged).days, "control" if warrant else "censored"))
    assert found["claims"].tolist() == [len(followed)]
    assert found["estimate"].tolist() == pytest.approx([incidence(followed, "control", 28)])
