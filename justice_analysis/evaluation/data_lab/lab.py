"""A matched comparison after the Justice Data Lab, from participants to the tables of a report."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import Flow, Step, analysis_frame, select
from justice_analysis.definitions import Output, evaluation
from justice_analysis.errors import MetricError, OptionError, listed
from justice_analysis.evaluation.data_lab.characteristics import (
    Characteristics,
    characteristics,
    like_participants,
)
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
from justice_analysis.evaluation.data_lab.effects import (
    PLACEBOS,
    Outcome,
    effect_row,
    outcomes_of,
)
from justice_analysis.evaluation.data_lab.index_events import (
    index_events,
    of_everyone_else,
    of_participants,
)
from justice_analysis.evaluation.data_lab.matched_groups import (
    MatchedGroups,
    clusters_of,
    matched_groups,
)
from justice_analysis.evaluation.data_lab.outputs import (
    balance_output,
    comparison_output,
    overlap_output,
    text_output,
)
from justice_analysis.evaluation.data_lab.result import DataLabResult
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.participants import participants_output
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.person_groups import window_words

if TYPE_CHECKING:
    from justice_analysis.models.matched_effects import Effect
    from justice_analysis.warehouse import Warehouse

DATES = ("intervention_date", "index_date")
INDEX_WORDS = {
    "release": "release from custody",
    "sentence": "start of a sentence in the community",
    "both": "release from custody or start of a sentence in the community",
}
PRESENTATION = ("green", "amber", "significance", "minimum_reoffenders")
TOLD = 10
"""Fewest dropped, and kept, participants whose characteristics are described."""


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
    return _compared(warehouse, given, frame, quantities, categories, flow, chosen)


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


def _compared(
    warehouse: Warehouse,
    given: ir.Table,
    frame: Any,
    quantities: list[str],
    categories: list[str],
    flow: Flow,
    options: DataLabOptions,
) -> DataLabResult:
    """Match, then look at outcomes; make the outputs."""
    treated = frame.table["is_participant"].to_numpy() == 1
    alike = like_participants(frame, treated, quantities=quantities, categories=categories)
    frame = dataclasses.replace(frame, table=frame.table[alike].reset_index(drop=True))
    treated = treated[alike]
    told = characteristics(frame, treated, quantities=quantities, categories=categories)
    strata = frame.table[list(options.strata)] if options.strata else None
    groups = matched_groups(told, treated, strata, options)
    step = Step("matched to comparison people", groups.matched.matched_treated)
    flow = dataclasses.replace(flow, steps=(*flow.steps, step))
    everyone = _about(warehouse, given, options)
    compared = dataclasses.replace(
        everyone.part("matched"), population=f"{everyone.population}, and people like them"
    )
    effects, outputs, headline = _effects(compared, frame.table, treated, groups, options)
    person = frame.table["person_number"].to_numpy()
    outputs |= _descriptions(everyone, compared, told, treated, groups, person)
    outputs["attrition"] = participants_output(
        everyone, flow, title="From participants submitted to participants analysed"
    )
    outputs["headline"] = text_output(compared, headline)
    return DataLabResult(
        CARD, options, outputs, flow, effects, groups, _overview(quantities, groups, options)
    )


def _about(warehouse: Warehouse, given: ir.Table, options: DataLabOptions) -> About:
    who = population_hash(warehouse, CARD, options, presentation=PRESENTATION)
    name = hashlib.sha256(f"{who}:{_digest(given)}".encode()).hexdigest()[:16]
    return About(
        card=CARD,
        options=options,
        unit="people",
        population=f"Participants of {options.programme}",
        population_hash=name,
        family=CARD.name,
    )


def _digest(given: ir.Table) -> str:
    """One hash of who took part and when."""
    rows = engine.execute(
        given.order_by(["person_id", "intervention_date"]), step="participants' digest"
    )
    return hashlib.sha256(rows.to_csv(index=False).encode()).hexdigest()


def _effects(
    about: About,
    people: pd.DataFrame,
    treated: np.ndarray,
    groups: MatchedGroups,
    options: DataLabOptions,
) -> tuple[dict[str, Effect], dict[str, Output], list[Any]]:
    """Each outcome's effect and table; and what sentences say of the first two."""
    weights = groups.matched.weights
    clusters = clusters_of(people["person_number"].to_numpy(), groups.matched.stratum)
    effects: dict[str, Effect] = {}
    outputs: dict[str, Output] = {}
    headline = []
    enough = _has_enough_reoffenders(people, treated, weights, options)
    for outcome in (*outcomes_of(options), *PLACEBOS):
        if outcome in outcomes_of(options) and outcome.later and not enough:
            continue
        row, effect = effect_row(outcome, people, treated, weights, clusters, options)
        effects[outcome.name] = effect
        of = about.part("reoffended") if outcome.of_reoffenders else about
        outputs[outcome.name] = comparison_output(of, outcome, row)
        if not outcome.later:
            headline += _said(outcome, row)
    return effects, outputs, headline


def _has_enough_reoffenders(
    people: pd.DataFrame, treated: np.ndarray, weights: np.ndarray, options: DataLabOptions
) -> bool:
    """Whether more participants, and people like them, reoffended than the minimum."""
    again = (people["reoffended"].to_numpy() == 1) & (weights > 0)
    return bool(
        min((again & treated).sum(), (again & ~treated).sum()) > options.minimum_reoffenders
    )


def _said(outcome: Outcome, row: dict[str, object]) -> list[tuple[str, str, Outcome, Any]]:
    parts = ("treated", "comparison", "difference")
    said = [(f"{outcome.name}_{part}", part, outcome, row) for part in parts]
    return [("people", "people", outcome, row), *said] if outcome.name == "rate" else said


def _descriptions(
    everyone: About,
    compared: About,
    told: Characteristics,
    treated: np.ndarray,
    groups: MatchedGroups,
    person: np.ndarray,
) -> dict[str, Output]:
    """Balance, overlap and who was dropped."""
    outputs = {
        "balance": balance_output(
            compared, groups.balance, told, treated, groups.is_kept, person,
            title="How alike participants and comparison people are",
        ),
        "overlap": overlap_output(everyone, groups, treated, person),
    }  # fmt: skip
    dropped, kept = len(groups.matched.dropped), groups.matched.matched_treated
    if groups.dropped is not None and min(dropped, kept) >= TOLD:
        only, is_matched = told.of(treated), groups.is_kept[treated]
        outputs["dropped"] = balance_output(
            everyone.part("participants"), groups.dropped, only, is_matched,
            np.ones(len(is_matched), dtype=bool), person[treated],
            title="Participants with a match beside those without",
        )  # fmt: skip
    return outputs


def _overview(
    quantities: list[str], groups: MatchedGroups, options: DataLabOptions
) -> dict[str, str]:
    """What was controlled for, as the Lab's reports say it at the top."""
    has_oasys = any(name.startswith("oasys_") for name in quantities)
    left_out = ", ".join(groups.propensity.left_out)
    return {
        "region controlled for": "yes" if options.region else "no",
        "OASys used": "yes" if has_oasys else "no",
        "matching": groups.matched.method,
        "left out of the score": left_out or "nothing",
    }
