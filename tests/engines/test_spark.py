"""What only Spark needs: a session of its own that says nothing and leaves nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.spark,
    pytest.mark.parametrize("backend", ["spark"], indirect=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FAILING = """
import sys
from pathlib import Path
from justice_analysis import engine
from justice_analysis.errors import EngineError
backend = engine.connect("spark", threads=1, memory_limit_gb=1, temp_directory=Path(sys.argv[1]))
assert list(Path(sys.argv[1]).iterdir())
small = engine.memory_table(backend, {"n": [9223372036854775801]}, {"n": "int64"})
for table in (small, engine.materialise(small)):
    for changed in (table.n.cast("int32"), table.n * 2):
        try:
            engine.execute(table.mutate(n=changed), step="narrowing")
        except EngineError as error:
            print(error)
"""


def test_a_failed_task_prints_no_value_and_the_folder_goes(backend, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", FAILING, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert ended.stdout.count("narrowing: the engine could not run the query") == 4
    assert "9223372036854775801" not in ended.stdout + ended.stderr
    assert "rror" not in ended.stderr
    assert "WARN " not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_overflow_is_an_error_and_days_are_those_of_utc(backend):
    assert backend._session.conf.get("spark.sql.ansi.enabled") == "true"
    assert backend._session.conf.get("spark.sql.session.timeZone") == "UTC"
