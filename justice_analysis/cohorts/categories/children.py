"""Newborn and infant: four definitions of how young a child is when proceedings are issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import care_proceedings
from justice_analysis.definitions import Category, Need, category

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

PRECEDENCE = ("family_court", "cafcass_england", "cafcass_cymru")
NEEDS = (
    Need("cafcass_england", "cms_tblcaseapplication", "DATEOFAPPLICATION"),
    Need("cafcass_england", "cms_tblcaseapplicationmember", "MEMBERTYPE"),
    Need("cafcass_england", "cms_tblperson", "WEEKOFBIRTH"),
)
CODES = {"care_proceedings": "Care proceedings (section 31)", "subject": "A subject child"}
DOES_NOT_COUNT = (
    "a child not yet born when the proceedings were issued",
    "a child whose week of birth is not recorded: the month alone does not say how many days",
    "a child in other proceedings",
)
WEEK = (
    "Births are recorded as the Monday of their week: age runs from its Thursday, and from the "
    "week's beginning to that day it is 0, so a child may be three days younger or older."
)
# From Monday to the middle of the week. Counted from Monday, children are three days too old on
# average, and a third of those below seven days would be missed.
HALF_WEEK = 3


def children_in_care_proceedings(warehouse: Warehouse) -> ir.Table:
    """Every child in each set of care proceedings, with age at issue.

    Returns
    -------
    Table
        One row per child and set: `person_id`, `proceeding_id`, `issue_date`, `area_id`,
        `place_id` (court of the earliest case of the set), `index_case_id`, `birth_date` (missing:
        the week is not recorded), `age_days` (from the middle of the week of birth; below 0:
        issued before that week).

    Raises
    ------
    MetricError
        If the warehouse holds no care proceedings.
    """
    sets = care_proceedings.sets_of_care_proceedings(warehouse, precedence=PRECEDENCE)
    cases = warehouse.case.filter(warehouse.case.case_type == care_proceedings.CARE)
    first = engine.first_per_group(
        cases.select("proceeding_id", "received_date", "place_id", index_case_id="case_id"),
        by=["proceeding_id"],
        order_by=["received_date", "index_case_id"],
    ).drop("received_date")
    parts = warehouse.matter_party.filter(warehouse.matter_party.part == "subject")
    parties = warehouse.party.filter(warehouse.party.person_id.notnull())
    subjects = parties.semi_join(parts, "party_id").select("case_id", "person_id")
    children = subjects.join(cases.select("case_id", "proceeding_id"), "case_id")
    each = children.select("person_id", "proceeding_id").distinct()
    births = warehouse.event.filter(
        warehouse.event.event_type == "birth", warehouse.event.person_id.notnull()
    )
    born = births.group_by("person_id").aggregate(birth_date=births.event_date.min())
    dated = sets.select("proceeding_id", "issue_date", "area_id")
    rows = each.join(dated, "proceeding_id").join(first, "proceeding_id")
    both = rows.left_join(born, "person_id").drop("person_id_right")
    days = engine.days_between(both.issue_date, both.birth_date)
    age = days - HALF_WEEK
    return both.mutate(age_days=(days >= 0).ifelse(ibis.greatest(age, 0), age))


def _younger_than(warehouse: Warehouse, days: int) -> ir.Table:
    children = children_in_care_proceedings(warehouse)
    young = children.filter(children.age_days >= 0, children.age_days < days)
    return young.select("person_id", "proceeding_id", member_from="issue_date")


@category(
    Category(
        name="newborn_england",
        word="newborn",
        title="Newborn, as in Born into Care (England)",
        definition=(
            "A child less than 7 days old when care proceedings about the child were issued. "
            f"{WEEK}"
        ),
        unit="children in proceedings",
        codes=CODES,
        does_not_count=DOES_NOT_COUNT,
        needs=NEEDS,
        source=("Born into Care, Nuffield Family Justice Observatory: newborns in England",),
    )
)
def newborn_england(warehouse: Warehouse) -> ir.Table:
    """Children less than 7 days old at issue."""
    return _younger_than(warehouse, 7)


@category(
    Category(
        name="newborn_wales",
        word="newborn",
        title="Newborn, as in Born into Care: Wales",
        definition=(
            "A child less than 14 days old when care proceedings about the child were issued. "
            f"{WEEK}"
        ),
        unit="children in proceedings",
        codes=CODES,
        does_not_count=DOES_NOT_COUNT,
        needs=NEEDS,
        source=("Born into Care: Wales, Nuffield Family Justice Observatory: within two weeks",),
    )
)
def newborn_wales(warehouse: Warehouse) -> ir.Table:
    """Children less than 14 days old at issue."""
    return _younger_than(warehouse, 14)


@category(
    Category(
        name="newborn_pearson",
        word="newborn",
        title="Newborn, as in Pearson's age bands",
        definition=(
            f"A child 0 to 27 days old when care proceedings about the child were issued. {WEEK}"
        ),
        unit="children in proceedings",
        codes=CODES,
        does_not_count=DOES_NOT_COUNT,
        needs=NEEDS,
        source=("Pearson, doctoral thesis, University College London: published analysis code",),
    )
)
def newborn_pearson(warehouse: Warehouse) -> ir.Table:
    """Children less than 28 days old at issue."""
    return _younger_than(warehouse, 28)


@category(
    Category(
        name="infant",
        word="infant",
        title="Infant",
        definition=(
            "A child less than 365 days old when care proceedings about the child were issued. "
            f"{WEEK}"
        ),
        unit="children in proceedings",
        codes=CODES,
        does_not_count=DOES_NOT_COUNT,
        needs=NEEDS,
        source=("Pearson, doctoral thesis, University College London: a child below one year",),
    )
)
def infant(warehouse: Warehouse) -> ir.Table:
    """Children less than 365 days old at issue."""
    return _younger_than(warehouse, 365)
