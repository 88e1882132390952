"""Tables of estimates with their intervals and the units on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from justice_analysis.models.staggered.averages import REFERENCE, Average, Design, nothing
from justice_analysis.models.staggered.library import Cells
from justice_analysis.models.staggered.pre_trends import PreTrend, pre_trend_test
from justice_analysis.models.staggered.uncertainty import Uncertainty

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Tables:
    """Lays averages out as tables in the user's own periods."""

    cells: Cells
    design: Design
    uncertainty: Uncertainty
    before_first: int
    by_row: bool

    def group_time(self, parts: Sequence[Average]) -> pd.DataFrame:
        """One row per group and period."""
        table = self._estimates(parts)
        table.insert(0, "group", self.cells.group + self.before_first)
        table.insert(1, "period", self.cells.period + self.before_first)
        table.insert(2, "event_time", self.cells.period - self.cells.group)
        return table

    def labelled(self, name: str, rows: Mapping[Any, Average], add: int = 0) -> pd.DataFrame:
        """One row per label."""
        table = self._estimates(list(rows.values()))
        labels = [label + add for label in rows] if add else list(rows)
        table.insert(0, name, labels)
        return table

    def event_study(self, rows: Mapping[int, Average]) -> pd.DataFrame:
        """One row per event time; bands that hold for all at once, if bootstrapped."""
        table = self.labelled("event_time", rows)
        shown = table["reason"] == ""
        made = [one for one, is_shown in zip(rows.values(), shown, strict=True) if is_shown]
        if made and self.uncertainty.draws:
            influence = np.column_stack([one.influence for one in made])
            reach = self.uncertainty.simultaneous_quantile(influence) * table["standard_error"]
            table.insert(5, "simultaneous_lower", table["estimate"] - reach)
            table.insert(6, "simultaneous_upper", table["estimate"] + reach)
        return table

    def covariance(self, rows: Mapping[int, Average]) -> pd.DataFrame:
        """Covariance of the event study's estimates; missing where a group has one cluster."""
        import pandas as pd

        made = {label: one for label, one in rows.items() if not one.reason}
        if not made:
            return pd.DataFrame()
        influence = np.column_stack([one.influence for one in made.values()])
        covariance = self.uncertainty.covariance(influence)
        unknown = np.array([bool(self._single(one)) for one in made.values()])
        covariance[unknown, :] = np.nan
        covariance[:, unknown] = np.nan
        return pd.DataFrame(covariance, index=list(made), columns=list(made))

    def tested(self, effects: Sequence[Average]) -> PreTrend:
        """Joint test of effects before treatment."""
        reason = next((said for one in effects if (said := self._single(one))), "")
        if reason:
            return PreTrend(None, len(effects), None, reason, "")
        return pre_trend_test(effects, self.uncertainty)

    def _estimates(self, averages: Sequence[Average]) -> pd.DataFrame:
        """Estimates, intervals and units on both sides."""
        import pandas as pd

        if not averages:
            averages = [nothing(len(self.design.mass), "")]
            return self._estimates(averages).iloc[:0]
        estimate = np.array([one.estimate for one in averages])
        influence = np.column_stack([one.influence for one in averages])
        reason = np.array([one.reason or self._single(one) for one in averages], dtype=object)
        error = self.uncertainty.standard_errors(influence)
        reason[(reason == "") & ~(error > 0)] = "outcomes do not vary"
        error[reason != ""] = np.nan
        with np.errstate(invalid="ignore"):
            reach = self.uncertainty.quantiles(influence) * error
            p_value = self.uncertainty.p_values(estimate / error, influence)
        table = pd.DataFrame(
            {
                "estimate": estimate,
                "standard_error": error,
                "lower": estimate - reach,
                "upper": estimate + reach,
                "p_value": p_value,
            }
        )
        counts = pd.DataFrame([self._sides(one) for one in averages])
        return pd.concat([table, counts], axis=1).assign(reason=reason.astype(str))

    def _single(self, average: Average) -> str:
        """Say that a group on either side is a single cluster, if one is."""
        treated = set(self.cells.group[average.cells].tolist())
        others = {group for group, _ in self.design.compared_with(self.cells, average.cells)}
        word = self.uncertainty.unit_word
        if treated & self.design.single:
            return f"a group of one {word} has no error of its own"
        if len(others) == 1 and others & self.design.single:
            return f"one {word} to compare with has no error of its own"
        return ""

    def _sides(self, average: Average) -> dict[str, int]:
        """Units, and rows of repeated cross-sections, on both sides."""
        design, cells = self.design, self.cells
        treated = {(int(cells.group[k]), int(cells.period[k])) for k in average.cells}
        sides = {"treated": treated, "comparison": design.compared_with(cells, average.cells)}
        out = {}
        for side, pairs in sides.items():
            groups = np.array(sorted({group for group, _ in pairs}), dtype=np.int64)
            out[f"{side}_units"] = int(design.units[design.column(groups)].sum())
        for side, pairs in sides.items() if self.by_row else ():
            at = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
            out[f"{side}_rows"] = int(design.rows[design.column(at[:, 0]), at[:, 1]].sum())
        return out


def with_reference(events: Mapping[int, Average], design: Design) -> dict[int, Average]:
    """Add the event time that the others are held against, with an effect of 0."""
    clusters = len(design.mass)
    reference = {-1 - design.anticipation: nothing(clusters, REFERENCE, 0.0)}
    return dict(sorted({**events, **reference}.items()))
