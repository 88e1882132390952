"""Metrics of the criminal courts against slow, obvious versions, on random small worlds."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from statistics import mean, median

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.codes import OFFENCE_GROUPS
from justice_analysis.metrics.criminal import (
    case_attrition,
    conviction,
    criminal_completion,
    criminal_receipts_and_disposals,
    criminal_timeliness,
    guilty_pleas,
    open_caseload,
    sentencing_by_court,
    stock_and_flow,
)
from tests.spec import tables
from tests.spec.criminal_courts import court_warehouse

FEW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SOURCE = "crown_court_defendant"
FIRST, LAST = date(2019, 1, 1), date(2020, 4, 1)
GONE = {"c:1": None, "c:2": date(2019, 7, 1), "c:3": date(2019, 11, 15)}
ENDS = [date(2019, 3, 31), date(2019, 6, 30), date(2019, 9, 30), date(2019, 12, 31),
        date(2020, 3, 31)]  # fmt: skip
SEEDS = st.integers(0, 2**32)


@pytest.fixture(scope="session")
def backend():
    return engine.connect()


def quarter(day: date) -> str:
    return f"{day.year} Q{(day.month + 2) // 3}"


# Stock and flow -------------------------------------------------------------------------


def some_cases(chance: random.Random, *, odd: bool) -> list[dict]:
    """Cases that end, stay open, go stale, are reopened or, if `odd`, end before they begin."""
    turns = [*ENDS, *(day for day in GONE.values() if day), FIRST]
    cases = []
    for number in range(150):
        near = chance.choice(turns) + timedelta(days=chance.choice([-1, 0, 1]))
        begun = chance.choice([near, FIRST + timedelta(days=chance.randrange(450))])
        begun = min(max(begun, FIRST), LAST)
        ended = begun + timedelta(days=chance.choice([0, 1, 30, 92, 200]))
        ended = chance.choice([ended, ended, chance.choice(turns), None])
        if not odd and ended and ended < begun:
            ended = begun
        begun = None if odd and chance.random() < 0.1 else begun
        status = "closed" if ended else chance.choice(["open", "stale", "unknown", "closed"])
        case = {"id": number, "begun": begun, "ended": ended, "status": status, "pairs": [],
                "court": chance.choice([*GONE, None])}  # fmt: skip
        if begun and chance.random() < 0.3:
            shut = begun + timedelta(days=chance.choice([0, 10, 60]))
            again = shut + timedelta(days=chance.choice([0, 20, 100]))
            case["pairs"] = [(shut, again)]
            if chance.random() < 0.5:
                later = again + timedelta(days=chance.choice([-5, 0, 15]))
                case["pairs"].append((later, later + timedelta(days=40)))
        cases.append(case)
    return cases


def caseload_warehouse(backend, cases):
    trail = {"source": SOURCE, "source_table": "drawn"}
    held = {"case": [], "party": [], "event": [], "coverage": [], "place": []}
    for case in cases:
        key = {**trail, "source_key": str(case["id"])}
        text = {k: case[k] and case[k].isoformat() for k in ("begun", "ended")}
        held["case"].append(
            {"case_id": case["id"], "proceeding_id": case["id"], "jurisdiction": "criminal",
             "case_type": "crown_trial", "received_date": text["begun"],
             "closed_date": text["ended"], "status": case["status"], "place_id": case["court"],
             **key}
        )  # fmt: skip
        held["party"].append(
            {"party_id": case["id"], "case_id": case["id"], "person_id": case["id"] // 2,
             "role": "defendant", **key}
        )  # fmt: skip
        for n, (shut, again) in enumerate(case["pairs"]):
            for kind, day in (("closed", shut), ("reopened", again)):
                held["event"].append(
                    {"event_id": case["id"] * 100 + n, "case_id": case["id"], "event_type": kind,
                     "event_date": day.isoformat(), **key}
                )  # fmt: skip
    for court, gone in GONE.items():
        reason = "migrated to Common Platform" if gone else "the extract"
        held["coverage"].append(
            {**trail, "source_key": court, "place_id": court, "from_date": FIRST.isoformat(),
             "to_date": (gone or LAST).isoformat(), "reason": reason}
        )  # fmt: skip
        held["place"].append(
            {"place_id": court, "kind": "court", "name": court, "source": SOURCE,
             "source_table": "drawn", "source_key": court}
        )  # fmt: skip
    return tables.warehouse(backend, held)


def periods_of(case) -> list[tuple[date | None, date | None]]:
    """When a case was open, as its card has it: interruptions in order split it, others do not."""
    begun, ended = case["begun"], case["ended"]
    # The record does not say which closing a reopening belongs to: they pair in order of day.
    pairs = list(zip(*(sorted(days) for days in zip(*case["pairs"], strict=True)), strict=True))
    so_far, good = begun, begun is not None
    for shut, again in pairs:
        good = good and so_far <= shut <= again and again <= (ended or date.max)
        so_far = again
    if not pairs or not good:
        return [(begun, ended)]
    starts = [begun, *(again for _, again in pairs)]
    return list(zip(starts, [*(shut for shut, _ in pairs), ended], strict=True))


def is_open(case, day: date) -> bool:
    gone = GONE.get(case["court"]) or (LAST if case["court"] else None)
    if gone and gone <= day:
        return False
    silent = case["ended"] is None and case["status"] != "open"
    *earlier, last = periods_of(case)
    spans = earlier if silent else [*earlier, last]
    return any(a is not None and a <= day < (b or date.max) for a, b in spans)


def flows_of(case):
    """Every flow that a case makes, with its day."""
    gone = GONE.get(case["court"]) or (LAST if case["court"] else date.max)
    silent = case["ended"] is None and case["status"] != "open"
    spans = periods_of(case)
    for n, (begun, ended) in enumerate(spans):
        is_last = n == len(spans) - 1
        came = begun is not None and begun < gone
        if came:
            yield ("reopened" if n else "received"), begun
            if is_last and silent:
                yield "set_aside", begun
            elif (ended or date.max) > gone:
                yield "migrated", gone
        if ended and ended <= gone and (begun is None or came):
            yield "disposed", ended
            if begun is None or ended < begun:
                yield "disposed_out_of_order", ended
        if came and ended and ended < begun:
            yield "received_out_of_order", begun


@FEW
@given(seed=SEEDS, odd=st.booleans())
def test_stock_and_flow_add_up_exactly_and_count_what_each_case_does(backend, seed, odd):
    cases = some_cases(random.Random(seed), odd=odd)
    warehouse = caseload_warehouse(backend, cases)
    found = stock_and_flow(warehouse, source=SOURCE, by="court")
    table = found.table.set_index(["court", "period"])
    left = found.outputs["residual"].table.set_index(["court", "period"])
    residual = left["residual_above"] - left["residual_below"]
    flows = ["received", "reopened", "disposed", "set_aside", "migrated"]
    names = [name for name in flows if name in table]
    for (court, period), row in table.iterrows():
        chosen = [c for c in cases if court == "all" or (c["court"] or "not known") == court]
        end = next(day for day in ENDS if quarter(day) == period)
        start = ENDS[ENDS.index(end) - 1]
        assert row["open_at_start"] == sum(is_open(c, start) for c in chosen)
        assert row["open_at_end"] == sum(is_open(c, end) for c in chosen)
        counted = Counter(kind for c in chosen for kind, day in flows_of(c) if start < day <= end)
        assert {name: row[name] for name in names} == {name: counted[name] for name in names}
        explained = counted["disposed_out_of_order"] - counted["received_out_of_order"]
        change = counted["received"] + counted["reopened"] - sum(counted[n] for n in flows[2:])
        left_over = row["open_at_end"] - row["open_at_start"] - change
        assert left_over == explained == residual[court, period]
        assert row["people"] <= len({c["id"] // 2 for c in chosen})
    if not odd:
        assert not residual.any()
    assert {period for _, period in table.index} == {quarter(day) for day in ENDS[1:]}


@FEW
@given(seed=SEEDS)
def test_open_cases_by_age_are_those_open_on_the_day(backend, seed):
    cases = some_cases(random.Random(seed), odd=False)
    found = open_caseload(caseload_warehouse(backend, cases), source=SOURCE)
    expected, ages = Counter(), {}
    for day in ENDS:
        for case in cases:
            if is_open(case, day):
                expected[quarter(day), band(case["begun"], day)] += 1
                ages.setdefault(quarter(day), []).append((day - case["begun"]).days)
    rows = found.table[found.table["age"] != "all"]
    assert {(r.period, r.age): r.cases for r in rows.itertuples()} == dict(expected)
    shown = found.outputs["age"].table.set_index("period")
    for period, days in ages.items():
        assert shown.loc[period, "mean"] == pytest.approx(mean(days))
        assert shown.loc[period, "median"] == median(days)


def band(begun: date, day: date) -> str:
    months = (day.year - begun.year) * 12 + day.month - begun.month
    last = (day + timedelta(days=1)).day == 1
    months -= not (day.day >= begun.day or last)
    labels = {3: "under 3 months", 6: "3 to under 6 months", 12: "6 to under 12 months",
              24: "1 to under 2 years"}  # fmt: skip
    return next((said for below, said in labels.items() if months < below), "2 years and more")


# Defendants and charges -----------------------------------------------------------------

GROUPS = list(OFFENCE_GROUPS)[:3]
MOVED = "2021-03-01"
COVERAGE = f"""
source                | place | from       | to         | reason
magistrates_defendant | c:1   | 2018-01-01 | 2024-04-01 | the extract
magistrates_defendant | c:2   | 2018-01-01 | {MOVED}    | migrated to Common Platform
"""
PLACES = """
place | kind   | name     | parent
c:1   | court  | court A  | r:1
c:2   | court  | court B  | a:1
a:1   | area   | area     | r:2
r:1   | region | region 1 | -
r:2   | region | region 2 | -
"""
COLUMNS = ["row", "case", "type", "person", "court", "offence", "charged", "received", "heard",
           "sent", "ended", "kind", "code", "plea", "verdict", "sentence", "days"]  # fmt: skip


def some_charges(chance: random.Random) -> list[dict]:
    """Defendants in magistrates' cases, with their charges; days missing and out of order too."""
    rows = []
    for number in range(80):
        offence = date(2018, 1, 10) + timedelta(days=chance.randrange(1300))
        days = [offence]
        for most in (40, 10, 30, 200):
            days.append(days[-1] + timedelta(days=chance.choice([0, chance.randrange(most)])))
        if chance.random() < 0.1:
            days[chance.randrange(4)] += timedelta(days=400)
        dates = [None if chance.random() < 0.05 else day for day in days]
        sent = dates[4] if chance.random() < 0.2 else None
        same = {
            "row": f"d{number}", "case": f"case{number // 2}", "type": "magistrates",
            "person": f"p{number % 50}", "court": chance.choice(["c:1", "c:2"]),
            **dict(zip(("offence", "charged", "received", "heard", "ended"), dates, strict=True)),
            "sent": sent,
        }  # fmt: skip
        if number % 2:
            same["court"] = rows[-1]["court"]
        for _ in range(chance.choice([1, 1, 2, 3])):
            plea = chance.choice(["guilty", "not_guilty", "none_entered", None])
            verdict = chance.choice(["guilty", "not_guilty"]) if plea == "not_guilty" else plea
            verdict = {"guilty": "guilty", "not_guilty": "not_guilty"}.get(verdict or "")
            sentence = chance.choice(["immediate_custody", "fine"]) if verdict == "guilty" else None
            length = chance.choice([30, 90, None]) if sentence == "immediate_custody" else None
            kind = chance.choice(["charge"] * 8 + ["application"])
            code = "breach" if kind == "application" else chance.choice([*GROUPS, None])
            rows.append({**same, "kind": kind, "code": code, "plea": plea, "verdict": verdict,
                         "sentence": sentence, "days": length})  # fmt: skip
    return rows


