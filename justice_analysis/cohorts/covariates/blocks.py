"""Histories: each kind read in one pass, however many covariates it gives.

`keys` has one row per person and index date: `person_id`, `index_date`, `index_proceeding` (the
proceedings of the index case, missing where there are none) and `since_<window>`, the first day
of each window. Each function gives at most one row per key, with a column for each covariate
asked for; a key without any fact has no row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import OASYS_ITEMS, OASYS_PREFIX
from justice_analysis.cohorts.covariates import facts
from justice_analysis.cohorts.covariates.catalogue import (
    CARE,
    COURTS,
    CUSTODY,
    EVER,
    FAMILY,
    OASYS,
    PERSON,
    PNC,
    PROBATION,
    Covariate,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

KEYS = ("person_id", "index_date")
CRIMINAL_RESPONSIBILITY = 10
PNC_KINDS = {
    "pnc_convictions": "sentence",
    "pnc_cautions": "caution",
    "pnc_serious_violence": "serious_violence",
}
CARE_KINDS = {"looked_after_episodes": "care", "in_need_episodes": "child_in_need"}

Block: TypeAlias = Callable[["Warehouse", ir.Table, Sequence[Covariate]], ir.Table]


def _before(keys: ir.Table, dated: ir.Table) -> ir.Table:
    """Facts beside each index that they lie before: here nothing later can enter."""
    named = dated.rename(fact_person="person_id")
    is_earlier = (keys.person_id == named.fact_person) & (named.fact_date < keys.index_date)
    return keys.inner_join(named, is_earlier).drop("fact_person")


def _within(rows: ir.Table, covariate: Covariate) -> ir.BooleanValue:
    """Whether a fact that lies before the index lies in the covariate's window."""
    if covariate.window in (None, EVER):
        return ibis.literal(True)
    return rows.fact_date >= rows[f"since_{covariate.window}"]


def _per_key(rows: ir.Table, columns: Mapping[str, ir.Value]) -> ir.Table:
    return rows.group_by(*KEYS).aggregate(**columns)


def _person(warehouse: Warehouse, keys: ir.Table, wanted: Sequence[Covariate]) -> ir.Table:
    """Age and sex, whose records have no date."""
    known = warehouse.person.select("person_id", "birth_month", "sex")
    joined = keys.inner_join(known, "person_id")
    age = engine.years_between(joined.index_date, joined.birth_month)
    values = {
        # Born after the index: one of the two is wrong, and nobody can say which.
        "age": (age >= 0).ifelse(age, ibis.null("int64")),
        "is_female": (joined.sex == "female").cast("int64"),
    }
    return joined.select(*KEYS, **{one.name: values[one.name] for one in wanted})


def _convictions(warehouse: Warehouse, keys: ir.Table, wanted: Sequence[Covariate]) -> ir.Table:
    rows = _before(keys, facts.convictions(warehouse, keys))
    columns: dict[str, ir.Value] = {}
    for one in wanted:
        within = _within(rows, one)
        if one.fact == "first_conviction":
            columns[one.name] = rows.fact_date.min()
        elif one.fact == "conviction_days":
            columns[one.name] = rows.fact_date.nunique(where=within)
        elif one.fact == "convictions":
            columns[one.name] = rows.count(where=within)
        else:
            is_of_group = rows.code == one.fact.removeprefix("convictions_")
            columns[one.name] = rows.count(where=within & is_of_group.fill_null(False))
    found = _per_key(rows, columns)
    ages = [one.name for one in wanted if one.fact == "first_conviction"]
    return _ages(warehouse, found, ages)


def _ages(warehouse: Warehouse, found: ir.Table, dates: Sequence[str]) -> ir.Table:
    """Turn columns of dates into completed years of the person on that day."""
    if not dates:
        return found
    births = warehouse.person.select("person_id", "birth_month")
    joined = found.left_join(births, "person_id").drop("person_id_right")
    years = {}
    for name in dates:
        age = engine.years_between(joined[name], joined.birth_month)
        years[name] = (age >= CRIMINAL_RESPONSIBILITY).ifelse(age, ibis.null("int64"))
    return joined.mutate(**years).drop("birth_month")


def _court_cases(warehouse: Warehouse, keys: ir.Table, wanted: Sequence[Covariate]) -> ir.Table:
    rows = _not_of_index(_before(keys, facts.court_cases(warehouse, keys)))
    return _per_key(rows, {one.name: rows.count(where=_within(rows, one)) for one in wanted})


def _not_of_index(rows: ir.Table) -> ir.Table:
    """Leave out the index's own proceedings, which another system may date a little earlier."""
    is_own = (rows.proceeding_id == rows.index_proceeding).fill_null(False)
    return rows.filter(~is_own)


