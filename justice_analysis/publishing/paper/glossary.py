"""Words of the glossary, which prose may explain where a reader points at them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_ENTRY = re.compile(r"^\*\*(?P<name>[^*]+?)\.\*\*\s+(?P<meaning>.+)$", re.MULTILINE)
_MARKUP = re.compile(r"[*`]")


@dataclass(frozen=True)
class Entry:
    """A word and what it means."""

    name: str
    meaning: str

    @property
    def slug(self) -> str:
        """Its anchor on the glossary's page."""
        return slug(self.name)


def read_glossary(file: Path) -> Mapping[str, Entry]:
    """Entries of GLOSSARY.md by name in lower case; none where there is no file."""
    if not file.is_file():
        return {}
    found = _ENTRY.finditer(file.read_text(encoding="utf-8"))
    entries = [Entry(one["name"].strip(), _MARKUP.sub("", one["meaning"]).strip()) for one in found]
    return {entry.name.lower(): entry for entry in entries}


def slug(name: str) -> str:
    """The anchor of a word: `term-competing-event`."""
    return f"term-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"
