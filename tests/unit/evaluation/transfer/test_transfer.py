"""One programme under two designs: what is read of truth, laid out, and shown."""

import dataclasses
import datetime

import numpy as np
import pandas as pd
import pytest

import justice_analysis as ja
from justice_analysis.errors import MetricError
from justice_analysis.evaluation import PlantedProgramme, planted_programme, programme_transfer
from justice_analysis.evaluation.transfer.outputs import _sides
from justice_analysis.evaluation.transfer.releases import Releases, _laid_out, _numbered

WINDOW = {"differenced_from": "2011-01-01", "matched_from": "2014-01-01", "until": "2019-07-01"}


@pytest.fixture(scope="module")
def warehouse(full_warehouse):
    return ja.open(full_warehouse)


@pytest.fixture(scope="module")
def programme(warehouse, small_world):
    return planted_programme(warehouse, small_world / "truth")


@pytest.fixture(scope="module")
def transfer(warehouse, programme):
    few = {"minimum_matched": 10, "strata": ("sentence_type", "assessed")}  # a small world
    words = "the planted programme"
    return programme_transfer(warehouse, programme, words=words, matching=few, **WINDOW)


def test_participants_are_found_by_the_records_of_their_stays(programme, small_world):
    began = pd.read_parquet(small_world / "truth" / "programme.parquet")
    assert 0.95 * len(began) < len(programme.people) <= len(began)
    assert programme.people["person_id"].is_unique
    assert programme.courts["from_date"].isna().mean() == pytest.approx(0.2, abs=0.01)


def test_truth_is_asked_of_synthetic_data_alone(open_warehouse, small_world, tmp_path, warehouse):
    with pytest.raises(MetricError, match="synthetic data only"):
        planted_programme(ja.open(open_warehouse), small_world / "truth")
    with pytest.raises(MetricError, match="must hold programme"):
        planted_programme(warehouse, tmp_path)


def test_both_designs_and_the_truth_stand_in_one_table(transfer, programme):
    table = transfer.outputs["designs"].table.set_index("design")
    assert len(table) == 6
    assert np.allclose(table["treated"] - table["comparison"], table["difference"])
    assert (table["lower"] <= table["difference"] + 1e-12).all()
    matched = transfer.matched.effects["rate"]
    assert table.loc["matched comparison", "difference"] == pytest.approx(matched.difference)
    true = programme.released(WINDOW["matched_from"], WINDOW["until"])
    effect = true["reoffended"].mean() - true["reoffends_without"].mean()
    assert table.loc["truth: participants", "difference"] == pytest.approx(effect)
    offered, scaled = (
        table.loc[f"difference-in-differences: {name}"]
        for name in ("everyone eligible", "scaled to participants")
    )
    for name in ("difference", "lower", "upper"):
        assert scaled[name] == pytest.approx(offered[name] / transfer.take_up)
    assert 0 < transfer.take_up < 1


def test_differencing_has_far_less_power_than_matching(transfer):
    table = transfer.outputs["designs"].table.set_index("design")
    width = table["upper"] - table["lower"]
    assert (
        width["difference-in-differences: scaled to participants"] > 2 * width["matched comparison"]
    )


def test_nobody_takes_part_where_the_programme_has_not_come(transfer):
    rows = transfer.releases.rows
    # A release by another court than the last one known, or a wrong link, is all that may differ.
    assert rows.loc[~rows["reached"], "took_part"].mean() < 0.02
    assert rows.loc[rows["reached"], "took_part"].mean() > 0.3


def test_steps_of_the_selection_never_grow(transfer):
    people = transfer.outputs["selection"].table["people"].tolist()
    assert people == sorted(people, reverse=True)


def test_half_years_are_numbered_from_the_first():
    days = pd.to_datetime(pd.Series(["2011-03-01", "2011-07-01", "2013-12-31", None]))
    found = _numbered(days, datetime.date(2011, 1, 1))
    assert found[:3].tolist() == [1, 2, 6]
    assert np.isnan(found[3])


def rows_of(**columns):
    return pd.DataFrame({"person": np.arange(len(columns["wave"])), **columns})


def test_a_stage_inside_a_half_year_is_refused(programme):
    courts = programme.courts.assign(from_date=pd.Timestamp("2014-02-01"))
    told = pd.DataFrame(
        {
            "place_id": courts["place_id"].iloc[:1],
            "index_date": [datetime.date(2013, 1, 5)],
            "person": [0],
            "took_part": [0],
            "reoffended": [0],
        }
    )
    changed = PlantedProgramme(programme.people, courts)
    with pytest.raises(MetricError, match="1 January or 1 July"):
        _laid_out(told, changed, dataclasses.replace(EMPTY.flow))


EMPTY = Releases(pd.DataFrame(), ja.cohorts.Flow("people", 0, ()), datetime.date(2011, 1, 1))


def test_half_years_read_as_words():
    assert EMPTY.words(1) == "2011, first half"
    assert EMPTY.words(4) == "2012, second half"


def test_people_behind_an_event_time_are_those_of_its_waves_periods_and_base():
    # Wave 3 at time 1 is period 4 against period 2; beside it stand wave 0 and wave 6.
    rows = rows_of(wave=[3, 3, 3, 0, 6, 6, 0], period=[4, 2, 3, 4, 2, 5, 3])
    alone = rows[rows["wave"] != 6]
    assert _sides(alone, 1) == {"people": 3, "treated_people": 2, "comparison_people": 1}
