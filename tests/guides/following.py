"""A guide followed as a reader would: every block on its page is run, in a folder of its own."""

from __future__ import annotations

import re
import shlex
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from justice_analysis import cli

BLOCK = re.compile(r"```\{code-block\} (\w+)\n((?::[^\n]*\n)*)(.*?)```", re.DOTALL)
NAME = re.compile(r":name: (.+)")


def follow(guide: Path, folder: Path) -> list[tuple[str, int, str]]:
    """Write the files that a guide names, run its Python and its commands, in order.

    Gives each command with its exit code and what it printed.
    """
    printed: list[tuple[str, int, str]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for kind, options, body in BLOCK.findall(guide.read_text(encoding="utf-8")):
            name = NAME.search(options)
            if name and "." in name[1]:
                (folder / name[1]).write_text(body, encoding="utf-8")
            elif kind == "python":
                exec(body, {})
            else:
                commands = [line.removeprefix("$ ") for line in body.strip().splitlines()]
                printed += [(command, *_run(command, patch)) for command in commands]
    return printed


def by_command(printed: list[tuple[str, int, str]]) -> dict[str, tuple[int, str]]:
    """Exit code and output of each command; of one run again, the last."""
    return {command: (code, shown) for command, code, shown in printed}


def _run(command: str, patch: pytest.MonkeyPatch) -> tuple[int, str]:
    patch.setattr("sys.argv", shlex.split(command))
    shown, code = StringIO(), 0
    with redirect_stdout(shown):
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code, shown.getvalue()
