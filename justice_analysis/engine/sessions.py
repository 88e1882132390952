"""Opening an engine: memory, threads, and the folder for what does not fit in memory."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis

from justice_analysis.errors import EngineError, UsageError

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

_SPILL = "justice-spill-"
_SCRATCH = "spark.justice.scratch"
# Spark's logs, in Java and in Python, print values of rows when a task fails. An appender must
# be named, else Spark takes its own settings for this.
_SILENT_LOG = """rootLogger.level = off
rootLogger.appenderRef.nowhere.ref = nowhere
appender.nowhere.type = Null
appender.nowhere.name = nowhere
"""
_PYTHON_LOGS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")


def connect(
    kind: str = "duckdb",
    *,
    memory_limit_gb: float | None = None,
    threads: int | None = None,
    temp_directory: Path | None = None,
) -> BaseBackend:
    """Open an engine.

    Parameters
    ----------
    kind
        `duckdb` (embedded, spills to disk), or `spark` (needs Java 17 and the extra
        `[spark]`): the session that is open, such as a cluster's, else one on this machine.
    memory_limit_gb
        Most memory the engine may use; by default half of what this process may use.
    threads
        Cores to use; by default all on DuckDB and 2 on Spark.
    temp_directory
        Where a private folder is made for what does not fit in memory. It is removed when
        Python ends.

    Raises
    ------
    UsageError
        If the engine or an option has no meaning.
    EngineError
        If the engine cannot be started.
    """
    if kind not in {"duckdb", "spark"}:
        raise UsageError(f"engine must be duckdb or spark: {kind} is neither.")
    if (memory_limit_gb is not None and memory_limit_gb <= 0) or (
        threads is not None and threads < 1
    ):
        raise UsageError("memory_limit_gb and threads must be more than 0.")
    limit = memory_limit_gb or half_of_memory_gb()
    scratch = private_folder(temp_directory)
    if kind == "duckdb":
        return _open_duckdb(limit, threads, scratch)
    return _open_spark(limit, threads or 2, scratch)


def is_spark(backend: BaseBackend) -> bool:
    """Whether this is Spark; only the engine's own modules may ask."""
    return backend.name == "pyspark"


def scratch_directory(backend: BaseBackend) -> Path:
    """The private folder of an engine that `connect` opened."""
    session: Any = backend
    if is_spark(backend):
        return Path(session._session.conf.get(_SCRATCH))
    found = session.raw_sql("SELECT current_setting('temp_directory')").fetchone()
    return Path(found[0])


def close(backend: BaseBackend) -> None:
    """Disconnect an engine that `connect` opened, and remove what it left on disk."""
    folder = scratch_directory(backend)
    backend.disconnect()
    shutil.rmtree(folder, ignore_errors=True)


def private_folder(parent: Path | None = None) -> Path:
    """Make a folder of this process for rows on disk: it is removed when Python ends.

    What such folders of killed processes left behind is removed first.
    """
    place = Path(parent or tempfile.gettempdir())
    try:
        _sweep(place)
        folder = Path(tempfile.mkdtemp(prefix=f"{_SPILL}{os.getpid()}-", dir=place))
    except OSError:
        raise EngineError(
            "the engine needs a folder that it may write to: temp_directory is not one."
        ) from None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def remove_folder(folder: Path) -> None:
    """Remove a private folder before Python ends."""
    shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Remove folders of our own processes that were killed: they may hold rows of people."""
    if not hasattr(os, "getuid"):
        return
    for folder in place.glob(f"{_SPILL}*-*"):
        pid = folder.name.removeprefix(_SPILL).split("-")[0]
        if pid.isdigit() and _is_ours(folder) and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    """Whether this user made the folder; another process may have removed it meanwhile."""
    try:
        return folder.stat().st_uid == os.getuid()
    except FileNotFoundError:
        return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def half_of_memory_gb() -> float:
    """Half of what this process may use: the machine, or its control group if smaller."""
    available = 8 * 2**30
    if hasattr(os, "sysconf"):
        available = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limits = [text for file in _limit_files() if (text := file.read_text().strip()).isdigit()]
    available = min([available, *map(int, limits)])
    return max(0.5, available / 2**30 / 2)


def _limit_files() -> list[Path]:
    """Files that hold the memory limits of this process's control group and its parents."""
    root = Path("/sys/fs/cgroup")
    own = Path("/proc/self/cgroup")
    paths = [Path("/")]
    if own.is_file() and (line := own.read_text().partition("0::")[2].split("\n")[0]):
        paths = [Path(line), *Path(line).parents]
    files = [root / str(path).lstrip("/") / "memory.max" for path in paths]
    return [file for file in [*files, root / "memory/memory.limit_in_bytes"] if file.is_file()]


