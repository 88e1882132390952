"""How a profile keeps rows to itself: rounded counts, bands, nothing that few rows share.

A profile is read beside the data, and pasted into mails and adapters. So it holds no least or
largest value, no value that fewer than `THRESHOLD` rows have, and no exact count of rows.
"""

from __future__ import annotations

THRESHOLD = 10
_BASE = 5
_BANDS = (1, 2, 5, 10, 20, 50, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)

RULE = (
    "Counts of rows are rounded to the nearest {base}; from 1 to {last} they are shown as "
    "<{threshold}. Numbers of different values are bands. A value is shown only where the column "
    "has few different ones and {threshold} rows or more have it. There is no least or largest "
    "value: numbers have an order of magnitude and dates decades, of {threshold} rows or more."
)


def rule(threshold: int = THRESHOLD) -> str:
    """State the rule in words."""
    return RULE.format(base=_BASE, last=threshold - 1, threshold=threshold)


def rounded(rows: int, threshold: int = THRESHOLD) -> int | None:
    """Round a count of rows; None where it is below the threshold, but not 0."""
    if 0 < rows < threshold:
        return None
    return _BASE * ((2 * rows + _BASE) // (2 * _BASE))


def shown(count: int | None, threshold: int = THRESHOLD) -> str:
    """Write a rounded count."""
    return f"<{threshold}" if count is None else f"{count:,}"


def band(distinct: int) -> str:
    """Give the band in which a number of different values lies."""
    below = 0
    for top in _BANDS:
        if distinct <= top:
            return str(top) if top - below == 1 else f"{below + 1:,} to {top:,}"
        below = top
    return f"over {below:,}"
