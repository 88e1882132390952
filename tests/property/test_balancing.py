"""Balance, weights, effects and bounds against slow versions that say what they mean."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from justice_analysis.errors import MetricError
from justice_analysis.models import balance, entropy_weights, matched_difference, rosenbaum_bounds

FEW = settings(max_examples=80, deadline=None, derandomize=True)
# Whether treated, a number, yes or no, weight, matched set.
PERSON = st.tuples(st.booleans(), st.integers(-3, 3), st.integers(0, 1), st.integers(0, 3),
                   st.integers(-1, 3))  # fmt: skip
PEOPLE = st.lists(PERSON, min_size=5, max_size=14)


def columns(people):
    return tuple(np.array(column) for column in zip(*people, strict=True))


def weighted_mean(values, weights):
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)


def weighted_variance(values, weights):
    total = sum(weights)
    shares = [w / total for w in weights]
    mean = weighted_mean(values, weights)
    spread = sum(s * (v - mean) ** 2 for v, s in zip(values, shares, strict=True))
    return spread / (1 - sum(s**2 for s in shares))


def distances(values, treated, weights):
    """Distance of the cumulative distributions at each value that occurs."""
    found = []
    for value in sorted(set(values)):
        below = values <= value
        shares = [sum(weights[below & side]) / sum(weights[side]) for side in (treated, ~treated)]
        found.append(abs(shares[0] - shares[1]))
    return found


@FEW
@given(PEOPLE)
def test_balance_is_what_a_loop_over_people_gives(people):
    treated, number, _, weight, _ = columns(people)
    for side in (treated, ~treated):
        assume(side.sum() > 1 and (weight[side] > 0).sum() > 1)
    assume(len(set(number[treated])) > 1 and len(set(number[~treated] * weight[~treated])) > 1)
    assume(not set(number) <= {0, 1})
    found = balance(pd.DataFrame({"number": number}), treated, weight).table.iloc[0]
    own = math.sqrt(weighted_variance(number[treated], [1] * treated.sum()))
    for when, weights in (("before", np.ones(len(people))), ("after", weight)):
        means = [weighted_mean(number[side], weights[side]) for side in (treated, ~treated)]
        assert found[f"difference_{when}"] == pytest.approx((means[0] - means[1]) / own)
        variances = [weighted_variance(number[side], weights[side]) for side in (treated, ~treated)]
        if variances[1] > 1e-9:
            assert found[f"variance_ratio_{when}"] == pytest.approx(variances[0] / variances[1])
        apart = distances(number, treated, weights)
        assert found[f"ecdf_max_{when}"] == pytest.approx(max(apart))
        assert found[f"ecdf_mean_{when}"] == pytest.approx(sum(apart) / len(apart))


@FEW
@given(PEOPLE)
def test_differences_and_errors_are_those_of_weighted_least_squares(people):
    treated, number, _, weight, sets = columns(people)
    kept = weight > 0
    assume(kept[treated].any() and kept[~treated].any() and kept.sum() > 2)
    effect = matched_difference(number, treated, weight, clusters=sets, of="mean",
                                errors="clustered")  # fmt: skip
    difference, error, groups = least_squares(number[kept], treated[kept], weight[kept], sets[kept])
    assert effect.difference == pytest.approx(difference, abs=1e-9)
    if groups < 2 or error < 1e-9:
        assert effect.reason
    else:
        assert effect.standard_error == pytest.approx(error)
        assert effect.clusters == groups


def least_squares(outcome, treated, weight, sets):
    """Coefficient, clustered error and sets, by matrices and a loop over sets."""
    design = np.column_stack([np.ones(len(outcome)), treated])
    bread = np.linalg.inv(design.T @ np.diag(weight) @ design)
    fitted = bread @ design.T @ (weight * outcome)
    residuals = outcome - design @ fitted
    names = [("set", s) if s >= 0 else ("alone", n) for n, s in enumerate(sets)]
    meat = np.zeros((2, 2))
    for name in set(names):
        inside = np.array([other == name for other in names])
        score = design[inside].T @ (weight[inside] * residuals[inside])
        meat += np.outer(score, score)
    groups, people = len(set(names)), len(outcome)
    factor = groups / max(groups - 1, 1) * (people - 1) / (people - 2)
    return fitted[1], math.sqrt(factor * (bread @ meat @ bread)[1, 1]), groups


@FEW
@given(PEOPLE)
def test_entropy_weights_exist_exactly_where_a_linear_programme_finds_some(people):
    treated, number, yes, _, _ = columns(people)
    assume(treated.any() and (~treated).any())
    covariates = pd.DataFrame({"number": number, "yes": yes})
    pool, target = covariates[~treated].to_numpy(), covariates[treated].to_numpy().mean(axis=0)
    exist = linprog(
        np.zeros(len(pool)), A_eq=np.vstack([pool.T, np.ones(len(pool))]), b_eq=[*target, 1]
    ).success
    if not exist:
        with pytest.raises(MetricError, match="treated mean"):
            entropy_weights(covariates, treated)
        return
    weights = entropy_weights(covariates, treated).weights[~treated]
    np.testing.assert_allclose(weights @ pool / weights.sum(), target, atol=1e-6)
    if weights.min() > 1e-4:  # inside: the logarithm of the weight is linear in the covariates
        design = np.column_stack([np.ones(len(pool)), pool])
        fitted = np.linalg.lstsq(design, np.log(weights))[0]
        np.testing.assert_allclose(design @ fitted, np.log(weights), atol=1e-6)


@FEW
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8),
    st.sampled_from([1.0, 1.5, 4.0]),
    st.sampled_from(["lower", "higher"]),
)
def test_bounds_are_sums_over_every_way_that_pairs_might_have_fallen(pairs, gamma, alternative):
    first, second = columns(pairs)
    places = np.arange(2 * len(pairs)).reshape(2, -1).T
    found = rosenbaum_bounds(np.concatenate([first, second]), places, gammas=(gamma,),
                             alternative=alternative)  # fmt: skip
    gaps = first - second if alternative == "higher" else second - first
    is_binary = set(first) | set(second) <= {0, 1}
    ranks = [
        1.0 if is_binary else sum(abs(gaps) < abs(gap)) + (sum(abs(gaps) == abs(gap)) + 1) / 2
        for gap in gaps
    ]
    moving = [(rank, gap) for rank, gap in zip(ranks, gaps, strict=True) if gap]
    statistic = sum(rank for rank, gap in moving if gap > 0)
    for column, chance in (("p_upper", gamma / (1 + gamma)), ("p_lower", 1 / (1 + gamma))):
        total = 0.0
        for signs in itertools.product((0, 1), repeat=len(moving)):
            if sum(s * rank for s, (rank, _) in zip(signs, moving, strict=True)) >= statistic:
                total += math.prod(chance if s else 1 - chance for s in signs)
        assert found.table[column][0] == pytest.approx(total)
