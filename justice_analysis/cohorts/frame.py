"""The analysis frame: the one table of people that models may receive, with its size stated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import MetricError, OptionError, listed

if TYPE_CHECKING:
    import pandas as pd

BYTES = 8
MOST_MEGABYTES = 1_000.0
NAMES_PEOPLE = ("person_id", "party_id", "record_id", "case_id", "index_case_id")


@dataclass(frozen=True)
class AnalysisFrame:
    """One row per person, numbers only, with nothing that names anyone.

    Attributes
    ----------
    table
        The columns asked for as floats (missing is NaN), in the order asked for; codes as whole
        numbers.
    codes
        For each coded column its values, in the order of their numbers from 0.
    missing
        Column to people of whom it is not known.
    """

    table: pd.DataFrame
    codes: dict[str, tuple[str, ...]]
    missing: dict[str, int]

    @property
    def people(self) -> int:
        """People in the frame."""
        return len(self.table)

    @property
    def megabytes(self) -> float:
        """Size in memory, in millions of bytes."""
        return float(self.table.memory_usage(index=False, deep=True).sum()) / 1e6

    def __str__(self) -> str:
        columns = len(self.table.columns)
        return f"{self.people:,} people by {columns} columns, {self.megabytes:,.1f} MB"


def analysis_frame(
    people: ir.Table,
    *,
    columns: Sequence[str],
    codes: Sequence[str] = (),
    most_megabytes: float = MOST_MEGABYTES,
) -> AnalysisFrame:
    """Bring people into memory for a model: only the columns named, and only as numbers.

    Parameters
    ----------
    people
        One row per person, with `person_id`, which stays behind.
    columns
        Columns of numbers or of true and false.
    codes
        Columns of text to number from 0 in the order of their values: a court for clusters or
        fixed effects, a stratum. Missing is -1.
    most_megabytes
        The frame is refused, before it is made, where it would be larger.

    Returns
    -------
    AnalysisFrame
        Ordered by person, so that the same data give the same frame.

    Raises
    ------
    OptionError
        If a column is not there, names people or is not of numbers.
    MetricError
        If a person stands twice or is missing, nobody is there, or the frame would be too large.
    """
    _check_columns(people, columns, codes)
    rows = _check_rows(people, len(columns) + len(codes), most_megabytes)
    chosen = people.select("person_id", *columns, *codes)
    found = chosen.mutate(**{name: chosen[name].cast("float64") for name in columns})
    values: dict[str, tuple[str, ...]] = {}
    for name in codes:
        values[name] = _values(chosen, name)
        found = _coded(found, name, values[name])
    table = engine.execute(found, step=f"analysis frame of {rows:,} people")
    table = table.sort_values("person_id", ignore_index=True).drop(columns="person_id")
    table = table[[*columns, *codes]]
    for name in codes:
        table[name] = table[name].fillna(0).astype("int64") - 1
    missing = {name: int(table[name].isna().sum()) for name in columns}
    missing |= {name: int((table[name] < 0).sum()) for name in codes}
    return AnalysisFrame(table, values, missing)


def _check_columns(people: ir.Table, columns: Sequence[str], codes: Sequence[str]) -> None:
    named = [*columns, *codes]
    problems = [
        f"{name} is not a column of people." for name in named if name not in people.columns
    ]
    problems += [f"{name} names people: leave it out." for name in named if name in NAMES_PEOPLE]
    if len(set(named)) != len(named) or not named:
        problems.append("columns must be named, each once.")
    for name in columns:
        kind = people[name].type() if name in people.columns else None
        if kind is not None and not (kind.is_numeric() or kind.is_boolean()):
            problems.append(f"{name} must be of numbers: name it in codes, or make it a number.")
    for name in codes:
        if name in people.columns and not people[name].type().is_string():
            problems.append(f"{name} must be text to be coded.")
    if "person_id" not in people.columns:
        problems.append("people must have person_id, one row for each.")
    if problems:
        raise OptionError(listed(problems))


def _check_rows(people: ir.Table, columns: int, most_megabytes: float) -> int:
    counts = engine.execute(
        people.aggregate(rows=people.count(), people=people.person_id.nunique()),
        step="size of the analysis frame",
    ).iloc[0]
    rows = int(counts["rows"])
    if not rows:
        raise MetricError("an analysis frame needs people: there are none. Check the cohort.")
    if rows != counts["people"]:
        raise MetricError(
            "an analysis frame has one row per person, each known: "
            f"{rows - int(counts['people']):,} rows repeat one or have none."
        )
    size = rows * columns * BYTES / 1e6
    if size > most_megabytes:
        raise MetricError(
            f"an analysis frame of {rows:,} people by {columns} columns would take {size:,.0f} "
            f"MB, above the {most_megabytes:,.0f} allowed. Name fewer columns, or collapse people "
            "to counts."
        )
    return rows


def _values(people: ir.Table, name: str) -> tuple[str, ...]:
    known = people.filter(people[name].notnull()).select(name).distinct()
    return tuple(sorted(engine.execute(known, step=f"values of {name}")[name]))


def _coded(people: ir.Table, name: str, values: tuple[str, ...]) -> ir.Table:
    """Put each value's number, from 1, in the place of the text; the text stays in the engine."""
    numbers = engine.memory_table(
        people.get_backend(),
        {"_value": list(values), "_number": list(range(1, len(values) + 1))},
        {"_value": "string", "_number": "int64"},
    )
    joined = people.left_join(numbers, people[name] == numbers._value)
    return joined.mutate(**{name: joined._number}).drop("_value", "_number")
