"""What each statistic of an output is, and how widely the values behind it are spread."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

from justice_analysis.definitions.output import Output

MOMENTS = ("mean", "sd")
EXTREMES = ("minimum", "maximum")
MODE = "mode"
Row = Mapping[Any, Any]


def named(output: Output) -> dict[str, str]:
    """What each estimate is, where the output says so."""
    said = output.roles.statistic
    return {name: said[name] for name in output.roles.estimate if name in said}


def share_of(statistic: str) -> float | None:
    """Return the share below a percentile: 0.25 for "percentile 25", 0.5 for "median"."""
    if statistic == "median":
        return 0.5
    name, _, number = statistic.partition(" ")
    try:
        share = float(number) / 100 if name == "percentile" else math.nan
    except ValueError:
        return None
    return share if 0 < share < 1 else None


def percentiles(output: Output) -> dict[str, float]:
    """Share below each percentile, by column."""
    shares = {name: share_of(statistic) for name, statistic in named(output).items()}
    return {name: share for name, share in shares.items() if share is not None}


def columns(output: Output, *statistics: str) -> tuple[str, ...]:
    """Columns that are one of some statistics."""
    return tuple(name for name, statistic in named(output).items() if statistic in statistics)


def is_known(statistic: str | None) -> bool:
    """Whether a statistic of a quantity has a rule."""
    return statistic is not None and (
        statistic in (*MOMENTS, *EXTREMES, MODE) or share_of(statistic) is not None
    )


def spread_of(output: Output, row: Row) -> float:
    """Return the spread of a row's values: its standard deviation, or the best stand-in given.

    Without one, the widest pair of percentiles on the scale of a normal distribution; without
    these, or where they are equal, the largest statistic itself.
    """
    for name in columns(output, "sd"):
        if float(row[name]) > 0:
            return float(row[name])
    values = sorted((share, float(row[name])) for name, share in percentiles(output).items())
    if len(values) > 1 and values[-1][1] > values[0][1]:
        normal = NormalDist()
        width = normal.inv_cdf(values[-1][0]) - normal.inv_cdf(values[0][0])
        return (values[-1][1] - values[0][1]) / width
    sizes = [abs(float(row[name])) for name in output.roles.estimate]
    return max((size for size in sizes if math.isfinite(size)), default=0.0)
