"""Stocks and flows of published series: what came in, what went out, how long it would last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from justice_analysis.definitions import Chart, ColumnRoles, Output, metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.measured import Measured
from justice_analysis.metrics.journeys.published_flows_definition import (
    CARD,
    PublishedFlowsOptions,
)
from justice_analysis.metrics.journeys.published_series import About, published_quarters, whole

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

A_YEAR = 4
MONTHS_IN_A_QUARTER = 3
MONTHS = ("months_at_last_quarter", "months_at_last_year", "months_at_arrivals")
WORKED_OUT = "What went out is worked out: what came in, less the change of the stock."
PUBLISHED = "What went out is published; unaccounted is what stock and flows differ by."


@metric(CARD)
def published_flows(warehouse: Warehouse, **options: Any) -> Measured:
    """Account for the change of a published stock, quarter by quarter.

    Parameters
    ----------
    warehouse
        Any with the measures of the source.
    **options
        See `PublishedFlowsOptions`.

    Returns
    -------
    Measured
        Output `account`: one row per quarter from the second, with `open_at_start`, `arrived`,
        `departed`, `open_at_end`, `known_endings` where series of them were named, and
        `unaccounted` where departures are published; `flows`: one row per quarter and flow;
        `pace`: one row per quarter from the fifth, the months that the stock would take at the
        pace of the last quarter, of the last four, and at that of the arrivals of the last four,
        to one decimal; `numbers`: for sentences.

    Raises
    ------
    OptionError
        If an option is unknown.
    MetricError
        If a series or quarter is not there, a quarter has no number, there are fewer than five,
        or less than nothing would have gone out.
    """
    chosen: PublishedFlowsOptions = CARD.read_options(options)
    names = (chosen.stock, *chosen.arrivals, *chosen.departures, *chosen.known_endings)
    quarters = published_quarters(warehouse, chosen.source, names)
    about = About(CARD, chosen, warehouse, quarters)
    account = _account(quarters.table, chosen)
    quarters.place_of(chosen.base, option="base")
    outputs = {
        "account": _account_output(about, account),
        "flows": _flows(about, account),
        "pace": _pace_output(about, account),
        "numbers": _numbers(about, account),
    }
    return Measured(CARD, chosen, outputs)


def _account(numbers: pd.DataFrame, options: PublishedFlowsOptions) -> pd.DataFrame:
    """One row per quarter from the second, indexed by it; see `published_flows`."""
    stock = numbers[options.stock]
    account = pd.DataFrame({"open_at_start": stock.shift(), "open_at_end": stock})
    account["arrived"] = numbers[list(options.arrivals)].sum(axis=1)
    expected = account["open_at_start"] + account["arrived"] - stock
    if options.departures:
        account["departed"] = numbers[list(options.departures)].sum(axis=1)
        account["unaccounted"] = account["departed"] - expected
    else:
        account["departed"] = expected
    if options.known_endings:
        account["known_endings"] = numbers[list(options.known_endings)].sum(axis=1)
    account = account.iloc[1:]
    _refuse_unusable(account)
    return account


def _refuse_unusable(account: pd.DataFrame) -> None:
    if len(account) < A_YEAR:
        raise MetricError(
            f"stocks and flows need {A_YEAR + 1} quarters: there are {len(account) + 1}."
        )
    below = int((account["departed"] < 0).sum())
    if below:
        raise MetricError(
            "no less than nothing can have gone out, by arrivals and the change of the stock: "
            f"in {below:,} of {len(account):,} quarters it would. The series do not count the "
            "same cases: name other arrivals, or published departures."
        )


def _pace(account: pd.DataFrame) -> pd.DataFrame:
    """Months that each quarter's stock would take, from the fourth quarter of the account."""
    stock = account["open_at_end"]
    year = account[["departed", "arrived"]].rolling(A_YEAR).mean()
    paces = (account["departed"], year["departed"], year["arrived"])
    months = {
        name: stock / pace.where(pace > 0) * MONTHS_IN_A_QUARTER
        for name, pace in zip(MONTHS, paces, strict=True)
    }
    table = pd.DataFrame({"open_at_end": stock, **months}).iloc[A_YEAR - 1 :]
    return table.round(1)


