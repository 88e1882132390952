"""Sets of care proceedings and the parents in them.

A *set* is one group of case rows that are the same proceedings (`proceeding_id`), so
that one set recorded in two systems is counted once. Definitions follow Pearson's
published analysis code and the Lancaster studies (`book/decisions/recurrence.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import ORDER_GROUP_PRECEDENCE, ORDER_GROUPS
from justice_analysis.errors import MetricError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

CARE = "care_proceedings"
# Pearson's split rule: a child born 37 weeks or more after issue was not yet conceived,
# so the case took a later application in.
PREGNANCY_DAYS = 37 * 7


def sets_of_care_proceedings(warehouse: Warehouse, *, precedence: Sequence[str]) -> ir.Table:
    """One row per set of care proceedings, its dates from the source that takes precedence.

    Returns
    -------
    Table
        `proceeding_id`, `issue_date` (earliest receipt), `final_order_date` (latest final
        legal order; missing while none is recorded), `closed_date`, `area_id`.

    Raises
    ------
    MetricError
        If the warehouse holds no care proceedings, or a source not in `precedence`.
    """
    cases = warehouse.case.filter(
        warehouse.case.case_type == CARE, warehouse.case.received_date.notnull()
    )
    _refuse_unranked(cases, precedence)
    rank = ibis.cases(*[(cases.source == name, number) for number, name in enumerate(precedence)])
    dated = cases.mutate(rank=rank).left_join(_final_orders(warehouse), "case_id")
    by_source = dated.group_by("proceeding_id", "rank").aggregate(
        issue_date=dated.received_date.min(),
        final_order_date=dated.final_order_date.max(),
        closed_date=dated.closed_date.max(),
        area_id=dated.area_id.min(),
    )
    return engine.first_per_group(by_source, by=["proceeding_id"], order_by=["rank"]).drop("rank")


def _refuse_unranked(cases: ir.Table, precedence: Sequence[str]) -> None:
    found = engine.execute(cases.select("source").distinct(), step="sources of care proceedings")
    sources = set(found["source"])
    if not sources:
        raise MetricError(
            "the warehouse must hold care proceedings: it has none. Load a family dataset."
        )
    unranked = sorted(sources - set(precedence))
    if unranked:
        raise MetricError(
            f"every source of care proceedings must have a place in precedence: "
            f"{', '.join(unranked)} has none. Name it in the option precedence."
        )


def _final_orders(warehouse: Warehouse) -> ir.Table:
    """Latest final legal order of each case."""
    orders = _final_legal_orders(warehouse)
    return orders.group_by("case_id").aggregate(final_order_date=orders.decision_date.max())


def _final_legal_orders(warehouse: Warehouse) -> ir.Table:
    orders = warehouse.decision.filter(
        warehouse.decision.decision_type == "legal_order", warehouse.decision.is_final
    )
    return orders.join(warehouse.matter.select("matter_id", "case_id"), "matter_id")


def parents_in_sets(
    warehouse: Warehouse,
    sets: ir.Table,
    *,
    sex: str,
    identify_by: str,
    birth_day: str,
) -> ir.Table:
    """Every parent in each set of proceedings, beside each of their subject children.

    Parameters
    ----------
    sex
        `female` for mothers, `male` for fathers.
    identify_by
        `relationship`: a recorded parent of a subject child, who is in the proceedings in
        any adult role. `role`: any respondent of that sex (a fallback).
    birth_day
        Day taken where only the month of a child's birth is known: `last` or `first`.

    Returns
    -------
    Table
        One row per person, set and subject child: `person_id`, `proceeding_id`,
        `issue_date`, `final_order_date`, `closed_date`, `area_id`, `child_id`,
        `child_birth` (missing: not known).
    """
    parties = _linked_parties(warehouse, sets)
    children = _subject_children(warehouse, parties)
    adults = _adults(warehouse, parties, sex=sex, identify_by=identify_by)
    pairs = adults.join(children, "proceeding_id").filter(lambda t: t.person_id != t.child_id)
    if identify_by == "relationship":
        pairs = pairs.semi_join(_parent_ties(warehouse), ["person_id", "child_id"])
    births = _births(warehouse, birth_day=birth_day)
    return pairs.left_join(births, "child_id").drop("child_id_right").join(sets, "proceeding_id")


def _linked_parties(warehouse: Warehouse, sets: ir.Table) -> ir.Table:
    """Parties of the sets that are linked to a person, with their proceedings."""
    cases = warehouse.case.select("case_id", "proceeding_id").semi_join(sets, "proceeding_id")
    linked = warehouse.party.filter(warehouse.party.person_id.notnull())
    columns = linked.select("party_id", "case_id", "person_id", "role")
    return columns.join(cases, "case_id").drop("case_id")


def _subject_children(warehouse: Warehouse, parties: ir.Table) -> ir.Table:
    """Children that the proceedings are about, also where a second role makes theirs unclear."""
    parts = warehouse.matter_party
    subjects = parties.semi_join(parts.filter(parts.part == "subject"), "party_id")
    return subjects.select("proceeding_id", child_id="person_id").distinct()


def _adults(warehouse: Warehouse, parties: ir.Table, *, sex: str, identify_by: str) -> ir.Table:
    roles = (
        parties.role != "subject"
        if identify_by == "relationship"
        else (parties.role == "respondent")
    )
    of_sex = warehouse.person.filter(warehouse.person.sex == sex)
    adults = parties.filter(roles).semi_join(of_sex, "person_id")
    return adults.select("person_id", "proceeding_id").distinct()


def _parent_ties(warehouse: Warehouse) -> ir.Table:
    ties = warehouse.relationship.filter(warehouse.relationship.kind == "parent")
    return ties.select(child_id="person_id", person_id="related_person_id").distinct()


def without_recorded_child(warehouse: Warehouse, people: ir.Table) -> int:
    """People of a table (with `person_id`) who are nobody's recorded parent."""
    return engine.count_rows(people.anti_join(_parent_ties(warehouse), "person_id"))


