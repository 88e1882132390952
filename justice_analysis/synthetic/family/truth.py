"""The truth about families: sets of proceedings and the returns that followed, and divorces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.parameters import AGE_GROUPS
from justice_analysis.synthetic.people import NO_DATE, Ints, age_group, completed_years
from justice_analysis.synthetic.tables import Column, Table, Text
from justice_analysis.synthetic.world import World


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


def welsh_episodes(world: World) -> dict[str, Table]:
    """Welsh sets with the return that followed: the columns of `mother_episode` and so on."""
    if world.wales is None:
        return {}
    welsh = replace(world, sets=world.wales.sets)
    return {
        "welsh_mother_episode": mother_episodes(welsh),
        "welsh_father_episode": father_episodes(welsh),
    }


def divorce_table(world: World, court: Delivered) -> Table:
    """One row per divorce, with its key in the family court."""
    held = world.divorces
    return {
        "family_court_case_hash": pa.array(np.asarray(court.row_key), pa.string()),
        "applicant_id": held.applicant,
        "respondent_id": held.respondent,
        "court": held.court,
        "petition_date": held.petition,
        "conditional_date": held.conditional,
        "final_date": held.final,
        "is_joint": held.is_joint,
        "in_bottleneck": held.in_bottleneck,
    }
