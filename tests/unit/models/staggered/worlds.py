"""Courts that take something up at different times, with the effect planted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

DESIGN = {"outcome": "y", "unit": "court", "period": "quarter", "first_treated": "from_quarter"}


def panel(
    seed: int = 0,
    *,
    dates: Sequence[int] = (4, 6, 8),
    each: int = 12,
    never: int = 14,
    periods: int = 10,
    effect: float = 1.0,
    growth: float = 0.0,
    trend: float = 0.0,
) -> pd.DataFrame:
    """One row per court and quarter.

    The effect is `effect` at first and grows by `growth` a quarter; outcomes of courts that are
    ever treated also rise by `trend` a quarter, treated or not.
    """
    random = np.random.default_rng(seed)
    date = np.r_[np.repeat(dates, each), np.zeros(never)].astype(int)
    court = np.repeat(np.arange(len(date)), periods)
    quarter = np.tile(np.arange(1, periods + 1), len(date))
    since = quarter - date[court]
    is_treated = (date[court] > 0) & (since >= 0)
    level = random.normal(size=len(date))[court] + 0.2 * quarter
    planted = is_treated * (effect + growth * since) + trend * quarter * (date[court] > 0)
    return pd.DataFrame(
        {
            "court": court,
            "quarter": quarter,
            "from_quarter": date[court],
            "area": court // 4,
            "size": random.integers(1, 6, len(date))[court],
            "share": random.normal(size=len(date))[court],
            "y": level + planted + random.normal(scale=0.5, size=len(court)),
        }
    )


def trials(seed: int = 0, *, number: int = 3000, **options: float) -> pd.DataFrame:
    """One row per trial in the courts of a panel: courts' quarters have unequal numbers."""
    random = np.random.default_rng(seed)
    rows = panel(seed, **options)
    drawn = rows.iloc[random.integers(0, len(rows), number)].reset_index(drop=True)
    return drawn.assign(y=drawn["y"] + random.normal(size=number), age=random.normal(size=number))
