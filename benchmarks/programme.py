"""How often a matched comparison finds the planted effect of a programme, over synthetic worlds.

python -m benchmarks.programme --worlds 20 --rows ROWS.csv --page benchmarks/results/programme.md

Rows are kept as they come: the same command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from justice_analysis import engine, models, synthetic, warehouse
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.data_lab import DataLabOptions, lab
from justice_analysis.evaluation.data_lab.characteristics import (
    characteristics,
    like_participants,
)
from justice_analysis.evaluation.data_lab.effects import OUTCOMES, effect_row
from justice_analysis.evaluation.data_lab.matched_groups import clusters_of, matched_groups
from justice_analysis.models.matched_effects import matched_difference
from justice_analysis.sources.extract import read_extract
from justice_analysis.synthetic.parameters import WorldParameters

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

DATASETS = (
    "magistrates_defendant",
    "crown_court_defendant",
    "prisoner_custodial_journey",
    "offender_assessments_oasys",
    "cross_justice_linking",
)
# Releases of which every court could be followed for 18 months before it left the data.
WINDOW = {"index_from": "2014-01-01", "index_to": "2019-07-01"}
RATE = OUTCOMES[0]
LEAST_DAYS = 60  # in custody: fewer, and the programme could not reach a person
PLANTED, NOTHING = "planted", "nothing"
COVERAGE, FALSE_ALARMS = (0.93, 0.97), 0.07
PARTS, PEOPLE = 10, 16_000
PAGE = "benchmarks/results/programme.md"
HEAD = """# A planted programme, measured by a matched comparison

Over {planted} synthetic samples in which the programme lowers reoffending and {nothing} in which
it does nothing: how far the naive difference is from the truth, how far the matched one is, and
how often its 95% interval holds the truth. Made on {day} with

    python -m benchmarks.programme --worlds {worlds} --parts {parts} --people {people} \
--rows ROWS.csv --page {page}

A sample is {people:,} people, nearly all met in the criminal courts, in a clean world; {parts}
samples that share nothing but the days on which courts changed are made, loaded and followed
together, and each is matched by itself. Releases from {index_from} to before {index_to}.
Participants are those who began the programme (no linkage is involved), about {participants:.0f} a
sample; needs select into it, and OASys shows them. The comparison is the evaluation lab's with the
options it has by itself. Truth is the share of the matched participants who reoffended less the
share who would have without the programme. *Naive* sets participants beside everyone else with a
release in these quarters; *eligible*, beside those released from a custodial sentence after 60
days or more, as participants all were.

{verdict}

| Worlds | Samples | Truth | Naive less truth | Naive, eligible, less truth | Matched less truth | \
Standard error said | Spread of the error | Interval holds the truth | 95% for the share | \
Called significant | 95% for the share |
|---|--:|--:|--:|--:|--:|--:|--:|--:|---|--:|---|
{rows}

All differences are in points of the share reconvicted within 12 months (proven within 18), and
means over samples; plus or minus is 1.96 standard errors of the mean.

Two causes of what is left of bias are known, though not that they are all of it. Truth counts
offences under the Single Justice Procedure, which court data do not hold, so the measured effect is
a little smaller. And of five needs that select into the programme, the data hold four as they are
and one with noise.{wide}
"""
WIDE = """

The standard error said is {ratio:.2f} times the spread of the error: intervals are too wide. They
take the weights as given and leave out that matching explains a part of the outcome (Austin and
Small 2014), so they hold the truth more often than they say, and miss effects that are there."""


def parameters_of(kind: str) -> WorldParameters:
    """A world mostly of people of the criminal courts; in one kind the programme does nothing."""
    usual = WorldParameters()
    crime = usual.crime
    if kind == NOTHING:
        crime = dataclasses.replace(crime, programme_hazard=1.0)
    few = dict.fromkeys(("divorce_people", "civil_people", "pupil_people"), 0.01)
    return dataclasses.replace(usual, family_people=0.04, crime=crime, **few)


def measured(seed: int, kind: str, *, parts: int, people: int) -> pd.DataFrame:
    """One world in parts: naive and matched differences and the truth, one row per part."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        world = Path(scratch) / "world"
        synthetic.synthesise(
            parts * people,
            seed,
            world,
            clean=True,
            parameters=parameters_of(kind),
            chunk_people=people,
        )
        extracts = [read_extract(world / name) for name in DATASETS]
        loaded = warehouse.load(extracts, Path(scratch) / "warehouse")
        found = compared(loaded, world)
    seconds = (time.monotonic() - started) / parts
    return pd.DataFrame(found).assign(kind=kind, seed=seed, seconds=seconds)


