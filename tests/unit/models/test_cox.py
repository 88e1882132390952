from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import IntervalError, MetricError, OptionError, UsageError
from justice_analysis.models import cox, proportional_hazards

RNG = np.random.default_rng(11)
PEOPLE = 400
PERSON = pd.DataFrame({"age": RNG.normal(30, 8, PEOPLE).round(), "earlier": RNG.poisson(2, PEOPLE)})
DAYS = RNG.geometric(0.02 * np.exp(0.2 * PERSON["earlier"]).clip(upper=20))
EVENT = RNG.random(PEOPLE) < 0.7
NEVER = np.zeros(PEOPLE)


def fitted(**options):
    return cox(DAYS, EVENT, PERSON, **options)


def test_a_planted_hazard_ratio_is_found():
    found = fitted()
    assert found.names == ("age", "earlier")
    assert found.lower[1] < np.exp(0.2) < found.upper[1]
    assert found.lower[0] < 1 < found.upper[0]
    assert (found.people, found.events) == (PEOPLE, EVENT.sum())


def test_the_unit_of_a_covariate_scales_its_coefficient_alone():
    first, tens = fitted(), cox(DAYS, EVENT, PERSON.assign(age=PERSON["age"] / 10 + 5))
    np.testing.assert_allclose(tens.coefficients, first.coefficients * [10, 1], rtol=1e-9)
    np.testing.assert_allclose(tens.p_values, first.p_values, rtol=1e-9)
    assert tens.log_likelihood == pytest.approx(first.log_likelihood)


def test_a_table_has_one_row_per_covariate_and_robust_errors_only_if_made():
    table = fitted().table()
    assert table["covariate"].tolist() == ["age", "earlier"]
    assert "robust_standard_error" not in table
    robust = fitted(robust=True).table()
    half = np.log(robust["upper"] / robust["hazard_ratio"])
    np.testing.assert_allclose(half, 1.959963984540054 * robust["robust_standard_error"])


def test_each_person_a_cluster_gives_the_robust_errors_of_people():
    alone, clustered = fitted(robust=True), fitted(clusters=np.arange(PEOPLE))
    np.testing.assert_allclose(clustered.covariance, alone.covariance, rtol=1e-12)
    assert clustered.clusters == PEOPLE
    assert alone.clusters is None


def test_twins_as_clusters_have_the_errors_of_one_of_each():
    twice = {name: np.repeat(PERSON[name], 2) for name in PERSON}
    found = cox(
        np.repeat(DAYS, 2), np.repeat(EVENT, 2), twice,
        clusters=np.repeat(np.arange(PEOPLE), 2), ties="breslow",
    )  # fmt: skip
    single = fitted(robust=True, ties="breslow")
    np.testing.assert_allclose(found.coefficients, single.coefficients, rtol=1e-9)
    np.testing.assert_allclose(
        found.robust_standard_errors, single.robust_standard_errors, rtol=1e-9
    )


def test_equal_weights_change_nothing_but_the_kind_of_error():
    weighted, robust = fitted(weights=np.full(PEOPLE, 2.5)), fitted(robust=True)
    np.testing.assert_allclose(weighted.coefficients, robust.coefficients, rtol=1e-9)
    np.testing.assert_allclose(
        weighted.robust_standard_errors, robust.robust_standard_errors, rtol=1e-9
    )


def test_rows_of_no_one_do_not_count():
    counts = np.r_[np.ones(PEOPLE, int), 0]
    extra = {name: np.r_[PERSON[name], 1e6] for name in PERSON}
    found = cox(np.r_[DAYS, 1], np.r_[EVENT, True], extra, counts=counts)
    np.testing.assert_allclose(found.coefficients, fitted().coefficients, rtol=1e-9)
    assert found.people == PEOPLE


