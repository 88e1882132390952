"""Dated facts of people: one row per fact, from the table that records it.

Each function takes `people`, one row per person of the cohort, and gives facts of theirs alone,
each with the day on which the source says that it was so (`fact_date`); what has no day is left
out, as it cannot be shown to lie before an index.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts.care_proceedings import CARE as CARE_PROCEEDINGS
from justice_analysis.cohorts.custody import custody_spells

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

# A case committed for sentence, or on appeal, repeats a verdict that stands in another row.
TRIAL_CASES = ("magistrates", "crown_trial")
CRIMINAL_CASES = (*TRIAL_CASES, "crown_sentence", "crown_appeal")
SHARE = "moj_dfe"
CARE_EPISODES = ("care", "child_in_need")


def convictions(warehouse: Warehouse, people: ir.Table) -> ir.Table:
    """One row per charge found guilty: `person_id`, `case_id`, `fact_date`, `code` (its group).

    The day is that of the verdict, which the mappings of the courts take from the completion of
    the defendant's case; where it is not recorded, the charge's disposal or, failing that, the
    completion. Breaches and civil-order applications are no charges. A verdict changed on
    appeal stays.
    """
    charges = warehouse.matter.filter(warehouse.matter.kind == "charge")
    verdicts = warehouse.decision.filter(
        warehouse.decision.decision_type == "verdict", warehouse.decision.decision == "guilty"
    )
    days = verdicts.group_by("matter_id").aggregate(decided=verdicts.decision_date.min())
    guilty = days.join(charges.select("matter_id", "code", "disposed_date"), "matter_id")
    defendants = _defendants(warehouse, people, TRIAL_CASES)
    found = guilty.join(defendants, "matter_id")
    ended = _completions(warehouse)
    found = found.left_join(ended, found.party_id == ended.ended_party)
    day = ibis.coalesce(found.decided, found.disposed_date, found.completed)
    rows = found.select("person_id", "case_id", "code", fact_date=day)
    return rows.filter(rows.fact_date.notnull())


def _completions(warehouse: Warehouse) -> ir.Table:
    events = warehouse.event.filter(
        warehouse.event.event_type == "completed", warehouse.event.party_id.notnull()
    )
    ends = events.group_by(ended_party="party_id")
    return ends.aggregate(completed=events.event_date.min())


def _defendants(warehouse: Warehouse, people: ir.Table, case_types: Collection[str]) -> ir.Table:
    """The matters of each person as a defendant in cases of some types."""
    cases = warehouse.case.filter(warehouse.case.case_type.isin(list(case_types)))
    parties = _parties(warehouse, people).semi_join(cases, "case_id")
    parts = warehouse.matter_party.filter(warehouse.matter_party.part == "defendant")
    return parts.select("matter_id", "party_id").join(
        parties.select("party_id", "person_id", "case_id"), "party_id"
    )


def _parties(warehouse: Warehouse, people: ir.Table) -> ir.Table:
    linked = warehouse.party.filter(warehouse.party.person_id.notnull())
    return linked.semi_join(people, "person_id")


def court_cases(warehouse: Warehouse, people: ir.Table) -> ir.Table:
    """One row per defendant and set of criminal proceedings: `fact_date` is its first receipt."""
    cases = warehouse.case.filter(
        warehouse.case.case_type.isin(list(CRIMINAL_CASES)), warehouse.case.received_date.notnull()
    )
    firsts = cases.group_by("proceeding_id").aggregate(fact_date=cases.received_date.min())
    named = cases.select("case_id", "proceeding_id")
    parties = _parties(warehouse, people).filter(lambda t: t.role == "defendant")
    rows = parties.select("person_id", "case_id").join(named, "case_id")
    return rows.select("person_id", "proceeding_id").distinct().join(firsts, "proceeding_id")


def pnc_records(warehouse: Warehouse, people: ir.Table, *, keep: Sequence[str] = ()) -> ir.Table:
    """One row per sentenced or cautioned offence of a PNC record: `kind`, `fact_date`.

    `keep` may name `matter_id` too.
    """
    decisions = warehouse.decision.filter(
        warehouse.decision.decision_type.isin(["sentence", "caution"]),
        warehouse.decision.decision_date.notnull(),
    ).select("matter_id", kind="decision_type", fact_date="decision_date")
    rows = decisions.join(_defendants(warehouse, people, ("pnc_record",)), "matter_id")
    return rows.select("person_id", "kind", "fact_date", *keep)


def serious_violence(warehouse: Warehouse, people: ir.Table) -> ir.Table:
    """One row per offence that the delivered flag counts as serious violence."""
    rows = warehouse.measure.filter(
        warehouse.measure.concept == "serious_violence", warehouse.measure.date.notnull()
    ).semi_join(people, "person_id")
    return rows.select("person_id", kind=ibis.literal("serious_violence"), fact_date="date")


def people_of_share(warehouse: Warehouse) -> ir.Table:
    """People whom the MoJ-DfE share tells of, each once: it has links of its own."""
    return engine.union(
        *[
            table.filter(table.source == SHARE, table.person_id.notnull()).select("person_id")
            for table in (warehouse.party, warehouse.measure, warehouse.episode)
        ]
    ).distinct()


def custody(warehouse: Warehouse, people: ir.Table) -> ir.Table:
    """One row per spell of custody: `fact_date` (its start), `end_date` (missing if ongoing).

    Spells touch nowhere. An end that was lost leaves the first day only.
    """
    known = warehouse.episode.filter(
        warehouse.episode.kind == "custody", warehouse.episode.start_date.notnull()
    ).semi_join(people, "person_id")
    spells = custody_spells(known, unknown_ends="first_day")
    return spells.select("person_id", "end_date", fact_date="start_date")


def social_care(warehouse: Warehouse, people: ir.Table) -> ir.Table:
    """One row per episode of care or of need: `kind`, `fact_date` (its start)."""
    rows = warehouse.episode.filter(
        warehouse.episode.kind.isin(CARE_EPISODES),
        warehouse.episode.start_date.notnull(),
    ).semi_join(people, "person_id")
    return rows.select("person_id", "kind", fact_date="start_date")


def family_proceedings(warehouse: Warehouse, people: ir.Table) -> ir.Table:
    """One row per person and set of family proceedings, whichever systems record it.

    Returns
    -------
    Table
        `person_id`, `proceeding_id`, `fact_date` (first receipt), `is_care`, `is_child`
        (subject), `is_adult` (a party in another role), `is_parent` (an adult party and the
        recorded parent of a subject child). Ties of parent and child have no date.
    """
    cases = warehouse.case.filter(
        warehouse.case.jurisdiction == "family", warehouse.case.received_date.notnull()
    )
    sets = cases.group_by("proceeding_id").aggregate(
        fact_date=cases.received_date.min(),
        is_care=(cases.case_type == CARE_PROCEEDINGS).fill_null(False).cast("int64").max() == 1,
    )
    named = cases.select("case_id", "proceeding_id")
    parties = _parties(warehouse, people).select("party_id", "person_id", "case_id")
    joined = parties.left_join(_subjects(warehouse), "party_id").join(named, "case_id")
    is_child = joined._subject.notnull().cast("int64")
    parts = joined.mutate(_is_child=is_child)
    rows = parts.group_by("person_id", "proceeding_id").aggregate(
        _child=parts._is_child.max(), _adult=(1 - parts._is_child).max()
    )
    parents = _parents(warehouse, people, named)
    both = rows.left_join(parents, ["person_id", "proceeding_id"])
    roles = both.select(
        "person_id",
        "proceeding_id",
        is_child=both._child == 1,
        is_adult=both._adult == 1,
        is_parent=(both._adult == 1) & both._parent.notnull(),
    )
    return roles.join(sets, "proceeding_id")


def _subjects(warehouse: Warehouse) -> ir.Table:
    """Parties that are subjects, also where a second role makes theirs unclear."""
    parts = warehouse.matter_party.filter(warehouse.matter_party.part == "subject")
    return parts.select("party_id").distinct().mutate(_subject=ibis.literal(1))


def _parents(warehouse: Warehouse, people: ir.Table, named: ir.Table) -> ir.Table:
    """Sets in which a child of a person, as recorded, is a subject."""
    ties = warehouse.relationship.filter(warehouse.relationship.kind == "parent")
    ties = ties.select(child_id="person_id", person_id="related_person_id").distinct()
    ties = ties.semi_join(people, "person_id")
    subjects = warehouse.party.semi_join(_subjects(warehouse), "party_id")
    children = subjects.select("case_id", child_id="person_id").join(named, "case_id")
    pairs = ties.join(children, "child_id").select("person_id", "proceeding_id").distinct()
    return pairs.mutate(_parent=ibis.literal(1))


def measures(warehouse: Warehouse, people: ir.Table, concepts: Collection[str]) -> ir.Table:
    """One row per measured value of some concepts: `concept`, `value`, `fact_date`.

    An OASys answer of yes is 1 and of no is 0; words that are neither have no number and are
    left out.
    """
    rows = warehouse.measure.filter(
        warehouse.measure.concept.isin(sorted(concepts)), warehouse.measure.date.notnull()
    ).semi_join(people, "person_id")
    answer = rows.value_code.upper()
    said = ibis.cases((answer == "YES", 1.0), (answer == "NO", 0.0), else_=ibis.null("float64"))
    value = ibis.coalesce(rows.value_number, said)
    found = rows.select("person_id", "concept", "measure_id", value=value, fact_date="date")
    return found.filter(found.value.notnull())
