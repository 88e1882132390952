"""Data hidden in text: data addresses, base64 and long runs of hexadecimal."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from justice_analysis.disclosure.egress import kinds
from justice_analysis.disclosure.egress.finding import Flag, Inner

ADDRESS = re.compile(r"data:([\w.+/-]*(?:;[\w=.+-]+)*?)(;base64)?,([^\"'\s)>]+)")
RUN = re.compile(r"[A-Za-z0-9+/_-]{64,}={0,2}(?:\s{1,3}[A-Za-z0-9+/_-]{40,}={0,2})*")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}){80,}")
LONG = 200
"""A longer run that is no text and no known kind of file cannot be judged."""


def inside(text: str, place: str = "") -> Iterator[Inner | Flag]:
    """Decode what is encoded in a text."""
    rest = text
    if "data:" in text:
        for address in ADDRESS.finditer(text):
            content = _address(address)
            where = f"{place} data address".strip()
            yield Flag("encoded_data", 1, where) if content is None else Inner("", content, where)
        rest = ADDRESS.sub(" ", text)
    for run in RUN.finditer(rest):
        yield from _run(run.group(), f"{place} encoded".strip())


def _address(address: re.Match[str]) -> bytes | None:
    payload = address.group(3)
    return from_base64(payload) if address.group(2) else unquote_to_bytes(payload)


def _run(run: str, place: str) -> Iterator[Inner | Flag]:
    joined = re.sub(r"\s", "", run)
    if re.fullmatch(r"([-_=+/])\1*|[-_]+|[a-z_]+|[A-Z_]+|[0-9]+", joined):
        return
    if HEX.fullmatch(joined):
        yield Inner("", bytes.fromhex(joined), place)
        return
    content = from_base64(joined)
    if content is not None and kinds.of(content) != "unknown" and _is_text_or_file(content):
        yield Inner("", content, place)
    elif len(joined) >= LONG and re.search(r"\d", joined) and re.search(r"[A-Z]", joined):
        yield Flag("encoded_data", 1, place)


def _is_text_or_file(content: bytes) -> bool:
    """Text of another encoding than UTF-8 is what any bytes read as."""
    if kinds.of(content) not in ("plain", "json", "jsonl", "html", "xml", "svg"):
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return True


def from_base64(text: str) -> bytes | None:
    """Decode base64 of either alphabet, with or without its padding."""
    plain = re.sub(r"\s|%3D|=", "", text).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
