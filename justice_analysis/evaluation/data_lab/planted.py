"""The planted effect of a synthetic programme, to stand beside what a matched comparison found."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.data_lab.result import DataLabResult
from justice_analysis.models.intervals import wilson

WITH, WITHOUT = "with the programme", "had they not taken part"
TITLE = "Planted: reoffending with the programme, and without it"


def planted_effects(
    result: DataLabResult, truth: Path | None, *, programme: str
) -> dict[str, Output]:
    """What became of participants of a synthetic programme, and what would have without it.

    Parameters
    ----------
    result
        Of a programme of the same synthetic world.
    truth
        The world's `truth` folder; missing on real data.
    programme
        Name of the list of participants there.

    Returns
    -------
    dict of Output
        `planted`, kind `estimates`: one row with the programme and one had they not taken part,
        of the participants who were released; the share proven to have offended in the year
        after. Empty on real data.

    Raises
    ------
    MetricError
        If the world has no such programme.
    """
    if truth is None:
        return {}
    return {"planted": _output(result, _rows(truth, programme))}


def _rows(truth: Path, programme: str) -> pd.DataFrame:
    """True participants of a list, whose release is known."""
    files = [truth / "programme.parquet", truth / "participant.parquet"]
    if not all(file.is_file() for file in files):
        raise MetricError("the truth must tell of programmes and participants: it does not.")
    rows = pd.read_parquet(files[0])
    listed = pd.read_parquet(files[1], columns=["programme", "person_id"])
    of_list = listed.loc[listed["programme"] == programme, "person_id"]
    known = rows[rows["released_date"].notna() & rows["person_id"].isin(of_list)]
    if known.empty:
        raise MetricError("the truth must hold the programme's participants: it has none of them.")
    return known


def _output(result: DataLabResult, known: pd.DataFrame) -> Output:
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
        title=TITLE,
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
        population="Participants of the list who were released (truth)",
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
