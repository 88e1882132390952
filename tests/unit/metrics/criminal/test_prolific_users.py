"""Cases of the most frequent defendants: options, bad input, sums."""

from __future__ import annotations

import pandas as pd
import pytest

import justice_analysis as ja
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.criminal import prolific_users
from tests.spec.courts_and_custody import justice_warehouse

ONE = "case | person | received | offence\nA1 | 1 | 2012-01-10 | 2011-12-01"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"most_frequent": ()}, "per cents above 0"),
        ({"most_frequent": (0, 5)}, "per cents above 0"),
        ({"most_frequent": (101,)}, "per cents above 0"),
        ({"from_date": "2013-01-01", "to_date": "2012-01-01"}, "end after it starts"),
        ({"by": "court"}, "by must be one of"),
    ],
)
def test_options_that_cannot_be_are_refused(backend, options, said):
    with pytest.raises(OptionError, match=said):
        prolific_users(justice_warehouse(backend, ONE), **options)


def test_a_window_without_a_case_is_said_to_be_empty(backend):
    with pytest.raises(MetricError, match="no case in the window"):
        prolific_users(justice_warehouse(backend, ONE), from_date="2020-01-01")


def test_one_person_is_every_share_of_people(backend):
    table = prolific_users(justice_warehouse(backend, ONE), most_frequent=[1, 100]).table
    assert (table["people"].tolist(), table["cases"].tolist()) == ([1, 0, 1, 1], [1, 0, 1, 1])


def test_shares_rise_with_people_and_everyone_has_all_cases(full_warehouse):
    result = prolific_users(ja.open(full_warehouse), courts="both", by="sex")
    table = result.table.set_index("defendants")
    shares = table.loc[["most frequent 1%", "most frequent 5%", "most frequent 10%", "all"]]
    assert shares["estimate"].is_monotonic_increasing
    assert table.loc["all", "estimate"] == 1
    assert table.loc["most frequent 10%", "estimate"] > 0.3
    bands = result.outputs["people"].table
    everyone = bands[(bands["sex"] == "all") & (bands["number_of_cases"] == "all")]
    assert everyone["people"].iloc[0] == table.loc["all", "people"]


def test_breaches_are_cases_where_they_are_included(full_warehouse, small_world):
    opened = ja.open(full_warehouse)
    with_breaches = prolific_users(opened, breaches="include").table["all_cases"].iloc[0]
    rows = pd.read_parquet(small_world / "truth" / "prosecution.parquet")
    delivered = rows[rows["row_key"].notna()]
    assert with_breaches == len(delivered)
    without = prolific_users(opened).table["all_cases"].iloc[0]
    assert with_breaches - without == delivered["is_breach"].sum()
