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


def read_truth(truth: pd.DataFrame | Path | str, *, name: str) -> pd.DataFrame:
    """Who each participant is.

    Parameters
    ----------
    truth
        One row per participant and identity of theirs, or a file of them (Parquet or CSV):
        `participant` (row of the list), `population_id` (missing for who is not in the
        population). Or the folder of a synthetic world's truth.
    name
        Of the list, for the rows of a synthetic world's truth.

    Returns
    -------
    DataFrame
        `participant`, `population_id` (text), one row each or several.
    """
    import pandas as pd

    if not isinstance(truth, pd.DataFrame):
        truth = _read(Path(truth), name)
    lacking = [each for each in ("participant", "population_id") if each not in truth.columns]
    if lacking:
        raise SourceError(f"truth must have the columns {', '.join(lacking)}, and has them not.")
    ids = truth["population_id"]
    if ids.dtype.kind == "f":
        ids = ids.astype("Int64")
    return pd.DataFrame(
        {
            "participant": truth["participant"].astype("int64"),
            "population_id": ids.astype("string").astype(object).where(ids.notna(), None),
        }
    )


def _read(path: Path, name: str) -> pd.DataFrame:
    import pandas as pd

    if not path.is_dir():
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    tables = [path / f"{each}.parquet" for each in ("participant", "identity")]
    if not all(table.exists() for table in tables):
        raise SourceError(f"{path.name} must hold a synthetic world's truth: it has no lists.")
    listed, identity = (pd.read_parquet(table) for table in tables)
    mine = listed.loc[listed["programme"] == name, ["row_number", "person_id"]]
    both = mine.merge(identity, on="person_id", how="left")
    return both.rename(columns={"row_number": "participant"})[["participant", "population_id"]]


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
        and `recall` (people rightly linked of those who are in the population).
    """
    import pandas as pd

    asked = chosen.select("participant", "population_id", "match_probability", "outcome")
    rows = engine.execute(asked, step="thresholds")
    if truth is not None:
        rows = _with_truth(rows, truth)
    there = 0 if truth is None else rows["true_person"].nunique()
    linked = rows[rows["outcome"].isin([MATCHED, BELOW])]
    found = []
    for threshold in sorted({*THRESHOLDS, settings_threshold}):
        above = linked[linked["match_probability"] >= threshold]
        row: dict[str, float | None] = {"threshold": threshold, "links": len(above)}
        if truth is not None:
            right = int(above["is_right"].sum())
            people = above.loc[above["is_right"], "true_person"].nunique()
            row |= {
                "true_links": right,
                "precision": right / len(above) if len(above) else None,
                "recall": people / there if there else None,
            }
        found.append(row)
    return pd.DataFrame(found)


def _with_truth(rows: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Participants of whom truth is known: the person they are, and whether the link is right."""
    person = truth.groupby("participant")["population_id"].min().rename("true_person")
    known = rows.merge(person, left_on="participant", right_index=True, how="inner")
    pairs = set(zip(truth["participant"], truth["population_id"], strict=True))
    given = zip(known["participant"], known["population_id"], strict=True)
    return known.assign(is_right=[pair in pairs for pair in given])
