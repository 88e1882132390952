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
