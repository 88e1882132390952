"""Matching on sorted scores against trying every comparison person for every treated one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from justice_analysis.models import exact, nearest_neighbours, radius, subclasses

# Treated, score (few values, so that many are equal), stratum.
PERSON = st.tuples(st.booleans(), st.integers(0, 8), st.integers(0, 1))
PEOPLE = st.lists(PERSON, min_size=2, max_size=18)
FEW = settings(max_examples=120, deadline=None, derandomize=True)
CALIPER = st.sampled_from([None, 1.0, 2.0])


def columns(people, with_strata):
    treated, score, stratum = (np.array(column) for column in zip(*people, strict=True))
    assume(treated.any() and not treated.all())
    strata = stratum if with_strata else np.zeros(len(treated), dtype=int)
    return treated, score.astype(float), strata


def nearest_of(one, free, score, strata, caliper):
    """Distance and position of the nearest of the free, the lower and then the closer in order."""
    place = np.empty(len(score), dtype=int)
    place[sorted(range(len(score)), key=lambda i: (score[i], i))] = np.arange(len(score))
    near = []
    for other in free:
        apart = abs(score[other] - score[one])
        if strata[other] == strata[one] and (caliper is None or apart <= caliper):
            steps = place[other] - place[one]
            near.append((apart, steps > 0, abs(steps), other))
    return min(near, default=None)


def slow_pairs(treated, score, strata, *, ratio, replace, caliper, order):
    ours, free = list(np.flatnonzero(treated)), set(np.flatnonzero(~treated))
    turns = {
        "largest": sorted(ours, key=lambda i: (-score[i], i)),
        "smallest": sorted(ours, key=lambda i: (score[i], i)),
    }.get(order, ours)
    pairs = []
    for _ in range(ratio):
        for one in turns:
            had = {b for a, b in pairs if a == one}
            found = nearest_of(one, free - had, score, strata, caliper)
            if found is not None:
                pairs.append((one, found[-1]))
                free -= set() if replace else {found[-1]}
    return sorted(pairs)


def slow_closest(treated, score, strata, *, ratio, caliper):
    free, pairs = set(np.flatnonzero(~treated)), []
    for _ in range(ratio):
        queue = []
        for one in np.flatnonzero(treated):
            found = nearest_of(one, free, score, strata, caliper)
            if found is not None:
                queue.append((found[0], one, found[-1]))
        queue.sort(key=lambda entry: entry[0])
        while queue:
            _, one, other = queue.pop(0)
            if other in free:
                free.remove(other)
                pairs.append((one, other))
            elif (found := nearest_of(one, free, score, strata, caliper)) is not None:
                before = sum(entry[0] < found[0] for entry in queue)
                queue.insert(before, (found[0], one, found[-1]))
    return sorted(pairs)


def slow_weights(treated, pairs):
    weights = np.zeros(len(treated))
    for one, other in pairs:
        weights[one] = 1
        weights[other] += 1 / sum(a == one for a, _ in pairs)
    scale = len({b for _, b in pairs}) / weights[~treated].sum()
    return np.where(treated, weights, weights * scale)


def check_pairs(found, treated, expected):
    assert sorted(map(tuple, found.pairs.tolist())) == expected
    np.testing.assert_allclose(found.weights, slow_weights(treated, expected), atol=1e-12)
    assert set(found.dropped) == set(np.flatnonzero(treated)) - {one for one, _ in expected}


@FEW
@given(
    PEOPLE, st.booleans(), CALIPER, st.integers(1, 3), st.booleans(),
    st.sampled_from(["largest", "smallest", "data"]),
)  # fmt: skip
def test_neighbours_are_those_found_by_trying_everyone(
    people, with_strata, caliper, ratio, replace, order
):
    treated, score, strata = columns(people, with_strata)
    assume(ratio <= (~treated).sum())
    options = {"ratio": ratio, "replace": replace, "caliper": caliper, "order": order}
    expected = slow_pairs(treated, score, strata, **options)
    assume(expected)
    found = nearest_neighbours(treated, score, strata=strata if with_strata else None, **options)
    check_pairs(found, treated, expected)


@FEW
@given(PEOPLE, st.booleans(), CALIPER, st.integers(1, 2))
def test_the_closest_pairs_are_those_found_by_trying_everyone(people, with_strata, caliper, ratio):
    treated, score, strata = columns(people, with_strata)
    assume(ratio <= (~treated).sum())
    expected = slow_closest(treated, score, strata, ratio=ratio, caliper=caliper)
    assume(expected)
    found = nearest_neighbours(
        treated, score, ratio=ratio, caliper=caliper, order="closest",
        strata=strata if with_strata else None,
    )  # fmt: skip
    check_pairs(found, treated, expected)


@FEW
@given(PEOPLE, st.booleans(), st.sampled_from([0.5, 1.0, 3.0]))
def test_a_radius_holds_everyone_within_reach(people, with_strata, caliper):
    treated, score, strata = columns(people, with_strata)
    near = np.abs(score[:, None] - score) <= caliper
    near &= treated[:, None] & ~treated & (strata[:, None] == strata)
    assume(near.any())
    found = radius(treated, score, caliper=caliper, strata=strata if with_strata else None)
    pairs = [tuple(pair) for pair in np.argwhere(near)]
    np.testing.assert_allclose(found.weights, slow_weights(treated, pairs), atol=1e-12)
    assert not found.weights[~treated & ~near.any(axis=0)].any()
    assert set(found.dropped) == set(np.flatnonzero(treated & ~near.any(axis=1)))


@FEW
@given(PEOPLE)
def test_exact_matching_gives_each_stratum_the_treateds_share(people):
    treated, score, strata = columns(people, True)
    cell = list(zip(score, strata, strict=True))
    both = {c for c, t in zip(cell, treated, strict=True) if t}
    both &= {c for c, t in zip(cell, treated, strict=True) if not t}
    assume(both)
    joined = score.astype(int) * 2 + strata
    found = exact(treated, joined)
    for c in set(cell):
        here = np.array([other == c for other in cell])
        ours = found.weights[here & treated].sum() / found.matched_treated
        others = found.weights[here & ~treated].sum() / found.matched_comparison
        assert ours == pytest.approx(others, abs=1e-12)
        assert (ours > 0) == (c in both)
        assert len(set(found.stratum[here])) == 1


@FEW
@given(PEOPLE, st.integers(2, 4), st.sampled_from(["att", "ate"]))
def test_classes_are_intervals_that_hold_both_sides_in_like_shares(people, count, estimand):
    from justice_analysis.errors import MetricError

    treated, score, _ = columns(people, False)
    try:
        found = subclasses(treated, score, count=count, estimand=estimand)
    except MetricError:
        return
    assert (found.weights > 0).all()
    assert len(found.dropped) == 0
    last = -np.inf
    for number in range(found.stratum.max() + 1):
        here = found.stratum == number
        assert score[here].min() > last
        last = score[here].max()
        shares = [found.weights[here & s].sum() / s.sum() for s in (treated, ~treated)]
        target = here[treated].mean() if estimand == "att" else here.mean()
        assert shares == pytest.approx([target, target], abs=1e-12)
