"""Years as the quality report shows them: one main stretch, and what strays before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from justice_analysis.sources.quality import MISSING, UNDATED

NOT_DATED, ALL_YEARS = "no date", "all years"
WIDEST_GAP = 5


def by_shown_years(
    by_year: Mapping[str, Any], threshold: int
) -> tuple[list[str], list[int], dict[str, list[int]]]:
    """Labels, rows and missing values by column, sparse years at either end put together.

    A mistyped year, or one that stands for a missing date, is no year of its own: what lies
    before and after the main stretch of years stands in one column each.
    """
    years, rows = list(by_year["years"]), list(by_year["rows"])
    dated = [place for place, year in enumerate(years) if year != UNDATED]
    first, last = _main_stretch(years, rows, dated, threshold)
    pools = [("before", [place for place in dated if place < first])]
    pools += [(years[place], [place]) for place in range(first, last + 1)]
    pools.append(("after", [place for place in dated if place > last]))
    undated = [place for place in range(len(years)) if place not in dated]
    pools.append((NOT_DATED if dated else ALL_YEARS, undated))
    shown = [(label, places) for label, places in pools if places]

    def pooled(counts: Sequence[int]) -> list[int]:
        return [sum(counts[place] for place in places) for _, places in shown]

    names = {
        name: pooled(found[MISSING])
        for name, found in by_year["fields"].items()
        if MISSING in found
    }
    return [label for label, _ in shown], pooled(rows), names


def _main_stretch(
    years: Sequence[str], rows: Sequence[int], dated: Sequence[int], threshold: int
) -> tuple[int, int]:
    """First and last place of the years, without wide gaps between them, that most rows are in."""
    stretches: list[list[int]] = []
    for place in (place for place in dated if rows[place] >= threshold):
        if stretches and int(years[place]) - int(years[stretches[-1][-1]]) <= WIDEST_GAP:
            stretches[-1].append(place)
        else:
            stretches.append([place])
    if not stretches:
        return len(dated), len(dated) - 1
    main = max(stretches, key=lambda places: sum(rows[place] for place in places))
    return main[0], main[-1]
