"""Opening an engine: limits, a private folder, and nothing left behind."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from justice_analysis import engine
from justice_analysis.engine import sessions
from justice_analysis.errors import EngineError, UsageError


def setting(backend, name):
    return backend.raw_sql(f"SELECT current_setting('{name}')").fetchone()[0]


def test_memory_threads_and_time_zone_are_as_asked(tmp_path):
    backend = engine.connect(memory_limit_gb=0.5, threads=1, temp_directory=tmp_path)
    assert setting(backend, "memory_limit") == "476.8 MiB"
    assert setting(backend, "threads") == 1
    assert setting(backend, "TimeZone") == "UTC"
    assert setting(backend, "autoinstall_known_extensions") is False


def test_what_spills_goes_to_a_private_folder(tmp_path):
    backend = engine.connect(temp_directory=tmp_path)
    (folder,) = tmp_path.iterdir()
    assert sessions.scratch_directory(backend) == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_private_folder_goes_when_python_ends(tmp_path):
    code = (
        "import sys; from pathlib import Path; from justice_analysis import engine;"
        "engine.connect(temp_directory=Path(sys.argv[1]));"
        "print(len(list(Path(sys.argv[1]).iterdir())))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "1"
    assert list(tmp_path.iterdir()) == []


def test_the_default_memory_is_half_of_the_smallest_limit(tmp_path, monkeypatch):
    whole = sessions.half_of_memory_gb()
    limit = tmp_path / "memory.max"
    limit.write_text(f"{2 * 2**30}\n")
    monkeypatch.setattr(sessions, "_limit_files", lambda: [limit])
    assert sessions.half_of_memory_gb() == min(1.0, whole)
    limit.write_text("max\n")
    assert sessions.half_of_memory_gb() >= whole


@pytest.mark.parametrize("options", [{"memory_limit_gb": 0}, {"threads": 0}, {"kind": "oracle"}])
def test_options_without_meaning_are_refused(options):
    with pytest.raises(UsageError, match=r"must be"):
        engine.connect(**options)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(EngineError, match="temp_directory is not one"):
        engine.connect(temp_directory=tmp_path / "missing")


def test_spark_without_pyspark_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineError, match=r"install requirements-spark.lock"):
        engine.connect("spark")


def test_importing_the_engine_brings_neither_pandas_nor_an_engine():
    code = (
        "import sys, justice_analysis.engine;"
        "print([m for m in ('pandas', 'pyarrow', 'duckdb', 'pyspark') if m in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_closing_an_engine_removes_what_it_left_on_disk(tmp_path):
    backend = engine.connect(temp_directory=tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / "rows").write_text("x")
    engine.close(backend)
    assert list(tmp_path.iterdir()) == []


def test_folders_of_killed_processes_are_swept_and_those_of_live_ones_kept(tmp_path):
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    (tmp_path / f"justice-spill-{killed.pid}-a").mkdir()
    (tmp_path / f"justice-spill-{os.getpid()}-b").mkdir()
    engine.close(engine.connect(temp_directory=tmp_path))
    assert [folder.name for folder in tmp_path.iterdir()] == [f"justice-spill-{os.getpid()}-b"]


def test_a_folder_that_another_process_removes_meanwhile_is_no_fault(tmp_path):
    gone = tmp_path / f"{sessions._SPILL}999999999-gone"
    gone.symlink_to(tmp_path / "nowhere")
    sessions._sweep(tmp_path)
    assert not sessions._is_ours(gone)
