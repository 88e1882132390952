"""Robust (sandwich) covariance of a proportional hazards model."""

from __future__ import annotations

import numpy as np

from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.cox.likelihood import RiskSets, hazard_of_rows, running
from justice_analysis.models.cox.rows import CoxRows


def score_residuals(rows: CoxRows, sets: RiskSets) -> Real:
    """Each row's part in the score, per person, shape (p, rows), after Lin and Wei (1989).

    For each of Efron's steps the covariates are held against their mean in that step's risk set.
    """
    at = rows.event_rows
    place = rows.exit_moment[at] - 1
    mean_hazard = _times(sets.square, sets.total_x) - _times(sets.square_step, sets.tied_x)
    own_part = _times(sets.square_step, sets.total_x) - _times(sets.square_step2, sets.tied_x)
    met = running(rows, mean_hazard)
    events = rows.moment_events * sets.mean_weight
    mean = (_times(sets.inverse, sets.total_x) - _times(sets.inverse_step, sets.tied_x)) / (
        events[:, None]
    )
    hazard = hazard_of_rows(rows, sets)
    residuals = np.empty_like(rows.scaled)
    for j, column in enumerate(rows.scaled):
        met_mean = met[:, j][rows.exit_moment]
        if rows.entry_moment is not None:
            met_mean -= met[:, j][rows.entry_moment]
        met_mean[at] -= own_part[:, j][place]
        residuals[j] = sets.risk * (met_mean - column * hazard)
        residuals[j, at] += column[at] - mean[:, j][place]
    return residuals


def robust_covariance(
    rows: CoxRows, sets: RiskSets, covariance: Real, clusters: Whole | None
) -> Real:
    """Covariance that holds where people are weighted, or alike within a cluster."""
    residuals = score_residuals(rows, sets)
    residuals *= rows.weight
    if clusters is None:
        # A row that stands for several people counts each by itself.
        residuals /= np.sqrt(np.maximum(rows.people_of_row, 1))
    else:
        size = int(clusters.max()) + 1
        residuals = np.stack([np.bincount(clusters, weights=r, minlength=size) for r in residuals])
    return np.asarray(covariance @ (residuals @ residuals.T) @ covariance)


def _times(by_moment: Real, covariates: Real) -> Real:
    return np.asarray(by_moment[:, None] * covariates)
