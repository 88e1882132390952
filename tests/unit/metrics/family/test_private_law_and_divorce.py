"""Private law, divorce and representation: options, bad input, and a world with known truth."""

from __future__ import annotations

import pandas as pd
import pytest

import justice_analysis as ja
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics import family
from tests.spec.courts import family_warehouse

ALL = (
    family.private_law_timeliness,
    family.divorce_stages,
    family.divorce_progression,
    family.representation,
)
CAO = "child_arrangements_order"
HEADING = "case | type | received | closed | petition | conditional | applicants | respondents"
ONE = f"{HEADING}\nA | divorce | 2015-01-05 | - | 2015-01-05 | 2015-03-16 | 1+ | 2"
NEVER = f"{HEADING}\nA | divorce | 2015-01-05 | - | 2015-01-05 | - | 1 | 2"
BACKWARDS = f"{HEADING}\nA | divorce | 2015-01-05 | - | 2015-01-05 | 2014-03-16 | 1 | 2"


@pytest.mark.parametrize("metric", ALL)
def test_an_unknown_option_is_refused(backend, metric):
    with pytest.raises(OptionError, match="no option nonsense"):
        metric(family_warehouse(backend, ONE), nonsense=1)


@pytest.mark.parametrize(
    ("metric", "options", "said"),
    [
        (family.private_law_timeliness, {"cohort": "sideways"}, "cohort must be one of"),
        (family.private_law_timeliness, {"orders": ()}, "at least one order"),
        (family.private_law_timeliness, {"horizon_weeks": (0,)}, "above 0"),
        (
            family.private_law_timeliness,
            {"published": True, "cohort": "entry"},
            "published durations are of an exit cohort",
        ),
        (
            family.divorce_stages,
            {"published": True, "stage": "conditional_to_final"},
            "not in this stage",
        ),
        (family.divorce_stages, {"minimum_weeks": -1}, "must not be negative"),
        (family.divorce_stages, {"horizon_weeks": ()}, "whole weeks above 0"),
        (
            family.divorce_stages,
            {"begun_from": "2015-01-02", "begun_to": "2015-01-01"},
            "before begun_to",
        ),
        (family.divorce_progression, {"quarters": 0}, "from 1 to 40"),
        (family.divorce_progression, {"petitions_to": "2010-01-01"}, "before petitions_to"),
        (family.representation, {"public_bodies": "never"}, "public_bodies must be one of"),
    ],
)
def test_options_that_cannot_be_are_refused(backend, metric, options, said):
    with pytest.raises(OptionError, match=said):
        metric(family_warehouse(backend, ONE), **options)


@pytest.mark.parametrize("metric", ALL)
def test_a_warehouse_without_such_cases_is_refused(backend, metric):
    drawn = family_warehouse(
        backend, f"{HEADING}\nA | magistrates | 2015-01-05 | - | - | - | - | -"
    )
    with pytest.raises(MetricError, match="Load the family court"):
        metric(drawn)


def test_without_a_recorded_representative_nothing_is_known(backend):
    drawn = family_warehouse(backend, ONE.replace("1+ | 2", "1? | 2?"))
    with pytest.raises(MetricError, match="none of 2 parties has the field"):
        family.representation(drawn)


@pytest.mark.parametrize("drawing", [NEVER, BACKWARDS])
def test_without_an_order_after_the_petition_there_is_nothing_to_count(backend, drawing):
    with pytest.raises(MetricError, match="nothing to count"):
        family.divorce_stages(family_warehouse(backend, drawing))


def test_one_divorce_has_its_own_mean(backend):
    table = family.divorce_stages(family_warehouse(backend, ONE), period=None, by=None).table
    assert table[["divorces", "people", "mean", "median"]].to_numpy().tolist() == [[1, 1, 10, 10]]


def test_where_every_divorce_is_open_the_share_is_nil(backend):
    options = {"cohort": "entry", "period": None, "by": None}
    result = family.divorce_stages(family_warehouse(backend, NEVER), **options)
    assert result.table["estimate"].tolist() == [0] * 6


def test_a_horizon_beyond_all_follow_up_is_refused(backend):
    drawn = family_warehouse(backend, NEVER, covered=("2011-01-01", "2015-01-20"))
    with pytest.raises(MetricError, match="Ask for a shorter one"):
        family.divorce_stages(drawn, cohort="entry")


def test_an_application_disposed_of_on_its_day_took_no_time(backend):
    drawn = family_warehouse(
        backend,
        "case | type | received | closed | child | order | applied | orders\n"
        f"A | private_law | 2015-01-05 | - | 1 | {CAO} | 2015-01-05 | *{CAO}@2015-01-05",
    )
    exits = family.private_law_timeliness(drawn, period=None)
    entry = family.private_law_timeliness(drawn, period=None, cohort="entry")
    assert exits.table["mean"].tolist() == [0]
    disposed = entry.table[entry.table["outcome"] == "disposed of"]
    assert disposed["estimate"].tolist() == [1, 1, 1]


def test_showing_courts_apart_counts_the_same_divorces(backend):
    drawn = family_warehouse(backend, ONE)
    both = [family.divorce_stages(drawn, by=by) for by in (None, "court")]
    assert both[0].population_hash == both[1].population_hash
    assert both[1].outputs["durations"].places == {"court": "court"}
    other = family.divorce_stages(drawn, begun_from="2015-01-01")
    assert other.population_hash != both[0].population_hash


# A world with known truth -----------------------------------------------------------------


@pytest.fixture(scope="module")
def divorces(small_world):
    truth = pd.read_parquet(small_world / "truth" / "divorce.parquet")
    days = ["petition_date", "conditional_date", "final_date"]
    truth[days] = truth[days].apply(pd.to_datetime)
    return truth[truth["family_court_case_hash"].notna()]


@pytest.fixture(scope="module")
def opened(small_warehouse):
    return ja.open(small_warehouse)


def test_mean_weeks_to_each_order_are_those_of_the_true_divorces(divorces, opened):
    for stage, column in (("conditional_order", "conditional_date"), ("final_order", "final_date")):
        weeks = (divorces[column] - divorces["petition_date"]).dt.days.dropna() / 7
        table = family.divorce_stages(opened, stage=stage, period=None, by=None).table
        error = weeks.std() / len(weeks) ** 0.5
        assert len(weeks) > 200
        # Orders lost to errors of entry are few, so the two means hardly differ.
        assert abs(table["mean"].iloc[0] - weeks.mean()) < error
        assert 0.97 * len(weeks) < table["divorces"].iloc[0] <= len(weeks)


def test_progression_is_that_of_the_true_divorces(divorces, opened):
    found = family.divorce_progression(opened, period=None, published=True).table
    for months, (_, row) in zip(range(3, 25, 3), found.iterrows(), strict=True):
        limit = divorces["petition_date"] + pd.DateOffset(months=months)
        true = (divorces["conditional_date"] <= limit).mean()
        assert row["lower"] <= true <= row["upper"]


def test_the_share_represented_is_the_one_that_the_world_was_made_with(opened):
    result = family.representation(opened, period=None)
    table = result.outputs["parties"].table.set_index(["case_type", "role"])
    for role, made in (("applicant", 0.35), ("respondent", 0.35)):
        row = table.loc[("private law", role)]
        assert row["lower"] - 0.03 < made < row["upper"] + 0.03
