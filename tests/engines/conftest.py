"""Each engine in turn, so that one test says what all of them must answer."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from justice_analysis import engine

ENGINES = [
    "duckdb",
    pytest.param(
        "spark",
        marks=[
            pytest.mark.spark,
            # pyspark leaves sockets to the collector.
            pytest.mark.filterwarnings("ignore::ResourceWarning"),
            pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
        ],
    ),
]


# Minutes on Spark: `make test-engines-all` runs them there too.
LONG_ON_SPARK = ("test_a_dirty_list_finds_its_people",)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what takes Spark minutes to DuckDB, unless everything is asked for."""
    if os.environ.get("JUSTICE_ALL_ON_SPARK") == "1":
        return
    left_out = {
        item
        for item in items
        if getattr(item, "originalname", "") in LONG_ON_SPARK and item.get_closest_marker("spark")
    }
    if left_out:
        config.hook.pytest_deselected(items=sorted(left_out, key=lambda item: item.nodeid))
        items[:] = [item for item in items if item not in left_out]


def _missing_for_spark() -> str | None:
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed: install requirements-spark.lock."
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        return "there is no Java on this machine."
    return None


@pytest.fixture(scope="session", params=ENGINES)
def backend(request: pytest.FixtureRequest) -> Iterator[Any]:
    """An engine: DuckDB, then Spark (skipped where it cannot run, unless it is required)."""
    if request.param == "spark" and (reason := _missing_for_spark()):
        if os.environ.get("JUSTICE_REQUIRE_SPARK") == "1":
            pytest.fail(f"Spark is required here, and {reason}")
        pytest.skip(reason)
    opened = engine.connect(request.param, memory_limit_gb=1.5)
    yield opened
    opened.disconnect()


def _plain(value: Any) -> Any:
    """A value as plain Python: dates as ISO text, missing as None."""
    if pd.isna(value):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value


@pytest.fixture(scope="session")
def rows() -> Callable[[Any], list[tuple[Any, ...]]]:
    """Run a table and give its rows as tuples of plain values, in one order."""

    def run(table: Any) -> list[tuple[Any, ...]]:
        result = engine.execute(table)
        found = [tuple(map(_plain, row)) for row in result.itertuples(index=False, name=None)]
        return sorted(found, key=lambda row: [(value is not None, value) for value in row])

    return run
