"""What is recorded of people in cases, by dataset and year."""

from __future__ import annotations

import pytest

from justice_analysis import disclosure
from justice_analysis.disclosure.counted import rules as counted
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics import completeness
from tests.spec.tables import warehouse

CASES = [  # case, dataset, received, area
    (1, "magistrates_defendant", "2020-05-31", "area:001"),
    (2, "magistrates_defendant", "2021-05-31", None),
    (3, "civil_county_court", None, None),
]
PARTIES = [  # party, case, dataset, person, sex, ethnic group
    (11, 1, "magistrates_defendant", 1, "female", "white"),
    (12, 1, "magistrates_defendant", None, "male", None),
    (21, 2, "magistrates_defendant", 1, None, None),
    (31, 3, "civil_county_court", 2, "male", None),
]


@pytest.fixture
def drawn(backend):
    return warehouse(
        backend,
        {
            "case": [
                {
                    "case_id": case,
                    "proceeding_id": case,
                    "source": source,
                    "received_date": day,
                    "area_id": area,
                }
                for case, source, day, area in CASES
            ],
            "party": [
                {
                    "party_id": party,
                    "case_id": case,
                    "source": source,
                    "person_id": person,
                    "sex": sex,
                    "ethnicity_group": group,
                    "role": "defendant",
                }
                for party, case, source, person, sex, group in PARTIES
            ]
            + [{"party_id": 32, "case_id": 3, "source": "civil_county_court",
                "organisation_id": "bank", "role": "claimant"}],
        },
    )  # fmt: skip


def lines(result, item):
    table = result.table[result.table["item"] == item]
    columns = ["dataset", "year", "parties", "recorded", "people"]
    return [tuple(row) for row in table[columns].itertuples(index=False)]


def test_recorded_items_are_counted_by_dataset_without_bodies(drawn):
    found = completeness(drawn)
    assert lines(found, "sex") == [
        ("County court", "all", 1, 1, 1),
        ("Magistrates' courts", "all", 3, 2, 2),
    ]
    assert lines(found, "link to a person") == [
        ("County court", "all", 1, 1, 1),
        ("Magistrates' courts", "all", 3, 2, 2),
    ]


def test_what_a_dataset_records_for_nobody_is_left_out(drawn):
    found = completeness(drawn)
    assert lines(found, "ethnic group") == [("Magistrates' courts", "all", 3, 1, 2)]
    assert lines(found, "month of birth") == []
    with pytest.raises(OptionError, match="no dataset here records month of birth"):
        found.of_item("Month of birth", "month of birth")


def test_years_are_those_of_receipt_and_an_unknown_one_is_said(drawn):
    found = completeness(drawn, by="year")
    assert lines(found, "sex") == [
        ("County court", "not dated", 1, 1, 1),
        ("Magistrates' courts", "in 2020", 2, 2, 2),
        ("Magistrates' courts", "in 2021", 1, 0, 1),
    ]


def test_each_item_is_an_output_that_disclosure_control_can_judge(drawn, tmp_path):
    output = completeness(drawn).of_item("Ethnic group", "ethnic group")
    assert output.roles.numerator == "ethnic_group_recorded"
    assert next(iter(output.table.columns)) == "dataset"
    assert "year" not in output.table
    assert counted.broken(output) == []
    disclosure.write_candidate(output, "ethnic_group", tmp_path, synthetic=True)
    assert (tmp_path / "ethnic_group.parquet").is_file()


def test_people_and_cases_behind_each_number_are_distinct(drawn):
    output = completeness(drawn).of_item("Sex", "sex")
    behind = output.roles.people_behind
    assert behind == {"parties": "people", "sex_recorded": "people_recorded"}
    columns = ["parties", "people", "sex_recorded", "people_recorded", "cases"]
    magistrates = output.table.set_index("dataset").loc["Magistrates' courts", columns]
    # Person 1 is there twice, once without a sex; the other, who is not linked, is one person.
    assert magistrates.tolist() == [3, 2, 2, 2, 2]


def test_a_warehouse_without_people_in_cases_is_refused(backend):
    with pytest.raises(MetricError, match="has none"):
        completeness(warehouse(backend, {}))
