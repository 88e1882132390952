"""Descriptors are read strictly, and every problem is said at once."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from justice_analysis import contracts
from justice_analysis.contracts.package import as_package
from justice_analysis.contracts.reader import from_package, parse_contract, read_contract
from justice_analysis.errors import ContractError, SourceError, UsageError

PACKAGE: dict[str, Any] = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "courts",
    "title": "Courts",
    "version": "2.1",
    "description": "Cases.",
    "sources": [{"title": "Catalogue", "path": "https://example.org/courts"}],
    "justice": {
        "jurisdiction": "civil",
        "nature": "restricted",
        "custodian": "Courts",
        "how_to_apply": "Ask.",
        "citation": "Courts.",
        "covers": {
            "from": "2011-01-01",
            "to": dt.date(2020, 12, 31),
            "name_status": "confirmed",
            "source": "catalogue",
        },
        "breaks": [{"what": "New system", "from": "2014-04-01", "source": "catalogue"}],
    },
    "resources": [
        {
            "name": "cases",
            "title": "Cases",
            "type": "table",
            "path": "cases.csv",
            "justice": {
                "grain": "one row per case",
                "name_status": "confirmed",
                "source": "catalogue",
                "optional": True,
                "date_order": [["received", "closed"]],
            },
            "schema": {
                "fields": [
                    {
                        "name": "case_id",
                        "type": "integer",
                        "constraints": {"required": True, "minimum": 1},
                        "justice": {"name_status": "confirmed", "source": "catalogue"},
                    },
                    {
                        "name": "law",
                        "type": "integer",
                        "categories": [{"value": 1, "label": "Public"}, 2],
                        "justice": {"codes_status": "assumed", "source": "assumed"},
                    },
                    {"name": "received", "type": "date"},
                    {"name": "closed", "type": "date"},
                    {"name": "Note ", "type": "string"},
                    {"name": "related_id", "type": "integer"},
                ],
                "primaryKey": ["case_id"],
                "foreignKeys": [{"fields": ["related_id"], "reference": {"fields": ["case_id"]}}],
                "missingValues": ["", {"value": "NA", "label": "not asked"}],
            },
        }
    ],
}


def package(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(PACKAGE), **changes}


def test_everything_said_in_a_descriptor_is_in_the_contract() -> None:
    contract = from_package(PACKAGE)
    cases = contract.table("cases")
    assert (contract.version, contract.jurisdiction) == ("2.1", "civil")
    assert (contract.covers_from, contract.covers_to) == (
        dt.date(2011, 1, 1),
        dt.date(2020, 12, 31),
    )
    assert contract.breaks[0].from_date == dt.date(2014, 4, 1)
    assert (cases.optional, cases.primary_key) == (True, ("case_id",))
    assert cases.date_order == (("received", "closed"),)
    assert cases.missing_values == ("", "NA")
    assert (cases.field("case_id").required, cases.field("case_id").minimum) == (True, 1)


def test_codes_are_text_whatever_the_type_of_the_field() -> None:
    field = from_package(PACKAGE).table("cases").field("law")
    assert field.codes == ("1", "2")
    assert field.label("2") == "2"


@pytest.mark.parametrize(
    ("field", "formats"),
    [
        ({"type": "date"}, ()),
        ({"type": "date", "format": "default"}, ()),
        ({"type": "date", "format": "%d/%m/%Y"}, ("%d/%m/%Y",)),
        ({"type": "yearmonth", "format": ["%m/%Y", "%Y%m"]}, ("%m/%Y", "%Y%m")),
        ({"type": "datetime"}, ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")),
        ({"type": "datetime", "format": "%d/%m/%Y %H:%M:%S"}, ("%d/%m/%Y %H:%M:%S",)),
        ({"type": "string", "format": "email"}, ()),
    ],
)
def test_the_formats_of_dates_are_read_and_survive_writing(
    field: dict[str, Any], formats: tuple[str, ...]
) -> None:
    described = package()
    described["resources"][0]["schema"]["fields"][3] |= field
    described["resources"][0]["justice"]["date_order"] = []
    contract = from_package(described)
    assert contract.table("cases").field("closed").formats == formats
    again = from_package(as_package(contract, {"cases": "cases.csv"}))
    assert again.table("cases").field("closed").formats == formats


@pytest.mark.parametrize(
    ("given", "message"),
    [("%y%m%d", "format must be one of"), (["%d/%m/%Y", "%m/%d/%Y"], "both read a date")],
)
def test_formats_that_cannot_be_read_for_certain_are_refused(given: Any, message: str) -> None:
    described = package()
    described["resources"][0]["schema"]["fields"][3]["format"] = given
    with pytest.raises(ContractError, match=message):
        from_package(described)


def test_a_blank_at_the_end_of_a_name_is_kept() -> None:
    assert "Note " in from_package(PACKAGE).table("cases").field_names


def test_a_foreign_key_without_a_table_refers_to_its_own() -> None:
    assert from_package(PACKAGE).table("cases").foreign_keys[0].table == "cases"


def test_json_and_yaml_give_the_same_contract(tmp_path: Path) -> None:
    plain = json.loads(json.dumps(PACKAGE, default=str))
    (tmp_path / "courts.json").write_text(json.dumps(plain), encoding="utf-8")
    (tmp_path / "courts.yaml").write_text(yaml.safe_dump(plain), encoding="utf-8")
    from_json, from_yaml = (read_contract(tmp_path / f"courts.{end}") for end in ("json", "yaml"))
    assert from_json == from_yaml == from_package(PACKAGE)


def test_a_version_1_descriptor_is_read() -> None:
    contract = from_package(
        {
            "profile": "tabular-data-package",
            "name": "courts",
            "title": "Courts",
            "resources": [
                {
                    "name": "cases",
                    "path": "cases.csv",
                    "profile": "tabular-data-resource",
                    "schema": {
                        "fields": [
                            {"name": "case_id", "type": "integer"},
                            {"name": "related_id", "type": "integer"},
                            {"name": "note", "type": "any"},
                            {"name": "year", "type": "year"},
                        ],
                        "primaryKey": "case_id",
                        "foreignKeys": [
                            {
                                "fields": "related_id",
                                "reference": {"resource": "", "fields": "case_id"},
                            }
                        ],
                    },
                }
            ],
        }
    )
    cases = contract.table("cases")
    assert cases.primary_key == ("case_id",)
    assert cases.foreign_keys[0].table == "cases"
    assert [field.type for field in cases.fields] == ["integer", "integer", "string", "integer"]
    assert {field.name_status for field in cases.fields} == {"assumed"}


def test_five_mistakes_are_five_problems() -> None:
    wrong = package(title="")
    wrong["justice"]["nature"] = "secret"
    wrong["justice"]["costodian"] = "mistyped"
    cases = wrong["resources"][0]
    cases["schema"]["primaryKey"] = ["id"]
    cases["schema"]["fields"][0]["justice"]["name_status"] = "known"
    with pytest.raises(ContractError) as caught:
        from_package(wrong)
    assert str(caught.value).startswith("5 problems:")
    assert "justice has unknown properties: costodian" in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["resources"], {"cases": {}}, "resources must be a list of mappings"),
        (["justice"], "open", "justice must be a mapping"),
        (["justice", "covers", "from"], "2011", "from of covers must be a date"),
        (["justice", "breaks"], ["New system"], "breaks must be a list of mappings"),
        (["resources", 0, "schema"], "schema.json", "table cases: schema must be a mapping"),
        (["resources", 0, "justice", "optional"], "no", "optional must be true or false"),
        (["resources", 0, "justice", "date_order"], "received", "date_order must be a list"),
        (["resources", 0, "justice", "date_order"], [["received"]], "pairs of two fields"),
        (
            ["resources", 0, "schema", "fields", 0, "constraints", "required"],
            "yes",
            "required must be true or false",
        ),
        (["resources", 0, "schema", "fields", 1, "categories"], "1", "categories must be a list"),
    ],
)
def test_a_part_of_the_wrong_shape_is_named(path: list[Any], value: Any, message: str) -> None:
    wrong = package()
    inner = wrong
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(ContractError, match=message):
        from_package(wrong)


def test_text_that_is_no_descriptor_is_refused_with_its_line() -> None:
    with pytest.raises(SourceError, match=r"courts\.yaml is not readable YAML or JSON \(line 2\)"):
        parse_contract("name: courts\ntitle: one: two\n", where="courts.yaml")
    with pytest.raises(ContractError, match="must be a mapping"):
        parse_contract("- courts")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read; check the path"):
        read_contract(tmp_path / "none.yaml")


def test_a_users_own_descriptor_is_loaded_by_path(tmp_path: Path) -> None:
    file = tmp_path / "courts.yaml"
    file.write_text(yaml.safe_dump(PACKAGE), encoding="utf-8")
    assert contracts.load(file).name == contracts.load(str(file)).name == "courts"


def test_an_unknown_dataset_is_refused_with_names_close_to_it() -> None:
    with pytest.raises(UsageError, match="Did you mean cafcass_england"):
        contracts.load("cafcas_england")
    with pytest.raises(UsageError, match="There are cafcass_cymru, cafcass_england, "):
        contracts.load("zzz")
