"""Proven reoffending: options, bad input, and how its measures fit together."""

from __future__ import annotations

import pytest

import justice_analysis as ja
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.criminal import proven_reoffending
from tests.spec.courts_and_custody import justice_warehouse

CAUTIONED = """
case | type       | person | offence    | given         | on
A1   | pnc_record | 1      | 2014-05-01 | youth_caution | 2014-06-01
"""


@pytest.fixture(scope="module")
def one(backend):
    return justice_warehouse(backend, CAUTIONED)


def test_an_option_that_cannot_be_is_refused(one):
    with pytest.raises(OptionError, match="cohort must be one of"):
        proven_reoffending(one, cohort="children")


def test_records_that_are_not_there_are_asked_for(backend):
    courts = "case | person | received\nA1 | 1 | 2012-01-10"
    with pytest.raises(MetricError, match="use reconviction_12m6m on court records"):
        proven_reoffending(justice_warehouse(backend, courts))


def test_a_window_that_nobody_was_followed_from_is_said_to_be_empty(one):
    with pytest.raises(MetricError, match="nobody who was followed"):
        proven_reoffending(one, index_from="2020-01-01")


def test_one_person_who_does_not_reoffend_has_no_measures_of_reoffenders(one):
    result = proven_reoffending(one)
    assert list(result.outputs) == ["rate", "court", "custody", "frequency"]
    assert result.table.iloc[0][["people", "reoffended"]].tolist() == [1, 0]


def test_an_age_that_is_not_recorded_is_neither_adult_nor_juvenile(one):
    assert set(proven_reoffending(one, by="cohort").table["cohort"]) == {"all", "not known"}
    with pytest.raises(MetricError, match="nobody who was followed"):
        proven_reoffending(one, cohort="adults")


def test_the_measures_of_one_world_fit_together(full_warehouse):
    result = proven_reoffending(ja.open(full_warehouse))
    first = {name: output.table.iloc[0] for name, output in result.outputs.items()}
    rate = first["rate"]
    assert first["custody"]["in_custody"] <= first["court"]["in_court"] <= rate["reoffended"]
    assert first["frequency"]["total"] == first["frequency_of_reoffenders"]["total"]
    assert first["frequency_of_reoffenders"]["people"] == rate["reoffended"]
    assert first["days"]["people"] == rate["reoffended"]
    assert 0 <= first["days"]["mean"] <= 366
    assert first["severity"]["people"] == rate["reoffended"]
    assert result.outputs["days"].within[-1] == result.population_hash


def test_adults_and_juveniles_are_within_everyone(full_warehouse):
    opened = ja.open(full_warehouse)
    everyone, adults = proven_reoffending(opened), proven_reoffending(opened, cohort="adults")
    assert everyone.population_hash in adults.outputs["rate"].within
    assert adults.table["people"].iloc[0] <= everyone.table["people"].iloc[0]
