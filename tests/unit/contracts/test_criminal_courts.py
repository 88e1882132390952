"""The criminal courts' contracts say which names are published, and what is not in the data."""

import pytest

from justice_analysis import codes, contracts

PUBLISHED = {
    "row_id_hash",
    "case_id_hash",
    "offence_date",
    "final_result_date",
    "breach_marker",
    "proceeding_type",
    "proceedings_type_desc",
    "jsas_result_group_desc",
}


def named(dataset, *statuses):
    return {
        field.name
        for table in contracts.load(dataset).tables
        for field in table.fields
        if field.name_status in statuses
    }


def test_eight_names_of_the_magistrates_courts_are_published_and_none_of_the_crown_courts():
    assert named("magistrates_defendant", "confirmed", "secondary") == PUBLISHED
    assert named("crown_court_defendant", "confirmed") == set()


@pytest.mark.parametrize("dataset", ["magistrates_defendant", "crown_court_defendant"])
def test_no_table_name_is_published_and_only_the_summary_must_come(dataset):
    tables = contracts.load(dataset).tables
    assert {table.name_status for table in tables} == {"assumed"}
    assert [table.optional for table in tables] == [False, True, True]


@pytest.mark.parametrize("dataset", ["magistrates_defendant", "crown_court_defendant"])
def test_a_column_is_required_only_where_the_mapping_cannot_do_without(dataset):
    summary = contracts.load(dataset).tables[0]
    required = {field.name for field in summary.fields if field.required}
    assert required == {"row_id_hash", "case_id_hash"}


def test_what_is_not_in_the_data_is_said():
    breaks = {
        dataset: " ".join(one.what for one in contracts.load(dataset).breaks)
        for dataset in ("magistrates_defendant", "crown_court_defendant")
    }
    assert "Single Justice Procedure" in breaks["magistrates_defendant"]
    assert "Breaches" in breaks["magistrates_defendant"]
    assert all("Common Platform" in text for text in breaks.values())


@pytest.mark.parametrize(
    ("field", "listed"),
    [
        ("offence_group", codes.OFFENCE_GROUPS),
        ("plea", codes.PLEAS),
        ("verdict", codes.VERDICTS),
        ("disposal", codes.DISPOSALS),
    ],
)
@pytest.mark.parametrize("dataset", ["magistrates_defendant", "crown_court_defendant"])
def test_both_tables_list_our_codes(dataset, field, listed):
    for table in contracts.load(dataset).tables[:2]:
        assert table.field(field).codes == tuple(listed)


def test_each_self_defined_and_officers_code_falls_in_one_of_five_groups():
    assert set(codes.ETHNICITY_GROUP_OF) == set(codes.SELF_DEFINED_ETHNICITIES)
    assert set(codes.ETHNICITY_GROUP_OF.values()) == set(codes.ETHNICITY_GROUPS)
    assert codes.ETHNICITY_GROUP_OF["O1"] == codes.ETHNICITY_GROUP_OF["A4"] == "asian"
    assert set(codes.OFFICER_ETHNICITY_GROUP_OF) == set(codes.OFFICER_ETHNICITIES)
    assert set(codes.OFFICER_ETHNICITY_GROUP_OF.values()) < set(codes.ETHNICITY_GROUPS)
