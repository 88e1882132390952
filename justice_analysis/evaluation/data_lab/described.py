"""What was known of people before their index date, and what came after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import OASYS_PREFIX
from justice_analysis.cohorts import look_back
from justice_analysis.evaluation.data_lab.definition import NEEDS, PROVEN, DataLabOptions
from justice_analysis.metrics.criminal.court_groups import with_place
from justice_analysis.metrics.criminal.prosecutions import convicted_offences
from justice_analysis.metrics.criminal.proven_records import CAUTION, CUSTODY, proven_offences
from justice_analysis.metrics.criminal.reconviction import (
    PROVEN_MONTHS,
    counted_offences,
    seen_until,
    with_court,
)
from justice_analysis.metrics.estimates.periods import quarter
from justice_analysis.metrics.estimates.person_parts import NOT_KNOWN
from justice_analysis.metrics.person_groups import with_person_groups

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

OUTCOMES = ("reoffended", "reoffences", "duration_days", "in_court", "in_custody")
FURTHER = ("court_reoffences", "custody_reoffences")
PLACEBO, PLACEBO_COUNT = "convicted_before", "convictions_before"
BANDS = {28: "under 28 days", 90: "28 to 89 days", 180: "90 to 179 days", 365: "180 to 364 days"}
AGE_OF_ANSWERS, STAY = "oasys_days", "stay_days"
LONGEST, NO_STAY = "365 days or more", "no custody"


def covered(warehouse: Warehouse, people: ir.Table, options: DataLabOptions) -> ir.Table:
    """Add `place_id` and `is_followed`: whether outcomes could be seen for 18 months.

    `people` has one row per person and index date.
    """
    placed = with_court(warehouse, people)
    last = engine.add_months(placed.index_date, PROVEN_MONTHS)
    if options.outcome == PROVEN:
        periods = warehouse.coverage.filter(warehouse.coverage.source == "moj_dfe")
        shares = engine.execute(
            periods.aggregate(first=periods.from_date.min(), last=periods.to_date.max()),
            step="coverage of police records",
        ).iloc[0]
        if shares.isna().any():
            return placed.mutate(is_followed=ibis.literal(False))
        pupils = proven_people(warehouse)
        inside = (placed.index_date >= _day(shares["first"])) & (last <= _day(shares["last"]))
        joined = placed.left_join(pupils, placed.person_id == pupils.pupil).drop("pupil")
        return joined.mutate(is_followed=inside & joined.is_pupil.fill_null(False)).drop("is_pupil")
    seen = seen_until(warehouse, placed)
    followed = (seen.seen_to >= engine.add_months(seen.index_date, PROVEN_MONTHS)).fill_null(False)
    return seen.mutate(is_followed=followed).drop("seen_to")


def _day(value: object) -> ir.DateValue:
    return ibis.date(str(value)[:10])


def proven_people(warehouse: Warehouse) -> ir.Table:
    """People whose police records the MoJ-DfE share would hold: `pupil`, `is_pupil`."""
    from justice_analysis.cohorts.covariates.facts import people_of_share

    share = people_of_share(warehouse).select(pupil="person_id").distinct()
    return share.mutate(is_pupil=ibis.literal(True))


def described(warehouse: Warehouse, people: ir.Table, options: DataLabOptions) -> ir.Table:
    """Describe people by what was recorded before the index date.

    Parameters
    ----------
    people
        One row per person and index date: `place_id`, `sentence_type`, `stay_days` too.

    Returns
    -------
    Table
        The rows, stored, with a column per covariate, `release_quarter`, `custody_length`, and
        `ethnicity` and `region` where they are asked for; missing is "not known".
    """
    wanted = (*options.covariates, *oasys_items(warehouse, options))
    items = [name for name in wanted if name.startswith("oasys_")]
    found = look_back(warehouse, people, covariates=wanted)
    is_assessed = ibis.or_(*[found[name].notnull() for name in items], ibis.literal(False))
    found = found.mutate(assessed=is_assessed.ifelse("assessed", "not assessed"))
    found = found.drop(*[name for name in found.columns if name.startswith("lookback_days_")])
    bands = [(found.stay_days < days, words) for days, words in BANDS.items()]
    found = found.mutate(
        stay_days=found.stay_days.fill_null(0),
        release_quarter=quarter(found.index_date),
        custody_length=ibis.cases((found.stay_days.isnull(), NO_STAY), *bands, else_=LONGEST),
    )
    if options.ethnicity:
        found = with_person_groups(warehouse, found, day="index_date", by="ethnicity")
    if options.region:
        found = with_place(warehouse, found, "region")
        found = found.mutate(region=found.region.fill_null(NOT_KNOWN))
    return engine.materialise(found, step="characteristics before the index date")


def oasys_items(warehouse: Warehouse, options: DataLabOptions) -> tuple[str, ...]:
    """OASys answers to match on: none where they are not wanted or nobody has one."""
    if not options.oasys:
        return ()
    measure = warehouse.measure
    held = engine.execute(measure.select("concept").distinct(), step="measures held")
    concepts = {f"oasys_{name.removeprefix(OASYS_PREFIX)}" for name in held["concept"]}
    found = tuple(name for name in NEEDS if name in concepts)
    return (*found, AGE_OF_ANSWERS) if found else ()


def followed(warehouse: Warehouse, people: ir.Table, options: DataLabOptions) -> ir.Table:
    """Add what people did in the year after the index date, and in the year before.

    Parameters
    ----------
    people
        One row per person and index date, with `proceeding_id`.

    Returns
    -------
    Table
        The rows, stored, with `reoffended`, `reoffences`, `duration_days` (missing: none),
        `in_court`, `in_custody` (whether a reoffence led to a court sentence, and to immediate
        custody), `court_reoffences`, `custody_reoffences`, `convicted_before` and
        `convictions_before` (days with a conviction in the year before).
    """
    offences = (
        _police_offences(warehouse) if options.outcome == PROVEN else _court_offences(warehouse)
    )
    counted = counted_offences(offences, people)
    found = counted.group_by("person_id", "index_date").aggregate(
        reoffences=counted.offences.sum(),
        first_offence=counted.offence_date.min(),
        court_reoffences=counted.court_offences.sum(),
        custody_reoffences=counted.custody_offences.sum(),
    )
    joined = people.left_join(found, ["person_id", "index_date"])
    joined = joined.drop("person_id_right", "index_date_right")
    numbers = {
        name: joined[name].fill_null(0)
        for name in ("reoffences", "court_reoffences", "custody_reoffences")
    }
    rows = joined.mutate(
        **numbers, duration_days=engine.days_between(joined.first_offence, joined.index_date)
    ).drop("first_offence")
    rows = rows.mutate(
        reoffended=rows.reoffences > 0,
        in_court=rows.court_reoffences > 0,
        in_custody=rows.custody_reoffences > 0,
    )
    before = "pnc_convictions_1y" if options.outcome == PROVEN else "conviction_days_1y"
    told = look_back(warehouse, rows, covariates=(before,), unseen="count")
    number = told[before].fill_null(0)
    told = told.mutate(**{PLACEBO: number > 0, PLACEBO_COUNT: number})
    made = (*OUTCOMES, *FURTHER, PLACEBO, PLACEBO_COUNT)
    return engine.materialise(told.select(*people.columns, *made), step="outcomes")


def _court_offences(warehouse: Warehouse) -> ir.Table:
    """Convictions, one row per person, set of proceedings, days and court case.

    The two courts' charges of one offence are in one set: the larger number of the two counts.
    """
    rows = convicted_offences(warehouse)
    matter = warehouse.matter.select("matter_id", "case_id")
    decision = warehouse.decision
    jailed = (
        decision.filter(decision.decision_type == "sentence", decision.decision == CUSTODY)
        .select(jailed_matter="matter_id")
        .distinct()
    )
    joined = rows.inner_join(matter, "matter_id")
    joined = joined.left_join(jailed, joined.matter_id == jailed.jailed_matter)
    by_case = joined.group_by("person_id", "proceeding_id", "offence_date", "case_id").aggregate(
        convicted_date=joined.convicted_date.min(),
        offences=joined.matter_id.nunique(),
        custody_offences=joined.jailed_matter.nunique(),
    )
    by_set = by_case.group_by("person_id", "proceeding_id", "offence_date").aggregate(
        convicted_date=by_case.convicted_date.min(),
        offences=by_case.offences.max(),
        custody_offences=by_case.custody_offences.max(),
    )
    return by_set.mutate(court_offences=by_set.offences)


def _police_offences(warehouse: Warehouse) -> ir.Table:
    """Proven offences of police records, of linked people."""
    rows = proven_offences(warehouse)
    linked = rows.filter(rows.person_id.notnull() & rows.offence_date.notnull())
    one = ibis.literal(1)
    return linked.select(
        "person_id",
        "offence_date",
        proceeding_id=linked.case_id,
        convicted_date=linked.proven_date,
        offences=one,
        court_offences=(linked.outcome != CAUTION).cast("int64"),
        custody_offences=(linked.outcome == CUSTODY).cast("int64"),
    )
