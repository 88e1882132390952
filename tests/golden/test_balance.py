"""Balance and effects of R MatchIt's matched samples of lalonde, from the pairs it made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from justice_analysis.models import balance, matched_difference

NUMBERS = ["age", "educ", "re74", "re75"]
COVARIATES = ["age", "educ", "black", "hispan", "married", "nodegree", "re74", "re75"]
COLUMNS = {
    "Means Treated": ("treated_mean", "treated_mean_matched"),
    "Means Control": ("comparison_mean", "comparison_mean_matched"),
    "Std. Mean Diff.": ("difference_before", "difference_after"),
    "Var. Ratio": ("variance_ratio_before", "variance_ratio_after"),
    "eCDF Mean": ("ecdf_mean_before", "ecdf_mean_after"),
    "eCDF Max": ("ecdf_max_before", "ecdf_max_after"),
}
ONE_TO_FEW = ("nn1", "nn1_caliper02", "nn1_caliper02_logit", "nn2", "nn1_smallest", "nn1_closest",
              "nn1_caliper02_data", "nn1_data", "nn1_exact_race", "nn1_mahal")  # fmt: skip
WITH_REPLACEMENT = ("nn1_replace", "nn1_mahal_replace")
STRATIFIED = ("subclass6", "subclass6_ate", "cem", "exact_bin")
SPECS = (*ONE_TO_FEW, *WITH_REPLACEMENT, *STRATIFIED)
Weighed = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def people(shared_data: Path, golden: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    rows = pd.read_csv(shared_data / "lalonde.csv")
    model = golden("lalonde_ps_model").set_index("term")["coef"]
    odds = rows[model.index[1:]].to_numpy() @ model.to_numpy()[1:] + model["(Intercept)"]
    kinds = {f"race{kind}": (rows["race"] == kind) * 1 for kind in ("black", "hispan", "white")}
    return rows.assign(
        **kinds, odds=odds, distance=1 / (1 + np.exp(-odds)), emp78=(rows["re78"] > 0) * 1
    )


@pytest.fixture(scope="module")
def weighed(people: pd.DataFrame, golden: Callable[[str], pd.DataFrame]) -> dict[str, Weighed]:
    """Weights and matched sets of each specification."""
    pairs = golden("lalonde_pairs").dropna(subset=["control"])
    treated = people["treat"].to_numpy() == 1
    score = people["distance"].to_numpy()
    found = {spec: of_pairs(people, rows) for spec, rows in pairs.groupby("spec")}
    found["subclass6"] = of_strata(sixths(score, score[treated]), treated)
    found["subclass6_ate"] = of_strata(sixths(score, score), treated, everyone=True)
    binary = people.groupby(["black", "hispan", "married", "nodegree"]).ngroup().to_numpy()
    found["exact_bin"] = of_strata(binary, treated)
    found["cem"] = of_strata(coarse(people), treated)
    return found


def of_pairs(people: pd.DataFrame, pairs: pd.DataFrame) -> Weighed:
    place = {name: number for number, name in enumerate(people["id"])}
    partners = pairs.groupby("treated").size()
    weights, sets = np.zeros(len(people)), np.full(len(people), -1)
    for own, other in zip(pairs["treated"], pairs["control"], strict=True):
        weights[place[own]] = 1
        weights[place[other]] += 1 / partners[own]
        sets[[place[own], place[other]]] = place[own]
    return weights, sets


def of_strata(strata: np.ndarray, treated: np.ndarray, *, everyone: bool = False) -> Weighed:
    weights, sets = np.zeros(len(strata)), np.full(len(strata), -1)
    for stratum in np.unique(strata):
        inside = strata == stratum
        own, other = inside & treated, inside & ~treated
        if own.any() and other.any():
            target = inside.sum() if everyone else own.sum()
            weights[own], weights[other] = target / own.sum(), target / other.sum()
            sets[inside] = stratum
    return weights, sets


def sixths(score: np.ndarray, among: np.ndarray) -> np.ndarray:
    cuts = np.quantile(among, np.linspace(0, 1, 7))
    return np.clip(np.searchsorted(cuts, score, side="right") - 1, 0, 5)


def coarse(people: pd.DataFrame) -> np.ndarray:
    """Numbers in eleven bins of one width (Sturges' rule), categories as they are."""
    bins = {
        name: pd.cut(people[name], np.linspace(people[name].min(), people[name].max(), 12),
                     right=False, labels=False).fillna(10)
        for name in NUMBERS
    }  # fmt: skip
    cells = people[["race", "married", "nodegree"]].assign(**bins)
    return cells.groupby(list(cells.columns)).ngroup().to_numpy()


@pytest.mark.parametrize("spec", SPECS)
def test_balance_is_that_of_matchit(
    spec: str,
    people: pd.DataFrame,
    weighed: Mapping[str, Weighed],
    golden: Callable[[str], pd.DataFrame],
) -> None:
    expected = golden("lalonde_balance").query("spec == @spec")
    weights, _ = weighed[spec]
    distance = people["odds"] if spec == "nn1_caliper02_logit" else people["distance"]
    terms = expected["term"].unique().tolist()
    table = balance(
        people.assign(distance=distance)[terms], people["treat"], weights,
        standard="pooled" if spec == "subclass6_ate" else "treated",
    ).table.set_index("characteristic")  # fmt: skip
    for when, sample in enumerate(("all", "matched")):
        published = expected[expected["sample"] == sample].set_index("term")
        for theirs, ours in COLUMNS.items():
            np.testing.assert_allclose(
                table.loc[published.index, ours[when]], published[theirs], rtol=1e-6, atol=1e-6
            )


@pytest.mark.parametrize("outcome", ["re78", "emp78"])
@pytest.mark.parametrize("spec", SPECS)
def test_effects_and_their_errors_are_those_of_clustered_least_squares(
    spec: str,
    outcome: str,
    people: pd.DataFrame,
    weighed: Mapping[str, Weighed],
    golden: Callable[[str], pd.DataFrame],
) -> None:
    """`sandwich::vcovCL(type = "HC1")` by matched set; HC1 where people are used again."""
    expected = golden("lalonde_att").query("spec == @spec and outcome == @outcome").iloc[0]
    weights, sets = weighed[spec]
    clusters = {} if spec in WITH_REPLACEMENT else {"clusters": sets, "errors": "clustered"}
    effect = matched_difference(
        people[outcome], people["treat"], weights, of="mean" if outcome == "re78" else "share",
        **clusters,
    )  # fmt: skip
    found = (effect.difference, effect.standard_error, effect.p_value, effect.treated_value,
             effect.comparison_value, effect.effective_comparison)  # fmt: skip
    theirs = expected[["att", "se", "p", "mean_t", "mean_c", "ess_control"]].astype(float)
    np.testing.assert_allclose(found, theirs, rtol=1e-6, atol=1e-12)
    people_found = (effect.treated_people, effect.comparison_people)
    assert people_found == (expected["n_treated"], expected["n_control"])
