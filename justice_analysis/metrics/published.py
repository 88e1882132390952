"""A metric beside the published figures that it comes closest to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from justice_analysis.definitions import get
from justice_analysis.definitions.published import PublishedFigure, figures_of
from justice_analysis.errors import MetricError, OptionError, UsageError
from justice_analysis.metrics.estimates.measured import Measured
from justice_analysis.metrics.estimates.result import IncidenceResult

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


@dataclass(frozen=True)
class Comparison:
    """One published figure beside the metric's own number.

    Attributes
    ----------
    figure
        What was published.
    measured, lower, upper
        The metric's number and its 95% interval, in the figure's unit; missing where there is
        none.
    people
        People behind it.
    differences
        What differs in definition, options that were set otherwise among it.
    why_not
        Why there is no number, if there is none.
    """

    figure: PublishedFigure
    measured: float | None
    lower: float | None
    upper: float | None
    people: int | None
    differences: tuple[str, ...]
    why_not: str | None = None


def compare_published(
    warehouse: Warehouse, name: str, options: Mapping[str, Any] | None = None
) -> tuple[Comparison, ...]:
    """Set a metric beside each published figure that names it.

    Parameters
    ----------
    options
        Options that take the place of those under which the metric comes closest.

    Returns
    -------
    tuple of Comparison
        One for each figure, in the table's order; a number that cannot be had says why.

    Raises
    ------
    UsageError
        If there is no such metric, or no published figure names it.
    OptionError
        If an option is unknown or contradicts another.
    """
    card = get(name).card
    given = dict(options or {})
    known = figures_of(name)
    if not known:
        raise UsageError(
            f"no published figure is known that {name} comes close to. "
            "See justice_analysis/definitions/published.yaml."
        )
    card.read_options(given)
    results: dict[str, Any] = {}
    found = []
    for figure in known:
        chosen = {**figure.options, **given}
        key = json.dumps(chosen, sort_keys=True, default=str)
        if key not in results:
            results[key] = _computed(warehouse, name, chosen)
        found.append(_comparison(figure, results[key], given))
    return tuple(found)


def _computed(warehouse: Warehouse, name: str, options: Mapping[str, Any]) -> Any:
    """The result, or the reason why there is none."""
    try:
        return get(name).compute(warehouse, **options)
    except (MetricError, OptionError) as error:
        return str(error)


def _comparison(figure: PublishedFigure, result: Any, given: Mapping[str, Any]) -> Comparison:
    changed = tuple(
        f"the option {name} is {given[name]} here, and {figure.options[name]} where the metric "
        "comes closest"
        for name in sorted(set(given) & set(figure.options))
        if given[name] != figure.options[name]
    )
    differences = (*figure.differences, *changed)
    row = result if isinstance(result, str) else _row(figure, result)
    if isinstance(row, str):
        return Comparison(figure, None, None, None, None, differences, row)
    value, lower, upper = (
        _scaled(row, column, figure.scale) for column in (figure.column, *_limits(figure))
    )
    if value is None:
        why = f"the metric's {figure.column} is missing here: too few people."
        return Comparison(figure, None, None, None, None, differences, why)
    return Comparison(figure, value, lower, upper, int(row["people"]), differences)


def _limits(figure: PublishedFigure) -> tuple[str, str]:
    """Columns of the interval; a count or a mean has none."""
    return ("lower", "upper") if figure.column in ("estimate", "rate") else ("", "")


def _scaled(row: Mapping[str, Any], column: str, scale: float) -> float | None:
    value = row.get(column)
    return None if value is None or pd.isna(value) else float(value) * scale


def _row(figure: PublishedFigure, result: Any) -> dict[str, Any] | str:
    """The one row that the figure names, or the reason why there is none."""
    table = _table(figure, result)
    if isinstance(table, str):
        return table
    lost = [name for name in (*figure.row, figure.column) if name not in table.columns]
    if lost:
        return f"the metric's table has no column {', '.join(lost)} under these options."
    for name, value in figure.row.items():
        table = table[table[name] == value]
    if len(table) != 1:
        where = ", ".join(f"{name} {value}" for name, value in figure.row.items())
        return f"the data hold no such row: {where}." if table.empty else f"several rows: {where}."
    return {str(name): value for name, value in table.iloc[0].items()}


def _table(figure: PublishedFigure, result: Any) -> pd.DataFrame | str:
    if isinstance(result, Measured) and figure.output:
        if figure.output not in result.outputs:
            return f"the metric has no output {figure.output} under these options."
        return result.outputs[figure.output].table
    if isinstance(result, IncidenceResult):
        return _at_day(result, int(figure.row.get("horizon_days", 0)))
    return pd.DataFrame(result.table)


def _at_day(result: IncidenceResult, day: int) -> pd.DataFrame | str:
    """The table at a day: of the result's horizons, or else read from its curve."""
    if day in set(result.table["horizon_days"]):
        return result.table
    followed = result.curve.groupby(["group", "cause"])["day"].max()
    reached = result.curve[result.curve["day"] <= day]
    last = reached.sort_values("day").drop_duplicates(["group", "cause"], keep="last")
    last = last.sort_values(["group", "cause"], ignore_index=True)
    keys = pd.MultiIndex.from_frame(last[["group", "cause"]])
    last = last[(followed.loc[keys] >= day).to_numpy()]
    return last.assign(horizon_days=day) if len(last) else "follow-up does not reach that day."