def _pnc(warehouse: Warehouse, keys: ir.Table, wanted: Sequence[Covariate]) -> ir.Table:
    dated = facts.pnc_records(warehouse, keys)
    if any(one.fact == "pnc_serious_violence" for one in wanted):
        dated = engine.union(dated, facts.serious_violence(warehouse, keys))
    return _of_pupils(warehouse, keys, _by_kind(_before(keys, dated), wanted, PNC_KINDS), wanted)


def _of_pupils(
    warehouse: Warehouse, keys: ir.Table, found: ir.Table, wanted: Sequence[Covariate]
) -> ir.Table:
    """Give 0 to people of the share without a fact; of the others nothing is known."""
    pupils = keys.select(*KEYS).semi_join(facts.people_of_share(warehouse), "person_id")
    joined = pupils.left_join(found, list(KEYS))
    return joined.select(*KEYS, **{one.name: joined[one.name].fill_null(0) for one in wanted})


def _social_care(warehouse: Warehouse, keys: ir.Table, wanted: Sequence[Covariate]) -> ir.Table:
    rows = _before(keys, facts.social_care(warehouse, keys))
    return _of_pupils(warehouse, keys, _by_kind(rows, wanted, CARE_KINDS), wanted)


def _by_kind(rows: ir.Table, wanted: Sequence[Covariate], kinds: Mapping[str, str]) -> ir.Table:
    counts = {
        one.name: rows.count(where=_within(rows, one) & (rows.kind == kinds[one.fact]))
        for one in wanted
    }
    return _per_key(rows, counts)


def _custody(warehouse: Warehouse, keys: ir.Table, wanted: Sequence[Covariate]) -> ir.Table:
    """Days of spells as far as they lie before the index: a spell that goes on is cut there."""
    rows = _before(keys, facts.custody(warehouse, keys))
    end = ibis.least(ibis.coalesce(rows.end_date, rows.index_date), rows.index_date)
    columns: dict[str, ir.Value] = {}
    for one in wanted:
        if one.fact == "custody_spells":
            columns[one.name] = rows.count(where=_within(rows, one))
            continue
        start = rows.fact_date
        if one.window != EVER:
            start = ibis.greatest(start, rows[f"since_{one.window}"])
        days = ibis.greatest(engine.days_between(end, start), 0)
        columns[one.name] = days.sum().cast("int64")
    return _per_key(rows, columns)


def _family(warehouse: Warehouse, keys: ir.Table, wanted: Sequence[Covariate]) -> ir.Table:
    rows = _not_of_index(_before(keys, facts.family_proceedings(warehouse, keys)))
    columns: dict[str, ir.Value] = {}
    for one in wanted:
        kind, role = one.fact.split("_proceedings_as_")
        holds = _within(rows, one) & rows[f"is_{role}"]
        columns[one.name] = rows.count(where=holds & rows.is_care if kind == "care" else holds)
    return _per_key(rows, columns)


def _measures(warehouse: Warehouse, keys: ir.Table, wanted: Sequence[Covariate]) -> ir.Table:
    """The last value before the index of each measure."""
    rows = _before(keys, facts.measures(warehouse, keys, concepts(wanted)))
    last = engine.first_per_group(
        rows,
        by=[*KEYS, "concept"],
        order_by=[ibis.desc("fact_date"), ibis.desc("value"), "measure_id"],
    )
    columns: dict[str, ir.Value] = {}
    for one in wanted:
        if one.fact == "oasys_days":
            days = engine.days_between(last.index_date, last.fact_date)
            columns[one.name] = days.min(where=last.concept.startswith(OASYS_PREFIX))
        else:
            columns[one.name] = last.value.max(where=last.concept == one.fact)
    return _per_key(last, columns)


def concepts(wanted: Sequence[Covariate]) -> set[str]:
    """Measures that covariates are read from; how long ago is asked of every OASys item."""
    named = {one.fact for one in wanted if one.fact != "oasys_days"}
    if any(one.fact == "oasys_days" for one in wanted):
        named |= {f"{OASYS_PREFIX}{item}" for item in OASYS_ITEMS}
    return named


def passes(wanted: Sequence[Covariate]) -> list[tuple[Block, list[Covariate]]]:
    """The passes that some covariates need, each with those it gives."""
    found: dict[Block, list[Covariate]] = {}
    for one in wanted:
        block = _court_cases if one.fact == "court_cases" else _BLOCKS[one.block]
        found.setdefault(block, []).append(one)
    return list(found.items())


_BLOCKS: dict[str, Block] = {
    PERSON: _person,
    COURTS: _convictions,
    PNC: _pnc,
    CUSTODY: _custody,
    FAMILY: _family,
    CARE: _social_care,
    OASYS: _measures,
    PROBATION: _measures,
}
