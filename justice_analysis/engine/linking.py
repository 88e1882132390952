"""Splink's door to an engine: its database on ours, quiet, and with its failures as ours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from justice_analysis.engine.running import guarded
from justice_analysis.engine.sessions import is_spark, scratch_directory
from justice_analysis.errors import EngineError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

Result = TypeVar("Result")
_JAR = "scala-udf-similarity"


def splink_database(backend: BaseBackend) -> Any:
    """Splink's database API on an engine that `connect` opened.

    Raises
    ------
    EngineError
        If the Spark session was begun without Splink's string comparators.
    """
    return quietly(lambda: _database(backend), "opening Splink")


def _database(backend: Any) -> Any:
    if not is_spark(backend):
        from splink import DuckDBAPI

        return DuckDBAPI(connection=backend.con)
    from splink import SparkAPI

    if _JAR not in backend._session.conf.get("spark.jars", ""):
        raise EngineError(
            "linking on Spark needs Splink's string comparators: begin the session with "
            "spark.jars set to splink.backends.spark.similarity_jar_location()."
        )
    # What is kept between steps goes where the engine keeps its own; it is removed at the end.
    context = backend._session.sparkContext
    context.setCheckpointDir(str(scratch_directory(backend) / "splink"))
    return SparkAPI(
        spark_session=backend._session,
        break_lineage_method="parquet",
        # Splink's own default is 100 pieces or more, whatever the machine.
        num_partitions_on_repartition=int(
            backend._session.conf.get("spark.sql.shuffle.partitions")
        ),
    )


def splink_table(database: Any, table: ir.Table, name: str) -> Any:
    """Give a stored table to Splink under a name; nothing is copied."""
    from justice_analysis.engine.running import materialise

    stored = materialise(table, step=f"storing {name}")
    given = quietly(
        lambda: database.register(
            stored.op().name, dataset_display_name=name, table_name=f"__justice_{name}"
        ),
        f"giving {name} to Splink",
    )
    # The engine drops a stored table once no expression holds it.
    given.justice_table = stored
    return given


def from_splink(backend: Any, frame: Any) -> ir.Table:
    """A table that Splink made, as an expression."""
    return quietly(lambda: backend.table(frame.physical_name), "reading what Splink made")


def quietly(action: Callable[[], Result], step: str) -> Result:
    """Let Splink do something: it logs nothing, and what it raises comes out as ours.

    Its messages quote SQL and, through the engine's, values of rows.
    """
    with _silent():
        return guarded(action, step)


@contextmanager
def _silent() -> Iterator[None]:
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
