"""Sentencing by court: the share sent to prison and for how long, beside the offence mix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import Chart, ColumnRoles, Output, metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.criminal.court_groups import COARSE, places_of, with_groups
from justice_analysis.metrics.criminal.court_records import (
    CASE_TYPES_OF,
    CROWN,
    MAGISTRATES,
    defendants,
    refuse_without,
)
from justice_analysis.metrics.criminal.sentencing_definition import (
    CARD,
    SentencingOptions,
)
from justice_analysis.metrics.estimates.durations import duration_output
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import mix_output, share_output
from justice_analysis.metrics.estimates.units import Units, units_of
from justice_analysis.models.standardised_shares import (
    direct_share,
    funnel_limits,
    indirect_share,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

CUSTODY = "immediate_custody"
COURTS = {MAGISTRATES: "magistrates' courts", CROWN: "the Crown Court"}
WIDER_LEVEL = 0.998


@metric(CARD)
def sentencing_by_court(warehouse: Warehouse, **options: Any) -> Measured:
    """Compare courts by the share of sentenced defendants sent to prison, and for how long.

    Parameters
    ----------
    warehouse
        Any with criminal court cases.
    **options
        See `SentencingOptions`.

    Returns
    -------
    Measured
        Output `custody`: the crude share of immediate custody by court; `standardised`: the share
        at the national mix (direct) and the ratio to what the court's own mix would give
        (indirect), with the limits of a funnel; `length`: mean and median days of immediate
        custody; `length_ratio`: their ratio to the mean of the court's mix; `mix`: the offence
        mix of each court.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse has no such cases, or nobody was sentenced.
    """
    chosen: SentencingOptions = CARD.read_options(options)
    types = CASE_TYPES_OF[chosen.court]
    refuse_without(warehouse, name=CARD.name, case_types=types)
    kept, flow = _sentenced(defendants(warehouse, case_types=types), chosen)
    if not flow.people:
        raise MetricError(
            "sentencing_by_court needs sentenced defendants: none is left. Check the options."
        )
    place, strata = chosen.level, chosen.strata
    grouped = with_groups(warehouse, kept, (place, "offence_group"), date="sentence_date")
    grouped = grouped.mutate(custody=grouped.sentence == CUSTODY)
    units = units_of(
        grouped,
        by=tuple(dict.fromkeys((place, "offence_group", *strata))),
        group="case_id",
        keep=("custody", "sentence_days"),
    )
    about = _about(warehouse, chosen)
    by_place = Units(units.rows, (place,), units.has_groups)
    outputs = {
        "custody": share_output(
            about, by_place, met="custody", units_name="sentenced", places=places_of((place,))
        ),
        "standardised": _standardised(about, units, chosen),
        "mix": mix_output(
            about,
            units.rows,
            category="offence_group",
            by=(place,),
            person="justice_person",
            group="group_key",
            units_name="sentenced",
            title="Offence mix of the sentenced, by court",
            places=places_of((place,)),
        ),
    }
    length = _length(about, units, chosen)
    if length:
        outputs |= {"length": length, "length_ratio": _length_ratio(about, units, chosen)}
    return Measured(CARD, chosen, outputs, flow)


def _about(warehouse: Warehouse, options: SentencingOptions) -> About:
    return About(
        card=CARD,
        options=options,
        unit="sentenced defendants",
        population=f"Defendants sentenced in {COURTS[options.court]}",
        population_hash=population_hash(
            warehouse, CARD, options, presentation=("level", "strata", "least_mix")
        ),
        about="co_defendants",
        family=f"{CARD.name} {options.court}",
        notes=(COARSE,),
    )


def _sentenced(rows: ir.Table, options: SentencingOptions) -> tuple[ir.Table, Flow]:
    stored = engine.materialise(
        rows.select(
            "person_key",
            "case_id",
            "case_type",
            "place_id",
            "code",
            "is_breach",
            "plea",
            "sentence",
            "sentence_date",
            "sentence_days",
        ),
        step="sentences",
    )
    steps = [("sentenced for the principal charge", stored.sentence.notnull())]
    if options.breaches == "exclude":
        steps.append(("for an offence, not a breach", ~stored.is_breach.fill_null(False)))
    day = stored.sentence_date
    if options.sentenced_from:
        steps.append(("sentenced from the first day", day >= ibis.date(options.sentenced_from)))
    if options.sentenced_to:
        steps.append(("sentenced before the last day", day < ibis.date(options.sentenced_to)))
    return select(stored, start="defendants", steps=steps)


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


def _standardised(about: About, units: Units, options: SentencingOptions) -> Output:
    """Indirect and direct standardisation of the share of custody, with a funnel."""
    place = options.level
    cells = _cells(units, place, options.strata)
    n, x = (_wide(cells, place, column) for column in ("sentenced", "custody"))
    weights, whole = n.to_numpy().sum(axis=0), x.to_numpy().sum(axis=0)
    indirect = indirect_share(x.to_numpy(), n.to_numpy(), whole / weights)
    direct, covered = direct_share(x.to_numpy(), n.to_numpy(), weights)
    enough = covered >= options.least_mix
    total = n.to_numpy().sum(axis=1)
    inner = funnel_limits(indirect.expected, total)
    outer = funnel_limits(indirect.expected, total, level=WIDER_LEVEL)
    table = pd.DataFrame(
        {
            place: n.index,
            "sentenced": total.astype("int64"),
            "custody": x.to_numpy().sum(axis=1).astype("int64"),
            "ratio": indirect.ratio.estimate,
            "ratio_lower": indirect.ratio.lower,
            "ratio_upper": indirect.ratio.upper,
            "funnel_lower": inner[0],
            "funnel_upper": inner[1],
            "funnel_wider_lower": outer[0],
            "funnel_wider_upper": outer[1],
            "direct": np.where(enough, direct.estimate, np.nan),
            "direct_lower": np.where(enough, direct.lower, np.nan),
            "direct_upper": np.where(enough, direct.upper, np.nan),
        }
    )
    return _standardised_output(about, _with_people(units, table, place), place, enough)


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


def _standardised_output(
    about: About, table: pd.DataFrame, place: str, enough: np.ndarray
) -> Output:
    shares = ("direct", "direct_lower", "direct_upper")
    funnel = ("funnel_lower", "funnel_upper", "funnel_wider_lower", "funnel_wider_upper")
    roles = ColumnRoles(
        people="people",
        numerator="custody",
        denominator="sentenced",
        estimate=("ratio", "direct", *funnel),
        lower=("ratio_lower", "direct_lower"),
        upper=("ratio_upper", "direct_upper"),
        cases="cases",
        people_behind={"sentenced": "people", "custody": "people_custody"},
        groups_behind={"sentenced": "cases", "custody": "cases_custody"},
        statistic=dict.fromkeys(("ratio", "ratio_lower", "ratio_upper", *funnel), "ratio"),
    )
    few = int((~enough).sum())
    notes = ["The funnel is where a court's ratio lies by chance alone, in most courts."]
    if few:
        notes.append(
            "Courts without the offences that make most of the national mix have no directly "
            "standardised share."
        )
    kept = [place, *roles.counts, *roles.statistics, *roles.evidence]
    return about.output(
        "estimates",
        "Immediate custody by court, standardised to the national mix",
        table[list(dict.fromkeys(kept))],
        dimensions=(place,),
        roles=roles,
        chart=Chart(
            form="dots",
            x=place,
            y="ratio",
            lower="ratio_lower",
            upper="ratio_upper",
            y_title="Custody, observed over expected of the court's mix",
        ),
        shares=shares,
        notes=tuple(notes),
        overlapping=(place,),
        places=places_of((place,)),
    )


# Length ---------------------------------------------------------------------------------


def _length(about: About, units: Units, options: SentencingOptions) -> Output | None:
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


def _length_ratio(about: About, units: Units, options: SentencingOptions) -> Output:
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
