"""On random tables: the audit equals trying every table, and what is hidden can't be worked out."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from benchmarks.suppression_tables import THRESHOLD, crossed, layout, table
from justice_analysis.disclosure.suppression import Problem, audit, suppress, units_of_cells

TINY = ("4", "2 x 3", "4 in 2", "2 x 2 x 2")
SMALL = ("12", "12 in 3", "5 x 6", "6 in 2 x 4", "3 x 3 x 3")
LARGE = ("9 x 11", "14 in 4 x 4", "3 x 4 x 5")


def margins(kind: str, inner: np.ndarray) -> np.ndarray:
    """How each cell of a table with margins is summed from the inner ones, `(n, inner)`."""
    _, groups = layout(kind)
    size = inner.size
    each = np.eye(size).reshape(*inner.shape, size)
    for axis, more in enumerate(groups):
        for parts in more:
            total = sum(np.take(each, [part], axis=axis) for part in parts)
            each = np.concatenate([each, total], axis=axis)
    return each.reshape(-1, size)


def tiny(kind: str, seed: int) -> tuple[Problem, np.ndarray, np.ndarray]:
    """A table whose inner counts are known to be 0 to 2, and hidden units at random."""
    random = np.random.default_rng(seed)
    shape, groups = layout(kind)
    inner = random.integers(0, 3, size=shape)
    drawn = crossed(groups, inner)
    parts = margins(kind, inner).sum(axis=1)
    problem = replace(
        drawn,
        ceiling=2 * parts,
        need_low=np.zeros(drawn.cells),
        need_high=2 * parts,
        fixed_hidden=np.zeros(drawn.cells, dtype=bool),
    )
    return problem, inner, random.random(drawn.cells) < 0.7


def every_table(kind: str, inner: np.ndarray, problem: Problem, hidden: np.ndarray) -> np.ndarray:
    """All tables of whole numbers that agree with what is shown, one a row."""
    sums = margins(kind, inner)
    assert (sums @ inner.ravel() == problem.values).all()
    full = np.array(list(itertools.product(range(3), repeat=inner.size))) @ sums.T
    return full[(full[:, ~hidden] == problem.values[~hidden]).all(axis=1)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", TINY)
def test_the_audit_finds_what_trying_every_table_finds(kind, seed):
    problem, inner, hidden = tiny(kind, seed)
    tables = every_table(kind, inner, problem, hidden)
    low, high = tables.min(axis=0), tables.max(axis=0)
    found = audit(problem, hidden, ranges=True)
    if kind.count("x") < 2:  # there the ends of ranges are whole numbers
        np.testing.assert_allclose(found.low, low, atol=1e-6)
        np.testing.assert_allclose(found.high, high, atol=1e-6)
    assert (found.low <= low + 1e-6).all()
    assert (found.high >= high - 1e-6).all()
    unsafe = (low > problem.need_low) | (high < problem.need_high)
    quick = audit(problem, hidden, whole_numbers=True)
    assert (quick.unsafe == unsafe).all()
    assert not quick.unproved.any()


def attacked(kind: str, problem: Problem, hidden: np.ndarray) -> np.ndarray:
    """Protected cells that a programme over the inner cells alone bounds too closely."""
    shape, _ = layout(kind)
    sums = margins(kind, np.zeros(shape))
    found = np.zeros(problem.cells, dtype=bool)
    for cell in problem.protected:
        ends = [
            linprog(sign * sums[cell], A_eq=sums[~hidden], b_eq=problem.values[~hidden])
            for sign in (1, -1)
        ]
        assert all(end.status in (0, 3) for end in ends)
        found[cell] = ends[0].fun > 1e-6 or (
            ends[1].status == 0 and -ends[1].fun < THRESHOLD - 1e-6
        )
    return found


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", SMALL)
def test_what_is_suppressed_cannot_be_worked_out(kind, seed):
    problem = table(kind, np.random.default_rng(seed), small=0.25)
    unprotected = attacked(kind, problem, problem.fixed_hidden)
    assert (audit(problem, problem.fixed_hidden).unsafe == unprotected).all()
    found = suppress(problem)
    assert found.audited
    assert not found.unsafe.any()
    assert (found.hidden >= problem.fixed_hidden).all()
    assert not attacked(kind, problem, found.hidden).any()
    if not unprotected.any():
        assert (found.hidden == problem.fixed_hidden).all()


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", ["3", "5", "4 in 2", "2 x 2", "2 x 3"])
def test_on_tiny_tables_no_choice_of_cells_costs_less(kind, seed):
    problem = table(kind, np.random.default_rng(seed), small=0.3, people=seed % 2 == 1)
    found = suppress(problem)
    free = np.flatnonzero(~problem.fixed_hidden)
    safe = []
    for count in range(len(free) + 1):
        for chosen in itertools.combinations(free, count):
            hidden = problem.fixed_hidden.copy()
            hidden[list(chosen)] = True
            if (
                problem.cost[hidden].sum() < min(safe, default=np.inf)
                and not attacked(kind, problem, hidden).any()
            ):
                safe.append(problem.cost[hidden].sum())
    assert problem.cost[found.hidden].sum() == min(safe)
    assert found.method in ("none needed", "exact")


def test_the_heuristic_alone_hides_little_more_than_the_exact_route():
    hidden = {0: 0, 1: 0}
    for seed, kind in enumerate(LARGE):
        problem = table(kind, np.random.default_rng(seed), small=0.15)
        assert problem.cells <= 125
        for patience in hidden:
            found = suppress(problem, patience=patience, seconds=60)
            assert found.audited
            hidden[patience] += int(found.hidden.sum())
        assert found.method == "exact"
    assert hidden[1] <= hidden[0] <= 1.2 * hidden[1]


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(("7", "3 x 4", "4 in 2 x 3", "2 x 3 x 3")),
    seed=st.integers(0, 10_000),
    base=st.sampled_from((0, 3, 5)),
    together=st.booleans(),
)
def test_whatever_shows_cells_what_is_suppressed_stays_safe(kind, seed, base, together):
    """Rounded cells, units of two cells, cells of two units, units that are fixed."""
    random = np.random.default_rng(seed)
    exact = table(kind, random, small=0.3)
    cells, protected = exact.cells, ~np.isnan(exact.need_low)
    width = np.where(protected, 0, base // 2)
    other = random.integers(0, cells, size=cells)
    units = [[cell] for cell in range(cells)]
    if together:
        units = [sorted({cell, int(other[cell])}) for cell in range(cells)]
    shown_by = units_of_cells(units, count=cells)
    must = np.asarray(shown_by.T @ protected.astype(float) > 0)
    problem = replace(
        exact,
        shown_low=exact.values - width,
        shown_high=exact.values + width,
        shown_by=shown_by,
        fixed_hidden=must,
        fixed_shown=~must & (random.random(cells) < 0.1),
    )
    found = suppress(problem, patience=seed % 2)
    assert found.audited
    assert (found.hidden >= problem.fixed_hidden).all()
    assert not (found.hidden & problem.fixed_shown).any()
    most = bounded(kind, problem, ~problem.fixed_shown)
    assert (found.unsafe == most).all()
    assert (bounded(kind, problem, found.hidden) == most).all()


def bounded(kind: str, problem: Problem, hidden: np.ndarray) -> np.ndarray:
    """Protected cells that a programme over the inner cells bounds too closely, with ranges."""
    shape, _ = layout(kind)
    sums = margins(kind, np.zeros(shape))
    shown = np.array([any(not hidden[u] for u in row.indices) for row in problem.shown_by])
    limits = np.vstack([sums[shown], -sums[shown]])
    ends = np.concatenate([problem.shown_high[shown], -problem.shown_low[shown]])
    found = np.zeros(problem.cells, dtype=bool)
    for cell in problem.protected:
        low, high = (linprog(sign * sums[cell], A_ub=limits, b_ub=ends) for sign in (1, -1))
        assert low.status == 0
        assert high.status in (0, 3)
        found[cell] = low.fun > 1e-6 or (high.status == 0 and -high.fun < THRESHOLD - 1e-6)
    return found
