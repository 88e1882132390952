"""Group-time average effects of something that reached units at different times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.models.staggered.averages import (
    Design,
    averages_by,
    design_of,
    overall_averages,
    single_cells,
)
from justice_analysis.models.staggered.checks import Columns
from justice_analysis.models.staggered.library import (
    Base,
    Comparison,
    Method,
    fitted_cells,
)
from justice_analysis.models.staggered.result import StaggeredEffects
from justice_analysis.models.staggered.rows import (
    AfterLast,
    Rows,
    Unbalanced,
    checked_rows,
)
from justice_analysis.models.staggered.tables import Tables, with_reference
from justice_analysis.models.staggered.uncertainty import (
    SmallSample,
    Uncertainty,
    refuse_mixed_clusters,
)

if TYPE_CHECKING:
    import pandas as pd


def group_time_effects(
    rows: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    comparison: Comparison = "never",
    covariates: Sequence[str] = (),
    method: Method = "dr",
    clusters: str | None = None,
    bootstrap: int = 0,
    seed: int = 0,
    anticipation: int = 0,
    weights: str | None = None,
    repeated_cross_sections: bool = False,
    base: Base = "universal",
    small_sample: SmallSample | None = None,
    unbalanced: Unbalanced = "refuse",
    after_last: AfterLast = "refuse",
    smallest_group: int = 1,
    level: float = 0.95,
) -> StaggeredEffects:
    """Effects by group and period (Callaway and Sant'Anna 2021), and their averages.

    The effect on a group in a period is how far its mean outcome moved since the period before
    its treatment, less how far that of units not treated by then moved. It never compares with
    units already treated. It is an effect if, untreated, both would have moved alike.

    Parameters
    ----------
    rows
        One row per unit and period; per trial, say, with `repeated_cross_sections`.
    outcome
        Numbers, none missing.
    unit
        What is treated: a court, a county.
    period
        Whole numbers without a gap between first and last (quarters numbered one after another).
    first_treated
        Period of first treatment, the same in all rows of a unit; missing if never, or 0 where
        periods are above 0. Units treated in the first period or before are left out and
        counted: nothing shows how they were.
    comparison
        "never": units never treated. "not_yet": those, and units treated later than the period
        (and later than the base).
    covariates
        Numbers; with a panel the value in the base period is used.
    method
        "reg" regression, "ipw" inverse probability, "dr" both (doubly robust). Without
        covariates all three are differences of means.
    clusters
        Coarser than `unit`; errors are by unit otherwise.
    bootstrap, seed
        Draws of a multiplier bootstrap; 0 for errors from influence functions.
    anticipation
        Periods before treatment in which it may already act: the base lies before them.
    weights
        Above 0; the same in all rows of a unit, unless rows are cross-sections.
    repeated_cross_sections
        Rows are samples of units' people, not the same ones again: means are compared by period.
    base
        "universal": every period of a group is held against the one before its treatment (as
        `honest_bounds` needs). "varying": periods before treatment are held against the one
        before each. Effects after treatment are the same.
    small_sample
        "none": no factor, normal quantiles (the default with a panel, by unit; what R's did
        gives). "clusters": G/(G - 1), Student's t on G - 1 (the default with `clusters`).
        "groups": n/(n - 1) within each group and within comparison units, Welch and
        Satterthwaite's degrees of freedom (the default for repeated cross-sections, by unit).
        Clusters then lie in one group. Choose it below some 200 clusters: the others' intervals
        are too narrow where groups are small.
    unbalanced
        What to do if units lack periods: "refuse", or "complete" to leave them out, counted.
    after_last
        What to do with units first treated after the last period: "refuse", "comparison" (they
        are untreated throughout) or "leave_out".
    smallest_group
        Groups of fewer clusters are left out and counted. A group of one has no interval.
    level
        Of the intervals.

    Raises
    ------
    UsageError, OptionError, MetricError
        If columns, options or rows are not as above, with one sentence each.

    Notes
    -----
    Estimates and influence functions by diff-diff 3.13, checked against Python's differences,
    R's did and slow versions by hand.
    """
    _refuse_options(comparison, method, base, bootstrap, anticipation, smallest_group)
    columns = Columns(outcome, unit, period, first_treated, tuple(covariates), clusters, weights)
    used = checked_rows(
        rows, columns, repeated_cross_sections=repeated_cross_sections, unbalanced=unbalanced,
        after_last=after_last, smallest_group=smallest_group,
    )  # fmt: skip
    design = design_of(used, comparison, anticipation, by_row=repeated_cross_sections)
    refuse_no_comparison(design)
    usual: SmallSample = "groups" if repeated_cross_sections else "none"
    rule = small_sample or (usual if clusters in (None, unit) else "clusters")
    uncertainty = _uncertainty(used, rule, level, bootstrap, seed, clusters or unit)
    cells = fitted_cells(
        used, comparison=comparison, method=method, base=base, anticipation=anticipation,
        repeated_cross_sections=repeated_cross_sections, weighted=weights is not None,
    )  # fmt: skip
    tables = Tables(cells, design, uncertainty, used.before_first, repeated_cross_sections)
    return _effects(tables, used, method, base)


def _refuse_options(
    comparison: str, method: str, base: str, bootstrap: int, anticipation: int, smallest: int
) -> None:
    """Refuse options that are not among those there are."""
    allowed = {
        "comparison": (comparison, ("never", "not_yet")),
        "method": (method, ("dr", "reg", "ipw")),
        "base": (base, ("universal", "varying")),
    }
    for name, (value, values) in allowed.items():
        if value not in values:
            raise OptionError(f"{name} must be one of {', '.join(values)}.")
    if bootstrap < 0 or anticipation < 0 or smallest < 1:
        raise OptionError(
            "bootstrap and anticipation must not be below 0, nor smallest_group below 1."
        )
    if 0 < bootstrap < 100:
        raise OptionError("bootstrap must be 0, for analytic errors, or 100 draws or more.")


def refuse_no_comparison(design: Design) -> None:
    """Refuse a design in which nobody is left to compare with."""
    never = int(design.units[0])
    if not never and design.comparison == "never":
        raise MetricError(
            'comparison="never" needs units that are never treated: there is none. Pass '
            'comparison="not_yet" to compare with units treated later.'
        )
    if not never and len(design.groups) < 3:
        raise MetricError(
            'comparison="not_yet" needs units treated later, or never: all are first treated in '
            "one period."
        )


def _uncertainty(
    rows: Rows, rule: SmallSample, level: float, draws: int, seed: int, word: str
) -> Uncertainty:
    """How errors are to be found; refuses a rule that the clusters do not allow."""
    if rule not in ("none", "clusters", "groups"):
        raise OptionError('small_sample must be "none", "clusters" or "groups".')
    size = int(rows.cluster.max()) + 1
    if size < 2:
        raise MetricError("an error needs two clusters or more: there is one.")
    lowest, highest = np.full(size, np.iinfo(np.int64).max), np.full(size, -1)
    np.minimum.at(lowest, rows.cluster, rows.group)
    np.maximum.at(highest, rows.cluster, rows.group)
    group = np.where(lowest == highest, highest, -1)
    refuse_mixed_clusters(rule, group)
    return Uncertainty(rule, group, level, draws, seed, word)


def _effects(tables: Tables, rows: Rows, method: Method, base: Base) -> StaggeredEffects:
    """Average group-time effects, and lay all of them out."""
    cells, design, uncertainty = tables.cells, tables.design, tables.uncertainty
    parts = single_cells(cells)
    event_time = cells.period - cells.group
    every = np.ones(len(parts), dtype=bool)
    after = event_time >= 0
    made = {
        "event_time": averages_by(event_time, parts, cells, design, every),
        "group": averages_by(cells.group, parts, cells, design, after),
        "period": averages_by(cells.period, parts, cells, design, after),
    }
    before = event_time < -design.anticipation
    events = made["event_time"]
    if base == "universal":
        events = with_reference(events, design)
    pre = [part for part, is_pre in zip(parts, before, strict=True) if is_pre and not part.reason]
    leads = [
        one for time, one in made["event_time"].items()
        if time < -design.anticipation and not one.reason
    ]  # fmt: skip
    return StaggeredEffects(
        group_time=tables.group_time(parts),
        event_study=tables.event_study(events),
        by_group=tables.labelled("group", made["group"], tables.before_first),
        by_period=tables.labelled("period", made["period"], tables.before_first),
        overall=tables.labelled("average", overall_averages(cells, parts, design, made)),
        pre_trend=tables.tested(pre),
        pre_trend_by_event_time=tables.tested(leads),
        covariance=tables.covariance(made["event_time"]),
        degrees_of_freedom=uncertainty.covariance_freedom,
        rule=uncertainty.words,
        units=int(design.units.sum()),
        treated_units=int(design.units[1:].sum()),
        clusters=len(design.mass),
        periods=rows.periods,
        left_out=dict(rows.left_out),
        notes=cells.notes,
        comparison=design.comparison,
        method=method,
        base=base,
        level=uncertainty.level,
        anticipation=design.anticipation,
    )
