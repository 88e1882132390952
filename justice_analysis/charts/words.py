"""Numbers and charts put into words."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from justice_analysis.charts.spec import (
    Spec,
    before_column,
    label_column,
    labels,
    period_words,
    periods,
    read_spec,
    with_something_to_draw,
)

if TYPE_CHECKING:
    import pandas as pd

KIND = {
    "curve": "Line chart",
    "lines": "Line chart",
    "dots": "Dot chart",
    "bars": "Bar chart",
    "flow": "Flow chart",
    "stages": "Bar chart",
    "waiting": "Area chart",
    "love": "Love plot",
    "overlap": "Two histograms",
}
OVER_TIME = ("curve", "lines", "waiting")
LONGEST_LIST = 12
DAYS_IN_YEAR = 365.25


def number_words(value: float, *, percent: bool, fine: bool = False) -> str:
    """A number as a reader says it: 24% (24.1% where fine), 0.4%, 1,234, 2.35."""
    if percent:
        share = value * 100
        digits = 1 if fine or 0 < abs(share) < 1 else 0
        return f"{share:.{digits}f}%"
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.3g}"


def value_words(table: pd.DataFrame, spec: Spec) -> list[str]:
    """Each row's number with its limits: "24% (23% to 25%)"; "not shown" where hidden.

    In a love plot the number before, the number after and the rating, where there is one.
    Percentages have a decimal in the whole chart where an interval is under two points wide.
    """
    import numpy as np

    if spec.form == "love":
        changes = _changes(table, spec)
        return [f"{a} → {b}{f', {rating}' if rating else ''}" for a, b, rating in changes]
    names = [name for name in (spec.y, spec.lower, spec.upper) if name]
    columns = [table[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in names]
    fine = spec.has_interval and bool(np.nanmin(columns[2] - columns[1], initial=1.0) < 0.02)
    words = []
    for values in zip(*columns, strict=True):
        said = [_beside_line(float(v), spec, fine=fine) for v in values if np.isfinite(v)]
        limits = f" ({said[1]} to {said[2]})" if len(said) == 3 else ""
        words.append(said[0] + limits if np.isfinite(values[0]) else "not shown")
    return words


def _beside_line(value: float, spec: Spec, *, fine: bool) -> str:
    """A number, with the decimals that tell on which side of no difference it lies."""
    said = number_words(value, percent=spec.percent, fine=fine)
    hides = spec.line_at is not None and said == number_words(spec.line_at, percent=spec.percent)
    return f"{value:,.4g}" if hides and not spec.percent else said


def hidden_words(table: pd.DataFrame, spec: Spec) -> str:
    """Say which numbers are not shown; empty where all are."""
    hidden = table[spec.y].isna()
    if not hidden.any():
        return ""
    column = spec.group if spec.form in OVER_TIME else spec.x
    names = label_column(table, column) if column else [""] * len(table)
    shown = {name for name, is_hidden in zip(names, hidden, strict=True) if not is_hidden}
    gaps = {name for name, is_hidden in zip(names, hidden, strict=True) if is_hidden}
    wholly = [name for name in dict.fromkeys(names) if name and name not in shown]
    said = [f"Not shown, to protect people: {', '.join(wholly)}."] if wholly else []
    if gaps - set(wholly):
        said.append("Gaps are numbers that are not shown, to protect people.")
    return " ".join(said)


def alternative_text(table: pd.DataFrame, chart: object, title: str) -> str:
    """Describe a chart for those who don't see it: its kind, what it shows, the main numbers.

    Parameters
    ----------
    table, chart
        As in `draw`; only numbers of the table are said.
    title
        What the chart shows, said where the chart has no `alt_text` of its own.

    Returns
    -------
    str
        Plain sentences. Curves are said by the value at their end, series by their first, last
        and highest value, dots and bars one by one up to twelve, beyond that the lowest and
        highest.
    """
    spec = read_spec(chart, table)
    table = with_something_to_draw(table, spec)
    shows = (spec.alt_text or title).strip().rstrip(".")
    ending = "" if shows.endswith(("?", "!")) else "."
    said = {
        "curve": _ends,
        "lines": _series,
        "waiting": _series,
        "flow": _steps,
        "love": _change_words,
        "overlap": _shapes,
    }
    numbers = said.get(spec.form, _marks)(table, spec)
    brackets = "Intervals in brackets." if spec.has_interval else ""
    parts = [f"{KIND[spec.form]}: {shows}{ending}", numbers, brackets, hidden_words(table, spec)]
    return " ".join(part for part in parts if part)


def is_days(spec: Spec) -> bool:
    """Whether the x column holds days since a start."""
    name = spec.x.lower()
    return name in ("day", "days") or name.endswith("_days") or "days" in spec.x_title.lower()


def _ends(table: pd.DataFrame, spec: Spec) -> str:
    """The last shown value of each line."""
    shown = table.dropna(subset=[spec.y]).sort_values(spec.x, kind="stable")
    names = label_column(shown, spec.group) if spec.group else [""] * len(shown)
    last = {name: row for row, name in enumerate(names)}
    kept = [name for name in labels(table, spec.group) if name in last]
    ends = shown.iloc[[last[name] for name in kept]]
    said = [
        f"{name + ': ' if name else ''}{value}, {_when(float(x), spec)}"
        for name, value, x in zip(kept, value_words(ends, spec), ends[spec.x], strict=True)
    ]
    return f"At the end of {'each' if len(said) > 1 else 'the'} line: {'; '.join(said)}."


def _when(x: float, spec: Spec) -> str:
    if not is_days(spec):
        return f"at {number_words(x, percent=False)}"
    years = round(x / DAYS_IN_YEAR)
    if years and abs(x - years * DAYS_IN_YEAR) <= 2:
        return f"at {years} year{'s' if years > 1 else ''}"
    return f"at {number_words(x, percent=False)} days"


def _series(table: pd.DataFrame, spec: Spec) -> str:
    """The first, the last and the highest shown value of each line."""
    order = periods(table, spec)
    dated = [name in order for name in label_column(table, spec.x)]
    shown = table[dated].dropna(subset=[spec.y])
    names = label_column(shown, spec.group) if spec.group else [""] * len(shown)
    said = [
        f"{name + ': ' if name else ''}{_from_to(shown[[n == name for n in names]], spec, order)}"
        for name in dict.fromkeys(names)
    ]
    return f"{'; '.join(said)}." if said else ""


def _from_to(rows: pd.DataFrame, spec: Spec, order: list[str]) -> str:
    when = label_column(rows, spec.x)
    placed = sorted(zip(when, rows[spec.y], strict=True), key=lambda one: order.index(one[0]))
    points = [
        f"{number_words(float(value), percent=spec.percent)} in {period_words(name)}"
        for name, value in placed
    ]
    values = [float(value) for _, value in placed]
    highest, last = values.index(max(values)), len(values) - 1
    peak = f", highest {points[highest]}" if highest not in (0, last) else ""
    return points[0] + (f" to {points[last]}" if last else "") + peak


def _marks(table: pd.DataFrame, spec: Spec) -> str:
    shown = table.dropna(subset=[spec.y])
    names = label_column(shown, spec.x)
    if spec.group:
        pairs = zip(names, label_column(shown, spec.group), strict=True)
        names = [f"{name}, {group}" for name, group in pairs]
    values = value_words(shown, spec)
    for column in spec.beside:
        more = shown[column].to_numpy(dtype=float, na_value=float("nan"))
        values = [
            f"{value}, {column.replace('_', ' ')} {_said(float(other), spec)}"
            for value, other in zip(values, more, strict=True)
        ]
    said = [f"{name}: {value}" for name, value in zip(names, values, strict=True)]
    if len(said) <= LONGEST_LIST:
        return f"{'; '.join(said)}." if said else ""
    order = shown[spec.y].to_numpy(dtype=float)
    return f"Lowest, {said[int(order.argmin())]}; highest, {said[int(order.argmax())]}."


def _changes(table: pd.DataFrame, spec: Spec) -> list[tuple[str, str, str]]:
    """Each row's number before and after, and its rating where the table has one."""
    names = (before_column(spec), spec.y)
    columns = [table[name].to_numpy(dtype=float, na_value=float("nan")) for name in names]
    said = [[_said(float(v), spec) for v in column] for column in columns]
    ratings = table["rating"] if "rating" in table.columns else [""] * len(table)
    return list(zip(*said, map(str, ratings), strict=True))


