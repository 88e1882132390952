"""The truth about a synthetic world, written apart from what is delivered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.civil.truth import claim_party_table
from justice_analysis.synthetic.criminal.truth import (
    ProgrammeTotals,
    criminal_truth,
    planted_effects,
)
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.family.courts import CARE, CASE_KINDS
from justice_analysis.synthetic.family.curves import ReturnCurves, fathers_stay
from justice_analysis.synthetic.family.truth import (
    divorce_table,
    father_episodes,
    mother_episodes,
    welsh_episodes,
)
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
    Streams,
)
from justice_analysis.synthetic.schools.truth import pupil_table
from justice_analysis.synthetic.tables import NULL, Column, Table, Text
from justice_analysis.synthetic.world import World

_SYSTEMS = ("cms", "ecms")
PERSON_IDS = (
    "person_id",
    "child_id",
    "parent_id",
    "mother_id",
    "father_id",
    "applicant_id",
    "respondent_id",
)
ROW_IDS = (
    "proceedings_id",
    "prosecution_id",
    "case_number",
    "crown_id",
    "segment_id",
    "journey_id",
    "supervision_id",
)


def truth_tables(world: World, deaths: Days, delivered: dict[str, Delivered]) -> dict[str, Table]:
    """Every table of truth of a world, or of one chunk of it, with ids of the whole world.

    One row per: person (`person`), child and parent (`parent`), delivered person row (`record`),
    case in a family court (`court_case`), true set of proceedings (`set_of_proceedings`), child
    in a set (`child_in_set`), mother's or father's set with the return that follows it
    (`mother_episode`, `father_episode`, and `welsh_...` where there are Welsh families), divorce
    (`divorce`), party of a claim (`claim_party`), pupil (`pupil`); and those of `criminal_truth`.
    """
    cafcass, court = delivered["cafcass_england"], delivered["family_court"]
    tables = {
        "person": _person(world, deaths),
        "parent": _parent(world),
        "record": _record(delivered),
        "court_case": _court_case(world, cafcass, court),
        "set_of_proceedings": _set_of_proceedings(world, cafcass, court),
        "child_in_set": _child_in_set(world),
        "mother_episode": mother_episodes(world),
        "father_episode": father_episodes(world),
        **criminal_truth(world, delivered),
        **welsh_episodes(world),
        "divorce": divorce_table(world, court),
        "claim_party": claim_party_table(world, delivered["civil_county_court"]),
        "pupil": pupil_table(world),
    }
    return {name: _numbered(world, table) for name, table in tables.items()}


def _numbered(world: World, table: Table) -> Table:
    """A table with ids of people and rows as they are in the whole world."""
    before, rows = world.chunk.people_before, world.first_key - 1
    if world.chunk.number == 0:
        return table
    return {
        name: _added(column, before if name in PERSON_IDS else rows if name in ROW_IDS else 0)
        for name, column in table.items()
    }


def _added(column: Column, first: int) -> Column:
    if first == 0 or not isinstance(column, np.ndarray):
        return column
    return np.where(column == NULL, NULL, column + first)


def write_planted(
    folder: Path,
    parameters: WorldParameters,
    curves: ReturnCurves,
    log: MessLog,
    totals: ProgrammeTotals,
    streams: Streams,
) -> None:
    """Write parameters, what is planted, and planted mess as JSON, beside the tables."""
    contents: dict[str, Any] = {
        "parameters.json": described(parameters),
        "planted.json": {
            **planted(parameters, curves),
            **planted_effects(parameters, totals, streams),
        },
        "mess.json": log.summed(),
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
        "has_moved": world.moved[1:],
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


def _record(delivered: dict[str, Delivered]) -> Table:
    """Delivered person rows of every dataset; keys are text, since most are hashes."""
    parts = [
        (position, *record)
        for position, made in enumerate(delivered.values())
        for record in made.records
    ]
    code = np.repeat(np.arange(len(parts)), [len(part[3]) for part in parts])
    source = np.array([part[0] for part in parts])
    return {
        "dataset": Text(source[code], tuple(delivered)),
        "table": Text(code, tuple(part[1] for part in parts)),
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
