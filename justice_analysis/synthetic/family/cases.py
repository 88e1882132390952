"""Court cases, their applications and who is on them, as the courts would hold them.

A true set of proceedings is one case, except that a sibling may have a case of its own issued
within days, and an infant born to an open case may be put into that case (both planted mess).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from justice_analysis.synthetic.family.background import Background
from justice_analysis.synthetic.family.courts import (
    APPLICANT,
    CARE,
    CARE_ORDER,
    CARE_SIBLING,
    PLACEMENT,
    RESPONDENT,
    SUBJECT,
    SUPERVISION_ORDER,
    Applications,
    Cases,
    Courts,
    Members,
    Subjects,
)
from justice_analysis.synthetic.family.families import Families
from justice_analysis.synthetic.family.sets import Sets
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import Bools, Days, Ints, Streams, days


def hold_cases(
    parameters: WorldParameters,
    sets: Sets,
    families: Families,
    background: Background,
    streams: Streams,
) -> Courts:
    """Turn sets of proceedings and background cases into cases, applications and members."""
    stream = streams.stream("cases")
    at_set, child = families.subject_pairs()
    own = np.flatnonzero(~sets.consolidated)
    split = _sibling_children(parameters, sets, at_set, families.children.birth[child], stream)
    cases = _cases(sets, own, at_set[split], background, stream)

    case_of_set = np.full(len(sets), -1)
    case_of_set[own] = np.arange(len(own))
    joined = np.flatnonzero(sets.consolidated)
    case_of_set[joined] = case_of_set[sets.earlier[joined]]
    # Applications: one per set, then one per sibling case, then placement, then background.
    supervision = stream.random(len(sets)) < parameters.supervision_applications
    set_code = np.where(supervision, SUPERVISION_ORDER, CARE_ORDER)
    application = at_set.copy()
    application[split] = len(sets) + np.arange(len(split))
    siblings = len(own) + np.arange(len(split))
    adopted = families.children.adopted_from[child] == sets.final[at_set]
    placed, placement = _placement_applications(sets, at_set, application, adopted, len(split))
    case_of_application = np.concatenate([case_of_set, siblings])
    first_background = len(own) + len(split)
    later_issue = sets.issue[at_set[placed]] + days(
        0.7 * (sets.final - sets.issue)[at_set[placed]].astype(np.int64)
    )
    applications = Applications(
        np.concatenate(
            [
                case_of_application,
                case_of_application[application[placed]],
                first_background + np.arange(len(background)),
            ]
        ),
        np.concatenate(
            [
                set_code,
                set_code[at_set[split]],
                np.full(len(placed), PLACEMENT),
                background.code,
            ]
        ),
        np.concatenate([sets.issue, cases.issue[siblings], later_issue, background.issue]),
        np.concatenate(
            [
                sets.final,
                sets.final[at_set[split]],
                sets.final[at_set[placed]],
                background.final,
            ]
        ),
    )
    subjects = Subjects(
        at_set,
        families.children.child[child],
        families.children.birth[child],
        application,
        placement,
    )
    background_first = len(sets) + len(split) + len(placed)
    members = _members(sets, subjects, adopted, background, background_first)
    return Courts(cases, applications, members, subjects)


def _sibling_children(
    parameters: WorldParameters,
    sets: Sets,
    at_set: Ints,
    birth: Days,
    stream: np.random.Generator,
) -> Ints:
    """Positions of the eldest children who get a case of their own, at most one per set."""
    children = np.bincount(at_set, minlength=len(sets))
    drawn = stream.random(len(sets)) < parameters.mess.sibling_cases
    chosen = drawn & (children >= 2) & ~sets.consolidated
    order = np.lexsort((np.arange(len(at_set)), birth, at_set))
    eldest = order[np.diff(at_set[order], prepend=-1) != 0]
    return eldest[chosen[at_set[eldest]]]


def _cases(
    sets: Sets, own: Ints, sibling_sets: Ints, background: Background, stream: np.random.Generator
) -> Cases:
    """Cases of sets, then of siblings (issued 0 to 5 days later), then of the background."""
    main_of_set = np.full(len(sets), -1)
    main_of_set[own] = np.arange(len(own))
    lag = np.where(
        stream.random(len(sibling_sets)) < 0.6, 0, stream.integers(1, 6, len(sibling_sets))
    )
    no_set = np.full(len(background), -1)
    # A case that took in a later-born infant stays open until the later final order.
    set_final = sets.final.copy()
    joined = np.flatnonzero(sets.consolidated)
    np.maximum.at(set_final, sets.earlier[joined], sets.final[joined])
    last = np.maximum(sets.issue.max(), background.issue.max())
    return Cases(
        kind=np.concatenate(
            [
                np.full(len(own), CARE),
                np.full(len(sibling_sets), CARE_SIBLING),
                background.kind,
            ]
        ),
        issue=np.concatenate(
            [
                sets.issue[own],
                np.minimum(sets.issue[sibling_sets] + days(lag), last),
                background.issue,
            ]
        ),
        final=np.concatenate([set_final[own], sets.final[sibling_sets], background.final]),
        area=np.concatenate([sets.area[own], sets.area[sibling_sets], background.area]),
        set_position=np.concatenate([own, sibling_sets, no_set]),
        related=np.concatenate([np.full(len(own), -1), main_of_set[sibling_sets], no_set]),
    )


def _placement_applications(
    sets: Sets, at_set: Ints, application: Ints, adopted: Bools, n_split: int
) -> tuple[Ints, Ints]:
    """One placement application per application with a child placed for adoption.

    Returns the position (among subjects) of a child of each, and each child's placement
    application (-1 if none).
    """
    children = np.flatnonzero(adopted)
    _, first, inverse = np.unique(application[children], return_index=True, return_inverse=True)
    placement = np.full(len(at_set), -1)
    placement[children] = len(sets) + n_split + inverse
    return children[first], placement


def _members(
    sets: Sets, subjects: Subjects, adopted: Bools, background: Background, background_first: int
) -> Members:
    """Children as subjects; mother and father as respondents to each application."""
    child_pairs = [
        (subjects.application, subjects.child),
        (subjects.placement[adopted], subjects.child[adopted]),
    ]
    application = np.concatenate([pair[0] for pair in child_pairs])
    child = np.concatenate([pair[1] for pair in child_pairs])
    at = np.concatenate([subjects.set_position, subjects.set_position[adopted]])
    distinct, first = np.unique(application, return_index=True)
    mother, father = sets.mother[at[first]], sets.father[at[first]]
    named = father > 0
    everyone: list[tuple[Ints, Ints, int]] = [
        (application, child, SUBJECT),
        (distinct, mother, RESPONDENT),
        (distinct[named], father[named], RESPONDENT),
        (background_first + background.subject_case, background.subject, SUBJECT),
        (background_first + background.respondent_case, background.respondent, RESPONDENT),
        (background_first + background.applicant_case, background.applicant, APPLICANT),
    ]
    role = np.concatenate([np.full(len(part[0]), part[2]) for part in everyone])
    who = np.concatenate([part[1] for part in everyone])
    where = np.concatenate([part[0] for part in everyone])
    order = np.lexsort((who, role, where))
    return Members(where[order], who[order], role[order])


def received_dates(
    parameters: WorldParameters, issue: Days, stream: np.random.Generator
) -> NDArray[np.datetime64]:
    """Dates on which Cafcass received what was issued: within days, never after the extract."""
    lag = stream.integers(0, parameters.received_lag_days + 1, len(issue))
    return np.minimum(issue + days(lag), np.datetime64(parameters.extract_date))
