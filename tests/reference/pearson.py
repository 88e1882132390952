"""Returns to care proceedings by Pearson's rules: a plain, slow script in pandas.

It reads the delivered Cafcass England tables, cleans them, and follows each mother (or
father) from a first case to a return, one person at a time. It uses nothing of the package,
so that two readings of the same rules can be held side by side. The rules are those of
Pearson's published analysis code (Chapters 4 and 7), as its table of steps restates them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

CENTURIES_TYPED_WRONG = {18: 19, 79: 19, 22: 20, 29: 20}
PUBLIC_LAW = 1
CARE_OR_SUPERVISION = {1, 2}
PARENT = 1
APPLICANT, RESPONDENT, SUBJECT, SEE_CONVERTED = 1, 2, 4, 16
EMERGENCY_PROTECTION = 8
FINAL_ORDERS = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 31}
ORDERS_USABLE_FROM = date(2010, 4, 1)
WEEKS_37 = 37 * 7

# A record of a person, or a case: the system that holds it, and its number there.
Key = tuple[str, int]


@dataclass(frozen=True)
class Rules:
    """What differs between one run and another; the days are those of the data."""

    sex: str = "female"
    carry_alf2: bool = False
    observed_from: date = date(2007, 4, 1)
    followup_end: date = date(2019, 3, 31)
    lookback_years: int = 1
    index_from: date | None = None
    index_to: date | None = None
    clock: str = "issue"
    outcome: str = "any"
    risk_start_days: int = 0
    split_later_born: bool = False
    month_only_birth: str = "last"


@dataclass(frozen=True)
class CaseOfParent:
    """One row per person and case, as Pearson numbers them."""

    case: Key
    start: date
    births: tuple[date, ...]
    final_order: date | None

    @property
    def youngest(self) -> date | None:
        return max(self.births, default=None)


@dataclass(frozen=True)
class Followed:
    """One person followed: the case that starts it, the return if one was seen, and days."""

    index_case: Key
    index_issue: date
    clock_start: date
    return_issue: date | None
    duration_days: int
    event: bool


@dataclass(frozen=True)
class Reference:
    """People left after each step, in order, and the people followed."""

    steps: tuple[tuple[str, int], ...]
    followed: tuple[Followed, ...]


@dataclass
class Delivered:
    """What the delivered tables say, both systems together, before any rule."""

    people: dict[Key, dict[str, Any]] = field(default_factory=dict)
    cases: dict[Key, dict[str, Any]] = field(default_factory=dict)
    applications: dict[Key, dict[str, Any]] = field(default_factory=dict)
    members: dict[tuple[Key, Key], set[str]] = field(default_factory=lambda: defaultdict(set))
    parents: list[tuple[Key, Key]] = field(default_factory=list)
    final_orders: list[tuple[Key, date]] = field(default_factory=list)


# Reading and cleaning -------------------------------------------------------------------


def read(folder: Path) -> Delivered:
    """Read the delivered files; drop copies of rows, and rows that name what is not there."""
    table = {path.stem: _rows(path) for path in sorted(folder.glob("*.parquet"))}
    found = Delivered()
    _read_people(found, "cms", table["cms_tblperson"], "PERSONID_PE")
    _read_people(found, "ecms", table["ecms_people"], "ID_PE")
    _read_cases(found, table)
    _read_members(found, table)
    _read_relationships(found, table)
    _read_orders(found, table)
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    delivered = pd.read_parquet(path).drop_duplicates()
    columns = {name: [_plain(value) for value in delivered[name]] for name in delivered}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:
    """Missing as None, dates as dates, whole numbers as int, months as text."""
    if isinstance(value, bool) or value is None:
        return value
    if pd.isna(value):
        return None
    if hasattr(value, "date"):
        return value.date()
    if isinstance(value, float) and value == int(value):
        return int(value)
    return value


def _read_people(found: Delivered, system: str, rows: Iterable[dict], key: str) -> None:
    for row in rows:
        found.people[system, row[key]] = {
            "sex": row["GENDER"].lower() if row["GENDER"] else None,
            "week": _mended(row["WEEKOFBIRTH"]),
            "month": _month(row["MOB_LINKAGE"]),
            "alf": row["ALF_PE"],
            "alf2": row["ALF2_PE"],
            "loaded": row["AVAIL_FROM_DT"],
        }


def _mended(week: date | None) -> date | None:
    """Put right a century that was typed wrong."""
    if week is None or week.year // 100 not in CENTURIES_TYPED_WRONG:
        return week
    return week.replace(year=CENTURIES_TYPED_WRONG[week.year // 100] * 100 + week.year % 100)


def _month(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    year, month = (value.year, value.month) if isinstance(value, date) else value.split("-")[:2]
    return int(year), int(month)


def _read_cases(found: Delivered, table: dict[str, list[dict]]) -> None:
    for row in table["cms_tblcase"]:
        found.cases["cms", row["CASEID_PE"]] = {"law": row["LAWTYPEREF"], "received": None}
    for row in table["ecms_cases"]:
        found.cases["ecms", row["ID_PE"]] = {
            "law": row["LAWTYPE_ID"],
            "received": row["DATERECEIVED"],
        }
    for system, name, key, case, code in (
        (
            "cms",
            "cms_tblcaseapplication",
            "CASEAPPLICATIONID_PE",
            "CASEREF_PE",
            "CASEAPPLICATIONTYPEREF",
        ),
        ("ecms", "ecms_applications", "ID_PE", "CASE_ID_PE", "APPLICATIONTYPE1_ID"),
    ):
        for row in table[name]:
            if (system, row[case]) in found.cases:
                found.applications[system, row[key]] = {
                    "case": (system, row[case]),
                    "code": row[code],
                    "received": row["DATERECEIVED"],
                }


def _read_members(found: Delivered, table: dict[str, list[dict]]) -> None:
    """Who is on each application, with every role that is recorded."""
    roles = {APPLICANT: "applicant", RESPONDENT: "respondent", SUBJECT: "subject"}
    for row in table["cms_tblcaseapplicationmember"]:
        code = row["MEMBERTYPE"] if row["MEMBERTYPE"] != SEE_CONVERTED else row["CONVERTEDTYPE"]
        if not row["ISLAREP"]:
            role = roles.get(code, "other")
            _add_member(found, "cms", row["CASEAPPLICATIONREF_PE"], row["MEMBERREF_PE"], role)
    flags = {
        "ISSUBJECT": "subject", "ISRESPONDENT": "respondent",
        "ISAPPLICANT": "applicant", "ISOTHER": "other",
    }  # fmt: skip
    for row in table["ecms_personsonapplications"]:
        for flag, role in flags.items():
            if str(row[flag]).lower() == "true":
                _add_member(found, "ecms", row["APPLICATION_ID_PE"], row["PERSON_ID_PE"], role)


def _add_member(found: Delivered, system: str, application: int, person: int, role: str) -> None:
    if (system, application) in found.applications and (system, person) in found.people:
        found.members[(system, application), (system, person)].add(role)


def _read_relationships(found: Delivered, table: dict[str, list[dict]]) -> None:
    """Pairs of child and parent."""
    for system, name, child, parent, kind in (
        ("cms", "cms_tblcrspersonrelationship", "CHILDREF_PE", "PARENTREF_PE", "RELATIONSHIPREF"),
        (
            "ecms",
            "ecms_personrelationships",
            "PERSON_ID_PE",
            "RELATEDPERSON_ID_PE",
            "RELATIONSHIPTYPE_ID",
        ),
    ):
        for row in table[name]:
            pair = (system, row[child]), (system, row[parent])
            if row[kind] == PARENT and all(person in found.people for person in pair):
                found.parents.append(pair)


def _read_orders(found: Delivered, table: dict[str, list[dict]]) -> None:
    """Final orders of a case and their days: the older system says, in the newer the type does."""
    subjects = {pair for pair, roles in found.members.items() if "subject" in roles}
    with_child = {found.applications[application]["case"] for application, _ in subjects}
    for row in table["cms_tbllegaloutput"]:
        case = "cms", row["CASEREF_PE"]
        if row["ISFINAL"] and _usable(row["LEGALORDERHEARINGDATE"]) and case in with_child:
            found.final_orders.append((case, row["LEGALORDERHEARINGDATE"]))
    of_child = defaultdict(list)
    for row in table["ecms_legaloutputs"]:
        pair = ("ecms", row["APPLICATION_ID_PE"]), ("ecms", row["PERSON_ID_PE"])
        if pair in subjects and _usable(row["DATEORDERED"]):
            case = found.applications[pair[0]]["case"]
            of_child[case, pair[1]].append((row["DATEORDERED"], row["LEGALOUTPUTTYPE_ID"]))
    for (case, _), orders in of_child.items():
        found.final_orders += [(case, day) for day, code in orders if _is_final(day, code, orders)]


def _usable(day: date | None) -> bool:
    return day is not None and day >= ORDERS_USABLE_FROM


def _is_final(day: date, code: int, orders: list[tuple[date, int]]) -> bool:
    """An emergency protection order ends a child's case only where nothing follows it."""
    if code != EMERGENCY_PROTECTION:
        return code in FINAL_ORDERS
    others = [other for other, kind in orders if kind != EMERGENCY_PROTECTION]
    latest = max(other for other, _ in orders)
    return day == latest and all(other < day for other in others)


