"""What a two-way fixed effects estimate is made of, after Goodman-Bacon (2021)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from justice_analysis.models.staggered.checks import Columns
from justice_analysis.models.staggered.rows import AfterLast, Rows, Unbalanced, checked_rows

if TYPE_CHECKING:
    import pandas as pd

NEVER_TREATED = "never treated"
NOT_YET_TREATED = "not yet treated"
ALREADY_TREATED = "already treated"
KINDS = {
    "treated_vs_never": NEVER_TREATED,
    "earlier_vs_later": NOT_YET_TREATED,
    "later_vs_earlier": ALREADY_TREATED,
}


@dataclass(frozen=True, eq=False)
class GoodmanBacon:
    """The two-by-two comparisons in a two-way fixed effects estimate.

    Attributes
    ----------
    table
        One row per comparison: `treated_group`, `comparison_group` (missing for units never
        treated), `comparison` ("never treated", "not yet treated" or "already treated"),
        `estimate`, `weight`, `treated_units`, `comparison_units`. Weights add up to 1.
    estimate
        Coefficient of treatment with unit and period effects: the weighted sum of estimates.
    weights
        Weight by kind of comparison.
    units, left_out
        Units used, and those left out by reason.
    """

    table: pd.DataFrame
    estimate: float
    weights: dict[str, float]
    units: int
    left_out: dict[str, int]

    @property
    def already_treated_weight(self) -> float:
        """Share of weight on comparisons with units already treated.

        Where effects grow or fade, such comparisons take the change of the comparison units'
        effect off the estimate.
        """
        return self.weights[ALREADY_TREATED]


def goodman_bacon(
    rows: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    unbalanced: Unbalanced = "refuse",
    after_last: AfterLast = "refuse",
) -> GoodmanBacon:
    """Take a two-way fixed effects estimate apart into comparisons of two groups in two periods.

    Parameters
    ----------
    rows, outcome, unit, period, first_treated, unbalanced, after_last
        As for `group_time_effects`: one row per unit and period. Units treated in the first
        period or before are left out, and counted.

    Raises
    ------
    UsageError, OptionError, MetricError
        As `group_time_effects`; all units may be treated, if not all at once.

    Notes
    -----
    Weights by Goodman-Bacon (2021), theorem 1, by diff-diff 3.13.
    """
    import diff_diff
    import pandas as pd

    from justice_analysis.models.staggered.averages import design_of
    from justice_analysis.models.staggered.effects import refuse_no_comparison

    columns = Columns(outcome, unit, period, first_treated)
    used = checked_rows(rows, columns, unbalanced=unbalanced, after_last=after_last)
    refuse_no_comparison(design_of(used, "not_yet", 0, by_row=False))
    frame = pd.DataFrame(
        {"y": used.outcome, "unit": used.unit, "period": used.period, "group": used.group}
    )
    names = {"outcome": "y", "unit": "unit", "time": "period", "first_treat": "group"}
    found = diff_diff.BaconDecomposition(weights="exact").fit(frame, **names)
    table = _table(found.comparisons, used)
    by_kind = table.groupby("comparison")["weight"].sum()
    return GoodmanBacon(
        table=table,
        estimate=float(found.twfe_estimate),
        weights={kind: float(by_kind.get(kind, 0.0)) for kind in KINDS.values()},
        units=int(used.unit.max()) + 1,
        left_out=dict(used.left_out),
    )


def _table(comparisons: list[Any], rows: Rows) -> pd.DataFrame:
    """One row per comparison, in the user's periods."""
    import numpy as np
    import pandas as pd

    units = np.bincount(rows.group_of_unit)
    made = []
    for one in comparisons:
        kind = KINDS[one.comparison_type]
        treated = int(one.treated_group)
        other = 0 if kind == NEVER_TREATED else int(one.control_group)
        made.append(
            {
                "treated_group": treated + rows.before_first,
                "comparison_group": other + rows.before_first if other else None,
                "comparison": kind,
                "estimate": float(one.estimate),
                "weight": float(one.weight),
                "treated_units": int(units[treated]),
                "comparison_units": int(units[other]),
            }
        )
    return pd.DataFrame(made).astype({"comparison_group": "Int64"})
