"""`justice doctor`: what this machine offers, what is missing, what that switches off."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import sys
from pathlib import Path

import typer

from justice_analysis.cli import show

# What each optional part switches off where it is missing.
OPTIONAL = {
    "pyspark": "engine spark (install the extra [spark] and Java 17)",
    "playwright": "browser tests",
}
PACKAGE = "justice-analysis"


def doctor() -> None:
    """Say what this machine offers, what is missing, and what that switches off."""
    rows = [*_machine(), *_packages()]
    show.table(("what", "found", "follows"), rows)
    missing = [name for name, found, _ in rows if found == "missing"]
    required = [name for name in missing if name not in (*OPTIONAL, "java")]
    if required or sys.version_info < (3, 11):
        raise typer.Exit(1)


def _machine() -> list[tuple[str, str, str]]:
    version = platform.python_version()
    follows = "" if sys.version_info >= (3, 11) else "ask your staff for Python 3.11 or later"
    disk = shutil.disk_usage(Path.cwd()).free / 2**30
    java = shutil.which("java")
    return [
        ("python", version, follows),
        ("system", platform.system(), ""),
        ("cores", str(os.cpu_count()), ""),
        ("memory", f"{_memory_gb():.0f} GB", "half is used by the engine; the rest spills to disk"),
        ("free disk here", f"{disk:.0f} GB", "" if disk > 5 else "a large load may not fit"),
        ("java", "found" if java else "missing", "" if java else "engine spark is off"),
    ]


def _packages() -> list[tuple[str, str, str]]:
    rows = []
    for name in (*_required(), *OPTIONAL):
        try:
            rows.append((name, importlib.metadata.version(name), ""))
        except importlib.metadata.PackageNotFoundError:
            off = OPTIONAL.get(name, "the package does not work without it")
            rows.append((name, "missing", off))
    return rows


def _required() -> list[str]:
    """Names of the packages that this one cannot do without, from its own metadata."""
    needs = importlib.metadata.requires(PACKAGE) or []
    names = (re.match(r"[\w.-]+", need) for need in needs if "extra ==" not in need)
    return [found.group() for found in names if found]


def _memory_gb() -> float:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (AttributeError, ValueError, OSError):
        return float("nan")
