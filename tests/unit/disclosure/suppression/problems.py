"""Small problems of suppression, one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from justice_analysis.disclosure.suppression import Problem, units_of_cells


def problem(
    values: Sequence[float],
    sums: Sequence[Mapping[int, float]],
    protected: Mapping[int, tuple[float, float]],
    *,
    units: Sequence[Sequence[int]] | None = None,
    width: float = 0,
    **changes: object,
) -> Problem:
    """Write a problem: each sum by the factors of its cells; protected cells by their needs.

    Each cell has a unit of its own unless told; shown values are known to `width` either way.
    Units of protected cells are hidden.
    """
    cells = len(values)
    matrix = np.zeros((len(sums), cells))
    for row, one in zip(matrix, sums, strict=True):
        row[list(one)] = list(one.values())
    units = [[cell] for cell in range(cells)] if units is None else units
    count = max((unit for cell in units for unit in cell), default=-1) + 1
    low, high = np.full(cells, np.nan), np.full(cells, np.nan)
    fixed_hidden = np.zeros(count, dtype=bool)
    for cell, needs in protected.items():
        low[cell], high[cell] = needs
        fixed_hidden[list(units[cell])] = True
    array = np.array(values, dtype=float)
    given = {
        "values": array,
        "matrix": matrix,
        "floor": np.zeros(cells),
        "ceiling": np.full(cells, np.inf),
        "shown_low": array - width,
        "shown_high": array + width,
        "shown_by": units_of_cells(units, count=count),
        "cost": np.ones(count),
        "fixed_shown": np.zeros(count, dtype=bool),
        "fixed_hidden": fixed_hidden,
        "need_low": low,
        "need_high": high,
    }
    return Problem(**{**given, **changes})


def line(*parts: float, **more: object) -> Problem:
    """Parts and, last, their total; parts under 10 are protected."""
    protected = {cell: (0, 10) for cell, value in enumerate(parts) if value < 10}
    total = {**dict.fromkeys(range(len(parts)), 1.0), len(parts): -1.0}
    return problem([*parts, sum(parts)], [total], protected, **more)
