"""Which pages a built book has, and one of each template."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = {
    "home": "index",
    "papers": "papers/index",
    "paper": "papers/release_returns-default",
    "protocol papers": "protocols/index",
    "protocol paper": "protocols/repeat_mothers-default",
    "definition": "definitions/recurrence",
    "definitions": "definitions/index",
    "dataset": "catalogue/family_court",
    "catalogue": "catalogue/index",
    "quality": "quality",
    "guide": "guides/bring-your-extract",
    "decision": "decisions/ibis",
    "glossary": "glossary",
    "topics": "topics/index",
    "topic": "topics/returns-after-release",
    "headlines": "headlines",
    "changes": "changes",
    "search": "search",
    "reading": "reading",
}
"""A page of each template of the demo's book."""


def names(book: Path, *folders: str) -> list[str]:
    """Name of every page, or of those in some folders: its path without a suffix."""
    found = [path.relative_to(book).with_suffix("").as_posix() for path in book.rglob("*.html")]
    return sorted(name for name in found if not folders or name.split("/")[0] in folders)


def papers(book: Path, *folders: str) -> list[str]:
    """Papers and protocol papers, or those of one of the two folders, without their lists."""
    found = names(book, *(folders or ("papers", "protocols")))
    return [name for name in found if not name.endswith("/index")]
