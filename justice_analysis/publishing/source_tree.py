"""Write the book's source tree; a file whose content is the same is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write_tree(files: Mapping[str, str | Path], folder: Path) -> bool:
    """Make a folder hold exactly these files.

    Parameters
    ----------
    files
        Content, or the file to copy, by path in the folder.

    Returns
    -------
    bool
        Whether a file that stood there before was removed; what was built from it must go too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stale = [path for path in folder.rglob("*") if path.is_file()]
    stale = [path for path in stale if path.relative_to(folder).as_posix() not in files]
    for path in stale:
        path.unlink()
    for name, content in files.items():
        wanted = content.read_bytes() if isinstance(content, Path) else content.encode("utf-8")
        _write_if_changed(folder / name, wanted)
    return bool(stale)


def _write_if_changed(path: Path, wanted: bytes) -> None:
    if path.is_file() and path.read_bytes() == wanted:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(wanted)
