"""One small linkage that many tests look at."""

from __future__ import annotations

import pytest

from justice_analysis.linkage import participants as linking
from tests.participants import make_lists


@pytest.fixture(scope="session")
def lists(tmp_path_factory):
    return make_lists(tmp_path_factory.mktemp("lists"))


@pytest.fixture(scope="session")
def quick():
    return linking.LinkSettings(random_pairs=2e5)


@pytest.fixture(scope="session")
def linked(lists, quick, backend):
    return linking.link_participants(
        linking.read_participants(lists.participants, backend=backend),
        linking.read_population(lists.population, backend=backend),
        settings=quick,
        seed=3,
        truth=lists.truth,
    )


@pytest.fixture(scope="session")
def folder(linked, tmp_path_factory):
    return linking.write_links(linked, tmp_path_factory.mktemp("linked") / "steps")
