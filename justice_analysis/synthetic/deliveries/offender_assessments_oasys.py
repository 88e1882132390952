"""Data First offender assessments as delivered: an assessment, and its answers by table.

The needs that the world holds answer the items that they are about; other items of the same
section follow them with noise, and items of which the codes are not public stay empty.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from justice_analysis import contracts
from justice_analysis.contracts import Field
from justice_analysis.synthetic.criminal.lives import Assessments
from justice_analysis.synthetic.deliveries.criminal_records import PLACEHOLDER_DATE
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.mess import Desk, MessLog
from justice_analysis.synthetic.people import Bools, Ints, days
from justice_analysis.synthetic.tables import NULL, Column, Table, Text, hashes
from justice_analysis.synthetic.world import World

DATASET = "offender_assessments_oasys"
METADATA = "oasys_assessments_metadata"
_PREFIX = "oasys_assessments_details_"
_CORE, _SCREENING = f"{_PREFIX}core_risk", f"{_PREFIX}bcs"
# Share of assessments that have each of the other tables.
_SHARES = {"tr_bcs": 0.3, "sara": 0.15, "skillschecker": 0.2, "saq": 0.5, "rmp": 0.8}
_MISSING = "M"  # what the source writes where an answer is missing
# Beginnings of the names of items that are about each need.
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "accommodation": ("question_3_", "question_bcs3", "question_bcs43", "question_tr_bcs3"),
    "finance": (
        "question_5_",
        "question_2_9_f",
        "question_2_9_v2_f",
        "question_bcs5",
        "question_s",
    ),
    "alcohol": ("question_2_10_a", "question_13_3_9", "question_bcs82"),
    "drugs": ("question_8_", "question_2_10_d", "question_13_3_10", "question_bcs8"),
    "emotional": ("question_10_",),
}
# Items that say a need itself, without noise.
_EXACT: Mapping[str, str] = {
    "question_3_4": "accommodation",
    "question_5_2": "finance",
    "question_bcs81": "drugs",
    "question_10_6": "emotional",
}
_AGE_ITEM = "question_bcs28"


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver the eight tables; screenings only of people in custody, others of some."""
    stream = world.streams.stream(DATASET)
    desk = Desk(DATASET, world.rates, stream, log)
    held = world.lives.assessments
    n = len(held)
    row_hash, key = hashes(n, stream), hashes(n, stream)
    tables: dict[str, Table] = {METADATA: _metadata(desk, held, row_hash, key)}
    for table in contracts.load(DATASET).tables[1:]:
        at = np.flatnonzero(_has(desk, held, table.name))
        answers = {
            field.name: _answer(desk, held, at, field, table.name) for field in table.fields[1:]
        }
        _note_missing(desk, table.name, answers)
        if table.name == _CORE:
            answers |= _totals(answers)
        rows: Table = {"assessment_id_hash": key.take(pa.array(at)), **answers}
        tables[table.name] = desk.duplicate_rows(table.name, rows)
    return Delivered(
        tables,
        [(METADATA, row_hash, held.person)],
        np.zeros(0, dtype=object),
        np.array(row_hash.to_pylist(), dtype=object),
    )


def _metadata(desk: Desk, held: Assessments, row_hash: pa.Array, key: pa.Array) -> Table:
    undated = desk.drawn(len(held), desk.rates.custody_placeholders)
    desk.note(METADATA, "assessment_date", "placeholders", undated.sum())
    rows: Table = {
        "assessment_id_hash": key,
        "row_id_hash": row_hash,
        "assessment_date": np.where(undated, PLACEHOLDER_DATE, held.date),
        "level_healthcare_req_elm": pa.nulls(len(held), pa.string()),
    }
    return desk.duplicate_rows(METADATA, rows)


def _has(desk: Desk, held: Assessments, table: str) -> Bools:
    """Which assessments have a row in a table."""
    if table == _CORE:
        return np.ones(len(held), dtype=bool)
    if table == _SCREENING:
        return held.in_custody.astype(bool)
    return desk.stream.random(len(held)) < _SHARES[table.removeprefix(_PREFIX)]


def _need(held: Assessments, at: Ints, item: str) -> Ints:
    """The need that an item is about, 0 where it is about none that the world holds."""
    for need, beginnings in _ABOUT.items():
        if item.startswith(beginnings):
            return getattr(held, need)[at].astype(np.int64)
    return np.zeros(len(at), dtype=np.int64)


def _answer(desk: Desk, held: Assessments, at: Ints, field: Field, table: str) -> Column:
    """Answers to one item, some marked missing where it has codes."""
    own = _own_answer(held, at, field.name)
    if own is not None:
        return _spoiled_age(desk, own, table) if field.name == _AGE_ITEM else own
    if field.type == "date":
        return held.date[at] - days(desk.stream.integers(1, 60, len(at)))
    if field.type == "integer":
        return desk.stream.integers(0, 9, len(at))
    if not field.codes:
        return pa.nulls(len(at), pa.string())
    code = _coded(desk, _need(held, at, field.name), field)
    missing = desk.drawn(len(at), desk.rates.missing_items)
    return Text(np.where(missing, len(field.codes), code), (*field.codes, _MISSING))


def _note_missing(desk: Desk, table: str, answers: Mapping[str, Column]) -> None:
    """Note how many answers of a table are marked missing, of all items together."""
    marked = sum(
        int((answer.code == len(answer.labels) - 1).sum())
        for answer in answers.values()
        if isinstance(answer, Text)
    )
    desk.note(table, "*", "missing_items", marked)


def _own_answer(held: Assessments, at: Ints, item: str) -> np.ndarray | None:
    """What the world says itself: counts and ages."""
    if item == "question_1_10":
        return np.minimum(held.previous_custody[at], 9).astype(np.int64)
    if item == _AGE_ITEM:
        return np.clip(held.age_at_first_conviction[at], 10, 99).astype(np.int64)
    return None


def _spoiled_age(desk: Desk, age: np.ndarray, table: str) -> Ints:
    hit = desk.drawn(len(age), desk.rates.custody_impossible_ages)
    desk.note(table, _AGE_ITEM, "impossible_ages", hit.sum())
    return np.where(hit, 0, age)


def _coded(desk: Desk, need: Ints, field: Field) -> Ints:
    """Position of each answer in the item's codes, -1 where none is given."""
    n = len(need)
    if set(field.codes) == {"0", "1", "2"}:
        step = desk.stream.choice([-1, 0, 0, 0, 1], n)
        return np.clip(need + (0 if field.name in _EXACT else step), 0, 2)
    says_yes = desk.stream.random(n) < np.array([0.08, 0.45, 0.85])[need]
    yes = len(field.codes) - 1
    return np.where(says_yes, yes, yes - 1)


def _totals(answers: Mapping[str, Column]) -> Table:
    """Section totals from their items; missing where an item is."""
    return {
        "question_3_tot": _total(answers, 2, "question_3_4", "question_3_5", "question_3_6"),
        "question_5_tot": _total(
            answers, 2, "question_5_2", "question_5_3", "question_5_4", "question_5_5"
        ),
    }


def _total(answers: Mapping[str, Column], most: int, *items: str) -> Ints:
    """Sum of items on a scale up to `most`."""
    codes = []
    for item in items:
        answer = answers[item]
        assert isinstance(answer, Text)
        codes.append(answer.code)
    stacked = np.stack(codes)
    return np.where((stacked > most).any(axis=0), NULL, stacked.sum(axis=0))
