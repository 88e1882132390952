"""Numbers and charts put into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from justice_analysis.charts.spec import Spec, label_column, labels, read_spec

if TYPE_CHECKING:
    import pandas as pd

KIND = {
    "curve": "Line chart",
    "dots": "Dot chart",
    "bars": "Bar chart",
    "flow": "Flow chart",
}
LONGEST_LIST = 12
DAYS_IN_YEAR = 365.25


def number_words(value: float, *, percent: bool) -> str:
    """A number as a reader says it: 24%, 0.4%, 1,234, 2.35."""
    if percent:
        share = value * 100
        digits = 1 if 0 < abs(share) < 1 else 0
        return f"{share:.{digits}f}%"
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.3g}"


def interval_words(lower: float, upper: float, *, percent: bool) -> str:
    """Limits as a reader says them: 23% to 25%."""
    low, high = number_words(lower, percent=percent), number_words(upper, percent=percent)
    return f"{low} to {high}"


def hidden_words(table: pd.DataFrame, spec: Spec) -> str:
    """Say which numbers are not shown; empty where all are."""
    hidden = table[spec.y].isna()
    if not hidden.any():
        return ""
    names = [name for name in _wholly_hidden(table, spec) if name]
    if names:
        return f"Not shown, to protect people: {', '.join(names)}."
    return "Gaps are numbers that are not shown, to protect people."


def _wholly_hidden(table: pd.DataFrame, spec: Spec) -> list[str]:
    column = spec.group if spec.form == "curve" else spec.x
    if column is None:
        return []
    names = label_column(table, column)
    shown = {name for name, hidden in zip(names, table[spec.y].isna(), strict=True) if not hidden}
    hidden_rows = [n for n, hidden in zip(names, table[spec.y].isna(), strict=True) if hidden]
    wholly = [name for name in dict.fromkeys(hidden_rows) if name not in shown]
    return wholly if len(wholly) == len(set(hidden_rows)) else []


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
        Plain sentences. Lines are said by the value at their end, dots and bars one by one up
        to twelve, beyond that the lowest and highest.
    """
    spec = read_spec(chart, table)
    shows = (spec.alt_text or title).strip().rstrip(".")
    ending = "" if shows.endswith(("?", "!")) else "."
    numbers = {"curve": _ends, "flow": _steps}.get(spec.form, _marks)(table, spec)
    parts = [f"{KIND[spec.form]}: {shows}{ending}", numbers, hidden_words(table, spec)]
    return " ".join(part for part in parts if part)


def is_days(spec: Spec) -> bool:
    """Whether the x column holds days since a start."""
    name = spec.x.lower()
    return name in ("day", "days") or name.endswith("_days") or "days" in spec.x_title.lower()


def _ends(table: pd.DataFrame, spec: Spec) -> str:
    said = []
    names = label_column(table, spec.group) if spec.group else [""] * len(table)
    for name in labels(table, spec.group):
        rows = table[[n == name for n in names]].dropna(subset=[spec.y])
        if len(rows):
            said.append(f"{name + ': ' if name else ''}{_value(rows.iloc[-1], spec)}, "
                        f"{_when(rows.iloc[-1][spec.x], spec)}")  # fmt: skip
    return f"At the end of {'each' if len(said) > 1 else 'the'} line: {'; '.join(said)}."


def _when(x: float, spec: Spec) -> str:
    if not is_days(spec):
        return f"at {number_words(x, percent=False)}"
    years = round(x / DAYS_IN_YEAR)
    if years and abs(x - years * DAYS_IN_YEAR) <= 2:
        return f"at {years} year{'s' if years > 1 else ''}"
    return f"at {number_words(x, percent=False)} days"


def _value(row: pd.Series, spec: Spec) -> str:
    text = number_words(float(row[spec.y]), percent=spec.percent)
    if not (spec.lower and spec.upper) or row[[spec.lower, spec.upper]].isna().any():
        return text
    limits = (float(row[spec.lower]), float(row[spec.upper]))
    return f"{text} (interval {interval_words(*limits, percent=spec.percent)})"


def _marks(table: pd.DataFrame, spec: Spec) -> str:
    shown = table.dropna(subset=[spec.y])
    names = label_column(shown, spec.x)
    if spec.group:
        pairs = zip(names, label_column(shown, spec.group), strict=True)
        names = [f"{name}, {group}" for name, group in pairs]
    said = [f"{name}: {_value(row, spec)}"
            for name, (_, row) in zip(names, shown.iterrows(), strict=True)]  # fmt: skip
    if len(said) <= LONGEST_LIST:
        return f"{'; '.join(said)}." if said else ""
    order = shown[spec.y].to_numpy(dtype=float)
    return f"Lowest, {said[int(order.argmin())]}; highest, {said[int(order.argmax())]}."


def _steps(table: pd.DataFrame, spec: Spec) -> str:
    steps = zip(label_column(table, spec.x), table[spec.y], strict=True)
    said = [f"{name}: {number_words(float(kept), percent=False)}"
            for name, kept in steps if kept == kept]  # fmt: skip
    return f"Kept at each step: {'; '.join(said)}."
