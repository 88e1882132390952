"""Cohorts of the family courts: mothers, and babies, in care proceedings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import care_proceedings
from justice_analysis.cohorts.categories.children import (
    NEEDS,
    children_in_care_proceedings,
)
from justice_analysis.cohorts.declared.cohort import Cohort
from justice_analysis.cohorts.declared.parts import FollowUp
from justice_analysis.cohorts.declared.registry import register
from justice_analysis.definitions import Need

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

NEWBORN_DAYS = 7
# The default of the metric recurrence: whose day of issue counts where two sources hold a set.
RECURRENCE_PRECEDENCE = ("cafcass_england", "family_court", "cafcass_cymru")


def _mothers(warehouse: Warehouse) -> ir.Table:
    """One row per mother and set of care proceedings."""
    sets = care_proceedings.sets_of_care_proceedings(warehouse, precedence=RECURRENCE_PRECEDENCE)
    pairs = care_proceedings.parents_in_sets(
        warehouse, sets, sex="female", identify_by="relationship", birth_day="last"
    )
    mothers = pairs.group_by("person_id", "proceeding_id").aggregate(
        index_date=pairs.issue_date.min(), area_id=pairs.area_id.min()
    )
    return mothers.join(_first_cases(warehouse), "proceeding_id")


def _returning_mothers(warehouse: Warehouse) -> ir.Table:
    """One row per mother who returned, at her second set of care proceedings."""
    sets = care_proceedings.sets_of_care_proceedings(warehouse, precedence=RECURRENCE_PRECEDENCE)
    pairs = care_proceedings.parents_in_sets(
        warehouse, sets, sex="female", identify_by="relationship", birth_day="last"
    )
    numbered = care_proceedings.merge_close_sets(
        care_proceedings.one_row_per_set(pairs, split_later_born=False),
        gap_days=0,
        same_if_overlapping=False,
    )
    second = numbered.filter(numbered.set_number == 2)
    second = second.select("person_id", "proceeding_id", "area_id", index_date="issue_date")
    return second.join(_first_cases(warehouse), "proceeding_id")


def _first_cases(warehouse: Warehouse) -> ir.Table:
    """The first case of each set of care proceedings, and its court."""
    cases = warehouse.case.filter(warehouse.case.case_type == care_proceedings.CARE)
    first = engine.first_per_group(
        cases.select("proceeding_id", "received_date", "place_id", index_case_id="case_id"),
        by=["proceeding_id"],
        order_by=["received_date", "index_case_id"],
    )
    return first.drop("received_date")


def _newborns(warehouse: Warehouse) -> ir.Table:
    """One row per child and set in which the child was less than a week old at issue."""
    children = children_in_care_proceedings(warehouse)
    young = children.filter(children.age_days >= 0, children.age_days < NEWBORN_DAYS)
    return young.select(
        "person_id",
        "index_case_id",
        "place_id",
        "area_id",
        "proceeding_id",
        "age_days",
        index_date="issue_date",
    )


MOTHERS_IN_FIRST_CARE_PROCEEDINGS = register(
    Cohort(
        name="mothers_in_first_care_proceedings",
        title="Mothers in a first set of care proceedings",
        definition=(
            "Women with a recorded parent relationship to a subject child, in the proceedings in "
            "an adult role, at the issue of their first observed set of care proceedings, which "
            "had a year of history before it."
        ),
        unit="mothers",
        index="issue of the first set of care proceedings",
        entry=_mothers,
        needs=(
            Need("cafcass_england", "cms_tblcaseapplication", "DATERECEIVED"),
            Need("cafcass_england", "cms_tblcaseapplicationmember", "MEMBERTYPE"),
            Need("cafcass_england", "cms_tblcrspersonrelationship", "RELATIONSHIPREF"),
        ),
        source=("Pearson (UCL), published analysis code: the index is the first observed set",),
        history="family",
        lookback_days=365,
        follow_up=FollowUp("cafcass_england"),
        does_not_count=(
            "a set in which the woman is a child, or a party who is nobody's recorded mother",
            "sets before the family data begin: first observed is not always first ever",
        ),
    )
)
NEWBORNS_IN_CARE_PROCEEDINGS = register(
    Cohort(
        name="newborns_in_care_proceedings",
        title="Newborn babies in care proceedings",
        definition=(
            "Children less than 7 days old (from the middle of the recorded week of birth) when "
            "care proceedings about them were issued."
        ),
        unit="babies",
        index="issue of care proceedings",
        entry=_newborns,
        needs=NEEDS,
        source=("Born into Care, Nuffield Family Justice Observatory: newborns in England",),
        follow_up=FollowUp("cafcass_england"),
        does_not_count=(
            "a child not yet born at issue",
            "a child whose week of birth is not recorded",
        ),
    )
)

MOTHERS_WHO_RETURN = register(
    Cohort(
        name="mothers_who_return",
        title="Mothers who return in a further set of care proceedings",
        definition=(
            "Women with a recorded parent relationship to a subject child, at the issue of their "
            "second observed set of care proceedings. Sets issued on one day are one."
        ),
        unit="mothers",
        index="issue of the second set of care proceedings",
        entry=_returning_mothers,
        needs=MOTHERS_IN_FIRST_CARE_PROCEEDINGS.needs,
        source=("the rules of the metric recurrence, with its defaults",),
        does_not_count=(
            "a first set that was issued before the family data begin",
            "a set that the links do not join to the same woman",
        ),
    )
)
