"""What the package offers is there, and importing it is cheap."""

from __future__ import annotations

import subprocess
import sys

import pytest

import justice_analysis

HEAVY = ("ibis", "duckdb", "pandas", "matplotlib", "scipy", "lifelines", "papermill", "sphinx")


@pytest.mark.parametrize("name", justice_analysis.__all__)
def test_every_exported_name_exists(name):
    assert getattr(justice_analysis, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = justice_analysis.nonsense


def test_importing_the_package_imports_nothing_heavy():
    code = f"import sys, justice_analysis; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_help_of_the_command_line_imports_nothing_heavy():
    code = f"import sys, justice_analysis.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
