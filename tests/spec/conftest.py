"""Every spec table is held against DuckDB, and one of each file against Spark as well.

Spark takes seconds for what DuckDB does in milliseconds: `make test-engines-all` holds all of
them against it. Files of `ON_BOTH` always are: everything else is made of what they use.
"""

from __future__ import annotations

import os

import pytest

from tests.engines.conftest import backend

__all__ = ["backend"]
ON_BOTH = ("test_recurrence", "test_time_at_risk", "test_journeys")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave one test on Spark in each of the other files, unless all are asked for."""
    if os.environ.get("JUSTICE_ALL_ON_SPARK") == "1":
        return
    seen: set[str] = set()
    left_out = []
    for item in items:
        file = item.path.stem
        if "spec" not in item.path.parts or file in ON_BOTH or not item.get_closest_marker("spark"):
            continue
        if file in seen:
            left_out.append(item)
        seen.add(file)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
