"""A contract checks itself and its parts when it is made."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from justice_analysis.contracts import (
    Break,
    Category,
    Contract,
    Field,
    ForeignKey,
    TableContract,
)
from justice_analysis.contracts.checks import _dated_by_problems
from justice_analysis.errors import ContractError, UsageError

CASE_ID = Field("case_id", "integer")
RECEIVED = Field("received", "date")


def table(name: str = "cases", **changes: object) -> TableContract:
    parts = {"title": "Cases", "grain": "one row per case", "fields": (CASE_ID, RECEIVED)}
    return TableContract(name=name, **{**parts, **changes})  # type: ignore[arg-type]


def contract(**changes: object) -> Contract:
    parts = {
        "name": "courts",
        "title": "Courts",
        "version": "1",
        "description": "",
        "jurisdiction": "civil",
        "nature": "open",
        "custodian": "",
        "how_to_apply": "",
        "citation": "",
        "covers_from": None,
        "covers_to": None,
        "breaks": (),
        "sources": (),
        "tables": (table(),),
    }
    return Contract(**{**parts, **changes})  # type: ignore[arg-type]


def problem_of(**changes: object) -> str:
    with pytest.raises(ContractError) as caught:
        contract(**changes)
    return str(caught.value)


def problem_of_field(**changes: object) -> str:
    wrong = dataclasses.replace(CASE_ID, **changes)  # type: ignore[arg-type]
    return problem_of(tables=(table(fields=(wrong,)),))


def test_a_table_and_a_field_are_found_by_name() -> None:
    assert contract().table("cases").field("received").type == "date"


def test_an_unknown_table_or_field_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UsageError, match="has no table 'hearings'; it has cases"):
        contract().table("hearings")
    with pytest.raises(UsageError, match="no column 'closed'"):
        table().field("closed")


def test_a_contract_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        contract().title = "Other"  # type: ignore[misc]


def test_equal_contracts_are_equal_and_can_be_keys() -> None:
    assert {contract(): "once"}[contract()] == "once"


def test_a_code_has_its_label_and_an_unknown_code_has_none() -> None:
    field = Field("law", "integer", categories=(Category("1", "Public"),), codes_status="assumed")
    assert field.codes == ("1",)
    assert field.label("1") == "Public"
    assert field.label("9") is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "The Courts"}, "lower-case letters"),
        ({"title": ""}, "title must be given"),
        ({"jurisdiction": "tribal"}, "jurisdiction must be one of family, criminal"),
        ({"nature": "secret"}, "nature must be one of restricted, open"),
        ({"covers_status": "guessed"}, "name_status of covers"),
        ({"tables": ()}, "at least one table"),
        ({"tables": (table(), table())}, "table 'cases' is given more than once"),
        (
            {"covers_from": dt.date(2020, 1, 1), "covers_to": dt.date(2019, 1, 1)},
            "covers must not end before it starts",
        ),
        ({"breaks": (Break("", "somewhere"),)}, "each break must say what it is"),
    ],
)
def test_a_wrong_dataset_is_refused(changes: dict[str, object], message: str) -> None:
    assert message in problem_of(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"grain": ""}, "grain must be given"),
        ({"fields": ()}, "at least one field"),
        ({"fields": (CASE_ID, CASE_ID)}, "field 'case_id' is given more than once"),
        ({"name_status": "rumoured"}, "name_status must be one of confirmed"),
        ({"primary_key": ("id",)}, "primaryKey names 'id', which is not a field of cases"),
        ({"date_order": (("received", "closed"),)}, "date_order names 'closed'"),
        ({"date_order": (("case_id", "received"),)}, "'case_id', which is not a date"),
        (
            {"foreign_keys": (ForeignKey(("case_id",), "people", ("id",)),)},
            "'people', which is not a table of the dataset",
        ),
        (
            {"foreign_keys": (ForeignKey(("case_id",), "cases", ("id",)),)},
            "foreignKeys names 'id', which is not a field of cases",
        ),
        (
            {"foreign_keys": (ForeignKey(("case_id",), "cases", ("case_id", "received")),)},
            "as many fields as they refer to",
        ),
    ],
)
def test_a_wrong_table_is_refused(changes: dict[str, object], message: str) -> None:
    assert message in problem_of(tables=(table(**changes),))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "name must be given"),
        ({"type": "text"}, "type must be one of string"),
        ({"name_status": "known"}, "name_status must be one of confirmed, secondary, assumed"),
        ({"codes_status": "known"}, "codes_status must be one of"),
        ({"categories": (Category("1", "One"),)}, "codes_status must be given"),
        (
            {"categories": (Category("1", "a"), Category("1", "b")), "codes_status": "assumed"},
            "category '1' is given more than once",
        ),
        ({"enum": ("1", "two")}, "codes of an integer field must be integers: two"),
        ({"minimum": 5, "maximum": 2}, "minimum must not exceed maximum"),
        ({"minimum": "2020-01-01"}, "must suit its type, integer"),
        ({"type": "string", "minimum": 1}, "no meaning for the type string"),
        ({"pattern": "a+"}, "pattern has no meaning for the type integer"),
        ({"type": "string", "pattern": "("}, "not a regular expression"),
    ],
)
def test_a_wrong_field_is_refused(changes: dict[str, object], message: str) -> None:
    assert message in problem_of_field(**changes)


def test_every_problem_is_reported_at_once() -> None:
    wrong = Field("received", "datetime", name_status="known")
    message = problem_of(
        jurisdiction="tribal",
        tables=(table(grain="", fields=(CASE_ID, wrong), primary_key=("id",)),),
    )
    assert message.startswith("5 problems:")
    assert message.count("\n  - ") == 5
    assert "courts: table cases: field received: type must be one of" in message


def test_a_table_is_dated_by_a_column_that_holds_a_year():
    held = {
        "named": Field("named", "string"),
        "day": Field("day", "date"),
        "school_year": Field("school_year", "string", pattern="[0-9]{4}/[0-9]{4}"),
    }
    fields = tuple(held.values())
    for name in ("day", "school_year"):
        table = TableContract("t", "T", "one row per t", fields, dated_by=name)
        assert not list(_dated_by_problems(table))
    for name, said in (("named", "holds no year"), ("gone", "not a field")):
        table = TableContract("t", "T", "one row per t", fields, dated_by=name)
        assert said in "".join(_dated_by_problems(table))
