"""How long each stage took: by when it ended, and by when it was entered."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import CENSORED
from justice_analysis.definitions import (
    Card,
    Chart,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.estimates.durations import duration_output
from justice_analysis.metrics.estimates.entry_curves import entry_curve
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.person_parts import EVERYONE
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import Units, units_of
from justice_analysis.metrics.journeys.entry_waits import (
    directions,
    entry_output,
    entry_quantiles,
    sentences,
)
from justice_analysis.metrics.journeys.stage_dates import LEFT, passages
from justice_analysis.metrics.journeys.stages import READY, Stages, stages_named

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from justice_analysis.warehouse import Warehouse

SHOWN_DIFFERENTLY = ("by", "over_periods", "least_change")


@dataclass(frozen=True)
class StageWaitsOptions:
    """Options of `stage_waits`; each names the rule it settles."""

    stages: str = choice("divorce", f"the set of stages: {', '.join(READY)}, or Stages of your own")
    by: str = choice("quarter", "periods that are shown apart", *PERIODS)
    over_periods: int = choice(4, "periods averaged and set beside as many before, for trends")
    least_change: float = choice(0.05, "share of change from which a trend counts as one")

    def __post_init__(self) -> None:
        check_choices(self)
        if self.over_periods < 1 or not 0 <= self.least_change < 1:
            raise OptionError("over_periods must be at least 1 and least_change from 0 to below 1.")


CARD = Card(
    name="stage_waits",
    title="Time in each stage",
    question="How long do cases take from one stage to the next?",
    definition=(
        "Days from the date on which a stage was entered to the date of the next. Ended: cases "
        "that reached the next stage in the period, whenever they entered, as official figures "
        "count them. Entered: cases that entered in the period, those still there allowed for, "
        "by Kaplan-Meier. Where one rose and the other fell by least_change or more, means of "
        "over_periods against as many before, a sentence says so."
    ),
    counting_unit="cases (or defendants in a case) in a stage",
    population="Everyone in a case of the chosen kind that entered a stage while it was covered",
    clock="The date on which the stage was entered",
    does_not_count=(
        "stages entered before the court was covered",
        "stages whose next date is missing though a later stage has one",
        "stages that end before they begin",
        "for cases that entered: stages before the one with which a case comes into the data",
    ),
    censoring=(
        "Cases still at the stage are censored at the end of the data; closed, stale, unknown or "
        "migrated ones when they were last known to wait"
    ),
    known_breaks=(
        "Medians of stages do not add up to the median of the whole",
        "The first quarters of the data hold no case that entered earlier and ended in them",
    ),
    needs=(
        Need("family_court", "cases", "creating_court"),
        Need("family_court", "events", "receipt_date"),
    ),
    source=("Family Court Statistics Quarterly counts ended cases (an exit cohort)",),
    options_type=StageWaitsOptions,
    subject="journeys",
)


@dataclass(frozen=True)
class StageWaits(Measured):
    """Time in each stage.

    Attributes
    ----------
    directions
        Trends of ended and entered cases side by side, from `entry_waits.directions`.
    """

    directions: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)

    def sentences(self) -> tuple[str, ...]:
        """Where the two move in opposite directions, in words; the outputs' notes say it too."""
        return sentences(self.directions, over_periods=self.options.over_periods)


@metric(CARD)
def stage_waits(warehouse: Warehouse, **options: Any) -> StageWaits:
    """Describe how long each stage took, by period of its end and of its entry.

    Parameters
    ----------
    warehouse
        Any with the cases that the stages name.
    **options
        Fields of `StageWaitsOptions`.

    Returns
    -------
    StageWaits
        `entered` (median and quartiles by passage and period of entry), `ended` (mean, median and
        quartiles by passage and period of the later date), `stages` (all entries of each passage)
        and `curve` (share that had left by day since entry).

    Raises
    ------
    MetricError
        If no case went from any stage to the next.
    """
    chosen = CARD.read_options(options)
    stages = stages_named(chosen.stages)
    rows, flow = passages(warehouse, stages)
    about = _about(warehouse, chosen, stages)
    name = _units_name(stages)
    ended = _units(rows.filter(rows.outcome == LEFT), "left_date", chosen)
    followed = rows.filter(rows.number >= stages.first_followed)
    entered = _units(followed, "entered_date", chosen)
    by_exit = _ended_output(about, ended, name, stages)
    quantiles = entry_quantiles(entered, order=stages.passages)
    trends = _trends(by_exit.table, quantiles, chosen)
    notes = sentences(trends, over_periods=chosen.over_periods)
    outputs = {
        "entered": _entered_output(about, quantiles, name),
        "ended": by_exit,
        "stages": _stages_output(about, quantiles, name),
        "curve": _curve_output(about, followed, stages),
    }
    noted = {
        key: dataclasses.replace(output, notes=(*output.notes, *notes))
        for key, output in outputs.items()
    }
    return StageWaits(CARD, chosen, noted, flow, directions=trends)


