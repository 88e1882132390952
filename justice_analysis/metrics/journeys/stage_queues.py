"""How many cases wait at each stage, at the end of each month."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts.time_at_risk import covered_periods
from justice_analysis.definitions import (
    Card,
    Chart,
    ColumnRoles,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.journeys.stage_dates import last_day_seen, passages
from justice_analysis.metrics.journeys.stages import READY, Stages, stages_named

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

STATES = ("waiting", "migrated", "stale")
MONTHS = {"month": 1, "quarter": 3}


@dataclass(frozen=True)
class StageQueuesOptions:
    """Options of `stage_queues`; each names the rule it settles."""

    stages: str = choice("divorce", f"the set of stages: {', '.join(READY)}, or Stages of your own")
    at_end_of: str = choice("month", "days on which cases are counted", *MONTHS)

    def __post_init__(self) -> None:
        check_choices(self)


CARD = Card(
    name="stage_queues",
    title="Cases waiting at each stage",
    question="How many cases wait at each stage, and since when are there more?",
    definition=(
        "Cases that entered the stage by the last day of the month and had not left it, told "
        "apart: waiting; migrated (at a court whose new cases had gone elsewhere); stale (nothing "
        "known after the last activity, and the status says why that may not mean waiting)."
    ),
    counting_unit="cases (or defendants in a case) at a stage",
    population="Everyone in a case of the chosen kind that entered a stage while it was covered",
    clock="The last day of each month; entering counts on its day, leaving does not",
    does_not_count=(
        "cases that were closed without the next stage, from then on",
        "stages whose next date is missing though a later stage has one",
        "stages before the one with which a case comes into the data",
    ),
    censoring="Counted until the end of the data; nothing is said beyond",
    known_breaks=(
        "Too low until the cases that were open when coverage began have ended",
        "Courts that move to another system leave the count one by one",
    ),
    needs=(
        Need("family_court", "cases", "creating_court"),
        Need("family_court", "events", "receipt_date"),
    ),
    source=("Criminal court statistics quarterly: outstanding cases at the end of the period",),
    options_type=StageQueuesOptions,
    subject="journeys",
)


@metric(CARD)
def stage_queues(warehouse: Warehouse, **options: Any) -> Measured:
    """Count the cases that wait at each stage on the last day of each month.

    Parameters
    ----------
    warehouse
        Any with the cases that the stages name.
    **options
        Fields of `StageQueuesOptions`.

    Returns
    -------
    Measured
        `waiting`: one row per passage and month, `people` and `cases` that wait. `states`: one
        row per passage, last month of a quarter, and state (`STATES`).

    Raises
    ------
    MetricError
        If the data end before a month does.
    """
    chosen = CARD.read_options(options)
    stages = stages_named(chosen.stages)
    rows, flow = passages(warehouse, stages)
    rows = rows.filter(rows.number >= stages.first_followed)
    days = _days(warehouse, stages, MONTHS[chosen.at_end_of])
    counted = _counted(_standing(rows), days, stages)
    about = About(
        card=CARD,
        options=chosen,
        unit=stages.units,
        population=CARD.population,
        population_hash=population_hash(warehouse, CARD, chosen, presentation=("at_end_of",)),
    )
    waiting = counted[counted["state"] == "waiting"].drop(columns="state")
    quarterly = counted["month"].str[-2:].isin(["03", "06", "09", "12"])
    outputs = {
        "waiting": _output(about, waiting, ("stage", "month")),
        "states": _output(
            about, counted[(counted["cases"] > 0) & quarterly], ("stage", "month", "state")
        ),
    }
    return Measured(CARD, chosen, outputs, flow)


def _days(warehouse: Warehouse, stages: Stages, months: int) -> list[datetime.date]:
    """The last days of months (or of quarters) within coverage."""
    periods = covered_periods(warehouse, stages.source)
    first = pd.Timestamp(engine.execute(periods.from_date.min(), step="coverage"))
    after = pd.Timestamp(last_day_seen(warehouse, stages.source))
    ends = pd.date_range(first, after - pd.Timedelta(days=1), freq="ME")
    days = [day.date() for day in ends if day.month % months == 0]
    if not days:
        raise MetricError(
            f"{CARD.name} needs data that reach the end of a month: they end before. "
            "Load more of them."
        )
    return days


def _standing(rows: ir.Table) -> ir.Table:
    """From when to when each passage stood at its stage, and from when in doubt.

    A case that is not known to have left stands there to the end; a stale or migrated one is in
    doubt after its last activity, one at a court that has gone from then on.
    """
    never = ibis.literal(datetime.date(9999, 1, 1))
    doubtful = rows.why_open.isin(["stale", "unknown", "migrated"])
    chosen = rows.select(
        "person_key",
        "passage",
        "entered_date",
        stands_to=doubtful.ifelse(never, rows.end_date),
        stale_from=rows.why_open.isin(["stale", "unknown"]).ifelse(rows.end_date, never),
        gone_from=ibis.least(
            rows.gone_date.fill_null(never),
            (rows.why_open == "migrated").ifelse(rows.end_date, never),
        ),
    )
    return engine.materialise(chosen, step="cases at stages")


def _counted(rows: ir.Table, days: list[datetime.date], stages: Stages) -> pd.DataFrame:
    """Cases and people by passage, day and state, with zeros for those that nobody was in."""
    calendar = engine.memory_table(rows.get_backend(), {"day": days}, {"day": "date"})
    inside = (rows.entered_date <= calendar.day) & (rows.stands_to > calendar.day)
    there = rows.inner_join(calendar, inside)
    state = ibis.cases(
        (there.gone_from <= there.day, "migrated"),
        (there.stale_from <= there.day, "stale"),
        else_="waiting",
    )
    told = there.mutate(state=state)
    counted = told.group_by("passage", "day", "state").aggregate(
        people=told.person_key.nunique(), cases=told.count()
    )
    found = engine.execute(counted, step="cases at stages by month")
    found["day"] = pd.to_datetime(found["day"]).dt.date
    passages_ = list(stages.passages[stages.first_followed :])
    index = pd.MultiIndex.from_product([passages_, days, STATES], names=["passage", "day", "state"])
    full = found.set_index(["passage", "day", "state"]).reindex(index, fill_value=0).reset_index()
    month = [day.strftime("%Y-%m") for day in full["day"]]
    named = full.assign(stage=full["passage"], month=month)
    return named[["stage", "month", "state", "people", "cases"]]


def _output(about: About, table: pd.DataFrame, dimensions: tuple[str, ...]) -> Output:
    roles = ColumnRoles(people="people", count=("cases",), people_behind={"cases": "people"})
    chart = Chart(
        form="waiting", x="month", y="cases", group="stage",
        y_title=f"{about.unit[:1].upper()}{about.unit[1:]} waiting at the end of the month",
    ) if len(dimensions) == 2 else None  # fmt: skip
    return about.output(
        "table", CARD.title, table[[*dimensions, "people", "cases"]], dimensions=dimensions,
        roles=roles, chart=chart, overlapping=dimensions,
    )  # fmt: skip
