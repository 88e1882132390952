"""Recurrence profiles: with whom parents return, and what becomes of couples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, care_proceedings, observed_period, select
from justice_analysis.definitions import Output, metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import PRESENTATION, population_hash
from justice_analysis.metrics.estimates.shares import mix_output
from justice_analysis.metrics.family.recurrence import SEX_OF_PARENT, time_to_return
from justice_analysis.metrics.family.recurrence_profiles_definition import (
    CARD,
    RecurrenceProfilesOptions,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

OTHER = {"mother": "father", "father": "mother"}
SAME, ANOTHER = "same couple", "another partner"
JOINED, LEFT, ALONE = "partner only at the return", "partner only before", "alone both times"
TOGETHER, APART, NEITHER = "both, in one set", "both, apart", "neither"


@metric(CARD)
def recurrence_profiles(warehouse: Warehouse, **options: Any) -> Measured:
    """Describe with whom parents return in further care proceedings.

    Parameters
    ----------
    warehouse
        A warehouse that holds care proceedings with parties and relationships.
    **options
        See `RecurrenceProfilesOptions`.

    Returns
    -------
    Measured
        Outputs `profiles` (parents who returned, by with whom) and `couples` (couples of a first
        set, by who returned), each with shares and 95% Wilson intervals. One that nobody is in
        is left out. The attrition is that of parents, down to those who returned.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse lacks what the metric needs, or nobody can be followed for so long.
    """
    chosen: RecurrenceProfilesOptions = CARD.read_options(options)
    followed, flow = _followed(warehouse, chosen)
    parents = _parents(warehouse, chosen)
    partners = engine.materialise(_partners(parents, chosen), step="other parents in sets")
    returned, with_returns = select(
        followed,
        start=flow.start,
        steps=[(f"returned within {chosen.followup_days:,} days", followed.event_observed)],
    )
    outputs: dict[str, Output] = {}
    if with_returns.people:
        rows = profiles_of(returned, partners)
        outputs["profiles"] = _mix(warehouse, rows, chosen, "profile", f"{chosen.parent}s")
    couples = engine.materialise(couples_of(followed, partners, parents, chosen), step="couples")
    if engine.count_rows(couples):
        outputs["couples"] = _mix(warehouse, couples, chosen, "who_returned", "couples")
    if not outputs:
        raise MetricError(
            f"{CARD.name} needs a {chosen.parent} who returns, or a couple: there is none among "
            f"{flow.people:,} followed. Check the window and followup_days."
        )
    whole = Flow(flow.start, flow.people_at_start, (*flow.steps, *with_returns.steps))
    return Measured(CARD, chosen, outputs, whole)


def _followed(warehouse: Warehouse, options: RecurrenceProfilesOptions) -> tuple[ir.Table, Flow]:
    """Parents whose whole follow-up was seen: the frame of `recurrence`, and the losses."""
    frame, flow = time_to_return(warehouse, options.recurrence)
    _, seen_to = observed_period(warehouse, sources=options.precedence)
    until = engine.add_days(frame.index_issue, options.followup_days)
    kept, last = select(
        frame,
        start=flow.start,
        steps=[(f"{options.followup_days:,} days seen", until < ibis.literal(seen_to))],
    )
    if not last.people:
        raise MetricError(
            f"{CARD.name} needs a parent who could be followed for {options.followup_days:,} "
            "days: there is none. Ask for fewer, or another window."
        )
    rows = engine.materialise(kept, step="parents followed throughout")
    return rows, Flow(flow.start, flow.people_at_start, (*flow.steps, *last.steps))


def _parents(warehouse: Warehouse, options: RecurrenceProfilesOptions) -> dict[str, ir.Table]:
    """For mothers and fathers, one row per person and set: `person_id`, `proceeding_id`,
    `issue_date`."""
    sets = engine.materialise(
        care_proceedings.sets_of_care_proceedings(warehouse, precedence=options.precedence),
        step="sets of care proceedings",
    )
    found = {}
    for parent, sex in SEX_OF_PARENT.items():
        pairs = care_proceedings.parents_in_sets(
            warehouse, sets, sex=sex, identify_by="relationship", birth_day="last"
        )
        rows = pairs.select("person_id", "proceeding_id", "issue_date").distinct()
        found[parent] = engine.materialise(rows, step=f"{parent}s in sets")
    return found


def _partners(parents: dict[str, ir.Table], options: RecurrenceProfilesOptions) -> ir.Table:
    """The other parents of each parent's sets: `person_id`, `issue_date`, `partner_id`."""
    others = parents[OTHER[options.parent]].select("proceeding_id", partner_id="person_id")
    both = parents[options.parent].inner_join(others, "proceeding_id")
    return both.select("person_id", "issue_date", "partner_id").distinct()


