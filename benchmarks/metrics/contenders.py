"""The package and a query by hand, asked the same, and whether they answer the same.

A query stands in `sql/<metric>.sql`: statements that prepare, then one SELECT after each line
`-- output: <name>`. Its columns are those of the package's output of that name; what the package
shows besides (intervals of shares) is not compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from justice_analysis import metrics, warehouse
from justice_analysis.metrics.estimates.result import IncidenceResult
from justice_analysis.metrics.quality.completeness import CompletenessResult

FOLDER = Path(__file__).parent / "sql"
ORDER = (
    "returning_defendants",
    "criminal_timeliness",
    "conviction",
    "open_caseload",
    "criminal_receipts_and_disposals",
    "care_timeliness",
    "divorce_stages",
    "civil_claims",
    "time_to_judgment",
    "private_law_timeliness",
    "relative_rates",
    "contact_overlap",
    "custody_spells",
    "sentencing_by_court",
    "order_outcomes",
    "completeness",
    "representation",
    "family_caseload",
)
Tables = Mapping[str, pd.DataFrame]


def queried() -> list[str]:
    """Metrics that have a query by hand, in the order to measure them."""
    found = {path.stem for path in FOLDER.glob("*.sql")}
    unknown = sorted(found - set(ORDER))
    if unknown:
        raise ValueError(f"each query must have a place in ORDER: {', '.join(unknown)} has none.")
    return [name for name in ORDER if name in found]


def ours(folder: str, metric: str) -> Tables:
    """Open the warehouse and ask the package, with its defaults."""
    result = getattr(metrics, metric)(warehouse.open(folder))
    if isinstance(result, (IncidenceResult, CompletenessResult)):
        tables = {"table": result.table}
    else:
        tables = {name: output.table for name, output in result.outputs.items()}
    flow = getattr(result, "attrition", None)
    if flow is not None:
        left = [flow.people_at_start, *(step.people for step in flow.steps)]
        tables["attrition"] = pd.DataFrame({"step": range(len(left)), "people": left})
    return tables


def by_hand(folder: str, metric: str) -> Tables:
    """The same by hand-written SQL on the warehouse's files."""
    connection = duckdb.connect(config={"preserve_insertion_order": False})
    for table in next(Path(folder).glob("gen-*")).iterdir():
        if table.is_dir() and (table / "part-0.parquet").exists():
            connection.execute(f"CREATE VIEW \"{table.name}\" AS FROM '{table}/part-0.parquet'")
    text = (FOLDER / f"{metric}.sql").read_text(encoding="utf-8")
    prepare, *parts = re.split(r"^-- output: (\w+)\n", text, flags=re.MULTILINE)
    connection.execute(prepare)
    selects = zip(parts[::2], parts[1::2], strict=True)
    return {name: connection.execute(select).df() for name, select in selects}


def differences(package: Tables, query: Tables) -> list[str]:
    """What a query has otherwise than the package; nothing where they agree."""
    return [line for name, rows in query.items() for line in _differ(name, package[name], rows)]


def _differ(name: str, package: pd.DataFrame, query: pd.DataFrame) -> list[str]:
    columns = list(query.columns)
    if missing := [column for column in columns if column not in package.columns]:
        return [f"{name}: the package has no column {', '.join(missing)}"]
    keys = [c for c in columns if not pd.api.types.is_numeric_dtype(query[c])]
    keys = keys or [c for c in ("step", "horizon_days") if c in columns]
    both = package[columns].merge(query, on=keys, how="outer", indicator=True) if keys else None
    if both is None:
        both = package[columns].merge(query, how="cross").assign(_merge="both")
    alone = both["_merge"] != "both"
    found = [f"{name}: {int(alone.sum())} rows are in one alone"] if alone.any() else []
    together = both[~alone]
    for column in set(columns) - set(keys):
        mine, theirs = (together[f"{column}_{side}"].to_numpy(float) for side in "xy")
        wrong = ~np.isclose(mine, theirs, rtol=1e-9, atol=1e-9, equal_nan=True)
        if wrong.any():
            most = np.nanmax(np.abs(mine - theirs))
            found.append(f"{name}: {column} differs in {int(wrong.sum())} rows, by up to {most:g}")
    return found
