"""Look-back covariates: what the records say of people before an index date, and nothing later.

A fact counts if its day lies before the index; one of the index day itself does not. What the
sources could not have seen is missing, not none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts.covariates import facts
from justice_analysis.cohorts.covariates.blocks import KEYS, concepts, passes
from justice_analysis.cohorts.covariates.catalogue import (
    CARE,
    COURTS,
    CUSTODY,
    DATASETS,
    FAMILY,
    OASYS,
    PERSON,
    PNC,
    PROBATION,
    WINDOW_MONTHS,
    Covariate,
    chosen,
)
from justice_analysis.cohorts.covariates.observed import lookback_days
from justice_analysis.errors import MetricError, OptionError, listed

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

Unseen: TypeAlias = Literal["missing", "count"]
# Of people outside the MoJ-DfE share it is not known whether they have such a history.
OF_PUPILS = (PNC, CARE)
PLACE, INDEX_CASE = "place_id", "index_case_id"


def look_back(
    warehouse: Warehouse,
    people: ir.Table,
    *,
    covariates: Sequence[str],
    unseen: Unseen = "missing",
) -> ir.Table:
    """Describe people by what was recorded of them before their index date.

    Parameters
    ----------
    people
        One row per person and index date: `person_id`, `index_date`, neither missing. Optionally
        `place_id` (court or area of the index, whose coverage counts) and `index_case_id`, whose
        proceedings are never an earlier case. Other columns are kept.
    covariates
        Names from `COVARIATES`.
    unseen
        What to give for a count in a window of which the source did not cover every day:
        `missing`, or the `count` of what was seen. Counts of `ever` are of what was seen.

    Returns
    -------
    Table
        The rows of `people`, stored, with a column for each covariate and, for each history that
        they are read from, `lookback_days_<history>`: days up to the index that were covered
        without a break (missing: the sources state no coverage).

    Raises
    ------
    OptionError
        If a covariate is unknown, or `people` has a column of its name.
    MetricError
        If a person or date is missing or stands twice, or the warehouse holds nothing at all of
        a history.

    Notes
    -----
    A count of 0 says that nothing is recorded before the index, not that nothing was: read it
    beside its look-back. Sex and month of birth have no date; they are resolved from all records.
    Of two values of a measure on the last day before the index the larger is taken.
    """
    wanted = chosen(covariates)
    _check_columns(people, wanted, unseen)
    _check_rows(people)
    keys = _keys(warehouse, people)
    _refuse_unrecorded(warehouse, wanted)
    described = people
    for describe, asked in passes(wanted):
        described = _beside(described, describe(warehouse, keys, asked), asked)
    histories = dict.fromkeys(one.block for one in wanted if one.block != PERSON)
    for history in histories:
        described = _with_lookback(warehouse, described, history)
    if unseen == "missing":
        described = _without_unseen(described, wanted)
    stored = engine.materialise(described, step="look-back covariates")
    order = [*people.columns, *(one.name for one in wanted), *map(_lookback_name, histories)]
    return stored.select(*order)


def _lookback_name(history: str) -> str:
    return f"lookback_days_{history}"


def _check_columns(people: ir.Table, wanted: Sequence[Covariate], unseen: str) -> None:
    problems = [f"people must have {name}." for name in KEYS if name not in people.columns]
    made = [one.name for one in wanted] + [_lookback_name(one.block) for one in wanted]
    problems += [
        f"people have a column {name} already: rename or drop it."
        for name in dict.fromkeys(made)
        if name in people.columns
    ]
    if unseen not in ("missing", "count"):
        problems.append("unseen must be one of missing, count.")
    if problems:
        raise OptionError(listed(problems))


def _check_rows(people: ir.Table) -> None:
    whole = people.select(*KEYS)
    counts = engine.execute(
        whole.aggregate(
            rows=whole.count(),
            person_id=whole.person_id.isnull().cast("int64").sum().fill_null(0),
            index_date=whole.index_date.isnull().cast("int64").sum().fill_null(0),
        ),
        step="index dates",
    ).iloc[0]
    problems = [
        f"{name} must be known to look back from it: {int(counts[name]):,} rows have none."
        for name in KEYS
        if counts[name]
    ]
    twice = int(counts["rows"]) - engine.count_rows(whole.distinct())
    if twice and not problems:
        problems.append(
            f"people must have one row per person_id and index_date: {twice:,} rows repeat one."
        )
    if problems:
        raise MetricError(listed(problems))


def _keys(warehouse: Warehouse, people: ir.Table) -> ir.Table:
    """People and index dates with the first day of each window, stored: every pass reads them."""
    keys = people.select(*KEYS, *([INDEX_CASE] if INDEX_CASE in people.columns else []))
    if INDEX_CASE in keys.columns:
        cases = warehouse.case.select(_case="case_id", index_proceeding="proceeding_id")
        keys = keys.left_join(cases, keys[INDEX_CASE] == cases._case).drop("_case", INDEX_CASE)
    else:
        keys = keys.mutate(index_proceeding=ibis.null(warehouse.case.proceeding_id.type()))
    windows = {
        f"since_{window}": engine.add_months(keys.index_date, -months)
        for window, months in WINDOW_MONTHS.items()
        if months
    }
    return engine.materialise(keys.mutate(**windows), step="people to look back from")


def _beside(people: ir.Table, found: ir.Table, wanted: Sequence[Covariate]) -> ir.Table:
    """Add a pass's columns; whoever has no fact has 0 of what is counted."""
    joined = people.left_join(found, list(KEYS))
    joined = joined.drop(*[name for name in joined.columns if name.endswith("_right")])
    counted = {
        one.name: joined[one.name].fill_null(0)
        for one in wanted
        if one.is_count and one.block not in OF_PUPILS
    }
    return joined.mutate(**counted) if counted else joined