def test_entering_on_day_zero_is_being_there_from_the_start():
    days = np.where(np.arange(PEOPLE) % 7 == 0, 0, DAYS)
    found = cox(days, EVENT, PERSON, entry_days=NEVER)
    assert found.log_likelihood == cox(days, EVENT, PERSON).log_likelihood


def test_a_stratum_without_events_tells_nothing():
    strata = np.r_[np.full(PEOPLE, "seen"), np.full(30, "without events")]
    more = {name: np.r_[PERSON[name], RNG.normal(size=30)] for name in PERSON}
    found = cox(np.r_[DAYS, np.full(30, 9)], np.r_[EVENT, np.zeros(30)], more, strata=strata)
    np.testing.assert_allclose(found.coefficients, fitted().coefficients, rtol=1e-9)
    assert found.strata == 1


def test_everyone_having_the_event_on_one_day_is_fitted():
    found = cox(np.zeros(6), [1, 1, 1, 0, 0, 0], {"x": [1, 2, 6, 3, 4, 5]})
    assert np.isfinite([found.coefficients, found.standard_errors]).all()


@pytest.mark.parametrize(
    ("covariate", "event"),
    [
        ("a group without events", np.arange(PEOPLE) % 4 > 0),
        ("a group in which all have it at once", np.arange(PEOPLE) % 4 >= 0),
    ],
)
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_a_covariate_that_alone_says_who_has_the_event_is_refused_by_name(covariate, event, ties):
    apart = (np.arange(PEOPLE) % 4 == 0).astype(int)
    days = np.where(apart, 1, DAYS + 1) if event.all() else DAYS
    with pytest.raises(MetricError, match="hazard ratio of apart has no finite value"):
        cox(days, event, {"age": PERSON["age"], "apart": apart}, ties=ties)


def test_a_large_effect_with_a_single_event_in_the_group_is_still_fitted():
    apart = np.arange(PEOPLE) % 2
    event = np.where(apart, np.arange(PEOPLE) == 7, 1)
    found = cox(DAYS, event, {"apart": apart})
    assert 0 < found.hazard_ratios[0] < 0.05
    assert found.upper[0] < 0.3


def test_no_people_and_no_events_are_refused():
    with pytest.raises(MetricError, match="people and a covariate"):
        cox([], [], {"x": []})
    with pytest.raises(MetricError, match="needs events"):
        cox(DAYS, NEVER, PERSON)
    with pytest.raises(MetricError, match="people and a covariate"):
        cox(DAYS, EVENT, {})


def test_one_person_is_refused():
    with pytest.raises(MetricError, match="differ between people: x does not"):
        cox([5], [1], {"x": [3.0]})


def test_constant_covariates_are_refused_by_name():
    with pytest.raises(MetricError, match="differ between people: c does not"):
        cox(DAYS, EVENT, PERSON.assign(c=7))


def test_combinations_of_other_covariates_are_refused_by_name():
    both = PERSON.assign(total=2 * PERSON["age"] - PERSON["earlier"])
    with pytest.raises(MetricError, match="total does not"):
        cox(DAYS, EVENT, both)


def test_a_covariate_constant_within_strata_is_refused_by_name():
    court = np.arange(PEOPLE) % 3
    with pytest.raises(MetricError, match="size does not"):
        cox(DAYS, EVENT, PERSON.assign(size=court * 10), strata=court)


def test_a_ratio_beyond_numbers_is_refused_by_name():
    with pytest.raises(MetricError, match="one unit more of earlier changes the hazard"):
        cox(DAYS, EVENT, {"earlier": PERSON["earlier"] / 1e5})


def test_missing_values_are_refused_with_their_number_and_never_a_value():
    holes = PERSON["age"].where(np.arange(PEOPLE) > 4)
    with pytest.raises(UsageError, match=r"2 problems(.|\n)*gone.*400 of 400(.|\n)*age.*5 of 400"):
        cox(DAYS, EVENT, {"gone": np.full(PEOPLE, np.nan), "age": holes})
    with pytest.raises(UsageError, match="must hold numbers"):
        cox(DAYS, EVENT, {"sex": np.array(["female", "male"] * 200)})
    strata = np.array(["a"] * 399 + [None], dtype=object)
    with pytest.raises(UsageError, match="strata must not be missing: 1"):
        fitted(strata=strata)


