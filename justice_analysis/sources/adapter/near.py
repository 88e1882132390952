"""Names that are close to one that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def near(name: str, names: Iterable[str]) -> str:
    """Suggest the names closest to one that is not there; empty if none is close."""
    by_lower = {str(other).lower(): str(other) for other in names}
    close = get_close_matches(str(name).lower(), by_lower, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(by_lower[match] for match in close)}?" if close else ""
