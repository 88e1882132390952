"""How well records are linked: by id system, by size of cluster, and who is not linked.

No rate of missed or false links is published for these data. What can be seen from inside is
which records have a link, how many records make a person, and whether they agree.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.definitions import (
    Card,
    ColumnRoles,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError
from justice_analysis.metrics.people_in_cases import (
    distinct_people,
    people_in_cases,
    population_hash,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

NOT_RECORDED = "not recorded"
# Records that make a person; a person with thousands is a fault of the links more often than not.
CLUSTERS = (
    ("1", 1),
    ("2", 2),
    ("3 to 5", 5),
    ("6 to 10", 10),
    ("11 to 100", 100),
    ("101 to 1,000", 1_000),
)
LARGEST = "more than 1,000"
AGES = (("under 18", 18), ("18 to 24", 25), ("25 to 34", 35), ("35 to 49", 50), ("50 to 64", 65))
OLDEST = "65 and over"
COLUMNS = (
    "group",
    "value",
    "parties",
    "linked",
    "joined",
    "people",
    "people_joined",
    "cases",
    "linked_share",
    "joined_share",
)
DIMENSIONS = ("sex", "age", "ethnic group", "year", "role", "area")


@dataclass(frozen=True)
class LinkQualityOptions:
    """Options of `link_quality`; each names the rule it settles."""

    by: tuple[str, ...] = choice(("sex", "age", "ethnic group", "year", "role"), "groups to show")

    def __post_init__(self) -> None:
        check_choices(self)
        unknown = [str(group) for group in self.by if group not in DIMENSIONS]
        if unknown:
            raise MetricError(
                f"by must name groups among {', '.join(DIMENSIONS)}: {', '.join(unknown)} is none."
            )


CARD = Card(
    name="link_quality",
    title="Linked and not linked",
    question="Which records are linked to a person, and do those who are not differ?",
    definition=(
        "A party (a person in a case, in one role) is linked where a delivered identifier says "
        "whose record it is. It is joined to another where the same person has a further record. "
        "A cluster is all records of one person."
    ),
    counting_unit="parties: people in cases, in one role",
    population="Everyone in the cases that were loaded; companies and public bodies left out",
    clock="The year in which the case was received",
    does_not_count=(
        "wrong links: a link that joins two people looks like any other",
        "records without a case, such as those of prisons, in the shares by group",
    ),
    censoring="None: totals, not rates over time",
    known_breaks=("No rate of missed or false links is published for Data First",),
    needs=(Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),),
    source=("RECORD reporting guideline: say how good a linkage is, and for whom",),
    options_type=LinkQualityOptions,
)


@dataclass(frozen=True)
class LinkQualityResult:
    """Tables on the links of a warehouse.

    Attributes
    ----------
    table
        One row per group and value: `group`, `value`, `parties`, `linked`, `joined` (linked to
        a further record), `people` (not linked counts as one), `people_joined`, `cases` (sets of
        proceedings), `linked_share`, `joined_share`.
    systems
        One row per delivering dataset, id system and level: `records`, `people`.
    clusters
        One row per size of cluster: `size`, `people`, `records`.
    conflicts
        One row per attribute: `attribute`, `people` whose records disagree.
    """

    card: Card
    options: LinkQualityOptions
    table: pd.DataFrame
    systems: pd.DataFrame
    clusters: pd.DataFrame
    conflicts: pd.DataFrame
    population_hash: str

    def by_group(self, title: str) -> Output:
        """Share of people in cases who have a further record, by group, as an output."""
        roles = ColumnRoles(
            people="people",
            numerator="joined",
            denominator="parties",
            estimate=("joined_share",),
            cases="cases",  # brothers and sisters, and co-defendants, share one
            people_behind={"parties": "people", "joined": "people_joined"},
        )
        columns = ["group", "value", *roles.counts, *roles.statistics, *roles.evidence]
        return self._output(title, self.table[columns], ("group", "value"), roles, roles.statistics)

    def by_cluster(self, title: str) -> Output:
        """People by the number of their records, as an output."""
        roles = ColumnRoles(
            people="people", count=("records",), people_behind={"records": "people"}
        )
        clusters = self._output(title, self.clusters, ("size",), roles)
        # Linked people have records outside cases too: they are not the people in cases.
        return dataclasses.replace(clusters, population_hash=f"{self.population_hash}:linked")

    def _output(
        self,
        title: str,
        table: pd.DataFrame,
        dimensions: tuple[str, ...],
        roles: ColumnRoles,
        shares: tuple[str, ...] = (),
    ) -> Output:
        return Output(
            kind="estimates" if shares else "table",
            title=title,
            table=table,
            dimensions=dimensions,
            roles=roles,
            unit="people in cases",
            population=CARD.population,
            population_hash=self.population_hash,
            card=CARD.name,
            options={"by": list(self.options.by)},
            shares=shares,
        )


@metric(CARD)
def link_quality(
    warehouse: Warehouse, *, by: tuple[str, ...] = LinkQualityOptions().by
) -> LinkQualityResult:
    """Describe the links of a warehouse: who is linked, to how many records, and who is not.

    Parameters
    ----------
    warehouse
        Any with parties.
    by
        Groups of which to show linked shares: `sex`, `age` (at receipt of the case, from year
        and month of birth), `ethnic group`, `year`, `role`, `area`.

    Raises
    ------
    MetricError
        If the warehouse has no parties, or a group is unknown.
    """
    options = CARD.read_options({"by": by})
    parties = engine.materialise(_parties(warehouse), step="parties and their links")
    if engine.count_rows(parties) == 0:
        raise MetricError("link_quality needs people in cases: the warehouse has none.")
    return LinkQualityResult(
        card=CARD,
        options=options,
        table=_shares(parties, options.by),
        systems=_systems(warehouse.link),
        clusters=_clusters(warehouse.link),
        conflicts=_conflicts(warehouse),
        population_hash=population_hash(warehouse),
    )


def _records_of_people(link: ir.Table) -> ir.Table:
    """One row per linked person: `person_id`, `records`."""
    linked = link.filter(link.person_id.notnull())
    return linked.group_by("person_id").aggregate(records=linked.record_id.nunique())


def _parties(warehouse: Warehouse) -> ir.Table:
    """One row per party that is a person, with the groups and whether it is linked."""
    joined = people_in_cases(warehouse)
    sizes = _records_of_people(warehouse.link)
    joined = joined.left_join(sizes, "person_id").drop("person_id_right")
    years = engine.years_between(joined.received_date, joined.birth_month)
    return joined.select(
        "party_id",
        "person_id",
        "proceeding_id",
        joined=(joined.records > 1).fill_null(False),
        **{
            "sex": joined.sex,
            "age": _band(years, AGES, OLDEST),
            "ethnic group": joined.ethnicity_group,
            "year": joined.received_date.year().cast("string"),
            "role": joined.role,
            "area": joined.area_id,
        },
    )


def _band(number: ir.IntegerValue, bands: tuple[tuple[str, int], ...], last: str) -> ir.StringValue:
    """Label of the first band whose end the number lies below; missing stays missing."""
    below = [(number < end, label) for label, end in bands]
    return ibis.cases(*below, (number.notnull(), last), else_=ibis.null("string"))


def _shares(parties: ir.Table, by: tuple[str, ...]) -> pd.DataFrame:
    found = [_shares_of(parties, name) for name in by]
    table = engine.execute(engine.union(*found), step="links by group")
    ages = [label for label, _ in AGES] + [OLDEST]
    places = {label: f"{at:02d}" for at, label in enumerate(ages)} | {NOT_RECORDED: "~"}
    table = table.assign(
        _group=table["group"].map(by.index), _value=table["value"].map(lambda v: places.get(v, v))
    )
    ordered = table.sort_values(["_group", "_value"], ignore_index=True)
    return ordered.drop(columns=["_group", "_value"])


def _shares_of(parties: ir.Table, name: str) -> ir.Table:
    grouped = parties.group_by(value=parties[name].fill_null(NOT_RECORDED)).aggregate(
        parties=parties.count(),
        linked=parties.person_id.count(),
        joined=parties.joined.sum(),
        people=distinct_people(parties),
        people_joined=distinct_people(parties, parties.joined),
        cases=parties.proceeding_id.nunique(),
    )
    return grouped.mutate(
        group=ibis.literal(name),
        linked_share=engine.divide(grouped.linked, grouped.parties),
        joined_share=engine.divide(grouped.joined, grouped.parties),
    ).select(*COLUMNS)


def _systems(link: ir.Table) -> pd.DataFrame:
    counted = link.group_by("source", "id_system", "level").aggregate(
        records=link.record_id.nunique(), people=link.person_id.nunique()
    )
    return engine.execute(
        counted.order_by("source", "id_system", "level"), step="links by id system"
    )


def _clusters(link: ir.Table) -> pd.DataFrame:
    """People by the number of their records, smallest clusters first, where there are any."""
    sizes = _records_of_people(link)
    upto = [(sizes.records <= end, label) for label, end in CLUSTERS]
    banded = sizes.mutate(size=ibis.cases(*upto, else_=LARGEST))
    counted = banded.group_by("size").aggregate(people=banded.count(), records=banded.records.sum())
    table = engine.execute(counted, step="sizes of clusters")
    order = [label for label, _ in CLUSTERS] + [LARGEST]
    return table.sort_values("size", key=lambda size: size.map(order.index), ignore_index=True)


def _conflicts(warehouse: Warehouse) -> pd.DataFrame:
    """People whose records disagree, as counted when the records were made people."""
    found = warehouse.quality["people"]["people_whose_records_disagree"]
    return pd.DataFrame({"attribute": list(found), "people": list(found.values())})