# People ---------------------------------------------------------------------------------


def people_of_records(found: Delivered, rules: Rules) -> dict[Key, Any]:
    """Who each record is: its ALF where it has one, else its own number.

    With `carry_alf2`, a record without an ALF is who its ALF2 is elsewhere: the ALF recorded
    with it most often, the smallest (as text) of several; or the ALF2 itself.
    """
    together: dict[Any, Counter] = defaultdict(Counter)
    for record in found.people.values():
        if record["alf"] is not None and record["alf2"] is not None:
            together[record["alf2"]][record["alf"]] += 1
    person = {}
    for key, record in found.people.items():
        if record["alf"] is not None:
            person[key] = "alf", record["alf"]
        elif rules.carry_alf2 and record["alf2"] is not None:
            seen = together[record["alf2"]]
            most = max(seen.values(), default=0)
            likely = sorted((alf for alf in seen if seen[alf] == most), key=str)
            person[key] = ("alf", likely[0]) if likely else ("alf2", record["alf2"])
        else:
            person[key] = "record", *key
    return person


def _sex(records: list[dict]) -> str | None:
    """The sex recorded most often, then on the record loaded last, then the first by name."""
    known = [record for record in records if record["sex"]]
    counted = Counter(record["sex"] for record in known)
    if not counted:
        return None
    most = [sex for sex in sorted(counted) if counted[sex] == max(counted.values())]
    last = max(record["loaded"] for record in known if record["sex"] in most)
    return next(r["sex"] for r in sorted(known, key=lambda r: r["sex"])
                if r["sex"] in most and r["loaded"] == last)  # fmt: skip


