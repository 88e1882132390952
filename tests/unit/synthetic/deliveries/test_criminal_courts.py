"""Criminal courts of a small world, delivered, loaded and held against what happened in it."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from justice_analysis import engine
from justice_analysis.sources.extract import read_extract
from justice_analysis.synthetic.criminal.codes import DISPOSALS, OFFENCE_GROUPS, VERDICTS
from justice_analysis.synthetic.deliveries.registry import LINKS, SOURCES
from justice_analysis.synthetic.mess import MessLog
from justice_analysis.synthetic.parameters import MessRates, WorldParameters, no_mess
from justice_analysis.synthetic.simulation import make_world
from justice_analysis.warehouse.accounts import applied_rules
from justice_analysis.warehouse.loading import load
from tests.delivered import plain, set_aside
from tests.unit.synthetic.deliveries.reading import read_back, write_extract

PEOPLE, SEED = 2500, 11
# The table of case summaries of each, and that of offences.
COURTS = {
    "magistrates_defendant": ("mags_defendant_case", "mags_offence"),
    "crown_court_defendant": ("crown_defendant_case", "crown_offence"),
}
MESS = MessRates(
    duplicate_rows=0.02,
    century_typos=0.02,
    court_placeholders=0.02,
    court_impossible_ages=0.01,
    court_swapped_dates=0.02,
    court_code_variants=0.02,
    court_unknown_codes=0.02,
)


def delivered(mess, folder):
    """Make a world, deliver its courts and their links into a folder; the world and the log."""
    world, *_ = make_world(PEOPLE, SEED, replace(WorldParameters(), mess=mess))
    log = MessLog()
    found = {name: SOURCES[name](world, log) for name in COURTS}
    found["cross_justice_linking"] = LINKS["cross_justice_linking"](world, log, found)
    for name, one in found.items():
        write_extract(folder / name, name, one.tables)
    return world, log


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """The lives of a world without mess, and the warehouse that its deliveries make."""
    folder = tmp_path_factory.mktemp("clean")
    world, log = delivered(no_mess(), folder)
    assert log.entries == []
    names = (*COURTS, "cross_justice_linking")
    return world.lives, load([read_extract(folder / name) for name in names], folder / "made")


@pytest.fixture(scope="module")
def messy(tmp_path_factory, backend):
    """The planted mess, and each court's extract after its checks and mapping."""
    folder = tmp_path_factory.mktemp("messy")
    _, log = delivered(MESS, folder)
    planted = {
        (str(one["dataset"]), str(one["table"]), str(one["column"]), str(one["rule"])): one["count"]
        for one in log.entries
    }
    read = {name: read_back(folder / name, backend) for name in COURTS}
    cleaned = {name: one for name, (one, _) in read.items()}
    mapped = {name: one for name, (_, one) in read.items()}
    return planted, cleaned, mapped


def counted(table, *columns):
    """Rows of a common table by some of its columns."""
    grouped = table.group_by(*columns).aggregate(rows=table.count())
    found = plain(engine.execute(grouped.select(*columns, "rows")))
    return {row[:-1] if len(columns) > 1 else row[0]: row[-1] for row in found}


def from_source(table, source):
    return table.filter(table.source == source)


def in_magistrates(lives):
    """Prosecutions that the data have: told again here, from the world alone."""
    held = lives.prosecutions
    received = held.charge_date + (held.case % 2).astype("timedelta64[D]")
    gone = ~np.isnat(held.unseen_from) & (received >= held.unseen_from)
    return ~held.is_single_justice & ~gone


def in_crown(lives):
    held = lives.crown
    gone = ~np.isnat(held.unseen_from) & (held.received >= held.unseen_from)
    return (held.received >= np.datetime64("2013-01-01")) & ~gone


def test_the_world_has_enough_of_each_kind(clean):
    lives, _ = clean
    assert in_magistrates(lives).sum() > 500
    assert set(lives.crown.kind[in_crown(lives)]) == {0, 1, 2}
    assert lives.prosecutions.is_single_justice.any()
    assert (~in_crown(lives)).any()


def test_cases_and_defendants_are_those_of_the_world(clean):
    lives, warehouse = clean
    held, crown = lives.prosecutions, lives.crown
    mags, upper = in_magistrates(lives), in_crown(lives)
    kinds = ("crown_trial", "crown_sentence", "crown_appeal")
    by_case = dict(zip(crown.case[upper], crown.kind[upper], strict=True))
    expected = Counter({"magistrates": len(np.unique(held.case[mags]))})
    expected.update(kinds[kind] for kind in by_case.values())
    assert counted(warehouse.case, "case_type") == dict(expected)
    assert counted(warehouse.party, "source") == {
        "magistrates_defendant": mags.sum(),
        "crown_court_defendant": upper.sum(),
    }


def test_charges_are_those_of_the_world_and_breaches_are_apart(clean):
    lives, warehouse = clean
    held, charges = lives.prosecutions, lives.charges
    there = in_magistrates(lives)[charges.prosecution]
    breach = held.is_breach[charges.prosecution]
    groups = Counter(OFFENCE_GROUPS[one] for one in charges.offence_group[there & ~breach])
    groups["breach"] = int((there & breach).sum())
    matters = from_source(warehouse.matter, "magistrates_defendant")
    assert counted(matters, "code") == dict(groups)
    assert counted(matters, "kind")["application"] == groups["breach"]


