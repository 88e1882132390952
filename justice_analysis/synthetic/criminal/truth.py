"""The truth about the criminal part of the world, and the effects that are planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from justice_analysis.codes import ETHNICITY_GROUPS
from justice_analysis.synthetic.criminal import codes
from justice_analysis.synthetic.criminal.migration import (
    programme_available_from,
    recorded_evidence_from,
)
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import Days, Ints, Streams
from justice_analysis.synthetic.tables import NULL, Table, Text
from justice_analysis.synthetic.world import World

_CROWN_KINDS = ("sent_for_trial", "committed_for_sentence", "appeal")
_TIERS = ("magistrates", "crown")


@dataclass(frozen=True)
class ProgrammeTotals:
    """People released from the programme a year and a half before the extract, or earlier.

    `reoffended` of them did in the year after release, `without` would have without it.
    """

    people: int = 0
    reoffended: int = 0
    without: int = 0

    def __add__(self, other: ProgrammeTotals) -> ProgrammeTotals:
        """Totals of two chunks."""
        return ProgrammeTotals(
            self.people + other.people,
            self.reoffended + other.reoffended,
            self.without + other.without,
        )


def programme_totals(world: World) -> ProgrammeTotals:
    """Count what came of the programme among those whose outcome is known."""
    programme = world.lives.programme
    known = programme.released <= world.extract_date - np.timedelta64(365 + 182, "D")
    return ProgrammeTotals(
        int(known.sum()),
        int(programme.reoffended[known].sum()),
        int(programme.reoffends_without[known].sum()),
    )


def planted_effects(
    parameters: WorldParameters, totals: ProgrammeTotals, streams: Streams
) -> dict[str, Any]:
    """True values of what is planted in the criminal part of the world."""
    programme = programme_available_from(parameters, streams)
    crime = parameters.crime
    people = max(totals.people, 1)
    with_it, without = totals.reoffended / people, totals.without / people
    return {
        "programme": {
            "unit": "share with a proven offence in the year after release, among participants",
            "hazard_ratio": crime.programme_hazard,
            "people": totals.people,
            "reoffended": with_it,
            "reoffended_without": without,
            "effect": with_it - without,
            "selection_log_odds_per_need": crime.programme_needs,
            "stages": _stages(crime.programme_from, programme),
        },
        "pre_recorded_evidence": {
            "unit": "change in the share of contested trials that end in conviction",
            "eligible": "violence and sexual offences sent for trial, plea not guilty",
            "effect_where_used": crime.recorded_effect,
            "effect_once_a_court_has_it": crime.recorded_effect * crime.recorded_share,
        },
        "remand_disparity": {
            "unit": "log odds of remand in custody against white, same offence, mode and history",
            "by_ethnicity": dict(
                zip(ETHNICITY_GROUPS, crime.remand_ethnicity, strict=True),
            ),
        },
        "divorce": {
            "unit": "ratio of the time from petition to decree nisi",
            "courts": list(parameters.family.bottleneck_courts),
            "petitions_from": parameters.family.bottleneck_from,
            "petitions_to": parameters.family.bottleneck_to,
            "ratio": parameters.family.bottleneck_factor,
        },
        "returning_defendants": {
            "unit": "share of defendants first known in 2011, appearances to December 2019",
            "returned": crime.returned,
            "returned_once": crime.returned_once,
            "returned_six": crime.returned_six,
            "returned_theft": crime.returned_theft,
        },
    }


def _stages(planned: tuple[tuple[str, float], ...], available: Days) -> list[dict[str, Any]]:
    """Courts of each stage of the programme's roll-out, and last those that never have it."""
    numbers = np.arange(1, len(available) + 1)
    stages = [
        {"released_from": date, "courts": numbers[available == np.datetime64(date)].tolist()}
        for date, _ in planned
    ]
    return [*stages, {"released_from": None, "courts": numbers[np.isnat(available)].tolist()}]


def criminal_truth(world: World, delivered: dict[str, Delivered]) -> dict[str, Table]:
    """Tables of truth of the criminal part.

    One row per: prosecution of a person (`prosecution`), defendant in a Crown Court case
    (`crown_defendant`), stay in custody in one status (`custody_segment`), order or licence
    (`supervision`), assessment (`assessment`), person who began the programme (`programme`),
    criminal court (`criminal_court`). Keys are those delivered, missing where a row is not.
    """
    tables = {
        "prosecution": _prosecution(world, delivered),
        "crown_defendant": _crown(world, delivered),
        "custody_segment": _segment(world, delivered),
        "supervision": _supervision(world, delivered),
        "assessment": _assessment(world, delivered),
        "programme": _programme(world),
    }
    # Courts are the same in every chunk, and stand in the first.
    return tables if world.chunk.number else {**tables, "criminal_court": _courts(world)}


def _row_keys(delivered: dict[str, Delivered], dataset: str) -> pa.Array:
    return pa.array(np.asarray(delivered[dataset].row_key), pa.string())


def _case_keys(delivered: dict[str, Delivered], dataset: str, case: Ints) -> pa.Array:
    keys = delivered[dataset].case_key
    if not len(keys):
        return pa.nulls(len(case), pa.string())
    there = case < len(keys)  # cases after the last that is delivered have none
    return pa.array(keys[np.where(there, case, 0)], pa.string(), mask=~there)


def _ids(position: Ints) -> Ints:
    """Numbers from 1 of positions, missing where there is none."""
    return np.where(position >= 0, position + 1, NULL)


