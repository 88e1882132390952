"""Targets beside what was planted and what the truth of a world shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from justice_analysis.errors import SourceError
from justice_analysis.synthetic.criminal.targets import convicted_young, criminal_targets
from justice_analysis.synthetic.parameters import AGE_GROUPS
from justice_analysis.synthetic.people import DAYS_PER_YEAR
from justice_analysis.synthetic.schools.truth import pupil_targets

_WINDOW_ENDS = np.datetime64("2016-04-01")


def return_probability(
    time_days: np.ndarray, cause: np.ndarray, years: float
) -> tuple[float, float, int, int]:
    """Probability of a return of cause 1 by so many years, its standard error, people, returns.

    Parameters
    ----------
    time_days
        Shape (n,): whole days to the return or to the extract.
    cause
        Shape (n,): 0 censored, 1 the return asked about, 2 another return.

    Notes
    -----
    Aalen-Johansen (with no cause 2 it is one minus Kaplan-Meier); a return on the day of
    censoring counts first. The standard error is Greenwood's, from the effective number at risk.
    """
    horizon = int(years * DAYS_PER_YEAR)
    size = horizon + 2
    clipped = np.minimum(time_days, horizon + 1)
    asked, any_return = (
        np.bincount(clipped[chosen], minlength=size) for chosen in (cause == 1, cause > 0)
    )
    at_risk = np.maximum(np.cumsum(np.bincount(clipped, minlength=size)[::-1])[::-1], 1)
    survival = np.cumprod(1 - any_return / at_risk)
    before = np.concatenate([[1.0], survival[:-1]])
    estimate = float(np.sum((before * asked / at_risk)[: horizon + 1]))
    left = np.maximum(at_risk - any_return, 1)
    greenwood = float(np.sum((any_return / at_risk / left)[: horizon + 1]))
    still = max(float(survival[horizon]), 1e-9)
    effective = (1 - still) / (still * greenwood) if greenwood else len(time_days)
    error = float(np.sqrt(estimate * (1 - estimate) / max(effective, 1.0)))
    return estimate, error, len(time_days), int(asked[: horizon + 1].sum())


def calibration_table(truth_folder: Path) -> pd.DataFrame:
    """Compare a world's truth with the targets that it was made to meet.

    Parameters
    ----------
    truth_folder
        The `truth` folder of a synthetic world.

    Returns
    -------
    DataFrame
        One row per target: `target`, `source`, `published` (whether the target is), `target_value`,
        `planted_value` (missing where a figure only follows from others), `achieved`,
        `standard_error`, `people` (people or returns behind it), `events` (those seen),
        `at_risk` (those still followed at the horizon; all of them where there is none).

    Raises
    ------
    SourceError
        If the folder holds no truth.
    """
    try:
        parameters = json.loads((truth_folder / "parameters.json").read_text(encoding="utf-8"))
        planted = json.loads((truth_folder / "planted.json").read_text(encoding="utf-8"))
        mother_columns = columns(truth_folder, "mother_episode")
        father_columns = columns(truth_folder, "father_episode")
        prosecutions = columns(truth_folder, "prosecution")
        crown = columns(truth_folder, "crown_defendant")
        people = columns(truth_folder, "person")
        pupils = columns(truth_folder, "pupil")
    except FileNotFoundError:
        raise SourceError(
            f"{truth_folder.name} must hold the truth of a synthetic world: files are missing. "
            "Give the folder `truth` that `justice data synthesise` wrote."
        ) from None
    extract = np.datetime64(parameters["extract_date"]["value"])
    rows = _mothers(parameters, planted, mother_columns, extract)
    rows += _fathers(parameters, planted, father_columns, extract)
    rows += _shares(parameters, mother_columns)
    wanted = criminal_targets(parameters, prosecutions, crown)
    wanted += convicted_young(parameters, people, prosecutions, crown, extract)
    rows += [target_row(*target) for target in wanted]
    rows += [target_row(*wanted) for wanted in pupil_targets(parameters, pupils)]
    return pd.DataFrame(rows)


def columns(folder: Path, name: str) -> dict[str, np.ndarray]:
    """The columns of a table of truth, with the parts of a large world put together."""
    parts = sorted(folder.glob(f"{name}_[0-9][0-9]*.parquet"))
    table = pq.read_table(parts or folder / f"{name}.parquet")
    return {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}


def target_row(
    name: str,
    described: dict[str, Any] | None,
    planted_value: float,
    achieved: tuple[float, float, int, int, int],
) -> dict[str, Any]:
    """One row of the table: a target, what was planted for it, and what came true."""
    published = described is not None and described["status"] == "published"
    return {
        "target": name,
        "source": described["source"] if described else "our own fit between published points",
        "published": published,
        "target_value": described["value"] if described else planted_value,
        "planted_value": planted_value,
        "achieved": achieved[0],
        "standard_error": achieved[1],
        "people": achieved[2],
        "events": achieved[3],
        "at_risk": achieved[4],
    }


def _followed(
    columns: dict[str, np.ndarray], extract: np.datetime64
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First sets only: whether first, days to return or extract, and whether returned."""
    first = columns["set_number"] == 1
    issue = columns["issue_date"][first].astype("datetime64[D]")
    back = columns["return_issue_date"][first].astype("datetime64[D]")
    returned = ~np.isnat(back)
    time = (np.where(returned, back, extract) - issue).astype(np.int64)
    return first, time, returned.astype(np.int64)


