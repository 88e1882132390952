"""Instrumental variables in a panel, with what shows whether the instruments serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from justice_analysis.errors import UsageError
from justice_analysis.models.panel.absorbing import rank_of, within
from justice_analysis.models.panel.first_stage import WEAK_F, FirstStages, first_stages
from justice_analysis.models.panel.fit import (
    INTERCEPT,
    Asked,
    Moments,
    PanelFit,
    asked,
    finish,
    least_squares,
)
from justice_analysis.models.panel.rows import PanelRows, Whole, read_rows, refuse_useless
from justice_analysis.models.panel.small_sample import DEFAULT, Sample, is_clustered

if TYPE_CHECKING:
    import pandas as pd

EFFECTS = ("none", "unit", "two_way")
METHODS = ("2sls", "gmm")


@dataclass(frozen=True)
class OverIdentification:
    """Test of the instruments beyond those needed: whether they agree with one another.

    `statistic` is missing, with `df` 0, where there are as many instruments as covariates that
    need one: then nothing can be tested.
    """

    name: str
    statistic: float | None
    df: int
    p_value: float | None


@dataclass(frozen=True)
class Instrumented:
    """A fit by instrumental variables.

    Attributes
    ----------
    fit
        The estimates, as of any other model.
    first_stage
        One row per instrumented covariate: `term`, `partial_f` (the instruments, under `iid`),
        `robust_f` (the same under the fit's own rule), `conditional_f` (Sanderson and Windmeijer:
        given the other instrumented covariates), `df`, `residual_df`, `partial_r2`, `is_weak`.
    over_identification
        Sargan's test under `iid`, else Hansen's J under the (first) clusters of the fit.
    """

    fit: PanelFit
    first_stage: pd.DataFrame
    over_identification: OverIdentification


def instrumented(
    rows: pd.DataFrame,
    *,
    outcome: str,
    endogenous: Sequence[str],
    instruments: Sequence[str],
    covariates: Sequence[str] = (),
    unit: str,
    period: str,
    effects: str = "two_way",
    method: str = "2sls",
    clusters: str | Sequence[str] | None = None,
    small_sample: str = DEFAULT,
    level: float = 0.95,
) -> Instrumented:
    """Two-stage least squares or two-step GMM, with or without fixed effects.

    Parameters
    ----------
    rows, outcome, covariates, unit, period, clusters, small_sample, level
        As in `two_way_effects`; `covariates` are those that need no instrument.
    endogenous
        Covariates that need one.
    instruments
        Columns that move these and have no other way to the outcome: at least as many.
    effects
        `none` (with an intercept), `unit` or `two_way`.
    method
        `2sls` or `gmm` (two steps, weighted under the rule's errors).

    Raises
    ------
    UsageError
        If there are fewer instruments than covariates that need one, or an option is unknown.
    MetricError
        As `two_way_effects`, of instruments too.

    Notes
    -----
    On columns without the effects: two stages by QR, GMM and the tests of the instruments by
    linearmodels; errors under our rules.
    Instruments are called weak where the conditional F is below 10 (Staiger and Stock 1997,
    Econometrica 65, 557-586; Sanderson and Windmeijer 2016, Journal of Econometrics 190, 212-221).
    """
    _check(endogenous, instruments, effects, method, small_sample)
    wanted = asked(clusters, small_sample, level, default=unit)
    if method == "gmm" and len(wanted.clusters) > 1:
        raise UsageError("gmm clusters one way: name one column of clusters, or use 2sls.")
    columns = [outcome, *endogenous, *covariates, *instruments]
    groups = list(dict.fromkeys([unit, period, *wanted.clusters]))
    read = read_rows(rows, numeric=columns, groups=groups, unit=unit, period=period)
    absorbed = {"none": [], "unit": [unit], "two_way": [unit, period]}[effects]
    read = read.without_singletons(absorbed)
    stages = _stages(read, absorbed, wanted, len(endogenous), len(instruments))
    moments = _estimate(stages, method, wanted)
    found = first_stages(stages, wanted.small_sample)
    fit = finish(
        f"{'two-stage least squares' if method == '2sls' else 'two-step GMM'}, {_of(absorbed)}",
        read,
        moments,
        wanted,
        effects=stages.sample.effects,
        effects_rank=stages.sample.effects_rank,
        notes=_weak(found, endogenous),
    )
    return Instrumented(fit, found, _over_identification(stages, wanted))


def _check(
    endogenous: Sequence[str],
    instruments: Sequence[str],
    effects: str,
    method: str,
    small_sample: str,
) -> None:
    if effects not in EFFECTS:
        raise UsageError(f"effects must be one of {', '.join(EFFECTS)}: it is not.")
    if method not in METHODS:
        raise UsageError(f"method must be one of {', '.join(METHODS)}: it is not.")
    if method == "gmm" and small_sample == "iid":
        raise UsageError("gmm weighs by errors of any spread: with iid errors use 2sls.")
    if not endogenous:
        raise UsageError("endogenous must name a covariate or more: none is named.")
    if len(instruments) < len(endogenous):
        raise UsageError(
            f"each instrumented covariate needs an instrument of its own: {len(instruments)} for "
            f"{len(endogenous)} are too few. Name more instruments, or fewer covariates."
        )


def _stages(
    read: PanelRows, absorbed: Sequence[str], wanted: Asked, endogenous: int, instruments: int
) -> FirstStages:
    """Columns without effects (or with an intercept), each kind apart."""
    groups: dict[str, Whole] = {name: read.groups[name] for name in absorbed}
    names, outside = read.names, read.values[:, 1 + endogenous :]
    if groups:
        values = within(read.values, [*groups.values()]).values
    else:
        values = read.values - read.values.mean(axis=0)
    what = f"the effects of {' and '.join(absorbed)}" if groups else ""
    refuse_useless(names[1 + endogenous :], outside, values[:, 1 + endogenous :], absorbing=what)
    explained = slice(1, len(names) - instruments)
    refuse_useless(names[explained], read.values[:, explained], values[:, explained],
                   absorbing=what)  # fmt: skip
    if not groups:  # the intercept is one of the covariates that need no instrument
        values = np.insert(read.values, 1 + endogenous, 1.0, axis=1)
        names = (*names[: 1 + endogenous], INTERCEPT, *names[1 + endogenous :])
    last = values.shape[1] - instruments
    terms = names[1:last]
    clusters = {name: read.groups[name] for name in wanted.clusters}
    rank = rank_of([*groups.values()])
    return FirstStages(
        terms=terms,
        outcome=values[:, 0],
        endogenous=values[:, 1 : 1 + endogenous],
        exogenous=values[:, 1 + endogenous : last],
        instruments=values[:, last:],
        sample=Sample(len(read), len(terms), groups, clusters, rank),
    )


def _estimate(stages: FirstStages, method: str, wanted: Asked) -> Moments:
    given = np.column_stack([stages.endogenous, stages.exogenous])
    outside = np.column_stack([stages.exogenous, stages.instruments])
    if method == "2sls":
        # By QR: with weak instruments the normal equations lose half of the digits.
        projected = outside @ np.linalg.lstsq(outside, given, rcond=None)[0]
        estimates = least_squares(stages.terms, stages.outcome, projected).estimates
        return Moments(stages.terms, estimates, projected, stages.outcome - given @ estimates)
    found = _library(stages, method, wanted)
    last = stages.exogenous.shape[1]
    estimates = np.roll(found.params.to_numpy(), -last)  # it puts the exogenous first
    projected = outside @ (np.asarray(found.weight_matrix) @ (outside.T @ given))
    bread = np.asarray(np.linalg.inv(projected.T @ given), dtype=np.float64)
    residuals = stages.outcome - given @ estimates
    return Moments(stages.terms, estimates, projected, residuals, bread)


def _library(stages: FirstStages, method: str, wanted: Asked) -> Any:
    """linearmodels' fit."""
    from linearmodels.iv import IV2SLS, IVGMM

    exogenous = stages.exogenous if stages.exogenous.shape[1] else None
    data = (stages.outcome, exogenous, stages.endogenous, stages.instruments)
    if method == "2sls":
        return IV2SLS(*data).fit(cov_type="unadjusted")
    if not is_clustered(wanted.small_sample):
        return IVGMM(*data, weight_type="robust").fit(cov_type="robust")
    clusters = next(iter(stages.sample.clusters.values()))
    model = IVGMM(*data, weight_type="clustered", clusters=clusters)
    return model.fit(cov_type="clustered", clusters=clusters)


def _over_identification(stages: FirstStages, wanted: Asked) -> OverIdentification:
    extra = stages.instruments.shape[1] - stages.endogenous.shape[1]
    if not extra:
        return OverIdentification("none: as many instruments as needed", None, 0, None)
    if wanted.small_sample == "iid":
        test, name = _library(stages, "2sls", wanted).sargan, "Sargan"
    else:
        test, name = _library(stages, "gmm", wanted).j_stat, "Hansen J"
        name += "".join(f", clustered by {one}" for one in wanted.clusters[:1])
    return OverIdentification(name, float(test.stat), extra, float(test.pval))


def _weak(found: pd.DataFrame, endogenous: Sequence[str]) -> list[str]:
    return [
        f"The instruments are weak for {name}: the first stage's conditional F is {value:.1f}, "
        f"below {WEAK_F:g}. The estimate leans towards that without instruments, and its interval "
        "is not to be trusted."
        for name, value in zip(endogenous, found["conditional_f"], strict=True)
        if value < WEAK_F
    ]


def _of(absorbed: Sequence[str]) -> str:
    return f"effects of {' and '.join(absorbed)}" if absorbed else "no effects"
