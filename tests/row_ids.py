"""Row ids worked out in plain Python, so that tests can name rows as `ecms:1`."""

from __future__ import annotations

import hashlib

Rows = list[tuple[object, ...]]
# Systems whose delivered keys are whole numbers.
NUMBERED = ("ecms", "cms", "ecms_ethnicities")
NAMED = (*NUMBERED, "familyman", "libra", "xhibit")


def digest(text: str) -> int:
    """60 bits of MD5, the bytes from the lowest."""
    bytes_ = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return int.from_bytes(bytes_[:8], "little") % 2**60


def row_id(system: str, *keys: int | str) -> int:
    """What `mapping.key` must give for one row."""
    tag = digest(system)
    if len(keys) > 1:
        return 2**60 + (digest("\x1f".join(map(str, keys))) ^ tag)
    (key,) = keys
    if isinstance(key, int) and 0 <= key < 2**40:
        return 2**61 + (tag >> 39) * 2**40 + key
    if isinstance(key, int) and 0 <= key < 2**62:
        return 2**60 + (key % 2**60 ^ tag)
    text = str(key)
    is_digest = len(text) == 64 and set(text[:15].lower()) <= set("0123456789abcdef")
    return 2**60 + ((int(text[:15], 16) if is_digest and "_" not in text else digest(text)) ^ tag)


def named(name: str) -> int:
    """Id of a row named by its system and keys, such as `cms:1:2:applicant`."""
    system, *keys = name.split(":")
    is_number = system in NUMBERED
    return row_id(system, *[int(k) if is_number and k.isdigit() else k for k in keys])


def ids(rows: Rows) -> Rows:
    """Rows with the ids of the rows that they name, in the order of `plain`."""
    found = [tuple(named(cell) if _is_name(cell) else cell for cell in row) for row in rows]
    return sorted(found, key=str)


def _is_name(cell: object) -> bool:
    return isinstance(cell, str) and cell.split(":")[0] in NAMED and ":" in cell
