"""What is known of a person: each attribute resolved from the person's records by one rule.

The rule: the value recorded most often, among records where it is not missing; of several,
the one on the record made last; of several still, the smallest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from justice_analysis import engine

ATTRIBUTES = ("sex", "birth_month", "ethnicity_group", "death_date")
RULE = "most often recorded, then on the latest record, then the smallest"


def resolve_people(
    records: ir.Table, pairs: ir.Table, *, attributes: Sequence[str] = ATTRIBUTES
) -> tuple[ir.Table, Mapping[str, int]]:
    """Resolve each person's attributes from their records.

    Parameters
    ----------
    records
        One row per record: `record_id`, `recorded_date` and the attributes.
    pairs
        Distinct `record_id` and `person_id`.

    Returns
    -------
    tuple
        One row per person: `person_id` and the attributes; and for each attribute the
        number of people whose records disagree.
    """
    joined = engine.materialise(
        pairs.inner_join(records, "record_id").select("person_id", "recorded_date", *attributes),
        step="records of people",
    )
    ends = {f"{name}_low": joined[name].min() for name in attributes}
    ends |= {f"{name}_high": joined[name].max() for name in attributes}
    agreed = engine.materialise(
        joined.group_by("person_id").aggregate(**ends), step="attributes of people"
    )
    differs = {name: agreed[f"{name}_low"] != agreed[f"{name}_high"] for name in attributes}
    counts = engine.execute(
        agreed.aggregate(**{name: flag.sum().fill_null(0) for name, flag in differs.items()}),
        step="disagreeing records",
    ).iloc[0]
    disagreeing = {name: int(counts[name]) for name in attributes}
    people = agreed.select("person_id", **{name: agreed[f"{name}_low"] for name in attributes})
    for name in attributes:
        if disagreeing[name]:
            people = _replaced(people, joined, agreed.filter(differs[name]), name)
    return people, disagreeing


def _replaced(people: ir.Table, joined: ir.Table, disagreeing: ir.Table, name: str) -> ir.Table:
    """Put the chosen value where a person's records disagree."""
    rows = joined.semi_join(disagreeing, "person_id").filter(joined[name].notnull())
    counted = rows.group_by("person_id", name).aggregate(
        times=rows.count(), latest=rows.recorded_date.max()
    )
    chosen = engine.first_per_group(
        counted, by=["person_id"], order_by=[counted.times.desc(), counted.latest.desc(), name]
    )
    chosen = chosen.select(chosen_person="person_id", chosen_value=name)
    both = people.left_join(chosen, people.person_id == chosen.chosen_person)
    value = ibis.coalesce(both.chosen_value, both[name])
    return both.mutate(**{name: value}).drop("chosen_person", "chosen_value")
