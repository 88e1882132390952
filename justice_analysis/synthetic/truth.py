"""The truth about a synthetic world, written apart from what is delivered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.cases import CARE, CASE_KINDS
from justice_analysis.synthetic.curves import ReturnCurves, fathers_stay
from justice_analysis.synthetic.delivery import Delivered, World
from justice_analysis.synthetic.mess import MessLog
from justice_analysis.synthetic.parameters import (
    AGE_GROUPS,
    ORDER_GROUPS,
    WorldParameters,
    described,
)
from justice_analysis.synthetic.people import (
    KINDS,
    NO_DATE,
    SEXES,
    Days,
    Ints,
    age_group,
    completed_years,
)
from justice_analysis.synthetic.tables import NULL, Column, Table, Text, write_tables

_SYSTEMS = ("cms", "ecms")


def truth_tables(
    world: World, deaths: Days, cafcass: Delivered, court: Delivered
) -> dict[str, Table]:
    """Every table of truth: see `write_truth` for their grain."""
    return {
        "person": _person(world, deaths),
        "parent": _parent(world),
        "record": _record(cafcass, court),
        "court_case": _court_case(world, cafcass, court),
        "set_of_proceedings": _set_of_proceedings(world, cafcass, court),
        "child_in_set": _child_in_set(world),
        "mother_episode": mother_episodes(world),
        "father_episode": father_episodes(world),
    }


def write_truth(
    folder: Path,
    tables: dict[str, Table],
    parameters: WorldParameters,
    curves: ReturnCurves,
    log: MessLog,
) -> None:
    """Write the truth: Parquet tables, and parameters, planted curves and mess as JSON.

    One row per: person (`person`), child and parent (`parent`), delivered person row
    (`record`), case in a court (`court_case`), true set of proceedings (`set_of_proceedings`),
    child in a set (`child_in_set`), mother's or father's set with the return that follows it
    (`mother_episode`, `father_episode`).
    """
    write_tables(folder, tables, "parquet")
    contents: dict[str, Any] = {
        "parameters.json": described(parameters),
        "planted.json": planted(parameters, curves),
        "mess.json": log.entries,
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def planted(parameters: WorldParameters, curves: ReturnCurves) -> dict[str, Any]:
    """Planted probability of return at 1 to 10 years since issue, by whole days."""
    years = range(1, 11)
    first, second = fathers_stay(parameters, curves, later=False)
    five = curves.returned(5)
    fathers = [
        first * min(curves.returned(y), five) + second * max(curves.returned(y) - five, 0.0)
        for y in years
    ]
    return {
        "unit": "probability of a further set by so many years of 365.25 days since issue",
        "counts_death": "a mother who died without a return has not returned",
        "years": list(years),
        "mothers": [curves.returned(y) for y in years],
        "mothers_by_age": {
            name: [curves.returned(y, group) for y in years]
            for group, name in enumerate(AGE_GROUPS)
        },
        "fathers": fathers,
        "hazard_ratio_by_age": dict(zip(AGE_GROUPS, curves.hazards.tolist(), strict=True)),
        "frailty_variance": curves.frailty_variance,
        "thinning_years": curves.thinning_years,
    }


def _person(world: World, deaths: Days) -> Table:
    people, ids = world.people, world.identifiers
    return {
        "person_id": people.person_id,
        "kind": Text(people.kind.astype(np.int64), KINDS),
        "sex": Text(people.sex.astype(np.int64), SEXES),
        "birth_date": people.birth,
        "death_date": deaths,
        "ethnicity_code": people.ethnicity.astype(np.int64),
        "alf_pe": ids.alf[1:],
        "alf2_pe": ids.alf2[1:],
        "xjs_id": ids.xjs[1:],
    }


def _parent(world: World) -> Table:
    child = np.flatnonzero(world.mother_of > 0)
    with_father = np.flatnonzero(world.father_of > 0)
    return {
        "child_id": np.concatenate([child, with_father]),
        "parent_id": np.concatenate([world.mother_of[child], world.father_of[with_father]]),
    }


def _record(cafcass: Delivered, court: Delivered) -> Table:
    """Keys are text, since family court keys are hashes."""
    parts = [("cafcass_england", *record) for record in cafcass.records]
    parts += [("family_court", *record) for record in court.records]
    labels = tuple(part[1] for part in parts)
    code = np.repeat(np.arange(len(parts)), [len(part[3]) for part in parts])
    dataset = Text(
        (code >= len(cafcass.records)).astype(np.int64), ("cafcass_england", "family_court")
    )
    return {
        "dataset": dataset,
        "table": Text(code, labels),
        "key": pa.concat_arrays([_as_text(part[2]) for part in parts]),
        "person_id": np.concatenate([part[3] for part in parts]),
    }


def _as_text(keys: np.ndarray | pa.Array) -> pa.Array:
    return keys if isinstance(keys, pa.Array) else pa.array(keys).cast(pa.string())


def _case_keys(world: World, cases: Ints, cafcass: Delivered, court: Delivered) -> Table:
    newer = world.received[cases] >= np.datetime64(world.parameters.newer_system_from)
    return {
        "cafcass_system": Text(newer.astype(np.int64), _SYSTEMS),
        "cafcass_case_id": cafcass.case_key[cases],
        "family_court_case_hash": pa.array(court.case_key[cases], pa.string()),
    }


def _court_case(world: World, cafcass: Delivered, court: Delivered) -> Table:
    cases = world.courts.cases
    at_set = cases.set_position
    return {
        "kind": Text(cases.kind, CASE_KINDS),
        "proceedings_id": np.where(at_set >= 0, at_set + 1, NULL),
        "issue_date": cases.issue,
        "received_date": world.received,
        **_case_keys(world, np.arange(len(cases)), cafcass, court),
    }


def _set_of_proceedings(world: World, cafcass: Delivered, court: Delivered) -> Table:
    sets = world.sets
    case = np.full(len(sets), -1)
    main = np.flatnonzero(world.courts.cases.kind == CARE)
    case[world.courts.cases.set_position[main]] = main
    case = np.where(sets.consolidated, case[sets.earlier], case)
    ended = sets.final <= world.extract_date
    return {
        "proceedings_id": np.arange(1, len(sets) + 1),
        "mother_id": sets.mother,
        "father_id": np.where(sets.father > 0, sets.father, NULL),
        "set_number": sets.number,
        "issue_date": sets.issue,
        "final_order_date": np.where(ended, sets.final, NO_DATE),
        "order_group": Text(np.where(ended, sets.order_group, -1), ORDER_GROUPS),
        "area": sets.area,
        "is_consolidated": sets.consolidated,
        **_case_keys(world, case, cafcass, court),
    }


def _child_in_set(world: World) -> Table:
    subjects = world.courts.subjects
    return {
        "proceedings_id": subjects.set_position + 1,
        "child_id": subjects.child,
        "birth_date": subjects.birth,
    }


def _next_set(person: Ints, at_set: Ints) -> Ints:
    """For each of these entries, the position among them of the person's next one (-1: none)."""
    order = np.lexsort((at_set, person))
    following = np.full(len(person), -1)
    same = person[order][1:] == person[order][:-1]
    following[order[:-1][same]] = order[1:][same]
    return following


