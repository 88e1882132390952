"""How much of what describes people in cases is recorded, by dataset and by year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import contracts, engine
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
from justice_analysis.errors import JusticeError, MetricError, OptionError
from justice_analysis.metrics.people_in_cases import (
    distinct_people,
    people_in_cases,
    population_hash,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

ITEMS = {
    "sex": "sex",
    "month of birth": "birth_month",
    "ethnic group": "ethnicity_group",
    "area of the case": "area_id",
    "link to a person": "person_id",
}
COLUMNS = (
    "dataset",
    "year",
    "item",
    "parties",
    "recorded",
    "people",
    "people_recorded",
    "cases",
    "recorded_share",
)
UNDATED = "not dated"
PEOPLE_WITH = "people with "


@dataclass(frozen=True)
class CompletenessOptions:
    """Options of `completeness`; each names the rule it settles."""

    by: str = choice("dataset", "what to show apart", "dataset", "year")

    def __post_init__(self) -> None:
        check_choices(self)


CARD = Card(
    name="completeness",
    title="Recorded and not recorded",
    question="For how many people in cases is sex, age, ethnic group, area or a link recorded?",
    definition=(
        "An item is recorded for a party (a person in a case, in one role) where the load read a "
        "value for it: placeholders and impossible values are not recorded. An item that a "
        "dataset records for nobody is left out."
    ),
    counting_unit="parties: people in cases, in one role",
    population="Everyone in the cases that were loaded; companies and public bodies left out",
    clock="The year in which the case was received",
    does_not_count=(
        "values that are recorded and wrong",
        "what another record of the same person says",
    ),
    censoring="None: totals, not rates over time",
    known_breaks=(
        "Self-defined ethnicity is missing far more often in some courts and years than others",
    ),
    needs=(Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),),
    source=("RECORD reporting guideline: say how complete the data are, and for whom",),
    options_type=CompletenessOptions,
)


@dataclass(frozen=True)
class CompletenessResult:
    """Shares recorded.

    Attributes
    ----------
    table
        One row per dataset, year (where asked for) and item: `dataset`, `year`, `item`,
        `parties`, `recorded`, `people` (not linked counts as one), `people_recorded` (with the
        item), `cases` (sets of proceedings), `recorded_share`.
    """

    card: Card
    options: CompletenessOptions
    table: pd.DataFrame
    population_hash: str

    def of_item(self, title: str, item: str) -> Output:
        """Shares of one item, by dataset or by dataset and year, as an output.

        Raises
        ------
        OptionError
            If no dataset records the item.
        """
        table = self.table[self.table["item"] == item].drop(columns="item")
        if table.empty:
            raise OptionError(f"no dataset here records {item}: see the table.")
        if self.options.by == "dataset":
            table = table.drop(columns="year")
        dimensions = ("dataset", "year") if self.options.by == "year" else ("dataset",)
        # Named after its item: disclosure control takes counts of one name for one count.
        recorded = f"{item.replace(' ', '_')}_recorded"
        roles = ColumnRoles(
            people="people",
            numerator=recorded,
            denominator="parties",
            estimate=("recorded_share",),
            cases="cases",  # brothers and sisters, and co-defendants, share one
            people_behind={"parties": "people", recorded: "people_recorded"},
        )
        return Output(
            kind="estimates",
            title=title,
            table=table.rename(columns={"recorded": recorded}).reset_index(drop=True),
            dimensions=dimensions,
            roles=roles,
            unit="people in cases",
            population=CARD.population,
            population_hash=self.population_hash,
            card=CARD.name,
            chart=self._chart(),
            options={"by": self.options.by, "item": item},
            shares=("recorded_share",),
        )

    def _chart(self) -> Chart | None:
        if self.options.by == "year":
            return None
        return Chart(
            form="bars", x="dataset", y="recorded_share", y_title="Share recorded", percent=True
        )


@metric(CARD)
def completeness(warehouse: Warehouse, *, by: str = "dataset") -> CompletenessResult:
    """Count for how many people in cases each item is recorded.

    Parameters
    ----------
    warehouse
        Any with parties.
    by
        `dataset`, or `year` for each dataset by year of receipt.

    Raises
    ------
    MetricError
        If the warehouse has no parties.
    """
    options = CARD.read_options({"by": by})
    counted = engine.execute(_counted(warehouse, by=options.by), step="completeness")
    if counted.empty:
        raise MetricError("completeness needs people in cases: the warehouse has none.")
    counted["dataset"] = counted["source"].map(_short_titles(counted["source"]))
    if options.by == "year":
        # In words, since disclosure control takes plain numbers for horizons of the same people.
        counted["year"] = ("in " + counted["year"]).fillna(UNDATED)
    long = _one_row_per_item(counted)
    long = long[long.groupby(["dataset", "item"])["recorded"].transform("sum") > 0]
    long["recorded_share"] = long["recorded"] / long["parties"]
    order = long.assign(item=long["item"].map(list(ITEMS).index)).sort_values(
        ["item", "dataset", "year"]
    )
    table = long.loc[order.index, list(COLUMNS)].reset_index(drop=True)
    return CompletenessResult(CARD, options, table, population_hash(warehouse))


def _counted(warehouse: Warehouse, *, by: str) -> ir.Table:
    """One row per source and year: parties, people, cases; parties and people with each item."""
    joined = people_in_cases(warehouse)
    received = joined.received_date.year().cast("string")
    year = received if by == "year" else ibis.literal("all")
    return joined.group_by(source=joined.source, year=year).aggregate(
        parties=joined.count(),
        people=distinct_people(joined),
        cases=joined.proceeding_id.nunique(),
        **{name: joined[column].count() for name, column in ITEMS.items()},
        **{
            PEOPLE_WITH + name: distinct_people(joined, joined[column].notnull())
            for name, column in ITEMS.items()
        },
    )


def _one_row_per_item(counted: pd.DataFrame) -> pd.DataFrame:
    same = ["dataset", "year", "parties", "people", "cases"]
    parts = [
        counted[same].assign(
            item=name, recorded=counted[name], people_recorded=counted[PEOPLE_WITH + name]
        )
        for name in ITEMS
    ]
    return pd.concat(parts, ignore_index=True)


def _short_titles(names: pd.Series[str]) -> dict[str, str]:
    return {name: _short_title(name) for name in names.unique()}


def _short_title(name: str) -> str:
    try:
        return contracts.load(name).short_title
    except JusticeError:
        return name
