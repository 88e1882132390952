"""Data flows one way: a layer imports only itself and those before it in this list."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import justice_analysis

LAYERS = (
    "errors",
    "codes",
    "engine",
    "contracts",
    "charts",
    "models",
    "sources",
    "linkage",
    "warehouse",
    "definitions",
    "cohorts",
    "metrics",
    "evaluation",
    "disclosure",
    "governance",
    "studies",
    "publishing",
    "cli",
)
# The simulated world stands beside the layers: it knows the contracts, and only the command
# line knows it.
SYNTHETIC_MAY_IMPORT = {"errors", "codes", "engine", "contracts", "synthetic"}
PACKAGE = Path(justice_analysis.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_layers(path: Path) -> set[str]:
    """Layers that a module imports anywhere, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        parts = [name.split(".") for name in names if name.startswith("justice_analysis.")]
        found |= {part[1] for part in parts if part[1] in (*LAYERS, "synthetic")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_layer_imports_only_itself_and_those_before_it(path):
    layer = layer_of(path)
    if layer == "synthetic":
        allowed = SYNTHETIC_MAY_IMPORT
    else:
        assert layer in LAYERS, f"{layer} has no place in the list of layers"
        allowed = {*LAYERS[: LAYERS.index(layer) + 1], *(["synthetic"] if layer == "cli" else [])}
    assert imported_layers(path) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_only_the_engine_knows_which_engine_runs(path):
    if layer_of(path) == "engine":
        return
    words = path.read_text("utf-8").lower()
    assert "pyspark" not in words.replace('"pyspark"', ""), "Spark belongs to the engine"


def parts_of_disclosure() -> dict[str, set[str]]:
    """Which modules and packages of `disclosure` each of them imports."""
    folder, home = PACKAGE / "disclosure", "justice_analysis.disclosure"
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        part = path.relative_to(folder).parts[0].removesuffix(".py")
        imports = found.setdefault(part, set())
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == home:
                imports |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{home}."):
                imports.add(node.module.split(".")[2])
    return {part: (imports & found.keys()) - {part} for part, imports in found.items()}


def test_the_parts_of_disclosure_do_not_import_in_circles():
    left = {part: set(imports) for part, imports in parts_of_disclosure().items()}
    left.pop("__init__")
    while free := [part for part, imports in left.items() if not imports & left.keys()]:
        for part in free:
            del left[part]
    assert left == {}
