"""Reconviction and proven reoffending: one drawn table each, a row for each thing not counted."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.metrics.criminal.proven_definition import ProvenOptions
from justice_analysis.metrics.criminal.proven_reoffending import proven_reoffending, reoffending
from justice_analysis.metrics.criminal.reconviction import reconvicted, reconviction_12m6m
from justice_analysis.metrics.criminal.reconviction_definition import ReconvictionOptions
from tests.engines.conftest import backend as every_engine
from tests.spec.courts_and_custody import by_person, excluded, justice_warehouse

__all__ = ["every_engine"]

# All are fined on 1 June 2014. 1 and 2 are reconvicted at the limits, to the day; 3 offends too
# late, 4 is convicted too late, 5 offended before, 6 is not convicted, 7 breaches an order, 8 is
# an old charge of the same case, 9 goes to custody and is released, 10's court leaves too soon.
CHARGES = """
case | person | received   | offence    | code   | verdict    | convicted  | given | on         | court
A1   | 1      | 2014-05-01 | 2014-04-01 | theft  | guilty     | 2014-06-01 | fine  | 2014-06-01 | m:1
A2   | 1      | 2014-09-01 | 2014-06-01 | theft  | guilty     | 2015-11-30 | fine  | 2015-11-30 | m:1
B1   | 2      | 2014-05-01 | 2014-04-01 | theft  | guilty     | 2014-06-01 | fine  | 2014-06-01 | m:1
B2   | 2      | 2015-06-20 | 2015-05-31 | theft  | guilty     | 2015-07-01 | -     | -          | m:2
C1   | 3      | 2014-05-01 | 2014-04-01 | theft  | guilty     | 2014-06-01 | fine  | 2014-06-01 | m:1
C2   | 3      | 2015-06-20 | 2015-06-01 | theft  | guilty     | 2015-07-01 | fine  | 2015-07-01 | m:1
D1   | 4      | 2014-05-01 | 2014-04-01 | theft  | guilty     | 2014-06-01 | fine  | 2014-06-01 | m:1
D2   | 4      | 2014-09-01 | 2014-08-01 | theft  | guilty     | 2015-12-01 | fine  | 2015-12-01 | m:1
E1   | 5      | 2014-05-01 | 2014-04-01 | theft  | guilty     | 2014-06-01 | fine  | 2014-06-01 | m:1
E2   | 5      | 2014-09-01 | 2014-05-31 | theft  | guilty     | 2014-10-01 | fine  | 2014-10-01 | m:1
F1   | 6      | 2014-05-01 | 2014-04-01 | theft  | guilty     | 2014-06-01 | fine  | 2014-06-01 | m:1
F2   | 6      | 2014-09-01 | 2014-08-01 | theft  | not_guilty | 2014-10-01 | -     | -          | m:1
G1   | 7      | 2014-05-01 | 2014-04-01 | theft  | guilty     | 2014-06-01 | fine  | 2014-06-01 | m:1
G2   | 7      | 2014-09-01 | 2014-08-01 | breach | guilty     | 2014-10-01 | fine  | 2014-10-01 | m:1
H1   | 8      | 2014-05-01 | 2014-04-01 | theft  | guilty     | 2014-06-01 | fine  | 2014-06-01 | m:1
H1   | 8      | 2014-05-01 | 2014-06-01 | theft  | guilty     | 2014-06-01 | -     | -          | m:1
I1   | 9      | 2014-01-01 | 2013-04-01 | theft  | guilty     | 2014-02-01 | immediate_custody | 2014-02-01 | m:1
I2   | 9      | 2014-09-01 | 2014-08-01 | theft  | guilty     | 2014-10-01 | -     | -          | m:1
J1   | 10     | 2014-05-01 | 2014-04-01 | theft  | guilty     | 2014-06-01 | fine  | 2014-06-01 | m:3
J2   | 10     | 2014-09-01 | 2014-08-01 | theft  | guilty     | 2014-10-01 | fine  | 2014-10-01 | m:1
"""
EPISODES = """
person | kind    | from       | to         | end
9      | custody | 2014-02-01 | 2014-05-02 | -
11     | custody | 2014-02-01 | -          | missing
12     | custody | 2014-02-01 | -          | -
"""
COVERAGE = """
source                | place | from       | to
magistrates_defendant | m:1   | 2011-01-01 | 2015-12-01
magistrates_defendant | m:2   | 2011-01-01 | 2015-12-01
magistrates_defendant | m:3   | 2011-01-01 | 2015-11-30
"""


def test_an_offence_of_the_year_convicted_in_a_year_and_a_half_counts(every_engine):
    drawn = justice_warehouse(every_engine, CHARGES, episodes=EPISODES, coverage=COVERAGE)
    people, flow = reconvicted(drawn, ReconvictionOptions())
    found = by_person(people, "reconvicted", "duration_days", "index_event")
    fined = "sentenced in court, not to custody"
    not_again = dict.fromkeys(range(3, 9), (False, None, fined))
    assert found == {
        1: (True, 0, fined),
        2: (True, 364, fined),
        **not_again,
        9: (True, 91, "released from custody"),
    }
    assert excluded(flow) == {"court covered for 18 months more": 1}


def test_the_rate_and_the_days_are_of_the_people_followed():
    drawn = justice_warehouse(engine.connect(), CHARGES, episodes=EPISODES, coverage=COVERAGE)
    result = reconviction_12m6m(drawn, index="sentence", index_from="2014-06-01")
    row = result.table.iloc[0]
    assert (row["people"], row["reconvicted"]) == (8, 2)
    days = result.outputs["days"].table.iloc[0]
    assert (days["people"], days["mean"]) == (2, 182)


# 1 is cautioned twice more and sentenced; 2 offends too late; 3 is proven too late; 4's second
# offence is of the same record; 5 offends after release; 6 has no release; 7 is not linked; 8 is
# followed too short; 9's second offence has no day.
RECORDS = """
case | type       | person | offence    | given              | on
A1   | pnc_record | 1      | 2014-05-01 | youth_caution      | 2014-06-01
A2   | pnc_record | 1      | 2014-06-30 | youth_caution      | 2014-07-05
A2   | pnc_record | 1      | 2014-06-30 | youth_caution      | 2014-07-05
A3   | pnc_record | 1      | 2015-05-31 | immediate_custody  | 2015-11-30
B1   | pnc_record | 2      | 2014-05-01 | fine               | 2014-06-01
B2   | pnc_record | 2      | 2015-06-01 | fine               | 2015-07-01
C1   | pnc_record | 3      | 2014-05-01 | fine               | 2014-06-01
C2   | pnc_record | 3      | 2014-07-01 | fine               | 2015-12-01
D1   | pnc_record | 4      | 2014-05-01 | fine               | 2014-06-01
D1   | pnc_record | 4      | 2014-06-01 | fine               | 2014-06-01
E1   | pnc_record | 5      | 2013-05-01 | immediate_custody  | 2014-02-01
E2   | pnc_record | 5      | 2014-08-01 | community_sentence | 2014-09-01
F1   | pnc_record | 6      | 2013-05-01 | immediate_custody  | 2014-02-01
G1   | pnc_record | -      | 2014-05-01 | fine               | 2014-06-01
H1   | pnc_record | 8      | 2022-05-01 | fine               | 2022-10-02
I1   | pnc_record | 9      | 2014-05-01 | fine               | 2014-06-01
I2   | pnc_record | 9      | -          | fine               | 2014-09-01
"""
RELEASES = """
person | kind    | from       | to         | end
5      | custody | 2014-01-20 | 2014-07-01 | -
6      | custody | 2014-02-01 | -          | missing
"""
PEOPLE = [{"person_id": "1", "birth_month": "1998-01-01"}] + [
    {"person_id": str(one), "birth_month": "1990-01-01"} for one in range(2, 10)
]


def test_a_proven_reoffence_is_cautioned_or_convicted_in_time(every_engine):
    drawn = justice_warehouse(every_engine, RECORDS, episodes=RELEASES, people=PEOPLE)
    people, flow = reoffending(drawn, ProvenOptions())
    columns = ("reoffences", "duration_days", "in_court", "in_custody", "most_severe_outcome")
    found = by_person(people, *columns)
    none = (0, None, False, False, "not known")
    assert found == {
        1: (3, 29, True, True, "immediate_custody"),
        **dict.fromkeys((2, 3, 4, 9), none),
        5: (1, 31, True, False, "community_sentence"),
    }
    assert excluded(flow) == {
        "linked to a person": 1,
        "index date": 1,
        "police records covered for 18 months more": 1,
    }


def test_measures_of_reoffenders_leave_out_the_others():
    drawn = justice_warehouse(engine.connect(), RECORDS, episodes=RELEASES, people=PEOPLE)
    result = proven_reoffending(drawn, by="cohort")
    rate = result.table.set_index("cohort")[["people", "reoffended"]]
    assert rate.T.to_dict("list") == {"all": [6, 2], "adults": [5, 1], "juveniles": [1, 1]}
    means = {
        name: result.outputs[name].table.set_index("cohort").loc["all", "mean"]
        for name in ("frequency", "frequency_of_reoffenders", "days")
    }
    assert means == pytest.approx({"frequency": 4 / 6, "frequency_of_reoffenders": 2, "days": 30})
