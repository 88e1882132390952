"""Delivered assessments in the common model, rule by rule."""

import pytest

from justice_analysis import codes, contracts
from justice_analysis.sources.mappings import offender_assessments_oasys as mapping
from tests.delivered import context_of, contract_tables, rows_of, set_aside
from tests.rules import counted_rules, measured

CORE, SCREENING = "oasys_assessments_details_core_risk", "oasys_assessments_details_bcs"


def assessment(number, date="2019-05-01", **columns):
    return {
        "assessment_id_hash": number,
        "row_id_hash": f"r{number}",
        "assessment_date": date,
        **columns,
    }


@pytest.fixture
def map_rows(backend):
    def run(*assessments, **details):
        rows = {mapping.ASSESSMENTS: list(assessments), **details}
        tables = contract_tables(backend, "offender_assessments_oasys", rows)
        context = context_of(backend, "offender_assessments_oasys", extract_date="2023-12-31")
        return mapping.to_common(tables, context)

    return run


def test_an_assessment_is_an_event_of_its_day(map_rows):
    mapped = map_rows(assessment("a"), assessment("b", None), assessment("c", "1900-01-01"))
    assert rows_of(mapped, "event", "source_key", "event_type", "event_date") == [
        ("a", "assessment", "2019-05-01")
    ]
    assert rows_of(mapped, "record", "source_key") == [("ra",)]
    assert rows_of(mapped, "event", "record_id") == rows_of(mapped, "record", "record_id")
    assert set_aside(mapped, mapping.ASSESSMENTS) == {"": 1, mapping.NO_DATE: 2}
    assert counted_rules(mapped) == {
        (mapping.ASSESSMENTS, "placeholder in assessment_date made missing"): 1
    }


def test_assessments_with_one_row_key_are_one_record(map_rows):
    mapped = map_rows(
        assessment("a", "2019-05-01", row_id_hash="r"),
        assessment("b", "2018-05-01", row_id_hash="r"),
    )
    assert rows_of(mapped, "record", "source_key", "recorded_date") == [("r", "2018-05-01")]
    assert rows_of(mapped, "event", "source_key") == [("a",), ("b",)]


def test_items_on_a_scale_are_a_code_and_a_number_and_flags_a_code(map_rows):
    mapped = map_rows(
        assessment("a"),
        **{
            CORE: [
                {
                    "assessment_id_hash": "a",
                    "question_3_4": "2",
                    "question_8_1": "YES",
                    "question_3_tot": 5,
                    "question_10_6": "0",
                }
            ],
        },
    )
    columns = ("value_code", "value_number", "basis", "date")
    assert measured(mapped, "oasys:question_3_4", *columns) == [
        ("2", 2.0, "assessed", "2019-05-01")
    ]
    assert measured(mapped, "oasys:question_8_1", *columns) == [
        ("YES", None, "assessed", "2019-05-01")
    ]
    assert measured(mapped, "oasys:question_3_tot", *columns) == [
        (None, 5.0, "assessed", "2019-05-01")
    ]
    assert measured(mapped, "oasys:question_10_6", *columns) == [
        ("0", 0.0, "assessed", "2019-05-01")
    ]
    assert len(rows_of(mapped, "measure", "concept")) == 4


def test_items_of_the_tables_belong_to_the_record_of_their_assessment(map_rows):
    mapped = map_rows(
        assessment("a"),
        assessment("b", None),
        **{
            CORE: [{"assessment_id_hash": "a", "question_1_10": 3}],
            SCREENING: [
                {"assessment_id_hash": "a", "question_bcs82": "NO"},
                {"assessment_id_hash": "b", "question_bcs82": "NO"},
            ],
        },
    )
    record = rows_of(mapped, "record", "record_id")
    assert measured(mapped, "oasys:question_1_10", "record_id", "value_number") == [
        (record[0][0], 3.0)
    ]
    assert measured(mapped, "oasys:question_bcs82", "record_id") == record
    assert set_aside(mapped, SCREENING) == {"": 1, mapping.NO_ASSESSMENT: 1}


def test_an_age_that_cannot_be_is_no_measure(map_rows):
    mapped = map_rows(
        assessment("a"),
        assessment("b"),
        **{
            SCREENING: [
                {"assessment_id_hash": "a", "question_bcs28": 0},
                {"assessment_id_hash": "b", "question_bcs28": 19},
            ]
        },
    )
    assert measured(mapped, "oasys:question_bcs28", "value_number") == [(19.0,)]
    assert counted_rules(mapped) == {(SCREENING, "impossible age made missing"): 1}


def test_an_assessment_without_a_row_key_is_a_record_of_its_own(map_rows):
    mapped = map_rows(assessment("a", row_id_hash=None))
    assert rows_of(mapped, "record", "source_key") == [("a",)]


def test_each_item_that_is_read_is_in_one_table_and_in_the_common_model():
    tables = contracts.load("offender_assessments_oasys").tables
    known = contracts.common_model().table("measure").field("concept").codes
    for item in codes.OASYS_ITEMS:
        assert sum(item in table.field_names for table in tables) == 1
        assert codes.OASYS_PREFIX + item in known


def test_every_other_table_may_be_absent_and_is_accounted_for(map_rows):
    mapped = map_rows(assessment("a"))
    contract = contracts.load("offender_assessments_oasys")
    assert {one.table for one in mapped.accounts} == set(contract.table_names)
    assert [table.name for table in contract.tables if not table.optional] == [mapping.ASSESSMENTS]
    assert rows_of(mapped, "measure", "concept") == []