def _open_duckdb(limit_gb: float, threads: int | None, scratch: Path) -> BaseBackend:
    settings: dict[str, Any] = {
        "memory_limit": f"{limit_gb:.2f}GB",
        "temp_directory": str(scratch),
        "preserve_insertion_order": False,
        # Never ask the network for an extension.
        "autoinstall_known_extensions": False,
    }
    if threads:
        settings["threads"] = threads
    backend = ibis.duckdb.connect(**settings)
    backend.raw_sql("SET TimeZone = 'UTC'")
    return backend


def _open_spark(limit_gb: float, threads: int, scratch: Path) -> BaseBackend:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise EngineError(
            "Spark needs pyspark, which is not installed: install requirements-spark.lock."
        ) from None
    if SparkSession.getActiveSession() is None:
        if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
            raise EngineError("Spark needs Java 17, and no java was found: install it.")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    session = _spark_session(limit_gb, threads, scratch)
    _silence(session)
    for name, value in _spark_answers(scratch).items():
        session.conf.set(name, value)
    return ibis.pyspark.connect(session)


def _silence(session: Any) -> None:
    from pyspark.logger import PySparkLogger

    session.sparkContext.setLogLevel("OFF")
    for name in _PYTHON_LOGS:
        PySparkLogger.getLogger(name).disabled = True


def _spark_session(limit_gb: float, threads: int, scratch: Path) -> Any:
    from pyspark.sql import SparkSession

    log = scratch / "log4j2.properties"
    log.write_text(_SILENT_LOG)
    builder = SparkSession.builder.appName("justice")
    if SparkSession.getActiveSession() is None:
        settings = {
            "spark.driver.memory": f"{int(limit_gb * 1024)}m",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log.as_uri()}",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.local.dir": str(scratch),
            "spark.sql.warehouse.dir": str(scratch / "tables"),
            "spark.sql.catalogImplementation": "in-memory",
            "spark.sql.shuffle.partitions": str(2 * threads),
            "spark.jars": _similarity_jar(),
        }
        builder = builder.master(f"local[{threads}]")
        for name, value in settings.items():
            builder = builder.config(name, value)
    failed = False
    try:
        return builder.getOrCreate()
    except Exception:
        failed = True
    assert failed
    raise EngineError("Spark did not start. Check that `java -version` says 17 and runs.")


def _similarity_jar() -> str:
    """Splink's string comparators for Spark, which must be there when the session begins."""
    from splink.backends.spark import similarity_jar_location

    return str(similarity_jar_location())


def _spark_answers(scratch: Path) -> dict[str, str]:
    """Settings on which answers depend, so that they are those of DuckDB."""
    return {
        _SCRATCH: str(scratch),
        "spark.sql.session.timeZone": "UTC",
        # An overflow is an error, as on DuckDB; without it numbers wrap around silently.
        "spark.sql.ansi.enabled": "true",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        # Else a row with too few columns goes unseen where those columns are not asked for.
        "spark.sql.csv.parser.columnPruning.enabled": "false",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    }