def mother_episodes(world: World) -> Table:
    """One row per mother and set: age at issue, and the return that followed."""
    sets = world.sets
    birth = world.people.birth[sets.mother - 1]
    years = completed_years(sets.issue, birth)
    return {
        "mother_id": sets.mother,
        "age_at_issue": years,
        "age_group": Text(age_group(years), AGE_GROUPS),
        **_episode(world, sets.mother, np.arange(len(sets))),
    }


def father_episodes(world: World) -> Table:
    """One row per father and set in which he is named."""
    named = np.flatnonzero(world.sets.father > 0)
    return {
        "father_id": world.sets.father[named],
        **_episode(world, world.sets.father[named], named),
    }


def _episode(world: World, person: Ints, at_set: Ints) -> dict[str, Column]:
    sets = world.sets
    following = _next_set(person, at_set)
    # Rounds are in order of a person's sets, so the number counts from the first of her own.
    number = _numbered(person)
    returned = following >= 0
    next_set = at_set[np.maximum(following, 0)]
    return {
        "proceedings_id": at_set + 1,
        "set_number": number,
        "issue_date": sets.issue[at_set],
        "final_order_date": sets.final[at_set],
        "area": sets.area[at_set],
        "return_issue_date": np.where(returned, sets.issue[next_set], NO_DATE),
        "return_before_final_order": returned & (sets.issue[next_set] < sets.final[at_set]),
        "return_with_new_child": returned & sets.new_child[next_set],
        "return_with_child_under_4_weeks": returned & sets.under_4_weeks[next_set],
        "return_is_consolidated": returned & sets.consolidated[next_set],
    }


def _numbered(person: Ints) -> Ints:
    """1 for a person's first entry, 2 for the second, in the order given."""
    order = np.argsort(person, kind="stable")
    ordered = person[order]
    start = np.flatnonzero(np.diff(ordered, prepend=-1) != 0)
    lengths = np.diff(np.append(start, len(ordered)))
    number = np.empty(len(person), dtype=np.int64)
    number[order] = np.arange(len(person)) - np.repeat(start, lengths) + 1
    return number
