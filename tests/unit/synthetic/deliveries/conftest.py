"""The engine that the tests of deliveries share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ibis.backends import BaseBackend

from justice_analysis import engine


@pytest.fixture(scope="session")
def backend() -> Iterator[BaseBackend]:
    opened = engine.connect(memory_limit_gb=1, threads=1)
    yield opened
    engine.close(opened)
