"""Participants are linked alike on every engine."""

from __future__ import annotations

import pytest

from justice_analysis.linkage import participants as linking
from tests.participants import make_lists

# Each rule is several queries, and on Spark every query takes its time.
FEW_RULES = linking.LinkSettings(
    blocking=(("forename", "surname"), ("swapped",), ("birth_date",), ("postcode",)),
    certain=(("forename", "surname", "birth_date"),),
    training=(("birth_date",), ("forename", "surname")),
    random_pairs=2e4,
)


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    return make_lists(tmp_path_factory.mktemp("lists"), known=80, population=600)


def test_a_dirty_list_finds_its_people(backend, lists):
    links = linking.link_participants(
        linking.read_participants(lists.participants, backend=backend),
        linking.read_population(lists.population, backend=backend),
        settings=FEW_RULES,
        truth=lists.truth,
    )
    at = links.thresholds.set_index("threshold").loc[0.9]
    assert at["recall"] >= 0.9
    assert at["precision"] >= 0.98
    assert links.record["counts"]["submitted"] == 90
    assert links.refusal is None
