"""Topics of papers and where their pages are."""

from __future__ import annotations

import re

FOLDER = "topics"


def topic_page(topic: str) -> str:
    """Path of a topic's page in the book, without suffix."""
    return f"{FOLDER}/{_slug(topic)}"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
