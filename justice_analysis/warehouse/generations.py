"""Generations of a warehouse on disk: written aside, made current in one step, locked.

A warehouse folder holds `gen-<hash>/` folders, never changed once they stand; `current.json`,
which names one of them and is replaced in one step; and, while something is written, `lock`.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from justice_analysis.errors import WarehouseError

CURRENT = "current.json"
LOCK = "lock"
MANIFEST = "manifest.json"
# Changes when warehouses written before it can no longer be read.
FORMAT = 2
WRITING = "writing-"
# A lock is made and then filled: an empty one so young is of a process that has just begun.
SECONDS_TO_FILL_LOCK = 10


def generation_name(fingerprint: str) -> str:
    """Folder name of a generation."""
    return f"gen-{fingerprint[:16]}"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the warehouse's lock while writing; a lock of a process that died is taken over.

    Raises
    ------
    WarehouseError
        If another process holds it; the message names its process id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / LOCK
    _take(lock)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _take(lock: Path) -> None:
    mine = json.dumps({"pid": os.getpid(), "host": socket.gethostname()})
    for _ in range(3):
        try:
            descriptor = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            _refuse_live(lock)
            continue
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(mine)
        return
    raise WarehouseError(f"{lock.parent.name} is being written by another process. Try again.")


def _refuse_live(lock: Path) -> None:
    """Raise if the lock's process is alive; otherwise take its lock away."""
    try:
        text = lock.read_text(encoding="utf-8")
        if not text and time.time() - lock.stat().st_mtime < SECONDS_TO_FILL_LOCK:
            raise WarehouseError(
                f"{lock.parent.name} is being written by another process. Wait until it has ended."
            )
        holder = json.loads(text)
        pid, host = int(holder["pid"]), str(holder["host"])
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError):
        pid, host = 0, socket.gethostname()
    if host != socket.gethostname() or _is_alive(pid):
        raise WarehouseError(
            f"{lock.parent.name} is being written by process {pid}. Wait until it has ended."
        )
    lock.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    if pid <= 0:
        return False
    if os.name == "nt":
        return _is_alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_alive_on_windows(pid: int) -> bool:
    # os.kill would end the process there.
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    handle = kernel.OpenProcess(0x1000, False, pid)
    if handle:
        kernel.CloseHandle(handle)
    return bool(handle)


@contextmanager
def new_generation(folder: Path, fingerprint: str) -> Iterator[Path]:
    """Give a folder to write a generation into; it becomes current whole, or not at all."""
    _clean(folder)
    aside = folder / f"{WRITING}{generation_name(fingerprint)}-{os.getpid()}"
    aside.mkdir()
    try:
        yield aside
        target = folder / generation_name(fingerprint)
        shutil.rmtree(target, ignore_errors=True)
        aside.rename(target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    make_current(folder, fingerprint)


def _clean(folder: Path) -> None:
    """Remove what a process that died left half-written; only ever under the lock."""
    for left in folder.glob(f"{WRITING}*"):
        shutil.rmtree(left, ignore_errors=True)


def make_current(folder: Path, fingerprint: str) -> None:
    """Point `current.json` at a generation, in one step."""
    aside = folder / f"{CURRENT}.{os.getpid()}"
    write_json(aside, {"generation": generation_name(fingerprint)})
    os.replace(aside, folder / CURRENT)


def write_json(file: Path, content: Any) -> None:
    """Write JSON that reads well and differs only where its content does."""
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
    file.write_text(text + "\n", encoding="utf-8")


def is_whole(generation: Path, fingerprint: str) -> bool:
    """Whether a generation with this fingerprint stands complete."""
    try:
        manifest = read_manifest(generation)
    except WarehouseError:
        return False
    return manifest.get("fingerprint") == fingerprint


def current_generation(folder: Path) -> Path:
    """The folder of the current generation.

    Raises
    ------
    WarehouseError
        If the folder is missing or holds no whole warehouse.
    """
    if not folder.is_dir():
        raise WarehouseError(f"there is no warehouse at {folder.name}. Load extracts into it.")
    try:
        named = json.loads((folder / CURRENT).read_text(encoding="utf-8"))["generation"]
    except FileNotFoundError:
        raise WarehouseError(
            f"{folder.name} is not a warehouse: it has no {CURRENT}. Load extracts into it."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise WarehouseError(
            f"{CURRENT} in {folder.name} cannot be read. Load the extracts again."
        ) from None
    generation = folder / Path(str(named)).name
    read_manifest(generation)
    return generation


def read_manifest(generation: Path) -> dict[str, Any]:
    """The manifest of a generation, once all the tables it names are seen to be there.

    Raises
    ------
    WarehouseError
        If the manifest or a table is missing.
    """
    where = generation.parent.name
    try:
        manifest = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
        tables = dict(manifest["tables"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise WarehouseError(
            f"the current generation of {where} is not whole: its manifest is missing or "
            "unreadable. Load the extracts again."
        ) from None
    if manifest.get("format") != FORMAT:
        raise WarehouseError(
            f"{where} was written by another version of this package. Load the extracts again."
        )
    gone = [name for name in tables if not list((generation / name).glob("*.parquet"))]
    if gone:
        raise WarehouseError(
            f"the current generation of {where} is not whole: {len(gone)} tables are missing "
            f"({', '.join(sorted(gone))}). Load the extracts again."
        )
    return manifest