def drawn(rows: list[dict]) -> str:
    lines = [" | ".join(COLUMNS)]
    lines += [" | ".join("-" if row[c] is None else str(row[c]) for c in COLUMNS) for row in rows]
    return "\n".join(lines)


def principals(rows: list[dict]) -> list[dict]:
    """The first charge of each defendant, unless no decision says that it is the principal one."""
    found = {}
    for row in rows:
        found.setdefault(row["row"], []).append(row)
    kept = []
    for of_defendant in found.values():
        first = of_defendant[0]
        named = first["plea"] or first["verdict"] or first["sentence"] or len(of_defendant) == 1
        unknown = dict.fromkeys(("kind", "code", "plea", "verdict", "sentence", "days"))
        kept.append(first if named else {**first, **unknown})
    return kept


def world(backend, rows):
    return court_warehouse(backend, drawn(rows), coverage=COVERAGE, places=PLACES)


def moved(row) -> date:
    return date.fromisoformat(MOVED) if row["court"] == "c:2" else date.max


@FEW
@given(seed=SEEDS)
def test_timeliness_is_that_of_each_defendant_whose_case_ended(backend, seed):
    rows = some_charges(random.Random(seed))
    found = criminal_timeliness(world(backend, rows), by=("quarter", "region"))
    days: dict[tuple[str, str], list[int]] = {}
    for row in principals(rows):
        ended, offence = row["ended"], row["offence"]
        if row["kind"] == "application" or row["sent"] or not ended or ended >= moved(row):
            continue
        if offence is None or ended < offence:
            continue
        region = "region 1" if row["court"] == "c:1" else "region 2"
        for key in {(q, r) for q in (quarter(ended), "all") for r in (region, "all")}:
            days.setdefault(key, []).append((ended - offence).days)
    table = found.table.set_index(["quarter", "region"])
    assert set(table.index) == set(days)
    for key, expected in days.items():
        assert table.loc[key, "defendants"] == len(expected)
        assert table.loc[key, "mean"] == pytest.approx(mean(expected))
        assert table.loc[key, "median"] == median(expected)
    assert found.attrition.people == len(days["all", "all"])


