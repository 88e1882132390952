"""What is known of people before an index date, and what is not: one drawn table a rule."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.cohorts import look_back
from justice_analysis.errors import MetricError, OptionError
from tests.spec import tables

TRAIL = {"source_table": "drawn", "source_key": "drawn"}
COURTS = {"magistrates": "magistrates_defendant", "crown_trial": "crown_court_defendant"}
CASES = """
case | type           | person | received   | ended      | code  | verdict  | kind
a    | magistrates    | 1      | 2015-03-01 | 2015-06-01 | theft | guilty   | charge
b    | crown_trial    | 1      | 2016-12-31 | 2017-12-31 | fraud | guilty   | charge
c    | magistrates    | 1      | 2017-05-01 | 2018-01-01 | theft | guilty   | charge
d    | magistrates    | 1      | 2018-01-01 | 2018-06-01 | theft | guilty   | charge
e    | magistrates    | 1      | 2015-03-01 | 2015-06-02 | theft | not_guilty | charge
f    | crown_sentence | 1      | 2015-07-01 | 2015-08-01 | theft | guilty   | charge
g    | magistrates    | 1      | 2015-03-01 | 2015-06-01 | breach | guilty  | application
h    | magistrates    | 2      | 2015-03-01 | 2015-06-01 | theft | guilty   | charge
i    | magistrates    | -      | 2015-03-01 | 2015-06-01 | theft | guilty   | charge
"""


def warehouse(backend, *, cases=CASES, coverage="2011-01-01", **others):
    """A warehouse of defendants drawn one charge a row, seen from `coverage` to March 2024."""
    held = {name: [] for name in ("case", "party", "matter", "matter_party", "decision")}
    for row in tables.read(cases):
        source = {"source": COURTS.get(row["type"], "crown_court_defendant"), **TRAIL}
        case, person = {"case_id": row["case"]}, {"person_id": row["person"]}
        matter, party = {"matter_id": f"{row['case']}/m"}, {"party_id": f"{row['case']}/p"}
        held["case"].append(
            {
                **case,
                "proceeding_id": row.get("set") or row["case"],
                "case_type": row["type"],
                "jurisdiction": "criminal",
                "received_date": row["received"],
                **source,
            }
        )
        held["party"].append({**party, **case, **person, "role": "defendant", **source})
        charge = {"kind": row["kind"], "code": row["code"], "disposed_date": row["ended"]}
        held["matter"].append({**matter, **case, **charge, **source})
        held["matter_party"].append({**matter, **party, "part": "defendant", **source})
        verdict = {"decision_type": "verdict", "decision": row["verdict"]}
        held["decision"].append(
            {"decision_id": matter["matter_id"], **matter, **verdict, "decision_date": row["ended"],
             **source}
        )  # fmt: skip
    held["coverage"] = [
        {"source": name, "from_date": coverage, "to_date": "2024-04-01", **TRAIL}
        for name in COURTS.values()
    ]
    return tables.warehouse(backend, {**held, **others})


def people(backend, *rows, schema=None):
    """People to look back from: pairs of person and index date."""
    schema = schema or {"person_id": "int64", "index_date": "date"}
    columns = {name: [row[place] for row in rows] for place, name in enumerate(schema)}
    return engine.memory_table(backend, columns, schema)


def found(backend, held, *names, index="2018-01-01", person=1, **options):
    """The covariates of one person, in order."""
    rows = engine.execute(
        look_back(held, people(backend, (person, index)), covariates=names, **options)
    )
    assert len(rows) == 1
    return [None if value != value else value for value in rows.iloc[0][list(names)]]


def test_a_conviction_counts_by_its_day_before_the_index_and_not_on_it(backend):
    names = ("convictions_ever", "convictions_2y", "convictions_1y", "conviction_days_ever")
    assert found(backend, warehouse(backend), *names) == [2, 1, 1, 2]


def test_offence_types_are_counted_apart(backend):
    names = ("convictions_theft_ever", "convictions_fraud_ever", "convictions_robbery_ever")
    assert found(backend, warehouse(backend), *names) == [1, 1, 0]


def test_a_case_counts_by_its_receipt_whatever_came_of_it(backend):
    names = ("court_cases_ever", "court_cases_2y", "court_cases_1y")
    assert found(backend, warehouse(backend), *names) == [6, 2, 1]


def test_a_person_without_a_record_has_none_where_the_courts_would_have_been_seen(backend):
    names = ("convictions_ever", "convictions_2y", "lookback_days_courts")
    rows = engine.execute(
        look_back(warehouse(backend), people(backend, (7, "2018-01-01")), covariates=names[:2])
    )
    assert rows[list(names)].iloc[0].tolist() == [0, 0, 2557]


def test_a_window_that_was_not_seen_whole_is_missing_and_not_none(backend):
    held = warehouse(backend, coverage="2016-07-01")
    names = ("convictions_2y", "convictions_1y", "convictions_ever")
    assert found(backend, held, *names) == [None, 1, 2]
    assert found(backend, held, *names, unseen="count") == [1, 1, 2]


def test_what_nobody_can_look_back_from_is_refused(backend):
    held = warehouse(backend)
    with pytest.raises(OptionError, match="no covariate 'convictions_3y'"):
        found(backend, held, "convictions_3y")
    with pytest.raises(MetricError, match="custody_days_ever needs rows of prisoner"):
        found(backend, held, "custody_days_ever")
    with pytest.raises(MetricError, match=r"index_date must be known.*1 rows"):
        look_back(held, people(backend, (1, None)), covariates=["convictions_ever"])
    twice = people(backend, (1, "2018-01-01"), (1, "2018-01-01"))
    with pytest.raises(MetricError, match="1 rows repeat one"):
        look_back(held, twice, covariates=["convictions_ever"])


def row(person, **others):
    return {"person_id": person, **others, **TRAIL}


def test_the_last_answer_before_the_index_counts_and_the_larger_of_two(backend):
    oasys = {"source": "offender_assessments_oasys", "concept": "oasys:question_3_4"}
    answers = (("2017-06-01", 2), ("2017-12-31", 0), ("2017-12-31", 1), ("2018-01-01", 2))
    held = warehouse(
        backend,
        measure=[
            row(1, measure_id=number, date=day, value_number=float(value), **oasys)
            for number, (day, value) in enumerate(answers)
        ],
    )
    names = ("oasys_question_3_4", "oasys_days")
    assert found(backend, held, *names) == [1, 1]
    assert found(backend, held, *names, person=2) == [None, None]
    assert found(backend, held, *names, index="2017-12-31") == [2, 213]


def test_an_answer_of_yes_or_no_is_a_number(backend):
    item = {"source": "offender_assessments_oasys", "concept": "oasys:question_3_3"}
    held = warehouse(
        backend,
        measure=[
            row(person, measure_id=person, date="2017-01-01", value_code=code, **item)
            for person, code in ((1, "YES"), (2, "NO"), (3, "UNSURE"))
        ],
    )
    for person, value in ((1, 1), (2, 0), (3, None)):
        assert found(backend, held, "oasys_question_3_3", person=person) == [value]


def test_custody_days_count_once_and_stop_at_the_index(backend):
    prison = {"kind": "custody", "granularity": "journey", "source": "prisoner_custodial_journey"}
    stays = (("2015-12-22", "2016-01-11"), ("2016-01-01", "2016-01-11"), ("2017-12-22", None))
    held = warehouse(
        backend,
        episode=[
            row(1, episode_id=number, start_date=start, end_date=end,
                end_reason="ended" if end else "open_at_extract", **prison)
            for number, (start, end) in enumerate(stays)
        ],
    )  # fmt: skip
    names = ("custody_days_ever", "custody_days_2y", "custody_days_1y", "custody_spells_ever")
    assert found(backend, held, *names) == [30, 20, 10, 2]


def test_of_people_outside_the_schools_share_nothing_is_known(backend):
    share = {"source": "moj_dfe"}
    held = warehouse(
        backend,
        episode=[
            row(1, episode_id=1, kind="care", start_date="2015-01-01", **share),
            row(2, episode_id=2, kind="child_in_need", start_date="2015-01-01", **share),
        ],
    )
    name = "looked_after_episodes_ever"
    assert [found(backend, held, name, person=person) for person in (1, 2, 3)] == [[1], [0], [None]]


def test_the_index_cases_own_proceedings_are_no_earlier_case(backend):
    cases = """
    case | set | type        | person | received   | ended | code  | verdict | kind
    1001 | 500 | magistrates | 1      | 2018-01-01 | -     | theft | -       | charge
    1002 | 500 | crown_trial | 1      | 2017-12-20 | -     | theft | -       | charge
    1003 | 501 | magistrates | 1      | 2017-12-20 | -     | theft | -       | charge
    """
    held = warehouse(backend, cases=cases)
    schema = {"person_id": "int64", "index_date": "date", "index_case_id": "int64"}
    own = people(backend, (1, "2018-01-01", 1001), schema=schema)
    rows = engine.execute(look_back(held, own, covariates=["court_cases_ever"]))
    assert rows["court_cases_ever"].tolist() == [1]
    assert found(backend, held, "court_cases_ever") == [2]


def test_an_age_that_cannot_be_is_not_known(backend):
    births = {1: "2000-07-01", 2: "2008-01-01", 3: "2020-01-01", 4: None}
    held = warehouse(backend, person=[row(n, birth_month=b, source="x") for n, b in births.items()])
    ages = [found(backend, held, "age", person=person)[0] for person in births]
    assert ages == [17, 10, None, None]
    firsts = [found(backend, held, "age_at_first_conviction", person=n)[0] for n in (1, 2)]
    assert firsts == [14, None]


def test_the_coverage_of_the_place_counts_and_of_all_places_where_it_is_not_known(backend):
    places = (("m:1", "2011-01-01", "2024-04-01"), ("m:2", "2011-01-01", "2017-06-01"))
    coverage = [
        {"source": source, "place_id": place, "from_date": start, "to_date": end,
         "reason": "the extract", **TRAIL}
        for source in COURTS.values()
        for place, start, end in places
    ]  # fmt: skip
    held = warehouse(backend)
    held.coverage = tables.warehouse(backend, {"coverage": coverage}).coverage
    schema = {"person_id": "int64", "index_date": "date", "place_id": "string"}
    drawn = people(
        backend, (1, "2018-01-01", "m:1"), (2, "2018-01-01", "m:2"), (3, "2018-01-01", None),
        schema=schema,
    )  # fmt: skip
    rows = engine.execute(look_back(held, drawn, covariates=["convictions_2y"]))
    rows = rows.sort_values("person_id")
    assert rows["lookback_days_courts"].tolist() == [2557, 0, 0]
    assert rows["convictions_2y"].isna().tolist() == [False, True, True]
