"""Data First civil county court as delivered: cases, people and companies in them, events."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.civil.claims import KINDS, ROLES, Claims
from justice_analysis.synthetic.civil.outcomes import EVENT_KINDS, JUDGMENTS, STATUSES, WARRANTS
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.mess import Desk, MessLog, spoil_closures
from justice_analysis.synthetic.people import Bools, Ints
from justice_analysis.synthetic.tables import NULL, Table, Text, hashes
from justice_analysis.synthetic.world import World

DATASET = "civil_county_court"

_TYPES = ("person", "company")
# Identifiers are less complete than in criminal cases, so births are missing more often.
_BIRTHS_MISSING = 8


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver the three civil court tables; only people, not companies, are records."""
    claims = world.claims
    stream = world.streams.stream(DATASET)
    desk = Desk(DATASET, world.rates, stream, log)
    case_hash = hashes(len(claims), stream)
    row_hash = hashes(len(claims.party_claim), stream)
    tables = {
        "cases": _cases(desk, claims, case_hash),
        "case_parties": _parties(world, desk, claims, row_hash, case_hash),
        "case_events": desk.duplicate_rows("case_events", _events(world, desk, claims, case_hash)),
    }
    people = np.flatnonzero(claims.party_person > 0)
    return Delivered(
        tables,
        [("case_parties", row_hash.take(pa.array(people)), claims.party_person[people])],
        np.array(case_hash.to_pylist(), dtype=object),
    )


def _cases(desk: Desk, claims: Claims, case_hash: pa.Array) -> Table:
    since = spoil_closures(desk, "cases", "case_status_date", claims.issued, claims.status_date)
    return {
        "case_number_hash": case_hash,
        "case_type": Text(claims.kind, KINDS),
        "issue_date": claims.issued,
        "claim_amount": _pounds(claims.amount),
        "court": claims.court,
        "case_status": Text(claims.status, STATUSES),
        "case_status_date": since,
    }


def _pounds(amount: np.ndarray) -> pa.Array:
    """Sums of money; one of nothing is not stated."""
    return pa.array(amount, mask=amount <= 0, type=pa.float64())


def _parties(
    world: World, desk: Desk, claims: Claims, row_hash: pa.Array, case_hash: pa.Array
) -> Table:
    company = claims.party_company
    is_company = company >= 0
    unmarked = is_company & desk.drawn(len(company), desk.rates.unmarked_companies)
    desk.note("case_parties", "party_type", "unmarked_companies", unmarked.sum())
    is_bulk = is_company & (company < claims.bulk)
    lost = is_bulk & desk.drawn(len(company), desk.rates.lost_coded_numbers)
    desk.note("case_parties", "coded_party_number", "lost_coded_numbers", lost.sum())
    person = claims.party_person
    sex = world.people.sex[np.maximum(person, 1) - 1]
    return {
        "row_id_hash": row_hash,
        "case_number_hash": case_hash.take(pa.array(claims.party_claim)),
        "party_role": Text(claims.party_role, ROLES),
        "party_type": Text(np.where(unmarked, -1, is_company.astype(np.int64)), _TYPES),
        "gender": np.where(is_company, NULL, np.where(sex == 1, 1, 2)),
        "dob": _births(world, desk, person, is_company),
        "coded_party_number": _keys("C", company, is_bulk & ~lost),
        "company_name_hash": _keys("N", company, is_company),
    }


def _births(world: World, desk: Desk, person: Ints, is_company: Bools) -> np.ndarray:
    """Months of birth, of which many are missing and some are a century or more out."""
    birth = world.people.birth[np.maximum(person, 1) - 1].astype("datetime64[M]")
    missing = ~is_company & desk.drawn(
        len(person), min(0.9, _BIRTHS_MISSING * desk.rates.missing_birth_month)
    )
    typo = ~is_company & ~missing & desk.drawn(len(person), desk.rates.century_typos)
    # Each typo that the cleaning knows, beside the century that it stands for.
    is_later = birth >= np.datetime64("2000-01", "M")
    wrong = birth + np.where(is_later, 2400, -1200).astype("timedelta64[M]")
    desk.note("case_parties", "dob", "missing_birth_month", missing.sum())
    desk.note("case_parties", "dob", "century_typos", typo.sum())
    none = np.datetime64("NaT", "M")
    return np.where(is_company | missing, none, np.where(typo, wrong, birth))


def _keys(prefix: str, company: Ints, has: Bools) -> pa.Array:
    """A key of each company that has one: the same wherever the company stands."""
    highest = int(company.max(initial=0)) + 1
    labels = pa.array([f"{prefix}{number:06d}" for number in range(highest)], pa.string())
    return labels.take(pa.array(np.maximum(company, 0), mask=~has))


def _events(world: World, desk: Desk, claims: Claims, case_hash: pa.Array) -> Table:
    events = claims.events
    n = len(events)
    error = desk.drawn(n, desk.rates.error_events)
    desk.note("case_events", "error", "error_events", error.sum())
    return {
        "event_id": pa.array(desk.stream.permutation(world.keys(n))).cast(pa.string()),
        "case_number_hash": case_hash.take(pa.array(events.claim)),
        "event_type": Text(events.kind, EVENT_KINDS),
        "event_date": events.date,
        "court": claims.court[events.claim],
        "judgment_type": Text(events.judgment, JUDGMENTS),
        "judgment_amount": _pounds(events.amount),
        "warrant_type": Text(events.warrant, WARRANTS),
        "error": error,
    }
