"""A contract written as a data package for files on disk, and read back."""

from __future__ import annotations

import json

import pytest
import yaml

from justice_analysis import contracts
from justice_analysis.contracts import Contract, as_package, from_package
from justice_analysis.errors import UsageError

SHIPPED = [*map(contracts.load, contracts.names()), contracts.common_model()]


def files(contract: Contract) -> dict[str, str]:
    return {name: f"{name}/part-0.parquet" for name in contract.table_names}


@pytest.mark.parametrize("contract", SHIPPED, ids=lambda contract: contract.name)
def test_a_contract_survives_writing_and_reading(contract: Contract) -> None:
    package = as_package(contract, files(contract))
    assert from_package(json.loads(json.dumps(package))) == contract
    assert from_package(yaml.safe_load(yaml.safe_dump(package))) == contract


def test_a_package_has_what_the_standard_asks_for() -> None:
    contract = contracts.load("family_court")
    package = as_package(contract, files(contract))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert all({"name", "path"} <= set(resource) for resource in package["resources"])
    gender = contract.table_names.index("people")
    fields = package["resources"][gender]["schema"]["fields"]
    codes = next(field for field in fields if field["name"] == "gender")["categories"]
    assert codes == [{"value": 1, "label": "Male"}, {"value": 2, "label": "Female"}]


def test_a_minimum_of_zero_is_kept() -> None:
    contract = contracts.load("rossi")
    package = as_package(contract, {"men": "men.csv"})
    assert package["resources"][0]["schema"]["fields"][3]["constraints"]["minimum"] == 0


def test_several_parts_are_listed_in_order() -> None:
    package = as_package(contracts.load("rossi"), {"men": ["men/part-0.csv", "men/part-1.csv"]})
    assert package["resources"][0]["path"] == ["men/part-0.csv", "men/part-1.csv"]


def test_tables_without_files_are_left_out_with_the_keys_that_refer_to_them() -> None:
    package = as_package(contracts.load("family_court"), {"events": "events.csv"})
    (events,) = package["resources"]
    assert events["name"] == "events"
    assert "foreignKeys" not in events["schema"]


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        ({"women": "women.csv"}, "no table called women"),
        ({}, "at least one table"),
        ({"men": "/data/men.csv"}, "must be relative"),
        ({"men": "../men.csv"}, "must be relative"),
    ],
)
def test_files_that_cannot_be_described_are_refused(paths: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        as_package(contracts.load("rossi"), paths)
