"""What each threshold would give: links, and where truth is known how many are right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import SourceError
from justice_analysis.linkage.participants.choosing import BELOW, MATCHED

if TYPE_CHECKING:
    import pandas as pd

THRESHOLDS = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999)


def read_truth(truth: pd.DataFrame | Path | str) -> pd.DataFrame:
    """Who each participant is: `participant` (row of the list) and `population_id` (text).

    A participant who is not in the population has no `population_id`.
    """
    import pandas as pd

    if not isinstance(truth, pd.DataFrame):
        path = Path(truth)
        read = pd.read_parquet if path.suffix == ".parquet" else pd.read_csv
        truth = read(path)
    lacking = [name for name in ("participant", "population_id") if name not in truth.columns]
    if lacking:
        raise SourceError(f"truth must have the column {' and '.join(lacking)}, and has it not.")
    ids = truth["population_id"]
    if ids.dtype.kind == "f":
        ids = ids.astype("Int64")
    return pd.DataFrame(
        {
            "participant": truth["participant"].astype("int64"),
            "population_id": ids.astype("string").astype(object).where(ids.notna(), None),
        }
    )


def threshold_table(
    chosen: ir.Table, *, settings_threshold: float, truth: pd.DataFrame | None
) -> pd.DataFrame:
    """Links at each threshold, ties and people found again left out.

    Parameters
    ----------
    chosen
        One row per participant, as `choose` gives.
    settings_threshold
        The threshold in use, which gets a row of its own.
    truth
        As `read_truth` gives; participants that it does not name are left out.

    Returns
    -------
    DataFrame
        `threshold`, `links`; with truth also `true_links`, `precision` (right of those linked)
        and `recall` (right of those who are in the population).
    """
    import pandas as pd

    linked = chosen.filter(chosen.outcome.isin([MATCHED, BELOW]))
    rows = engine.execute(
        linked.select("participant", "population_id", "match_probability"), step="thresholds"
    )
    if truth is not None:
        known = truth.rename(columns={"population_id": "true_id"})
        rows = rows.merge(known, on="participant", how="inner")
    found = []
    for threshold in sorted({*THRESHOLDS, settings_threshold}):
        above = rows[rows["match_probability"] >= threshold]
        row = {"threshold": threshold, "links": len(above)}
        if truth is not None:
            right = int((above["population_id"] == above["true_id"]).sum())
            there = int(truth["population_id"].notna().sum())
            row |= {
                "true_links": right,
                "precision": right / len(above) if len(above) else None,
                "recall": right / there if there else None,
            }
        found.append(row)
    return pd.DataFrame(found)