def test_verdicts_and_sentences_are_those_of_the_world(clean):
    lives, warehouse = clean
    held, charges = lives.prosecutions, lives.charges
    there = in_magistrates(lives)[charges.prosecution]
    over = there & ~np.isnat(held.final[charges.prosecution])
    decisions = from_source(warehouse.decision, "magistrates_defendant")
    found = counted(decisions, "decision_type", "decision")
    verdicts = Counter(VERDICTS[one] for one in charges.verdict[over])
    assert {name: found["verdict", name] for name in verdicts} == dict(verdicts)
    disposals = Counter(DISPOSALS[one] for one in charges.disposal[there] if one >= 0)
    assert {name: found["sentence", name] for name in disposals} == dict(disposals)


def test_verdicts_on_the_principal_offence_in_the_crown_court_are_those_of_the_world(clean):
    lives, warehouse = clean
    crown = lives.crown
    over = in_crown(lives) & ~np.isnat(crown.completed)
    decisions = from_source(warehouse.decision, "crown_court_defendant")
    principal = decisions.filter(decisions.is_principal, decisions.decision_type == "verdict")
    expected = Counter(VERDICTS[one] for one in crown.verdict[over])
    assert counted(principal, "decision") == dict(expected)


def test_each_defendant_has_one_principal_offence(clean):
    lives, warehouse = clean
    remands = warehouse.decision.filter(warehouse.decision.decision_type == "remand")
    assert counted(remands, "source", "is_principal") == {
        ("magistrates_defendant", True): in_magistrates(lives).sum(),
        ("crown_court_defendant", True): in_crown(lives).sum(),
    }


def test_committals_and_appeals_tie_the_cases_of_the_world(clean):
    lives, warehouse = clean
    crown = lives.crown
    both = in_crown(lives) & in_magistrates(lives)[crown.prosecution]
    pairs = {
        (lives.prosecutions.case[of], case, "appeal" if kind == 2 else "committal")
        for of, case, kind in zip(
            crown.prosecution[both], crown.case[both], crown.kind[both], strict=True
        )
    }
    expected = Counter(relation for _, _, relation in pairs)
    assert counted(warehouse.case_link, "relation") == dict(expected)


def test_those_sent_to_the_crown_court_have_an_event_that_says_why(clean):
    lives, warehouse = clean
    held = lives.prosecutions
    kind = np.append(lives.crown.kind, 2)[held.crown]
    sent = in_magistrates(lives) & (held.crown >= 0) & (kind < 2) & ~np.isnat(held.final)
    events = warehouse.event.filter(warehouse.event.event_type == "sent_to_crown")
    assert counted(events, "value_code") == {
        "trial": (sent & (kind == 0)).sum(),
        "sentence": (sent & (kind == 1)).sum(),
    }


def test_unfinished_cases_of_courts_that_moved_are_migrated(clean):
    lives, warehouse = clean
    held = lives.prosecutions
    unfinished = in_magistrates(lives) & np.isnat(held.final)
    moved = unfinished & ~np.isnat(held.unseen_from)
    statuses = counted(from_source(warehouse.case, "magistrates_defendant"), "status")
    assert statuses.get("migrated", 0) == len(np.unique(held.case[moved]))
    assert sum(statuses.values()) - statuses["closed"] == len(np.unique(held.case[unfinished]))


def test_coverage_ends_on_the_day_of_each_courts_move(clean):
    lives, warehouse = clean
    moved = warehouse.coverage.filter(warehouse.coverage.reason == "migrated to Common Platform")
    assert counted(moved, "source") == {
        "magistrates_defendant": (~np.isnat(lives.magistrates_courts.unseen_from)).sum(),
        "crown_court_defendant": (~np.isnat(lives.crown_courts.unseen_from)).sum(),
    }


# What is planted is found -----------------------------------------------------------------

RULES = {
    "century_typos": "century of birth mended",
    "placeholders": "placeholder in {column} made missing",
    "impossible_ages": "impossible age made missing",
    "swapped_dates": "first hearing and final result exchanged",
    "code_variants": "{column} written in another way",
}


@pytest.mark.parametrize("dataset", COURTS)
def test_cleaning_counts_recover_what_was_planted(messy, dataset):
    planted, _, mapped = messy
    expected = {
        (table, RULES[rule].format(column=column)): count
        for (source, table, column, rule), count in planted.items()
        if source == dataset and rule in RULES
    }
    found = {
        (one["table"], one["rule"]): one["rows"]
        for one in applied_rules(mapped[dataset])
        if one["rows"]
    }
    assert len(expected) > 8
    assert found == expected


@pytest.mark.parametrize("dataset", COURTS)
def test_rows_delivered_twice_are_set_aside_and_counted(messy, dataset):
    planted, cleaned, mapped = messy
    for table in COURTS[dataset]:
        twice = planted[dataset, table, "*", "duplicate_rows"]
        assert twice > 0
        assert sum(cleaned[dataset].report.table(table).set_aside.values()) == twice
        assert set(set_aside(mapped[dataset], table)) == {""}


@pytest.mark.parametrize("dataset", COURTS)
def test_unknown_codes_are_kept_and_found(messy, dataset):
    planted, cleaned, _ = messy
    summary, _ = COURTS[dataset]
    strange = planted[dataset, summary, "plea", "unknown_codes"]
    pleas = [one for one in cleaned[dataset].report.table(summary).findings if one.column == "plea"]
    assert [one.rule for one in pleas] == ["unknown code"]
    # Rows delivered twice are checked twice.
    twice = planted[dataset, summary, "*", "duplicate_rows"]
    assert strange <= pleas[0].count <= strange + twice
    delivered_pleas = cleaned[dataset].tables[summary].filter(lambda rows: rows.plea == "ZZ")
    assert engine.count_rows(delivered_pleas) == strange
