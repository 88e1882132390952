"""The planted effect of a synthetic programme, to stand beside what a matched comparison found."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.data_lab.result import DataLabResult
from justice_analysis.models.intervals import wilson

WITH, WITHOUT = "with the programme", "had they not taken part"


def planted_effect(result: DataLabResult, truth: Path, *, title: str) -> Output:
    """What became of everyone who took part in the synthetic programme, and what would have.

    Parameters
    ----------
    result
        Of a programme of the same synthetic world.
    truth
        The world's `truth` folder.

    Returns
    -------
    Output
        Kind `estimates`; one row with the programme and one had they not taken part: people
        whose year after release is over, and the share proven to have offended in it.

    Raises
    ------
    MetricError
        If the world has no such programme.
    """
    file = truth / "programme.parquet"
    if not file.is_file():
        raise MetricError("the truth must hold programme.parquet: the folder does not.")
    rows = pd.read_parquet(file, columns=["released_date", "reoffended", "reoffends_without"])
    known = rows[rows["released_date"].notna()]
    people = len(known)
    events = [int(known[name].sum()) for name in ("reoffended", "reoffends_without")]
    share = wilson(events, [people, people])
    table = pd.DataFrame(
        {
            "cause": [WITH, WITHOUT],
            "people": people,
            "reoffended": events,
            "estimate": share.estimate,
            "lower": share.lower,
            "upper": share.upper,
        }
    )
    return Output(
        kind="estimates",
        title=title,
        table=table,
        dimensions=("cause",),
        roles=ColumnRoles(
            people="people",
            numerator="reoffended",
            estimate=("estimate",),
            lower=("lower",),
            upper=("upper",),
        ),
        unit="people",
        population="Everyone who took part in the planted programme and was released (truth)",
        population_hash=f"{result.population_hash}:truth",
        card=result.card.name,
        chart=Chart(
            form="dots",
            x="estimate",
            y="cause",
            lower="lower",
            upper="upper",
            x_title="Share proven to have offended in the year after release",
            percent=True,
        ),
        shares=("estimate", "lower", "upper"),
    )
