"""Stock and flow: how the open caseload of a source grew or fell, term by term.

The identity is open(end) = open(start) + received + reopened - disposed - set aside - migrated
+ transferred in - transferred out + revised. Stock and flow are counted apart; what is left over
is the residual, and the records that make it are counted too.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts.caseload import OPEN, caseload_periods, open_cases
from justice_analysis.cohorts.time_at_risk import covered_periods
from justice_analysis.definitions import Chart, ColumnRoles, Output, metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.criminal.court_groups import CASE_TYPE_WORDS, places_of, with_place
from justice_analysis.metrics.criminal.stock_and_flow_definition import CARD, StockAndFlowOptions
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.person_parts import NOT_KNOWN, margins, stacked
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import person_key
from justice_analysis.metrics.people_in_cases import is_body

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

OPENING, CLOSING = "open_at_start", "open_at_end"
FLOWS = ("received", "reopened", "disposed", "set_aside", "migrated")
SIGNS = {"received": 1, "reopened": 1, "disposed": -1, "set_aside": -1, "migrated": -1}
ODD = ("disposed_out_of_order", "received_out_of_order")
"""Closings without a receipt or before it, and receipts after a closing: the whole residual."""
NOT_RECORDED = "not recorded"
TERMS = (OPENING, *FLOWS, CLOSING, *ODD)
UNRECORDED = ("transferred_in", "transferred_out", "revised")


@metric(CARD)
def stock_and_flow(warehouse: Warehouse, **options: Any) -> Measured:
    """Account for the change of the open caseload of a source, period by period.

    Parameters
    ----------
    warehouse
        Any with cases of the source and its coverage; of any jurisdiction.
    **options
        See `StockAndFlowOptions`.

    Returns
    -------
    Measured
        Output `stock_and_flow`: one row per period (and group) with `open_at_start`, each flow,
        `open_at_end` and the records out of order; `residual`: the end less start and flows, as
        `residual_above` and `residual_below` 0, and the whole of it: `disposed_out_of_order`
        (closings without a receipt or before it) less `received_out_of_order` (receipts after
        their closing).

    Raises
    ------
    OptionError
        If an option is unknown.
    MetricError
        If the source has no cases, states no coverage, or covers no whole period.
    """
    chosen: StockAndFlowOptions = CARD.read_options(options)
    periods = caseload_periods(warehouse, source=chosen.source, case_types=chosen.case_types)
    if not engine.count_rows(periods.limit(1)):
        raise MetricError(
            f"stock_and_flow needs cases: {chosen.source} has none here. Load it, or choose "
            "another source or case type."
        )
    ends = period_ends(warehouse, chosen.source, period=chosen.period)
    rows = _terms(warehouse, periods, ends, chosen)
    table = _accounted(_counted(warehouse, rows, chosen))
    about = About(
        card=CARD,
        options=chosen,
        unit="cases",
        population=f"Cases of {_words(warehouse, chosen)}",
        population_hash=population_hash(warehouse, CARD, chosen, presentation=("by", "period")),
        notes=_notes(table),
    )
    outputs = {
        "stock_and_flow": _output(about, table, chosen),
        "residual": _residual(about, table, chosen),
    }
    return Measured(CARD, chosen, outputs)


def period_ends(
    warehouse: Warehouse, source: str, *, period: str = "quarter"
) -> list[datetime.date]:
    """Last days of the periods that end while a source is covered; the first opens the account.

    Raises
    ------
    MetricError
        If fewer than two such days are covered, or the source states no coverage.
    """
    periods = covered_periods(warehouse, source)
    found = engine.execute(
        periods.aggregate(first=periods.from_date.min(), last=periods.to_date.max()),
        step="coverage",
    ).iloc[0]
    first, last = pd.Timestamp(found["first"]), pd.Timestamp(found["last"])
    rule = {"quarter": "QE", "year": "YE-DEC", "financial_year": "YE-MAR"}[period]
    days = [day.date() for day in pd.date_range(first, last, freq=rule) if day < last]
    if len(days) < 2:
        raise MetricError(
            f"{source} must be covered for a whole {period.replace('_', ' ')} at least: it is "
            "not. Choose a shorter period."
        )
    return days


def _terms(
    warehouse: Warehouse,
    periods: ir.Table,
    ends: list[datetime.date],
    options: StockAndFlowOptions,
) -> ir.Table:
    """One row per case and term of the account, with its period; stored."""
    open_rows = open_cases(warehouse, periods, ends, source=options.source)
    stock = open_rows.filter(open_rows.state == OPEN)
    stock = stock.select("case_id", "case_type", "place_id", day="date", term=ibis.literal(CLOSING))
    flows = [
        periods.filter(where).select(
            "case_id", "case_type", "place_id", day=day, term=ibis.literal(term)
        )
        for term, (day, where) in _flows(periods).items()
    ]
    rows = engine.union(stock, *flows)
    inside = (rows.day > ibis.literal(ends[0])) & (rows.day <= ibis.literal(ends[-1]))
    kept = engine.union(rows.filter(inside), _opening(stock, ends))
    label = PERIODS[options.period]
    named = kept.mutate(period=label(kept.day))
    if options.by in ("court", "region"):
        named = with_place(warehouse, named, options.by)
    if options.by == "case_type":
        words = [(named.case_type == code, said) for code, said in CASE_TYPE_WORDS.items()]
        named = named.mutate(case_type=ibis.cases(*words, else_=named.case_type))
    by = {options.by: named[options.by].fill_null(NOT_KNOWN)} if options.by else {}
    chosen = named.select("case_id", "term", "period", **by)
    return engine.materialise(chosen, step="terms of the account")


def _opening(stock: ir.Table, ends: list[datetime.date]) -> ir.Table:
    """Cases open at the end of a period, as those open at the start of the next."""
    shift = engine.memory_table(
        stock.get_backend(),
        {"end": [day.isoformat() for day in ends[:-1]], "following": ends[1:]},
        {"end": "date", "following": "date"},
    )
    met = stock.inner_join(shift, stock.day == shift.end)
    return met.select(
        "case_id", "case_type", "place_id", day=met.following, term=ibis.literal(OPENING)
    )


def _flows(periods: ir.Table) -> dict[str, tuple[ir.DateValue, ir.BooleanValue]]:
    """Day and condition of each flow; a court that is gone has none."""
    begun, ended, gone = periods.from_date, periods.to_date, periods.gone_date
    here = (gone.isnull() | (begun < gone)) & begun.notnull()
    closed = ended.notnull() & (gone.isnull() | (ended <= gone))
    dated = begun.notnull() & (begun <= ended)
    in_time = begun.isnull() | gone.isnull() | (begun < gone)
    return {
        "received": (begun, here & ~periods.is_reopened),
        "reopened": (begun, here & periods.is_reopened),
        "disposed": (ended, closed & in_time),
        "set_aside": (begun, here & periods.doubt.notnull()),
        "migrated": (
            gone,
            here & gone.notnull() & periods.doubt.isnull() & (ended.isnull() | (ended > gone)),
        ),
        ODD[0]: (ended, closed & in_time & ~dated.fill_null(False)),
        ODD[1]: (begun, here & (ended < begun).fill_null(False)),
    }


def _counted(warehouse: Warehouse, rows: ir.Table, options: StockAndFlowOptions) -> pd.DataFrame:
    """One row per group and period: cases and people of each term, and people of any."""
    party = warehouse.party.filter(~is_body(warehouse.party))
    people = party.select("case_id", person_key=person_key(party))
    pairs = rows.left_join(people, "case_id").drop("case_id_right")
    # Organisations alone are behind some cases, which then count and have no people.
    pairs = engine.materialise(pairs, step="people in the account")
    by = (options.by,) if options.by else ()
    found = []
    for kept in margins(by, totals=True):
        keys = ["period", *kept]
        cases = {term: rows.count(where=rows.term == term) for term in TERMS}
        behind = {
            f"people_{term}": pairs.person_key.nunique(where=pairs.term == term) for term in TERMS
        }
        counted = rows.group_by(keys).aggregate(**cases)
        named = pairs.group_by(keys).aggregate(people=pairs.person_key.nunique(), **behind)
        both = counted.inner_join(named, keys)
        found.append(engine.execute(both, step="account of cases").fillna(0))
    return stacked(found, by).sort_values([*by, "period"], ignore_index=True)


def _accounted(counted: pd.DataFrame) -> pd.DataFrame:
    """Add the residual: the end, less the start and the flows."""
    counts = [name for name in counted if str(name).startswith(("people", *TERMS))]
    table = counted.astype(dict.fromkeys(counts, "int64"))
    change = sum(SIGNS[term] * table[term] for term in FLOWS)
    return table.assign(residual=table[CLOSING] - table[OPENING] - change)


def _output(about: About, table: pd.DataFrame, options: StockAndFlowOptions) -> Output:
    no_reopenings = not table["reopened"].any()
    unrecorded = (*UNRECORDED, *(("reopened",) if no_reopenings else ()))
    counts = tuple(term for term in TERMS if term not in unrecorded)
    groups = (*((options.by,) if options.by else ()), "period")
    dimensions = (*groups, *unrecorded)
    named = table.assign(**dict.fromkeys(unrecorded, NOT_RECORDED))
    behind = {count: f"people_{count}" for count in counts}
    roles = ColumnRoles(
        people="people",
        count=counts,
        people_behind=behind,
    )
    return about.output(
        "table",
        CARD.title,
        named[[*dimensions, "people", *counts, *behind.values()]],
        dimensions=dimensions,
        roles=roles,
        chart=Chart(form="lines", x="period", y=CLOSING, group=options.by, y_title="Open cases"),
        overlapping=groups,
        places=places_of((options.by,)) if options.by else {},
    )


def _residual(about: About, table: pd.DataFrame, options: StockAndFlowOptions) -> Output:
    """The residual of each period, with the records that make it."""
    groups = (*((options.by,) if options.by else ()), "period")
    # A count cannot be below nothing: one column for each sign.
    named = table.assign(
        residual_above=table["residual"].clip(lower=0),
        residual_below=-table["residual"].clip(upper=0),
        people_residual_above=table[f"people_{ODD[0]}"],
        people_residual_below=table[f"people_{ODD[1]}"],
    )
    counts = (*ODD, "residual_above", "residual_below")
    behind = {name: f"people_{name}" for name in counts}
    return about.output(
        "table",
        f"{CARD.title}: residual",
        named[[*groups, "people", *counts, *behind.values()]],
        dimensions=groups,
        roles=ColumnRoles(people="people", count=counts, people_behind=behind),
        overlapping=groups,
        places=places_of((options.by,)) if options.by else {},
    )


def _notes(table: pd.DataFrame) -> tuple[str, ...]:
    whole = "The account adds up: its residual is nothing in every period."
    rest = (
        "Where the residual is not nothing, it is the cases closed before they were received, or "
        "without a receipt, which are counted beside it."
    )
    terms = "Transfers between courts and revisions of the record"
    more = terms if table["reopened"].any() else f"Reopenings, {terms[0].lower()}{terms[1:]}"
    return ((rest if table["residual"].any() else whole), f"{more} are not recorded.")


def _words(warehouse: Warehouse, options: StockAndFlowOptions) -> str:
    title = str(warehouse.sources.get(options.source, {}).get("title") or options.source)
    return f"{title}: {', '.join(options.case_types)}" if options.case_types else title
