"""Effects of a measure that reached courts one after another, from contested trials."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from justice_analysis import engine
from justice_analysis.definitions import evaluation
from justice_analysis.evaluation.roll_out.calendar import Calendar
from justice_analysis.evaluation.roll_out.calendar_file import section_28
from justice_analysis.evaluation.roll_out.definition import CARD, INTENTION, RollOutOptions
from justice_analysis.evaluation.roll_out.estimates import group_time
from justice_analysis.evaluation.roll_out.outputs import (
    Fitted,
    event_study_output,
    group_time_output,
    rates_output,
    selection_output,
)
from justice_analysis.evaluation.roll_out.overall import (
    bounds_output,
    overall_output,
    weights_output,
)
from justice_analysis.evaluation.roll_out.starts import Starts, starts_of
from justice_analysis.evaluation.roll_out.trials import (
    charged,
    few_steps,
    flow_of,
    laid_out,
    left_at,
    window,
)
from justice_analysis.metrics.criminal.conviction import LEVELS
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from justice_analysis.warehouse import Warehouse

NOT_CAUSE = (
    "An effect only if, without the measure, courts reached earlier and later would have moved "
    "alike. A difference is not evidence of what brought it about."
)


@dataclass(frozen=True)
class RollOut(Measured):
    """The result of `roll_out_effects`, with what an analyst looks at beside its outputs.

    Attributes
    ----------
    starts
        Courts with their days, and how many have none.
    fitted
        What was fitted, by level.
    """

    starts: Starts | None = None
    fitted: Mapping[str, Fitted] = dataclasses.field(default_factory=dict)


@evaluation(CARD)
def roll_out_effects(
    warehouse: Warehouse, calendar: Calendar | None = None, **options: Any
) -> RollOut:
    """Estimate what changed in convictions where a measure had reached the court.

    Parameters
    ----------
    warehouse
        Any with Crown Court trials.
    calendar
        When each court was reached; that of section 28 unless given.
    **options
        See `RollOutOptions`.

    Returns
    -------
    RollOut
        Outputs `overall` (average effects at the level of charges, defendants and cases, with
        two-way fixed effects beside them), `event_study` and `group_time` (of the level asked
        for), `rates` (shares convicted by wave and year), `weights` (of the two-way estimate),
        `bounds` (if trends were not parallel) and `selection`.
        Differences in shares, with 95% intervals clustered by court.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse has no such trials, the calendar dates none of its courts, no court is
        reached inside the window, or none is left to compare with.

    Notes
    -----
    Intention to treat: a case counts as reached by its court and day of receipt, since no
    research dataset says for which witnesses evidence was recorded.
    """
    chosen: RollOutOptions = CARD.read_options(options)
    rows, steps = charged(warehouse, chosen)
    starts = starts_of(
        calendar or section_28(),
        _courts(warehouse, rows),
        group=chosen.group,
        undated=chosen.undated,
        unchecked=chosen.unchecked,
    )
    closing = window(warehouse, rows, starts, chosen)
    fitted = {}
    for level in (chosen.level, *(other for other in LEVELS if other != chosen.level)):
        trials, layout = laid_out(rows, level, starts, chosen, closing)
        effects = group_time(trials.cells(), comparison=chosen.comparison)
        fitted[level] = Fitted(trials, layout, effects, chosen.comparison)
    main = fitted[chosen.level]
    about = _about(warehouse, chosen)
    outputs = {
        "overall": overall_output(about, fitted, chosen),
        "event_study": event_study_output(about, main),
        "group_time": group_time_output(about, main),
        "rates": rates_output(about, main),
        "weights": weights_output(about, main),
        "bounds": bounds_output(about, main),
    }
    left = left_at(main.trials, steps)
    shown = few_steps(left)
    outputs["selection"] = selection_output(about, flow_of(shown), [one.cases for one in shown])
    return RollOut(CARD, chosen, outputs, flow_of(left), starts, fitted)


def _courts(warehouse: Warehouse, rows: ir.Table) -> Any:
    """Courts that the charges are from: `place_id`, `name`."""
    here = rows.select("place_id").distinct()
    named = warehouse.place.select(_place="place_id", name="name")
    met = here.left_join(named, here.place_id == named._place).drop("_place")
    return engine.execute(met, step="courts of the data").sort_values("place_id", ignore_index=True)


def _about(warehouse: Warehouse, options: RollOutOptions) -> About:
    levels = {"charge": "charges", "defendant": "defendants", "case": "cases"}
    return About(
        card=CARD,
        options=options,
        unit=levels[options.level],
        population="Contested charges of the offence groups named, in Crown Court trials",
        population_hash=population_hash(warehouse, CARD, options, presentation=("level",)),
        about="co_defendants",
        family=CARD.name,
        notes=(INTENTION, NOT_CAUSE),
    )
