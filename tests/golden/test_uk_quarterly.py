"""The public quarterly series of England and Wales: where waits and open caseloads grew."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from justice_analysis.metrics.journeys import series_growth

SERIES = {
    "court__cc_wait_to_start_trial": "Crown Court, wait to trial",
    "court__cc_wait_trial_to_sentence": "Crown Court, trial to sentence",
    "court__mc_wait_to_start_trial": "magistrates' courts, wait to trial",
    "court__mc_wait_trial_to_sentence": "magistrates' courts, trial to sentence",
    "court__case_backlog_mc": "magistrates' courts, open cases",
    "court__case_backlog_cc": "Crown Court, open cases",
}


@pytest.fixture(scope="module")
def grown(shared_data: Path) -> pd.DataFrame:
    table = pd.read_csv(shared_data / "uk_cjs_quarterly.csv").rename(columns=SERIES)
    found = series_growth(table, period="quarter_ending", series=list(SERIES.values()))
    return found.set_index("series")


def test_open_cases_of_both_courts_grew_as_the_courts_closed_and_are_still_more(grown):
    open_cases = grown.loc[["magistrates' courts, open cases", "Crown Court, open cases"]]
    assert open_cases["since"].between("2019-06", "2020-09").all()
    assert open_cases["until"].str.startswith("still").all()
    assert (open_cases["lower"] > 1.1).all()


def test_the_wait_to_trial_in_the_crown_court_grew_within_a_quarter_of_the_closing(grown):
    wait = grown.loc["Crown Court, wait to trial"]
    assert wait["since"] in ("2019-12", "2020-03", "2020-06")
    assert wait["since_earliest"] <= wait["since"] <= wait["since_latest"]


def test_each_wait_says_how_many_series_were_looked_at(grown):
    assert set(grown["looked_at"]) == {len(SERIES)}
    assert (grown["ratio"] > 1).all()
