"""How datasets join: the columns that name the same people or cases."""

from __future__ import annotations

import dataclasses

import pytest

from justice_analysis import contracts
from justice_analysis.codes import SHARED_IDENTIFIERS
from justice_analysis.contracts import joins
from justice_analysis.errors import ContractError

SHIPPED = [contracts.load(name) for name in contracts.names()]


def test_the_link_table_joins_courts_prison_probation_assessments_family_and_civil():
    joined = joins.joined_by(SHIPPED)["xjs"]
    assert set(joined) >= {
        "magistrates_defendant",
        "crown_court_defendant",
        "prisoner_custodial_journey",
        "probation",
        "offender_assessments_oasys",
        "family_court",
        "civil_county_court",
        "cross_justice_linking",
    }
    assert not any(name.startswith("cafcass") for name in joined)


def test_cafcass_joins_the_family_court_by_its_own_linking_field():
    joined = joins.joined_by(SHIPPED)["alf2"]
    assert {"cafcass_england", "family_court"} <= set(joined)


def test_an_identifier_that_one_dataset_holds_joins_nothing():
    alone = [contracts.load("moj_dfe")]
    assert joins.holdings(alone)
    assert joins.joined_by(alone) == {}


def test_every_holding_names_a_column_of_its_contract():
    for held in joins.holdings(SHIPPED):
        field = contracts.load(held.dataset).table(held.table).field(held.field)
        assert held.identifier in SHARED_IDENTIFIERS
        assert field.name_status == held.name_status


def test_an_unknown_identifier_is_refused():
    contract = contracts.load("rossi")
    table = contract.tables[0]
    field = dataclasses.replace(table.fields[0], identifies="passport")
    changed = dataclasses.replace(table, fields=(field, *table.fields[1:]))
    with pytest.raises(ContractError, match="identifies must be one of"):
        dataclasses.replace(contract, tables=(changed,))
