"""The roll-out that is planted in a synthetic world: its calendar and its effect."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from justice_analysis.errors import MetricError
from justice_analysis.evaluation.roll_out.calendar import GIVEN, NEVER, Calendar, CalendarRow

COURT = "xhibit_court:{}"
"""How a warehouse names a Crown Court centre by its number."""
ALL = "all"


@dataclass(frozen=True)
class Planted:
    """What is planted: changes in the share of contested trials that end in conviction.

    Attributes
    ----------
    where_used
        Change in a trial in which evidence was pre-recorded.
    once_reached
        Change in an eligible trial of a court that has it: intention to treat.
    used_share
        Share of such trials in which it was used.
    """

    where_used: float
    once_reached: float
    used_share: float


def calendar_of_truth(truth: Path | str) -> Calendar:
    """The calendar of a synthetic world's own roll-out; never one of real courts.

    Raises
    ------
    MetricError
        If the folder holds no truth about criminal courts.
    """
    import pandas as pd

    try:
        courts = pd.read_parquet(Path(truth) / "criminal_court.parquet")
    except OSError:
        raise MetricError(
            "the truth must hold criminal_court.parquet: the folder does not."
        ) from None
    crown = courts[courts["tier"] == "crown"]
    days = pd.to_datetime(crown["recorded_evidence_from"])
    rows = tuple(
        CalendarRow(
            place=COURT.format(int(court)),
            group=ALL,
            source="truth of a synthetic world",
            from_date=None if pd.isna(day) else day.date(),
            status=NEVER if pd.isna(day) else GIVEN,
        )
        for court, day in zip(crown["court"], days, strict=True)
    )
    return Calendar("Roll-out of a synthetic world", rows)


def planted(truth: Path | str) -> Planted:
    """The effect that is planted in a synthetic world.

    Raises
    ------
    MetricError
        If the folder says nothing of it.
    """
    try:
        told = json.loads((Path(truth) / "planted.json").read_text("utf-8"))
        effect = told["pre_recorded_evidence"]
        used, reached = effect["effect_where_used"], effect["effect_once_a_court_has_it"]
    except (OSError, KeyError, ValueError):
        raise MetricError(
            "the truth must say what is planted of pre-recorded evidence: planted.json does not."
        ) from None
    share = json.loads((Path(truth) / "parameters.json").read_text("utf-8"))
    return Planted(used, reached, _used_share(share, used, reached))


def _used_share(parameters: object, used: float, reached: float) -> float:
    """The share in which it was used: planted, or from the two effects."""
    if used:
        return reached / used
    found = _found(parameters, "recorded_share")
    return float("nan") if found is None else found


def _found(content: object, name: str) -> float | None:
    """Value of a parameter, wherever it stands."""
    parts = content.items() if isinstance(content, dict) else ()
    for key, value in parts:
        if key == name:
            return float(value["value"] if isinstance(value, dict) else value)
        if (inside := _found(value, name)) is not None:
            return inside
    return None
