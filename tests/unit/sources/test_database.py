"""An extract in a schema of PostgreSQL gives what its files give, and no password gets out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends import BaseBackend

from justice_analysis import contracts, engine, warehouse
from justice_analysis.engine import databases
from justice_analysis.errors import EngineError, SourceError, UsageError
from justice_analysis.sources.cleaning import CleanExtract, clean_extract
from justice_analysis.sources.database import Database, read_address, staged
from justice_analysis.sources.extract import read_extract
from tests import postgres_server
from tests.delivered import plain

DATASETS = ("cafcass_england", "family_court", "cross_justice_linking")
SECRET = postgres_server.PASSWORD
Justice = Callable[..., tuple[int, str]]
_TYPES = {
    "int32": "integer",
    "int64": "bigint",
    "double": "double precision",
    "bool": "boolean",
    "date32[day]": "date",
}


@pytest.fixture(scope="session")
def server() -> Iterator[postgres_server.Server]:
    if reason := postgres_server.why_not():
        if os.environ.get("JUSTICE_REQUIRE_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres_server.running() as running:
        yield running


@pytest.fixture
def inside(server: postgres_server.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that lets us in, and nothing else that libpq would heed."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)


def fill(schema: str, **tables: pa.Table) -> None:
    """Write tables into a new schema, as a database administrator would."""
    import psycopg
    from psycopg import sql

    with psycopg.connect("") as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(_name(schema)))
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(_name(schema)))
        for name, rows in tables.items():
            columns = sql.SQL(", ").join(
                sql.SQL("{} {}").format(
                    _name(field.name), sql.SQL(_TYPES.get(str(field.type), "text"))
                )
                for field in rows.schema
            )
            where = sql.SQL("{}.{}").format(_name(schema), _name(name))
            connection.execute(sql.SQL("CREATE TABLE {} ({})").format(where, columns))
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(where)) as copy:
                for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
                    copy.write_row(row)


def _name(name: str):
    from psycopg import sql

    return sql.Identifier(name)


def cases(**changes: list[object]) -> pa.Table:
    columns: dict[str, list[object]] = {
        "CASE_NO": [1, 2],
        "RECEIVED": ["2019-01-02", "2019-02-03"],
        "FEE": ["10.5", None],
    }
    return pa.table(columns | changes)


def copy_out(schema: str, dataset: str) -> None:
    with staged(Database("postgres", "", schema), dataset):
        pass


# Reading --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def delivered(small_world: Path) -> dict[str, dict[str, pa.Table]]:
    """The tables of each dataset of a small synthetic world, as its files hold them."""
    return {
        name: {file.stem: pq.read_table(file) for file in (small_world / name).glob("*.parquet")}
        for name in DATASETS
    }


@pytest.mark.postgres
def test_a_schema_gives_the_contract_tables_that_the_files_give(
    inside: None, small_world: Path, delivered, backend: BaseBackend
) -> None:
    for dataset in DATASETS:
        fill(dataset, **delivered[dataset])
        from_files = clean_extract(read_extract(small_world / dataset), backend)
        day = from_files.extract.extract_date
        with staged(Database("postgres", "", dataset), dataset) as folder:
            copied = read_extract(folder, dataset, extract_date=day)
            from_schema = clean_extract(copied, backend)
            assert _findings(from_schema) == _findings(from_files)
            for table in contracts.load(dataset).tables:
                pair = [one.tables[table.name] for one in (from_schema, from_files)]
                ours, theirs = map(engine.execute, pair)
                assert plain(ours) == plain(theirs), table.name


def _findings(clean: CleanExtract) -> object:
    return clean.report.as_record()["tables"]


@pytest.mark.postgres
def test_a_schema_gives_the_common_tables_that_the_files_give_and_keeps_no_password(
    inside: None,
    small_world: Path,
    delivered,
    small_warehouse: Path,
    tmp_path: Path,
    justice: Justice,
) -> None:
    for dataset in DATASETS:
        about = json.loads((small_world / dataset / "extract.json").read_text())
        row = {name: [str(about[name])] for name in ("dataset", "nature", "extract_date")}
        fill(dataset, extract=pa.table(row), **delivered[dataset])
    schemas = [word for dataset in DATASETS for word in ("--schema", dataset)]
    out = tmp_path / "out"
    code, shown = justice("data", "load", "--database", "postgres", *schemas, "--into", out)
    assert code == 0, shown
    with_files, with_schema = (warehouse.open(path) for path in (small_warehouse, out))
    for table in contracts.common_model().tables:
        held = [engine.execute(getattr(one, table.name)) for one in (with_files, with_schema)]
        assert plain(held[1]) == plain(held[0]), table.name
    written = [path.read_bytes() for path in out.rglob("*") if path.is_file()]
    assert len(written) > 10
    assert not any(SECRET.encode() in content for content in written)
    assert SECRET not in shown


@pytest.mark.postgres
def test_parts_views_and_letter_case_are_found_and_other_tables_left_alone(
    inside: None, descriptor: str, backend: BaseBackend
) -> None:
    import psycopg

    fill("parts", Cases_01=cases(), cases_02=cases(CASE_NO=[3, 4]), unrelated=cases())
    with psycopg.connect("") as connection:
        connection.execute('CREATE VIEW parts."HEARINGS" AS SELECT 1 AS "HEARING_NO"')
    with staged(Database("postgres", "", "parts"), descriptor) as folder:
        names = sorted(path.name for path in folder.iterdir())
        clean = clean_extract(read_extract(folder, descriptor), backend)
    assert names == ["Cases_01.parquet", "HEARINGS.parquet", "cases_02.parquet"]
    assert clean.report.table("cases").rows == 4
    assert clean.report.table("hearings").rows == 1
    assert not folder.exists()


@pytest.mark.postgres
def test_types_without_a_place_in_parquet_are_text_or_left_out(
    inside: None, tmp_path: Path
) -> None:
    import psycopg

    fill("types", other=cases())
    with psycopg.connect("") as connection:
        connection.execute(
            "CREATE TABLE types.odd AS SELECT 1.50::numeric AS free, 1.50::numeric(10,2) AS fixed, "
            "12345678901234567890123::numeric AS long, '{}'::jsonb AS made, "
            "'ab'::char(4) AS padded, gen_random_uuid() AS id, ARRAY[1] AS many, "
            "'\\x01'::bytea AS raw"
        )
    with databases.open_database("postgres") as database:
        assert databases.copy_table(database, "odd", "types", tmp_path / "odd.parquet") == 1
    held = pq.read_table(tmp_path / "odd.parquet")
    kinds = {field.name: str(field.type) for field in held.schema}
    assert kinds == {
        "free": "string",
        "fixed": "decimal128(10, 2)",
        "long": "string",
        "made": "string",
        "padded": "string",
        "id": "string",
    }
    assert held["long"].to_pylist() == ["12345678901234567890123"]


@pytest.mark.postgres
def test_nothing_can_be_written_through_the_connection(inside: None) -> None:
    fill("kept", cases=cases())
    with (
        databases.open_database("postgres") as database,
        pytest.raises(Exception, match="read-only"),
    ):
        database.raw_sql('DELETE FROM kept."cases"')


# What is refused ------------------------------------------------------------------------


@pytest.mark.postgres
def test_a_wrong_password_is_refused_without_a_word_of_it(
    inside: None, monkeypatch: pytest.MonkeyPatch, justice: Justice
) -> None:
    monkeypatch.setenv("PGPASSWORD", "wrong-and-SECRET")
    with pytest.raises(EngineError, match="does not accept the user and password") as caught:
        copy_out("parts", "rossi")
    assert "SECRET" not in repr(caught.value)
    assert caught.value.__context__ is None
    words = ("--database", "postgres", "--schema", "any", "--dataset", "rossi")
    code, shown = justice("data", "check", *words)
    assert code == 1
    assert "SECRET" not in shown


@pytest.mark.postgres
def test_a_schema_without_the_tables_is_refused(inside: None, descriptor: str) -> None:
    fill("others", unrelated=cases())
    with pytest.raises(SourceError, match="none of its 1 bears the name of one"):
        copy_out("others", descriptor)
    with pytest.raises(SourceError, match="the schema nowhere must hold tables"):
        copy_out("nowhere", descriptor)


@pytest.mark.postgres
def test_a_service_file_says_where_and_who(
    inside: None,
    server: postgres_server.Server,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    descriptor: str,
    justice: Justice,
) -> None:
    fill("served", cases=cases())
    lines = [f"{name[2:].lower()}={value}" for name, value in server.environment.items()]
    text = "\n".join(["[research]", *lines]).replace("database=", "dbname=")
    (tmp_path / "services").write_text(text, encoding="utf-8")
    for name in server.environment:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    words = ("--database", "postgresql://?service=research", "--schema", "served")
    code, shown = justice("data", "check", *words, "--dataset", descriptor)
    assert code == 0, shown
    assert "cases: 2 rows" in shown


def test_a_database_that_does_not_answer_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("psycopg")
    monkeypatch.setenv("PGHOST", str(tmp_path))
    with (
        pytest.raises(EngineError, match="nothing answers there: check PGHOST") as caught,
        databases.open_database("postgres"),
    ):
        pass
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://reader:SECRET@db.example.org/research",
        "postgresql://reader@db.example.org/research?password=SECRET",
        "host=db.example.org password=SECRET",
        "sqlserver://server;PWD=SECRET",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(text: str, justice: Justice) -> None:
    with pytest.raises(UsageError, match="must not stand on the command line") as caught:
        read_address(text, "research")
    assert "SECRET" not in str(caught.value)
    code, shown = justice("data", "check", "--database", text, "--schema", "research")
    assert code == 2
    assert "SECRET" not in shown


@pytest.mark.parametrize("text", ["mysql://db/research", "somewhere", "sqlserver://a;b=c"])
def test_an_address_of_another_form_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UsageError, match="--database must be postgres") as caught:
        read_address(text, "research")
    assert text not in str(caught.value)


def test_a_schema_and_a_database_belong_together(justice: Justice) -> None:
    with pytest.raises(UsageError, match="needs --schema"):
        read_address("postgres", "")
    assert justice("data", "check", "--schema", "research", "--dataset", "rossi")[0] == 2
    assert justice("data", "check")[0] == 2


def test_an_address_never_shows_in_what_is_printed_of_it() -> None:
    address = read_address("postgresql://reader@db.example.org/research", "research")
    assert address.kind == "postgres"
    assert "example" not in repr(address)


def test_sql_server_needs_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyodbc", None)
    assert read_address("sqlserver://research", "dbo").address == "research"
    with (
        pytest.raises(EngineError, match="SQL Server needs pyodbc"),
        databases.open_database("sqlserver", "research"),
    ):
        pass
