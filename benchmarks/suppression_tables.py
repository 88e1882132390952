"""Random tables with margins, as problems of suppression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from justice_analysis.disclosure.suppression import Problem, units_of_cells

THRESHOLD = 10


def crossed(
    groups: Sequence[Sequence[Sequence[int]]], values: np.ndarray, *, people: bool = False
) -> Problem:
    """Cross dimensions of nested groups: every cell that a table with all margins shows.

    Parameters
    ----------
    groups
        For each dimension its groups beside the inner ones, as positions of what they hold:
        groups before them count on from the inner ones.
    values
        Inner counts, one axis a dimension.
    people
        Whether hiding a cell costs the people in it, or 1.
    """
    full = values.astype(float)
    for axis, more in enumerate(groups):
        for parts in more:
            total = full.take(list(parts), axis=axis).sum(axis=axis, keepdims=True)
            full = np.concatenate([full, total], axis=axis)
    place = np.arange(full.size).reshape(full.shape)
    sums = [
        [*line[list(parts)], line[values.shape[axis] + number]]
        for axis, more in enumerate(groups)
        for number, parts in enumerate(more)
        for line in np.moveaxis(place, axis, 0).reshape(full.shape[axis], -1).T
    ]
    return problem(full.ravel(), sums, people=people)


def problem(values: np.ndarray, sums: Sequence[Sequence[int]], *, people: bool) -> Problem:
    """Protect every cell under the threshold; the last of each sum is the total."""
    from scipy.sparse import csr_matrix

    cells = len(values)
    ends = np.cumsum([0, *map(len, sums)])
    factors = np.ones(ends[-1])
    factors[ends[1:] - 1] = -1
    small = values < THRESHOLD
    return Problem(
        values=values,
        matrix=csr_matrix((factors, np.concatenate(sums), ends), shape=(len(sums), cells)),
        floor=np.zeros(cells),
        ceiling=np.full(cells, np.inf),
        shown_low=values,
        shown_high=values,
        shown_by=units_of_cells([[cell] for cell in range(cells)], count=cells),
        cost=values if people else np.ones(cells),
        fixed_shown=np.zeros(cells, dtype=bool),
        fixed_hidden=small,
        need_low=np.where(small, 0.0, np.nan),
        need_high=np.where(small, float(THRESHOLD), np.nan),
    )


def counts(shape: Sequence[int], random: np.random.Generator, *, small: float) -> np.ndarray:
    """Draw inner counts, a part of them under the threshold."""
    many = random.integers(THRESHOLD, 200, size=shape)
    few = random.integers(0, THRESHOLD, size=shape)
    return np.where(random.random(shape) < small, few, many)


def nested(size: int, groups: int) -> list[Sequence[int]]:
    """Return the groups of a dimension whose inner ones lie in larger ones, and these in all."""
    parts = np.array_split(np.arange(size), groups)
    return [*(list(part) for part in parts), list(range(size, size + groups))]


def layout(kind: str) -> tuple[list[int], list[list[Sequence[int]]]]:
    """Read sizes and groups of dimensions from words such as "12", "9 x 11", "6 in 2 x 4"."""
    shape: list[int] = []
    groups: list[list[Sequence[int]]] = []
    for dimension in kind.split(" x "):
        size, *more = (int(word) for word in dimension.split(" in "))
        shape.append(size)
        groups.append(nested(size, more[0]) if more else [range(size)])
    return shape, groups


def table(
    kind: str, random: np.random.Generator, *, small: float = 0.2, people: bool = False
) -> Problem:
    """Draw a table with margins of a given kind, as `layout` reads it."""
    shape, groups = layout(kind)
    return crossed(groups, counts(shape, random, small=small), people=people)
