"""Cohorts of the criminal courts and prisons: first known, convicted, released."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts.covariates import facts
from justice_analysis.cohorts.custody import custody_spells
from justice_analysis.cohorts.declared.cohort import Cohort
from justice_analysis.cohorts.declared.parts import FIRST_IN_WINDOW, Exclusion, FollowUp
from justice_analysis.cohorts.declared.registry import register
from justice_analysis.definitions import Need

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

MAGISTRATES = "magistrates_defendant"
ADULT = 18
YEAR = 365


def _with_age(warehouse: Warehouse, people: ir.Table) -> ir.Table:
    """Add completed years of age at the index, missing where the month of birth is."""
    births = warehouse.person.select("person_id", "birth_month")
    joined = people.left_join(births, "person_id").drop("person_id_right")
    age = engine.years_between(joined.index_date, joined.birth_month)
    return joined.mutate(age_at_index=age).drop("birth_month")


def _prosecuted(warehouse: Warehouse) -> ir.Table:
    """One row per defendant and magistrates' case about a charge."""
    cases = warehouse.case.filter(warehouse.case.case_type == "magistrates")
    charged = warehouse.matter.filter(warehouse.matter.kind == "charge")
    cases = cases.semi_join(charged, "case_id")
    parties = warehouse.party.filter(
        warehouse.party.role == "defendant", warehouse.party.person_id.notnull()
    )
    rows = parties.select("person_id", "case_id").join(
        cases.select("case_id", "place_id", index_date="received_date"), "case_id"
    )
    return rows.rename(index_case_id="case_id")


def _convicted(warehouse: Warehouse) -> ir.Table:
    """One row per person, case and day with a conviction."""
    found = facts.convictions(warehouse, warehouse.person)
    days = found.select("person_id", "case_id", index_date="fact_date").distinct()
    places = warehouse.case.select("case_id", "place_id")
    rows = days.join(places, "case_id").rename(index_case_id="case_id")
    return _with_age(warehouse, rows)


def _released(warehouse: Warehouse) -> ir.Table:
    """One row per end of a spell of custody in which a sentence was served."""
    known = warehouse.episode.filter(
        warehouse.episode.kind == "custody", warehouse.episode.person_id.notnull()
    )
    # An end that was lost is no release, so such a spell goes on.
    spells = custody_spells(known, unknown_ends="ongoing")
    ended = spells.filter(spells.end_date.notnull())
    sentences = known.filter(known.granularity == "segment", known.legal_status == "sentence")
    served = sentences.select(held_person="person_id", held_from="start_date")
    inside = (
        (ended.person_id == served.held_person)
        & (served.held_from >= ended.start_date)
        & (served.held_from < ended.end_date)
    )
    rows = ended.semi_join(served, inside)
    return rows.select(
        "person_id",
        index_date="end_date",
        index_case_id=ibis.null(warehouse.case.case_id.type()),
        place_id=ibis.null(warehouse.case.place_id.type()),
        custody_from="start_date",
    )


DEFENDANTS_FIRST_KNOWN = register(
    Cohort(
        name="defendants_first_known",
        title="Defendants first known in a year",
        definition=(
            "People whose first magistrates' case about a charge, as far as the data go back, was "
            "received in the window: by default the first year of the data, so an earlier history "
            "is not known of anyone."
        ),
        unit="defendants",
        index="receipt of the first known case",
        entry=_prosecuted,
        needs=(
            Need(MAGISTRATES, "mags_defendant_case", "receipt_date"),
            Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),
        ),
        source=("Ministry of Justice, returning defendants, 10 March 2022: first known in 2011",),
        index_from="2011-01-01",
        index_to="2012-01-01",
        follow_up=FollowUp(MAGISTRATES),
        does_not_count=("cases about nothing but a breach or a civil order",),
    )
)
CONVICTED = register(
    Cohort(
        name="convicted_in_a_year",
        title="Adults convicted in a year",
        definition=(
            "People of 18 or over at their first conviction in the window, in a magistrates' "
            "court or at trial in the Crown Court, with two years of court data before it."
        ),
        unit="people convicted",
        index="first conviction",
        entry=_convicted,
        needs=(
            Need(MAGISTRATES, "mags_offence", "verdict"),
            Need(MAGISTRATES, "mags_defendant_case", "final_result_date"),
            Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),
        ),
        source=("ours; a conviction counts by the completion of the defendant's case",),
        exclusions=(
            Exclusion("those under 18 at the index", lambda people: people.age_at_index < ADULT),
            Exclusion(
                "those whose month of birth is not known",
                lambda people: people.age_at_index.isnull(),
            ),
        ),
        pick=FIRST_IN_WINDOW,
        index_from="2016-01-01",
        index_to="2017-01-01",
        history="courts",
        lookback_days=2 * YEAR,
        follow_up=FollowUp(MAGISTRATES, days=YEAR),
        does_not_count=(
            "committals for sentence and appeals, whose verdict stands in another row",
            "cautions, the Single Justice Procedure where it is not delivered, Common Platform",
        ),
    )
)
RELEASES = register(
    Cohort(
        name="released_from_sentence",
        title="People released from a sentence of imprisonment",
        definition=(
            "People at the end of their first spell of custody in the window in which a sentence "
            "was served; remand before it and recall after it belong to the spell."
        ),
        unit="people released",
        index="release from a spell with a sentence",
        entry=_released,
        needs=(
            Need("prisoner_custodial_journey", "nomis", "journey_end_date"),
            Need("prisoner_custodial_journey", "custody_segments", "legal_status"),
            Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),
        ),
        source=("ours: release ends a spell, as the custody spells of this package define it",),
        pick=FIRST_IN_WINDOW,
        index_from="2016-01-01",
        index_to="2017-01-01",
        follow_up=FollowUp(MAGISTRATES, days=YEAR, custody=True),
        does_not_count=(
            "a release from remand alone, or from recall alone",
            "a spell whose end was not recorded or was lost",
        ),
    )
)
