"""A reviewed sample says how many links are right, and how many true ones were missed."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from justice_analysis.errors import LinkageError, SourceError, UsageError
from justice_analysis.linkage import participants as linking
from justice_analysis.linkage.participants.review import (
    MARK,
    STRATA,
    Reviewed,
    _precision,
    _recall,
)


@pytest.fixture
def sample(folder, tmp_path):
    return linking.export_review(folder, tmp_path / "mine.csv")


def decide(file, decisions):
    rows = pd.read_csv(file, dtype=str, keep_default_na=False)
    rows["decision"] = decisions(rows)
    rows.to_csv(file, index=False)


def test_every_row_of_the_sample_says_that_it_must_not_leave(sample):
    rows = pd.read_csv(sample, dtype=str, keep_default_na=False)
    assert set(rows["internal"]) == {MARK}
    assert {"surname_on_list", "surname_in_population"} <= set(rows.columns)
    assert set(rows["decision"]) == {""}


def test_the_sample_is_spread_over_the_strata_and_the_same_each_time(linked, sample):
    rows = linked.review
    assert set(rows["stratum"]) <= set(STRATA)
    drawn = rows.groupby("stratum").agg(pairs=("pair", "size"), of=("stratum_pairs", "first"))
    assert (drawn["pairs"] == drawn["of"].clip(upper=10)).all()
    assert list(rows["pair"].astype(str)) == list(pd.read_csv(sample, dtype=str)["pair"])


def test_a_reviewed_sample_gives_precision_and_recall(sample, folder):
    decide(sample, lambda rows: rows["linked"].map({"yes": "Match ", "no": "no match"}))
    reviewed = linking.import_review(sample, folder)
    assert reviewed.precision[0] == 1.0
    assert reviewed.recall[0] == 1.0
    assert reviewed.precision[1] < 1.0
    linking.keep_review(reviewed, folder)
    kept = json.loads((folder / "review_result.json").read_text(encoding="utf-8"))
    assert kept["precision"]["estimate"] == 1.0
    assert linking.read_links(folder).name == "steps"


def test_undecided_pairs_and_odd_decisions_are_counted_and_refused(sample, folder):
    with pytest.raises(LinkageError, match="pairs have another one or none"):
        linking.import_review(sample, folder)
    decide(sample, lambda rows: ["perhaps"] + ["match"] * (len(rows) - 1))
    with pytest.raises(LinkageError, match="1 of"):
        linking.import_review(sample, folder)


def test_a_stratum_without_a_decision_is_refused(sample, folder):
    decide(sample, lambda rows: ["unsure"] * len(rows))
    with pytest.raises(LinkageError, match="a pair at least must be decided in each stratum"):
        linking.import_review(sample, folder)


def test_pairs_of_another_folder_are_refused(sample, folder):
    decide(sample, lambda rows: ["match"] * len(rows))
    rows = pd.read_csv(sample, dtype=str, keep_default_na=False)
    rows.iloc[1:].to_csv(sample, index=False)
    with pytest.raises(SourceError, match="must hold the pairs of"):
        linking.import_review(sample, folder)
    rows.drop(columns="stratum").to_csv(sample, index=False)
    with pytest.raises(SourceError, match="must have the columns stratum"):
        linking.import_review(sample, folder)


def test_a_file_that_is_there_is_not_written_over(sample, folder):
    with pytest.raises(UsageError, match="is there already"):
        linking.export_review(folder, sample)


def test_shares_weigh_each_stratum_by_its_pairs():
    strata = pd.DataFrame(
        {
            "stratum": [STRATA[2], STRATA[3], STRATA[5]],
            "linked": [False, True, True],
            "pairs": [50, 20, 180],
            "reviewed": [10, 10, 10],
            "matches": [2, 5, 10],
            "unsure": [0, 0, 0],
        }
    )
    # Right: 20 x 5/10 + 180 of 200 linked; missed: 50 x 2/10.
    precision, recall = _precision(strata), _recall(strata)
    assert precision[0] == pytest.approx(190 / 200)
    assert recall[0] == pytest.approx(190 / 200)
    assert precision[1] < precision[0] < precision[2] <= 1
    everyone = strata.assign(reviewed=strata["pairs"], matches=[10, 10, 180])
    assert _precision(everyone) == pytest.approx((0.95, 0.95, 0.95))
    assert Reviewed(precision, recall, strata).strata is strata
