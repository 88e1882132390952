"""How long criminal cases take, by stage: of defendants whose cases ended, and as curves."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, follow_up, select
from justice_analysis.definitions import Chart, metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.criminal.both_courts import through_both
from justice_analysis.metrics.criminal.court_groups import places_of, with_groups
from justice_analysis.metrics.criminal.court_records import (
    CASE_TYPES_OF,
    CROWN,
    MAGISTRATES,
    defendants,
    refuse_without,
    seen_from,
    seen_to,
    sources_of,
    with_moved,
)
from justice_analysis.metrics.criminal.timeliness_definition import (
    BOTH,
    CARD,
    CURVE_CARD,
    DATES,
    STARTS,
    CriminalCompletionOptions,
    CriminalTimelinessOptions,
    stage_words,
)
from justice_analysis.metrics.estimates.durations import duration_output
from justice_analysis.metrics.estimates.incidence import incidence
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.result import IncidenceResult
from justice_analysis.metrics.estimates.units import units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

PRESENTATION = ("by", "percentiles")


@metric(CARD)
def criminal_timeliness(warehouse: Warehouse, **options: Any) -> Measured:
    """Describe how long a stage took for defendants whose cases ended.

    Parameters
    ----------
    warehouse
        Any with criminal court cases.
    **options
        See `CriminalTimelinessOptions`.

    Returns
    -------
    Measured
        Output `durations`, in days: one row per group with mean, median and percentiles; and
        the defendants at each step of the selection.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse has no such cases, or none that ended with both dates.
    """
    chosen: CriminalTimelinessOptions = CARD.read_options(options)
    types = case_types_of(chosen.court)
    refuse_without(warehouse, name=CARD.name, case_types=types)
    rows = ended_defendants(warehouse, chosen)
    kept, flow = _ended(rows, chosen)
    grouped = with_groups(warehouse, kept, chosen.by, date="ended_date")
    if not flow.people:
        raise MetricError(
            f"{CARD.name} needs defendants whose cases ended: none is left after "
            f"{flow.steps[-1].name!r}. Check the options."
        )
    units = units_of(grouped, by=chosen.by, group="case_id", keep=("duration_days",))
    about = About(
        card=CARD,
        options=chosen,
        unit="defendants",
        population=_population(chosen),
        population_hash=population_hash(warehouse, CARD, chosen, presentation=PRESENTATION),
        about="co_defendants",
        family=f"{CARD.name} {chosen.court}",
        notes=_notes(flow),
    )
    output = duration_output(
        about,
        units,
        units_name="defendants",
        words=f"days from {stage_words(chosen.stage)}",
        percentiles=chosen.percentiles,
        chart=_chart(chosen),
        places=places_of(chosen.by),
    )
    return Measured(CARD, chosen, {"durations": output}, flow)


def case_types_of(court: str) -> tuple[str, ...]:
    """Types of case that the defendants of a court are in; appeals are not among them."""
    return CASE_TYPES_OF.get(court, (*CASE_TYPES_OF[MAGISTRATES], *CASE_TYPES_OF[CROWN]))


def ended_defendants(warehouse: Warehouse, options: CriminalTimelinessOptions) -> ir.Table:
    """One row per defendant with the two dates of the stage, stored.

        Of both courts together: one row per defendant through them; `ended_date` is of the last
    court, and `lost` says why one who was sent to the Crown Court was not found there.
    """
    rows = with_moved(warehouse, defendants(warehouse, case_types=case_types_of(options.court)))
    if options.court == BOTH:
        rows = _through_both(warehouse, rows)
    else:
        rows = rows.mutate(lost=ibis.null("string"))
    first, last = (rows[name] for name in DATES[options.stage])
    dated = rows.mutate(start=first, end=last, duration_days=engine.days_between(last, first))
    kept = ("party_id", "person_key", "case_id", "code", "is_breach", "case_type", "place_id")
    dates = ("sent_date", "ended_date", "moved_date", "start", "end", "duration_days")
    return engine.materialise(dated.select(*kept, *dates, "lost"), step="stages of cases")


def _through_both(warehouse: Warehouse, rows: ir.Table) -> ir.Table:
    """Defendants through both courts: the end is the Crown Court's where they were sent there."""
    upper = ("ended_date", "case_type", "place_id", "moved_date")
    wide = through_both(warehouse, rows, upper=upper)
    went_on = wide.sent_date.notnull()
    return wide.mutate(
        ended_date=went_on.ifelse(wide.crown_ended_date, wide.ended_date),
        **{name: ibis.coalesce(wide[f"crown_{name}"], wide[name]) for name in upper[1:]},
    )


def _ended(rows: ir.Table, options: CriminalTimelinessOptions) -> tuple[ir.Table, Flow]:
    """Keep the defendants that the options admit, counting at each step."""
    steps: list[tuple[str, ir.BooleanValue]] = []
    if options.breaches == "exclude":
        steps.append(("charged with an offence, not a breach", ~rows.is_breach.fill_null(False)))
    if options.court == MAGISTRATES:
        steps.append(("not sent to the Crown Court", rows.sent_date.isnull()))
    if options.court == BOTH:
        steps.append(("found in the Crown Court where sent there", rows.lost.isnull()))
    steps.append(("case ended for the defendant", rows.ended_date.notnull()))
    if options.after_migration == "leave_out":
        here = rows.moved_date.isnull() | (rows.ended_date < rows.moved_date)
        steps.append(("ended before the court's new cases left the data", here))
    steps += _in_window(rows.ended_date, options.ended_from, options.ended_to, "ended")
    steps.append(("both dates of the stage recorded", rows.start.notnull() & rows.end.notnull()))
    steps.append(("dates in order", rows.duration_days >= 0))
    return select(rows, start="defendants", steps=steps)


