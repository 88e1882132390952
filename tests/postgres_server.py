"""A PostgreSQL server of its own for tests, in a temporary folder on a Unix socket."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# PostgreSQL refuses to run as root: then it runs as the user with the fewest rights.
WITHOUT_RIGHTS = "nobody"
USER = "researcher"
PASSWORD = "PASSWORD-4711-of-the-test"


@dataclass(frozen=True)
class Server:
    """A running server: its socket's folder, and the environment that lets libpq in."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PGHOST": str(self.folder),
            "PGPORT": "5432",
            "PGUSER": USER,
            "PGDATABASE": "postgres",
            "PGPASSWORD": PASSWORD,
        }


def why_not() -> str | None:
    """Say what is missing to run a server; None if nothing is."""
    missing = [name for name in ("initdb", "pg_ctl") if _program(name) is None]
    if missing:
        return f"{' and '.join(missing)} are not installed, so PostgreSQL cannot be started."
    if _is_root() and shutil.which("setpriv") is None:
        return "PostgreSQL does not run as root, and setpriv is not installed."
    return None


@contextmanager
def running() -> Iterator[Server]:
    """Start a server that asks for a password, and stop it at the end."""
    # Not in pytest's folder, which only its own user may enter.
    home = Path(tempfile.mkdtemp(prefix="justice-postgres-"))
    secret = home / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    folder, log = home / "cluster", home / "log"
    try:
        if _is_root():
            for path in (home, secret):
                shutil.chown(path, WITHOUT_RIGHTS)
        _run("initdb", "-D", folder, "-U", USER, f"--pwfile={secret}", "-A", "scram-sha-256",
             "--no-sync", "-E", "UTF8", "--no-locale")  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories='{home}' -c fsync=off"
        _run("pg_ctl", "-D", folder, "-l", log, "-o", options, "-w", "start")
        try:
            yield Server(home)
        finally:
            _run("pg_ctl", "-D", folder, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(program: str, *arguments: object) -> None:
    found = _program(program)
    assert found is not None
    user = f"{WITHOUT_RIGHTS}"
    as_user = ["setpriv", f"--reuid={user}", "--clear-groups"] if _is_root() else []
    # Its output goes nowhere: pg_ctl's server would keep a pipe open.
    subprocess.run(
        [*as_user, str(found), *map(str, arguments)],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=120,
    )


def _program(name: str) -> Path | None:
    """Find a server's program, on the path or where Debian keeps it."""
    on_path = shutil.which(name)
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return Path(on_path) if on_path else (kept[-1] if kept else None)


def _is_root() -> bool:
    return hasattr(os, "getuid") and os.getuid() == 0
