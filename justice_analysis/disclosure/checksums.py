"""Checksums of a release folder: a changed byte, a stranger's file or a missing one is found."""

from __future__ import annotations

import hashlib
from pathlib import Path

from justice_analysis.disclosure import egress
from justice_analysis.errors import DisclosureError

TREES = ("request", "checker")
FILE_NAME = "checksums.txt"


def write(tree: Path) -> None:
    """Write `checksums.txt` of one tree: a line of sha256 and relative path per file."""
    lines = [f"{digest}  {name}" for name, digest in _digests(tree).items()]
    (tree / FILE_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def verify(folder: str | Path) -> tuple[str, ...]:
    """Hold a release folder, or its `request` tree alone, against its checksums and the gate.

    Returns
    -------
    tuple of str
        One sentence a problem; empty if every file is as it was released.

    Raises
    ------
    DisclosureError
        If the folder is not a release.
    """
    folder = Path(folder)
    if (folder / FILE_NAME).is_file():
        found = () if folder.name == "checker" else egress.report(egress.rescan(folder))
        return (*_tree_problems(folder), *found)
    if not (folder / "request" / FILE_NAME).is_file():
        raise DisclosureError(
            f"{folder.name} must be a release folder: it has no request/{FILE_NAME}."
        )
    problems = [
        f"{item.name} is a stranger in the release folder."
        for item in sorted(folder.iterdir())
        if item.name not in TREES
    ]
    for tree in TREES:
        if (folder / tree / FILE_NAME).is_file():
            problems += _tree_problems(folder / tree)
        else:
            problems.append(f"{tree}/{FILE_NAME} is missing.")
    found = egress.report(egress.rescan(folder / "request"))
    return (*problems, *(f"request/{line}" for line in found))


def _tree_problems(tree: Path) -> list[str]:
    recorded, problems = {}, []
    for line in (tree / FILE_NAME).read_bytes().decode("utf-8", errors="replace").splitlines():
        digest, separator, name = line.partition("  ")
        if not separator or len(digest) != 64:
            problems.append(f"{tree.name}/{FILE_NAME} has a line that is no checksum.")
        recorded[name] = digest
    found = _digests(tree)
    where = tree.name
    problems += [f"{where}/{name} is missing." for name in recorded if name not in found]
    problems += [
        f"{where}/{name} is a stranger: it was not released."
        for name in found
        if name not in recorded
    ]
    problems += [
        f"{where}/{name} was changed after the release."
        for name, digest in found.items()
        if recorded.get(name, digest) != digest
    ]
    return problems


def _digests(tree: Path) -> dict[str, str]:
    return {
        path.relative_to(tree).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(tree.rglob("*"))
        if path.is_file() and path != tree / FILE_NAME
    }
