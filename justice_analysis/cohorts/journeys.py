"""Journeys: a magistrates' case to the Crown Court, to custody, to probation.

One row per defendant in a case, with the keys of the stages that follow and how each was found,
or why it was not. What a reader of a table of journeys must know is how many are missing from
it: `attrition` counts every defendant in whom a stage was to be expected, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts.custody import custody_episodes
from justice_analysis.cohorts.journey_courts import defendants_in_court, in_court
from justice_analysis.cohorts.journey_stages import (
    JOINED,
    coverage_of,
    nearest_episode,
)
from justice_analysis.errors import MetricError, OptionError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

FIRST = "first court"
STARTS: Mapping[str, str] = {
    "magistrates": "magistrates' court",
    "crown": "Crown Court, no magistrates' row found",
}
STAGES: Mapping[str, str] = {
    "crown": "Crown Court",
    "remand": "custody on remand",
    "custody": "custody under sentence",
    "probation": "probation",
}
# What each sentence leads to: supervision after custody is on licence.
SUPERVISED: Mapping[str, str] = {
    "community_sentence": "probation",
    "suspended_sentence": "probation",
    "immediate_custody": "licence",
}
IMPRISONED = "immediate_custody"


@dataclass(frozen=True)
class JourneyRule:
    """How the stages of a journey find each other.

    Parameters
    ----------
    sent_within_days
        Where no delivered tie decides: most days from being sent up to receipt in the Crown
        Court.
    custody_within_days
        Most days from a sentence, or the first hearing of someone remanded, to the start of
        custody. Custody that began earlier and lasts on the day always counts.
    probation_within_days
        Most days from sentence (and, on licence, from release) to the start of supervision.
    least_score
        Weakest delivered tie that counts; ties without a score always do.

    Raises
    ------
    OptionError
        If a number of days is negative.
    """

    sent_within_days: int = 14
    custody_within_days: int = 7
    probation_within_days: int = 14
    least_score: float = 0.0

    def __post_init__(self) -> None:
        named = ("sent_within_days", "custody_within_days", "probation_within_days")
        negative = [name for name in named if getattr(self, name) < 0]
        if negative:
            raise OptionError(f"{', '.join(negative)} must be 0 or more.")


@dataclass(frozen=True)
class Journeys:
    """Journeys of defendants, and what could not be joined.

    Attributes
    ----------
    table
        One row per defendant in a case, from `journeys`.
    attrition
        One row per stage and outcome: `stage`, `is_joined`, `how` (the rule that joined, or
        the reason that nothing did), `defendants`. A stage's rows add up to the defendants in
        whom it was to be expected; the first stage, `first court`, has every row of `table`.
    rule
        The rule by which they were joined.
    """

    table: ir.Table
    attrition: pd.DataFrame
    rule: JourneyRule


def journeys(warehouse: Warehouse, *, rule: JourneyRule | None = None) -> Journeys:
    """Follow each defendant from a magistrates' case to Crown Court, custody and probation.

    Parameters
    ----------
    warehouse
        Any with criminal cases. A stage that was not loaded is missing, and attrition says so.
    rule
        How stages are joined; the defaults of `JourneyRule` if not given.

    Returns
    -------
    Journeys
        Its table has one row per defendant in a case, keyed by `party_id` (where the journey
        starts) and `starts_at` (`magistrates`, or `crown` for a Crown Court row that no
        magistrates' row leads to): `person_id` (missing: not linked), `case_id`,
        `received_date`, `completed_date`, `sent_date`; `crown_party_id`, `crown_case_id`,
        `crown_received_date`, `crown_completed_date`, `crown_how`, `crown_score`; `sentence`,
        `sentence_date`, `sentenced_by`; `remand_date`, `remand_id`, `remand_start_date`,
        `remand_end_date`, `remand_how`; `custody_id`, `custody_start_date`,
        `custody_end_date`, `custody_how`; `probation_id`, `probation_kind`,
        `probation_start_date`, `probation_end_date`, `probation_how`. Ids of custody and
        probation are those of `episode`. A `<stage>_how` is missing where the stage was not to
        be expected.

    Raises
    ------
    MetricError
        If the warehouse has no criminal cases.

    Notes
    -----
    A delivered tie of two cases (relation `committal`) decides which Crown Court case follows:
    inside it, the defendant is the same person, else the only one left on both sides. A case
    with a tie is never joined through a person to another. A case without one is joined to the
    same person's Crown Court case received nearest to the day of being sent, among those that
    no tie leads to. Appeals are no stage of a journey. The sentence is the Crown Court's where
    there is one. A person whose two court records were linked to two people is looked for as
    both in prison and probation.
    """
    chosen = rule or JourneyRule()
    defendants = engine.materialise(
        defendants_in_court(warehouse), step="defendants in criminal cases"
    )
    if engine.count_rows(defendants) == 0:
        raise MetricError("journeys need criminal cases: the warehouse has none.")
    joined = in_court(
        warehouse,
        defendants,
        sent_within_days=chosen.sent_within_days,
        least_score=chosen.least_score,
    )
    courts = engine.materialise(joined, step="journeys in court")
    held = _with_custody(warehouse, courts, chosen)
    found = engine.materialise(_with_probation(warehouse, held, chosen), step="journeys")
    return Journeys(found, _attrition(found), chosen)


# Custody and probation ------------------------------------------------------------------


def _with_custody(warehouse: Warehouse, rows: ir.Table, rule: JourneyRule) -> ir.Table:
    """Add custody on remand and under sentence."""
    episodes = custody_episodes(warehouse.episode)
    covered = coverage_of(warehouse.coverage, episodes)
    stays = _usable(episodes)
    kind = ibis.literal("custody")
    imprisoned = (rows.sentence == IMPRISONED).ifelse(rows.sentence_date, ibis.null("date"))
    for stage, day in (("remand", rows.remand_date), ("custody", imprisoned)):
        found = nearest_episode(
            _asked(rows, day, kind),
            stays,
            covered,
            within_days=rule.custody_within_days,
            held=True,
        )
        rows = _added(rows, found, stage).drop(f"{stage}_kind")
    return engine.materialise(rows, step="journeys into custody")


def _with_probation(warehouse: Warehouse, rows: ir.Table, rule: JourneyRule) -> ir.Table:
    """Add supervision: from the sentence or, on licence, from release."""
    episode = warehouse.episode
    episodes = episode.filter(episode.kind.isin(sorted(set(SUPERVISED.values()))))
    covered = coverage_of(warehouse.coverage, episodes)
    kind = ibis.cases(*[(rows.sentence == name, to) for name, to in SUPERVISED.items()])
    sentenced = kind.notnull().ifelse(rows.sentence_date, ibis.null("date"))
    released = (kind == "licence").ifelse(rows.custody_end_date, ibis.null("date"))
    days = engine.union(_asked(rows, sentenced, kind), _asked(rows, released, kind))
    days = engine.materialise(days, step="days of sentence and release")
    found = nearest_episode(
        days,
        _usable(episodes),
        covered,
        within_days=rule.probation_within_days,
        held=False,
    )
    return _added(rows, found, "probation").drop("other_person")


def _usable(episodes: ir.Table) -> ir.Table:
    """Episodes of linked people, with whether they last at the extract."""
    linked = episodes.filter(episodes.person_id.notnull(), episodes.start_date.notnull())
    is_open = (linked.end_reason == "open_at_extract").fill_null(False)
    columns = ("episode_id", "person_id", "kind", "start_date", "end_date")
    return linked.select(*columns, is_open=is_open)


def _asked(rows: ir.Table, day: ir.DateValue, kind: ir.StringValue) -> ir.Table:
    """A row for each defendant with such a day and each person that their records name."""
    named = rows.mutate(day=day, kind=kind)
    dated = named.filter(named.day.notnull())
    first = dated.select("party_id", "person_id", "day", "kind")
    other = dated.filter((dated.other_person != dated.person_id).fill_null(False))
    second = other.select("party_id", "day", "kind", person_id="other_person")
    return engine.materialise(engine.union(first, second), step="days of journeys")


def _added(rows: ir.Table, found: ir.Table, stage: str) -> ir.Table:
    """Put what was found of a stage beside the journeys."""
    named = {
        f"{stage}_id": "episode_id",
        f"{stage}_kind": "episode_kind",
        f"{stage}_start_date": "start_date",
        f"{stage}_end_date": "end_date",
        f"{stage}_how": "how",
    }
    right = engine.materialise(found.select(found_party="party_id", **named), step="journeys")
    return rows.left_join(right, rows.party_id == right.found_party).drop("found_party")


# Attrition ------------------------------------------------------------------------------


def _attrition(rows: ir.Table) -> pd.DataFrame:
    """How many were joined at each stage, by which rule, and how many were not, and why."""
    starts = ibis.cases(*[(rows.starts_at == code, words) for code, words in STARTS.items()])
    stages = {FIRST: starts, **{title: rows[f"{name}_how"] for name, title in STAGES.items()}}
    counted = []
    for title, how in stages.items():
        expected = rows.select(how=how).filter(ibis._.how.notnull())
        counts = expected.group_by("how").aggregate(defendants=expected.count())
        counted.append(counts.mutate(stage=ibis.literal(title)))
    found = engine.execute(engine.union(*counted), step="attrition of journeys")
    found = found.assign(is_joined=found["how"].isin((*JOINED, *STARTS.values())))
    order = list(stages)
    ordered = found.sort_values(
        ["stage", "is_joined", "defendants", "how"],
        key=lambda column: column.map(order.index) if column.name == "stage" else column,
        ascending=[True, False, False, True],
        ignore_index=True,
    )
    return ordered[["stage", "is_joined", "how", "defendants"]]
