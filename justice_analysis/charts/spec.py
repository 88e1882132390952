"""What to draw, read from a mapping or an object and checked against the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from justice_analysis.errors import UsageError, listed

if TYPE_CHECKING:
    import pandas as pd

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNDATED = ("all", "not known")
MOST_BESIDE = 2
FORMS = ("curve", "lines", "dots", "bars", "flow", "stages", "waiting", "love", "overlap")


@dataclass(frozen=True)
class Spec:
    """A chart's form and columns; dots, bars and flows have their names in `x`."""

    form: str
    x: str
    y: str
    group: str | None = None
    lower: str | None = None
    upper: str | None = None
    x_title: str = ""
    y_title: str = ""
    percent: bool = False
    alt_text: str = ""
    line_at: float | None = None
    beside: tuple[str, ...] = ()

    @property
    def has_interval(self) -> bool:
        """Whether there are limits to draw."""
        return bool(self.lower and self.upper)


def read_spec(chart: object, table: pd.DataFrame) -> Spec:
    """Read a chart's fields and refuse one that this table can't fill."""
    read = _get(chart)
    spec = Spec(**{f.name: read(f.name) for f in fields(Spec) if read(f.name) is not None})
    problems = _problems(spec, table)
    if problems:
        raise UsageError(listed(problems))
    if spec.form in ("dots", "bars") and _is_numeric(table, spec.x) > _is_numeric(table, spec.y):
        spec = Spec(**{**vars(spec), "x": spec.y, "y": spec.x,
                       "x_title": spec.y_title, "y_title": spec.x_title})  # fmt: skip
    return spec


def _get(chart: object) -> Any:
    if isinstance(chart, Mapping):
        return chart.get
    return lambda name: getattr(chart, name, None)


def _problems(spec: Spec, table: pd.DataFrame) -> list[str]:
    problems = []
    if spec.form not in FORMS:
        problems.append(f"a chart's form must be one of {', '.join(FORMS)}: {spec.form} is not.")
    named = [spec.x, spec.y, spec.group, spec.lower, spec.upper, *spec.beside]
    absent = [name for name in named if name and name not in table.columns]
    problems += [f"the chart's column {name} is not in the table." for name in absent]
    if spec.form == "love" and before_column(spec) not in table.columns:
        problems.append(
            "a love plot needs y to end in after, and a column of the same name ending in before."
        )
    if spec.beside and (spec.form != "dots" or spec.group or len(spec.beside) > MOST_BESIDE):
        problems.append(
            f"only dots without groups have numbers beside them, of {MOST_BESIDE} columns at most."
        )
    if spec.form == "overlap" and not spec.group:
        problems.append("an overlap picture needs a group: the two that it compares.")
    if absent:
        return problems
    if not table[spec.y].notna().any() and not table[spec.x].notna().any():
        return [*problems, "a chart needs at least one row: the table has none."]
    key = [spec.x, *([spec.group] if spec.group else [])]
    numbers = [name for name in (spec.x, spec.y) if _is_numeric(table, name)]
    if spec.form in ("dots", "bars") and numbers == [spec.x]:
        key[0] = spec.y
    repeated = int(table.duplicated(key).sum())
    if repeated:
        problems.append(
            f"each {' and '.join(key)} must have one row in a chart: {repeated:,} rows repeat one. "
            "Name the column that tells them apart as group, or draw fewer rows."
        )
    return problems


def with_something_to_draw(table: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """Leave out rows that dots have nothing to draw for, though nothing is hidden of them.

    A model's row of everyone has no ratio: it is no number that was kept back.
    """
    if spec.form != "dots" or "shown" not in table.columns:
        return table
    return table[table[spec.y].notna() | (table["shown"] != "yes")]


def _is_numeric(table: pd.DataFrame, name: str) -> bool:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return is_numeric_dtype(table[name]) and not is_bool_dtype(table[name])


def before_column(spec: Spec) -> str:
    """Column that a love plot compares its y with: difference_before of difference_after."""
    return f"{spec.y.removesuffix('after')}before" if spec.y.endswith("after") else ""


def labels(table: pd.DataFrame, name: str | None) -> list[str]:
    """Names in a column, in the order they first appear; a missing one is "Not known"."""
    return list(dict.fromkeys(label_column(table, name))) if name else [""]


def periods(table: pd.DataFrame, spec: Spec) -> list[str]:
    """Periods of a time series: in the table's order, or time's where the first group lacks some.

    A total over all periods, and what has no date, are no points of time and are left out.
    """
    found = [name for name in labels(table, spec.x) if name.lower() not in UNDATED]
    if not spec.group:
        return found
    groups = label_column(table, spec.group)
    first = labels(table[[name == groups[0] for name in groups]], spec.x)
    in_order = [name for name in first if name in found]
    return sorted(found) if len(in_order) < len(found) and in_order == sorted(in_order) else found


def period_words(name: str) -> str:
    """A period as an axis names it: a year without the word before it, a month by its name."""
    if name.startswith("In ") and name[3:].isdigit():
        return name[3:]
    year, _, month = name.partition("-")
    is_month = len(month) == 2 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12
    return f"{MONTHS[int(month) - 1]} {year}" if is_month else name


def label_column(table: pd.DataFrame, name: str) -> list[str]:
    """A column as names to read."""
    import pandas as pd

    return ["Not known" if pd.isna(value) else _sentence_case(value) for value in table[name]]


def _sentence_case(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    text = text.strip()
    return text[:1].upper() + text[1:]
