"""Where along the way groups come apart: the index of each stage, and its part of the whole."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import Output, metric
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.disparities.decisions import DECISIONS
from justice_analysis.metrics.disparities.definition import CAUTION, STAGES_CARD, StageOptions
from justice_analysis.metrics.disparities.relative_rates import (
    PRESENTED,
    reached,
    relative_output,
    with_index,
)
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.person_parts import NOT_KNOWN
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import count_units, units_of
from justice_analysis.metrics.person_groups import window_words

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

STAGES = {
    "convicted, of those with a verdict": ("is_convicted", None),
    "sentenced to immediate custody, of those convicted": ("is_custody", "is_convicted"),
    "sentenced to immediate custody, of those with a verdict": ("is_custody", None),
}
"""What is decided and of whom; the last is the product of those before it."""


@metric(STAGES_CARD)
def disparity_by_stage(warehouse: Warehouse, **options: Any) -> Measured:
    """Show the relative rate index of each stage from a verdict to custody.

    Parameters
    ----------
    warehouse
        A warehouse that holds cases of the magistrates' courts.
    **options
        See `StageOptions`.

    Returns
    -------
    Measured
        `stages`: shares and ratios by stage and group. `parts_of_whole` gives how much of the
        logarithm of the whole ratio each stage adds.

    Raises
    ------
    OptionError
        If an option is unknown, or no one is in the reference group.
    MetricError
        If the warehouse lacks what the metric needs, or no one is left to compare.
    """
    chosen: StageOptions = STAGES_CARD.read_options(options)
    rows, flow = reached(warehouse, chosen, DECISIONS["conviction"])
    rows, flow = _staged(rows, flow)
    about = About(
        card=STAGES_CARD,
        options=chosen,
        unit="defendants",
        population=f"Defendants with a verdict{window_words(chosen.index_from, chosen.index_to)}",
        population_hash=population_hash(warehouse, STAGES_CARD, chosen, presentation=PRESENTED),
        notes=(CAUTION,),
    )
    counted = pd.concat([_counted(rows, name, chosen) for name in STAGES], ignore_index=True)
    if chosen.reference_group not in set(counted[chosen.by]):
        raise OptionError("reference must name a group of people here: no one is in it.")
    output = relative_output(about, counted, ("stage", chosen.by), chosen, "decided on")
    return Measured(STAGES_CARD, chosen, {"stages": output}, flow)


def _staged(rows: ir.Table, flow: Flow) -> tuple[ir.Table, Flow]:
    """Those with a verdict whose later stage is known: convicted people have a sentence."""
    convicted = rows.verdict == "guilty"
    steps = [("not convicted, or sentence recorded", ~convicted | rows.sentence.notnull())]
    known, more = select(rows, start=flow.start, steps=steps)
    if not more.people:
        raise MetricError(
            f"{STAGES_CARD.name} needs sentences of those convicted: none is recorded. Load them, "
            "or widen the window."
        )
    made = known.mutate(
        is_convicted=known.verdict == "guilty",
        is_custody=(
            (known.verdict == "guilty") & (known.sentence == "immediate_custody")
        ).fill_null(False),
    )
    return made, dataclasses.replace(flow, steps=(*flow.steps, *more.steps))


def _counted(rows: ir.Table, stage: str, options: StageOptions) -> pd.DataFrame:
    """One row per group at a stage, with its ratios."""
    decided, among = STAGES[stage]
    chosen = rows.filter(rows[among]) if among else rows
    named = chosen.mutate(is_decided=chosen[decided])
    units = units_of(named, by=(options.by,), keep=("is_decided",))
    counted = count_units(units, met=["is_decided"], totals=False)
    return with_index(counted, options.by, options.reference_group).assign(stage=stage)


def parts_of_whole(output: Output, by: str) -> pd.DataFrame:
    """How much each stage adds to the logarithm of the whole ratio.

    Parameters
    ----------
    output
        `stages` of `disparity_by_stage`.

    Returns
    -------
    DataFrame
        One row per group (the unknown left out) and stage: `log_index`, `part` (of the whole
        logarithm; missing where the whole ratio is 1 or has no value).
    """
    *stages, whole = STAGES
    table = output.table[output.table[by] != NOT_KNOWN]
    logs = table.assign(log_index=np.log(table["index"].where(table["index"] > 0)))
    total = logs[logs["stage"] == whole].set_index(by)["log_index"]
    parts = logs[logs["stage"].isin(stages)][[by, "stage", "log_index"]]
    below = parts[by].map(total)
    return parts.assign(part=parts["log_index"] / below.where(below != 0)).reset_index(drop=True)
