"""What people install is the same by every route, and names no registry's host."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
# Names that conda's main channel spells otherwise.
CONDA_NAMES = {"duckdb": "python-duckdb", "ibis-framework[duckdb]": "ibis-duckdb"}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def split(requirement: str) -> tuple[str, str]:
    name, bounds = re.fullmatch(r"([\w\-\[\]]+)\s*(.*)", requirement).groups()
    return name, ",".join(sorted(bounds.split(",")))


def test_conda_users_get_the_same_direct_dependencies_and_bounds():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    lines = [line for line in environment["dependencies"] if isinstance(line, str)]
    (by_pip,) = [line["pip"] for line in environment["dependencies"] if isinstance(line, dict)]
    listed = dict(split(line) for line in [*lines, *by_pip])
    python = listed.pop("python")
    assert listed.pop("pip") == ""
    wanted = {
        CONDA_NAMES.get(name, name): bounds
        for name, bounds in map(split, project()["dependencies"])
    }
    assert listed == wanted
    assert python == split("python" + project()["requires-python"])[1]


def test_every_direct_dependency_is_locked_with_hashes():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    for requirement in project()["dependencies"]:
        name = split(requirement)[0].split("[")[0]
        entry = re.search(rf"(?m)^{re.escape(name)}==[^\n]*\\\n\s+--hash=sha256:", lock)
        assert entry, f"{name} is not locked"


def test_lock_files_name_no_host():
    for lock in ROOT.glob("requirements*.lock"):
        words = lock.read_text("utf-8")
        assert "://" not in words
        assert "index-url" not in words
        assert "find-links" not in words


def test_no_tracked_text_names_a_path_of_a_machine():
    homes = re.compile(r"(/home/\w+|/Users/\w+|C:\\\\Users)")
    folders = ("justice_analysis", "book", "notebooks", "parameters", "tests", "benchmarks")
    found = [
        path.relative_to(ROOT)
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".md", ".yaml", ".ipynb")
        and path != Path(__file__)
        and homes.search(path.read_text("utf-8"))
    ]
    assert found == []
