"""Contenders for `recurrence` on one warehouse: the package, plain pandas, SQL by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks import curves_by_hand
from benchmarks.pandas_version import recurrence as in_pandas
from justice_analysis import metrics, warehouse

ASKED = {
    "defaults": {"clock": "issue", "endpoint": "any"},
    "from the final order, with a new child": {"clock": "final_order", "endpoint": "new_child"},
}
SQL = (Path(__file__).parent / "recurrence.sql").read_text(encoding="utf-8")
# What the second question adds to the first.
ORDERS = {
    "final_order": ", max(day) AS final_order",
    "join_orders": """LEFT JOIN (
        SELECT case_id, max(decision_date) AS day FROM decision JOIN matter USING (matter_id)
        WHERE is_final AND decision_type = 'legal_order' GROUP BY case_id
    ) USING (case_id)""",
    "columns": "max(final_order) AS final_order, max(birth) AS youngest",
    "join_births": """LEFT JOIN (
        SELECT person_id AS child_id,
            coalesce(min(event_date), last_day(any_value(birth_month))) AS birth
        FROM person LEFT JOIN (
            SELECT person_id, event_date FROM event WHERE event_type = 'birth'
        ) USING (person_id) GROUP BY person_id
    ) USING (child_id)""",
    "start": "nullif(arg_min(coalesce(final_order, DATE 'infinity'), issue_date), DATE 'infinity')",
    "endpoint": "AND youngest >= index_issue",
}
NO_ORDERS = {
    "final_order": "",
    "join_orders": "",
    "columns": "count(*) AS children",
    "join_births": "",
    "start": "min(issue_date)",
    "endpoint": "",
}


def ours(folder: str, clock: str, endpoint: str) -> dict[str, Any]:
    """Open the warehouse and ask the package."""
    result = metrics.recurrence(warehouse.open(folder), clock=clock, endpoint=endpoint)
    flow, rows = result.attrition, result.table
    left = [flow.people_at_start, *(step.people for step in flow.steps)]
    return {
        "attrition": left,
        "counts_by_day": curves_by_hand.digest(result.curve),
        "estimates": rows[["horizon_days", "estimate", "lower", "upper"]]
        .round(9)
        .to_numpy()
        .tolist(),
    }


def pandas(folder: str, clock: str, endpoint: str) -> dict[str, Any]:
    """The same from the warehouse's files in plain pandas."""
    return in_pandas.recurrence(_generation(folder), clock=clock, endpoint=endpoint)


def sql(folder: str, clock: str, endpoint: str) -> dict[str, Any]:
    """The same by one hand-written query on the warehouse's files."""
    connection = duckdb.connect(config={"preserve_insertion_order": False})
    for table in _generation(folder).iterdir():
        if table.is_dir() and (table / "part-0.parquet").exists():
            connection.execute(f"CREATE VIEW \"{table.name}\" AS FROM '{table}/part-0.parquet'")
    parts = NO_ORDERS if clock == "issue" else ORDERS
    connection.execute(SQL.format(**parts))
    steps = ["TRUE", "looked_back", *["has_start"] * (clock == "final_order"), "day > 0"]
    sums = ", ".join(
        f"count(*) FILTER ({' AND '.join(steps[: number + 1])})" for number in range(len(steps))
    )
    attrition = connection.execute(f"SELECT {sums} FROM followed").fetchall()[0]
    days = connection.execute(
        "SELECT day, count(*) FILTER (seen) AS events, count(*) FILTER (NOT seen) AS censored "
        "FROM followed WHERE looked_back AND has_start AND day > 0 GROUP BY day ORDER BY day"
    ).df()
    return curves_by_hand.outcome(attrition, days)


def _generation(folder: str) -> Path:
    return next(Path(folder).glob("gen-*"))
