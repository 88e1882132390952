"""The page of the coverage of roll-out effects: only what was measured in this run."""

from __future__ import annotations

import datetime

import pandas as pd

from benchmarks.section_28 import COVERAGE, FALSE_ALARMS, JOINT, PRE_TREND, summary

HEAD = """# Roll-outs: coverage of 95% intervals

Over {worlds} synthetic worlds with a planted effect and {nulls} with an effect of zero, each of
{people:,} people of whom {trials:,.0f} contested trials a world were used (76 courts in four waves,
of 4, 8, 23 and 41). What is planted: {where_used:+.0f} points on the share convicted where
evidence was recorded, in {used:.0%} of eligible trials of a court that has it; so {truth:+.1f}
points by intention to treat, which is what is estimated. Synthetic data: no row is about a real
person. Made on {day} with

    python -m benchmarks.section_28 --people {people} --seeds {worlds}

Trials are of the world's own criminal courts and go through the functions of the study. Courts
do not differ in this world but by the measure, and all move alike without it, so that what is
tested is the interval, not the assumption of parallel trends. A world is used with the effect and
without it, so the two lines of an estimate rise and fall together. "Spread" is the standard
deviation of the estimate over worlds; "mean error" of the interval should equal it. Errors are
clustered by court with n/(n - 1) within each wave and Welch and Satterthwaite's degrees of
freedom; the two-way estimate has the rule of its own model.

{verdict}

| Planted | Period | Estimate | Worlds | Interval holds it | 95% for that share | Interval \
excludes 0 | Mean less planted, points | Spread, points | Mean error, points |
|--:|---|---|--:|--:|---|--:|--:|--:|--:|
{rows}

## Tests of earlier movement

Share of worlds in which a test at 5% finds that courts moved differently before the measure. None
did: each is a false alarm. The first is of the mean of the last four periods before the start, the
second of the event study's periods before it, all jointly.

| Test | Period | Worlds | Finds it |
|---|---|--:|--:|
{tests}
"""
WHOLE = """
## A loaded world, through the whole path

One world of {people} with its mess, loaded; `roll_out_effects` with the world's own
calendar, principal charges; charges and defendants are then the same. Planted by intention to
treat: {truth:+.1f} points.

| Period | Estimate | Level | People | Estimate, points | 95% interval | Holds it |
|---|---|---|--:|--:|---|---|
{rows}
"""


def page(
    rows: pd.DataFrame,
    *,
    people: int,
    whole: pd.DataFrame | None = None,
    whole_people: str = "1,000,000 people",
) -> str:
    """Write the page; the verdict is what the numbers say."""
    found = summary(rows)
    planted = found[found["effect"] != 0]
    text = HEAD.format(
        worlds=rows.loc[rows["effect"] != 0, "seed"].nunique(),
        nulls=rows.loc[rows["effect"] == 0, "seed"].nunique(),
        people=people,
        trials=planted["trials"].mean(),
        where_used=100 * planted["effect"].iloc[0],
        used=planted["truth"].iloc[0] / planted["effect"].iloc[0],
        truth=100 * planted["truth"].iloc[0],
        day=f"{datetime.date.today():%-d %B %Y}",
        verdict=_verdict(found),
        rows="\n".join(_line(row) for row in found.itertuples()),
        tests="\n".join(_tests(rows)),
    )
    if whole is not None:
        truth = float(planted["truth"].iloc[0])
        lines = "\n".join(_whole_line(row, truth) for row in whole.itertuples())
        text += WHOLE.format(people=whole_people, truth=100 * truth, rows=lines)
    return text


def _verdict(found: pd.DataFrame) -> str:
    low, high = COVERAGE
    said = []
    for row in found[found["estimate_of"] == "by size"].itertuples():
        if row.effect:
            is_within = "is" if low <= row.share <= high else "is not"
            said.append(
                f"By {row.period}, the interval of the average effect by size holds the planted "
                f"effect in {row.share:.1%} of worlds, which {is_within} between {low:.0%} and "
                f"{high:.0%}."
            )
        else:
            alarms = row.alarms / row.worlds
            is_low = "not more" if alarms <= FALSE_ALARMS else "more"
            said.append(
                f"By {row.period}, a planted zero is called significant in {alarms:.1%}, "
                f"{is_low} than {FALSE_ALARMS:.0%}."
            )
    return " ".join(said)


def _line(row: object) -> str:
    cells = [
        f"{row.truth:+.1%}".replace("%", ""),  # type: ignore[attr-defined]
        row.period,  # type: ignore[attr-defined]
        row.estimate_of,  # type: ignore[attr-defined]
        str(row.worlds),  # type: ignore[attr-defined]
        f"{row.share:.1%}",  # type: ignore[attr-defined]
        f"{row.lower:.1%} to {row.upper:.1%}",  # type: ignore[attr-defined]
        f"{row.alarms / row.worlds:.1%}",  # type: ignore[attr-defined]
        f"{100 * row.error:+.2f}",  # type: ignore[attr-defined]
        f"{100 * row.spread:.2f}",  # type: ignore[attr-defined]
        f"{100 * row.standard_error:.2f}",  # type: ignore[attr-defined]
    ]
    return f"| {' | '.join(cells)} |"


def _tests(rows: pd.DataFrame) -> list[str]:
    lines = []
    kept = rows[rows["estimate_of"].isin([PRE_TREND, JOINT]) & rows["p_value"].notna()]
    for name in (PRE_TREND, JOINT):
        for period, of in kept[kept["estimate_of"] == name].groupby("period"):
            share = (of["p_value"] < 0.05).mean()
            lines.append(f"| {name} | {period} | {len(of)} | {share:.1%} |")
    return lines


def _whole_line(row: object, truth: float) -> str:
    lower, upper = row.lower, row.upper  # type: ignore[attr-defined]
    holds = "yes" if lower <= truth <= upper else "no"
    return (
        f"| {row.period} | {row.term} | {row.level} | {row.people:,} "  # type: ignore[attr-defined]
        f"| {100 * row.estimate:+.1f} "  # type: ignore[attr-defined]
        f"| {100 * lower:+.1f} to {100 * upper:+.1f} | {holds} |"
    )
