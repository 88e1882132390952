"""Prolific users of the courts: how many cases the most frequent defendants account for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import (
    Card,
    Chart,
    ColumnRoles,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.criminal.prosecutions import (
    BOTH,
    CROWN,
    FIRST_HEARING,
    MAGISTRATES,
    RECEIVED,
    defendant_cases,
    prosecutions,
)
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import mix_output, with_interval
from justice_analysis.metrics.person_groups import (
    check_window,
    window_steps,
    window_words,
    with_person_groups,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

BANDS = (
    ("one case", 1),
    ("two cases", 2),
    ("three to five cases", 5),
    ("six to ten cases", 10),
    ("eleven to twenty cases", 20),
)
OTHERS = "the others"
MOST = "more than twenty cases"


@dataclass(frozen=True)
class ProlificOptions:
    """Options of `prolific_users`; each names the rule it settles."""

    from_date: str | None = choice(None, "cases on or after this day (YYYY-MM-DD)")
    to_date: str | None = choice(None, "cases before this day")
    most_frequent: tuple[float, ...] = choice(
        (1, 5, 10), "per cent of defendants, from those with most cases down"
    )
    breaches: str = choice(
        "exclude", "breaches and civil-order applications without an offence", "exclude", "include"
    )
    dated_by: str = choice(
        RECEIVED,
        "the day of a case: received by the court, or first heard",
        RECEIVED,
        FIRST_HEARING,
    )
    courts: str = choice(
        MAGISTRATES,
        "where prosecutions are counted; all begin in a magistrates' court",
        MAGISTRATES,
        CROWN,
        BOTH,
    )
    by: str | None = choice(None, "groups of people by number of cases", None, "sex", "ethnicity")

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.from_date, self.to_date)
        if not self.most_frequent or any(not 0 < share <= 100 for share in self.most_frequent):
            raise OptionError("most_frequent must be per cents above 0, up to 100.")


CARD = Card(
    name="prolific_users",
    title="Defendants with most cases",
    question="What share of criminal cases do the most frequent defendants account for?",
    definition=(
        "Defendants are put in order of their number of cases in the window; the share is the "
        "cases of the most frequent 1%, 5% and 10% of them over all cases. The number of people "
        "is rounded up; who of several with equally many cases is taken makes no difference."
    ),
    counting_unit="prosecutions: a person's case, once however many courts it came to",
    population="Defendants with a case in the window; one without a link counts as one person",
    clock="None: all cases of the window, which is of equal length for everyone",
    does_not_count=(
        "a breach or civil-order application without an offence (option breaches)",
        "a Crown Court case of the same prosecution",
        "an appeal, and cases that no research dataset holds",
        "a case without a recorded day: set aside, and counted",
        "charges: a case with many is one case",
    ),
    censoring=(
        "None: courts that moved to Common Platform have fewer cases in later years, and so "
        "have their defendants"
    ),
    known_breaks=(
        "Missed links split a person's cases, so the most frequent look less frequent",
        "Counts alone: no definition of a prolific offender is applied",
    ),
    needs=(
        Need("magistrates_defendant", "mags_defendant_case", "receipt_date"),
        Need("magistrates_defendant", "mags_defendant_case", "breach_marker"),
        Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),
    ),
    source=("The question of Data First: returning defendants (Ministry of Justice, 2022)",),
    options_type=ProlificOptions,
    subject="criminal courts",
)


@metric(CARD)
def prolific_users(warehouse: Warehouse, **options: Any) -> Measured:
    """Count the cases of the most frequent defendants, and defendants by number of cases.

    Parameters
    ----------
    warehouse
        A warehouse that holds criminal cases.
    **options
        See `ProlificOptions`.

    Returns
    -------
    Measured
        `concentration`: for the most frequent, the slices between them and all defendants, people,
        cases and their share of all cases. `people`: people by number of cases, with 95% Wilson
        intervals.

    Raises
    ------
    OptionError
        If an option is unknown or cannot be.
    MetricError
        If the warehouse has no criminal case in the window.
    """
    chosen: ProlificOptions = CARD.read_options(options)
    people, flow = cases_per_person(warehouse, chosen)
    counts = engine.execute(
        people.group_by("cases").aggregate(people=people.count()), step="cases per person"
    )
    if counts.empty:
        raise MetricError("prolific_users found no case in the window: check the options.")
    about = About(
        card=CARD,
        options=chosen,
        unit="defendants",
        population=f"Defendants with a case{window_words(chosen.from_date, chosen.to_date)}",
        population_hash=population_hash(
            warehouse, CARD, chosen, presentation=("by", "most_frequent")
        ),
    )
    by = (chosen.by,) if chosen.by else ()
    outputs = {
        "concentration": _concentration_output(about, counts, chosen.most_frequent),
        "people": mix_output(
            about,
            _banded(warehouse, people, chosen.by),
            category="number_of_cases",
            by=by,
            units_name="defendants",
            title="Defendants by number of cases",
        ),
    }
    return Measured(CARD, chosen, outputs, flow)


def cases_per_person(warehouse: Warehouse, options: ProlificOptions) -> tuple[ir.Table, Flow]:
    """How many prosecutions each defendant had in the window.

    Returns
    -------
    tuple of Table and Flow
        One row per defendant: `person_key`, `cases`; and the prosecutions left at each step.
    """
    breaches = options.breaches == "include"
    charges = not (breaches and options.courts == MAGISTRATES)
    cases = defendant_cases(
        warehouse, courts=options.courts, dated_by=options.dated_by, charges=charges
    )
    rows = prosecutions(cases, courts=options.courts, charges=charges)
    steps = [] if breaches else [("about an offence", ~rows.is_breach)]
    steps.append(("dated", rows.case_date.notnull()))
    steps += window_steps(rows.case_date, options.from_date, options.to_date, what="dated")
    kept, flow = select(rows, start="prosecutions", steps=steps)
    people = kept.group_by("person_key").aggregate(cases=kept.count())
    return engine.materialise(people, step="cases per person"), flow


def concentration(counts: pd.DataFrame, most_frequent: Sequence[float]) -> pd.DataFrame:
    """Cases of the most frequent people, from numbers of people by number of cases.

    Parameters
    ----------
    counts
        One row per number of cases: `cases`, `people`.
    most_frequent
        Per cents of people.

    Returns
    -------
    DataFrame
        One row per per cent, per slice between two of them, for the others and for "all":
        `defendants`, `people`, `cases`, `all_cases`, `all_people`.
    """
    ordered = counts.sort_values("cases", ascending=False)
    number = ordered["people"].to_numpy(dtype="int64")
    each = ordered["cases"].to_numpy(dtype="int64")
    upto = np.cumsum(number)
    people, cases, rows, before = int(number.sum()), int((number * each).sum()), [], (0.0, 0, 0)
    for share in sorted(set(most_frequent)):
        first = -(-Fraction(str(share)) * people // 100)  # rounded up, without a float's error
        taken = np.clip(int(first) - (upto - number), 0, number)
        held = (float(share), int(first), int((taken * each).sum()))
        if before[0]:
            rows.append((_slice(before[0], share), held[1] - before[1], held[2] - before[2]))
        rows.append((_most(share), held[1], held[2]))
        before = held
    if before[0] < 100:
        rows.append((OTHERS, people - before[1], cases - before[2]))
    table = pd.DataFrame([*rows, ("all", people, cases)], columns=["defendants", "people", "cases"])
    return table.assign(all_cases=cases, all_people=people)


def _most(share: float) -> str:
    return f"most frequent {share:g}%"


def _slice(low: float, high: float) -> str:
    return f"from {low:g}% to {high:g}%"


def _hierarchy(most_frequent: Sequence[float]) -> dict[str, str]:
    """Each per cent holds the one before it and the slice between them."""
    steps = list(pairwise(sorted(set(most_frequent))))
    return {name: _most(high) for low, high in steps for name in (_most(low), _slice(low, high))}


def _concentration_output(
    about: About, counts: pd.DataFrame, most_frequent: Sequence[float]
) -> Output:
    # An interval of independent cases would be too narrow: cases of one person are not.
    table = concentration(counts, most_frequent)
    table = with_interval(table, "cases", "all_cases").drop(columns=["lower", "upper"])
    roles = ColumnRoles(
        people="people",
        numerator="cases",
        denominator="all_cases",
        estimate=("estimate",),
        people_behind={"cases": "people", "all_cases": "all_people"},
    )
    return about.output(
        "estimates",
        about.card.title,
        table,
        dimensions=("defendants",),
        roles=roles,
        chart=Chart(
            form="bars", x="defendants", y="estimate", y_title="Share of cases", percent=True
        ),
        shares=("estimate",),
        hierarchy={"defendants": _hierarchy(most_frequent)},
    )


def _banded(warehouse: Warehouse, people: ir.Table, by: str | None) -> ir.Table:
    bands = [(people.cases <= most, name) for name, most in BANDS]
    banded = people.mutate(number_of_cases=ibis.cases(*bands, else_=MOST))
    if by is None:
        return banded
    # A person's key is the person's number; that of an unlinked party is below it.
    linked = (banded.person_key >= 0).ifelse(banded.person_key, None)
    named = banded.mutate(person_id=linked, justice_day=ibis.null("date"))
    return with_person_groups(warehouse, named, day="justice_day", by=by)
