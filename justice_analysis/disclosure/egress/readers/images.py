"""Pictures: everything in the file that is not the picture."""

from __future__ import annotations

import struct
import zlib

from justice_analysis.disclosure.egress.finding import Flag, Inner, Parts, Text
from justice_analysis.disclosure.egress.readers import archive

PICTURE = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB")
)
PICTURE |= frozenset((b"bKGD", b"hIST", b"pHYs", b"sPLT", b"tIME", b"cICP", b"acTL", b"fcTL"))
WORDS = (b"tEXt", b"zTXt", b"iTXt")
USEFUL = frozenset({"title", "description", "software"})
LONGEST = 4_000


def read_png(content: bytes) -> Parts:
    """Take a PNG apart: text, other metadata, chunks of no known kind, bytes after its end."""
    at = 8
    while at + 8 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        at += length + 12
        if kind in WORDS:
            yield from _png_words(kind, body)
        elif kind == b"eXIf":
            yield Flag("metadata", 1, "EXIF")
            yield Text(_readable(body), "EXIF")
        elif kind == b"iCCP" and not _is_colours(body):
            yield Flag("hidden_content", 1, "colours of no known kind")
        elif kind not in PICTURE:
            yield Flag("hidden_content", 1, "a chunk of no known kind")
            yield Inner("", body, "a chunk of no known kind")
        if kind == b"IEND":
            break
    else:
        yield Flag("unreadable")
        return
    if content[at:]:
        yield Flag("hidden_content", len(content) - at, "bytes after the picture's end")
        yield Inner("", content[at:], "bytes after the picture's end")


def _is_colours(body: bytes) -> bool:
    """Whether a colour profile is one."""
    try:
        return archive.unpacked(body.partition(b"\0")[2][1:], wbits=15)[36:40] == b"acsp"
    except (archive.ArchiveError, zlib.error):
        return False


def _png_words(kind: bytes, body: bytes) -> Parts:
    name, _, rest = body.partition(b"\0")
    if kind == b"zTXt":
        words = archive.unpacked(rest[1:], wbits=15).decode("latin-1")
    elif kind == b"iTXt":
        packed, rest = rest[:1] == b"\x01", rest[2:].split(b"\0", 2)[-1]
        words = (archive.unpacked(rest, wbits=15) if packed else rest).decode("utf-8")
    else:
        words = rest.decode("latin-1")
    keyword = name.decode("latin-1")
    if keyword.lower() not in USEFUL:
        yield Flag("metadata", 1, "text beside the picture")
    if len(words) > LONGEST:
        yield Flag("hidden_content", 1, "long text beside the picture")
    yield Text(f"{keyword}: {words}" if keyword.lower() not in USEFUL else words, "picture's text")
    yield Inner("", words.encode("utf-8"), "picture's text")


def read_jpeg(content: bytes) -> Parts:
    """Take a JPEG apart: EXIF, XMP, comments, bytes after its end."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        mark = content[at + 1]
        if mark == 0xDA:
            break
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        body = content[at + 4 : at + 2 + length]
        at += 2 + length
        if mark in (0xE1, 0xED, 0xFE):
            yield Flag("metadata", 1, "beside the picture")
            yield Text(_readable(body), "beside the picture")
    end = content.rfind(b"\xff\xd9")
    if end < 0:
        yield Flag("unreadable")
    elif content[end + 2 :].strip(b"\0"):
        yield Flag("hidden_content", len(content) - end - 2, "bytes after the picture's end")
        yield Inner("", content[end + 2 :], "bytes after the picture's end")


def read_other(content: bytes) -> Parts:
    """Other pictures are searched for words alone."""
    yield Text(_readable(content))


def _readable(body: bytes) -> str:
    """Keep printable ASCII; each run of other bytes becomes a line break."""
    kept = bytes(code if 32 <= code < 127 else 10 for code in body.replace(b"\0", b""))
    return kept.decode("ascii")
