"""How often intervals of a staggered roll-out hold the planted effect, by small-sample rule.

python -m benchmarks.staggered --seeds 200 --page benchmarks/results/staggered.md

54 of 70 courts are reached at seven dates over 20 quarters, in groups of 3 to 12. Courts differ
in level, size and shocks that last; the effect is -4 points in each quarter since. One row per
trial, clustered by court.
"""

from __future__ import annotations

import argparse
import datetime
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

from justice_analysis.models import group_time_effects, wilson

RULES = ("none", "clusters", "groups")
DATES, SIZES, NEVER, QUARTERS = (4, 6, 7, 9, 11, 13, 15), (3, 5, 8, 6, 10, 12, 10), 16, 20
EFFECT, SHOCK, LASTS = -0.04, 0.03, 0.6
TRIALS, SHAPE = 36.0, 4.0


def trials(seed: int) -> pd.DataFrame:
    """One row per trial of one simulated roll-out."""
    random = np.random.default_rng(seed)
    date = np.r_[np.zeros(NEVER), np.repeat(DATES, SIZES)].astype(int)
    courts, quarter = len(date), np.arange(1, QUARTERS + 1)
    shock = random.normal(0, SHOCK, (courts, QUARTERS))
    for at in range(1, QUARTERS):
        shock[:, at] += LASTS * shock[:, at - 1]
    level = random.normal(0.6, 0.05, courts)[:, None] + np.linspace(0, 0.05, QUARTERS)
    reached = (date[:, None] > 0) & (quarter >= date[:, None])
    share = np.clip(level + shock + EFFECT * reached, 0.02, 0.98)
    size = random.gamma(SHAPE, TRIALS / SHAPE, courts)
    number = random.poisson(np.repeat(size, QUARTERS)) + 1
    court = np.repeat(np.repeat(np.arange(courts), QUARTERS), number)
    held = np.repeat(np.tile(quarter, courts), number)
    convicted = (random.random(len(court)) < share[court, held - 1]).astype(float)
    return pd.DataFrame(
        {"court": court, "quarter": held, "reached": date[court], "convicted": convicted}
    )


def measured(seeds: int) -> tuple[pd.DataFrame, float, float]:
    """Share of seeds whose interval holds the effect, and whose pre-trend test rejects, by rule."""
    held: dict[tuple[str, str], list[bool]] = defaultdict(list)
    rows = spent = 0.0
    for seed in range(seeds):
        drawn = trials(seed)
        rows += len(drawn) / seeds
        for rule in RULES:
            started = time.perf_counter()
            effects = group_time_effects(
                drawn, outcome="convicted", unit="court", period="quarter",
                first_treated="reached", comparison="not_yet", repeated_cross_sections=True,
                small_sample=rule,  # type: ignore[arg-type]
            )  # fmt: skip
            spent += (time.perf_counter() - started) / (seeds * len(RULES))
            for row in effects.overall.itertuples():
                held[(rule, row.average)].append(row.lower <= EFFECT <= row.upper)
            p_value = effects.pre_trend_by_event_time.p_value
            held[(rule, "pre-trend rejected")].append(p_value is not None and p_value < 0.05)
    shares = {key: _said(sum(found), len(found)) for key, found in held.items()}
    return pd.Series(shares).unstack(sort=False), rows, spent


def _said(events: int, number: int) -> str:
    limits = wilson(np.array([events]), np.array([number]))
    return f"{events / number:.1%} ({float(limits.lower[0]):.1%} to {float(limits.upper[0]):.1%})"


def page(table: pd.DataFrame, rows: float, spent: float, seeds: int) -> str:
    """The results as a page."""
    head = "| Rule | " + " | ".join(table.columns) + " |"
    lines = [f"| {rule} | " + " | ".join(row) + " |" for rule, row in zip(
        table.index, table.to_numpy(), strict=True
    )]  # fmt: skip
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return "\n".join([
        "# Staggered roll-outs: coverage by small-sample rule", "",
        f"*{today:%-d %B %Y}; `python -m benchmarks.staggered --seeds {seeds}`*", "",
        __doc__.split("\n\n")[2].replace("\n", " ").strip(), "",
        f"{seeds} seeds, {rows:,.0f} trials each on average, {spent:.1f} seconds a fit. Shares of "
        "seeds whose 95% interval of each overall average holds the effect, and in which the "
        "joint test of the event study before treatment rejects at 5%, with Wilson's limits.", "",
        head, "|" + " --- |" * (len(table.columns) + 1), *lines, "",
    ])  # fmt: skip


def main() -> None:
    """Simulate, and write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=200)
    asked.add_argument("--page", type=Path, default=Path("benchmarks/results/staggered.md"))
    options = asked.parse_args()
    options.page.write_text(page(*measured(options.seeds), options.seeds), encoding="utf-8")


if __name__ == "__main__":
    main()