def _about(warehouse: Warehouse, options: StageWaitsOptions, stages: Stages) -> About:
    return About(
        card=CARD,
        options=options,
        unit=stages.units,
        population=CARD.population,
        population_hash=population_hash(
            warehouse, CARD, options, presentation=SHOWN_DIFFERENTLY
        ),
    )  # fmt: skip


def _units_name(stages: Stages) -> str:
    return "defendants_in_cases" if stages.unit == "defendant" else "cases"


def _units(rows: ir.Table, date: str, options: StageWaitsOptions) -> Units:
    period = PERIODS[options.by](rows[date])
    named = rows.mutate(stage=rows.passage, entered=period)
    try:
        return units_of(named, by=["stage", "entered"], keep=["duration_days", "outcome"])
    except MetricError as error:
        raise MetricError(
            f"{CARD.name} needs cases that went from one stage to the next: there are none. "
            "Check that the warehouse holds the events that the stages name."
        ) from error


def _curve_output(about: About, rows: ir.Table, stages: Stages) -> Output:
    """Curves of the passages: in each, a person stands once, with the first of their cases."""
    made = {}
    for passage in stages.passages[stages.first_followed :]:
        here = rows.filter(rows.passage == passage)
        here = here.mutate(outcome=(here.outcome == LEFT).ifelse(LEFT, CENSORED))
        if engine.count_rows(here):
            made[passage] = entry_curve(
                about, here, first=["entered_date", "unit_id"], causes=[LEFT],
                clock="the stage was entered", title="Share that had left the stage",
            )  # fmt: skip
    tables = [output.table.assign(stage=passage) for passage, output in made.items()]
    first = next(iter(made.values()))
    chart = dataclasses.replace(first.chart, group="stage") if first.chart else None
    table = pd.concat(tables, ignore_index=True)
    return dataclasses.replace(first, table=table, dimensions=("stage", "day"), chart=chart)


def _ended_output(about: About, units: Units, name: str, stages: Stages) -> Output:
    rows = units.rows.rename(ended="entered")
    made = duration_output(
        about, Units(rows, ("stage", "ended"), units.has_groups), units_name=name,
        words="days in the stage", title="Time in each stage, by when it ended",
        chart=_series("ended", "Median days, cases that ended"),
    )  # fmt: skip
    table = made.table[made.table["stage"] != EVERYONE]
    order = table["stage"].map(list(stages.passages).index)
    table = table.assign(order=order).sort_values("order", kind="stable").drop(columns="order")
    return dataclasses.replace(made, table=table.reset_index(drop=True))


def _series(x: str, words: str) -> Chart:
    return Chart(form="lines", x=x, y="median", group="stage", y_title=words)


def _entered_output(about: About, table: pd.DataFrame, name: str) -> Output:
    return entry_output(
        about, table, units_name=name, title="Time in each stage, by when it was entered",
        chart=_series("entered", "Median days, cases that entered"), words="days in the stage",
    )  # fmt: skip


def _stages_output(about: About, table: pd.DataFrame, name: str) -> Output:
    whole = table[table["entered"] == EVERYONE].drop(columns="entered")
    chart = Chart(
        form="stages", x="stage", y="median", lower="percentile_25", upper="percentile_75",
        y_title="Days since the first stage, medians end to end",
    )  # fmt: skip
    return entry_output(
        about, whole, units_name=name, title=CARD.title, chart=chart, words="days in the stage"
    )


def _trends(ended: pd.DataFrame, entered: pd.DataFrame, options: StageWaitsOptions) -> pd.DataFrame:
    def medians(table: pd.DataFrame, column: str) -> pd.DataFrame:
        dated = table[table[column] != EVERYONE].rename(columns={column: "period"})
        return dated[["stage", "period", "median"]]

    return directions(
        medians(ended, "ended"), medians(entered, "entered"), over_periods=options.over_periods,
        least_change=options.least_change,
    )  # fmt: skip
