"""A matched comparison after the Justice Data Lab, from participants to the tables of a report."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import Flow, Step, analysis_frame, select
from justice_analysis.definitions import evaluation
from justice_analysis.errors import MetricError, OptionError, listed
from justice_analysis.evaluation.data_lab.definition import CARD, COMPARED, STRATA, DataLabOptions
from justice_analysis.evaluation.data_lab.described import (
    FURTHER,
    OUTCOMES,
    PLACEBO,
    PLACEBO_COUNT,
    STAY,
    covered,
    described,
    followed,
    oasys_items,
)
from justice_analysis.evaluation.data_lab.index_events import (
    index_events,
    of_everyone_else,
    of_participants,
)
from justice_analysis.evaluation.data_lab.report import compared
from justice_analysis.evaluation.data_lab.result import DataLabResult
from justice_analysis.metrics.person_groups import window_words

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

DATES = ("intervention_date", "index_date")
INDEX_WORDS = {
    "release": "release from custody",
    "sentence": "start of a sentence in the community",
    "both": "release from custody or start of a sentence in the community",
}


@evaluation(CARD)
def data_lab(
    warehouse: Warehouse,
    people: ir.Table | None = None,
    *,
    pool: ir.Table | None = None,
    earlier: pd.DataFrame | None = None,
    **options: Any,
) -> DataLabResult:
    """Compare a programme's participants with similar people who did not take part.

    Parameters
    ----------
    warehouse
        A warehouse that holds criminal cases, and custody where releases are followed.
    people
        One row per participant: `person_id` (missing: not found in the data) and
        `intervention_date` or `index_date`, from which on the index event is sought; from
        `linkage.participants.people_of`, or a list of known ids.
    pool
        One row per person, `person_id`, of those that comparison people may be taken from;
        everyone else if left out.
    earlier
        Steps before `people`: `step`, `people`, the first those submitted, as the attrition of
        linked participants has them.
    **options
        See `DataLabOptions`.

    Returns
    -------
    DataLabResult
        The Lab's tables, balance, overlap, attrition, placebo and numbers for sentences.

    Raises
    ------
    OptionError
        If an option is unknown, or nobody's list was given.
    MetricError
        If there are too few participants at any step, a participant stands twice or in the
        pool, or no comparison can be made.
    """
    chosen: DataLabOptions = CARD.read_options(options)
    if people is None:
        raise OptionError(
            "data_lab compares participants, and none were given: run justice evaluate with their "
            "list."
        )
    submitted = _submitted(people, earlier)
    _refuse_few("submitted", submitted, chosen.minimum_submitted)
    given = _participants(people)
    candidates, flow = _candidates(warehouse, given, pool, chosen)
    flow = _after(earlier, flow)
    _refuse_few("with an index event that could be followed", flow.people, chosen.minimum_matched)
    frame, quantities, categories = _frame(warehouse, candidates, chosen)
    return compared(warehouse, given, frame, quantities, categories, flow, chosen)


def _submitted(people: ir.Table, earlier: pd.DataFrame | None) -> int:
    if earlier is not None and len(earlier):
        return int(earlier["people"].iloc[0])
    return engine.count_rows(people)


def _refuse_few(what: str, found: int, least: int) -> None:
    if found < least:
        raise MetricError(
            f"at least {least} participants {what} are needed for an effect to be estimated: there "
            f"are {found}. More people are needed; no estimate is made."
        )


def _participants(people: ir.Table) -> ir.Table:
    """Participants with the day of intervention, checked: each once, each with a day."""
    named = [name for name in DATES if name in people.columns]
    if "person_id" not in people.columns or not named:
        raise OptionError("participants must have person_id and intervention_date or index_date.")
    rows = people.select("person_id", intervention_date=people[named[0]])
    stored = engine.materialise(rows, step="participants")
    counts = engine.execute(
        stored.aggregate(
            rows=stored.person_id.count(),
            people=stored.person_id.nunique(),
            dateless=stored.intervention_date.isnull().cast("int64").sum().fill_null(0),
        ),
        step="participants",
    ).iloc[0]
    problems = []
    if twice := int(counts["rows"]) - int(counts["people"]):
        problems.append(
            f"each participant must stand once: {twice:,} rows repeat a person. Keep the first "
            "intervention of each."
        )
    if dateless := int(counts["dateless"]):
        problems.append(f"{named[0]} must be known: {dateless:,} participants have none.")
    if problems:
        raise MetricError(listed(problems))
    return stored


def _candidates(
    warehouse: Warehouse, given: ir.Table, pool: ir.Table | None, options: DataLabOptions
) -> tuple[ir.Table, Flow]:
    """Participants and others with an index event that could be followed."""
    events = index_events(warehouse, options)
    met = of_participants(given, events, within_days=options.within_days)
    seen = covered(warehouse, met.filter(met.index_date.notnull()), options)
    seen = engine.materialise(seen, step="participants followed")
    place = seen.select(seen_person="person_id", is_followed="is_followed", place_id="place_id")
    joined = met.left_join(place, met.person_id == place.seen_person).drop("seen_person")
    event = f"{INDEX_WORDS[options.index]} within {options.within_days:,} days"
    steps = [
        ("found in the data", joined.person_id.notnull()),
        (
            f"{event}{window_words(options.index_from, options.index_to)}",
            joined.index_date.notnull(),
        ),
        ("could be followed for 18 months", joined.is_followed),
    ]
    kept, flow = select(joined, start="participants", steps=steps)
    if not flow.people:
        raise MetricError(
            "no participant has an index event that could be followed for 18 months: check the "
            "dates of the intervention against the data's, or the kind of index event."
        )
    kept = engine.materialise(kept.select(*met.columns, "place_id"), step="participants analysed")
    others = _others(warehouse, events, given, kept.select(*met.columns), pool, options)
    kept = kept.mutate(is_participant=True)
    return engine.materialise(engine.union(kept, others), step="participants and pool"), flow


def _others(
    warehouse: Warehouse,
    events: ir.Table,
    given: ir.Table,
    participants: ir.Table,
    pool: ir.Table | None,
    options: DataLabOptions,
) -> ir.Table:
    """People of the comparison pool; a participant is never among them."""
    known = given.filter(given.person_id.notnull())
    if pool is not None:
        inside = engine.count_rows(pool.semi_join(known, "person_id"))
        if inside:
            raise MetricError(
                f"nobody treated may stand in the comparison pool: {inside:,} rows of it are "
                "participants. Take them out."
            )
        events = events.semi_join(pool, "person_id")
    rows = of_everyone_else(events, given, participants, earlier=options.earlier_events == COMPARED)
    seen = covered(warehouse, rows, options)
    seen = seen.filter(seen.is_followed).drop("is_followed")
    if not engine.count_rows(seen):
        raise MetricError(
            "nobody else had such an index event in the participants' quarters: there is no "
            "comparison pool."
        )
    return seen.select(*participants.columns, "place_id", is_participant=False)


def _after(earlier: pd.DataFrame | None, flow: Flow) -> Flow:
    """Put the steps of the linkage before those of the comparison."""
    if earlier is None or not len(earlier):
        return dataclasses.replace(flow, start="participants submitted")
    first, *others = zip(earlier["step"], earlier["people"].astype(int), strict=True)
    steps = [Step(str(name), int(left)) for name, left in others]
    is_found = earlier["people"].iloc[-1] == flow.people_at_start
    own = flow.steps[1:] if is_found else flow.steps  # the first says who was found in the data
    return Flow(str(first[0]), int(first[1]), (*steps, *own))


def _frame(
    warehouse: Warehouse, candidates: ir.Table, options: DataLabOptions
) -> tuple[Any, list[str], list[str]]:
    """One row per index event in memory: person, characteristics, strata and outcomes."""
    told = described(warehouse, candidates, options)
    told = followed(warehouse, told, options)
    quantities = [STAY, *options.covariates, *oasys_items(warehouse, options)]
    categories = ["custody_length"]
    categories += [name for name in STRATA if name not in options.strata]
    categories += [name for name in ("ethnicity", "region") if getattr(options, name)]
    outcomes = [*OUTCOMES, *FURTHER, PLACEBO, PLACEBO_COUNT]
    codes = list(dict.fromkeys([*categories, *STRATA]))
    told = told.mutate(
        person_number=ibis.dense_rank().over(order_by="person_id"),
        # The frame has a row for each index event: it is named by its place.
        person_id=ibis.row_number().over(order_by=["person_id", "index_date"]),
    )
    told = engine.materialise(told, step="people by index event")
    frame = analysis_frame(
        told, columns=["person_number", "is_participant", *quantities, *outcomes], codes=codes
    )
    early = int((frame.table["duration_days"] < 0).sum())
    if early:
        raise MetricError(
            f"outcomes must not lie before the index date: those of {early:,} people do."
        )
    return frame, quantities, categories
