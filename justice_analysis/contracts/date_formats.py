"""How a contract says that dates are written: the `format` of the standard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

# A day, with or without the time of day, which is checked and dropped.
DATE_AND_TIME = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
_DATED = ("date", "datetime", "yearmonth")


def formats_of(given: Any, kind: str) -> tuple[str, ...]:
    """Formats of a column of a descriptor's type, the first that fits; none where as in ISO 8601.

    What `format` says of another type, such as `email`, is no date's and counts for nothing.
    """
    if kind not in _DATED:
        return ()
    if given in (None, "default"):
        return DATE_AND_TIME if kind == "datetime" else ()
    return tuple(str(one) for one in given) if isinstance(given, list) else (str(given),)


def format_problems(formats: Sequence[str], kind: str) -> Iterator[str]:
    """Say what is wrong with the formats of a field."""
    if not formats:
        return
    # Only a contract that names a format waits for the engine.
    from justice_analysis.engine import DATE_FORMATS

    if kind not in _DATED:
        yield f"format has no meaning for the type {kind}."
    if unknown := [one for one in formats if one not in DATE_FORMATS]:
        yield f"format must be one of {', '.join(DATE_FORMATS)}: not {', '.join(unknown)}."
    if {"%d/%m/%Y", "%m/%d/%Y"} <= set(formats):
        yield "format: %d/%m/%Y and %m/%d/%Y both read a date such as 03/04/2019; give one."
