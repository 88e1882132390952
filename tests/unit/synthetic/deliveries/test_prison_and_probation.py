"""Prison, probation and assessments as delivered: what the world holds, and mess that is found."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from justice_analysis import cohorts, engine
from justice_analysis.sources.cleaning import examine_extract
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.mapping import CommonTables
from justice_analysis.sources.mappings.probation import REPEATED
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.deliveries.probation import delivered_positions
from justice_analysis.synthetic.deliveries.registry import SOURCES
from justice_analysis.synthetic.mess import MessLog
from justice_analysis.synthetic.parameters import WorldParameters, no_mess
from justice_analysis.synthetic.simulation import make_world
from justice_analysis.synthetic.tables import (
    rows_in,
    take_rows,
    to_arrow,
    write_tables,
)
from justice_analysis.synthetic.world import World
from tests.delivered import plain
from tests.rules import counted_rules
from tests.unit.synthetic.deliveries.reading import read_back, write_extract

DATASETS = ("prisoner_custodial_journey", "probation", "offender_assessments_oasys")
PEOPLE = 6_000
OFTEN = 0.05
PLANTED = (
    "duplicate_rows",
    "custody_lost_ends",
    "custody_late_ends",
    "custody_swapped_dates",
    "custody_placeholders",
    "custody_impossible_ages",
    "court_code_variants",
    "custody_no_ethnicity",
    "repeated_events",
    "zero_ranks",
    "blank_offence_dates",
    "missing_items",
)


def with_mess(mess: Any) -> WorldParameters:
    return dataclasses.replace(WorldParameters(), mess=mess)


@pytest.fixture(scope="module")
def messy() -> World:
    """A small world in which every kind of mess but link errors is frequent."""
    rates = dataclasses.replace(no_mess(), **dict.fromkeys(PLANTED, OFTEN))
    return make_world(PEOPLE, 3, with_mess(rates))[0]


@pytest.fixture(scope="module")
def clean(messy: World) -> World:
    """The same world without mess."""
    return dataclasses.replace(messy, parameters=with_mess(no_mess()))


@dataclasses.dataclass(frozen=True)
class Loaded:
    """One dataset delivered, checked and mapped."""

    delivered: Delivered
    log: dict[tuple[str, str, str], int]
    aside: dict[tuple[str, str], int]
    unknown: dict[tuple[str, str], int]
    mapped: CommonTables


@pytest.fixture(scope="module")
def load(backend, tmp_path_factory) -> Callable[[World, str], Loaded]:
    done: dict[tuple[int, str], Loaded] = {}

    def run(world: World, dataset: str) -> Loaded:
        at = (id(world), dataset)
        if at not in done:
            done[at] = _load(world, dataset, tmp_path_factory.mktemp(dataset), backend)
        return done[at]

    return run


def _load(world: World, dataset: str, folder: Any, backend: Any) -> Loaded:
    log = MessLog()
    delivered = SOURCES[dataset](world, log)
    examined, mapped = read_back(write_extract(folder, dataset, delivered.tables), backend)
    aside = {
        (table.table, reason): count
        for table in examined.report.tables
        for reason, count in table.set_aside.items()
    }
    unknown = {
        (table.table, finding.column): finding.count
        for table in examined.report.tables
        for finding in table.findings
        if finding.rule == "unknown code"
    }
    counts = {(e["table"], e["column"], e["rule"]): e["count"] for e in log.entries}
    return Loaded(delivered, counts, aside, unknown, mapped)


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_clean_world_is_delivered_without_any_mess(clean, load, dataset):
    loaded = load(clean, dataset)
    assert loaded.log == {}
    assert loaded.aside == {}
    assert loaded.unknown == {}
    assert counted_rules(loaded.mapped) == {}


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_same_world_is_delivered_twice_alike(messy, dataset):
    one, other = (SOURCES[dataset](messy, MessLog()) for _ in range(2))
    for name, table in one.tables.items():
        for column, values in table.items():
            assert to_arrow(values).equals(to_arrow(other.tables[name][column]))


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_record_has_a_key_of_its_own_and_a_person(messy, load, dataset):
    (_, keys, person), *others = load(messy, dataset).delivered.records
    assert not others
    assert len(keys) == len(person) == len(set(keys.to_pylist())) > 200
    assert person.min() >= 1


def test_the_journeys_delivered_are_those_of_the_world(clean, load):
    held = clean.lives.custody
    episodes = load(clean, "prisoner_custodial_journey").mapped.tables["episode"]
    counts = dict(
        plain(engine.execute(episodes.group_by("granularity").aggregate(rows=episodes.count())))
    )
    assert counts == {"journey": len(set(held.journey.tolist())), "segment": len(held)}
    open_rows = episodes.filter(
        episodes.granularity == "segment", episodes.end_reason == "open_at_extract"
    )
    assert engine.count_rows(open_rows) == int(np.isnat(held.end).sum())


@pytest.mark.parametrize(
    ("statuses", "number"), [(["remand"], [0]), (["sentence", "recall"], [1, 2]), ([], [0, 1, 2])]
)
def test_days_in_custody_are_those_of_the_world(clean, load, backend, statuses, number):
    mapped = load(clean, "prisoner_custodial_journey").mapped
    record = mapped.tables["record_id_link"].select("record_id", person_id="identifier")
    episodes = mapped.tables["episode"].inner_join(record, "record_id")
    people = record.select("person_id").distinct()
    windows = people.mutate(
        from_date=engine.add_days("2018-01-01", 0), to_date=engine.add_days("2019-01-01", 0)
    )
    found = cohorts.time_in_custody(
        engine.materialise(episodes, step="test"),
        engine.materialise(windows, step="test"),
        seen_to=clean.extract_date.item(),
        legal_statuses=statuses,
    )
    total = int(engine.execute(found.days_in_custody.sum(), step="test"))
    held = clean.lives.custody
    start = np.maximum(held.start, np.datetime64("2018-01-01"))
    end = np.where(np.isnat(held.end), np.datetime64("2019-01-01"), held.end)
    inside = (np.minimum(end, np.datetime64("2019-01-01")) - start).astype(np.int64).clip(min=0)
    expected = int(inside[np.isin(held.status, number)].sum())
    assert total == expected > 100


def test_the_mess_of_the_prison_data_is_found_with_its_counts(messy, load):
    loaded = load(messy, "prisoner_custodial_journey")
    log, found = loaded.log, counted_rules(loaded.mapped)
    duplicates = log["nomis", "*", "duplicate_rows"]
    assert loaded.aside == {("nomis", "exact duplicate row"): duplicates}
    pairs = {
        "begins inside an earlier journey": ("journey_end_date", "late_ends"),
        "end not recorded: a later journey follows": ("journey_end_date", "lost_ends"),
        "first and last day exchanged": ("journey_end_date", "swapped_dates"),
        "placeholder in journey_end_date made missing": ("journey_end_date", "placeholders"),
        "placeholder in age made missing": ("age_at_reception", "placeholders"),
        "impossible age made missing": ("age_at_reception", "impossible_ages"),
        "placeholder in sentence length made missing": ("sentence_length_days", "placeholders"),
        "gender written in another way": ("gender", "code_variants"),
        "main_offence_group written in another way": ("main_offence_group", "code_variants"),
        "no ethnic group: refusal, filler or blank": ("ethnicity", "no_ethnicity"),
    }
    for rule, (column, kind) in pairs.items():
        assert found["nomis", rule] == log["nomis", column, kind] > 0, rule
    swapped = log["custody_segments", "segment_end_date", "swapped_dates"]
    assert found["custody_segments", "first and last day exchanged"] == swapped > 0
    assert len(found) == len(pairs) + 1


def test_the_mess_of_the_probation_data_is_found_with_its_counts(messy, load):
    loaded = load(messy, "probation")
    log, found, table = loaded.log, counted_rules(loaded.mapped), "moj_probation_flatfile"
    duplicates = log[table, "*", "duplicate_rows"]
    assert loaded.aside == {(table, "exact duplicate row"): duplicates}
    (account,) = (one for one in loaded.mapped.accounts if one.table == table)
    repeated = account.rows.filter(account.rows.reason == REPEATED)
    assert engine.count_rows(repeated) == log[table, "event_id_hash", "repeated_events"] > 0
    swapped = log[table, "disposal_termination_date", "swapped_dates"]
    assert found[table, "disposal and its end exchanged"] == swapped > 0
    silent = log[table, "ethnicity_desc", "no_ethnicity"]
    assert found[table, "no ethnic group: refusal, filler or blank"] == silent > 0
    # These are counted over delivered rows, and columns repeat with their event, so that each
    # count is at least what was planted.
    for rule, column, kind in (
        ("zero rank of deprivation made missing", "imd_rank", "zero_ranks"),
        ("placeholder in length made missing", "length_in_days", "placeholders"),
        ("impossible age made missing", "age_at_offence", "impossible_ages"),
        ("placeholder in age made missing", "age_at_offence", "placeholders"),
        ("gender written in another way", "gender", "code_variants"),
    ):
        assert 0 < log[table, column, kind] <= found[table, rule], rule
        assert found[table, rule] <= 1.2 * log[table, column, kind] + 3, rule
    swapped = log["moj_probation_rqmnts", "rqmnt_termination_date", "swapped_dates"]
    assert found["moj_probation_rqmnts", "date imposed and end exchanged"] == swapped > 0


def test_every_requirement_delivered_belongs_to_an_event(messy, load):
    loaded = load(messy, "probation")
    (account,) = (one for one in loaded.mapped.accounts if one.table == "moj_probation_rqmnts")
    assert engine.count_rows(account.rows.filter(account.rows.reason.notnull())) == 0
    assert engine.count_rows(account.rows) > 300


def test_supervision_is_of_the_kinds_and_dates_of_the_world(clean, load):
    held = clean.lives.supervisions
    at = delivered_positions(clean)
    episodes = load(clean, "probation").mapped.tables["episode"]
    counts = dict(plain(engine.execute(episodes.group_by("kind").aggregate(n=episodes.count()))))
    kinds = np.bincount(held.kind[at], minlength=4)
    assert counts == {
        "probation": kinds[0] + kinds[1],
        "licence": kinds[2],
        "post_sentence_supervision": kinds[3],
    }
    ended = engine.count_rows(episodes.filter(episodes.end_reason == "ended"))
    assert ended == int((~np.isnat(held.end[at])).sum())
    assert engine.count_rows(episodes.filter(episodes.end_reason == "missing")) == 0


def test_the_mess_of_the_assessments_is_found_with_its_counts(messy, load):
    loaded = load(messy, "offender_assessments_oasys")
    log, found = loaded.log, counted_rules(loaded.mapped)
    metadata, screening = "oasys_assessments_metadata", "oasys_assessments_details_bcs"
    undated = log[metadata, "assessment_date", "placeholders"]
    assert found[metadata, "placeholder in assessment_date made missing"] == undated > 0
    ages = log[screening, "question_bcs28", "impossible_ages"]
    assert found[screening, "impossible age made missing"] >= 0.8 * ages > 0
    answers = loaded.delivered.tables["oasys_assessments_details_saq"]
    written = [to_arrow(answers[f"question_saqc20_{item}"]).to_pylist() for item in (1, 2)]
    planted = log["oasys_assessments_details_saq", "*", "missing_items"]
    assert sum(column.count("M") for column in written) >= planted > 0
    copies = {table: n for (table, _, rule), n in log.items() if rule == "duplicate_rows"}
    assert loaded.aside == {(table, "exact duplicate row"): n for table, n in copies.items()}


def test_answers_follow_the_needs_that_the_world_holds(clean, load):
    mapped = load(clean, "offender_assessments_oasys").mapped
    measures = mapped.tables["measure"]
    asked = measures.filter(measures.concept == "oasys:question_3_4")
    counts = dict(plain(engine.execute(asked.group_by("value_code").aggregate(rows=asked.count()))))
    need = np.bincount(clean.lives.assessments.accommodation, minlength=3)
    assert counts == {str(code): int(rows) for code, rows in enumerate(need) if rows}
    events = mapped.tables["event"]
    assert engine.count_rows(events) == len(clean.lives.assessments)


def test_row_keys_lead_from_the_world_to_the_delivered_rows(messy, load):
    prison = load(messy, "prisoner_custodial_journey").delivered
    assert len(prison.row_key) == len(messy.lives.custody)
    assert set(prison.row_key) == set(prison.records[0][1].to_pylist())
    supervision = load(messy, "probation").delivered
    known = supervision.row_key[delivered_positions(messy)]
    assert set(known) <= set(supervision.records[0][1].to_pylist())
    assert sum(key is None for key in supervision.row_key) == len(supervision.row_key) - len(known)


def test_probation_is_read_alike_from_one_file_and_from_thirty_parts(clean, backend, tmp_path):
    tables = SOURCES["probation"](clean, MessLog()).tables
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    write_tables(whole, tables, "parquet")
    for number in range(30):
        some = {
            name: take_rows(table, np.arange(rows_in(table))[number::30])
            for name, table in tables.items()
        }
        write_tables(parts, some, "parquet", number + 1)
    keys = []
    for folder in (whole, parts):
        about = {"dataset": "probation", "nature": "synthetic"}
        (folder / "extract.json").write_text(json.dumps(about), encoding="utf-8")
        kept = examine_extract(read_extract(folder), backend).tables
        keys.append({name: plain(engine.execute(table)) for name, table in kept.items()})
    assert len(list(parts.glob("*.parquet"))) == 60
    assert keys[0] == keys[1]
