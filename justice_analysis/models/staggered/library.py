"""Group-time effects by diff-diff: the one place that knows the library, and its noise.

The library gives each group-time effect and its influence function; averages of them and
their errors are ours (`averages`, `uncertainty`), so that every table has the same ones.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from justice_analysis.errors import MetricError
from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.staggered.rows import Rows

if TYPE_CHECKING:
    import pandas as pd

Comparison = Literal["never", "not_yet"]
Method = Literal["dr", "reg", "ipw"]
Base = Literal["universal", "varying"]

NO_BASE = "no period before it to compare with"
NO_ONE = "no units on one side"
COLLINEAR = "covariates that leave nothing to estimate"
REASONS = {
    "missing_period": NO_BASE,
    "zero_treated_control": NO_ONE,
    "zero_weight_mass": NO_ONE,
    "non_finite_regression": COLLINEAR,
}
# What the library warns of, and what we say instead; those that say nothing new are left out.
NOTED = {
    "ank-deficient": "Covariates are collinear among the units of some group and period; the "
    "library left the redundant ones out there.",
    "Low Events Per Variable": "Some groups have fewer than 10 units for each covariate of the "
    "propensity score.",
    "onverge": "The propensity score did not converge for some group and period.",
    "eparation": "Covariates nearly tell treated from comparison units in some group and period: "
    "its propensity scores are near 0 or 1.",
    "and will be trimmed": "Propensity scores below 0.01 or above 0.99 were set to that bound in "
    "some group and period.",
    "panel=False uses": "Rows are taken as samples of one population whose make-up does not "
    "change between periods.",
}
SAID_ELSEWHERE = ("could not be estimated", "No post-treatment effects", "All post-treatment")


@dataclass(frozen=True, eq=False)
class Cells:
    """Group-time effects, one per group and period; shape (k,).

    Attributes
    ----------
    group, period, base
        Numbered as in `Rows`; `base` is the period compared with (0 where there is none).
    estimate
        Missing where `reason` says why.
    influence
        Sum of each cluster's influence on each effect, shape (clusters, k): the estimate's
        error is their sum. 0 where there is no estimate.
    notes
        What the library met, in our words.
    """

    group: Whole
    period: Whole
    base: Whole
    estimate: Real
    influence: Real
    reason: tuple[str, ...]
    notes: tuple[str, ...]


def fitted_cells(
    rows: Rows,
    *,
    comparison: Comparison,
    method: Method,
    base: Base,
    anticipation: int,
    repeated_cross_sections: bool,
    weighted: bool,
) -> Cells:
    """Every group-time effect that the rows allow, with its influence function."""
    import diff_diff

    frame, covariates = _frame(rows, repeated_cross_sections)
    model = diff_diff.CallawaySantAnna(
        control_group="never_treated" if comparison == "never" else "not_yet_treated",
        estimation_method=method,
        anticipation=anticipation,
        base_period=base,
        panel=not repeated_cross_sections,
    )
    design = diff_diff.SurveyDesign(weights="weight") if weighted else None
    names = {"outcome": "outcome", "unit": "unit", "time": "period", "first_treat": "group"}
    met: Counter[str] = Counter()
    with _noise(met):
        try:
            result = model.fit(frame, **names, covariates=covariates, survey_design=design)
        except (ValueError, np.linalg.LinAlgError):
            # The library's own message may name values of groups and periods.
            raise MetricError(_why_not(rows)) from None
    where = rows.cluster if repeated_cross_sections else _cluster_of_unit(rows)
    return _cells(result, where, anticipation, base, tuple(sorted(met)))


def _frame(rows: Rows, repeated_cross_sections: bool) -> tuple[pd.DataFrame, list[str] | None]:
    """The rows as the library wants them."""
    import pandas as pd

    names = [f"x{number}" for number in range(rows.covariates.shape[1])]
    frame = pd.DataFrame(rows.covariates, columns=names)
    frame["unit"] = np.arange(len(frame)) if repeated_cross_sections else rows.unit
    frame = frame.assign(
        outcome=rows.outcome, period=rows.period, group=rows.group, weight=rows.weight
    )
    return frame, names or None


def _cluster_of_unit(rows: Rows) -> Whole:
    """Cluster of each unit, by the unit's code."""
    cluster = np.zeros(int(rows.unit.max()) + 1, dtype=np.int64)
    cluster[rows.unit] = rows.cluster
    return cluster


def _cells(
    result: Any, cluster: Whole, anticipation: int, base: Base, notes: tuple[str, ...]
) -> Cells:
    """Read estimates and influence functions off the library's result."""
    # Influence functions have no public name in the library (3.13); the tests hold what is
    # made of them against its public averages.
    influence: Mapping[Any, Any] = result._aggregation_kit.influence
    found = sorted(result.group_time_effects)
    group = np.array([int(g) for g, _ in found], dtype=np.int64)
    period = np.array([int(t) for _, t in found], dtype=np.int64)
    compared = np.where(period >= group, group - anticipation, period) - 1
    if base == "universal":
        compared = group - anticipation - 1
    is_estimate = period != compared
    cells = [key for key, kept in zip(found, is_estimate, strict=True) if kept]
    sums = np.zeros((int(cluster.max()) + 1, len(cells)))
    for column, key in enumerate(cells):
        if key in influence:
            sums[:, column] = _by_cluster(influence[key], cluster, len(sums))
    told = [result.group_time_effects[key] for key in cells]
    return Cells(
        group=group[is_estimate],
        period=period[is_estimate],
        base=np.maximum(compared[is_estimate], 0),
        estimate=np.array([one["effect"] for one in told], dtype=np.float64),
        influence=sums,
        reason=tuple(REASONS.get(one["skip_reason"], "") for one in told),
        notes=notes,
    )


def _by_cluster(info: Mapping[str, Any], cluster: Whole, clusters: int) -> Real:
    """Sum the influence of units, or rows, over their clusters."""
    where = np.concatenate([info["treated_idx"], info["control_idx"]]).astype(np.int64)
    value = np.concatenate([info["treated_inf"], info["control_inf"]])
    return np.asarray(np.bincount(cluster[where], weights=value, minlength=clusters))


def _why_not(rows: Rows) -> str:
    """Say why no group-time effect came out."""
    covariates = rows.covariates.shape[1]
    if covariates:
        return (
            f"group-time effects could not be adjusted for {covariates} covariates: some group "
            "and period has too few rows, or its covariates are collinear or tell treated from "
            "untreated. Use fewer, join periods, or adjust for none."
        )
    return (
        "a group-time effect needs treated and comparison units in a period and in one before "
        "it: no group and period has them. Choose another comparison, or join periods."
    )


@contextmanager
def _noise(met: Counter[str]) -> Iterator[None]:
    """Turn the library's warnings into notes of ours; any other warning is passed on."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for warning in caught:
        message = str(warning.message)
        said = next((ours for theirs, ours in NOTED.items() if theirs in message), None)
        if said is not None:
            met[said] += 1
        elif not any(known in message for known in SAID_ELSEWHERE):
            warnings.warn(warning.message, stacklevel=3)
