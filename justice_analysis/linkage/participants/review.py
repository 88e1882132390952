"""Clerical review: pairs for a person to look at, and what their answers say of the links.

The sample holds identifiers. Every row says so, its file may be read by its owner alone, and
`export_review` refuses to put it where something is released.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import LinkageError, SourceError, UsageError, listed
from justice_analysis.linkage.participants.settings import LinkSettings

if TYPE_CHECKING:
    import pandas as pd

RESULT = "review_result.json"
MARK = "holds identifiers: must not leave this environment"
# Bits from the threshold's weight at which one stratum ends and the next begins.
EDGES = (-10.0, -5.0, 0.0, 5.0, 10.0)
STRATA = (
    "more than 10 bits below",
    "5 to 10 bits below",
    "up to 5 bits below",
    "up to 5 bits above",
    "5 to 10 bits above",
    "more than 10 bits above",
)
FIRST_LINKED = 3
YES, NO, UNSURE = "match", "no match", "unsure"
# What a reviewer leaves as it is.
_FIXED = ["pair", "stratum", "stratum_pairs", "linked", "match_weight"]
# A folder that holds one of these is a release, or a part of one.
_RELEASES = ("request", "checker", "release.json")


def sample_for_review(
    chosen: ir.Table,
    population: ir.Table,
    *,
    settings: LinkSettings,
    fields: Sequence[str],
    seed: int,
) -> pd.DataFrame:
    """Pairs for clerical review: the best pair of some participants in each stratum of weight.

    Parameters
    ----------
    chosen
        One row per participant, as `choose` gives.
    population
        One row per identity record.
    settings
        `threshold` is where strata begin, `review_pairs` how many pairs are wanted in all.
    fields
        Columns to show of both sides.
    seed
        Of the sample within a stratum.

    Returns
    -------
    DataFrame
        One row per pair, the nearest to the threshold first: `internal`, `pair`, `stratum`,
        `stratum_pairs` (how many there are), `linked`, `match_weight`, each field of both
        sides, and `decision` and `note` to fill. **It holds identifiers.**
    """
    weight = math.log2(settings.threshold / (1 - settings.threshold))
    away = chosen.match_weight - weight
    placed = chosen.filter(chosen.record.notnull()).mutate(
        stratum_number=sum(((away >= edge).cast("int64") for edge in EDGES), ibis.literal(0)),
        justice_order=engine.digest(chosen.participant, ibis.literal(seed)),
    )
    counted = placed.group_by("stratum_number").aggregate(stratum_pairs=placed.count())
    place = ibis.row_number().over(
        group_by="stratum_number", order_by=["justice_order", "participant"]
    )
    drawn = placed.mutate(place=place).inner_join(counted, "stratum_number")
    each = -(-settings.review_pairs // len(STRATA))
    drawn = drawn.filter(drawn.place < each)
    theirs = population.select(
        shown_record="record", **{f"{name}_in_population": population[name] for name in fields}
    )
    both = drawn.inner_join(theirs, drawn.record == theirs.shown_record)
    rows = engine.execute(both, step="pairs for review")
    rows = rows.sort_values(["stratum_number", "participant"]).reset_index(drop=True)
    return _laid_out(rows, fields)


def _laid_out(rows: pd.DataFrame, fields: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    sides = {}
    for name in fields:
        sides[f"{name}_on_list"] = rows[name]
        sides[f"{name}_in_population"] = rows[f"{name}_in_population"]
    return pd.DataFrame(
        {
            "internal": [MARK] * len(rows),
            "pair": range(1, len(rows) + 1),
            "stratum": [STRATA[int(number)] for number in rows["stratum_number"]],
            "stratum_pairs": rows["stratum_pairs"].astype("int64"),
            "linked": [
                "yes" if int(number) >= FIRST_LINKED else "no" for number in rows["stratum_number"]
            ],
            "match_weight": rows["match_weight"].round(2),
            **sides,
            "decision": [""] * len(rows),
            "note": [""] * len(rows),
        }
    )


def write_review(rows: pd.DataFrame, file: Path) -> None:
    """Write the sample so that only its owner may read it; a new file."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        rows.to_csv(stream, index=False)


def export_review(folder: Path | str, into: Path | str) -> Path:
    """Copy a folder's sample to where a reviewer works on it.

    Raises
    ------
    UsageError
        If the place is part of a release, or holds a file already.
    SourceError
        If the folder has no sample.
    """
    source, target = _sample_of(Path(folder)), Path(into)
    if is_release(target):
        raise UsageError(
            "review.csv holds identifiers and must not leave: the place named is part of a "
            "release. Name another one inside."
        )
    if target.exists():
        raise UsageError(f"{target.name} is there already. Name a new file.")
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(source.read_bytes())
    return target


def _sample_of(folder: Path) -> Path:
    file = folder / "review.csv"
    if not file.is_file():
        raise SourceError(
            f"{folder.name} has no review.csv: its keys were known, or it is no participants "
            "folder."
        )
    return file


def is_release(place: Path) -> bool:
    """Whether a place is in a release, or in a folder that holds one."""
    folders = place.resolve().parents
    return any(
        folder.name in _RELEASES[:2] or any((folder / name).exists() for name in _RELEASES)
        for folder in folders
    )


