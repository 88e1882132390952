"""What happened in the criminal justice system of the world, before any of it is delivered.

Each table is a set of arrays of one length. A person is the id of the register (from 1); a
position in another table is -1 where there is none; a date is missing where it has not come
by the extract. Codes are positions in the tuples of `codes`.
"""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.synthetic.people import Bools, Days, Ints


@dataclass(frozen=True)
class Prosecutions:
    """One entry per defendant in a magistrates' court case.

    `case` numbers the case, which co-defendants share. `is_breach` marks breaches and
    civil-order applications, which are not offences in law; `is_single_justice` cases are in no
    research dataset. `unseen_from` is the day from which the court's cases are on Common
    Platform and no longer in the delivered data (missing: never before the extract). `final` is
    the final result in this court: for those sent or committed to the Crown Court, that day.
    `crown` is the position in `CrownDefendants`; `sentence_days` is 0 where no custody.
    """

    person: Ints
    case: Ints
    court: Ints
    area: Ints
    offence_date: Days
    charge_date: Days
    first_hearing: Days
    final: Days
    offence_group: Ints
    mode: Ints
    is_breach: Bools
    is_single_justice: Bools
    plea: Ints
    verdict: Ints
    disposal: Ints
    remand: Ints
    sentence_days: Ints
    crown: Ints
    unseen_from: Days

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Charges:
    """One entry per offence charged; the principal one agrees with its prosecution."""

    prosecution: Ints
    number: Ints
    offence_group: Ints
    offence_code: Ints
    offence_date: Days
    plea: Ints
    verdict: Ints
    disposal: Ints
    sentence_days: Ints
    is_principal: Bools

    def __len__(self) -> int:
        return len(self.prosecution)


@dataclass(frozen=True)
class CrownDefendants:
    """One entry per defendant in a Crown Court case.

    `kind` is 0 sent for trial, 1 committed for sentence, 2 appeal. `has_pre_recorded_evidence`
    is true where a witness's evidence was recorded before the trial (truth only: no research
    dataset is known to hold it).
    """

    person: Ints
    prosecution: Ints
    case: Ints
    court: Ints
    kind: Ints
    received: Days
    first_hearing: Days
    main_hearing: Days
    completed: Days
    plea: Ints
    verdict: Ints
    disposal: Ints
    remand: Ints
    sentence_days: Ints
    has_pre_recorded_evidence: Bools
    unseen_from: Days

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class CustodySegments:
    """One entry per unbroken stay in custody in one legal status.

    `journey` numbers the connected segments of one person (remand, then sentence, say).
    `start` is included, `end` is the day of release or change (excluded; missing: still held).
    """

    person: Ints
    journey: Ints
    prosecution: Ints
    status: Ints
    prison: Ints
    start: Days
    end: Days
    sentence_days: Ints

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Supervisions:
    """One entry per order or licence that probation supervises (an event in its records)."""

    person: Ints
    prosecution: Ints
    kind: Ints
    area: Ints
    referral: Days
    start: Days
    end: Days
    length_days: Ints
    recalls: Ints

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Requirements:
    """One entry per requirement of a community order or suspended sentence."""

    supervision: Ints
    kind: Ints
    imposed: Days
    commenced: Days
    ended: Days
    termination: Ints
    length: Ints

    def __len__(self) -> int:
        return len(self.supervision)


@dataclass(frozen=True)
class Assessments:
    """One entry per OASys assessment: needs on the scale 0 none, 1 some, 2 significant."""

    person: Ints
    date: Days
    in_custody: Bools
    accommodation: Ints
    finance: Ints
    drugs: Ints
    alcohol: Ints
    emotional: Ints
    previous_custody: Ints
    age_at_first_conviction: Ints

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class CourtRegister:
    """The courts of one tier; court `n` (from 1) is at index `n - 1`.

    `area` is the court's area; `unseen_from` the day from which its cases are on Common
    Platform (missing: not before the extract).
    """

    area: Ints
    unseen_from: Days

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True)
class Participations:
    """One entry per person who began the planted programme (truth only).

    `segment` is the position in `CustodySegments` of the stay in which it began, `released` the
    day of release from it, `court` the magistrates' court whose case it was. `reoffended` says
    whether an offence of the year after release was prosecuted and proven, `reoffends_without`
    whether one would have been without the programme.
    """

    person: Ints
    segment: Ints
    started: Days
    released: Days
    court: Ints
    reoffended: Bools
    reoffends_without: Bools

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Lives:
    """Everything of the criminal justice system; `programme_start` is by person (index 0 nobody).

    `programme_start` is the day on which a person began the planted programme (truth only).
    """

    prosecutions: Prosecutions
    charges: Charges
    crown: CrownDefendants
    custody: CustodySegments
    supervisions: Supervisions
    requirements: Requirements
    assessments: Assessments
    programme_start: Days
    magistrates_courts: CourtRegister
    crown_courts: CourtRegister
    programme: Participations
