"""Recall: the share of licences that end in a return to custody, and how soon."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, custody_episodes, follow_up, observed_period, select
from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.custody.stays import custody_period, is_end_unknown
from justice_analysis.metrics.estimates.incidence import incidence
from justice_analysis.metrics.estimates.result import IncidenceResult, year_days
from justice_analysis.metrics.person_groups import (
    AGE_ORDER,
    PERSON_GROUPS,
    check_window,
    window_steps,
    window_words,
    with_person_groups,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

HORIZONS = (28, 91, 182, 365, year_days(2))
RECALLED, LICENCE_ENDED = "recalled", "licence ended"


@dataclass(frozen=True)
class RecallOptions:
    """Options of `recall`; each names the rule it settles."""

    index_from: str | None = choice(None, "licence that begins on or after this day (YYYY-MM-DD)")
    index_to: str | None = choice(None, "licence that begins before this day")
    by: str | None = choice(None, "groups to show apart", None, *PERSON_GROUPS)
    competing: bool = choice(False, "show the end of the licence beside recall", True, False)

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.index_from, self.index_to)


CARD = Card(
    name="recall",
    title="Recall to custody",
    question="What share of people on licence are recalled to custody, and how soon?",
    definition=(
        "The cumulative incidence of recall from the start of a licence: the first day in "
        "custody with the legal status recall that falls within the licence. The end of the "
        "licence competes: after it nobody can be recalled (Aalen-Johansen)."
    ),
    counting_unit="people, each once: at their first licence in the window",
    population=(
        "Linked people whose licence began in the window, while probation and custody were covered"
    ),
    clock="From the start of the licence to the first day of recall, in days",
    does_not_count=(
        "custody on remand or under a new sentence while on licence: it is no recall",
        "a second recall, and the recalls of a later licence",
        "a recall that was decided and not carried out: custody alone says it",
        "post-sentence supervision: no one can be recalled from it",
        "a licence without a recorded end that is not known to last: set aside, and counted",
        "a licence after custody that was delivered without segments may hide a recall",
    ),
    censoring="When coverage of probation or of custody ends, whichever is first",
    known_breaks=(
        "Which sentences bring a licence has changed over time: licences of different years differ",
        "Both the licence and the custody must be linked to the person: a missed link lowers "
        "the share",
    ),
    needs=(
        Need("probation", "moj_probation_flatfile", "disposal_date"),
        Need("probation", "moj_probation_flatfile", "disposal_termination_date"),
        Need("probation", "moj_probation_flatfile", "disposal_type_description"),
        Need("prisoner_custodial_journey", "custody_segments", "legal_status"),
        Need("prisoner_custodial_journey", "custody_segments", "segment_start_date"),
        Need("criminal_prison_probation_linking", "criminal_link", "estimated_mc_cc_ps_dp"),
    ),
    source=("Definition of our own; recall as in the Criminal Justice Act 2003",),
    options_type=RecallOptions,
    subject="prison and probation",
)


@metric(CARD)
def recall(warehouse: Warehouse, **options: Any) -> IncidenceResult:
    """Estimate the share of people on licence who are recalled, by time since it began.

    Parameters
    ----------
    warehouse
        A warehouse that holds licences, and custody in segments.
    **options
        See `RecallOptions`.

    Returns
    -------
    IncidenceResult
        Cause `recalled` (and `licence ended` with `competing`) at 28 days to 2 years and whole
        curves, by group, with 95% log-log intervals; people at each step of the selection.

    Raises
    ------
    OptionError
        If an option is unknown.
    MetricError
        If there is no licence, no custody in segments, or nobody to follow.
    """
    chosen: RecallOptions = CARD.read_options(options)
    frame, flow = time_to_recall(warehouse, chosen)
    if chosen.by:
        frame = with_person_groups(warehouse, frame, day="start_date", by=chosen.by)
        frame = frame.rename(group=chosen.by)
    else:
        frame = frame.mutate(group=ibis.literal("all"))
    window = window_words(chosen.index_from, chosen.index_to)
    result = incidence(
        frame,
        card=CARD,
        options=chosen,
        unit="people on licence",
        event="recall",
        clock="the start of the licence",
        horizons=HORIZONS,
        flow=flow,
        population=f"People whose licence began{window}" if window else "People on licence",
        warehouse=warehouse,
        notes=("The end of the licence competes with recall.",),
        group_order=AGE_ORDER if chosen.by == "age_band" else (),
        causes=(RECALLED, LICENCE_ENDED),
    )
    result = dataclasses.replace(result, family=CARD.name)
    return result if chosen.competing else result.only(RECALLED)


def time_to_recall(warehouse: Warehouse, options: RecallOptions) -> tuple[ir.Table, Flow]:
    """Follow each person from a first licence to recall or its end.

    Returns
    -------
    tuple of Table and Flow
        Stored; one row per person: `person_id`, `start_date`, `licence_end`, `recall_date`,
        `duration_days`, `outcome` (`recalled`, `licence ended` or `censored`), `entry_days`;
        and the people left at each step.
    """
    first, flow = _first_licences(warehouse, options)
    recalls = _recalls(warehouse)
    both = recalls.inner_join(first.select("person_id", "start_date", "licence_end"), "person_id")
    inside = (both.recall_date >= both.start_date) & (
        (both.recall_date < both.licence_end).fill_null(True)
    )
    kept = both.filter(inside)
    when = kept.group_by("person_id").aggregate(recall_date=kept.recall_date.min())
    people = first.left_join(when, "person_id").drop("person_id_right")
    _, probation_to = observed_period(warehouse, sources=_sources(warehouse))
    _, custody_to = custody_period(warehouse)
    people = people.mutate(
        seen_to=ibis.literal(min(probation_to, custody_to)), cause=ibis.literal(RECALLED)
    )
    frame = follow_up(
        people,
        start="start_date",
        event="recall_date",
        end="seen_to",
        cause="cause",
        competing="licence_end",
        competing_name=LICENCE_ENDED,
    ).drop("cause")
    frame = engine.materialise(frame, step="time to recall")
    name = "followed for a day or more"
    left, last = select(frame, start=flow.start, steps=[(name, frame.duration_days > 0)])
    return left, dataclasses.replace(flow, steps=(*flow.steps, *last.steps))


def _first_licences(warehouse: Warehouse, options: RecallOptions) -> tuple[ir.Table, Flow]:
    """Each person's first licence in the window."""
    episode = warehouse.episode
    licences = episode.filter(episode.kind == "licence")
    probation_from, probation_to = observed_period(warehouse, sources=_sources(warehouse))
    custody_from, custody_to = custody_period(warehouse)
    since, until = max(probation_from, custody_from), min(probation_to, custody_to)
    seen = (licences.start_date >= ibis.literal(since)) & (
        licences.start_date < ibis.literal(until)
    )
    window = window_steps(
        licences.start_date, options.index_from, options.index_to, what="licence began"
    )
    inside = seen.fill_null(False)
    for _, condition in window:
        inside = inside & condition.fill_null(False)
    # A person with licences in and out of the window counts once: with those inside first.
    told = licences.select(
        "person_id",
        "episode_id",
        "start_date",
        licence_end="end_date",
        is_inside=inside,
        is_known=~is_end_unknown(licences),
    )
    linked = engine.first_per_group(
        told.filter(told.person_id.notnull()),
        by=["person_id"],
        order_by=[ibis.desc("is_inside"), "start_date", "episode_id"],
    )
    rows = engine.union(linked, told.filter(told.person_id.isnull()))
    rows = engine.materialise(rows, step="first licences")
    steps = [
        ("linked to a person", rows.person_id.notnull()),
        (f"licence began{_window(options)}, while covered", rows.is_inside),
        ("end of the licence recorded, or still on it", rows.is_known),
    ]
    kept, flow = select(rows, start="people with a licence", steps=steps)
    return kept.drop("is_inside", "is_known"), flow


def _window(options: RecallOptions) -> str:
    return window_words(options.index_from, options.index_to)


def _sources(warehouse: Warehouse) -> list[str]:
    episode = warehouse.episode
    licences = episode.filter(episode.kind == "licence")
    found = engine.execute(licences.select("source").distinct(), step="sources of licences")
    if found.empty:
        raise MetricError("recall needs licences: the warehouse has none. Load probation.")
    return sorted(found["source"])


def _recalls(warehouse: Warehouse) -> ir.Table:
    """First days of custody on recall of linked people."""
    custody = warehouse.episode.filter(warehouse.episode.kind == "custody")
    is_segment = (custody.granularity == "segment").fill_null(False)
    segments = custody.filter(is_segment & custody.person_id.notnull())
    if engine.count_rows(segments) == 0 and engine.count_rows(custody_episodes(custody)):
        raise MetricError(
            "recall needs custody in segments: whole journeys merge recall with the rest. Load "
            "the segments of journeys."
        )
    recalled = segments.filter(segments.legal_status == "recall")
    return recalled.select("person_id", recall_date="start_date").distinct()
