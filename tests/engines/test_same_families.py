"""Family court and Cafcass Cymru in the common model: one answer on every engine."""

from __future__ import annotations

import pytest

from justice_analysis.sources.mappings import cafcass_cymru, family_court
from tests.delivered import context_of, contract_tables

COURT = {
    "cases": [
        {"case_number_hash": "a", "case_type": "public_law", "transfer_in_date": "2016-01-20"},
        {"case_number_hash": "b", "case_type": "divorce", "receipt_date": "2022-04-06"},
    ],
    "events": [
        {
            "event_id": "1",
            "case_number_hash": "a",
            "event_model": "application",
            "receipt_date": "2016-02-01",
            "application_type": "care_order",
        },
        {
            "event_id": "2",
            "case_number_hash": "a",
            "event_model": "order",
            "receipt_date": "2016-06-01",
            "order_type": "care_order",
            "is_final_order": True,
        },
        {
            "event_id": "3",
            "case_number_hash": "b",
            "event_model": "application",
            "receipt_date": "2022-04-06",
            "application_type": "divorce",
        },
    ],
    "people": [
        {"row_id_hash": "c", "case_number_hash": "a", "role_model": "child", "gender": 9},
        {"row_id_hash": "d", "case_number_hash": "a", "role_model": "child"},
        {
            "row_id_hash": "w",
            "case_number_hash": "b",
            "role_model": "applicant",
            "representative_role": "5",
        },
    ],
    "event_children": [{"event_id": "2", "row_id_hash": "c"}],
}
WALES = {
    "cafcass_contacts": [
        {"CONTACTID_E": 1, "SYSTEM_ID_E": 101},
        {"CONTACTID_E": 2, "SYSTEM_ID_E": 102, "WOB": "2016-01-25"},
    ],
    "cafcass_alf": [
        {"SYSTEM_ID_E": 101, "ALF_E": 501, "ALF_STS_CD": 4, "GNDR_CD": 2},
        {"SYSTEM_ID_E": 101, "ALF_E": 500, "ALF_STS_CD": 35, "GNDR_CD": 2},
    ],
    "cafcass_application": [
        {
            "CAP_APPLICATIONID_E": 20,
            "CAP_INCIDENTID_E": 10,
            "CAP_LAWTYPENAME": " Public Law ",
            "CAP_PRIMARYAPPLICATIONTYPENAME": "Care Order",
            "CAP_ISSUEDATE": "2016-02-01",
        }
    ],
    "cafcass_applicationserviceusers": [
        {"RECORD1ID_E": 20, "RECORD2ID_E": 1, "RECORD2ROLEIDNAME": "Respondent"},
        {"RECORD1ID_E": 20, "RECORD2ID_E": 2, "RECORD2ROLEIDNAME": "Subject"},
    ],
    "cafcass_relationships": [
        {
            "RECORD1ID_E": 1,
            "RECORD1ROLEIDNAME": "Mother",
            "RECORD2ID_E": 2,
            "RECORD2ROLEIDNAME": "Child",
        }
    ],
}


@pytest.fixture
def mapped(backend):
    def run(module, dataset, delivered):
        tables = contract_tables(backend, dataset, delivered)
        context = context_of(backend, dataset, extract_date="2023-03-31")
        return module.to_common(tables, context).tables

    return run


def test_matters_and_their_disposals_are_the_same(mapped, rows):
    common = mapped(family_court, "family_court", COURT)
    matters = common["matter"].select("source_key", "code", "received_date", "disposed_date")
    assert sorted(rows(matters)) == [
        ("3", "divorce", "2022-04-06", None),
        ("c", "care_order", "2016-02-01", "2016-06-01"),
        ("d", "care_order", "2016-02-01", None),
    ]
    parties = common["party"].select("source_key", "sex", "represented")
    assert sorted(rows(parties)) == [("c", None, False), ("d", None, False), ("w", None, True)]
    assert len(rows(common["event"].select("event_id"))) == 4


def test_welsh_people_ties_and_cases_are_the_same(mapped, rows):
    common = mapped(cafcass_cymru, "cafcass_cymru", WALES)
    cases = common["case"].select("source_key", "case_type", "received_date", "status")
    assert rows(cases) == [("10", "care_proceedings", "2016-02-01", "stale")]
    alf = common["record_id_link"].filter(lambda t: t.id_system == "alf")
    assert rows(alf.select("source_key", "identifier")) == [("1", "501")]
    assert rows(common["relationship"].select("source_key", "kind")) == [("2/1", "parent")]
    assert sorted(rows(common["party"].select("source_key", "role"))) == [
        ("10/1", "respondent"),
        ("10/2", "subject"),
    ]
