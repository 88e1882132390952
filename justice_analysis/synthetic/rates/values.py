"""How a parameter of the world is written down: value, unit, status and source."""

from __future__ import annotations

from dataclasses import field, fields, is_dataclass
from typing import Any

PUBLISHED = "published"
ASSUMED = "assumed"
PARTS = {"unit": "rates", "status": ASSUMED, "source": "see each"}


def published(value: Any, unit: str, source: str) -> Any:
    """Make a field whose value is a published figure."""
    return field(default=value, metadata={"unit": unit, "status": PUBLISHED, "source": source})


def assumed(value: Any, unit: str, why: str = "no published figure used") -> Any:
    """Make a field whose value is ours."""
    return field(default=value, metadata={"unit": unit, "status": ASSUMED, "source": why})


def described(parameters: Any) -> dict[str, Any]:
    """Every parameter with value, unit, status and source, ready to be written as JSON."""
    entries: dict[str, Any] = {}
    for item in fields(parameters):
        value = getattr(parameters, item.name)
        if is_dataclass(value):
            entries[item.name] = described(value)
        else:
            entries[item.name] = {"value": value, **item.metadata}
    return entries