def _said(value: float, spec: Spec) -> str:
    if isnan(value):
        return "not shown"
    if spec.percent:  # no decimal that a rounded number does not have
        return f"{round(value * 100, 1) + 0.0:g}%"
    return number_words(value, percent=False)


def _change_words(table: pd.DataFrame, spec: Spec) -> str:
    """Each difference before and after, or, where they are many, the largest after."""
    shown = table.dropna(subset=[spec.y])
    said = [
        f"{name}: {before} before, {after} after{f' ({rating})' if rating else ''}"
        for name, (before, after, rating) in zip(
            label_column(shown, spec.x), _changes(shown, spec), strict=True
        )
    ]
    if len(said) <= LONGEST_LIST:
        return f"{'; '.join(said)}." if said else ""
    largest = shown[spec.y].abs().to_numpy(dtype=float).argmax()
    return f"{len(said)} characteristics; largest after, {said[int(largest)]}."


def _shapes(table: pd.DataFrame, spec: Spec) -> str:
    """Where each group is thickest, and how much of both lies together."""
    import numpy as np

    from justice_analysis.charts.overlap import shape_of

    shape = shape_of(table, spec)
    if not np.isfinite(shape.shares).any(axis=1).all():
        return ""
    said = []
    for name, shares in zip(shape.groups, shape.shares, strict=True):
        most = int(np.nanargmax(shares))
        share = number_words(float(shares[most]), percent=True)
        said.append(f"{name}: most in {shape.bins[most]}, {share}")
    together = number_words(shape.common, percent=True)
    return f"{'; '.join(said)}. {together} of each group lies where the other does."


def _steps(table: pd.DataFrame, spec: Spec) -> str:
    shown = table.dropna(subset=[spec.y])
    steps = zip(label_column(shown, spec.x), shown[spec.y], strict=True)
    said = [f"{name}: {number_words(float(kept), percent=False)}" for name, kept in steps]
    return f"Kept at each step: {'; '.join(said)}." if said else ""
