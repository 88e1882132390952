"""From people with time at risk to cumulative incidence: shared by every time-to-event metric.

People are counted by day and outcome in the engine; estimators see those counts alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from justice_analysis import models
from justice_analysis.cohorts import CENSORED, Flow, counts_by_day
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.person_parts import NOT_KNOWN
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.result import IncidenceResult

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from justice_analysis.definitions import Card
    from justice_analysis.warehouse import Warehouse

ENTERED = "entered"


def incidence(
    frame: ir.Table,
    *,
    card: Card,
    options: Any,
    unit: str,
    event: str,
    clock: str,
    horizons: Sequence[int],
    flow: Flow,
    population: str,
    warehouse: Warehouse,
    notes: tuple[str, ...] = (),
    group_order: Sequence[str] = (),
    causes: Sequence[str] = (),
    wider: Sequence[Any] = (),
) -> IncidenceResult:
    """Estimate the share with each outcome over time, in each group.

    Parameters
    ----------
    frame
        One row per person: `group`, `duration_days`, `outcome` (a cause, or `censored`),
        `entry_days`.
    horizons
        Days to report in the table; those beyond a group's follow-up are left out.
    group_order
        Groups in the order to show them; others follow by name, `not known` last.
    causes
        Causes to show even where nobody had them, so that another cause does not stand in
        for them.
    wider
        Options under which everyone counted here is counted too: outputs of both can be
        compared.

    Returns
    -------
    IncidenceResult
        One cause: 1 minus Kaplan-Meier, with the 95% log-log interval of survival. Several:
        Aalen-Johansen, with the 95% log-log interval of each cause's incidence.

    Raises
    ------
    MetricError
        If no one is left to follow.
    """
    counts = counts_by_day(frame, groups=["group"])
    if counts.empty:
        raise MetricError(
            f"{card.name} needs at least one person to follow: no one is left after "
            f"{flow.steps[-1].name if flow.steps else flow.start!r}. Check the options."
        )
    seen = set(counts["outcome"]) - {CENSORED, ENTERED}
    shown = tuple(sorted(seen | set(causes))) or ("event",)
    groups = dict(list(counts.groupby("group")))
    order = sorted(groups, key=lambda group: _place(group, group_order))
    curves = {group: _curve(groups[group], shown) for group in order}
    return IncidenceResult(
        card=card,
        options=options,
        unit=unit,
        event=event,
        clock=clock,
        table=_table(curves, horizons),
        curve=pd.concat([_curve_rows(g, c) for g, c in curves.items()], ignore_index=True),
        attrition=flow,
        population=population,
        population_hash=population_hash(warehouse, card, options),
        notes=notes,
        within=tuple(population_hash(warehouse, card, other) for other in wider),
    )


def _place(group: Any, order: Sequence[str]) -> tuple[bool, int, str]:
    rank = order.index(group) if group in order else len(order)
    return group == NOT_KNOWN, rank, str(group)


def _curve(rows: pd.DataFrame, causes: tuple[str, ...]) -> models.IncidenceCurve:
    wide = rows.pivot_table(
        index="day", columns="outcome", values="people", aggfunc="sum", fill_value=0
    ).reindex(columns=[*causes, CENSORED, ENTERED], fill_value=0)
    late = wide[ENTERED].where(wide.index > 0, 0)
    counts = models.daily_counts(
        wide.index.to_numpy(),
        wide[list(causes)].to_numpy(),
        wide[CENSORED].to_numpy(),
        entered=late.to_numpy(),
        causes=causes,
    )
    return models.cumulative_incidence(counts)


def _table(curves: dict[Any, models.IncidenceCurve], horizons: Sequence[int]) -> pd.DataFrame:
    """One row per group, cause and horizon that follow-up reaches."""
    rows = []
    for group, curve in curves.items():
        read = models.at_times(curve, list(horizons), beyond="missing")
        for c, cause in enumerate(curve.counts.causes):
            for h, days in enumerate(horizons):
                if read.is_observed[h]:
                    rows.append(
                        {
                            "group": group,
                            "cause": cause,
                            "horizon_days": days,
                            "people": read.people,
                            "returned": int(read.cumulative_events[h, c]),
                            "at_risk": int(read.at_risk[h]),
                            "estimate": read.estimate[h, c],
                            "lower": read.lower[h, c],
                            "upper": read.upper[h, c],
                        }
                    )
    counts = ["people", "returned", "at_risk"]
    names = ["group", "cause", "horizon_days", *counts, "estimate", "lower", "upper"]
    return pd.DataFrame(rows, columns=names)


def _curve_rows(group: Any, curve: models.IncidenceCurve) -> pd.DataFrame:
    """One row per cause and day; events of the other causes are not censorings here."""
    parts = [
        pd.DataFrame(
            {
                "group": group,
                "cause": cause,
                "day": curve.time,
                "people": curve.counts.people,
                "at_risk": curve.at_risk,
                "events": curve.counts.events[:, c],
                "censored": curve.counts.censored,
                "estimate": curve.estimate[:, c],
                "lower": curve.lower[:, c],
                "upper": curve.upper[:, c],
            }
        )
        for c, cause in enumerate(curve.counts.causes)
    ]
    return pd.concat(parts, ignore_index=True)