def _account_output(about: About, account: pd.DataFrame) -> Output:
    counts = ["open_at_start", "arrived", "departed", "open_at_end"]
    counts += ["known_endings"] if "known_endings" in account else []
    table = account.assign(**{name: whole(account[name]) for name in counts}).reset_index()
    others = ["unaccounted"] if "unaccounted" in account else []
    return about.output(
        "estimates" if others else "table",
        CARD.title,
        table[["quarter", *counts, *others]],
        dimensions=("quarter",),
        roles=ColumnRoles(
            people="open_at_end",
            count=tuple(name for name in counts if name != "open_at_end"),
            estimate=tuple(others),
            statistic=dict.fromkeys(others, "departures less those that the stock accounts for"),
        ),
        notes=(PUBLISHED if others else WORKED_OUT, *_endings(about)),
    )


def _endings(about: About) -> tuple[str, ...]:
    """What the known endings are."""
    named = [about.quarters.titles[name] for name in about.options.known_endings]
    return (f"Known endings: {', '.join(named)}.",) if named else ()


def _flows(about: About, account: pd.DataFrame) -> Output:
    names = {"arrived": "came in", "departed": "went out"}
    parts = [
        pd.DataFrame({"flow": said, "quarter": account.index, "number": whole(account[name])})
        for name, said in names.items()
    ]
    return about.output(
        "table",
        f"{CARD.title}: flows",
        pd.concat(parts, ignore_index=True),
        dimensions=("flow", "quarter"),
        roles=ColumnRoles(people="number"),
        chart=Chart(
            form="lines", x="quarter", y="number", group="flow", y_title="Number in the quarter"
        ),
        notes=(PUBLISHED if about.options.departures else WORKED_OUT,),
    )


def _pace_output(about: About, account: pd.DataFrame) -> Output:
    table = _pace(account).reset_index()
    return about.output(
        "estimates",
        f"{CARD.title}: months to clear",
        table.assign(open_at_end=whole(table["open_at_end"])),
        dimensions=("quarter",),
        roles=ColumnRoles(
            people="open_at_end",
            estimate=MONTHS,
            statistic=dict.fromkeys(MONTHS, "stock over pace"),
        ),
        chart=Chart(
            form="lines", x="quarter", y=MONTHS[1], y_title="Months at the pace of the last year"
        ),
        notes=(PUBLISHED if about.options.departures else WORKED_OUT,),
    )


def _numbers(about: About, account: pd.DataFrame) -> Output:
    """Numbers of the last quarter, of the last year, and of all quarters after the base."""
    last, pace = account.iloc[-1], _pace(account).iloc[-1]
    year = account.iloc[-A_YEAR:]
    after = account.iloc[about.quarters.place_of(about.options.base, option="base") :]
    said = {
        "open_at_end": last["open_at_end"],
        **{name: pace[name] for name in MONTHS},
        "arrived_last_quarter": last["arrived"],
        "departed_last_quarter": last["departed"],
        "arrived_last_year": year["arrived"].sum(),
        "departed_last_year": year["departed"].sum(),
        "arrived_since_base": after["arrived"].sum(),
        "departed_since_base": after["departed"].sum(),
        "departed_per_arrival_since_base": after["departed"].sum() / after["arrived"].sum(),
        "quarters": len(account),
        "quarters_with_more_arrivals": (account["arrived"] > account["departed"]).sum(),
    }
    if "known_endings" in account:
        short = account["known_endings"] > account["departed"]
        said["quarters_with_fewer_than_known"] = short.sum()
    if "unaccounted" in account:
        said["unaccounted_last_quarter"] = last["unaccounted"]
    known = {name: float(value) for name, value in said.items() if pd.notna(value)}
    table = pd.DataFrame({"name": list(known), "estimate": list(known.values())})
    formats = dict.fromkeys(known, "number")
    if "departed_per_arrival_since_base" in known:
        formats["departed_per_arrival_since_base"] = "percent"
    return about.output(
        "text",
        "Numbers used in the text",
        table.assign(published=round(last["open_at_end"])),
        dimensions=("name",),
        roles=ColumnRoles(
            people="published", estimate=("estimate",), statistic={"estimate": "mean"}
        ),
        options={"formats": formats},
    )
