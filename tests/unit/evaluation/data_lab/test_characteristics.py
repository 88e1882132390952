"""People as numbers: missing is a state, and rare states are no column of a model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from justice_analysis.cohorts import AnalysisFrame
from justice_analysis.evaluation.data_lab.characteristics import (
    characteristics,
    like_participants,
    words_of,
)

TREATED = np.arange(100) < 40


def frame(**columns) -> AnalysisFrame:
    codes = {"region": ("north", "south", "west")}
    return AnalysisFrame(pd.DataFrame(columns), codes, {})


def test_what_is_not_known_is_a_characteristic_and_takes_the_mean():
    age = np.where(np.arange(100) % 4 == 0, np.nan, 30.0)
    age[1] = 40
    told = characteristics(frame(age=age), TREATED, quantities=["age"], categories=[])
    unknown = told.table["Age, years: not known"].to_numpy()
    assert unknown.sum() == 25
    assert set(told.table["Age, years"][unknown == 1]) == {np.nanmean(age)}
    assert told.known["Age, years"].sum() == 75


def test_values_that_few_of_a_side_have_are_one():
    region = np.arange(100) % 2
    region[:3] = 2
    told = characteristics(frame(region=region), TREATED, quantities=[], categories=["region"])
    assert set(told.table) == {
        "Region of court: north",
        "Region of court: south",
        "Region of court: other",
    }
    assert "Region of court: other" not in told.model


def test_whoever_shares_a_state_with_no_participant_is_left_out():
    region = np.where(TREATED, 0, np.arange(100) % 2)
    age = np.where(np.arange(100) == 99, np.nan, 30.0)
    alike = like_participants(
        frame(region=region, age=age), TREATED, quantities=["age"], categories=["region"]
    )
    assert alike[TREATED].all()
    assert not alike[99]
    assert alike.sum() == 70


def test_a_count_enters_by_its_logarithm_too():
    many = np.arange(100.0)
    told = characteristics(
        frame(convictions_ever=many), TREATED, quantities=["convictions_ever"], categories=[]
    )
    assert list(told.model) == ["Convictions before", "log of Convictions before"]
    assert list(told.table) == ["Convictions before"]


def test_an_answer_of_oasys_is_named_by_what_was_asked():
    assert words_of("oasys_question_5_2") == "OASys: financial situation"
