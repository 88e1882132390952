"""Pairing and chaining of cases equal slow obvious versions on random pairs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.linkage.proceedings import one_to_one, proceedings_of
from tests.delivered import plain

PAIRS = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")),
    st.tuples(st.integers(1, 3), st.integers(0, 2)),
    max_size=12,
)
SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def backend():
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


@SETTINGS
@given(scored=PAIRS)
def test_chosen_pairs_are_those_of_going_down_one_ordered_list(backend, scored):
    order = sorted(scored.items(), key=lambda item: (-item[1][0], item[1][1], item[0]))
    expected, used = [], set()
    for pair, (score, _) in order:
        if not used & set(pair):
            expected.append((*pair, float(score)))
            used |= set(pair)
    columns = {
        "case_id": [one for one, _ in scored],
        "related_case_id": [other for _, other in scored],
        "score": [float(score) for score, _ in scored.values()],
        "gap": [gap for _, gap in scored.values()],
    }
    kinds = {"case_id": "string", "related_case_id": "string", "score": "float64", "gap": "int64"}
    found = one_to_one(engine.memory_table(backend, columns, kinds))
    assert plain(engine.execute(found)) == sorted(expected)


@SETTINGS
@given(ties=st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))))
def test_proceedings_are_the_connected_components(backend, ties):
    label = {case: case for tie in ties for case in tie}
    for _ in label:
        for one, other in ties:
            label[one] = label[other] = min(label[one], label[other])
    columns = {
        "case_id": [one for one, _ in ties],
        "related_case_id": [other for _, other in ties],
    }
    links = engine.memory_table(backend, columns, dict.fromkeys(columns, "string"))
    assert dict(plain(engine.execute(proceedings_of(links)))) == label
