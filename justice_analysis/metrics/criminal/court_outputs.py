"""Outputs of counts about the criminal courts, with the people and cases behind each number."""

from __future__ import annotations

from typing import Any

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.person_parts import GROUP
from justice_analysis.metrics.estimates.units import Units, count_units


def counts_output(
    about: About,
    units: Units,
    *,
    shown: tuple[str, ...],
    units_name: str = "defendants",
    title: str = "",
    totals: bool = True,
    chart: Chart | None = None,
    **others: Any,
) -> Output:
    """Count units of defendants by group, as an output of kind `table`.

    Parameters
    ----------
    units
        One row per unit; `group` is its case.
    shown
        Which are counts, of the units' name and `cases`: those that add up over groups. The
        others stand behind them.
    units_name
        Column to name the units by.

    Returns
    -------
    Output
        One row per group: `people` (distinct), the units, `cases` (distinct).
    """
    table = count_units(units, totals=totals)
    table = table.rename(columns={"units": units_name, "groups": "cases"})
    dimensions = units.by or (GROUP,)
    roles = ColumnRoles(
        people="people",
        count=shown,
        cases="cases",
        people_behind=dict.fromkeys(shown, "people"),
        groups_behind=dict.fromkeys(shown, "cases"),
    )
    kept = dict.fromkeys([*dimensions, "people", *shown, "cases"])
    return about.output(
        "table",
        title or about.card.title,
        table[list(kept)],
        dimensions=dimensions,
        roles=roles,
        chart=chart,
        overlapping=units.by,
        **others,
    )
