"""Family metrics against slow, obvious versions of their cards, on random small courts."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.codes import (
    DISPOSAL_TYPE_OF_ORDER,
    ORDER_GROUP_LABELS,
    ORDER_GROUP_PRECEDENCE,
    ORDER_GROUPS,
    VALID_CARE_DISPOSALS,
)
from justice_analysis.metrics.family.adoption import adoption
from justice_analysis.metrics.family.care_timeliness import care_timeliness
from justice_analysis.metrics.family.family_caseload import family_caseload
from justice_analysis.metrics.family.newborn_rate import newborn_rate
from justice_analysis.metrics.family.order_outcomes import order_outcomes
from justice_analysis.metrics.family.recurrence_profiles import recurrence_profiles
from tests.spec.children import NOT_FINAL, children_warehouse
from tests.spec.family import care_warehouse

FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SEEDS = st.integers(0, 2**32)
SOURCES = ["family_court", "family_court", "cafcass_england"]
CODES = ["care_order", "care_order", "supervision_order", "placement_order", "adoption_order"]
ORDERS = [
    "care_order", "supervision_order", "no_order", "application_withdrawn", "placement_order",
    "adoption_order", "interim_care_order", "case_management_direction", "residence_order",
]  # fmt: skip
GAPS = [0, 1, 6, 7, 8, 90, 181, 182, 183, 400]
STATUSES = ["open", "closed", "closed", "stale"]


@dataclass(frozen=True)
class Application:
    case: str
    proceedings: str
    source: str
    status: str
    child: int
    code: str
    received: date


@dataclass(frozen=True)
class Order:
    case: str
    child: int
    name: str
    made: date | None


@dataclass
class Court:
    """Applications of the source that takes precedence in each set, and all orders."""

    applications: list[Application]
    orders: list[Order]
    born: dict[int, str | None]

    @property
    def read(self) -> list[Application]:
        courts = {a.proceedings for a in self.applications if a.source == "family_court"}
        return [
            a
            for a in self.applications
            if a.source == "family_court" or a.proceedings not in courts
        ]

    def orders_in(self, proceedings: str, child: int) -> list[Order]:
        cases = {a.case for a in self.read if a.proceedings == proceedings}
        return [o for o in self.orders if o.case in cases and o.child == child and o.made]


def a_court(chance: random.Random) -> Court:
    applications, orders, born = [], [], {}
    for number in range(60):
        start = date(2014, 1, 1) + timedelta(days=chance.randint(0, 1500))
        children = [chance.randint(1, 70) for _ in range(chance.choice([1, 1, 2]))]
        for place in range(chance.choice([1, 1, 2])):
            case, source = f"c{number}-{place}", chance.choice(SOURCES)
            status = chance.choice(STATUSES)
            for child in dict.fromkeys(children):
                birth = start - timedelta(days=chance.choice([0, 3, 6, 7, 8, 20, 400, 3000]))
                born.setdefault(child, chance.choice([birth.isoformat()] * 3 + [None]))
                seen = set()
                for code in {chance.choice(CODES) for _ in range(chance.choice([1, 1, 2]))}:
                    received = start + timedelta(days=chance.choice([0, 0, 5, 30]))
                    seen.add(received)
                    applications.append(
                        Application(case, f"s{number}", source, status, child, code, received)
                    )
                for _ in range(chance.randint(0, 3)):
                    made = start + timedelta(days=chance.choice([-1, *GAPS]))
                    name = chance.choice(ORDERS)
                    orders.append(Order(case, child, name, chance.choice([made, made, None])))
    return Court(applications, orders, born)


def drawn(backend, court: Court):
    heads = "case | set | source | status | child | applied_for | received | born | type"
    lines = [heads] + [
        " | ".join(
            str(cell)
            for cell in (
                a.case, a.proceedings, a.source, a.status, a.child, a.code, a.received,
                court.born[a.child] or "-", "care_proceedings",
            )
        )
        for a in court.applications
    ]  # fmt: skip
    orders = ["case | child | order | made"] + [
        f"{o.case} | {o.child} | {o.name} | {o.made or '-'}" for o in court.orders
    ]
    return children_warehouse(backend, "\n".join(lines), "\n".join(orders))


@pytest.fixture(scope="session")
def backend():
    return engine.connect()


def worlds(backend, seed: int):
    court = a_court(random.Random(seed))
    return court, drawn(backend, court)


def slow_durations(court: Court) -> dict[tuple[str, int, str], int]:
    found = {}
    for a in court.read:
        if a.code not in ("care_order", "supervision_order"):
            continue
        key = (a.proceedings, a.child, a.code)
        first = min(b.received for b in court.read if (b.proceedings, b.child, b.code) == key)
        days = [
            (o.made - first).days
            for o in court.orders_in(a.proceedings, a.child)
            if o.name in VALID_CARE_DISPOSALS and o.made >= first
        ]
        if days:
            found[key] = min(days)
    return found


@FEW
@given(seed=SEEDS)
def test_care_timeliness_is_what_its_card_says_of_each_application(backend, seed):
    court, made = worlds(backend, seed)
    expected = slow_durations(court)
    days = list(expected.values())
    result = care_timeliness(made, period=None)
    row, within = result.table.iloc[0], result.outputs["within"].table.iloc[0]
    assert row["orders_applied_for"] == len(days)
    assert row["people"] == len({child for _, child, _ in expected})
    assert row["groups"] == len({proceedings for proceedings, _, _ in expected})
    assert row["mean"] == pytest.approx(mean(days) / 7)
    assert row["median"] == pytest.approx(median(days) / 7)
    assert within["within"] == sum(one <= 182 for one in days)
    published = care_timeliness(made, period=None, published=True).table.iloc[0]
    assert published["mean"] == pytest.approx(mean(one // 7 for one in days))
    assert published["median"] == pytest.approx(sorted(days)[(len(days) - 1) // 2] / 7)


@FEW
@given(seed=SEEDS)
def test_starts_and_disposals_are_what_their_card_says_of_each_set(backend, seed):
    court, made = worlds(backend, seed)
    starts, disposals = {}, {}
    children = {}
    for a in court.read:
        starts[a.proceedings] = min(starts.get(a.proceedings, a.received), a.received)
        children.setdefault(a.proceedings, set()).add(a.child)
    for name, start in starts.items():
        ends = [
            o.made
            for child in children[name]
            for o in court.orders_in(name, child)
            if DISPOSAL_TYPE_OF_ORDER.get(o.name, 2) != 2
        ]
        if ends and max(ends) >= start:
            disposals[name] = max(ends)
    result = family_caseload(made)
    for measure, dates in (("starts", starts), ("disposals", disposals)):
        table = result.outputs[f"{measure}_by_quarter"].table.set_index("quarter")
        quarters = {}
        for name, when in dates.items():
            quarters.setdefault(f"{when.year} Q{(when.month + 2) // 3}", []).append(name)
        quarters["all"] = list(dates)
        assert set(table.index) == set(quarters)
        for quarter, names in quarters.items():
            assert table.loc[quarter, "proceedings"] == len(names)
            assert table.loc[quarter, "children"] == len(set().union(*(children[n] for n in names)))


@FEW
@given(seed=SEEDS)
def test_an_outcome_is_the_most_serious_final_order_of_each_child(backend, seed):
    court, made = worlds(backend, seed)
    expected: dict[str, int] = {}
    for proceedings, child in {(a.proceedings, a.child) for a in court.read}:
        own = [a for a in court.read if (a.proceedings, a.child) == (proceedings, child)]
        cases = {a.case for a in court.read if a.proceedings == proceedings}
        first = min(a.received for a in own)
        final = [
            o.name
            for o in court.orders
            if o.case in cases
            and o.child == child
            and o.name not in NOT_FINAL
            and (o.made is None or o.made >= first)
        ]
        groups = {ORDER_GROUPS[name] for name in final if name in ORDER_GROUPS}
        outcome = next((ORDER_GROUP_LABELS[g] for g in ORDER_GROUP_PRECEDENCE if g in groups), None)
        if outcome is None:
            statuses = {a.status for a in own}
            unknown = "still open" if "open" in statuses else "ended, no final order known"
            if "open" not in statuses and "stale" in statuses:
                unknown = "not known whether ended"
            outcome = "other final order" if final else unknown
        expected[outcome] = expected.get(outcome, 0) + 1
    table = order_outcomes(made).table.set_index("outcome")["children_in_sets"]
    assert table.drop("all").to_dict() == expected
    assert table["all"] == sum(expected.values())


@FEW
@given(seed=SEEDS)
def test_time_to_adoption_is_from_the_last_placement_order_of_the_same_child(backend, seed):
    court, made = worlds(backend, seed)
    cases = {a.case for a in court.read}
    seen = [o for o in court.orders if o.case in cases and o.made]
    days = []
    for child in {o.child for o in seen}:
        adopted = [o.made for o in seen if o.child == child and o.name == "adoption_order"]
        # One placement order a set: its first.
        placed = {}
        for o in seen:
            if o.child == child and o.name == "placement_order":
                name = o.case.split("-")[0]
                placed[name] = min(placed.get(name, o.made), o.made)
        before = [day for day in placed.values() if adopted and day <= min(adopted)]
        days += [(min(adopted) - max(before)).days] if before else []
    result = adoption(made, period=None)
    assert result.attrition.people == len(days)
    if days:
        row = result.outputs["weeks"].table.iloc[0]
        assert row["mean"] == pytest.approx(mean(days) / 7)


@FEW
@given(seed=SEEDS, within=st.sampled_from([7, 14]))
def test_newborns_are_those_under_the_limit_at_their_first_application(
    backend, seed, within, tmp_path_factory
):
    court, made = worlds(backend, seed)
    cafcass = {a.proceedings for a in court.applications if a.source == "cafcass_england"}
    read = [
        a for a in court.applications
        if a.source == "cafcass_england" or a.proceedings not in cafcass
    ]  # fmt: skip
    count = 0
    for child in {a.child for a in read}:
        mine = [
            a.received
            for a in read
            if a.child == child and a.code in ("care_order", "supervision_order")
        ]
        born = court.born[child]
        count += bool(mine and born and 0 <= (min(mine) - date.fromisoformat(born)).days < within)
    path = tmp_path_factory.mktemp("births") / "births.csv"
    rows = [f"all,{year},5000,drawn,1" for year in range(2013, 2020)]
    path.write_text("\n".join(["place,period,live_births,source,version", *rows]), "utf-8")
    table = newborn_rate(made, births=str(path), within_days=within).table
    assert table.loc[table["period"] == "all", "newborns"].item() == count


def sets_of_mothers(chance: random.Random) -> list[tuple[int, int, date, set[int]]]:
    """Sets of 40 mothers: mother, number, issue, fathers; a father may be of several."""
    found = []
    for mother in range(1, 41):
        day = date(2009, 1, 1) + timedelta(days=chance.randint(0, 900))
        for number in range(chance.choice([1, 2, 2, 3])):
            day += timedelta(days=chance.choice([1, 364, 365, 366, 800]) if number else 0)
            fathers = set(chance.sample(range(1001, 1061), chance.choice([0, 1, 1, 2])))
            if number and chance.random() < 0.5:
                fathers = found[-1][3]
            found.append((mother, number, day, fathers))
    return found


def drawn_mothers(backend, sets):
    lines = ["case | set | issued | order | mother | role | child | born | adult_sex"]
    for mother, number, day, fathers in sets:
        for adult, sex in [(mother, "female"), *((father, "male") for father in sorted(fathers))]:
            name, child = f"{mother}-{number}", 5000 + 10 * mother + number
            lines.append(
                f"{name} | {name} | {day} | - | {adult} | respondent | {child} | 2006-01-02 | {sex}"
            )
    return care_warehouse(backend, "\n".join(lines))


def slow_profiles(sets, days: int) -> tuple[dict[str, int], dict[str, int]]:
    profiles: dict[str, int] = {}
    couples: dict[str, int] = {}
    for mother in {one[0] for one in sets}:
        (_, _, index, before), *later = [one for one in sets if one[0] == mother]
        soon = [one for one in later if 0 < (one[2] - index).days <= days]
        if soon:
            after = soon[0][3]
            name = "same couple" if before & after else "another partner"
            if not (before and after):
                name = "partner only before" if before else "partner only at the return"
            if not before and not after:
                name = "alone both times"
            profiles[name] = profiles.get(name, 0) + 1
        for father in before:
            own = min(
                (s[2] for s in sets if father in s[3] and 0 < (s[2] - index).days <= days),
                default=None,
            )
            name = "the mother alone" if soon else "neither"
            if own:
                together = soon and father in soon[0][3] and own == soon[0][2]
                name = "both, in one set" if together else "both, apart"
                name = name if soon else "the father alone"
            couples[name] = couples.get(name, 0) + 1
    return profiles, couples


@FEW
@given(seed=SEEDS, days=st.sampled_from([365, 1826]))
def test_profiles_are_by_who_stands_in_the_first_set_and_in_the_first_return(backend, seed, days):
    sets = sets_of_mothers(random.Random(seed))
    profiles, couples = slow_profiles(sets, days)
    result = recurrence_profiles(drawn_mothers(backend, sets), followup_days=days)
    found = result.table.set_index("profile")["returned"].drop("all").to_dict()
    assert found == profiles
    of_couples = result.outputs["couples"].table.set_index("who_returned")["couples"]
    assert of_couples.drop("all").to_dict() == couples
