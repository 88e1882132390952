"""Only `engine` touches the engines, and only it does what they answer differently."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "justice_analysis"
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] != "engine"
)
# Layers that hold Ibis expressions and no other tables; elsewhere pandas has methods of
# these names.
EXPRESSION_LAYERS = {"sources", "linkage", "warehouse", "cohorts", "metrics"}
ENGINE_MODULES = {"duckdb", "pyspark", "sqlite3"}
BANNED = {
    "interval": "engine.add_days",
    "as_interval": "engine.add_days",
    "as_date": "engine.to_date",
    "as_timestamp": "engine.to_date",
    "try_cast": "engine.to_date and its like",
    "asof_join": "an inequality join and engine.first_per_group",
    "group_concat": "a count",
    "raw_sql": "an expression",
    "to_pyarrow": "engine.execute",
    "to_parquet_dir": "engine.write_table",
    "create_table": "engine.materialise",
    "create_view": "engine.materialise",
}
BANNED_IN_EXPRESSIONS = {
    "first": "engine.first_per_group",
    "last": "engine.first_per_group",
    "arbitrary": "engine.first_per_group",
    "argmin": "engine.first_per_group",
    "argmax": "engine.first_per_group",
    "mode": "row_number with a total order",
    "collect": "row_number with a total order",
    "sample": "sampling by engine.digest",
    "hash": "engine.digest",
    "execute": "engine.execute",
    "to_pandas": "engine.execute",
    "to_parquet": "engine.write_table",
    "memtable": "engine.memory_table",
}
TEMPORAL = {"date", "timestamp", "time"}


def _faults(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    layer = path.relative_to(PACKAGE).parts[0]
    banned = BANNED | (BANNED_IN_EXPRESSIONS if layer in EXPRESSION_LAYERS else {})
    for node in ast.walk(tree):
        fault = _import_fault(node) or _call_fault(node, banned)
        if fault:
            yield f"{path.relative_to(PACKAGE)} line {node.lineno}: {fault}"


def _import_fault(node: ast.AST) -> str | None:
    names = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    found = [name for name in names if name.split(".")[0] in ENGINE_MODULES]
    return f"imports {found[0]}" if found else None


def _call_fault(node: ast.AST, banned: dict[str, str]) -> str | None:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    name, owner = node.func.attr, node.func.value
    if isinstance(owner, ast.Name) and owner.id == "engine":
        return None
    if name in banned:
        return f".{name}(): use {banned[name]}"
    first = node.args[0] if node.args else None
    if name == "cast" and isinstance(first, ast.Constant) and first.value in TEMPORAL:
        return f".cast({first.value!r}): use engine.to_date, or .date() of a timestamp"
    if isinstance(owner, ast.Name) and owner.id == "ibis" and name in {"connect", "set_backend"}:
        return f"ibis.{name}(): use engine.connect"
    return None


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 5


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_leaves_the_engines_to_engine(path):
    assert list(_faults(path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "import duckdb",
        "from pyspark.sql import SparkSession",
        "later = start + ibis.interval(days=30)",
        "later = start + days.as_interval('D')",
        "day = text.cast('date')",
        "day = text.try_cast('int64')",
        "table.execute()",
        "table.mutate(x=table.y.first())",
    ],
)
def test_what_the_engines_answer_differently_is_found(line):
    node = next(n for n in ast.walk(ast.parse(line)) if _found(n))
    assert _found(node)


def _found(node: ast.AST) -> str | None:
    return _import_fault(node) or _call_fault(node, BANNED | BANNED_IN_EXPRESSIONS)
