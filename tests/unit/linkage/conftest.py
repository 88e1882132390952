"""Records, identifiers and cases in memory, for the tests of linkage."""

import pytest

from justice_analysis import engine

IDENTIFIER = {
    "record_id": "string",
    "id_system": "string",
    "identifier": "string",
    "level": "string",
    "score": "float64",
    "source": "string",
    "source_table": "string",
    "source_key": "string",
}


@pytest.fixture(scope="session")
def backend():
    opened = engine.connect(threads=2)
    yield opened
    opened.disconnect()


@pytest.fixture
def table(backend):
    """A table from a schema and rows as tuples."""

    def make(schema, rows):
        columns = {name: [row[n] for row in rows] for n, name in enumerate(schema)}
        return engine.memory_table(backend, columns, schema)

    return make


@pytest.fixture
def identifiers(table):
    """Identifiers from (record, system, identifier[, level])."""

    def make(*rows):
        full = [
            (row[0], row[1], row[2], row[3] if len(row) > 3 else "unstated", None, "s", "t", row[0])
            for row in rows
        ]
        return table(IDENTIFIER, full)

    return make


@pytest.fixture
def records(table):
    """Records by id."""

    def make(*names):
        schema = dict.fromkeys(("record_id", "source", "source_table", "source_key"), "string")
        return table(schema, [(name, "s", "t", name) for name in names])

    return make
