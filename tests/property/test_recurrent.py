"""Mean cumulative number of events against a version that follows each person."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_analysis.models import mean_cumulative_function

# Entry (0: from the start), days followed after it, days after entry with an event.
PERSON = st.tuples(
    st.integers(0, 4), st.integers(1, 9), st.lists(st.integers(1, 9), max_size=4)
).map(lambda p: (p[0], p[0] + p[1], sorted(p[0] + day for day in p[2] if day <= p[1])))
PEOPLE = st.lists(PERSON, min_size=1, max_size=12)


def slow(people, last):
    """Mean and robust variance up to a day, person by person and day by day."""
    mean, parts = 0.0, np.zeros(len(people))
    for day in range(last + 1):
        seen = [(entry < day or entry == 0) and day <= end for entry, end, _ in people]
        had = [events.count(day) for *_, events in people]
        if not any(seen):
            continue
        mean += sum(had) / sum(seen)
        parts += np.array(seen) * (np.array(had) - sum(had) / sum(seen)) / sum(seen)
    return mean, (parts**2).sum()


@settings(max_examples=80, deadline=None, derandomize=True)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_mean_and_variance_equal_following_each_person(people, random):
    rows = [(number, day) for number, (*_, events) in enumerate(people) for day in events]
    random.shuffle(rows)
    found = mean_cumulative_function(
        [number for number, _ in rows],
        [day for _, day in rows],
        [end for _, end, _ in people],
        entry_day=[entry for entry, *_ in people],
    )
    expected = np.array([slow(people, int(day)) for day in found.time])
    np.testing.assert_allclose(found.mean, expected[:, 0], atol=1e-12)
    np.testing.assert_allclose(found.variance, expected[:, 1], atol=1e-12)
    assert found.events.sum() == len(rows)
    assert (found.lower <= found.mean).all()
    assert (found.mean <= found.upper).all()
