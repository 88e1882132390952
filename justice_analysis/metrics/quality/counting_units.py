"""Counting units: cases, defendants, people and records on one page, and why they differ.

Courts count cases, prosecutors count defendants and the ministry counts people. Each total
here leads to the next by named differences that add up exactly.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.definitions import (
    Card,
    Chart,
    ColumnRoles,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.people_in_cases import distinct_people, is_body

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

TOTAL, ADDED, TAKEN = "total", "added", "taken away"
COLUMNS = ("group", "number", "line", "is", "count", "people")
PARTIES = {"criminal": "defendants in cases", "civil": "parties in cases"}
ANY_PARTIES = "people and bodies in cases"
CASES, PROCEEDINGS = "cases", "sets of proceedings"
MERGED = "cases that are one set of proceedings with another"
BODIES, NOT_LINKED = "companies and public bodies", "not linked, each counted as one person"
AGAIN = "further cases or roles of the same person"
LEAVE = (BODIES, NOT_LINKED)
"""Differences that take people (or bodies) away, not only counts of them."""


@dataclass(frozen=True)
class CountingUnitsOptions:
    """Options of `counting_units`; each names the rule it settles."""

    by: str = choice("jurisdiction", "what to show apart", "jurisdiction", "source")

    def __post_init__(self) -> None:
        check_choices(self)


CARD = Card(
    name="counting_units",
    title="Cases, defendants, people and records",
    question="How many cases, defendants, people and records are there, and why do they differ?",
    definition=(
        "A case is one case number in one court's system. A set of proceedings is the cases that "
        "one dispute has in several systems or courts. A defendant (in family and civil courts, a "
        "party) is one person or body in one case. A person is a cluster of linked records; a "
        "party that is not linked counts as one person. Each total leads to the next by the "
        "differences between them, which add up exactly."
    ),
    counting_unit="each unit beside the others",
    population="Every case that was loaded, and everyone in it",
    clock="None: everything in the extract",
    does_not_count=("rows that the load set aside; the ledger has them",),
    censoring="None: totals, not rates",
    known_breaks=(
        "Two systems that hold the same case count as two cases and, where the rule finds it, as "
        "one set of proceedings",
        "A missed link makes two people of one; a false link one of two",
    ),
    needs=(Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),),
    source=("the differences between published counts, as named in the design of this package",),
    options_type=CountingUnitsOptions,
)


@dataclass(frozen=True)
class CountingUnitsResult:
    """Totals and the differences between them.

    Attributes
    ----------
    table
        One row per group and line: `group`, `number` (order), `line`, `is` (total, added or
        taken away), `count`, `people` (distinct people behind the count, where they are counted;
        a party without a link counts as one, and so does a company or public body).
    """

    card: Card
    options: CountingUnitsOptions
    table: pd.DataFrame
    population_hash: str

    def parties_to_people(self, title: str, group: str) -> Output:
        """From parties to people who are linked, as steps that fall: an output."""
        first = PARTIES.get(group, ANY_PARTIES)
        return self._flow(title, group, first, (BODIES, AGAIN, NOT_LINKED))

    def cases_to_proceedings(self, title: str, group: str) -> Output:
        """From cases to sets of proceedings, as steps that fall: an output."""
        return self._flow(title, group, CASES, (MERGED,))

    def _flow(self, title: str, group: str, first: str, taken: tuple[str, ...]) -> Output:
        """Steps that only fall: of those, disclosure control can judge each small loss."""
        lines = self.table[self.table["group"] == group].set_index("line")
        if lines.empty:
            raise OptionError(f"by {self.options.by} there is no {group} here: see the table.")
        aside = [0, *(int(lines["count"][line]) for line in taken)]
        people_aside = [0, *(int(lines["people"][line]) for line in taken)]
        people = int(lines["people"][first])
        # Who is in a further role, or in a case of the same set, is still counted after it.
        gone = [0, *(int(lines["people"][line]) if line in LEAVE else 0 for line in taken)]
        table = pd.DataFrame(
            {
                "step": [first, *(f"less {line}" for line in taken)],
                "left": [int(lines["count"][first]) - lost for lost in accumulate(aside)],
                "set_aside": aside,
                "people": [people - lost for lost in accumulate(gone)],
                "people_set_aside": people_aside,
            }
        )
        return Output(
            kind="attrition",
            title=title,
            table=table,
            dimensions=("step",),
            roles=ColumnRoles(
                people="people",
                count=("left", "set_aside"),
                people_behind={"left": "people", "set_aside": "people_set_aside"},
            ),
            unit=first,
            population=f"{CARD.population} ({group})",
            population_hash=f"{self.population_hash}:{group}:{first}",
            card=CARD.name,
            chart=Chart(form="flow", x="step", y="left"),
            options={"by": self.options.by},
        )


@metric(CARD)
def counting_units(warehouse: Warehouse, *, by: str = "jurisdiction") -> CountingUnitsResult:
    """Reconcile cases, sets of proceedings, parties, people and records.

    Parameters
    ----------
    warehouse
        Any with cases.
    by
        `jurisdiction` or `source` (dataset).

    Raises
    ------
    MetricError
        If the warehouse has no cases.
    """
    options = CARD.read_options({"by": by})
    counts = _counts(warehouse, options.by)
    if counts.empty:
        raise MetricError("counting_units needs cases: the warehouse has none.")
    lines = [line for row in counts.to_dict("records") for line in _lines(row)]
    table = pd.DataFrame(lines, columns=list(COLUMNS)).astype({"count": int, "people": "Int64"})
    return CountingUnitsResult(CARD, options, table, f"{warehouse.fingerprint}:{CARD.name}")


def _counts(warehouse: Warehouse, by: str) -> pd.DataFrame:
    """One row per group: every number that the lines are made of."""
    cases = warehouse.case.mutate(group=warehouse.case[by])
    parties = _parties(warehouse.party, cases)
    of_cases = cases.group_by("group").aggregate(
        cases=cases.count(), proceedings=cases.proceeding_id.nunique()
    )
    of_parties = parties.group_by("group").aggregate(
        parties=parties.count(),
        bodies=parties.is_body.sum(),
        distinct_bodies=parties.organisation_id.nunique(where=parties.is_body),
        cases_with_parties=parties.case_id.nunique(),
        linked_parties=parties.person_id.count(),
        linked_people=parties.person_id.nunique(),
        records=parties.record_id.nunique(),
        linked_records=parties.person_id.notnull().ifelse(parties.record_id, None).nunique(),
    )
    matters = warehouse.matter.inner_join(cases.select("case_id", "group"), "case_id")
    of_matters = matters.group_by("group").aggregate(
        matters=matters.count(), cases_with_matters=matters.case_id.nunique()
    )
    joined = of_cases
    for counted in (of_parties, of_matters, _repeats(parties), _merged(cases, parties)):
        joined = joined.left_join(counted, "group").drop("group_right")
    found = engine.execute(joined.order_by("group"), step="counting units")
    return found.fillna(dict.fromkeys(found.columns.drop("group"), 0))


def _parties(party: ir.Table, cases: ir.Table) -> ir.Table:
    """Parties with the group of their case, and whether they are bodies rather than people."""
    joined = party.inner_join(cases.select("case_id", "group"), "case_id")
    kept = ("group", "case_id", "person_id", "record_id", "organisation_id")
    return joined.select(*kept, is_body=is_body(joined))


def _repeats(parties: ir.Table) -> ir.Table:
    """People who are parties more than once."""
    times = parties.filter(parties.person_id.notnull())
    times = times.group_by("group", "person_id").aggregate(times=ibis._.count())
    more = times.filter(times.times > 1)
    return more.group_by("group").aggregate(people_again=more.count())


def _merged(cases: ir.Table, parties: ir.Table) -> ir.Table:
    """People in the cases that stand in one set with another; bodies left out."""
    sizes = cases.group_by("group", "proceeding_id").aggregate(size=ibis._.count())
    sets = sizes.filter(sizes["size"] > 1).select("group", "proceeding_id")
    merged = cases.semi_join(sets, ["group", "proceeding_id"]).select("case_id")
    people = parties.filter(~parties.is_body).semi_join(merged, "case_id")
    return people.group_by("group").aggregate(people_merged=distinct_people(people))


def _lines(row: Mapping[Hashable, Any]) -> list[tuple[object, ...]]:
    """The page of one group: totals in bold, differences between them."""
    unlinked = row["parties"] - row["bodies"] - row["linked_parties"]
    people = row["linked_people"] + unlinked
    linked = row["linked_people"]
    empty = row["cases"] - row["cases_with_parties"]
    merged = (row["cases"] - row["proceedings"], row["people_merged"])
    parties = PARTIES.get(str(row["group"]), ANY_PARTIES)
    own_matters = row["matters"] - row["cases_with_matters"]
    said = [
        ("matters (charges, children in applications, claims)", TOTAL, row["matters"], people),
        ("further matters in the same case", TAKEN, own_matters, None),
        ("cases without a matter", ADDED, row["cases"] - row["cases_with_matters"], None),
        (CASES, TOTAL, row["cases"], people),
        (MERGED, TAKEN, *merged),
        (PROCEEDINGS, TOTAL, row["proceedings"], people),
        ("cases that were put together", ADDED, *merged),
        (
            "further parties in the same case",
            ADDED,
            row["parties"] - row["cases_with_parties"],
            None,
        ),
        ("cases in which nobody is named", TAKEN, empty, 0),
        (parties, TOTAL, row["parties"], people + row["distinct_bodies"]),
        (BODIES, TAKEN, row["bodies"], row["distinct_bodies"]),
        (AGAIN, TAKEN, row["linked_parties"] - linked, row["people_again"]),
        ("people", TOTAL, people, people),
        (NOT_LINKED, TAKEN, unlinked, unlinked),
        ("people who are linked", TOTAL, linked, linked),
        ("further records of the same person", ADDED, row["linked_records"] - linked, None),
        ("records without a link", ADDED, row["records"] - row["linked_records"], None),
        ("records of people in cases", TOTAL, row["records"], people),
    ]
    return [
        (row["group"], number, line, kind, count, behind)
        for number, (line, kind, count, behind) in enumerate(said, start=1)
    ]
