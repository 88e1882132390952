"""What Word documents and workbooks share: clean text, days in words, packages that repeat."""

from __future__ import annotations

import datetime
import io
import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from justice_analysis.publishing.markup import SYNTHETIC
from justice_analysis.publishing.paper.paper import Paper

NO_FINDING = "Every number comes from simulated people. None says anything about the real world."
_FIXED = (1980, 1, 1, 0, 0, 0)  # the first day that a zip can state
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: object) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", str(text))


def one_line(text: object) -> str:
    """Clean text on one line."""
    return " ".join(clean(text).split())


def in_words(day: str) -> str:
    """A day as people write it: 2026-11-23 is 23 November 2026; another text as it is."""
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        return day
    return f"{date.day} {date:%B %Y}"


def noon(day: str) -> datetime.datetime:
    """The moment that files state as theirs: noon of a day, so that the same paper repeats."""
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(12))


def marked(text: str, *, is_synthetic: bool) -> str:
    """Text that says it is about synthetic data, where it is and does not say so yet."""
    if not is_synthetic or SYNTHETIC.lower() in text.lower():
        return text
    return f"{SYNTHETIC}. {text}"


def full_title(paper: Paper) -> str:
    """The paper's title on one line, marked where its data is synthetic."""
    return marked(one_line(paper.title), is_synthetic=paper.is_synthetic)


def status_line(paper: Paper) -> str:
    """What it is, how finished, which version, of which day: one line under the title."""
    items = [
        paper.kind,
        *([SYNTHETIC] if paper.is_synthetic else []),
        paper.front.status.capitalize(),
        f"Version {paper.front.version}",
        in_words(paper.front.date),
        *([f"Numbers released {in_words(paper.released)}"] if paper.released else []),
    ]
    return " · ".join(items)


def author_names(paper: Paper) -> str:
    """Names of the authors, in one line."""
    return "; ".join(one_line(author.name) for author in paper.front.authors)


def keywords(paper: Paper) -> str:
    """Words by which the paper is found."""
    mark = (SYNTHETIC.lower(),) if paper.is_synthetic else ()
    return ", ".join((*paper.front.topics, *paper.front.jurisdiction, paper.front.place, *mark))


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip of these parts, in their order, that has the same bytes whenever it is made.

    The part `mimetype` is stored as it is, as OpenDocument wants.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _FIXED)
            entry.create_system = 0
            stored = name == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return file.getvalue()


def parts_of(package: bytes) -> dict[str, bytes]:
    """Parts of a zip by name, in their order."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that stood there stays until then."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
