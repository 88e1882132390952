"""What a load reports, as outputs: who was loaded, the ledger, what was mended, what is wrong.

None of these is exempt from disclosure control. Who was loaded is counted in people and can be
judged. The ledger and the checks count delivered rows: how many people stand behind them isn't
known (rows set aside have no person), so their outputs say `records` and a person must look at
them wherever people are protected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from justice_analysis import engine
from justice_analysis.definitions import ColumnRoles, Output
from justice_analysis.errors import MetricError
from justice_analysis.metrics.people_in_cases import (
    distinct_people,
    people_in_cases,
    population_hash,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

TIMELINESS = "timeliness"
"""Aspect of quality that is in months, not in rows."""


def loaded_output(warehouse: Warehouse, *, title: str = "Who was loaded") -> Output:
    """People in cases by dataset, with the sets of proceedings behind them, as an output.

    Returns
    -------
    Output
        One row per dataset: `people` (distinct; a party without a link counts as one, bodies
        are left out), `parties`, and `cases` as evidence.

    Raises
    ------
    MetricError
        If the warehouse has no people in cases.
    """
    parties = people_in_cases(warehouse)
    counted = parties.group_by(dataset=parties.source).aggregate(
        people=distinct_people(parties),
        parties=parties.count(),
        cases=parties.proceeding_id.nunique(),
    )
    table = engine.execute(counted.order_by("dataset"), step="people loaded by dataset")
    if table.empty:
        raise MetricError("who was loaded needs people in cases: the warehouse has none.")
    return Output(
        kind="table",
        title=title,
        table=table,
        dimensions=("dataset",),
        roles=ColumnRoles(
            people="people", count=("parties",), cases="cases", people_behind={"parties": "people"}
        ),
        unit="people in cases",
        population="Everyone in the cases that were loaded; companies and public bodies left out",
        population_hash=population_hash(warehouse),
    )


def ledger_output(warehouse: Warehouse, *, title: str = "What became of every row") -> Output:
    """Rows delivered, kept and set aside by dataset and table, as an output about records."""
    totals = warehouse.ledger.totals()
    rows = [
        (dataset, table, total["rows_in"], total["rows_kept"], sum(total["set_aside"].values()))
        for (dataset, table), total in totals.items()
    ]
    columns = ["dataset", "table", "rows_delivered", "rows_kept", "rows_set_aside"]
    return _of_records(warehouse, title, pd.DataFrame(rows, columns=columns), ("dataset", "table"))


def set_aside_output(warehouse: Warehouse, *, title: str = "Why rows were set aside") -> Output:
    """Rows set aside by dataset, table and reason, as an output about records."""
    rows = [
        (dataset, table, reason, total["rows_in"], count)
        for (dataset, table), total in warehouse.ledger.totals().items()
        for reason, count in total["set_aside"].items()
    ]
    columns = ["dataset", "table", "reason", "rows_delivered", "rows_set_aside"]
    found = pd.DataFrame(rows, columns=columns)
    return _of_records(warehouse, title, found, ("dataset", "table", "reason"))


def cleaning_output(warehouse: Warehouse, *, title: str = "What was mended") -> Output:
    """Rows that a rule of cleaning changed, by dataset and table, as an output about records."""
    delivered = {place: total["rows_in"] for place, total in warehouse.ledger.totals().items()}
    found = pd.DataFrame(
        warehouse.quality["cleaning"], columns=["dataset", "table", "rule", "rows"]
    ).rename(columns={"rows": "rows_changed"})
    names = ["dataset", "table", "rule"]
    found = found.groupby(names, sort=False)[["rows_changed"]].sum().reset_index()
    places = zip(found["dataset"], found["table"], strict=True)
    found.insert(3, "rows_delivered", [delivered.get(place, 0) for place in places])
    return _of_records(warehouse, title, found, tuple(names))


def checks_output(warehouse: Warehouse, *, title: str = "What the checks found") -> Output:
    """Rows with a fault by dataset, table, field, year and fault, as an output about records."""
    found = warehouse.quality_table()
    found = found[found["aspect"] != TIMELINESS]
    names = ["dataset", "table", "field", "year", "measure"]
    found = found.rename(columns={"rows": "rows_delivered", "count": "rows_with_the_fault"})
    counts = ["rows_delivered", "rows_with_the_fault"]
    found = found.groupby(names, sort=False)[counts].sum().reset_index()
    return _of_records(warehouse, title, found, tuple(names))


def _of_records(
    warehouse: Warehouse, title: str, table: pd.DataFrame, dimensions: tuple[str, ...]
) -> Output:
    counts = [name for name in table.columns if name not in dimensions]
    if table.empty:
        raise MetricError(f"{title.lower()}: there is nothing to show, since no row is counted.")
    return Output(
        kind="table",
        title=title,
        table=table,
        dimensions=dimensions,
        roles=ColumnRoles(people=counts[0], count=tuple(counts[1:])),
        unit="rows of the delivered data",
        population="Every row that was delivered",
        population_hash=f"{warehouse.fingerprint}:rows",
        notes=("Rows are counted, not people.",),
        about="records",
    )