def _in_window(
    date: ir.DateValue, first: str | None, until: str | None, word: str
) -> list[tuple[str, ir.BooleanValue]]:
    steps: list[tuple[str, ir.BooleanValue]] = []
    if first:
        since = date >= ibis.literal(datetime.date.fromisoformat(first))
        steps.append((f"{word} from {first}", since))
    if until:
        before = date < ibis.literal(datetime.date.fromisoformat(until))
        steps.append((f"{word} before {until}", before))
    return steps


def _population(options: CriminalTimelinessOptions) -> str:
    where = {MAGISTRATES: "magistrates' courts", CROWN: "the Crown Court"}
    return f"Defendants whose cases ended in {where.get(options.court, 'either court')}"


def _notes(flow: Flow) -> tuple[str, ...]:
    last = flow.table().iloc[-1]
    if last["people_excluded"] == 0:
        return ("No stage ended before it began.",)
    return ("Stages that end before they begin are set aside: see the attrition.",)


def _chart(options: CriminalTimelinessOptions) -> Chart | None:
    period = next((name for name in options.by if name in PERIODS), None)
    if period is None:
        return None
    others = [name for name in options.by if name != period]
    words = f"Median days from {stage_words(options.stage)}"
    group = others[0] if others else None
    return Chart(form="lines", x=period, y="median", group=group, y_title=words)


# Entry cohorts --------------------------------------------------------------------------


@metric(CURVE_CARD)
def criminal_completion(warehouse: Warehouse, **options: Any) -> IncidenceResult:
    """Estimate the share of defendants whose case has ended, by time since its start.

    Parameters
    ----------
    warehouse
        Any with criminal court cases and their coverage.
    **options
        See `CriminalCompletionOptions`.

    Returns
    -------
    IncidenceResult
        Share completed at each horizon and whole curves, by group, with 95% log-log intervals;
        cases that are open are censored, not left out.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse has no such cases, or nobody is left to follow.
    """
    chosen: CriminalCompletionOptions = CURVE_CARD.read_options(options)
    types = CASE_TYPES_OF[chosen.court]
    refuse_without(warehouse, name=CURVE_CARD.name, case_types=types)
    sources = sources_of(warehouse, types)
    rows = _entered(warehouse, chosen, seen_to(warehouse, sources))
    kept, flow = _followed(rows, chosen, seen_from(warehouse, sources))
    grouped = with_groups(warehouse, kept, [chosen.by] if chosen.by else [], date="start")
    group = grouped[chosen.by].fill_null("not known") if chosen.by else ibis.literal("all")
    result = incidence(
        grouped.mutate(group=group),
        card=CURVE_CARD,
        options=chosen,
        unit="defendants",
        event="the case ended",
        clock=STARTS[chosen.start][1],
        horizons=chosen.horizons,
        flow=flow,
        population=f"Defendants whose cases began in {CROWN_OR_LOWER[chosen.court]}",
        warehouse=warehouse,
        notes=("Open cases are censored, not left out. Intervals are for independent cases.",),
        causes=("event",),
    )
    return dataclasses.replace(
        result,
        family=f"{CURVE_CARD.name} {chosen.court}",
        places={"group": chosen.by} if chosen.by in ("court", "region") else {},
    )


CROWN_OR_LOWER = {MAGISTRATES: "magistrates' courts", CROWN: "the Crown Court"}


def _entered(
    warehouse: Warehouse, options: CriminalCompletionOptions, last: datetime.date
) -> ir.Table:
    """One row per defendant, followed from the start to the end of the case or of what was seen."""
    rows = with_moved(warehouse, defendants(warehouse, case_types=CASE_TYPES_OF[options.court]))
    start = rows[STARTS[options.start][0]]
    end: ir.DateValue = ibis.literal(last)
    if options.after_migration == "censor":
        end = ibis.least(end, ibis.coalesce(rows.moved_date, end))
    dated = rows.mutate(start=start, seen_end=end)
    followed = follow_up(dated, start="start", event="ended_date", end="seen_end")
    kept = ("party_id", "person_key", "case_id", "code", "is_breach", "case_type", "place_id")
    more = ("start", "ended_date", "seen_end", "duration_days", "outcome", "entry_days")
    return engine.materialise(followed.select(*kept, *more), step="defendants followed")


def _followed(
    rows: ir.Table, options: CriminalCompletionOptions, first: datetime.date
) -> tuple[ir.Table, Flow]:
    steps: list[tuple[str, ir.BooleanValue]] = []
    if options.breaches == "exclude":
        steps.append(("charged with an offence, not a breach", ~rows.is_breach.fill_null(False)))
    steps.append(("start of the clock recorded", rows.start.notnull()))
    # Cases that began earlier are in the data only if they lasted into coverage.
    steps.append(("began when coverage had begun", rows.start >= ibis.literal(first)))
    steps += _in_window(rows.start, options.began_from, options.began_to, "began")
    in_order = rows.ended_date.isnull() | (rows.ended_date >= rows.start)
    steps.append(("dates in order", in_order))
    steps.append(("began while the court was covered", rows.start < rows.seen_end))
    return select(rows, start="defendants", steps=steps)