def _mothers(
    parameters: dict[str, Any],
    planted: dict[str, Any],
    columns: dict[str, np.ndarray],
    extract: np.datetime64,
) -> list[dict[str, Any]]:
    first, time, returned = _followed(columns, extract)
    group = columns["age_group"][first]
    at = {year: planted["mothers"][year - 1] for year in planted["years"]}
    known = {5: "mothers_return_5y", 10: "mothers_return_10y"}
    rows = [
        target_row(
            f"mothers return by {year} year{'s' * (year > 1)}",
            parameters.get(known.get(year, "")),
            at[year],
            _achieved(time, returned, year),
        )
        for year in (1, 3, 5, 7, 10)
    ]
    for name in AGE_GROUPS:
        described = parameters["under_20_return_10y"] if name == AGE_GROUPS[0] else None
        chosen = group == name
        rows.append(
            target_row(
                f"mothers {name} at first issue return by 10 years",
                described,
                planted["mothers_by_age"][name][9],
                _achieved(time[chosen], returned[chosen], 10),
            )
        )
    cause = np.where(columns["return_with_new_child"][first], 1, 2 * returned)
    target = parameters["new_child_10y"]
    # Not planted as such: it follows from the share of returns with a new child and the curve.
    rows.append(
        target_row(
            "mothers return with a new child by 10 years",
            target,
            float("nan"),
            _achieved(time, cause, 10),
        )
    )
    return rows


def _fathers(
    parameters: dict[str, Any],
    planted: dict[str, Any],
    columns: dict[str, np.ndarray],
    extract: np.datetime64,
) -> list[dict[str, Any]]:
    _, time, returned = _followed(columns, extract)
    return [
        target_row(
            f"fathers return by {year} years",
            parameters[f"fathers_return_{year}y"],
            planted["fathers"][year - 1],
            _achieved(time, returned, year),
        )
        for year in (5, 10)
    ]


def _achieved(
    time: np.ndarray, cause: np.ndarray, years: float
) -> tuple[float, float, int, int, int]:
    """Return what came true by so many years, and how many were still followed then."""
    still = int((time >= int(years * DAYS_PER_YEAR)).sum())
    return *return_probability(time, cause, years), still


def _share(hits: np.ndarray) -> tuple[float, float, int, int, int]:
    n = max(len(hits), 1)
    mean = float(hits.mean()) if len(hits) else float("nan")
    return mean, float(np.sqrt(mean * (1 - mean) / n)), len(hits), int(hits.sum()), len(hits)


def _shares(parameters: dict[str, Any], columns: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    back = columns["return_issue_date"].astype("datetime64[D]")
    returned = ~np.isnat(back)
    first_window = returned & (columns["set_number"] == 1) & (back < _WINDOW_ENDS)
    recurrent = returned & (columns["set_number"] == 1) & (back < np.datetime64("2014-01-01"))
    ages = columns["age_at_issue"][recurrent]
    measured = {
        "before_final_order": (
            "first returns issued before the earlier final order, 2007/08 to 2015/16",
            columns["return_before_final_order"][first_window],
        ),
        "under_4_weeks": (
            "returns with a child under four weeks",
            columns["return_with_child_under_4_weeks"][returned],
        ),
        "new_child": (
            "returns with a child born since the earlier issue",
            columns["return_with_new_child"][returned],
        ),
        "recurrent_under_20": ("mothers who returned to 2013, aged under 20 at first", ages < 20),
        "recurrent_under_25": ("mothers who returned to 2013, aged under 25 at first", ages < 25),
    }
    return [
        target_row(label, parameters[name], parameters[name]["value"], _share(hits))
        for name, (label, hits) in measured.items()
    ]
