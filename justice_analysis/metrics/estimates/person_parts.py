"""Each person's part of a quantity in each group, and tables with the totals over groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import MetricError, UsageError, listed
from justice_analysis.metrics.estimates.quantity_outputs import EVERYONE

if TYPE_CHECKING:
    import pandas as pd

NOT_KNOWN = "not known"
GROUP = "group"
"""Column that says "all" where no groups are asked for."""
VALUE, PERSON, BODY = "justice_value", "justice_person", "justice_body"


@dataclass(frozen=True)
class Parts:
    """Each person's part in each finest group, stored; by organisation where there is one.

    Columns: the groups as text, `VALUE`, `PERSON` and, with organisations, `BODY`.
    """

    rows: ir.Table
    by: tuple[str, ...]
    has_bodies: bool

    def of_people(self, by: Sequence[str]) -> ir.Table:
        """One row per group and person: what the person adds up to there."""
        people = self.rows.group_by([*by, PERSON])
        return people.agg(**{VALUE: self.rows[VALUE].sum()})

    def of_bodies(self, by: Sequence[str]) -> ir.Table:
        """One row per group and organisation; rows without one are left out."""
        named = self.rows.filter(self.rows[BODY].notnull())
        return named.group_by([*by, BODY]).agg(**{VALUE: named[VALUE].sum()})


def check_columns(table: ir.Table, columns: Sequence[str]) -> None:
    """Refuse columns that are not there."""
    if missing := [name for name in columns if name not in table.columns]:
        raise UsageError(listed([f"column {name} is not in the table." for name in missing]))


def parts_of(
    table: ir.Table, quantity: str, person: str, by: tuple[str, ...], organisation: str | None
) -> Parts:
    """Add up each person's rows in each finest group, and keep them in the engine."""
    known = table.filter(table[quantity].notnull())
    _check_rows(known, quantity, person)
    keys = {name: known[name].cast("string").fill_null(NOT_KNOWN) for name in by}
    keys[PERSON] = known[person]
    if organisation:
        keys[BODY] = known[organisation]
    value = known[quantity].cast("float64")
    chosen = known.select(**keys, **{VALUE: value})
    rows = chosen.group_by([*keys]).agg(**{VALUE: chosen[VALUE].sum()})
    return Parts(engine.materialise(rows, step=f"adding up {quantity}"), by, bool(organisation))


def _check_rows(known: ir.Table, quantity: str, person: str) -> None:
    found = engine.execute(
        known.agg(
            rows=known.count(),
            below=(known[quantity] < 0).sum().fill_null(0),
            nobody=known[person].isnull().sum().fill_null(0),
        ),
        step=f"checking {quantity}",
    ).iloc[0]
    problems = []
    if not found["rows"]:
        problems.append(f"{quantity} must be known of at least one person: it is of none.")
    if found["below"]:
        problems.append(
            f"{quantity} must not be below 0 to be added up: {int(found['below']):,} rows are."
        )
    if found["nobody"]:
        problems.append(f"{person} must be given: {int(found['nobody']):,} rows have none.")
    if problems:
        raise MetricError(listed(problems))


def margins(by: tuple[str, ...], totals: bool) -> Iterator[tuple[str, ...]]:
    """Combinations of groups: all of them, then with one and more summed over."""
    if not totals:
        return iter([by])
    sizes = range(len(by), -1, -1)
    return chain.from_iterable(combinations(by, size) for size in sizes)


def aggregated(table: ir.Table, by: tuple[str, ...], columns: dict[str, ir.Value]) -> pd.DataFrame:
    """One row per group, computed in the engine; one row where there are no groups."""
    grouped = table.group_by(list(by)).agg(**columns) if by else table.agg(**columns)
    return engine.execute(grouped, step="describing groups")


def stacked(tables: Sequence[pd.DataFrame], by: tuple[str, ...]) -> pd.DataFrame:
    """Stack margins, "all" for what is summed over; groups in order, "all" first."""
    import pandas as pd

    filled = [
        rows.assign(**{name: EVERYONE for name in by if name not in rows.columns})
        for rows in tables
    ]
    found = pd.concat(filled, ignore_index=True)
    if not by:
        return found.assign(**{GROUP: EVERYONE})
    first = {name: found[name].where(found[name] != EVERYONE, "") for name in by}
    order = pd.DataFrame(first).sort_values(list(by), kind="stable").index
    return found.loc[order].reset_index(drop=True)
