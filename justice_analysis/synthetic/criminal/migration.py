"""The criminal courts: their areas, and the day on which each moved to Common Platform.

Cases received from that day on are in a system that no research dataset holds. The days are
the same for all chunks of a world.
"""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.criminal.codes import CROWN_COURTS, MAGISTRATES_COURTS
from justice_analysis.synthetic.criminal.lives import CourtRegister
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import AREAS, Bools, Days, Ints, Streams, days


def magistrates_court_of(area: Ints) -> Ints:
    """Home magistrates' court of an area."""
    return (area - 1) * MAGISTRATES_COURTS // AREAS + 1


def crown_court_of(court: Ints) -> Ints:
    """Crown Court centre to which a magistrates' court sends."""
    return (court - 1) * CROWN_COURTS // MAGISTRATES_COURTS + 1


def court_registers(
    parameters: WorldParameters, streams: Streams
) -> tuple[CourtRegister, CourtRegister]:
    """Magistrates' courts and Crown Court centres, each with its day of migration."""
    crime, stream = parameters.crime, streams.shared("migration")
    registers = []
    for count, (first, last) in (
        (MAGISTRATES_COURTS, crime.migration_magistrates),
        (CROWN_COURTS, crime.migration_crown),
    ):
        span = (np.datetime64(last) - np.datetime64(first)).astype(np.int64)
        day = np.datetime64(first) + days(stream.random(count) * (span + 1))
        extract = np.datetime64(parameters.extract_date)
        area = np.arange(count) * AREAS // count + 1
        registers.append(CourtRegister(area, np.where(day <= extract, day, np.datetime64("NaT"))))
    return registers[0], registers[1]


def recorded_evidence_from(parameters: WorldParameters, streams: Streams) -> Days:
    """Day from which each Crown Court centre takes pre-recorded evidence (truth only)."""
    stream = streams.shared("recorded evidence")
    return _in_stages(parameters.crime.recorded_from, CROWN_COURTS, stream)


def programme_available_from(parameters: WorldParameters, streams: Streams) -> Days:
    """First day of release from which a court's cases have the programme (truth only).

    One entry per magistrates' court, in order; missing where a court never has it.
    """
    stream = streams.shared("programme roll-out")
    return _in_stages(parameters.crime.programme_from, MAGISTRATES_COURTS, stream)


def _in_stages(
    stages: tuple[tuple[str, float], ...], courts: int, stream: np.random.Generator
) -> Days:
    """Day of the stage of each court, drawn at random; missing after the last share."""
    dates, shares = zip(*stages, strict=True)
    wave = np.searchsorted(np.array(shares) * courts, stream.permutation(courts), side="right")
    return np.array([*dates, "NaT"], dtype="datetime64[D]")[wave]


def is_on(date: Days, since: Days) -> Bools:
    """Whether a date is on or after a day that may be missing (then never)."""
    return ~np.isnat(since) & (date >= since)
