"""What the courts hold: cases, applications in them, and who is on each application."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.people import Bools, Days, Ints

CASE_KINDS = ("care", "care_sibling", "discharge", "private_law")
CARE, CARE_SIBLING, DISCHARGE, PRIVATE_LAW = range(len(CASE_KINDS))
SUBJECT, RESPONDENT, APPLICANT = range(3)
CARE_ORDER, SUPERVISION_ORDER, PLACEMENT, DISCHARGE_OF_CARE, ARRANGEMENTS = 1, 2, 3, 5, 10


@dataclass(frozen=True)
class Cases:
    """One entry per case; `set_position` is -1 and `related` is -1 where there is none."""

    kind: Ints
    issue: Days
    final: Days
    area: Ints
    set_position: Ints
    related: Ints

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True)
class Applications:
    """One entry per application in a case."""

    case: Ints
    code: Ints
    issue: Days
    final: Days

    def __len__(self) -> int:
        return len(self.case)


@dataclass(frozen=True)
class Members:
    """One entry per person on an application, in one role."""

    application: Ints
    person: Ints
    role: Ints


@dataclass(frozen=True)
class Subjects:
    """One entry per child in a true set: application that carries the child, and placement's."""

    set_position: Ints
    child: Ints
    birth: Days
    application: Ints
    placement: Ints


@dataclass(frozen=True)
class Courts:
    """Everything that the courts hold about the world, before it is delivered."""

    cases: Cases
    applications: Applications
    members: Members
    subjects: Subjects


def in_family_court(issue: Days, from_date: np.datetime64) -> Bools:
    """Which cases the family court data cover: those issued from its first day on."""
    return issue >= from_date