def _prosecution(world: World, delivered: dict[str, Delivered]) -> Table:
    rows = world.lives.prosecutions
    return {
        "prosecution_id": np.arange(1, len(rows) + 1),
        "person_id": rows.person,
        "case_number": rows.case + 1,
        "court": rows.court,
        "area": rows.area,
        "offence_date": rows.offence_date,
        "charge_date": rows.charge_date,
        "first_hearing_date": rows.first_hearing,
        "final_date": rows.final,
        "offence_group": Text(rows.offence_group, codes.OFFENCE_GROUPS),
        "mode": Text(rows.mode, codes.MODES),
        "is_breach": rows.is_breach,
        "is_single_justice": rows.is_single_justice,
        "plea": Text(rows.plea, codes.PLEAS),
        "verdict": Text(rows.verdict, codes.VERDICTS),
        "disposal": Text(rows.disposal, codes.DISPOSALS),
        "remand": Text(rows.remand, codes.REMANDS),
        "sentence_days": rows.sentence_days,
        "crown_id": _ids(rows.crown),
        "unseen_from": rows.unseen_from,
        "case_key": _case_keys(delivered, "magistrates_defendant", rows.case),
        "row_key": _row_keys(delivered, "magistrates_defendant"),
    }


def _crown(world: World, delivered: dict[str, Delivered]) -> Table:
    rows = world.lives.crown
    return {
        "crown_id": np.arange(1, len(rows) + 1),
        "person_id": rows.person,
        "prosecution_id": _ids(rows.prosecution),
        "case_number": rows.case + 1,
        "court": rows.court,
        "kind": Text(rows.kind, _CROWN_KINDS),
        "received_date": rows.received,
        "first_hearing_date": rows.first_hearing,
        "main_hearing_date": rows.main_hearing,
        "completed_date": rows.completed,
        "plea": Text(rows.plea, codes.PLEAS),
        "verdict": Text(rows.verdict, codes.VERDICTS),
        "disposal": Text(rows.disposal, codes.DISPOSALS),
        "remand": Text(rows.remand, codes.REMANDS),
        "sentence_days": rows.sentence_days,
        "has_pre_recorded_evidence": rows.has_pre_recorded_evidence,
        "unseen_from": rows.unseen_from,
        "case_key": _case_keys(delivered, "crown_court_defendant", rows.case),
        "row_key": _row_keys(delivered, "crown_court_defendant"),
    }


def _segment(world: World, delivered: dict[str, Delivered]) -> Table:
    rows = world.lives.custody
    return {
        "segment_id": np.arange(1, len(rows) + 1),
        "person_id": rows.person,
        "journey_id": rows.journey,
        "prosecution_id": _ids(rows.prosecution),
        "status": Text(rows.status, codes.CUSTODY_STATUSES),
        "prison": rows.prison,
        "start_date": rows.start,
        "end_date": rows.end,
        "sentence_days": rows.sentence_days,
        "row_key": _row_keys(delivered, "prisoner_custodial_journey"),
    }


def _supervision(world: World, delivered: dict[str, Delivered]) -> Table:
    rows = world.lives.supervisions
    return {
        "supervision_id": np.arange(1, len(rows) + 1),
        "person_id": rows.person,
        "prosecution_id": _ids(rows.prosecution),
        "kind": Text(rows.kind, codes.SUPERVISION_KINDS),
        "area": rows.area,
        "referral_date": rows.referral,
        "start_date": rows.start,
        "end_date": rows.end,
        "length_days": rows.length_days,
        "recalls": rows.recalls,
        "row_key": _row_keys(delivered, "probation"),
    }


def _assessment(world: World, delivered: dict[str, Delivered]) -> Table:
    rows = world.lives.assessments
    needs = ("accommodation", "finance", "drugs", "alcohol", "emotional")
    return {
        "person_id": rows.person,
        "date": rows.date,
        "in_custody": rows.in_custody,
        **{need: getattr(rows, need) for need in needs},
        "previous_custody": rows.previous_custody,
        "age_at_first_conviction": rows.age_at_first_conviction,
        "row_key": _row_keys(delivered, "offender_assessments_oasys"),
    }


def _programme(world: World) -> Table:
    rows = world.lives.programme
    return {
        "person_id": rows.person,
        "segment_id": _ids(rows.segment),
        "started_date": rows.started,
        "released_date": rows.released,
        "court": rows.court,
        "reoffended": rows.reoffended,
        "reoffends_without": rows.reoffends_without,
    }


def _courts(world: World) -> Table:
    magistrates, crowns = world.lives.magistrates_courts, world.lives.crown_courts
    recorded = recorded_evidence_from(world.parameters, world.streams)
    programme = programme_available_from(world.parameters, world.streams)
    none = np.full(len(magistrates), np.datetime64("NaT", "D"))
    never = np.full(len(crowns), np.datetime64("NaT", "D"))
    sizes = (len(magistrates), len(crowns))
    return {
        "tier": Text(np.repeat([0, 1], sizes), _TIERS),
        "court": np.concatenate([np.arange(1, size + 1) for size in sizes]),
        "area": np.concatenate([magistrates.area, crowns.area]),
        "unseen_from": np.concatenate([magistrates.unseen_from, crowns.unseen_from]),
        "recorded_evidence_from": np.concatenate([none, recorded]),
        "programme_from": np.concatenate([programme, never]),
    }