@FEW
@given(seed=SEEDS)
def test_completion_counts_ends_and_censors_the_open(backend, seed):
    rows = some_charges(random.Random(seed))
    found = criminal_completion(world(backend, rows), start="first_hearing", horizons=(60,))
    followed = []
    for row in principals(rows):
        start, ended = row["heard"], row["ended"]
        if row["kind"] == "application" or start is None or (ended and ended < start):
            continue
        end = min(moved(row), date(2024, 4, 1))
        if date(2018, 1, 1) <= start < end:
            seen = ended is not None and ended < end
            followed.append((((ended if seen else end) - start).days, seen))
    assert found.attrition.people == len(followed)
    curve = found.curve
    assert curve["events"].sum() == sum(seen for _, seen in followed)
    survival = 1.0
    for day in sorted({d for d, _ in followed}):
        at_risk = sum(d >= day for d, _ in followed)
        survival *= 1 - sum(d == day and seen for d, seen in followed) / at_risk
        estimate = curve.loc[curve["day"] == day, "estimate"]
        assert estimate.iloc[0] == pytest.approx(1 - survival)


@FEW
@given(seed=SEEDS, unit=st.sampled_from(["defendant", "case"]))
def test_receipts_and_disposals_are_counted_once_in_their_quarter(backend, seed, unit):
    rows = some_charges(random.Random(seed))
    found = criminal_receipts_and_disposals(
        world(backend, rows), court="magistrates", unit=unit, by=("court",)
    )
    cases: dict[str, list[dict]] = {}
    for row in principals(rows):
        cases.setdefault(row["case"], []).append(row)
    receipts, disposals = Counter(), Counter()
    for of_case in cases.values():
        known = [row["received"] for row in of_case if row["received"]]
        ends = [row["ended"] for row in of_case]
        for row in of_case:
            came = (row["received"] if unit == "defendant" else None) or min(known, default=None)
            left = row["ended"] if unit == "defendant" else max(ends) if all(ends) else None
            name = {"c:1": "court A", "c:2": "court B"}[row["court"]]
            if came and came < moved(row):
                receipts[quarter(came), name] += 1
            if left and left < moved(row):
                disposals[quarter(left), name] += 1
    for name, expected in (("receipts", receipts), ("disposals", disposals)):
        table = found.outputs[name].table
        inner = table[(table["quarter"] != "all") & (table["court"] != "all")]
        counted = {(r.quarter, r.court): r.defendants for r in inner.itertuples()}
        assert counted == dict(expected)
        assert table["defendants"].iloc[0] == sum(expected.values())


