"""The engines that a spec table is held against."""

from __future__ import annotations

import pytest

from justice_analysis import engine


@pytest.fixture(scope="session")
def backend():
    return engine.connect()
