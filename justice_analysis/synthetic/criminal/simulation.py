"""Put together the criminal part of the world: careers, courts, custody, probation, assessments."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.criminal.assessments import assessments, participations
from justice_analysis.synthetic.criminal.careers import Careers
from justice_analysis.synthetic.criminal.charges import charges
from justice_analysis.synthetic.criminal.crown import AtCrown, try_at_crown
from justice_analysis.synthetic.criminal.custody import custody_segments, live
from justice_analysis.synthetic.criminal.lives import (
    CourtRegister,
    CrownDefendants,
    Lives,
    Prosecutions,
)
from justice_analysis.synthetic.criminal.migration import court_registers
from justice_analysis.synthetic.criminal.prosecutions import (
    NONE,
    NOT_GUILTY,
    Alleged,
    Heard,
    allege,
    hear,
)
from justice_analysis.synthetic.criminal.sentencing import Sentenced, sentence
from justice_analysis.synthetic.criminal.supervision import requirements, supervisions
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import NO_DATE, Bools, Days, Ints, People, Streams


def make_lives(
    parameters: WorldParameters, careers: Careers, people: People, streams: Streams
) -> Lives:
    """Take every career through the criminal justice system, up to the extract."""
    magistrates, crowns = court_registers(parameters, streams)
    alleged = allege(parameters, careers, people, streams)
    heard = hear(parameters, alleged, streams)
    crown = try_at_crown(parameters, alleged, heard, streams)
    sentenced = sentence(parameters, careers, alleged, heard, crown, streams)
    lived = live(parameters, alleged, sentenced, streams)
    kept = np.flatnonzero(lived.happened)
    in_court = kept[_in_court(parameters, alleged, kept)]
    prosecution = np.full(len(alleged), -1)
    prosecution[in_court] = np.arange(len(in_court))
    seen_crown = _seen_crown(parameters, crown, prosecution)
    crown_of = np.full(len(alleged), -1)
    crown_of[crown.at[seen_crown]] = np.arange(len(seen_crown))
    held = _prosecutions(
        parameters, alleged, heard, sentenced, in_court, crown_of[in_court], magistrates
    )
    segments, segment_at = custody_segments(
        parameters, alleged, sentenced, kept, prosecution, streams
    )
    supervised, _ = supervisions(
        parameters,
        alleged,
        sentenced,
        kept,
        prosecution,
        magistrates.area,
        segments,
        segment_at,
        streams,
    )
    extract = np.datetime64(parameters.extract_date)
    programme = participations(alleged, sentenced, lived, segments, segment_at, extract)
    started = np.full(len(people) + 1, NO_DATE)
    started[programme.person] = programme.started
    return Lives(
        held,
        charges(parameters, held, streams),
        _crown(parameters, alleged, sentenced, crown, seen_crown, prosecution, held.case, crowns),
        segments,
        supervised,
        requirements(parameters, supervised, streams),
        assessments(parameters, people, alleged, sentenced, lived, streams),
        started,
        magistrates,
        crowns,
        programme,
    )


def _in_court(parameters: WorldParameters, alleged: Alleged, kept: Ints) -> Bools:
    """Prosecutions first heard between the first day of the data and the extract."""
    first = alleged.first_hearing[kept]
    return (first >= np.datetime64(parameters.crime.courts_from)) & (
        first <= np.datetime64(parameters.extract_date)
    )


def _seen_crown(parameters: WorldParameters, crown: AtCrown, prosecution: Ints) -> Ints:
    """Positions of what the Crown Court received by the extract."""
    received = crown.received <= np.datetime64(parameters.extract_date)
    return np.flatnonzero(received & (prosecution[crown.at] >= 0))


def _by(extract: np.datetime64, date: Days) -> Days:
    """A date, missing where it has not come by the extract."""
    return np.where(date <= extract, date, NO_DATE)


def _prosecutions(
    parameters: WorldParameters,
    alleged: Alleged,
    heard: Heard,
    sentenced: Sentenced,
    at: Ints,
    crown: Ints,
    courts: CourtRegister,
) -> Prosecutions:
    """What the magistrates' courts know by the extract; results that have not come are missing."""
    extract = np.datetime64(parameters.extract_date)
    court = alleged.court[at]
    final = heard.final[at]
    over = final <= extract
    here = over & ~sentenced.at_crown[at]
    _, case = np.unique(alleged.head[at], return_inverse=True)
    return Prosecutions(
        alleged.person[at],
        case,
        court,
        courts.area[court - 1],
        alleged.offence_date[at],
        alleged.charge_date[at],
        alleged.first_hearing[at],
        _by(extract, final),
        alleged.group[at],
        alleged.mode[at],
        alleged.is_breach[at],
        alleged.is_single_justice[at],
        np.where(over, heard.plea[at], NONE),
        np.where(over, heard.verdict[at], NONE),
        np.where(here, sentenced.disposal[at], -1),
        alleged.remand[at],
        np.where(here, sentenced.sentence_days[at], 0),
        crown,
        courts.unseen_from[court - 1],
    )


def _crown(
    parameters: WorldParameters,
    alleged: Alleged,
    sentenced: Sentenced,
    crown: AtCrown,
    seen: Ints,
    prosecution: Ints,
    case_of: Ints,
    courts: CourtRegister,
) -> CrownDefendants:
    """What the Crown Court knows by the extract; co-defendants sent together share a case."""
    extract = np.datetime64(parameters.extract_date)
    at = crown.at[seen]
    together = np.where(crown.kind[seen] == 0, case_of[prosecution[at]], -1 - np.arange(len(at)))
    _, case = np.unique(together, return_inverse=True)
    over = crown.completed[seen] <= extract
    pleaded = crown.first_hearing[seen] <= extract
    court = crown.court[seen]
    decided = over & sentenced.at_crown[at]
    plea = crown.plea[seen]
    return CrownDefendants(
        alleged.person[at],
        prosecution[at],
        case,
        court,
        crown.kind[seen],
        crown.received[seen],
        _by(extract, crown.first_hearing[seen]),
        _by(extract, crown.main_hearing[seen]),
        _by(extract, crown.completed[seen]),
        np.where(over | (pleaded & (plea == NOT_GUILTY)), plea, NONE),
        np.where(over, crown.verdict[seen], NONE),
        np.where(decided, sentenced.disposal[at], -1),
        alleged.remand[at],
        np.where(decided, sentenced.sentence_days[at], 0),
        crown.has_recorded[seen],
        courts.unseen_from[court - 1],
    )