def _birth(records: list[dict], rules: Rules) -> date | None:
    """The (earliest) recorded week of birth; else a day of the month recorded most often."""
    weeks = [record["week"] for record in records if record["week"]]
    if weeks:
        return min(weeks)
    months = Counter(record["month"] for record in records if record["month"])
    if not months:
        return None
    (year, month) = min(month for month in months if months[month] == max(months.values()))
    if rules.month_only_birth == "first":
        return date(year, month, 1)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


# Cases of each parent -------------------------------------------------------------------


def care_cases(found: Delivered) -> dict[Key, date]:
    """Public law cases with an application for a care or supervision order, and their start."""
    of_case = defaultdict(list)
    for application in found.applications.values():
        of_case[application["case"]].append(application)
    starts = {}
    for case, row in found.cases.items():
        section_31 = any(one["code"] in CARE_OR_SUPERVISION for one in of_case[case])
        received = [one["received"] for one in of_case[case] if one["received"]]
        start = row["received"] or min(received, default=None)
        if row["law"] == PUBLIC_LAW and section_31 and start:
            starts[case] = start
    return starts


def cases_of_parents(found: Delivered, rules: Rules) -> dict[Any, list[CaseOfParent]]:
    """Each parent's cases: a recorded parent of a subject child, who is in the case too."""
    person = people_of_records(found, rules)
    records = defaultdict(list)
    for key, record in found.people.items():
        records[person[key]].append(record)
    parents_of = defaultdict(set)
    for child, parent in found.parents:
        parents_of[person[child]].add(person[parent])
    children, adults = defaultdict(set), defaultdict(set)
    for (application, member), roles in found.members.items():
        case = found.applications[application]["case"]
        if "subject" in roles:
            children[case].add(person[member])
        else:
            adults[case].add(person[member])
    final = {}
    for case, day in found.final_orders:
        final[case] = max(day, final.get(case, day))
    cases = defaultdict(list)
    for case, start in care_cases(found).items():
        for adult in adults[case]:
            own = [c for c in children[case] if adult in parents_of[c] and c != adult]
            if own and _sex(records[adult]) == rules.sex:
                births = [_birth(records[child], rules) for child in own]
                known = tuple(sorted(birth for birth in births if birth))
                cases[adult].append(CaseOfParent(case, start, known, final.get(case)))
    return cases


