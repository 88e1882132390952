"""The people behind each effect: on both sides, in its periods and in the one before the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from justice_analysis import engine
from justice_analysis.evaluation.roll_out.design import UNREACHED

if TYPE_CHECKING:
    from justice_analysis.evaluation.roll_out.trials import Trials

Place: TypeAlias = tuple[int, int]
"""A wave and a period."""
TREATED, COMPARISON = "treated", "comparison"
COUNTS = (
    "people",
    "treated_people",
    "comparison_people",
    "cases",
    "treated_cases",
    "comparison_cases",
)


def sides(effects: Iterable[Place], waves: Iterable[int], comparison: str) -> dict[str, set[Place]]:
    """Waves and periods that some group-time effects are made of.

    Parameters
    ----------
    effects
        Wave and period of each effect.
    waves
        Every wave that is reached.
    comparison
        `never`, or `not_yet` for courts reached later than the period too.
    """
    found: dict[str, set[Place]] = {TREATED: set(), COMPARISON: set()}
    for wave, period in effects:
        base = wave - 1
        later = {other for other in waves if other > max(period, base)} - {wave}
        others = {UNREACHED} | (later if comparison == "not_yet" else set())
        found[TREATED] |= {(wave, period), (wave, base)}
        found[COMPARISON] |= {(other, at) for other in others for at in (period, base)}
    return found


def people_behind(trials: Trials, wanted: Mapping[int, Mapping[str, set[Place]]]) -> pd.DataFrame:
    """Count distinct people on both sides of each row.

    Parameters
    ----------
    wanted
        For each row, by number, the waves and periods of its two sides.

    Returns
    -------
    DataFrame
        Indexed by the number of the row: `people`, `treated_people`, `comparison_people`, and
        the `cases` behind each; 0 where nobody is there.
    """
    listed = [
        {"row": row, "side": side, "wave": wave, "period": period}
        for row, parts in wanted.items()
        for side, places in parts.items()
        for wave, period in sorted(places)
    ]
    rows = trials.kept
    asked = engine.memory_table(
        rows.get_backend(),
        pd.DataFrame(listed, columns=["row", "side", "wave", "period"]),
        {"row": "int64", "side": "string", "wave": "int64", "period": "int64"},
    )
    who = rows.select("person_key", "case_id", "wave", "period").distinct()
    met = asked.inner_join(who, ["wave", "period"])
    counts = {}
    for name, key in (("people", "person_key"), ("cases", "case_id")):
        counts[name] = met[key].nunique()
        counts[f"treated_{name}"] = met[key].nunique(where=met.side == TREATED)
        counts[f"comparison_{name}"] = met[key].nunique(where=met.side == COMPARISON)
    found = met.group_by("row").aggregate(**counts)
    table = engine.execute(found, step="people behind effects").set_index("row")
    table = table.reindex(sorted(wanted), fill_value=0)[list(COUNTS)].astype("int64")
    for side in (TREATED, COMPARISON):  # someone in two cases is one of a group all the same
        table[f"{side}_cases"] = table[[f"{side}_cases", f"{side}_people"]].min(axis=1)
    return table


def counts_of(trials: Trials, *parts: Mapping[str, set[Place]]) -> list[dict[str, object]]:
    """People behind each of some rows, in order: `people` and those of both sides by name."""
    table = people_behind(trials, dict(enumerate(parts)))
    return [{name: int(table.loc[row, name]) for name in COUNTS} for row in table.index]
