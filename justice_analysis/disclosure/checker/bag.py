"""A BagIt bag in a ZIP file whose bytes depend on its content alone (RFC 8493)."""

from __future__ import annotations

import hashlib
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path

NAMESPACE = uuid.UUID("6f0c0d0e-4f43-5a52-9d6e-0a8a4d1b7c55")
"""Ours, fixed: identifiers made in it from the same content are the same everywhere."""
FIRST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
READ_AND_WRITE = 0o644 << 16


def identifier(content: Mapping[str, bytes], *, about: str = "") -> uuid.UUID:
    """Make a UUID (version 5) from files by name and content."""
    lines = [f"{name} {_sha512(content[name])}" for name in sorted(content)]
    return uuid.uuid5(NAMESPACE, "\n".join([about, *lines]))


def write(path: Path, payload: Mapping[str, bytes], *, name: str, external: uuid.UUID) -> None:
    """Write a bag as a ZIP file with one folder.

    Parameters
    ----------
    payload
        Files by their place under `data/`.
    name
        The folder's name.
    external
        Identifier that the bag goes by wherever it is sent.
    """
    data = {f"data/{place}": payload[place] for place in sorted(payload)}
    octets = sum(map(len, data.values()))
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": (
            f"External-Identifier: urn:uuid:{external}\nPayload-Oxum: {octets}.{len(data)}\n"
        ).encode(),
        "manifest-sha512.txt": _manifest(data),
    }
    files = {**tags, "tagmanifest-sha512.txt": _manifest(tags), **data}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bag:
        for place, content in files.items():
            entry = zipfile.ZipInfo(f"{name}/{place}", FIRST_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, READ_AND_WRITE  # alike on all systems
            bag.writestr(entry, content)


def _manifest(files: Mapping[str, bytes]) -> bytes:
    """List checksums; a line end or per cent sign in a name is written as RFC 8493 asks."""
    lines = [f"{_sha512(content)}  {_escaped(place)}\n" for place, content in files.items()]
    return "".join(lines).encode()


def _escaped(place: str) -> str:
    return place.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _sha512(content: bytes) -> str:
    return hashlib.sha512(content).hexdigest()
