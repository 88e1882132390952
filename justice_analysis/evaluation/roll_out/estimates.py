"""What a roll-out did, estimated from counts of each court and period.

Grain: one row per court and period, with `units` (charges, defendants or cases) and those
`convicted`. The models receive these counts laid out again, one row per unit, without anything
that names anyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.evaluation.roll_out.design import UNREACHED
from justice_analysis.models.panel import PanelFit, two_way_effects
from justice_analysis.models.staggered import (
    StaggeredEffects,
    goodman_bacon,
    group_time_effects,
)

if TYPE_CHECKING:
    import pandas as pd

SMALL_SAMPLE = "groups"
"""Of the errors: n/(n - 1) within each wave, Welch and Satterthwaite's degrees of freedom.

The first waves are of few courts, and a factor for all courts together would make their errors
too small: `benchmarks/section_28.py` shows how both fare.
"""
TIMES_BEFORE = 4
"""Periods before the start that the test of earlier movement looks at, at most."""


def one_row_each(cells: pd.DataFrame) -> pd.DataFrame:
    """Lay counts out again: one row per unit, `court` (a number), `wave`, `period`, `convicted`.

    Parameters
    ----------
    cells
        One row per `court`, `wave` and `period`: `units` and those `convicted`.
    """
    import pandas as pd

    court, _ = pd.factorize(cells["court"], sort=True)
    times = cells["units"].to_numpy()
    at = np.repeat(np.arange(len(cells)), times)
    number = np.arange(len(at)) - np.repeat(np.cumsum(times) - times, times)
    return pd.DataFrame(
        {
            "court": court[at],
            "wave": cells["wave"].to_numpy()[at],
            "period": cells["period"].to_numpy()[at],
            "convicted": (number < cells["convicted"].to_numpy()[at]).astype(np.float64),
        }
    )


def group_time(cells: pd.DataFrame, *, comparison: str = "not_yet") -> StaggeredEffects:
    """Group-time average effects on the share convicted; errors clustered by court.

    Units of different periods are different ones: repeated cross-sections.

    Raises
    ------
    MetricError
        If nobody is left to compare with.
    """
    return group_time_effects(
        one_row_each(cells),
        outcome="convicted",
        unit="court",
        period="period",
        first_treated="wave",
        comparison=comparison,  # type: ignore[arg-type]
        clusters="court",
        repeated_cross_sections=True,
        small_sample=SMALL_SAMPLE,  # type: ignore[arg-type]
    )


def two_way(cells: pd.DataFrame) -> PanelFit:
    """Two-way fixed effects of court and period; errors clustered by court.

    Each court and period counts by its units, so that the slope is the one that a row for each
    unit would give.
    """
    reached = (cells["wave"] != UNREACHED) & (cells["period"] >= cells["wave"])
    rows = cells.assign(
        reached=reached.astype(np.float64), share=cells["convicted"] / cells["units"]
    )
    return two_way_effects(
        rows,
        outcome="share",
        covariates=["reached"],
        unit="court",
        period="period",
        clusters="court",
        weights="units",
    )


def two_way_parts(cells: pd.DataFrame) -> dict[str, float]:
    """Weights of the kinds of comparison in a two-way estimate (Goodman-Bacon 2021).

    They follow from how many courts are reached when, and not from what is found there, so each
    court stands in every period with the share convicted of everyone.

    Raises
    ------
    MetricError
        If all courts are reached in one period.
    """
    import pandas as pd

    courts = cells[["court", "wave"]].drop_duplicates()
    periods = pd.DataFrame({"period": np.arange(1, int(cells["period"].max()) + 1)})
    panel = courts.merge(periods, how="cross")
    panel["share"] = cells["convicted"].sum() / cells["units"].sum()
    found = goodman_bacon(
        panel, outcome="share", unit="court", period="period", first_treated="wave"
    )
    return found.weights


def pre_trend(effects: StaggeredEffects) -> float | None:
    """p-value of no difference before the start: the mean effect of the periods before it.

    One number of the last periods before the reference, so that it has a test even where a wave
    is of few courts; a joint test of every period has not, and finds differences where there
    are none.

    Returns
    -------
    float or None
        Two-sided, by Student's t; nothing where no period before has an interval.
    """
    from scipy.stats import t as student

    study = effects.event_study.set_index("event_time")
    usable = {int(time) for time in study.index[study["standard_error"].notna()]}
    times = [time for time in range(-1 - TIMES_BEFORE, -1) if time in usable]
    if not times:
        return None
    weight = np.full(len(times), 1 / len(times))
    mean = float(study.loc[times, "estimate"].to_numpy() @ weight)
    covariance = effects.covariance.loc[times, times].to_numpy()
    error = float(np.sqrt(weight @ covariance @ weight))
    freedom = min(float(effects.degrees_of_freedom), effects.clusters - 1)
    return float(2 * student.sf(abs(mean / error), freedom))