def in_sequence(cases: list[CaseOfParent], rules: Rules) -> list[CaseOfParent]:
    """A person's cases in order of their start; those that start on one day are one."""
    if rules.split_later_born:
        cases = [part for case in cases for part in _split(case)]
    by_start = defaultdict(list)
    for case in cases:
        by_start[case.start].append(case)
    return [_joined(sorted(same, key=_case_id)) for _, same in sorted(by_start.items())]


def _case_id(case: CaseOfParent) -> tuple[str, int]:
    system, number = case.case
    return system, int(number)


def _split(case: CaseOfParent) -> Iterator[CaseOfParent]:
    """A child born 37 weeks or more after the start was taken into an earlier case."""
    later = [birth for birth in case.births if (birth - case.start).days >= WEEKS_37]
    yield replace(case, births=tuple(birth for birth in case.births if birth not in later))
    if later:
        yield from _split(replace(case, start=min(later), births=tuple(later)))


def _joined(same: list[CaseOfParent]) -> CaseOfParent:
    births = tuple(sorted(birth for case in same for birth in case.births))
    orders = [case.final_order for case in same if case.final_order]
    return CaseOfParent(same[0].case, same[0].start, births, max(orders, default=None))


# Follow-up ------------------------------------------------------------------------------


def is_return(case: CaseOfParent, index: CaseOfParent, rules: Rules) -> bool:
    """Whether a later case counts as the return that is asked about."""
    youngest = case.youngest
    new = youngest is not None and youngest >= index.start
    infant = youngest is not None and case.start < _first_birthday(youngest)
    return {
        "any": True,
        "new_child": new,
        "new_infant": new and infant,
        "infant": infant,
        "existing_child": not new,
    }[rules.outcome]


def _first_birthday(birth: date) -> date:
    leap = birth.month == 2 and birth.day == 29
    return date(birth.year + 1, 3, 1) if leap else birth.replace(year=birth.year + 1)


def follow(cases: dict[Any, list[CaseOfParent]], rules: Rules) -> Reference:
    """Follow each person from case number 1, counting the people left at each step."""
    sequences = [in_sequence(own, rules) for own in cases.values()]
    steps = [("in care proceedings", len(sequences))]

    def keep(name: str, condition: Any) -> None:
        nonlocal sequences
        sequences = [sequence for sequence in sequences if condition(sequence[0])]
        steps.append((name, len(sequences)))

    if rules.lookback_years:
        since = rules.observed_from.replace(year=rules.observed_from.year + rules.lookback_years)
        keep("look-back", lambda index: index.start >= since)
    if rules.index_from:
        keep("index from", lambda index: index.start >= rules.index_from)
    if rules.index_to:
        keep("index to", lambda index: index.start < rules.index_to)
    if rules.clock == "final_order":
        keep("final order", lambda index: index.final_order is not None)
    followed = [_follow_one(sequence, rules) for sequence in sequences]
    # At risk from day `risk_start_days` on, that day included; always for a day or more.
    first_day = max(rules.risk_start_days, 1)
    at_risk = [one for one in followed if one.duration_days >= first_day]
    steps.append(("at risk", len(at_risk)))
    return Reference(tuple(steps), tuple(at_risk))


def _follow_one(sequence: list[CaseOfParent], rules: Rules) -> Followed:
    index, *later = sequence
    start = index.start if rules.clock == "issue" else index.final_order
    assert start is not None
    earliest = start + timedelta(days=max(rules.risk_start_days, 1))
    returns = [c.start for c in later if c.start >= earliest and is_return(c, index, rules)]
    # The day on which follow-up ends is not part of it.
    seen = [day for day in returns if day < rules.followup_end]
    last = seen[0] if seen else rules.followup_end
    return Followed(
        index_case=index.case,
        index_issue=index.start,
        clock_start=start,
        return_issue=seen[0] if seen else None,
        duration_days=(last - start).days,
        event=bool(seen),
    )
