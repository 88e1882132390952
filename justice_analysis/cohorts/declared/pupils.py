"""The cohort of the schools share: pupils, followed for offending from the age of ten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts.covariates.facts import SHARE
from justice_analysis.cohorts.declared.cohort import Cohort
from justice_analysis.cohorts.declared.parts import FollowUp
from justice_analysis.cohorts.declared.registry import register
from justice_analysis.definitions import Need

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

TENTH_BIRTHDAY_MONTHS = 120


def _pupils(warehouse: Warehouse) -> ir.Table:
    """One row per pupil with a school year on record."""
    years = warehouse.measure.filter(
        warehouse.measure.concept == "school_year",
        warehouse.measure.source == SHARE,
        warehouse.measure.person_id.notnull(),
    )
    pupils = years.select("person_id").distinct()
    births = warehouse.person.select("person_id", "birth_month")
    known = pupils.left_join(births, "person_id").drop("person_id_right")
    return known.select(
        "person_id",
        index_date=engine.add_months(known.birth_month, TENTH_BIRTHDAY_MONTHS),
        index_case_id=ibis.null(warehouse.case.case_id.type()),
        place_id=ibis.null(warehouse.case.place_id.type()),
    )


PUPILS = register(
    Cohort(
        name="pupils",
        title="Pupils of the schools share",
        definition=(
            "Pupils of state schools with a school year on record, from the first of the month of "
            "their tenth birthday, the age of criminal responsibility."
        ),
        unit="pupils",
        index="tenth birthday",
        entry=_pupils,
        needs=(
            Need(SHARE, "npd_pupils", "month_of_birth"),
            Need(SHARE, "npd_school_years", "academic_year"),
        ),
        source=(
            "Children and Young Persons Act 1963, section 16: the age; that the clock starts "
            "there is ours",
        ),
        follow_up=FollowUp(SHARE),
        does_not_count=("pupils of independent schools and of schools outside England",),
    )
)
