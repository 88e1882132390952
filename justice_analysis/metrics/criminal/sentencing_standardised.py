"""Sentences of courts standardised to the national mix of offences, and their lengths."""

from __future__ import annotations

import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.metrics.criminal.court_groups import places_of
from justice_analysis.metrics.criminal.sentencing_definition import SentencingOptions
from justice_analysis.metrics.estimates.durations import duration_output
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.units import Units
from justice_analysis.models.intervals import Interval
from justice_analysis.models.standardised_shares import (
    direct_share,
    funnel_limits,
    indirect_share,
)

WIDER_LEVEL = 0.998
FUNNEL = ("funnel_lower", "funnel_upper", "funnel_wider_lower", "funnel_wider_upper")
FUNNEL_NOTE = "The funnel is where a court's ratio lies by chance alone, in most courts."
TOO_LITTLE = (
    "Courts that hear too little of the national mix have no directly standardised share, and "
    "are left out."
)
TITLES = {
    "ratio": "Immediate custody over that of the court's own mix",
    "funnel": "Immediate custody over that of the court's own mix, in a funnel",
    "direct": "Immediate custody at the national mix",
}
WORDS = {"ratio": "Custody, observed over expected", "direct": "Share sent to prison"}


# Custody --------------------------------------------------------------------------------


def _cells(units: Units, place: str, strata: tuple[str, ...]) -> pd.DataFrame:
    """Sentences, custody and days of custody by court and stratum; courts not known apart."""
    rows = units.rows
    held = rows.custody & rows.sentence_days.notnull()
    cells = rows.group_by([place, *strata]).aggregate(
        sentenced=rows.count(),
        custody=rows.custody.cast("int64").sum(),
        known=held.cast("int64").sum(),
        days=rows.sentence_days.sum(where=held).fill_null(0.0),
        squares=(rows.sentence_days * rows.sentence_days).sum(where=held).fill_null(0.0),
    )
    found = engine.execute(cells, step="sentences by court and stratum")
    found["stratum"] = list(found[list(strata)].itertuples(index=False, name=None))
    return found


def _wide(cells: pd.DataFrame, place: str, column: str) -> pd.DataFrame:
    """One row per court, one column per stratum, 0 where the court has nobody."""
    return cells.pivot(index=place, columns="stratum", values=column).fillna(0.0).sort_index()


def standardised(about: About, units: Units, options: SentencingOptions) -> dict[str, Output]:
    """Indirect and direct standardisation of the share of custody, and a funnel."""
    place = options.level
    cells = _cells(units, place, options.strata)
    wide = {name: _wide(cells, place, name) for name in ("sentenced", "custody")}
    n, x = (wide[name].to_numpy() for name in ("sentenced", "custody"))
    total = n.sum(axis=1)
    indirect = indirect_share(x, n, x.sum(axis=0) / n.sum(axis=0))
    direct, covered = direct_share(x, n, n.sum(axis=0))
    inner = funnel_limits(indirect.expected, total)
    outer = funnel_limits(indirect.expected, total, level=WIDER_LEVEL)
    table = pd.DataFrame(
        {
            place: wide["sentenced"].index,
            "sentenced": total.astype("int64"),
            "custody": x.sum(axis=1).astype("int64"),
            **_interval("ratio", indirect.ratio),
            **_interval("direct", direct),
            **dict(zip(FUNNEL, (*inner, *outer), strict=True)),
        }
    )
    table = _with_people(units, table, place)
    expected, enough = indirect.expected > 0, covered >= options.least_mix
    shown = {}
    if expected.any():
        shown["indirect"] = _place_output(about, table[expected], place, "ratio")
        shown["funnel"] = _place_output(about, table[expected], place, "ratio", funnel=True)
    if enough.any():
        notes = () if enough.all() else (TOO_LITTLE,)
        shown["direct"] = _place_output(about, table[enough], place, "direct", notes=notes)
    return shown


def _interval(name: str, found: Interval) -> dict[str, np.ndarray]:
    return {name: found.estimate, f"{name}_lower": found.lower, f"{name}_upper": found.upper}


def _with_people(units: Units, table: pd.DataFrame, place: str) -> pd.DataFrame:
    rows, custody = units.rows, units.rows.custody
    people = rows.group_by(place).aggregate(
        people=rows.justice_person.nunique(),
        people_custody=rows.justice_person.nunique(where=custody),
        cases=rows.group_key.nunique(),
        cases_custody=rows.group_key.nunique(where=custody),
    )
    return table.merge(
        engine.execute(people, step="people by court"), on=place, validate="one_to_one"
    )


