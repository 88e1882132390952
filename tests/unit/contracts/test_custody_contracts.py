"""The prison, probation and assessment contracts, held against what is published."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from justice_analysis import codes, contracts
from justice_analysis.sources.mappings import custody_cleaning, probation_codes

DATASETS = ("prisoner_custodial_journey", "probation", "offender_assessments_oasys")


@pytest.fixture(scope="module")
def reference(shared_data: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Published columns and their status, by dataset and table."""
    file = shared_data.parent / "reference" / "datafirst_schema.yaml"
    held = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["datasets"]
    return {
        dataset: {
            table["name"].lower(): {
                column["name"]: column["status"].split()[0].lower()
                for column in table["variables"]
                if column["name"] != "unknown" and "*" not in column["name"]
            }
            for table in held[dataset]["tables"]
        }
        for dataset in DATASETS
    }


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_published_name_is_there_with_its_status(reference, dataset):
    contract = contracts.load(dataset)
    wanted = {"confirmed": "confirmed", "secondary": "secondary", "inferred": "assumed"}
    for table, columns in reference[dataset].items():
        for column, status in columns.items():
            assert contract.table(table).field(column).name_status == wanted[status], column


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_other_name_is_called_confirmed(reference, dataset):
    for table in contracts.load(dataset).tables:
        published = reference[dataset].get(table.name, {})
        for field in table.fields:
            if field.name_status == "confirmed":
                assert published[field.name] == "confirmed"


def test_each_ethnicity_of_the_probation_data_is_a_code_or_none():
    listed = contracts.load("probation").table("moj_probation_flatfile").field("ethnicity_desc")
    assert listed.codes_status == "confirmed"
    assert len(listed.codes) == 22
    assert set(custody_cleaning.ETHNICITY_WORDS.values()) <= set(codes.SELF_DEFINED_ETHNICITIES)


def test_ethnicity_codes_of_the_prison_data_are_ours_or_not_stated():
    listed = contracts.load("prisoner_custodial_journey").table("nomis").field("ethnicity").codes
    assert set(listed) - set(codes.SELF_DEFINED_ETHNICITIES) == {"NS"}


@pytest.mark.parametrize(
    ("dataset", "table", "field"),
    [
        ("prisoner_custodial_journey", "nomis", "main_offence_group"),
        ("probation", "moj_probation_flatfile", "mo_category_description"),
    ],
)
def test_offences_are_the_groups_of_the_home_office(dataset, table, field):
    listed = contracts.load(dataset).table(table).field(field)
    assert {one.value: one.label for one in listed.categories} == dict(codes.OFFENCE_GROUPS)


def test_legal_statuses_are_ours():
    segments = contracts.load("prisoner_custodial_journey").table("custody_segments")
    listed = {one.value: one.label for one in segments.field("legal_status").categories}
    assert listed == dict(codes.CUSTODY_STATUSES)
    common = contracts.common_model().table("episode").field("legal_status")
    assert {one.value: one.label for one in common.categories} == listed


def test_items_on_a_scale_have_the_scale_of_the_assessments():
    scales = [
        field
        for table in contracts.load("offender_assessments_oasys").tables
        for field in table.fields
        if set(field.codes) == set(codes.OASYS_SCALE) and "problem" in field.categories[0].label
    ]
    assert len(scales) >= 8
    for field in scales:
        assert {one.value: one.label for one in field.categories} == dict(codes.OASYS_SCALE)


@pytest.mark.parametrize(
    ("table", "field", "known"),
    [
        ("episode", "kind", codes.SUPERVISIONS),
        ("measure", "concept", {codes.OASYS_PREFIX + item: "" for item in codes.OASYS_ITEMS}),
        ("event", "event_type", {"referral": "", "assessment": ""}),
        ("place", "kind", {"probation_area": ""}),
    ],
)
def test_the_common_model_knows_what_the_mappings_write(table, field, known):
    assert set(known) <= set(contracts.common_model().table(table).field(field).codes)


def test_units_are_known_only_where_published_or_in_law():
    assert set(probation_codes.REQUIREMENT_UNITS) == {
        "alcohol_abstinence",
        "alcohol_treatment",
        "unpaid_work",
        "rehabilitation_activity",
    }
