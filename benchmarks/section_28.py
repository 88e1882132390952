"""How often a 95% interval of a roll-out holds the planted effect, over many synthetic worlds.

python -m benchmarks.section_28 --seeds 200 --rows rows.csv --page benchmarks/results/section-28.md

Trials come from the synthetic world's own criminal courts, held in memory: a world of mostly
contested trials of violence and sexual offences, so that a roll-out can be seen at all. They go
through the functions of the study: `lay_out`, `group_time`, `two_way`. Rows that are in the CSV
file already are not made again. With `--warehouse` and `--truth` a loaded world goes through the
whole path, `roll_out_effects`, as well.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import functools
import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

import justice_analysis as ja
from justice_analysis.evaluation import roll_out
from justice_analysis.evaluation.roll_out.design import KEPT
from justice_analysis.models import wilson
from justice_analysis.synthetic.criminal.codes import OFFENCE_GROUPS
from justice_analysis.synthetic.criminal.migration import is_on, recorded_evidence_from
from justice_analysis.synthetic.criminal.prosecutions import GUILTY, NONE, NOT_GUILTY
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.simulation import make_world

COVERAGE, FALSE_ALARMS = (0.93, 0.97), 0.07
FIRST, EXTRACT = datetime.date(2015, 1, 1), datetime.date(2024, 3, 31)
PERIODS = ("quarter", "year")
AVERAGES = {"simple": "by size", "group": "by wave"}
TWO_WAY, PRE_TREND, JOINT = "two-way", "pre-trend", "pre-trend, every time jointly"
ROW = ["seed", "effect", "period", "estimate_of", "estimate", "standard_error", "lower", "upper",
       "truth", "p_value", "trials", "courts"]  # fmt: skip


def parameters(effect: float) -> WorldParameters:
    """A world of contested trials: nothing but the share of trials is other than by default."""
    world = WorldParameters()
    groups = len(OFFENCE_GROUPS)
    mix = tuple((0.7, 0.3) + (0.0,) * (groups - 2) for _ in world.crime.group_mix)
    crime = dataclasses.replace(
        world.crime,
        group_mix=mix,
        indictable_only=(1.0, 1.0) + (0.0,) * (groups - 2),
        either_way=(0.0,) * groups,
        guilty_pleas_crown=0.0,
        none_entered=0.0,
        breaches=0.0,
        recorded_effect=effect,
    )
    return dataclasses.replace(
        world, crime=crime, family_people=0.01, divorce_people=0, civil_people=0, pupil_people=0
    )


def trials(seed: int, *, people: int, effect: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contested trials of one world, one row each, and the first day of each court.

    A trial that has not ended by the extract, or that was received once its court had moved to
    another system, is not seen.
    """
    world, _, _ = make_world(people, seed, parameters(effect))
    crown = world.lives.crown
    seen = (crown.kind == 0) & (crown.plea == NOT_GUILTY) & (crown.verdict != NONE)
    seen &= ~is_on(crown.received, crown.unseen_from)
    rows = pd.DataFrame(
        {
            "court": crown.court[seen],
            "received": crown.received[seen].astype("datetime64[ns]"),
            "convicted": crown.verdict[seen] == GUILTY,
        }
    )
    starts = recorded_evidence_from(world.parameters, world.streams)
    courts = np.arange(1, len(starts) + 1)
    return rows, pd.DataFrame({"court": courts, "from_date": starts.astype("datetime64[ns]")})


def cells_of(rows: pd.DataFrame, starts: pd.DataFrame, period: str) -> pd.DataFrame:
    """Trials by court, wave and period, laid out as the study does."""
    days = rows.groupby(["court", "received"], as_index=False).agg(
        cases=("convicted", "size"), convicted=("convicted", "sum")
    )
    layout = roll_out.lay_out(
        days[["court", "received", "cases"]], starts, first=FIRST, until=EXTRACT, length=period
    )
    placed = layout.days.merge(days, on=["court", "received", "cases"])
    kept = placed[placed["step"] == KEPT]
    return kept.groupby(["court", "wave", "period"], as_index=False).agg(
        units=("cases", "sum"), convicted=("convicted", "sum")
    )