def profiles_of(returned: ir.Table, partners: ir.Table) -> ir.Table:
    """With whom each parent returned.

    Parameters
    ----------
    returned
        One row per parent who returned: `person_id`, `index_issue`, `return_issue`, and others.
    partners
        One row per parent, day of issue and other parent there.

    Returns
    -------
    Table
        The rows of `returned` with `profile`.
    """
    then = _on(returned, partners, "index_issue").rename(before="count", person="person_id")
    now = _on(returned, partners, "return_issue").rename(after="count", person="person_id")
    days = returned.select("person_id", "index_issue", "return_issue")
    first = days.inner_join(
        partners, [days.person_id == partners.person_id, days.index_issue == partners.issue_date]
    ).select("person_id", "return_issue", "partner_id")
    again = partners.rename(return_issue="issue_date")
    same = first.inner_join(again, ["person_id", "return_issue", "partner_id"])
    same = same.group_by(person="person_id").aggregate(shared=same.count())
    rows = returned
    for counts in (then, now, same):
        rows = rows.left_join(counts, rows.person_id == counts.person).drop("person")
    had, has = rows.before.fill_null(0) > 0, rows.after.fill_null(0) > 0
    profile = ibis.cases(
        (rows.shared.fill_null(0) > 0, SAME),
        (had & has, ANOTHER),
        (has, JOINED),
        (had, LEFT),
        else_=ALONE,
    )
    return rows.mutate(profile=profile).drop("before", "after", "shared")


def _on(returned: ir.Table, partners: ir.Table, date: str) -> ir.Table:
    """How many other parents stand beside each parent in the set of that day."""
    asked = returned.select("person_id", issue_date=date)
    both = asked.inner_join(partners, ["person_id", "issue_date"])
    return both.group_by("person_id").aggregate(count=both.count())


def couples_of(
    followed: ir.Table,
    partners: ir.Table,
    parents: dict[str, ir.Table],
    options: RecurrenceProfilesOptions,
) -> ir.Table:
    """Which of each couple of a first set returned within the follow-up, and how.

    Returns
    -------
    Table
        One row per index parent and other parent of the first set: the columns of `followed`,
        `partner_id` and `who_returned`.
    """
    there = partners.rename(index_issue="issue_date")
    couples = followed.inner_join(there, ["person_id", "index_issue"])
    others = parents[OTHER[options.parent]].select(
        partner_id="person_id", partner_issue="issue_date", proceeding="proceeding_id"
    )
    later = couples.select("person_id", "partner_id", "index_issue").inner_join(
        others, "partner_id"
    )
    days = engine.days_between(later.partner_issue, later.index_issue)
    later = later.filter(days > 0, days <= options.followup_days)
    partner = later.group_by("person_id", "partner_id").aggregate(
        partner_return=later.partner_issue.min()
    )
    rows = couples.left_join(partner, ["person_id", "partner_id"])
    rows = rows.drop("person_id_right", "partner_id_right")
    shared = partners.select("person_id", "partner_id", shared_issue="issue_date")
    rows = rows.left_join(
        shared,
        [
            rows.person_id == shared.person_id,
            rows.partner_id == shared.partner_id,
            rows.return_issue == shared.shared_issue,
        ],
    ).drop("person_id_right", "partner_id_right")
    return rows.mutate(who_returned=_who(rows, options.parent))


def _who(rows: ir.Table, parent: str) -> ir.StringValue:
    own, theirs = rows.event_observed, rows.partner_return.notnull()
    # One set for both: the first return of each, on one day, with both recorded in it.
    one_set = rows.shared_issue.notnull() & (rows.return_issue == rows.partner_return)
    return ibis.cases(
        ((own & one_set).fill_null(False), TOGETHER),
        (own & theirs, APART),
        (own, f"the {parent} alone"),
        (theirs, f"the {OTHER[parent]} alone"),
        else_=NEITHER,
    )


def _mix(
    warehouse: Warehouse,
    rows: ir.Table,
    options: RecurrenceProfilesOptions,
    category: str,
    unit: str,
) -> Output:
    """Shares of a category; a couple's two people are behind it, and its mother stands for it."""
    who = f"{unit} of a first set" if unit == "couples" else f"{unit} who returned"
    about = About(
        card=CARD,
        options=options,
        unit=who,
        population=f"{who.capitalize()} followed for the whole follow-up",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION)
        + f":{unit}",
        family=f"recurrence of {options.parent}s with whom",
    )
    grouped = rows.mutate(**{options.by: rows.group}) if options.by else rows
    return mix_output(
        about,
        grouped,
        category=category,
        by=[options.by] if options.by else [],
        person="person_id",
        units_name="returned" if category == "profile" else "couples",
        title=CARD.title if category == "profile" else "Which of a couple return",
    )
