"""Parents in court and their children: contact of parents before care proceedings begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.cohorts.categories.children import children_in_care_proceedings
from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.across.contacts import contacts, observed
from justice_analysis.metrics.across.definition import NEEDS
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import share_output
from justice_analysis.metrics.estimates.units import units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


@dataclass(frozen=True)
class ParentsOptions:
    """Options of `parents_in_court`; each names the rule it settles."""

    jurisdiction: str = choice("criminal", "where a parent was in contact", "criminal", "civil")
    years: int = choice(2, "years before the issue of the child's first set")

    def __post_init__(self) -> None:
        check_choices(self)
        if not 1 <= self.years <= 10:
            raise OptionError("years must lie from 1 to 10.")


CARD = Card(
    name="parents_in_court",
    title="Children in care proceedings whose parent was in another court",
    question="How many children in care proceedings have a parent who was lately in another court?",
    definition=(
        "The share of children, at their first set of care proceedings, with a recorded parent "
        "who had a case in the criminal (or civil) courts in the years before its issue."
    ),
    counting_unit="people: children, each once; families behind them are sets of proceedings",
    population=(
        "Children with a recorded parent, at their first set of care proceedings, whose window "
        "the other courts cover"
    ),
    clock="The years before the issue of the first set, the day of issue excluded",
    does_not_count=(
        "a parent without a recorded tie to the child",
        "a case on or after the day of issue",
        "a parent whom no link joins to the other courts: missed links lower the share",
        "contact of other adults in the household",
    ),
    censoring="A child whose window the other courts do not cover is left out, and counted",
    known_breaks=(
        "Cafcass records the parents who are in its cases, so a father may be missing",
        "Cafcass is joined to the courts through its own link, which is another than that of the "
        "rest",
    ),
    needs=(*NEEDS, Need("cafcass_england", "ecms_personrelationships", "RELATIONSHIPTYPE_ID")),
    source=("Data First and Cafcass: linking across family and criminal courts",),
    options_type=ParentsOptions,
    subject="across courts",
)


@metric(CARD)
def parents_in_court(warehouse: Warehouse, **options: Any) -> Measured:
    """Count children in care proceedings whose parent was lately in another court.

    Parameters
    ----------
    warehouse
        A warehouse that holds care proceedings with relationships, and the other courts.
    **options
        See `ParentsOptions`.

    Returns
    -------
    Measured
        `children`: the share, with its 95% Wilson interval (children of one family are not
        independent, so it is too narrow).

    Raises
    ------
    OptionError
        If an option is unknown or out of range.
    MetricError
        If the warehouse lacks what the metric needs, or no child is left.
    """
    chosen: ParentsOptions = CARD.read_options(options)
    found = contacts(warehouse)
    children, flow = _children(warehouse, chosen)
    in_court = _with_parent_in_court(warehouse, children, found, chosen)
    units = units_of(
        in_court, person="person_id", group="proceeding_id", keep=("has_parent_in_court",)
    )
    about = About(
        card=CARD,
        options=chosen,
        unit="children",
        population=CARD.population,
        population_hash=population_hash(warehouse, CARD, chosen, presentation=()),
        about="children",
        notes=(
            "Missed links make the share too small. The interval takes children as independent.",
        ),
    )
    output = share_output(about, units, met="has_parent_in_court")
    return Measured(CARD, chosen, {"children": output}, flow)


def _children(warehouse: Warehouse, options: ParentsOptions) -> tuple[ir.Table, Flow]:
    """Children at their first set, with a recorded parent and a window that was covered."""
    first = engine.first_per_group(
        children_in_care_proceedings(warehouse).select("person_id", "proceeding_id", "issue_date"),
        by=["person_id"],
        order_by=["issue_date", "proceeding_id"],
    )
    ties = warehouse.relationship.filter(warehouse.relationship.kind == "parent")
    with_parent = ties.select(_child="person_id").distinct().mutate(has_parent=ibis.literal(True))
    joined = first.left_join(with_parent, first.person_id == with_parent._child).drop("_child")
    start = engine.add_months(joined.issue_date, -12 * options.years)
    dated = engine.materialise(joined.mutate(window_from=start), step="children and windows")
    periods = observed(warehouse)
    if options.jurisdiction not in periods:
        raise MetricError(
            f"{CARD.name} needs cases of the {options.jurisdiction} courts: the warehouse has "
            "none. Load them."
        )
    begins, ends = periods[options.jurisdiction]
    inside = (dated.window_from >= ibis.literal(begins)) & (dated.issue_date <= ibis.literal(ends))
    kept, flow = select(
        dated,
        start="children at their first set of care proceedings",
        steps=[("a parent recorded", dated.has_parent), ("window covered", inside)],
    )
    return kept, flow


def _with_parent_in_court(
    warehouse: Warehouse, children: ir.Table, found: ir.Table, options: ParentsOptions
) -> ir.Table:
    """Add whether any recorded parent had a case in the window."""
    ties = warehouse.relationship.filter(warehouse.relationship.kind == "parent")
    parents = ties.select(_child="person_id", _parent="related_person_id").distinct()
    cases = found.filter(found.jurisdiction == options.jurisdiction)
    cases = cases.select(_who="person_id", contact_date="contact_date")
    pairs = children.select("person_id", "issue_date", "window_from").inner_join(
        parents, [("person_id", "_child")]
    )
    met = pairs.inner_join(cases, pairs._parent == cases._who)
    met = met.filter(met.contact_date >= met.window_from, met.contact_date < met.issue_date)
    known = met.select(_met="person_id").distinct().mutate(_has=ibis.literal(True))
    joined = children.left_join(known, children.person_id == known._met).drop("_met")
    return joined.mutate(has_parent_in_court=joined._has.fill_null(False)).drop("_has")
