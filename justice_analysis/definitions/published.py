"""Published figures: what official series and studies say, and which metric comes closest.

Read from `published.yaml`, checked whole. A metric that a figure names need not be there yet;
`unregistered` says which are not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from justice_analysis.definitions import registry
from justice_analysis.errors import UsageError, listed

CONFIRMED, SECONDARY = "confirmed", "secondary"
STATUSES = (CONFIRMED, SECONDARY)
FILE = files("justice_analysis.definitions") / "published.yaml"
TEXTS = ("id", "title", "unit", "period", "geography", "definition", "source", "where", "metric",
         "column")  # fmt: skip


@dataclass(frozen=True)
class PublishedFigure:
    """One published number, and where the metric that comes closest has its own.

    Attributes
    ----------
    id, title, value, unit
        Its name here, what it is, the number and its unit ("percent", "weeks", "cases").
    period, geography, definition
        Of when and where it is, and what it counts, in the publication's sense.
    source, where
        The publication it was read in, and where that is.
    status
        `confirmed`: read in the publication itself or in the source named; `secondary`: the
        source reports another's publication, which was not read.
    metric, options
        The metric that comes closest, and the options under which it does.
    output, row, column, scale
        Output of the metric's result (missing: the main one), values that pick its row, the
        column with the number, and what that is multiplied by to be in `unit`.
    differences
        What differs in definition all the same.
    interval
        The publication's interval, if it gives one.
    approximate
        Whether the publication says "about" or "one in four".
    """

    id: str
    title: str
    value: float
    unit: str
    period: str
    geography: str
    definition: str
    source: str
    where: str
    status: str
    metric: str
    column: str
    differences: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    output: str | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    scale: float = 1.0
    interval: tuple[float, float] | None = None
    approximate: bool = False

    def __post_init__(self) -> None:
        problems = [
            f"{name} must be given in words."
            for name in TEXTS
            if not isinstance(getattr(self, name), str) or not getattr(self, name).strip()
        ]
        if not _is_number(self.value):
            problems.append("value must be a number.")
        if not _is_number(self.scale) or self.scale <= 0:
            problems.append("scale must be above 0.")
        if self.status not in STATUSES:
            problems.append(f"status must be {CONFIRMED} or {SECONDARY}.")
        if not self.differences or not all(isinstance(one, str) for one in self.differences):
            problems.append("differences must name at least one difference that remains.")
        if self.interval is not None and not self._holds_value():
            problems.append("interval must be two numbers, the least first, and hold the value.")
        if not isinstance(self.options, Mapping) or not isinstance(self.row, Mapping):
            problems.append("options and row must be names with values.")
        if problems:
            raise UsageError(f"published figure {self.id}: {listed(problems)}")

    def _holds_value(self) -> bool:
        ends = self.interval or ()
        return (
            len(ends) == 2
            and all(map(_is_number, ends))
            and ends[0] <= self.value <= ends[1]
        )  # fmt: skip


def read_figures(text: str) -> tuple[PublishedFigure, ...]:
    """Read published figures from YAML, and check them.

    Raises
    ------
    UsageError
        If the text is no list of figures, or one is not as `PublishedFigure` says; an unknown or
        missing field is named, and so is an id that stands twice.
    """
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError:
        content = None
    rows = content.get("figures") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError("published figures must be a list under `figures`: this is none.")
    problems = [problem for row in rows for problem in _field_problems(row)]
    ids = [str(row.get("id")) for row in rows]
    problems += [f"{name} must be one figure: it stands twice." for name in _twice(ids)]
    if problems:
        raise UsageError(listed(problems))
    return tuple(_figure(row) for row in rows)


@cache
def figures() -> tuple[PublishedFigure, ...]:
    """Every published figure of the package, in order."""
    return read_figures(FILE.read_text(encoding="utf-8"))


def figures_of(metric: str) -> tuple[PublishedFigure, ...]:
    """The published figures that a metric comes closest to."""
    return tuple(one for one in figures() if one.metric == metric)


def unregistered() -> tuple[str, ...]:
    """Metrics that figures name and that are not registered, by name."""
    return tuple(sorted({one.metric for one in figures()} - set(registry.names())))


def _figure(row: Mapping[str, Any]) -> PublishedFigure:
    interval = row.get("interval")
    return PublishedFigure(
        **{
            **row,
            "differences": tuple(row["differences"] or ()),
            "interval": tuple(interval) if interval is not None else None,
        }
    )


def _field_problems(row: Mapping[str, Any]) -> list[str]:
    known = {one.name: one for one in fields(PublishedFigure)}
    needed = [
        name
        for name, one in known.items()
        if one.default is MISSING and one.default_factory is MISSING
    ]
    name = f"published figure {row.get('id', 'without id')}"
    unknown = sorted(set(map(str, row)) - set(known))
    missing = [one for one in needed if one not in row]
    problems = [f"{name} has no field {', '.join(unknown)}."] if unknown else []
    return problems + ([f"{name} lacks {', '.join(missing)}."] if missing else [])


def _twice(names: Iterable[str]) -> list[str]:
    listed_names = list(names)
    return sorted({name for name in listed_names if listed_names.count(name) > 1})


def _is_number(value: object) -> bool:
    return (
        isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    )  # fmt: skip
