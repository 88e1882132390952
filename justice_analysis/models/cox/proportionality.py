"""Whether hazards are proportional: a score test against an effect that changes with time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import OptionError, UsageError
from justice_analysis.models.counts import Counts, Real, daily_counts
from justice_analysis.models.cox.fit import CoxFit
from justice_analysis.models.cox.likelihood import (
    RiskSets,
    efron_steps,
    information,
    likelihood,
    risk_sets,
)
from justice_analysis.models.cox.rows import CoxRows, cox_rows
from justice_analysis.models.kaplan_meier import kaplan_meier

if TYPE_CHECKING:
    import pandas as pd

Clock = Literal["km", "identity", "log"]


@dataclass(frozen=True, eq=False)
class ProportionalHazards:
    """Chi-squared tests that effects do not change with time.

    Attributes
    ----------
    names, statistics, p_values
        One test per covariate, on one degree of freedom.
    global_statistic, global_p_value
        All covariates together, on as many degrees of freedom as covariates.
    clock
        How time was counted.
    """

    names: tuple[str, ...]
    statistics: Real
    p_values: Real
    global_statistic: float
    global_p_value: float
    clock: Clock

    def table(self) -> pd.DataFrame:
        """One row per covariate, and one for all of them."""
        import pandas as pd

        return pd.DataFrame({
            "covariate": [*self.names, "all"],
            "chi_squared": [*self.statistics, self.global_statistic],
            "degrees_of_freedom": [*[1] * len(self.names), len(self.names)],
            "p_value": [*self.p_values, self.global_p_value],
        })  # fmt: skip


def proportional_hazards(
    fit: CoxFit,
    duration_days: ArrayLike,
    event_observed: ArrayLike,
    covariates: Mapping[str, ArrayLike],
    *,
    entry_days: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clock: Clock = "km",
) -> ProportionalHazards:
    """Test that hazard ratios do not change with time, from Schoenfeld's residuals.

    Parameters
    ----------
    fit
        From `cox` on the same columns, which follow here again.
    duration_days, event_observed, covariates, entry_days, counts, weights, strata
        As in `cox`.
    clock
        Time as 1 less the Kaplan-Meier curve of everyone just before the day ("km"), as days
        ("identity"), or their logarithm ("log": no event on day 0).

    Returns
    -------
    ProportionalHazards
        Score tests of covariates times time, as R's `cox.zph` (survival 3). A small p-value says
        that one hazard ratio for all of follow-up hides a change.

    Notes
    -----
    Grambsch and Therneau (1994), with the exact variance rather than its average over days.
    """
    rows = cox_rows(
        duration_days, event_observed, covariates,
        entry_days=entry_days, counts=counts, weights=weights, strata=strata,
    )  # fmt: skip
    if rows.names != fit.names or rows.people != fit.people:
        raise UsageError("the test needs the columns that the model was fitted to: they differ.")
    time = _clock(rows, clock, _everyone(rows, duration_days, event_observed, entry_days))
    steps = efron_steps(rows) if fit.ties == "efron" else None
    sets, predictor = risk_sets(rows, fit.coefficients * rows.scale, steps)
    base = likelihood(rows, sets, predictor).information
    crossed, squared = information(rows, sets, time), information(rows, sets, time**2)
    score = _score(rows, sets, time)
    variance = squared - crossed.T @ np.linalg.solve(base, crossed)
    return _tests(rows.names, score, variance, clock)


def _score(rows: CoxRows, sets: RiskSets, time: Real) -> Real:
    """Sum over events of time times the covariates less their mean in the risk set."""
    at = rows.event_rows
    own = rows.scaled[:, at] @ (rows.weight[at] * time[rows.exit_moment[at] - 1])
    mean = sets.inverse[:, None] * sets.total_x - sets.inverse_step[:, None] * sets.tied_x
    return np.asarray(own - time @ mean)


def _tests(
    names: tuple[str, ...], score: Real, variance: Real, clock: Clock
) -> ProportionalHazards:
    from scipy.special import chdtrc

    degrees = len(names)
    each = score**2 / np.diag(variance)
    together = float(score @ np.linalg.solve(variance, score))
    p_together = float(chdtrc(degrees, together))
    return ProportionalHazards(names, each, chdtrc(1, each), together, p_together, clock)


def _everyone(
    rows: CoxRows, duration_days: ArrayLike, event_observed: ArrayLike, entry_days: ArrayLike | None
) -> Counts:
    """Counts by day of all strata together."""
    exits, people = np.asarray(duration_days, dtype=np.int64), rows.people_of_row
    had_event = np.asarray(event_observed).astype(bool)
    entries = np.zeros_like(exits) if entry_days is None else np.asarray(entry_days, np.int64)
    late = entries > 0
    nobody = np.zeros(late.sum(), dtype=np.int64)
    return daily_counts(
        np.concatenate([exits, entries[late]]),
        np.concatenate([people * had_event, nobody]),
        np.concatenate([people * ~had_event, nobody]),
        entered=np.concatenate([np.zeros_like(exits), people[late]]),
    )


def _clock(rows: CoxRows, clock: Clock, everyone: Counts) -> Real:
    """Time of each moment on the chosen scale, less its mean over events."""
    day = rows.moment_day
    if clock == "identity":
        time = day.astype(np.float64)
    elif clock == "log":
        if (day == 0).any():
            raise OptionError('clock="log" has no value on day 0: use "km" or "identity".')
        time = np.log(day)
    elif clock == "km":
        curve = kaplan_meier(everyone)
        survival = np.concatenate([[1.0], curve.survival])
        time = 1.0 - survival[np.searchsorted(curve.time, day, side="left")]
    else:
        raise OptionError('clock must be "km", "identity" or "log".')
    if np.ptp(time) == 0:
        raise OptionError("the test needs events on at least two days: there is one.")
    return np.asarray(time - np.average(time, weights=rows.moment_events))
