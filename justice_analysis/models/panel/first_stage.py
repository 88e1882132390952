"""First stages: how much the instruments move what they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.models.panel.fit import least_squares
from justice_analysis.models.panel.rows import Real
from justice_analysis.models.panel.small_sample import Sample, spread_of

if TYPE_CHECKING:
    import pandas as pd

WEAK_F = 10.0


@dataclass(frozen=True)
class FirstStages:
    """Columns of a model with instruments, effects taken out; rows `n`.

    `terms` are the instrumented covariates, then the others; `sample` is that of the whole model.
    """

    terms: tuple[str, ...]
    outcome: Real
    endogenous: Real
    exogenous: Real
    instruments: Real
    sample: Sample


def first_stages(stages: FirstStages, rule: str) -> pd.DataFrame:
    """One row per instrumented covariate; columns as `Instrumented.first_stage` says."""
    import pandas as pd

    return pd.DataFrame([*_rows(stages, rule)])


def _rows(stages: FirstStages, rule: str) -> Iterator[dict[str, object]]:
    count = stages.endogenous.shape[1]
    df = stages.instruments.shape[1]
    for number in range(count):
        column = stages.endogenous[:, number]
        others = np.delete(stages.endogenous, number, axis=1)
        left = _residuals_of_two_stages(column, others, stages)
        conditional = _wald(left, stages, "iid") / (df - count + 1)
        partial = _wald(column, stages, "iid") / df
        sample = _sample(stages)
        yield {
            "term": stages.terms[number],
            "partial_f": partial,
            "robust_f": _wald(column, stages, rule) / df,
            "conditional_f": conditional,
            "df": df,
            "residual_df": sample.residual_df,
            "partial_r2": partial * df / (partial * df + sample.residual_df),
            "is_weak": bool(conditional < WEAK_F),
        }


def _sample(stages: FirstStages) -> Sample:
    slopes = stages.exogenous.shape[1] + stages.instruments.shape[1]
    return replace(stages.sample, slopes=slopes)


def _wald(column: Real, stages: FirstStages, rule: str) -> float:
    """Wald statistic of all instruments together in the regression of a column."""
    outside = np.column_stack([stages.instruments, stages.exogenous])
    fit = least_squares([""] * outside.shape[1], column, outside)
    scores = outside * fit.residuals[:, None]
    bread = np.asarray(np.linalg.inv(outside.T @ outside), dtype=np.float64)
    spread = spread_of(scores, bread, fit.residuals, _sample(stages), rule)
    df = stages.instruments.shape[1]
    slopes = fit.estimates[:df]
    return float(slopes @ np.linalg.solve(spread.covariance[:df, :df], slopes))


def _residuals_of_two_stages(column: Real, others: Real, stages: FirstStages) -> Real:
    """What the other instrumented covariates, by the same instruments, leave of one."""
    if not others.shape[1]:
        return column
    outside = np.column_stack([stages.instruments, stages.exogenous])
    given = np.column_stack([others, stages.exogenous])
    projected = outside @ np.linalg.lstsq(outside, given, rcond=None)[0]
    slopes = np.linalg.lstsq(projected, column, rcond=None)[0]
    return np.asarray(column - given @ slopes)
