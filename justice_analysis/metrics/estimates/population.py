"""Names of populations: two outputs that count the same people say so by one hash."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from justice_analysis.definitions import Card
    from justice_analysis.warehouse import Warehouse

PRESENTATION = ("by", "horizons", "competing")
"""Options that show the same people differently; they do not change who is counted."""


def population_hash(
    warehouse: Warehouse, card: Card, options: Any, *, presentation: Collection[str] = PRESENTATION
) -> str:
    """Name the people counted: same data, same definition, same rules of selection."""
    who = {k: v for k, v in dataclasses.asdict(options).items() if k not in presentation}
    text = json.dumps([warehouse.fingerprint, card.name, card.version, who], default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
