"""Taking effects of groups out of columns: what is left is what varies within them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from justice_analysis.models.panel.rows import Real, Whole

if TYPE_CHECKING:
    import pandas as pd

MOST_EXACT = 2_000
"""Groups of the smaller of two effects up to which its equations are solved at once."""


@dataclass(frozen=True)
class Within:
    """Columns without the effects of groups.

    Attributes
    ----------
    values
        Shape `(n, k)`: residuals of each column on the indicators of all groups.
    effects
        Effects that were estimated on the way: the rank of the indicators together.
    """

    values: Real
    effects: int


def within(values: Real, groups: Sequence[Whole], weights: Real | None = None) -> Within:
    """Take the effects of one or two sets of groups out of columns, exactly.

    Parameters
    ----------
    values
        Shape `(n, k)`.
    groups
        Codes from 0 without gaps, shape `(n,)` each.
    weights
        Shape `(n,)`.

    Notes
    -----
    One effect: deviations from (weighted) means. Two: the normal equations of both sets of
    indicators, with the larger eliminated (Frisch, Waugh and Lovell); balanced or not. More, or
    two large ones: linearmodels' `AbsorbingLS` (conjugate gradients on the sparse indicators).
    """
    weight = np.ones(len(values)) if weights is None else weights
    if len(groups) == 1:
        return Within(_less_means(values, groups[0], weight), _size(groups[0]))
    few, many = sorted(groups, key=_size)[:2]
    if len(groups) > 2 or _size(few) > MOST_EXACT:
        return _by_linearmodels(values, groups, weights)
    return _two_effects(values, many, few, weight)


def rank_of(groups: Sequence[Whole]) -> int:
    """Effects of several sets of groups that can be told apart.

    Exact for two sets (groups less connected parts, less one for each part); for more, each
    further set is taken to lose one, which can only count too many.
    """
    if not groups:
        return 0
    total = _size(groups[0])
    if len(groups) > 1:
        total += _size(groups[1]) - _parts(groups[0], groups[1])
    return total + sum(_size(one) - 1 for one in groups[2:])


def _size(codes: Whole) -> int:
    return int(codes.max()) + 1


def _less_means(values: Real, codes: Whole, weight: Real) -> Real:
    total = np.bincount(codes, weights=weight)
    left = np.empty_like(values)
    for number, column in enumerate(values.T):
        means = np.bincount(codes, weights=weight * column) / total
        left[:, number] = column - means[codes]
    return left


def _two_effects(values: Real, many: Whole, few: Whole, weight: Real) -> Within:
    from scipy.sparse import csr_array

    shape = (_size(many), _size(few))
    met = csr_array((weight, (many, few)), shape=shape)
    each_many = np.bincount(many, weights=weight)
    each_few = np.bincount(few, weights=weight)
    shared = met.multiply((1 / each_many)[:, None]).tocsr()
    normal = np.diag(each_few) - (met.T @ shared).toarray()
    left = _less_means(values, many, weight)
    sums = np.column_stack([np.bincount(few, weights=weight * column) for column in left.T])
    effects, _, rank, _ = np.linalg.lstsq(normal, sums, rcond=1e-10)
    left -= effects[few] - (shared @ effects)[many]
    return Within(left, shape[0] + int(rank))


def _by_linearmodels(values: Real, groups: Sequence[Whole], weights: Real | None) -> Within:
    from linearmodels.iv.absorbing import AbsorbingLS

    model: Any = AbsorbingLS(
        values[:, 0], values[:, 1:], absorb=_categories(groups), weights=weights
    )
    model.fit(cov_type="unadjusted")
    left = np.column_stack([model.absorbed_dependent, model.absorbed_exog])
    if weights is not None:  # the library gives them times the root of the weights
        left = left / np.sqrt(weights)[:, None]
    return Within(left, rank_of(groups))


def _categories(groups: Sequence[Whole]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({str(n): pd.Categorical(codes) for n, codes in enumerate(groups)})


def _parts(first: Whole, second: Whole) -> int:
    """Connected parts of two sets of groups that meet in rows."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    one, two = _size(first), _size(second)
    edges = csr_array((np.ones(len(first)), (first, second + one)), shape=(one + two, one + two))
    return int(connected_components(edges, directed=False, return_labels=False))
