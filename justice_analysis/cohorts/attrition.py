"""Attrition: who was left at each step of a selection, counted in one engine pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine


@dataclass(frozen=True)
class Step:
    """One step of a selection: its name and the people left after it."""

    name: str
    people: int


@dataclass(frozen=True)
class Flow:
    """The steps of a selection in order; people can only fall from one to the next."""

    start: str
    people_at_start: int
    steps: tuple[Step, ...]

    @property
    def people(self) -> int:
        """People left after the last step."""
        return self.steps[-1].people if self.steps else self.people_at_start

    def table(self) -> pd.DataFrame:
        """One row per step: `step`, `people` left, `people_excluded` at it."""
        left = [self.people_at_start, *(step.people for step in self.steps)]
        lost = [0, *(before - after for before, after in pairwise(left))]
        names = [self.start, *(step.name for step in self.steps)]
        return pd.DataFrame({"step": names, "people": left, "people_excluded": lost})


def select(
    people: ir.Table, *, start: str, steps: Sequence[tuple[str, ir.BooleanValue]]
) -> tuple[ir.Table, Flow]:
    """Keep the people who meet every condition, and count them after each.

    Parameters
    ----------
    people
        One row per person.
    start
        What a row is before any condition, in words.
    steps
        Name and condition of each step, in order; a missing condition counts as not met.

    Returns
    -------
    tuple of Table and Flow
        The people kept (one row per person) and the count left at each step.
    """
    met: ir.BooleanValue = ibis.literal(True)
    sums = {"start": people.count()}
    for number, (_, condition) in enumerate(steps):
        met = met & condition.fill_null(False)
        sums[f"step_{number}"] = met.cast("int64").sum().fill_null(0)
    counts = engine.execute(people.aggregate(**sums), step="attrition").iloc[0]
    left = tuple(Step(name, int(counts[f"step_{n}"])) for n, (name, _) in enumerate(steps))
    return people.filter(met), Flow(start, int(counts["start"]), left)
