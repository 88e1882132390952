"""Tables of several dimensions for the disclosure tests, and a slow attacker on their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from justice_analysis.definitions.output import ColumnRoles, Output
from tests.unit.disclosure.examples import frequencies

NAMES = ("sex", "age", "offence", "year", "plea")
ALL = "all"


def margins_of(
    people: np.ndarray,
    over: Sequence[str] | None = None,
    *,
    totals: Sequence[str] = (),
    names: Sequence[str] = NAMES,
    **changes: object,
) -> Output:
    """Count people (an array, an axis a dimension) by some dimensions, some with totals."""
    names = tuple(names[: people.ndim])
    over = tuple(over or names)
    summed = people.sum(axis=tuple(n for n, name in enumerate(names) if name not in over))
    summed = np.asarray(summed)
    rows = []
    for place in product(*(
        [*range(size), *([ALL] if name in totals else [])]
        for name, size in zip((n for n in names if n in over), summed.shape, strict=True)
    )):  # fmt: skip
        index = tuple(slice(None) if at == ALL else at for at in place)
        rows.append([*(ALL if at == ALL else f"{at}." for at in place), int(summed[index].sum())])
    table = pd.DataFrame(rows, columns=[*(n for n in names if n in over), "people"])
    described = {"table": table, "dimensions": tuple(table.columns[:-1]), **changes}
    return frequencies({"a": 1}, roles=ColumnRoles(people="people"), **described)


@dataclass
class Slow:
    """Everything shown, as inequalities over the cells of the full joint table alone."""

    shape: tuple[int, ...]
    names: tuple[str, ...] = NAMES

    def __post_init__(self) -> None:
        self.above: list[np.ndarray] = []
        self.limits: list[float] = []

    def see(self, output: Output, shown: pd.DataFrame, *, base: int, floor: int = 10) -> None:
        """Read a table that left: each count is itself, or a range behind its rounding."""
        for row in shown[shown["shown"] == "yes"].to_dict("records"):
            mask = self.cells({name: row[name] for name in output.dimensions})
            people = int(row["people"])
            least = people if base == 1 else max(people - base // 2, floor, 0)
            most = people if base == 1 else people + (base - 1) // 2
            self.above += [mask, -mask]
            self.limits += [most, -least]

    def cells(self, group: dict[str, str]) -> np.ndarray:
        """Mark the joint cells of a group."""
        mask = np.ones(self.shape)
        for axis, name in enumerate(self.names[: len(self.shape)]):
            if group.get(name, ALL) != ALL:
                keep = np.zeros(self.shape[axis])
                keep[int(float(group[name]))] = 1
                mask = mask * keep.reshape([-1 if n == axis else 1 for n in range(mask.ndim)])
        return mask.ravel()

    def range_of(self, group: dict[str, str]) -> tuple[float, float]:
        """Bound the people of a group."""
        aim, ends = self.cells(group), []
        for sign in (1, -1):
            if not self.above:
                ends.append(0.0 if sign == 1 else np.inf)
                continue
            found = linprog(sign * aim, A_ub=np.array(self.above), b_ub=self.limits)
            assert found.status in (0, 3, 4), found.message
            ends.append(sign * float(found.fun) if found.status == 0 else sign * -np.inf)
        return ends[0], ends[1]


def small_groups(output: Output, minimum: int = 10) -> list[dict[str, str]]:
    """Groups of a table with fewer people than the minimum."""
    table = output.table
    rows = table[table["people"] < minimum].to_dict("records")
    return [{name: row[name] for name in output.dimensions} for row in rows]