def _with_lookback(warehouse: Warehouse, people: ir.Table, history: str) -> ir.Table:
    """Add the days before the index in which a history could be seen."""
    unknown = ibis.null(warehouse.coverage.place_id.type())
    place = people[PLACE] if PLACE in people.columns else unknown
    placed = people.mutate(_place=place)
    starts = placed.select("index_date", place_id="_place").distinct()
    seen = lookback_days(warehouse, starts, block=history)
    seen = seen.select(_at="index_date", _of=PLACE, **{_lookback_name(history): "lookback_days"})
    same = [placed.index_date == seen._at, placed._place.identical_to(seen._of)]
    return placed.left_join(seen, same).drop("_at", "_of", "_place")


def _without_unseen(described: ir.Table, wanted: Sequence[Covariate]) -> ir.Table:
    """Make counts missing in windows that the history was not seen through."""
    columns = {}
    for one in wanted:
        months = WINDOW_MONTHS.get(one.window or "")
        if one.is_count and months:
            since = engine.add_months(described.index_date, -months)
            needed = engine.days_between(described.index_date, since)
            is_short = (described[_lookback_name(one.block)] < needed).fill_null(False)
            count = described[one.name]
            columns[one.name] = is_short.ifelse(ibis.null("int64"), count)
    return described.mutate(**columns) if columns else described


def _refuse_unrecorded(warehouse: Warehouse, wanted: Sequence[Covariate]) -> None:
    """A history of which a warehouse holds nothing is not a history without events."""
    problems = []
    for history in dict.fromkeys(one.block for one in wanted if one.block != PERSON):
        asked = [one for one in wanted if one.block == history]
        if not engine.count_rows(_recorded(warehouse, history, asked).limit(1)):
            problems.append(
                f"{asked[0].name} needs rows of {' or '.join(DATASETS[history])}: the warehouse "
                "has none. Load them, or leave the covariate out."
            )
    if problems:
        raise MetricError(listed(problems))


def _recorded(warehouse: Warehouse, history: str, wanted: Sequence[Covariate]) -> ir.Table:
    """Rows of a warehouse, about anyone, that tell of a history."""
    case, episode, measure = warehouse.case, warehouse.episode, warehouse.measure
    if history in (OASYS, PROBATION):
        return measure.filter(measure.concept.isin(sorted(concepts(wanted))))
    return {
        COURTS: case.filter(case.case_type.isin(facts.CRIMINAL_CASES)),
        PNC: case.filter(case.case_type == "pnc_record"),
        FAMILY: case.filter(case.jurisdiction == "family"),
        CUSTODY: episode.filter(episode.kind == "custody"),
        CARE: episode.filter(episode.kind.isin(facts.CARE_EPISODES)),
    }[history]
