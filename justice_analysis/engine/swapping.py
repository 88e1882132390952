"""Folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def swap_in(finished: Path, folder: Path) -> None:
    """Put a finished folder in its place; an earlier one stays whole until then.

    Parameters
    ----------
    finished
        Beside `folder`, on the same file system; it is gone afterwards.
    folder
        What is there steps aside first, since renames don't merge, and comes back if the finished
        folder can't take its place.
    """
    earlier = folder.with_name(f".{folder.name}.{os.getpid()}.earlier")
    shutil.rmtree(earlier, ignore_errors=True)
    if folder.exists():
        os.replace(folder, earlier)
    try:
        os.replace(finished, folder)
    except OSError:
        if earlier.exists():
            os.replace(earlier, folder)
        raise
    shutil.rmtree(earlier, ignore_errors=True)