def _births(warehouse: Warehouse, *, birth_day: str) -> ir.Table:
    """Birth of each person: the recorded week or day, else the month's first or last day."""
    events = warehouse.event.filter(
        warehouse.event.event_type == "birth", warehouse.event.person_id.notnull()
    )
    recorded = events.group_by("person_id").aggregate(recorded=events.event_date.min())
    people = warehouse.person.select("person_id", "birth_month")
    month = people.birth_month
    taken = engine.month_end(month) if birth_day == "last" else engine.month_start(month)
    both = people.mutate(taken=taken).left_join(recorded, "person_id")
    return both.select(child_id="person_id", child_birth=ibis.coalesce(both.recorded, both.taken))


def order_group_of_sets(warehouse: Warehouse) -> ir.Table:
    """The final order group of each set: that of its most serious final order.

    Returns
    -------
    Table
        One row per set with a final order: `proceeding_id`, `order_group` (home,
        extended_family, out_of_home, adoption).
    """
    orders = _final_legal_orders(warehouse)
    rank = ibis.cases(
        *[
            (orders.decision == code, ORDER_GROUP_PRECEDENCE.index(group))
            for code, group in ORDER_GROUPS.items()
        ]
    )
    cases = warehouse.case.select("case_id", "proceeding_id")
    ranked = orders.select("case_id", rank=rank).join(cases, "case_id")
    worst = ranked.group_by("proceeding_id").aggregate(rank=ranked["rank"].min())
    names = [(worst["rank"] == n, group) for n, group in enumerate(ORDER_GROUP_PRECEDENCE)]
    return worst.select("proceeding_id", order_group=ibis.cases(*names))


def one_row_per_set(pairs: ir.Table, *, split_later_born: bool) -> ir.Table:
    """Collapse children: one row per person and set, with the youngest child's birth.

    With `split_later_born`, children born 37 weeks or more after issue make a set of
    their own, which starts at the first such birth (Pearson's rule for consolidated
    applications). The set that took them in stays, also where no other child is known.
    """
    if not split_later_born:
        return _collapsed(pairs, starts=pairs.issue_date, is_later_born=False)
    days = engine.days_between(pairs.child_birth, pairs.issue_date)
    is_later = (days >= PREGNANCY_DAYS).fill_null(False)
    birth = is_later.ifelse(ibis.null("date"), pairs.child_birth)
    first = pairs.mutate(child_birth=birth)
    later = pairs.filter(is_later)
    return engine.union(
        _collapsed(first, starts=first.issue_date, is_later_born=False),
        _collapsed(later, starts=later.child_birth, is_later_born=True),
    )


def _collapsed(pairs: ir.Table, *, starts: ir.DateValue, is_later_born: bool) -> ir.Table:
    rows = pairs.group_by("person_id", "proceeding_id").aggregate(
        issue_date=starts.min(),
        final_order_date=pairs.final_order_date.max(),
        closed_date=pairs.closed_date.max(),
        area_id=pairs.area_id.min(),
        youngest_birth=pairs.child_birth.max(),
    )
    return rows.mutate(is_later_born=ibis.literal(is_later_born))


def merge_close_sets(sets: ir.Table, *, gap_days: int, same_if_overlapping: bool) -> ir.Table:
    """Number a person's sets by issue, after joining those that are one by the gap rule.

    Parameters
    ----------
    sets
        One row per person and set, from `one_row_per_set`.
    gap_days
        A set issued this many days or fewer after the one before belongs to it; 0 joins
        sets issued on the same day.
    same_if_overlapping
        Also join a set issued before the earlier one's final order (its closure, where no
        order is recorded).

    Returns
    -------
    Table
        One row per person and joined set: `set_number` from 1, and the columns of `sets`.
    """
    order = [sets.issue_date, sets.proceeding_id, sets.is_later_born]
    window = ibis.window(group_by="person_id", order_by=order)
    # The end of the latest earlier set, so that a long set still spans a third one.
    ended = ibis.coalesce(sets.final_order_date, sets.closed_date)
    before = ibis.window(group_by="person_id", order_by=order, preceding=(None, 1))
    marked = sets.mutate(
        previous_issue=sets.issue_date.lag().over(window),
        earlier_end=ended.max().over(before),
    )
    near = engine.days_between(marked.issue_date, marked.previous_issue) <= gap_days
    joined = near.fill_null(False)
    if same_if_overlapping:
        joined = joined | (marked.issue_date < marked.earlier_end).fill_null(False)
    starts = marked.mutate(is_start=(~joined).cast("int64"))
    numbered = starts.mutate(
        set_number=starts.is_start.sum().over(
            ibis.window(
                group_by="person_id",
                order_by=[starts.issue_date, starts.proceeding_id, starts.is_later_born],
                preceding=(None, 0),
            )
        )
    )
    first = engine.first_per_group(
        numbered, by=["person_id", "set_number"], order_by=["issue_date", "proceeding_id"]
    ).select("person_id", "set_number", "proceeding_id", "area_id")
    dates = numbered.group_by("person_id", "set_number").aggregate(
        issue_date=numbered.issue_date.min(),
        final_order_date=numbered.final_order_date.max(),
        youngest_birth=numbered.youngest_birth.max(),
    )
    return dates.join(first, ["person_id", "set_number"])