def estimated(seed: int, *, people: int, effect: float) -> pd.DataFrame:
    """Every estimate in one world: one row per length of period and estimate."""
    rows, starts = trials(seed, people=people, effect=effect)
    truth = effect * WorldParameters().crime.recorded_share
    found = []
    for period in PERIODS:
        cells = cells_of(rows, starts, period)
        about = (int(cells["units"].sum()), cells["court"].nunique())
        for name, one in _estimates(cells):
            found.append((seed, effect, period, name, *one[:4], truth, one[4], *about))
    return pd.DataFrame(found, columns=ROW)


def _estimates(cells: pd.DataFrame) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Estimate, error, lower, upper and p-value of each estimate."""
    columns = ["estimate", "standard_error", "lower", "upper", "p_value"]
    effects = roll_out.group_time(cells)
    overall = effects.overall.set_index("average")
    for average, words in AVERAGES.items():
        yield words, tuple(overall.loc[average, columns].astype(float))
    slope = roll_out.two_way(cells).table.iloc[0]
    yield TWO_WAY, tuple(slope[columns].astype(float))
    missing = (float("nan"),) * 4
    joint, before = effects.pre_trend_by_event_time.p_value, roll_out.pre_trend(effects)
    yield PRE_TREND, (*missing, float("nan") if before is None else before)
    yield JOINT, (*missing, float("nan") if joint is None else joint)


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per planted effect, length of period and estimate: coverage, alarms, errors."""
    kept = rows[rows["estimate"].notna()].copy()
    kept["holds"] = (kept["lower"] <= kept["truth"]) & (kept["truth"] <= kept["upper"])
    kept["alarm"] = (kept["lower"] > 0) | (kept["upper"] < 0)
    kept["error"] = kept["estimate"] - kept["truth"]
    found = kept.groupby(["effect", "period", "estimate_of"], as_index=False).agg(
        worlds=("seed", "nunique"),
        holding=("holds", "sum"),
        alarms=("alarm", "sum"),
        truth=("truth", "first"),
        error=("error", "mean"),
        spread=("estimate", "std"),
        standard_error=("standard_error", "mean"),
        trials=("trials", "mean"),
    )
    interval = wilson(found["holding"], found["worlds"])
    return found.assign(share=interval.estimate, lower=interval.lower, upper=interval.upper)


def missing_worlds(
    seeds: int, effects: tuple[float, ...], rows: pd.DataFrame
) -> list[tuple[int, float]]:
    """Worlds that are not in the rows yet."""
    made = set(zip(rows["seed"], rows["effect"], strict=True))
    wanted = [(seed, effect) for seed in range(1, seeds + 1) for effect in effects]
    return [world for world in wanted if world not in made]


def _one(world: tuple[int, float], *, people: int) -> pd.DataFrame:
    seed, effect = world
    return estimated(seed, people=people, effect=effect)


def whole_path(warehouse: Path, truth: Path, period: str) -> pd.DataFrame:
    """A loaded world through the whole path: estimates at each level, with what is planted."""
    found = roll_out.roll_out_effects(
        ja.open(warehouse),
        roll_out.calendar_of_truth(truth),
        mixed="principal",
        period=period,
    )
    return found.table[found.table["term"] != "all"].assign(period=period)


def main() -> None:
    """Make the worlds, estimate, and write the page."""
    from benchmarks.section_28_page import page

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--rows", type=Path, required=True, help="CSV file, added to")
    parser.add_argument("--page", type=Path)
    parser.add_argument("--warehouse", type=Path, help="a loaded world for the whole path")
    parser.add_argument("--truth", type=Path, help="its truth")
    asked = parser.parse_args()
    effects = (WorldParameters().crime.recorded_effect, 0.0)
    rows = pd.read_csv(asked.rows) if asked.rows.exists() else pd.DataFrame(columns=ROW)
    wanted = missing_worlds(asked.seeds, effects, rows)
    with multiprocessing.get_context("spawn").Pool(asked.jobs) as pool:
        one = functools.partial(_one, people=asked.people)
        for done, made in enumerate(pool.imap_unordered(one, wanted), start=1):
            made.to_csv(asked.rows, mode="a", header=not asked.rows.exists(), index=False)
            print(f"{done} of {len(wanted)} worlds", flush=True)
    rows = pd.read_csv(asked.rows)
    whole = None
    if asked.warehouse and asked.truth:
        whole = pd.concat([whole_path(asked.warehouse, asked.truth, one) for one in PERIODS])
    text = page(rows, people=asked.people, whole=whole)
    if asked.page:
        asked.page.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
