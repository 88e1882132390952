"""Two definitions of one word on one warehouse: how many members they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import categories, declared, membership
from justice_analysis.cohorts.comparison import BOTH
from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import OptionError
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import mix_output

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

CATEGORIES, COHORTS = "categories", "cohorts"
NOT_JOINED = (
    "Nobody meets both. Where the two rest on datasets that no link joins, that says nothing of "
    "the definitions."
)


@dataclass(frozen=True)
class OverlapOptions:
    """Which two definitions to compare."""

    first: str = choice("newborn_england", "the first definition, by its name")
    second: str = choice("newborn_pearson", "the second, of the same unit")
    of: str = choice(CATEGORIES, "what the two are", CATEGORIES, COHORTS)

    def __post_init__(self) -> None:
        check_choices(self)
        if self.first == self.second:
            raise OptionError("first and second must be two definitions: they are one.")


CARD = Card(
    name="definition_overlap",
    title="Two definitions on the same data",
    question="How many members do two definitions of a word share, and how many has each alone?",
    definition=(
        "Everyone who meets either of two registered definitions, by whether they meet both or "
        "one. The share in both is the share agreeing: those in both over those in either."
    ),
    counting_unit="members: people, or children in sets of proceedings, as the definitions count",
    population="Everyone in the warehouse who meets either definition",
    clock="None: whoever ever meets a definition (a cohort: in its window) is a member",
    does_not_count=(
        "whoever meets neither: agreement about them is not in the share",
        "when somebody became a member",
    ),
    censoring="None: what a source could not see is in neither definition",
    known_breaks=("Definitions on datasets that no link joins can share nobody",),
    needs=(
        Need("cafcass_england", "cms_tblperson", "WEEKOFBIRTH"),
        Need("cafcass_england", "cms_tblcaseapplication", "DATEOFAPPLICATION"),
    ),
    source=("ours; the share agreeing is Jaccard's index",),
    options_type=OverlapOptions,
    subject="data and links",
)


@metric(CARD)
def definition_overlap(warehouse: Warehouse, **options: Any) -> Measured:
    """Compare two categories, or two cohorts, on one warehouse.

    Parameters
    ----------
    warehouse
        A warehouse that holds what both definitions need.
    **options
        See `OverlapOptions`.

    Returns
    -------
    Measured
        One output: members by `membership`, with the share of all in either.

    Raises
    ------
    OptionError
        If an option is unknown, or the two do not hold the same unit.
    UsageError
        If there is no definition of a name.
    MetricError
        If the warehouse lacks what a definition needs, or nobody meets either.
    """
    chosen: OverlapOptions = CARD.read_options(options)
    first, second, keys, unit = _members(warehouse, chosen)
    met = engine.materialise(membership(first, second, keys=keys), step="comparing definitions")
    is_children = "proceeding_id" in keys
    shared = engine.count_rows(met.filter(met.membership == BOTH))
    about = About(
        card=CARD,
        options=chosen,
        unit=unit,
        population=f"Members of {chosen.first} or {chosen.second}",
        population_hash=population_hash(warehouse, CARD, chosen),
        about="children" if is_children else "people",
        family=f"{CARD.name} of {chosen.first}",
        notes=() if shared else (NOT_JOINED,),
    )
    output = mix_output(
        about,
        met,
        category="membership",
        person="person_id",
        group="proceeding_id" if is_children else None,
        units_name="members",
    )
    return Measured(CARD, chosen, {"members": output})


def _members(
    warehouse: Warehouse, options: OverlapOptions
) -> tuple[ir.Table, ir.Table, tuple[str, ...], str]:
    """The members of both definitions, what tells one from another, and what they are."""
    if options.of == COHORTS:
        pair = [declared.get(name) for name in (options.first, options.second)]
        found = [cohort.of(warehouse).table for cohort in pair]
        return found[0], found[1], ("person_id",), "people"
    both = [categories.get(name) for name in (options.first, options.second)]
    units = [one.category.unit for one in both]
    if units[0] != units[1]:
        raise OptionError(
            f"two categories are compared by one unit: {options.first} holds {units[0]}, "
            f"{options.second} {units[1]}. Compare categories of the same unit."
        )
    members = [one.members(warehouse) for one in both]
    return members[0], members[1], both[0].category.keys, units[0]
