"""PDF, as far as it can be read here: properties, attachments, scripts, plain words."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from justice_analysis.disclosure.egress.finding import Flag, Parts, Text
from justice_analysis.disclosure.egress.readers import archive

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
SHOWN = re.compile(rb"\(((?:[^()\\]|\\.)*)\)\s*(?:Tj|')|\[((?:[^\[\]\\]|\\.)*)\]\s*TJ")
CODED = re.compile(rb"<[0-9A-Fa-f\s]+>[^\[\]()]*\]?\s*T[jJ]")
"""Words written as numbers of a font's shapes: what they say cannot be read here."""
DRAWN = re.compile(rb"[\d.]+ +[\d.]+ +[lc]\s")
MOST_POINTS = 100
"""A page of tables has fewer lines than a plot has points."""
NAME_SIGN = re.compile(rb"#([0-9A-Fa-f]{2})")
PIECE = re.compile(rb"\(((?:[^()\\]|\\.)*)\)")
PERSON = re.compile(rb"/Author\s*(\((?:[^()\\]|\\.)+\)|<[0-9A-Fa-f]+>)")
AUTHOR = re.compile(rb"<dc:creator>.*?<rdf:li[^>]*>([^<]+)</rdf:li>", re.DOTALL)
FLAGGED = (
    (rb"/EmbeddedFiles?\b|/Filespec\b", "hidden_content", "attachments"),
    (rb"/JavaScript\b|/JS\b|/Launch\b", "executable", "scripts"),
    (rb"/Encrypt\b", "unreadable", "locked"),
    (rb"/Subtype\s*/(?:Text|Popup|FreeText|FileAttachment)\b", "comment", ""),
    (rb"/OCProperties\b", "hidden_content", "layers"),
)


def read(content: bytes) -> Parts:
    """Take a PDF apart."""
    unpacked = list(_streams(content))
    everything = NAME_SIGN.sub(_sign, b"\n".join([content, *unpacked]))
    for pattern, rule, place in FLAGGED:
        if count := len(re.findall(pattern, everything)):
            yield Flag(rule, count, place)
    people = len(PERSON.findall(everything)) + len(AUTHOR.findall(everything))
    if people:
        yield Flag("user_name", people, "properties")
    end = content.rfind(b"%%EOF")
    if end < 0 or content[end + 5 :].strip(b"\r\n \0"):
        yield Flag("hidden_content", 1, "bytes after the end")
    if content.count(b"%%EOF") > 1 and b"/Linearized" not in content:
        yield Flag("hidden_content", content.count(b"%%EOF") - 1, "earlier versions")
    if coded := sum(len(CODED.findall(stream)) for stream in unpacked):
        yield Flag("unreadable", coded, "words of the pages")
    drawn = sum(len(DRAWN.findall(stream)) for stream in unpacked)
    if drawn >= MOST_POINTS:
        yield Flag("plot_data", drawn, "pages")
    yield Text("\n".join(_words(unpacked)), "pages")
    yield Text(_readable(everything), "structure")


def _sign(coded: re.Match[bytes]) -> bytes:
    return bytes([int(coded.group(1), 16)])


def _streams(content: bytes) -> Iterator[bytes]:
    for stream in STREAM.finditer(content):
        try:
            yield archive.unpacked(stream.group(1), wbits=15)
        except (archive.ArchiveError, zlib.error):
            yield stream.group(1)


def _words(streams: list[bytes]) -> Iterator[str]:
    for stream in streams:
        for single, several in SHOWN.findall(stream):
            pieces = [single] if single else PIECE.findall(several)
            yield b"".join(pieces).decode("latin-1")


def _readable(content: bytes) -> str:
    """Keep strings in brackets: properties and addresses."""
    return "\n".join(piece.decode("latin-1") for piece in PIECE.findall(content) if len(piece) > 3)
