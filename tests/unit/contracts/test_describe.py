"""Contracts in words."""

from __future__ import annotations

import pytest

from justice_analysis import contracts
from justice_analysis.contracts import Contract
from justice_analysis.contracts.describe import (
    dictionary_rows,
    plain_text,
    summary,
)
from justice_analysis.errors import UsageError

SHIPPED = [*map(contracts.load, contracts.names()), contracts.common_model()]


@pytest.mark.parametrize("contract", SHIPPED, ids=lambda contract: contract.name)
def test_the_dictionary_has_one_row_per_column(contract: Contract) -> None:
    rows = dictionary_rows(contract)
    named = [(table.name, name) for table in contract.tables for name in table.field_names]
    assert [(row.table, row.field) for row in rows] == named
    assert all(row.type and row.meaning and row.name_status and row.source for row in rows)


def test_a_row_says_codes_and_that_they_are_assumed() -> None:
    rows = {(row.table, row.field): row for row in dictionary_rows(contracts.load("family_court"))}
    gender = rows["people", "gender"]
    assert gender.codes == "1 Male; 2 Female (codes assumed)"
    assert gender.name_status == "assumed"


def test_a_code_that_is_its_own_label_is_said_once() -> None:
    rows = {row.field: row for row in dictionary_rows(contracts.load("iowa_releases"))}
    assert rows["Sex"].codes == "Male; Female"


def test_a_summary_counts_names_that_are_assumed() -> None:
    family, rossi = (summary(contracts.load(name)) for name in ("family_court", "rossi"))
    assert (family.tables, family.fields, family.assumed_names) == (4, 29, 26)
    assert (family.access, family.covers) == ("restricted", "2011-01-01 to 2023-03-31")
    assert (rossi.assumed_names, rossi.covers) == (0, "not published")


@pytest.mark.parametrize("contract", SHIPPED, ids=lambda contract: contract.name)
def test_the_text_names_every_table_and_break(contract: Contract) -> None:
    written = plain_text(contract)
    on_one_line = " ".join(written.split())
    assert contract.title in on_one_line
    assert all(table.title in on_one_line for table in contract.tables)
    assert all(" ".join(one.what.split()) in on_one_line for one in contract.breaks)


def test_a_break_says_its_dates_and_its_source() -> None:
    text = " ".join(plain_text(contracts.load("cafcass_england")).split())
    assert "not usable before April 2010. Until 2010-03-31. Source: github:Nuffield" in text


@pytest.mark.parametrize("contract", SHIPPED, ids=lambda contract: contract.name)
def test_the_text_is_80_columns_wide_but_for_names_and_addresses(contract: Contract) -> None:
    long = [line for line in plain_text(contract, SHIPPED).splitlines() if len(line) > 80]
    assert [line for line in long if " " in line.strip().removeprefix("- ")] == []


def test_the_text_says_keys_joins_and_what_dates_a_row() -> None:
    family = contracts.load("family_court")
    text = " ".join(plain_text(family, SHIPPED).split())
    assert "Key: case_number_hash." in text
    assert "Refers to cases by case_number_hash." in text
    assert "Quality is counted by the year of receipt_date." in text
    joined = "Linking field ALF2: a person. Also in cafcass_england, family_court_cafcass_linked."
    assert joined in text


def test_one_table_alone_is_described_and_an_unknown_one_refused() -> None:
    family = contracts.load("family_court")
    lost = {("people", "gender"): "cases by sex"}
    text = plain_text(family, table="people", losses=lost)
    assert text.startswith("people: ")
    assert "How to apply" not in text
    assert "Not delivered, it switches off: cases by sex." in text
    with pytest.raises(UsageError):
        plain_text(family, table="peple")
