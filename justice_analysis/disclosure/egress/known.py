"""What files of our own request may hold by their layout: digests of files, names of outputs.

Nothing is turned off: a digest is passed over only where it is the digest of the very file it
stands beside, or the value of a field of provenance that holds one.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from justice_analysis.disclosure.egress.finding import Part, Table, Text

CHECKSUMS = "checksums.txt"
LINE = re.compile(r"([0-9a-f]{64})  (.+)")
FINGERPRINTS = frozenset(
    (
        "package_sha256",
        "notebook_sha256",
        "code_sha256",
        "interviews_sha256",
        "parameters_sha256",
        "warehouse_fingerprint",
    )
)
DIGEST = re.compile(
    rf"^({'|'.join(sorted(FINGERPRINTS))}): '?[0-9a-f]{{16,64}}'?$",
    re.MULTILINE,
)
INDEX = ("id", "kind", "title", "cell", "status", "reason", "files")
NAMES_OF_OUTPUTS = frozenset({"id", "cell", "files"})


def without_digests(folder: Path, name: str, part: Part) -> Part:
    """Pass over what a file of the request may hold where it stands.

    Parameters
    ----------
    folder
        The `request` folder.
    name
        The file's path within it.
    part
        One part of it, as its reader gave it.
    """
    levels = name.split("/")
    if name == CHECKSUMS:
        if isinstance(part, Text):
            return Text(_without_checksums(folder, part.words), part.place)
        return Table((), (), part.place) if isinstance(part, Table) else part
    if len(levels) == 3 and levels[2] == "provenance.txt":
        return _without_fingerprints(part)
    is_index = len(levels) == 3 and levels[2] == "outputs.csv"
    if is_index and isinstance(part, Table) and tuple(part.columns)[: len(INDEX)] == INDEX:
        return _without(part, NAMES_OF_OUTPUTS)
    return part


def _without_fingerprints(part: Part) -> Part:
    if isinstance(part, Text):
        return Text(DIGEST.sub(r"\1:", part.words), part.place)
    if isinstance(part, Table) and len(part.rows) == 1:
        return _without(part, FINGERPRINTS)
    return part


def _without_checksums(folder: Path, text: str) -> str:
    """Take out each line that is the true digest of a file of the request; the rest stays."""
    kept = []
    for line in text.splitlines():
        matched = LINE.fullmatch(line)
        if not (matched and digest(folder, matched.group(2)) == matched.group(1)):
            kept.append(line)
    return "\n".join(kept)


def digest(folder: Path, name: str) -> str:
    """Return the sha256 of a file of the request; empty if there is no such file in it."""
    path = folder / name
    inside = folder.resolve() in path.resolve().parents
    if not inside or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _without(table: Table, names: frozenset[str]) -> Table:
    chosen = [at for at, name in enumerate(table.columns) if name not in names]
    return Table(
        [table.columns[at] for at in chosen],
        [[row[at] for at in chosen] for row in table.rows],
        table.place,
    )