def test_impossible_times_are_refused():
    with pytest.raises(IntervalError, match="duration_days must not be below 0: 1 of 400"):
        cox(np.r_[-1, DAYS[1:]], EVENT, PERSON)
    with pytest.raises(IntervalError, match="leave after the day they enter"):
        fitted(entry_days=DAYS)
    with pytest.raises(UsageError, match="duration_days must hold whole numbers: 400 of 400"):
        cox(DAYS + 0.5, EVENT, PERSON)


def test_impossible_columns_are_refused():
    with pytest.raises(UsageError, match="weights must be above 0: 400"):
        fitted(weights=NEVER)
    with pytest.raises(UsageError, match="counts must not be below 0"):
        fitted(counts=-np.ones(PEOPLE, int))
    with pytest.raises(UsageError, match="for each of 400 rows"):
        cox(DAYS, EVENT[:-1], PERSON)
    with pytest.raises(UsageError, match="true or false"):
        cox(DAYS, EVENT * 2, PERSON)
    with pytest.raises(UsageError, match="clusters must have"):
        fitted(clusters=[1, 2])
    with pytest.raises(MetricError, match="more clusters than covariates: there are 1 for 2"):
        fitted(clusters=NEVER)
    with pytest.raises(OptionError, match="ties must be"):
        fitted(ties="exact")
    with pytest.raises(OptionError, match="level"):
        fitted(level=95)


def test_what_is_given_is_not_changed():
    days, person = DAYS.copy(), PERSON.copy()
    fitted(entry_days=np.minimum(DAYS - 1, 3), strata=PERSON["earlier"] > 2, robust=True)
    assert (days == DAYS).all()
    assert person.equals(PERSON)


def test_an_effect_that_fades_is_found_by_the_test_of_proportional_hazards():
    treated = np.arange(2000) % 2
    early, late = RNG.geometric(0.05, 2000), RNG.geometric(0.05 / np.where(treated, 4, 1))
    days = np.where(late <= 10, late, 10 + early)
    fading = cox(days, np.ones(2000), {"treated": treated})
    found = proportional_hazards(fading, days, np.ones(2000), {"treated": treated})
    assert found.p_values[0] == pytest.approx(found.global_p_value)
    assert found.p_values[0] < 1e-6
    steady = proportional_hazards(fitted(), DAYS, EVENT, PERSON)
    assert (steady.p_values > 0.01).all()
    assert steady.table()["covariate"].tolist() == ["age", "earlier", "all"]


def test_the_test_of_proportional_hazards_refuses_what_it_cannot_read():
    with pytest.raises(UsageError, match="they differ"):
        proportional_hazards(fitted(), DAYS[1:], EVENT[1:], PERSON[1:])
    with pytest.raises(OptionError, match="clock must be"):
        proportional_hazards(fitted(), DAYS, EVENT, PERSON, clock="rank")
    one_day = cox(np.full(4, 3), [1, 1, 0, 0], {"x": [1, 4, 2, 3]})
    with pytest.raises(OptionError, match="at least two days"):
        proportional_hazards(one_day, np.full(4, 3), [1, 1, 0, 0], {"x": [1, 4, 2, 3]})
    start = cox([0, 1, 2, 3], [1, 1, 1, 0], {"x": [2, 4, 1, 3]})
    with pytest.raises(OptionError, match="no value on day 0"):
        proportional_hazards(
            start, [0, 1, 2, 3], [1, 1, 1, 0], {"x": [2, 4, 1, 3]}, clock="log"
        )  # fmt: skip