def people_of(loaded: Warehouse, world: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part of each person ever held, and everyone who began the programme, by `person_id`."""
    link = loaded.link
    links = link.filter(link.source_table == "nomis").select("source_key", "person_id").distinct()
    known = engine.execute(links, step="links of stays in custody")
    keys = []
    for file in sorted((world / "prisoner_custodial_journey").glob("nomis*.parquet")):
        delivered = pd.read_parquet(file, columns=["row_id_hash"])
        keys.append(delivered.assign(part=len(keys) + 1))
    held = pd.concat(keys).merge(known, left_on="row_id_hash", right_on="source_key")
    parts = held[["person_id", "part"]].drop_duplicates()
    began = _truth(world, "programme").drop(columns="person_id")
    stays = _truth(world, "custody_segment")[["segment_id", "row_key"]]
    began = began.merge(stays, on="segment_id", validate="one_to_one")
    began = began.merge(known, left_on="row_key", right_on="source_key", validate="many_to_one")
    return parts, began.drop_duplicates("person_id")


def _truth(world: Path, table: str) -> pd.DataFrame:
    files = sorted((world / "truth").glob(f"{table}*.parquet"))
    return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)


def compared(loaded: Warehouse, world: Path) -> list[dict[str, Any]]:
    """Follow everyone once, then match and compare within each part."""
    options = DataLabOptions(programme="the planted programme", **WINDOW)
    parts, began = people_of(loaded, world)
    columns = {
        "person_id": began["person_id"].tolist(),
        "intervention_date": began["started_date"].tolist(),
    }
    types = {"person_id": "int64", "intervention_date": "date"}
    given = lab._participants(engine.memory_table(loaded.backend, columns, types))
    candidates, _ = lab._candidates(loaded, given, None, options)
    people = engine.execute(
        candidates.select("person_id", "is_participant", "index_date"), step="candidates"
    ).sort_values(["person_id", "index_date"], ignore_index=True)
    people = people.merge(parts, on="person_id", how="left", validate="many_to_one")
    frame, quantities, categories = lab._frame(loaded, candidates, options)
    treated = frame.table["is_participant"].to_numpy() == 1
    if not (treated == people["is_participant"].to_numpy(dtype=bool)).all():
        raise AssertionError("people and frame must be in one order")
    rows = []
    for part in sorted(parts["part"].unique()):
        inside = (people["part"] == part).to_numpy()
        own = dataclasses.replace(frame, table=frame.table[inside].reset_index(drop=True))
        told = people[inside].reset_index(drop=True)
        rows.append({"part": part, **_one(own, told, quantities, categories, options, began)})
    return rows


def _one(
    frame: Any,
    people: pd.DataFrame,
    quantities: list[str],
    categories: list[str],
    options: DataLabOptions,
    began: pd.DataFrame,
) -> dict[str, Any]:
    """One part: everyone, then those matched, beside the truth about those matched."""
    treated = people["is_participant"].to_numpy(dtype=bool)
    outcome = frame.table[RATE.column].to_numpy()
    naive = matched_difference(outcome, treated, np.ones(len(people)))
    counts: dict[str, Any] = {
        "participants": int(treated.sum()),
        "pool": int((~treated).sum()),
    }
    alike = like_participants(frame, treated, quantities=quantities, categories=categories)
    frame = dataclasses.replace(frame, table=frame.table[alike].reset_index(drop=True))
    people, treated = people[alike], treated[alike]
    counts["naive_alike"] = _naive_alike(frame, treated)
    told = characteristics(frame, treated, quantities=quantities, categories=categories)
    strata = frame.table[list(options.strata)]
    try:
        groups = matched_groups(told, treated, strata, options)
    except MetricError as error:
        return {**counts, "naive": naive.difference, "problem": str(error)[:60]}
    weights = groups.matched.weights
    clusters = clusters_of(frame.table["person_number"].to_numpy(), groups.matched.stratum)
    model = told.model.to_numpy(dtype=float)
    _, effect = effect_row(RATE, frame.table, treated, weights, clusters, options, covariates=model)
    kept = people[treated & (weights > 0)].merge(began, on="person_id", validate="one_to_one")
    true = kept["reoffended"].astype(float) - kept["reoffends_without"].astype(float)
    return {
        **counts,
        "matched": len(kept),
        "effective": effect.effective_comparison,
        "truth": true.mean(),
        "true_reoffended": kept["reoffended"].mean(),
        "measured_reoffended": effect.treated_value,
        "naive": naive.difference,
        "difference": effect.difference,
        "lower": effect.lower,
        "upper": effect.upper,
        "standard_error": effect.standard_error,
        "p_value": effect.p_value,
        "problem": "",
    }


def _naive_alike(frame: Any, treated: np.ndarray) -> float:
    """Participants less everyone else whom the programme could reach, before any matching."""
    kinds = frame.table["sentence_type"].to_numpy()
    alike = np.isin(kinds, np.unique(kinds[treated])) & (frame.table["stay_days"] >= LEAST_DAYS)
    outcome = frame.table[RATE.column].to_numpy()
    return float(outcome[treated].mean() - outcome[alike & ~treated].mean())


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """What came of the samples of each kind; one row per kind."""
    told = rows[rows["difference"].notna()]
    made = []
    for kind, own in told.groupby("kind", sort=False):
        error = own["difference"] - own["truth"]
        holds = own["truth"].between(own["lower"], own["upper"])
        called = own["p_value"] < 0.05
        shares = models.wilson([holds.sum(), called.sum()], [len(own), len(own)])
        made.append(
            {
                "kind": kind,
                "samples": len(own),
                "truth": own["truth"].mean(),
                "naive": (own["naive"] - own["truth"]).mean(),
                "naive_error": 1.96 * (own["naive"] - own["truth"]).sem(),
                "alike": (own["naive_alike"] - own["truth"]).mean(),
                "alike_error": 1.96 * (own["naive_alike"] - own["truth"]).sem(),
                "bias": error.mean(),
                "bias_error": 1.96 * error.sem(),
                "standard_error": own["standard_error"].mean(),
                "spread": error.std(),
                "holds": holds.mean(),
                "holds_from": shares.lower[0],
                "holds_to": shares.upper[0],
                "called": called.mean(),
                "called_from": shares.lower[1],
                "called_to": shares.upper[1],
            }
        )
    return pd.DataFrame(made)


def page(rows: pd.DataFrame, *, worlds: int, parts: int, people: int) -> str:
    """Write the table; the verdict is what the numbers say."""
    found = summary(rows).set_index("kind")
    counts = rows["kind"].value_counts()
    return HEAD.format(
        planted=counts.get(PLANTED, 0),
        nothing=counts.get(NOTHING, 0),
        worlds=worlds,
        parts=parts,
        people=people,
        page=PAGE,
        day=f"{datetime.date.today():%-d %B %Y}",
        participants=rows["matched"].mean(),
        verdict=_verdict(found, rows),
        rows="\n".join(_line(str(kind), row) for kind, row in found.iterrows()),
        wide=_wide(found),
        **WINDOW,
    )


def _verdict(found: pd.DataFrame, rows: pd.DataFrame) -> str:
    low, high = COVERAGE
    said = []
    if PLANTED in found.index:
        row = found.loc[PLANTED]
        is_met = "met" if low <= row["holds"] <= high else "not met"
        said.append(
            f"Goal, {low:.0%} to {high:.0%} of intervals hold the truth: {is_met} "
            f"({row['holds']:.1%} of {row['samples']:.0f} samples)."
        )
    if NOTHING in found.index:
        row = found.loc[NOTHING]
        is_met = "met" if row["called"] <= FALSE_ALARMS else "not met"
        said.append(
            f"Goal, no more than {FALSE_ALARMS:.0%} of programmes that do nothing are called "
            f"significant: {is_met} ({row['called']:.1%} of {row['samples']:.0f} samples)."
        )
    without = int(rows["difference"].isna().sum())
    said.append(
        f"{without} samples gave no estimate." if without else "Every sample was estimated."
    )
    return " ".join(said)


def _wide(found: pd.DataFrame) -> str:
    """Whether intervals are wider than what chance among samples asks for."""
    ratio = found["standard_error"].mean() / found["spread"].mean()
    return WIDE.format(ratio=ratio) if ratio > 1.1 else ""


def _line(kind: str, row: pd.Series) -> str:
    cells = [
        {PLANTED: "with the effect", NOTHING: "without any"}[kind],
        f"{row['samples']:.0f}",
        f"{100 * row['truth']:+.2f}",
        f"{100 * row['naive']:+.2f} ± {100 * row['naive_error']:.2f}",
        f"{100 * row['alike']:+.2f} ± {100 * row['alike_error']:.2f}",
        f"{100 * row['bias']:+.2f} ± {100 * row['bias_error']:.2f}",
        f"{100 * row['standard_error']:.2f}",
        f"{100 * row['spread']:.2f}",
        f"{row['holds']:.1%}",
        f"{row['holds_from']:.1%} to {row['holds_to']:.1%}",
        f"{row['called']:.1%}",
        f"{row['called_from']:.1%} to {row['called_to']:.1%}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Make the worlds that are not in the rows yet, measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=20, help="of each kind: seeds 1 to this")
    parser.add_argument("--parts", type=int, default=PARTS, help="samples in a world")
    parser.add_argument("--people", type=int, default=PEOPLE, help="people in a sample")
    parser.add_argument("--kinds", nargs="+", default=[PLANTED, NOTHING])
    parser.add_argument("--page", type=Path)
    parser.add_argument("--rows", type=Path, required=True, help="CSV file that rows are kept in")
    asked = parser.parse_args()
    found = [pd.read_csv(asked.rows)] if asked.rows.is_file() else []
    done = {tuple(key) for rows in found for key in rows[["kind", "seed"]].to_numpy().tolist()}
    worlds = [(kind, seed) for seed in range(1, asked.worlds + 1) for kind in asked.kinds]
    for kind, seed in (world for world in worlds if world not in done):
        found.append(measured(seed, kind, parts=asked.parts, people=asked.people))
        pd.concat(found, ignore_index=True).to_csv(asked.rows, index=False)
        print(f"{kind} {seed}: {found[-1]['seconds'].iloc[0]:.1f} s a sample", flush=True)
    rows = pd.concat(found, ignore_index=True)
    text = page(rows, worlds=asked.worlds, parts=asked.parts, people=asked.people)
    if asked.page:
        asked.page.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
