"""Relative rate indices: a group's rate over the reference group's, stage by stage."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import Chart, ColumnRoles, Output, metric
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.disparities.decisions import DECISIONS, Decision, deciding
from justice_analysis.metrics.disparities.definition import (
    CARD,
    CAUTION,
    DisparityOptions,
    GroupOptions,
)
from justice_analysis.metrics.estimates import periods
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.person_parts import EVERYONE, NOT_KNOWN
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import share_output, with_interval
from justice_analysis.metrics.estimates.units import Units, count_units, units_of
from justice_analysis.metrics.person_groups import window_steps, window_words
from justice_analysis.models import relative_rates as compare

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

INDEX = (
    "index",
    "index_lower",
    "index_upper",
    "exact_lower",
    "exact_upper",
    "least",
    "greatest",
)
PRESENTED = ("most_unknown_change", "reference", "by")


@metric(CARD)
def relative_rates(warehouse: Warehouse, **options: Any) -> Measured:
    """Compare how often something is decided of each group with the reference group.

    Parameters
    ----------
    warehouse
        A warehouse that holds cases of the magistrates' courts.
    **options
        See `DisparityOptions`.

    Returns
    -------
    Measured
        `index`: share of each group, its ratio to the reference group, Wald's and the exact 95%
        interval, and the bounds of the ratio over every way of allocating those whose group is
        not known. `unknown`: the share not known, by year. `by_year`: the ratio by year, where
        the share not known is steady enough for a trend.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another, or no one is in the reference group.
    MetricError
        If the warehouse lacks what the metric needs, or no one is left to compare.
    """
    chosen: DisparityOptions = CARD.read_options(options)
    decision = DECISIONS[chosen.decision]
    rows, flow = reached(warehouse, chosen, decision)
    about = About(
        card=CARD,
        options=chosen,
        unit="defendants",
        population=f"{decision.stage}{window_words(chosen.index_from, chosen.index_to)}".strip(),
        population_hash=population_hash(warehouse, CARD, chosen, presentation=PRESENTED),
        notes=(CAUTION,),
    )
    table = groups_compared(rows, chosen)
    outputs = {
        "index": index_output(about, table, chosen, decision),
        "unknown": _unknown(about, rows, chosen),
    }
    trend = _trend(about, rows, outputs["unknown"], chosen, decision)
    if isinstance(trend, str):
        outputs["index"] = dataclasses.replace(
            outputs["index"], notes=(*outputs["index"].notes, trend)
        )
    else:
        outputs["by_year"] = trend
    return Measured(CARD, chosen, outputs, flow)


def reached(
    warehouse: Warehouse,
    options: GroupOptions,
    decision: Decision,
    *,
    covariates: Sequence[str] = (),
) -> tuple[ir.Table, Flow]:
    """Those who had reached the stage before, one row per defendant, with `is_decided`.

    Parameters
    ----------
    covariates
        Further columns of `deciding`, beside that of the groups.

    Raises
    ------
    MetricError
        If no one had.
    """
    rows = deciding(warehouse, compared_by=(options.by, *covariates))
    steps = window_steps(
        rows.arrived_date, options.index_from, options.index_to, what="case received"
    )
    kept, flow = select(
        rows,
        start="defendants charged with an offence",
        steps=[*steps, (decision.stage, decision.reached(rows))],
    )
    if not flow.people:
        raise MetricError(
            f"{CARD.name} needs {decision.stage}: the warehouse has none in the window. Load the "
            "magistrates' courts, or widen the window."
        )
    decided = decision.decided(kept).fill_null(False)
    group = kept[options.by].fill_null(NOT_KNOWN)
    made = kept.mutate(is_decided=decided, year=periods.year(kept.arrived_date))
    return engine.materialise(made.mutate(**{options.by: group}), step="stage reached"), flow


def groups_compared(rows: ir.Table, options: DisparityOptions) -> pd.DataFrame:
    """Defendants, decisions and people of each group, the unknown among them; no total.

    Raises
    ------
    OptionError
        If no one is in the reference group.
    """
    counted = count_units(_units(rows, (options.by,)), met=["is_decided"], totals=False)
    if options.reference_group not in set(counted[options.by]):
        raise OptionError(
            "reference must name a group of people here: no one is in the one asked for. See "
            "the groups of justice metric run."
        )
    return counted


def _units(rows: ir.Table, by: tuple[str, ...]) -> Units:
    return units_of(rows, by=by, keep=("is_decided",))


def with_index(table: pd.DataFrame, by: str, reference: str) -> pd.DataFrame:
    """Add shares, and ratios to the reference group with both intervals and bounds.

    Parameters
    ----------
    table
        One row per group: `units`, `is_decided`. Without the reference group, none has a ratio.
    """
    made = with_interval(table, "is_decided", "units").reset_index(drop=True)
    groups = made[by].tolist()
    if reference not in groups:
        return made.assign(**dict.fromkeys(INDEX, np.nan))
    found = compare(
        made["is_decided"],
        made["units"],
        reference=groups.index(reference),
        unknown=groups.index(NOT_KNOWN) if NOT_KNOWN in groups else None,
    )
    return made.assign(**dict(zip(INDEX, vars(found).values(), strict=True)))


def index_output(
    about: About, counted: pd.DataFrame, options: DisparityOptions, decision: Decision
) -> Output:
    """Shares and ratios of groups, as an output."""
    table = with_index(counted, options.by, options.reference_group)
    return relative_output(about, table, (options.by,), options, decision.words)


def relative_output(
    about: About,
    table: pd.DataFrame,
    dimensions: tuple[str, ...],
    options: GroupOptions,
    words: str,
) -> Output:
    """Shares and ratios from `with_index`, as an output of kind `relative_rates`."""
    table = table.rename(columns={"units": "defendants", "is_decided": "decided"})
    roles = ColumnRoles(
        people="people",
        numerator="decided",
        denominator="defendants",
        estimate=("estimate", "index", *INDEX[3:]),
        lower=("lower", "index_lower"),
        upper=("upper", "index_upper"),
        people_behind={"defendants": "people", "decided": "people_is_decided"},
        statistic=dict.fromkeys(("index", *INDEX[3:]), "ratio"),
    )
    kept = [*dimensions, "people", "decided", "defendants", "estimate", "lower", "upper"]
    output = about.output(
        "relative_rates",
        about.card.title,
        table[[*kept, *INDEX, "people_is_decided"]],
        dimensions=dimensions,
        roles=roles,
        chart=Chart(
            form="dots",
            x=dimensions[-1],
            y="index",
            group=dimensions[0] if len(dimensions) > 1 else None,
            lower="exact_lower",
            upper="exact_upper",
            y_title=f"Rate {words}, over that of the reference group",
        ),
        shares=("estimate", "lower", "upper"),
        overlapping=dimensions,
        notes=(f"Reference group: {options.reference_group}.",) if options.by != "age_band" else (),
    )
    said = {**output.options, "reference": {options.by: options.reference_group}}
    return dataclasses.replace(output, options=said)


def _unknown(about: About, rows: ir.Table, options: DisparityOptions) -> Output:
    """Share whose group is not known, by year."""
    named = rows.mutate(is_unknown=rows[options.by] == NOT_KNOWN)
    units = units_of(named, by=("year",), keep=("is_unknown",))
    return share_output(
        about,
        units,
        met="is_unknown",
        units_name="defendants",
        title=f"Defendants whose {options.by.replace('_', ' ')} is not known",
    )


def _trend(
    about: About, rows: ir.Table, unknown: Output, options: DisparityOptions, decision: Decision
) -> Output | str:
    """The ratio by year; a sentence instead where those not known are not steady."""
    shares = unknown.table[unknown.table["year"] != EVERYONE]["estimate"]
    if len(shares) < 2:
        return "One year alone has no trend."
    if float(shares.max() - shares.min()) > options.most_unknown_change:
        return (
            "No trend is given: the share whose group is not known moves over the years by more "
            "than most_unknown_change allows, so a change of the index may be one of recording."
        )
    counted = count_units(_units(rows, ("year", options.by)), met=["is_decided"], totals=False)
    parts = [
        with_index(part, options.by, options.reference_group)
        for _, part in counted.groupby("year")
        if options.reference_group in set(part[options.by])
    ]
    table = pd.concat(parts, ignore_index=True)
    return relative_output(about, table, ("year", options.by), options, decision.words)