@dataclass(frozen=True)
class Reviewed:
    """What reviewed pairs say of the links; shares with 95% intervals.

    Attributes
    ----------
    precision
        Estimate, lower and upper of the share of links that are right.
    recall
        The same of the share of true pairs that were linked, among participants' best pairs: a
        true pair that no blocking rule found is not counted.
    strata
        One row per stratum: `stratum`, `linked`, `pairs`, `reviewed`, `matches`, `unsure`.
    """

    precision: tuple[float, float, float]
    recall: tuple[float, float, float]
    strata: pd.DataFrame


def import_review(file: Path | str, folder: Path | str) -> Reviewed:
    """Read a reviewed sample: every pair's `decision` is match, no match, or unsure.

    Parameters
    ----------
    file
        The sample with its decisions.
    folder
        The participants folder that the sample is of.

    Raises
    ------
    SourceError
        If columns are missing, or the pairs are not those of the folder.
    LinkageError
        If pairs are undecided, or no pair of a stratum was decided: counts only.
    """
    import pandas as pd

    path = Path(file)
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    needed = [*_FIXED, "decision"]
    if lacking := [name for name in needed if name not in rows.columns]:
        raise SourceError(f"{path.name} must have the columns {', '.join(lacking)}: it has not.")
    sent = pd.read_csv(_sample_of(Path(folder)), dtype=str, keep_default_na=False)
    if sorted(map(tuple, rows[_FIXED].to_numpy())) != sorted(map(tuple, sent[_FIXED].to_numpy())):
        raise SourceError(
            f"{path.name} must hold the pairs of {Path(folder).name}, each once: it holds others. "
            "Change nothing but decision and note."
        )
    rows = rows.assign(decision=rows["decision"].str.strip().str.lower())
    odd = int((~rows["decision"].isin([YES, NO, UNSURE])).sum())
    if odd:
        raise LinkageError(
            f"each decision must be {YES}, {NO} or {UNSURE}: {odd:,} of {len(rows):,} pairs have "
            "another one or none. Fill them in."
        )
    strata = _by_stratum(rows)
    if problems := [
        f"a pair at least must be decided in each stratum, and none is in: {name}."
        for name in strata.loc[strata["reviewed"] == 0, "stratum"]
    ]:
        raise LinkageError(listed(problems))
    return Reviewed(_precision(strata), _recall(strata), strata)


def _by_stratum(rows: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    found = []
    for name in STRATA:
        some = rows[rows["stratum"] == name]
        if not len(some):
            continue
        matches = int((some["decision"] == YES).sum())
        unsure = int((some["decision"] == UNSURE).sum())
        found.append(
            {
                "stratum": name,
                "linked": STRATA.index(name) >= FIRST_LINKED,
                "pairs": int(some["stratum_pairs"].iloc[0]),
                "reviewed": len(some) - unsure,
                "matches": matches,
                "unsure": unsure,
            }
        )
    columns = ["stratum", "linked", "pairs", "reviewed", "matches", "unsure"]
    return pd.DataFrame(found, columns=columns)


def _true_pairs(strata: pd.DataFrame) -> tuple[float, float]:
    """True pairs in some strata, and the variance of that number under stratified sampling."""
    total, variance = 0.0, 0.0
    numbers = strata[["matches", "reviewed", "pairs"]].to_numpy(dtype="float64")
    for matches, reviewed, pairs in numbers:
        # A stratum in which all agree still leaves doubt: half an answer each way.
        doubtful = (matches + 0.5) / (reviewed + 1)
        left = 1 - reviewed / pairs
        total += float(pairs * matches / reviewed)
        variance += float(pairs**2 * left * doubtful * (1 - doubtful) / reviewed)
    return total, variance


def _precision(strata: pd.DataFrame) -> tuple[float, float, float]:
    linked = strata[strata["linked"]]
    pairs = float(linked["pairs"].sum())
    right, variance = _true_pairs(linked)
    return _interval(right / pairs if pairs else math.nan, math.sqrt(variance) / (pairs or 1.0))


def _recall(strata: pd.DataFrame) -> tuple[float, float, float]:
    found, found_variance = _true_pairs(strata[strata["linked"]])
    missed, missed_variance = _true_pairs(strata[~strata["linked"]])
    true = found + missed
    if not true:
        return (math.nan, math.nan, math.nan)
    # Delta method for found / (found + missed), whose parts are sampled apart.
    variance = (missed**2 * found_variance + found**2 * missed_variance) / true**4
    return _interval(found / true, math.sqrt(variance))


def _interval(estimate: float, error: float) -> tuple[float, float, float]:
    margin = 1.959963984540054 * error
    return (estimate, max(0.0, estimate - margin), min(1.0, estimate + margin))


def keep_review(reviewed: Reviewed, folder: Path | str) -> Mapping[str, object]:
    """Write what a review says of the links into their folder, `review_result.json`; no names."""
    record = _as_record(reviewed)
    aside = Path(folder) / f".{RESULT}.{os.getpid()}"
    aside.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    os.replace(aside, Path(folder) / RESULT)
    return record


def _as_record(reviewed: Reviewed) -> Mapping[str, object]:
    names = ("estimate", "lower", "upper")
    return {
        "precision": dict(zip(names, reviewed.precision, strict=True)),
        "recall_among_best_pairs": dict(zip(names, reviewed.recall, strict=True)),
        "strata": json.loads(reviewed.strata.to_json(orient="records")),
    }
