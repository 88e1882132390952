"""The study of queues runs on the real series and leaves whole under the open profile."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from justice_analysis import disclosure, studies
from justice_analysis.metrics.journeys.series_growth import STILL

PROJECT = studies.find_project()
STUDY = "criminal_court_queues"


@pytest.fixture(scope="module")
def run(series_warehouse, tmp_path_factory):
    made = studies.Job(
        PROJECT, STUDY, "default", series_warehouse, tmp_path_factory.mktemp("queues")
    )
    assert studies.run_one(made).state == "ran"
    return made


@pytest.fixture(scope="module")
def released(run, tmp_path_factory):
    """What the check said, and the folder of the release."""
    folder = tmp_path_factory.mktemp("queues") / "release"
    return disclosure.bundle([run.folder], folder, "open"), folder


def shown(run, name: str) -> pd.DataFrame:
    return pd.read_parquet(run.folder / "outputs" / f"{name}.parquet")


def test_every_output_passes_under_the_open_profile_and_no_other(run, released):
    report, _ = released
    assert not report.refused
    assert len(report.passed) == 16
    assert not studies.is_synthetic(run.folder)
    assert not disclosure.check([run.folder], "opensafely").passed


def test_the_words_beside_the_numbers_speak_of_no_people(released):
    _, folder = released
    contexts = list((folder / "request" / STUDY / "default").glob("*.txt"))
    assert len(contexts) > 16
    for context in contexts:
        said = context.read_text("utf-8")
        assert "distinct people" not in said
        assert "every person" not in said


def test_what_the_prose_says_is_so(run):
    """The sentences of the notebook on signs, sizes and times."""
    growth = shown(run, "growth").set_index("series")["growth"]
    crown, first = "Open cases in the Crown Court", "Open cases in magistrates' courts"
    prison, remand = "Prison population", "Prison population on remand"
    assert growth[crown] > 1  # more than doubled
    assert list(growth.sort_values(ascending=False).index) == [crown, remand, first, prison]

    stocks = shown(run, "stocks").pivot(index="quarter", columns="series", values="index")
    steps = stocks.diff()
    assert steps.stack().idxmax() == ("2020 Q2", first)
    assert stocks[prison].idxmin() == "2021 Q1"
    falling = stocks.loc["2019 Q1":"2021 Q1"].iloc[[0, -1]].diff().iloc[-1]
    assert falling[remand] > 0 > falling[prison]
    assert stocks.loc["2024 Q1", first] > stocks.loc["2023 Q4", first]

    parts = shown(run, "prison").set_index("series")
    assert (parts["change"].drop([remand, prison]) < 0).all()
    assert parts.loc[remand, "share_of_growth"] > 1

    since = shown(run, "since").set_index("series")
    sentence = "Wait from trial to sentence in the Crown Court"
    assert since.index[since["until"] != STILL].tolist() == [sentence]
    assert len(since) == 8

    pace = shown(run, "crown_pace").set_index("quarter")["months_at_last_year"]
    assert pace.index[0] == "2019 Q2"
    assert pace.iloc[-1] > pace.iloc[0]
    account = shown(run, "magistrates_account").set_index("quarter")
    short = account.index[account["departed"] < account["known_endings"]]
    assert short.tolist() == ["2020 Q2"]


def test_the_parameters_name_the_quarters_that_their_words_do(run):
    ran = json.loads((run.folder / "manifest.json").read_text())["parameters"]
    stocks = shown(run, "stocks")
    assert ran["base"] == "2019 Q1"
    assert ran["base_words"] == "the first quarter of 2019"
    assert stocks["quarter"].iloc[-1] == "2024 Q1"
    assert ran["last_words"] == "the first quarter of 2024"
