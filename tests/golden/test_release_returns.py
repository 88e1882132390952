"""What the papers on releases print equals R, computed as the papers compute it.

R was 4.2.2 with survival 3.5-3. The numbers of Iowa that no golden file holds were printed by

    coxph(Surv(days, cause) ~ sex + age + race + offence + target, d); cox.zph(f, terms = FALSE)

on the releases with sex and race recorded: age against under 25, race against White (Hispanic of
any race apart), offence against drugs, sex against men, target population against not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import yaml

from justice_analysis import warehouse
from justice_analysis.metrics import adjusted_reappearance
from justice_analysis.metrics.estimates.measured import Measured
from justice_analysis.studies import find_project
from tests.releases import releases_warehouse

__all__ = ["releases_warehouse"]

ASKED = ("source", "adjust_for", "quantities", "reference", "together", "words")
NEW = [
    -0.41926969409405, -0.03781090919418, -0.19964372063410, -0.34808852029230,
    -0.76707214637330, 0.18482247481190, -0.75163493399714, 0.00976030543531, -0.55583652783506,
    0.16918634893754, 0.12545724973529, 0.04299114817307, -0.24788540590902, 0.13299273887690,
]  # fmt: skip
TECHNICAL = [
    0.0228929109799, -0.1205201864497, -0.2246807570379, -0.4299094870213, -0.7572123340773,
    0.4082023118088, -0.1459969394876, -0.2186290784608, -0.4759011690845, 0.3783070347589,
    -0.2189819830320, -0.5594050536626, -0.4071047168613, 0.9790416301392,
]  # fmt: skip
ERRORS_OF_SEX = {"new": 0.04623943412350, "technical": 0.0512231230652}
TOGETHER = {"new": 18.795625085158, "technical": 178.9351526}


def as_in(variant: str) -> dict[str, Any]:
    """Options of a paper, from its parameter file."""
    file = find_project().parameter_file("release_returns", variant)
    asked = yaml.safe_load(file.read_text("utf-8"))["parameters"]
    return {"by": asked["group"], **{name: asked[name] for name in ASKED}}


@pytest.fixture(scope="module")
def releases(releases_warehouse):
    return warehouse.open(releases_warehouse)


@pytest.fixture(scope="module")
def iowa(releases) -> Measured:
    return adjusted_reappearance(releases, **as_in("iowa"))


@pytest.fixture(scope="module")
def as_in_r(releases) -> Measured:
    """Iowa with the three covariates of the golden file."""
    older = {"25-34": "older", "35-44": "older", "45-54": "older", "55 and Older": "older"}
    return adjusted_reappearance(
        releases, source="iowa_releases", by="sex", reference={"sex": "female"},
        adjust_for=["age_band_at_release", "target_population"],
        together={"age_band_at_release": older},
    )  # fmt: skip


def ratios(found: Measured, name: str = "adjusted") -> Mapping[str, tuple[float, float, float]]:
    """Hazard ratio and limits of each row that has an interval."""
    rows = found.outputs[name].table.dropna()
    return {row.level: (row.estimate, row.lower, row.upper) for row in rows.itertuples()}


def in_r(golden, model: str, term: str, *, step: float = 1.0, turned: bool = False):
    """Hazard ratio and limits of a covariate in R, for a step of it; or of its reverse."""
    row = golden("cox_models").query("model == @model and term == @term").iloc[0]
    error = 1.959963984540054 * row["se"]
    sign = -step if turned else step
    values = [row["coef"] * sign, *sorted((row["coef"] * sign + d * step * error) for d in (-1, 1))]
    return tuple(np.exp(values))


@pytest.mark.parametrize(
    ("variant", "model", "terms"),
    [
        (
            "default",
            "rossi_efron",
            {
                "financial aid: yes": ("fin", 1, False),
                "race as recorded: Other": ("race", 1, True),
                "worked full time before prison: yes": ("wexp", 1, False),
                "married: yes": ("mar", 1, False),
                "on parole: yes": ("paro", 1, False),
                "ten years older": ("age", 10, False),
                "one more prior conviction": ("prio", 1, False),
            },
        ),
        (
            "north_carolina",
            "recid_cox",
            {
                "work programme: yes": ("workprg", 1, False),
                "felony sentence: yes": ("felon", 1, False),
                "alcohol problems: yes": ("alcohol", 1, False),
                "drug history: yes": ("drugs", 1, False),
                "recorded as black: yes": ("black", 1, False),
                "married when imprisoned: yes": ("married", 1, False),
                "one more prior conviction": ("priors", 1, False),
                "one more year served": ("tserved", 12, False),
                "one more year of schooling": ("educ", 1, False),
                "ten years older": ("age", 120, False),
            },
        ),
    ],
)
def test_every_ratio_of_maryland_and_north_carolina_equals_coxph(
    releases, golden, variant, model, terms
):
    found = ratios(adjusted_reappearance(releases, **as_in(variant)))
    assert set(found) == set(terms)
    for level, (term, step, turned) in terms.items():
        expected = in_r(golden, model, term, step=step, turned=turned)
        np.testing.assert_allclose(found[level], expected, rtol=1e-5, err_msg=level)


@pytest.mark.parametrize(("cause", "expected"), [("new", NEW), ("technical", TECHNICAL)])
def test_every_ratio_of_iowa_equals_coxph(iowa, cause, expected):
    found = ratios(iowa, f"adjusted_{cause}")
    ours = [np.log(estimate) for estimate, _, _ in found.values()]
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-8)
    _, lower, upper = found["sex: female"]
    error = np.log(upper / lower) / (2 * 1.959963984540054)
    assert error == pytest.approx(ERRORS_OF_SEX[cause], abs=1e-8)


@pytest.mark.parametrize("cause", ["new", "technical"])
def test_the_check_of_proportional_hazards_of_iowa_equals_cox_zph(iowa, cause):
    rows = iowa.outputs["proportional"].table.query("cause == @cause").set_index("covariate")
    assert rows.loc["all together", "chi_squared"] == pytest.approx(TOGETHER[cause], rel=1e-8)


@pytest.mark.parametrize("cause", [1, 2])
def test_with_rs_three_covariates_iowa_equals_the_golden_file(as_in_r, golden, cause):
    expected = golden("iowa_cause_specific_cox").query("cause == @cause").set_index("term")["coef"]
    found = ratios(as_in_r, {1: "adjusted_new", 2: "adjusted_technical"}[cause])
    ours = [np.log(estimate) for estimate, _, _ in found.values()]
    np.testing.assert_allclose(ours, expected[["male", "u25", "target"]], rtol=0, atol=1e-6)


def test_tests_between_women_and_men_equal_grays_test(as_in_r, golden):
    expected = golden("iowa_gray_test").set_index("cause")["stat"]
    found = as_in_r.outputs["between"].table.set_index("cause")["chi_squared"]
    assert found.to_dict() == pytest.approx(
        {"new": expected[1], "technical": expected[2]}, rel=1e-6
    )


def test_the_test_between_men_with_and_without_aid_equals_survdiff(releases, golden):
    expected = golden("logrank_tests").set_index("test").loc["rossi_fin", "chisq"]
    found = adjusted_reappearance(releases, source="rossi", by="fin").outputs["between"].table
    assert found["chi_squared"].tolist() == pytest.approx([expected], rel=1e-6)