@FEW
@given(seed=SEEDS, mixed=st.sampled_from(["any", "every", "principal"]), all_=st.booleans())
def test_conviction_is_counted_by_charge_defendant_and_case(backend, seed, mixed, all_):
    rows = some_charges(random.Random(seed))
    of = "all" if all_ else "contested"
    found = conviction(world(backend, rows), court="magistrates", of=of, mixed=mixed)
    firsts = {id(row) for row in _firsts(rows)}
    kept = [
        row
        for row in rows
        if row["verdict"] and row["kind"] == "charge"
        and (all_ or row["plea"] == "not_guilty")
        and (mixed != "principal" or id(row) in firsts)
    ]  # fmt: skip
    table = found.table.set_index("level")
    for level, key in (
        ("charge", id),
        ("defendant", lambda r: r["row"]),
        ("case", lambda r: r["case"]),
    ):
        units: dict = {}
        for row in kept:
            units.setdefault(key(row), []).append(row["verdict"] == "guilty")
        rule = all if mixed == "every" else any
        assert table.loc[level, "counted"] == len(units)
        assert table.loc[level, "convicted"] == sum(rule(one) for one in units.values())
    assert table.loc["case", "cases"] == len({row["case"] for row in kept})
    assert table.loc["charge", "people"] == len({row["person"] for row in kept})