def _place_output(
    about: About,
    table: pd.DataFrame,
    place: str,
    name: str,
    *,
    funnel: bool = False,
    notes: tuple[str, ...] = (),
) -> Output:
    """One standardised statistic by court, with its interval or the funnel around it."""
    is_share = name == "direct"
    limits = (f"{name}_lower", f"{name}_upper")
    named = (name, *FUNNEL) if funnel else (name, *limits)
    roles = ColumnRoles(
        people="people",
        numerator="custody",
        denominator="sentenced",
        estimate=named if funnel else (name,),
        lower=() if funnel else limits[:1],
        upper=() if funnel else limits[1:],
        cases="cases",
        people_behind={"sentenced": "people", "custody": "people_custody"},
        groups_behind={"sentenced": "cases", "custody": "cases_custody"},
        statistic={} if is_share else dict.fromkeys(named, "ratio"),
    )
    kept = dict.fromkeys([place, *roles.counts, *roles.statistics, *roles.evidence])
    chart = Chart(
        form="dots",
        x=place,
        y=name,
        lower="funnel_lower" if funnel else limits[0],
        upper="funnel_upper" if funnel else limits[1],
        y_title=WORDS[name],
        percent=is_share,
    )
    return about.output(
        "estimates",
        TITLES["funnel" if funnel else name],
        table[list(kept)],
        dimensions=(place,),
        roles=roles,
        chart=chart,
        shares=named if is_share else (),
        notes=(FUNNEL_NOTE, *notes) if funnel else notes,
        overlapping=(place,),
        places=places_of((place,)),
    )


# Length ---------------------------------------------------------------------------------


def length(about: About, units: Units, options: SentencingOptions) -> Output | None:
    """Days of immediate custody by court; nothing where no length is recorded."""
    place = options.level
    rows = units.rows.filter(units.rows.custody & units.rows.sentence_days.notnull())
    held = rows.mutate(duration_days=rows.sentence_days.round().cast("int64"))
    if not engine.count_rows(held.limit(1)):
        return None
    return duration_output(
        about,
        Units(held, (place,), units.has_groups),
        units_name="custody",
        words="days of immediate custody, as sentenced",
        title="Length of immediate custody by court",
        places=places_of((place,)),
    )


def length_ratio(about: About, units: Units, options: SentencingOptions) -> Output:
    """Days of custody over those of the court's mix, as an output of kind `estimates`."""
    place = options.level
    ratios = _length_ratios(_cells(units, place, options.strata), place)
    table = _with_people(units, ratios, place)
    roles = ColumnRoles(
        people="people_custody",
        count=("custody",),
        estimate=("ratio",),
        lower=("ratio_lower",),
        upper=("ratio_upper",),
        cases="cases_custody",
        people_behind={"custody": "people_custody"},
        groups_behind={"custody": "cases_custody"},
        statistic=dict.fromkeys(("ratio", "ratio_lower", "ratio_upper"), "ratio"),
    )
    return about.output(
        "estimates",
        "Length of immediate custody over that of the court's mix",
        table[[place, *roles.counts, *roles.statistics, "cases_custody"]],
        dimensions=(place,),
        roles=roles,
        overlapping=(place,),
        places=places_of((place,)),
    )


def _length_ratios(cells: pd.DataFrame, place: str) -> pd.DataFrame:
    """Days over those expected at the national mean of each stratum, with a 95% interval.

    The interval is the mean's (plus and minus 1.96 standard errors) over the expected mean;
    missing for a single sentence.
    """
    whole = cells.groupby("stratum")[["known", "days"]].sum()
    national = (whole["days"] / whole["known"].where(whole["known"] > 0)).rename("national")
    named = cells.merge(national, on="stratum")
    named["expected"] = (named["known"] * named["national"]).fillna(0.0)
    sums = named.groupby(place)[["known", "days", "squares", "expected"]].sum()
    sums = sums[sums["known"] > 0].astype("float64")
    n, mean = sums["known"], sums["days"] / sums["known"]
    spread = (sums["squares"] - n * mean**2).clip(lower=0) / (n - 1).where(n > 1)
    error = 1.96 * (spread / n) ** 0.5
    expected = sums["expected"] / n
    frame = pd.DataFrame(
        {
            "custody": n.astype("int64"),
            "ratio": mean / expected,
            "ratio_lower": ((mean - error) / expected).clip(lower=0),
            "ratio_upper": (mean + error) / expected,
        }
    )
    return frame.rename_axis(place).reset_index()
