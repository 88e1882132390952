"""Linking a list of participants to a population, from the files to what is left behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import UsageError
from justice_analysis.linkage.participants.choosing import (
    AGAIN,
    MATCHED,
    NO_PAIR,
    TIE,
    Chosen,
    choose,
)
from justice_analysis.linkage.participants.links import PEOPLE, ParticipantLinks
from justice_analysis.linkage.participants.minimums import refusal
from justice_analysis.linkage.participants.population import Population
from justice_analysis.linkage.participants.rates import age_band, attrition, match_rates
from justice_analysis.linkage.participants.reading import (
    DISTINCT_RULE,
    USABLE_RULE,
    Participants,
)
from justice_analysis.linkage.participants.review import sample_for_review
from justice_analysis.linkage.participants.scoring import score_pairs
from justice_analysis.linkage.participants.settings import FIELDS, LinkSettings
from justice_analysis.linkage.participants.thresholds import read_truth, threshold_table

if TYPE_CHECKING:
    import pandas as pd

SUBMITTED, USABLE, DISTINCT = "submitted", "usable", "distinct people"
ABOVE, ALONE, ONCE = (
    "matched above the threshold",
    "matched to one person alone",
    "each person once",
)


def link_participants(
    participants: Participants,
    population: Population,
    *,
    settings: LinkSettings | None = None,
    seed: int = 0,
    truth: pd.DataFrame | Path | str | None = None,
    name: str | None = None,
) -> ParticipantLinks:
    """Link participants to a population by their identifiers.

    Parameters
    ----------
    participants, population
        From `read_participants` and `read_population`, on one engine, with the same extras.
    settings
        Threshold, rules and minimums.
    seed
        Of the random pairs and of the sample for review: the same seed gives the same links.
    truth
        Who is who, for precision and recall alone: as `thresholds.read_truth` says.
    name
        Of the list; by default its file's name without the ending.

    Returns
    -------
    ParticipantLinks
        With `refusal` where fewer people than the minimums were submitted or matched; all of
        the linkage is there even so.

    Raises
    ------
    UsageError
        If the two are on different engines, or differ in their extra columns.
    LinkageError
        If too little is filled on both sides to link by.
    """
    used = settings or LinkSettings()
    _refuse_apart(participants, population, used)
    scored = score_pairs(participants.kept, population.table, settings=used, seed=seed)
    chosen = choose(
        participants.kept,
        population.table,
        scored.pairs,
        threshold=used.threshold,
        tie_weight=used.tie_weight,
    )
    aged = engine.materialise(_with_age(chosen.table), step="participants by age")
    called = name or Path(participants.file.name).stem
    known = None if truth is None else read_truth(truth, name=called)
    filled = [*FIELDS, *used.extra]
    return ParticipantLinks(
        name=called,
        people=_people(aged),
        attrition=_steps(participants, chosen),
        match_rates=match_rates(aged, fields=[each for each in filled if each != "gender"]),
        record=_record(participants, population, chosen, used, seed),
        model=scored.model,
        review=sample_for_review(
            chosen.table, population.table, settings=used, fields=filled, seed=seed
        ),
        thresholds=threshold_table(chosen.table, settings_threshold=used.threshold, truth=known),
    )


def _refuse_apart(participants: Participants, population: Population, used: LinkSettings) -> None:
    if participants.kept.get_backend() is not population.table.get_backend():
        raise UsageError("participants and population must be read on one engine: give both one.")
    if not set(participants.extra) == set(population.extra) == set(used.extra):
        raise UsageError(
            "extra columns must be the same in settings, participants and population: they differ."
        )


def _with_age(chosen: ir.Table) -> ir.Table:
    """Age at the index date, in completed years, and its band; and who was matched."""
    born = engine.to_date(chosen.birth_date)
    aged = chosen.mutate(age_at_index=engine.years_between(chosen.index_date, born).cast("int64"))
    return aged.mutate(age_band=age_band(aged.age_at_index), is_matched=aged.outcome == MATCHED)


def _people(aged: ir.Table) -> pd.DataFrame:
    """Those matched, one row each, without anything that names them."""
    matched = aged.filter(aged.is_matched).select(*PEOPLE)
    rows = engine.execute(matched.order_by("participant"), step="people matched")
    return rows.reset_index(drop=True)


def _steps(participants: Participants, chosen: Chosen) -> pd.DataFrame:
    return attrition(
        [
            (SUBMITTED, participants.submitted),
            (USABLE, participants.usable),
            (DISTINCT, participants.distinct),
            (ABOVE, chosen.above),
            (ALONE, chosen.alone),
            (ONCE, chosen.counts[MATCHED]),
        ]
    )


def _record(
    participants: Participants,
    population: Population,
    chosen: Chosen,
    used: LinkSettings,
    seed: int,
) -> dict[str, Any]:
    """What `links.json` says; counts and names of columns, and no value of a row."""
    matched = chosen.counts[MATCHED]
    return {
        "route": "identifiers, by Splink",
        "engine": str(participants.kept.get_backend().name),
        "seed": seed,
        "settings": used.as_record(),
        "participants": {
            **vars(participants.file),
            "missing": dict(participants.missing),
            "dates": [vars(each) for each in participants.dates],
            "index_date_column": participants.index_name,
        },
        "population": {
            **vars(population.file),
            "people": population.people,
            "identity_records": population.records,
            "missing": dict(population.missing),
            "dates": [vars(each) for each in population.dates],
        },
        "rules": {"usable": USABLE_RULE, "distinct": DISTINCT_RULE},
        "counts": {
            "submitted": participants.submitted,
            "usable": participants.usable,
            "distinct": participants.distinct,
            "matched": matched,
            "ties_set_aside": chosen.counts[TIE],
            "same_person_again": chosen.counts[AGAIN],
            "without_any_pair": chosen.counts[NO_PAIR],
        },
        "refusal": refusal(participants.submitted, matched, used),
    }
