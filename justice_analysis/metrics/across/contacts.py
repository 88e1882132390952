"""Contact with the courts of each jurisdiction: one row a person and set of proceedings."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import covered_periods
from justice_analysis.cohorts.time_at_risk import EVERYWHERE
from justice_analysis.errors import MetricError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

JURISDICTION_WORDS = {
    "family": "family courts",
    "criminal": "criminal courts",
    "civil": "civil courts",
}
ROLES = {
    "family": ("applicant", "respondent"),
    "criminal": ("defendant",),
    "civil": ("claimant", "defendant"),
}
"""Who is in contact: adults in family cases, and not the children whom these are about."""
POLICE_RECORD = "pnc_record"


def contacts(warehouse: Warehouse) -> ir.Table:
    """Every person's contacts with the courts.

    Returns
    -------
    Table
        One row per person, jurisdiction and set of proceedings: `person_id`, `jurisdiction`,
        `proceeding_id`, `contact_date` (of receipt). Unlinked parties, cases without a date and
        records of the police are left out.

    Raises
    ------
    MetricError
        If the warehouse holds cases of fewer than two jurisdictions.
    """
    case, party = warehouse.case, warehouse.party
    cases = case.filter(case.case_type != POLICE_RECORD, case.received_date.notnull())
    cases = cases.select("case_id", "proceeding_id", "jurisdiction", "received_date")
    people = party.filter(party.person_id.notnull()).select("case_id", "person_id", "role")
    joined = people.inner_join(cases, "case_id")
    chosen = [
        (joined.jurisdiction == name) & joined.role.isin(roles) for name, roles in ROLES.items()
    ]
    kept = joined.filter(chosen[0] | chosen[1] | chosen[2])
    found = kept.group_by("person_id", "jurisdiction", "proceeding_id").aggregate(
        contact_date=kept.received_date.min()
    )
    stored = engine.materialise(found, step="contacts with courts")
    held = engine.execute(stored.jurisdiction.nunique(), step="jurisdictions")
    if held < 2:
        raise MetricError(
            f"contact across jurisdictions needs cases of two at least: {held} is loaded. Load "
            "family, criminal or civil courts beside it."
        )
    return stored


def observed(warehouse: Warehouse) -> dict[str, tuple[datetime.date, datetime.date]]:
    """From when until when contact could be seen, by jurisdiction.

    A source that states coverage by place is covered while all of its places are. Of several
    sources of a jurisdiction, the start is the earliest and the end the latest.
    """
    case = warehouse.case
    pairs = case.filter(case.case_type != POLICE_RECORD).select("jurisdiction", "source")
    found = engine.execute(pairs.distinct(), step="sources of cases")
    periods = {}
    for name, part in found.groupby("jurisdiction"):
        seen = [_covered(warehouse, source) for source in sorted(part["source"])]
        periods[str(name)] = (min(start for start, _ in seen), max(end for _, end in seen))
    return periods


def loaded(warehouse: Warehouse) -> dict[str, str]:
    """Words for each jurisdiction that is loaded; contact with another could not be seen."""
    case = warehouse.case
    kinds = case.filter(case.case_type != POLICE_RECORD).select("jurisdiction").distinct()
    held = set(engine.execute(kinds, step="jurisdictions")["jurisdiction"])
    return {name: words for name, words in JURISDICTION_WORDS.items() if name in held}


def _covered(warehouse: Warehouse, source: str) -> tuple[datetime.date, datetime.date]:
    covered = covered_periods(warehouse, source)
    whole = covered.filter(covered.covered_place == EVERYWHERE)
    found = engine.execute(
        whole.aggregate(start=whole.from_date.min(), end=whole.to_date.max()), step="coverage"
    ).iloc[0]
    if pd.isna(found["start"]):
        raise MetricError(f"{source} must be covered everywhere at some time: it never is.")
    return pd.Timestamp(found["start"]).date(), pd.Timestamp(found["end"]).date()


def flags(people: ir.Table, found: ir.Table, *, start: str, end: str) -> ir.Table:
    """Whether each person was in contact with each jurisdiction in a window of their own.

    Parameters
    ----------
    people
        One row per person: `person_id`, `index_set` (proceedings that are not counted, or
        missing), and dates `start` (included) and `end` (excluded).
    found
        From `contacts`.

    Returns
    -------
    Table
        `people` with `in_family`, `in_criminal`, `in_civil`.
    """
    dates = people.select(_person="person_id", _set="index_set", _from=start, _to=end)
    met = found.inner_join(
        dates,
        [
            found.person_id == dates._person,
            found.contact_date >= dates._from,
            found.contact_date < dates._to,
        ],
    )
    met = met.filter(~(met.proceeding_id == met._set).fill_null(False))
    per_person = met.group_by(_person=met.person_id).aggregate(
        **{f"in_{name}": (met.jurisdiction == name).max() for name in ROLES}
    )
    joined = people.left_join(per_person, people.person_id == per_person._person).drop("_person")
    return joined.mutate(**{f"in_{name}": joined[f"in_{name}"].fill_null(False) for name in ROLES})


def combination(people: ir.Table) -> ir.StringValue:
    """Name the jurisdictions that a person was in contact with, from the columns of `flags`."""
    parts = [
        people[f"in_{name}"].ifelse(f"{words}, ", "") for name, words in JURISDICTION_WORDS.items()
    ]
    joined = parts[0] + parts[1] + parts[2]
    none = (joined == "").ifelse("none", joined)
    return none.re_replace(", $", "")
