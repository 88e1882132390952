"""Cases, parties, people and records: totals, and differences that add up to them."""

from __future__ import annotations

import pytest

from justice_analysis.disclosure import load
from justice_analysis.disclosure.counted import rules as counted
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics import counting_units
from tests.spec.tables import warehouse

CASES = [  # case, set of proceedings, jurisdiction
    (1, 1, "criminal"),
    (2, 1, "criminal"),  # sent to the Crown Court: one set with case 1
    (3, 3, "criminal"),
    (4, 4, "criminal"),  # names nobody
    (5, 5, "civil"),
]
PARTIES = [  # party, case, person, record, organisation
    (11, 1, 100, 911, None),
    (12, 1, None, 912, None),  # a co-defendant who is not linked
    (13, 2, 100, 913, None),
    (14, 3, 101, 914, None),
    (15, 5, 100, 915, None),
    (16, 5, None, None, "bank"),
]
MATTERS = [(21, 1), (22, 1), (23, 2), (24, 3), (25, 5)]


@pytest.fixture
def drawn(backend):
    return warehouse(
        backend,
        {
            "case": [
                {"case_id": case, "proceeding_id": one, "jurisdiction": where, "source": "drawn"}
                for case, one, where in CASES
            ],
            "party": [
                {
                    "party_id": party,
                    "case_id": case,
                    "person_id": person,
                    "record_id": record,
                    "organisation_id": body,
                }
                for party, case, person, record, body in PARTIES
            ],
            "matter": [{"matter_id": matter, "case_id": case} for matter, case in MATTERS],
        },
    )


def totals(table, group):
    found = table[(table["group"] == group) & (table["is"] == "total")]
    return dict(zip(found["line"], found["count"], strict=True))


def test_each_unit_has_its_total(drawn):
    criminal = totals(counting_units(drawn).table, "criminal")
    assert criminal == {
        "matters (charges, children in applications, claims)": 4,
        "cases": 4,
        "sets of proceedings": 3,
        "defendants in cases": 4,
        "people": 3,
        "people who are linked": 2,
        "records of people in cases": 4,
    }


def test_a_company_is_a_party_and_not_a_person(drawn):
    civil = totals(counting_units(drawn).table, "civil")
    assert civil["parties in cases"] == 2
    assert civil["people"] == 1


def test_differences_lead_from_each_total_to_the_next(drawn):
    for _, lines in counting_units(drawn).table.groupby("group"):
        running = None
        for line in lines.sort_values("number").itertuples():
            kind, count = line[4], line.count_ if hasattr(line, "count_") else line[5]
            if kind == "total":
                assert running in (None, count), line
                running = count
            else:
                running += count if kind == "added" else -count


def test_sources_can_be_shown_apart(drawn):
    assert set(counting_units(drawn, by="source").table["group"]) == {"drawn"}


def test_without_cases_it_refuses(backend):
    with pytest.raises(MetricError, match="needs cases"):
        counting_units(warehouse(backend, {}))


def test_the_flow_from_parties_to_people_falls_to_those_linked(drawn):
    flow = counting_units(drawn).parties_to_people("Who is counted", "criminal")
    assert flow.table.to_dict("list") == {
        "step": [
            "defendants in cases",
            "less companies and public bodies",
            "less further cases or roles of the same person",
            "less not linked, each counted as one person",
        ],
        "left": [4, 4, 3, 2],
        "set_aside": [0, 0, 1, 1],
        "people": [3, 3, 3, 2],  # 100, 101 and the one who is not linked
        "people_set_aside": [0, 0, 1, 1],
    }
    assert counted.broken(flow) == []


def test_bodies_leave_at_their_step_each_counted_once(drawn):
    flow = counting_units(drawn).parties_to_people("Who is counted", "civil")
    assert flow.table["people"].tolist() == [2, 1, 1, 1]
    assert flow.table["people_set_aside"].tolist() == [0, 1, 0, 0]


def test_a_person_in_many_cases_is_one_person_behind_each_step(backend):
    cases = [{"case_id": n, "proceeding_id": n // 2, "jurisdiction": "criminal"} for n in range(40)]
    parties = [{"party_id": n, "case_id": n, "person_id": 1, "record_id": n} for n in range(40)]
    found = counting_units(warehouse(backend, {"case": cases, "party": parties, "matter": []}))
    for flow in (
        found.parties_to_people("People", "criminal"),
        found.cases_to_proceedings("Cases", "criminal"),
    ):
        assert set(flow.table["people"]) == {1}
        assert "few people have" in counted.without_rule(flow, load("ons-srs"))[0]


def test_the_flow_from_cases_to_proceedings_ends_at_the_sets(drawn):
    flow = counting_units(drawn).cases_to_proceedings("Cases", "criminal")
    assert list(flow.table["left"]) == [4, 3]
    assert flow.table["people"].tolist() == [3, 3]  # both cases of the set, and case 3
    assert flow.table["people_set_aside"].tolist() == [0, 2]  # 100 and the co-defendant


def test_a_flow_of_an_unknown_group_is_refused(drawn):
    with pytest.raises(OptionError, match="no tribunal here"):
        counting_units(drawn).parties_to_people("Who is counted", "tribunal")
