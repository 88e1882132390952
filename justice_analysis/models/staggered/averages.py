"""Averages of group-time effects, with the influence of clusters on each.

Weights and their own uncertainty follow Callaway and Sant'Anna (2021, section 3): a group
counts by its share of units, which is itself an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.staggered.library import Cells, Comparison
from justice_analysis.models.staggered.rows import NEVER, Rows

REFERENCE = "reference period"
NOTHING_TO_AVERAGE = "no effect after treatment can be estimated"


@dataclass(frozen=True, eq=False)
class Average:
    """An estimate, the influence of each cluster on it, and the cells it is made of."""

    estimate: float
    influence: Real
    cells: Whole
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Design:
    """Who is treated when: what averages need beside the effects themselves.

    Attributes
    ----------
    mass
        Share of all weight that a cluster has in a group, shape (clusters, groups + 1); the
        first column is of those never treated.
    groups
        The group of each column.
    units
        Units of each column's group.
    rows
        Rows by column's group and period, shape (groups + 1, periods + 1).
    single
        Groups that one cluster alone makes up.
    """

    mass: Real
    groups: Whole
    units: Whole
    rows: Whole
    single: frozenset[int]
    comparison: Comparison
    anticipation: int

    def share(self, group: Whole) -> Real:
        """Share of all weight that each group has."""
        return np.asarray(self.mass.sum(axis=0)[self.column(group)])

    def column(self, group: Whole) -> NDArray[np.intp]:
        """Column of each group."""
        return np.searchsorted(self.groups, group)

    def compared_with(self, cells: Cells, which: Iterable[int]) -> set[tuple[int, int]]:
        """Comparison groups and periods of some cells."""
        pairs = set()
        for cell in which:
            group, period = int(cells.group[cell]), int(cells.period[cell])
            last = max(period, int(cells.base[cell])) + self.anticipation
            for other in self.groups.tolist():
                later = self.comparison == "not_yet" and other > last and other != group
                if other == NEVER or later:
                    pairs.add((other, period))
        return pairs


def design_of(rows: Rows, comparison: Comparison, anticipation: int, *, by_row: bool) -> Design:
    """Who is treated when; `by_row` counts rows as the units of a repeated cross-section."""
    groups, code = np.unique(np.r_[NEVER, rows.group], return_inverse=True)
    code = code[1:]
    _, first = np.unique(rows.unit, return_index=True)
    counted = slice(None) if by_row else first
    mass = np.zeros((int(rows.cluster.max()) + 1, len(groups)))
    np.add.at(mass, (rows.cluster[counted], code[counted]), rows.weight[counted])
    seen = np.zeros((len(groups), rows.periods + 1), dtype=np.int64)
    np.add.at(seen, (code, rows.period), 1)
    clusters = np.count_nonzero(mass, axis=0)
    return Design(
        mass=mass / mass.sum(),
        groups=groups.astype(np.int64),
        units=np.bincount(code[first], minlength=len(groups)).astype(np.int64),
        rows=seen,
        single=frozenset(int(group) for group in groups[clusters == 1]),
        comparison=comparison,
        anticipation=anticipation,
    )


def by_size(parts: Sequence[Average], group: Whole, design: Design) -> Average:
    """Average of effects of groups, each weighed by its group's share of units.

    A cluster also has influence on the shares: for effects a(k) of groups g(k), mean a and
    summed shares S, the sum over k of mass(cluster, g(k)) (a(k) - a) / S.
    """
    estimate = np.array([part.estimate for part in parts])
    share = design.share(group)
    weight = share / share.sum()
    mean = float(weight @ estimate)
    influence = np.column_stack([part.influence for part in parts]) @ weight
    moved = design.mass[:, design.column(group)] @ (estimate - mean) / share.sum()
    return Average(mean, influence + moved, _cells_of(parts))


def alike(parts: Sequence[Average]) -> Average:
    """Plain mean of effects."""
    influence = np.column_stack([part.influence for part in parts]).mean(axis=1)
    mean = float(np.mean([part.estimate for part in parts]))
    return Average(mean, influence, _cells_of(parts))


def nothing(clusters: int, reason: str, estimate: float = np.nan) -> Average:
    """An average of no cell."""
    return Average(estimate, np.zeros(clusters), np.zeros(0, dtype=np.int64), reason)


def single_cells(cells: Cells) -> list[Average]:
    """Each cell as an average of itself."""
    return [
        Average(float(cells.estimate[k]), cells.influence[:, k], np.array([k]), cells.reason[k])
        for k in range(len(cells.estimate))
    ]


def averages_by(
    label: Whole, parts: Sequence[Average], cells: Cells, design: Design, which: NDArray[np.bool_]
) -> dict[int, Average]:
    """Average of the cells that share a label, groups weighed by their size."""
    out = {}
    for value in np.unique(label[which]):
        chosen = np.flatnonzero(which & (label == value))
        made = chosen[np.isfinite(cells.estimate[chosen])]
        if len(made):
            out[int(value)] = by_size([parts[int(k)] for k in made], cells.group[made], design)
        else:
            out[int(value)] = nothing(len(cells.influence), cells.reason[chosen[0]])
    return out


def overall_averages(
    cells: Cells,
    parts: Sequence[Average],
    design: Design,
    tables: dict[str, dict[int, Average]],
) -> dict[str, Average]:
    """One effect of everything: four ways to average."""
    after = np.flatnonzero((cells.period >= cells.group) & np.isfinite(cells.estimate))
    if not len(after):
        lacking = nothing(len(cells.influence), NOTHING_TO_AVERAGE)
        return dict.fromkeys(("simple", "event_time", "group", "period"), lacking)
    made = {
        name: {label: one for label, one in table.items() if not one.reason}
        for name, table in tables.items()
    }
    later = [one for time, one in made["event_time"].items() if time >= 0]
    groups = np.array(list(made["group"]), dtype=np.int64)
    return {
        "simple": by_size([parts[int(k)] for k in after], cells.group[after], design),
        "event_time": alike(later),
        "group": by_size(list(made["group"].values()), groups, design),
        "period": alike(list(made["period"].values())),
    }


def _cells_of(parts: Sequence[Average]) -> Whole:
    return np.concatenate([part.cells for part in parts])
