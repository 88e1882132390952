"""Descriptors of published series."""

import pytest

from justice_analysis import contracts
from justice_analysis.contracts.series import (
    load_series_contract,
    parse_series_contract,
    series_names,
)
from justice_analysis.errors import ContractError, SourceError, UsageError

DESCRIPTOR = """
name: small
title: Small
description: Two series made up for tests.
geography: Nowhere
publication: None
period: {type: quarter, column: quarter, names: start}
series:
  - {name: charges, title: Charges, unit: charges, source: made up}
  - {name: open_cases, title: Open cases, unit: cases, source: made up}
"""


@pytest.mark.parametrize("name", series_names())
def test_a_dataset_of_published_series_says_of_each_what_the_descriptor_says(name):
    held, contract = load_series_contract(name), contracts.load(name)
    (table,) = contract.tables
    assert table.field_names == (held.period_column, *held.series_names)
    assert table.missing_values == held.missing_values
    for one in held.series:
        field = table.field(one.name)
        assert (field.title, field.minimum) == (one.title, held.minimum)
        assert field.description == f"{one.title}. Unit: {one.unit}."
    assert contract.covers_from.year == 2018
    assert contract.nature == "open"


def test_every_published_series_is_a_concept_of_the_common_model():
    concepts = contracts.common_model().table("area_measure").field("concept")
    held = load_series_contract("uk_cjs_quarterly")
    assert {one.name: concepts.label(one.name) for one in held.series} == {
        one.name: one.title for one in held.series
    }


def test_every_shipped_series_says_what_it_counts_and_who_publishes_it():
    for name in series_names():
        held = load_series_contract(name)
        assert held.publication
        assert held.geography == "England and Wales"
        assert held.licence == "Open Government Licence v3"
        assert all(one.title and one.unit and one.source for one in held.series)


def test_a_users_own_descriptor_is_read_from_a_file(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(DESCRIPTOR, encoding="utf-8")
    held = load_series_contract(path)
    assert held.series_names == ("charges", "open_cases")
    assert (held.names_end, held.missing_values, held.minimum) == (False, ("",), None)


def test_an_unknown_name_is_refused_with_the_names_there_are():
    with pytest.raises(UsageError, match="There are uk_cjs_quarterly"):
        load_series_contract("something")


def test_a_descriptor_that_is_not_there_or_no_yaml_is_a_source_error(tmp_path):
    with pytest.raises(SourceError, match=r"gone\.yaml cannot be read"):
        load_series_contract(tmp_path / "gone.yaml")
    with pytest.raises(SourceError, match="not readable YAML"):
        parse_series_contract("a: [")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("title: Small", "title:"), "it must have title"),
        (("type: quarter", "type: week"), "period.type must be one of quarter"),
        (("names: start", "names: middle"), "period.names must be one of start, end"),
        (("{type: quarter, column: quarter, names: start}", "quarter"), "must name its column"),
        (("unit: charges, ", ""), "each series must have name, title, unit, source: 1 do not"),
        (("name: open_cases", "name: charges"), "names of series must differ: 1 repeat"),
    ],
)
def test_a_faulty_descriptor_is_refused(change, message):
    assert change[0] in DESCRIPTOR
    with pytest.raises(ContractError, match=message):
        parse_series_contract(DESCRIPTOR.replace(*change))


def test_a_descriptor_that_is_no_mapping_is_refused():
    with pytest.raises(ContractError, match="must be a mapping"):
        parse_series_contract("- one")


def test_all_problems_of_a_descriptor_are_said_at_once():
    faulty = DESCRIPTOR.replace("type: quarter", "type: week").replace("unit: charges, ", "")
    with pytest.raises(ContractError, match="2 problems"):
        parse_series_contract(faulty)
