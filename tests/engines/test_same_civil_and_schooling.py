"""Civil claims, and offending beside schooling, in the common model: one answer on every engine."""

from __future__ import annotations

import pytest

from justice_analysis.sources.mappings import civil_county_court, moj_dfe
from tests.delivered import context_of, contract_tables

CIVIL = {
    "cases": [
        {"case_number_hash": "a", "case_type": "money", "issue_date": "2016-02-01", "court": 3},
        {
            "case_number_hash": "b",
            "case_type": "possession",
            "issue_date": "2016-02-01",
            "case_status": "settled",
            "case_status_date": "2016-04-01",
        },
    ],
    "case_parties": [
        {"row_id_hash": "1", "case_number_hash": "a", "party_role": "defendant", "gender": 2},
        {
            "row_id_hash": "2",
            "case_number_hash": "a",
            "party_role": "claimant",
            "party_type": "company",
            "coded_party_number": "77",
        },
        {
            "row_id_hash": "3",
            "case_number_hash": "b",
            "party_role": "claimant",
            "coded_party_number": "77",
        },
    ],
    "case_events": [
        {
            "event_id": "e",
            "case_number_hash": "a",
            "event_type": "judgment",
            "event_date": "2016-03-01",
            "judgment_type": "default",
            "judgment_amount": 800.0,
        }
    ],
}
PUPIL = "pupil_reference_anonymised"
PUPILS = {
    "npd_pupils": [{PUPIL: "u", "month_of_birth": "2010-05-01", "ethnic_group_major": "CHIN"}],
    "npd_absence": [
        {PUPIL: "u", "academic_year": "2012/2013", "sessions_possible": 4, "sessions_missed": 1},
        {PUPIL: "u", "academic_year": "unknown", "sessions_possible": 4, "sessions_missed": 1},
    ],
    "cla_episodes": [
        {"cla_episode_id": "1", PUPIL: "u", "episode_start_date": "2020-02-01"},
    ],
    "pnc_people": [{"pnc_person_anonymised": "p", PUPIL: "u"}],
    "pnc_offences": [
        {
            "offence_id": "1",
            "pnc_person_anonymised": "p",
            "disposal_event_id": "o",
            "offence_date": "2021-01-01",
            "disposal_date": "2021-02-01",
            "disposal": "youth_caution",
            "is_serious_violence": True,
        }
    ],
}


@pytest.fixture
def mapped(backend):
    def run(module, dataset, delivered, extract_date):
        tables = contract_tables(backend, dataset, delivered)
        context = context_of(backend, dataset, extract_date=extract_date)
        return module.to_common(tables, context).tables

    return run


def test_claims_parties_and_judgments_are_the_same(mapped, rows):
    common = mapped(civil_county_court, "civil_county_court", CIVIL, "2022-01-31")
    assert rows(common["case"].select("source_key", "status", "closed_date")) == [
        ("a", "stale", None),
        ("b", "closed", "2016-04-01"),
    ]
    assert rows(common["matter"].select("source_key", "status", "disposed_date")) == [
        ("a", "disposed", "2016-03-01"),
        ("b", "withdrawn", "2016-04-01"),
    ]
    assert rows(common["organisation"].select("source_key", "kind", "rule")) == [
        ("2", "bulk_claimant", "coded party number")
    ]
    assert rows(common["record"].select("source_key", "sex")) == [("1", "female")]
    party = common["party"]
    has_person = party.record_id.notnull().name("has_person")
    assert rows(party.select("source_key", has_person)) == [("1", True), ("2", False), ("3", False)]
    assert rows(common["decision"].select("source_key", "decision", "amount")) == [
        ("e", "default_judgment", 800.0)
    ]


def test_pupils_years_care_and_offences_are_the_same(mapped, rows):
    common = mapped(moj_dfe, "moj_dfe", PUPILS, "2021-12-31")
    columns = ("concept", "from_date", "to_date", "value_number", "value_code")
    assert rows(common["measure"].select(*columns)) == [
        ("absence_rate", "2012-09-01", "2013-09-01", 0.25, None),
        ("recorded_ethnicity", None, None, None, "CHIN"),
        ("serious_violence", None, None, 1.0, None),
    ]
    assert rows(common["episode"].select("kind", "start_date", "end_reason")) == [
        ("care", "2020-02-01", "open_at_extract")
    ]
    assert rows(common["decision"].select("decision_type", "decision", "decision_date")) == [
        ("caution", "youth_caution", "2021-02-01")
    ]
    assert rows(common["record"].select("source_key", "ethnicity_group")) == [
        ("p", None),
        ("u", "asian"),
    ]