def _firsts(rows):
    seen = set()
    for row in rows:
        if row["row"] not in seen:
            seen.add(row["row"])
            yield row


@FEW
@given(seed=SEEDS)
def test_custody_by_court_is_standardised_to_the_mix_of_all(backend, seed):
    rows = some_charges(random.Random(seed))
    found = sentencing_by_court(
        world(backend, rows), court="magistrates", level="court", least_mix=0.01
    )
    kept = [r for r in principals(rows) if r["sentence"] and r["kind"] != "application"]
    strata = {r["code"] for r in kept}

    def share(chosen):
        return mean(r["sentence"] == "immediate_custody" for r in chosen) if chosen else 0.0

    ratios = found.outputs["indirect"].table.set_index("court")
    table = found.outputs["direct"].table.set_index("court")
    for court, name in (("c:1", "court A"), ("c:2", "court B")):
        here = [r for r in kept if r["court"] == court]
        expected = sum(share([o for o in kept if o["code"] == r["code"]]) for r in here)
        custody = sum(r["sentence"] == "immediate_custody" for r in here)
        assert table.loc[name, "custody"] == custody
        assert ratios.loc[name, "ratio"] == pytest.approx(custody / expected)
        weights = {s: sum(o["code"] == s for o in kept) for s in strata}
        present = {s for s in strata if any(r["code"] == s for r in here)}
        direct = sum(weights[s] * share([r for r in here if r["code"] == s]) for s in present)
        assert table.loc[name, "direct"] == pytest.approx(direct / sum(weights[s] for s in present))
    lengths = [r["days"] for r in kept if r["days"]]
    whole = found.outputs["length"].table.set_index("court").loc["all"]
    assert (whole["custody"], whole["total"]) == (len(lengths), sum(lengths))


@FEW
@given(seed=SEEDS)
def test_each_defendant_is_lost_at_one_stage_or_sentenced(backend, seed):
    rows = some_charges(random.Random(seed))
    warehouse = world(backend, rows)
    table = case_attrition(warehouse, court="magistrates").table
    charged = [r for r in principals(rows) if r["kind"] != "application"]
    left = len(charged)
    reached = table["outcome"].str.startswith("reached")
    for stage in table["stage"].drop_duplicates():
        here = table["stage"] == stage
        assert (table.loc[here, "came"] == left).all()
        assert table.loc[here, "defendants"].sum() == left
        left = table.loc[here & reached, "defendants"].sum()
    listed = [r for r in charged if r["heard"]]
    pleaded = [r for r in listed if r["plea"] in ("guilty", "not_guilty")]
    guilty = [r for r in pleaded if r["verdict"] == "guilty"]
    assert left == sum(bool(r["sentence"]) for r in guilty)
    ended = [r for r in charged if r["ended"] and r["plea"] in ("guilty", "not_guilty")]
    share = guilty_pleas(warehouse, court="magistrates").table.iloc[0]
    assert share["defendants"] == len(ended)
    assert share["guilty"] == sum(r["plea"] == "guilty" for r in ended)
