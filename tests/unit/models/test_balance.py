from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import MetricError, OptionError, UsageError
from justice_analysis.models import balance

TREATED = np.array([True, True, True, True, False, False, False, False])
AGES = pd.DataFrame({"age": [20.0, 22, 24, 26, 30, 24, 26, 28]})
ALL = np.ones(8)


def row(table, name):
    return table.table.set_index("characteristic").loc[name]


def test_differences_are_in_standard_deviations_of_the_treated_before_matching():
    weights = np.array([1.0, 1, 1, 1, 0, 1, 1, 0])
    age = row(balance(AGES, TREATED, weights), "age")
    spread = np.std([20, 22, 24, 26], ddof=1)
    assert age["difference_before"] == pytest.approx((23 - 27) / spread)
    assert age["difference_after"] == pytest.approx((23 - 25) / spread)
    assert age["variance_ratio_before"] == pytest.approx(1.0)


def test_a_pooled_difference_is_in_the_root_of_the_mean_variance():
    age = row(balance(AGES.assign(age=[20.0, 22, 24, 26, 30, 30, 30, 31]), TREATED, ALL,
                      standard="pooled"), "age")  # fmt: skip
    own, other = np.var([20, 22, 24, 26], ddof=1), np.var([30, 30, 30, 31], ddof=1)
    assert age["difference_before"] == pytest.approx((23 - 30.25) / np.sqrt((own + other) / 2))


@pytest.mark.parametrize(
    ("difference", "rating"), [(0.05, "green"), (0.051, "amber"), (-0.1, "amber"), (0.11, "red")]
)
def test_a_difference_is_rated_by_its_size(difference, rating):
    covariates = pd.DataFrame({"age": [-1.0, 1, -1, 1]})
    treated = np.array([True, True, False, False])
    covariates.loc[~treated, "age"] -= difference * np.sqrt(2)
    table = balance(covariates, treated, np.ones(4), green=0.0501, amber=0.1001)
    assert table.table["rating"].tolist() == [rating]


def test_a_constant_characteristic_says_so_and_is_not_rated():
    table = balance(AGES.assign(country=1), TREATED, ALL)
    country = row(table, "country")
    assert np.isnan(country["difference_after"])
    assert country["rating"] == "not rated"
    assert country["reason"] == "the same for everyone: there is nothing to balance"
    assert table.worst == "age"
    assert table.ratings == {"green": 0, "amber": 0, "red": 1, "not rated": 1}


def test_a_characteristic_that_tells_the_groups_apart_is_red_and_the_worst():
    table = balance(AGES.assign(site=TREATED), TREATED, ALL)
    assert row(table, "site")["rating"] == "red"
    assert "no number of standard deviations" in row(table, "site")["reason"]
    assert table.worst == "site"


def test_a_characteristic_without_spread_among_the_treated_takes_that_of_both():
    site = [1, 1, 1, 1, 0, 1, 1, 1]
    found = row(balance(AGES.assign(site=site), TREATED, ALL), "site")
    assert found["difference_before"] == pytest.approx(0.25 / np.sqrt(0.75 * 0.25 / 2))
    assert "of both groups" in found["reason"]


def test_yes_or_no_characteristics_have_people_and_no_variance_ratio():
    found = row(balance(AGES.assign(work=[1, 0, 0, 0, 1, 1, 1, 0]), TREATED, ALL), "work")
    assert (found["treated_with"], found["comparison_with"]) == (1, 3)
    assert np.isnan(found["variance_ratio_before"])
    assert found["ecdf_max_before"] == 0.5


def test_people_are_counted_before_and_after_with_their_effective_number():
    weights = np.array([1.0, 1, 1, 0, 3, 1, 0, 0])
    table = balance(AGES, TREATED, weights)
    assert (table.treated_people, table.comparison_people) == (4, 4)
    assert (table.matched_treated, table.matched_comparison) == (3, 2)
    assert table.effective_comparison == pytest.approx(16 / 10)


@pytest.mark.parametrize(
    ("covariates", "treated", "weights", "error", "message"),
    [
        (AGES, TREATED, np.zeros(8), MetricError, "both groups need people"),
        (AGES, TREATED, ALL[:7], UsageError, "weights must have a value for each of 8 rows"),
        (AGES, TREATED, -ALL, UsageError, "weights must be 0 or above: 8 of 8 are not"),
        (AGES, TREATED * 2, ALL, UsageError, "treated must be true or false"),
        (AGES.replace(20, np.nan), TREATED, ALL, UsageError, "age must not be missing: 1 of 8"),
        (AGES.astype(str) + " years", TREATED, ALL, UsageError, "must hold numbers"),
        (AGES[[]], TREATED, ALL, UsageError, "at least one characteristic"),
        (AGES[["age", "age"]], TREATED, ALL, UsageError, "a name of its own"),
        (AGES.iloc[:7], TREATED, ALL, UsageError, "age must have a value for each of 8 rows"),
    ],
)
def test_what_cannot_be_balanced_is_refused(covariates, treated, weights, error, message):
    with pytest.raises(error, match=message) as caught:
        balance(covariates, treated, weights)
    assert "years" not in str(caught.value)


def test_bands_must_be_in_order():
    with pytest.raises(OptionError, match="must not be above"):
        balance(AGES, TREATED, ALL, green=0.2)
    with pytest.raises(OptionError, match="treated"):
        balance(AGES, TREATED, ALL, standard="sample")


def test_columns_that_may_hold_gaps_are_read_as_numbers():
    nullable = AGES.astype("Int64").assign(work=pd.array([True, False] * 4, dtype="boolean"))
    table = balance(nullable, TREATED, ALL)
    assert row(table, "work")["difference_after"] == 0


def test_one_treated_person_has_no_standard_deviation_and_says_so():
    table = balance(AGES, [True] + [False] * 7, ALL)
    assert row(table, "age")["rating"] == "not rated"
    assert "one person alone" in row(table, "age")["reason"]
    assert table.worst == ""
