"""ZIP and gzip: opened within limits on size, number and depth."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from justice_analysis.disclosure.egress.finding import Flag, Inner, Parts

MOST_BYTES = 100_000_000
MOST_MEMBERS = 5_000
LONGEST_GAP = 24
"""The longest note of sizes that may follow a file."""
MOST_SWELL = 200
"""A member that grows more than this, and past a megabyte, is a bomb."""


class ArchiveError(ValueError):
    """An archive is a bomb, locked or damaged."""


def members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Open each member of a ZIP file, counting bytes as they come and not as it says."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        listed = opened.infolist()
        if len(listed) > MOST_MEMBERS:
            raise ArchiveError("too many files")
        if _gaps(content, listed):
            raise ArchiveError("bytes that belong to no file")
        left = MOST_BYTES
        for member in listed:
            if member.is_dir():
                continue
            if member.flag_bits & 1:
                raise ArchiveError("locked")
            with opened.open(member) as stream:
                found = stream.read(min(left, _most(member.compress_size)) + 1)
            left -= len(found)
            if left < 0 or len(found) > _most(member.compress_size):
                raise ArchiveError("too large")
            yield member.filename, found


def _gaps(content: bytes, listed: list[zipfile.ZipInfo]) -> bool:
    """Whether bytes stand between the files: a file taken off the list can still be read."""
    at = 0
    for member in sorted(listed, key=lambda one: one.header_offset):
        if not 0 <= member.header_offset - at <= LONGEST_GAP:
            return True
        lengths = content[member.header_offset + 26 : member.header_offset + 30]
        name, extra = struct.unpack("<HH", lengths)
        at = member.header_offset + 30 + name + extra + member.compress_size
    end = content.rfind(b"PK\x05\x06")
    (start,) = struct.unpack("<I", content[end + 16 : end + 20])
    return not 0 <= start - at <= LONGEST_GAP


def _most(compressed: int) -> int:
    return max(compressed * MOST_SWELL, 1_000_000)


def read_zip(content: bytes) -> Parts:
    """Take a ZIP file apart."""
    try:
        for number, (name, found) in enumerate(members(content), start=1):
            if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
                yield Flag("path", 1, f"member {number}")
            yield Inner(name, found, f"member {number}")
    except (ArchiveError, zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error):
        yield Flag("archive")
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        if opened.comment:
            yield Flag("hidden_content", 1, "comment of the archive")


def read_gzip(content: bytes) -> Parts:
    """Take a gzip file apart; what follows the first stream is read too."""
    try:
        yield Inner("", unpacked(content), "unpacked")
    except (ArchiveError, zlib.error):
        yield Flag("archive")


def unpacked(content: bytes, *, wbits: int = 31) -> bytes:
    """Unpack gzip (or, with `wbits` 15, zlib) streams within the limits."""
    found = b""
    while content:
        stream = zlib.decompressobj(wbits)
        most = min(MOST_BYTES, _most(len(content)))
        found += stream.decompress(content, most)
        if stream.unconsumed_tail or len(found) > MOST_BYTES:
            raise ArchiveError("too large")
        if not stream.eof:
            raise ArchiveError("cut short")
        content = stream.unused_data.lstrip(b"\0") if wbits == 31 else b""
    return found


def hidden_zip(content: bytes) -> bool:
    """Whether a file of another kind ends in an archive: many programs would open it."""
    return b"PK\x05\x06" in content[-66_000:] and b"PK\x01\x02" in content
