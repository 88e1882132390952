"""The command line as a user types it, run in this process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from justice_analysis import cli


@pytest.fixture
def justice(monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Run `justice ...`; gives exit code, output and errors."""

    def run(*words):
        monkeypatch.setattr("sys.argv", ["justice", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run
