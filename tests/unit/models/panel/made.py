"""A made-up panel with known slopes, and holes where a test wants them."""

from __future__ import annotations

import numpy as np
import pandas as pd

SLOPES = {"arrest": -0.4, "police": 0.2}


def panel_of(units: int = 40, periods: int = 6, *, seed: int = 3, holes: float = 0.0):
    """One row per court and year: `arrest` goes along with the court's effect."""
    rng = np.random.default_rng(seed)
    court, year = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    effect = rng.normal(size=units)[court]
    arrest = rng.normal(size=len(court)) + effect
    cost, tax, drive = rng.normal(size=(3, len(court)))
    police = 0.8 * cost + 0.4 * tax + drive + rng.normal(size=len(court))
    crime = SLOPES["arrest"] * arrest + SLOPES["police"] * police + 2 * effect + 0.1 * year
    rows = pd.DataFrame(
        {
            "court": [f"court {n:03}" for n in court],
            "year": 2001 + year,
            "region": court // 4,
            "crime": crime + 0.7 * drive + rng.normal(size=len(court)),
            "arrest": arrest,
            "police": police,
            "cost": cost,
            "tax": tax,
            "size": rng.uniform(0.5, 2, size=len(court)),
            "coast": (court % 2).astype(float),
        }
    )
    return rows[rng.random(len(rows)) >= holes].reset_index(drop=True)


NAMED = {"outcome": "crime", "unit": "court", "period": "year"}
BOTH = [*SLOPES]
