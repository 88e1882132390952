"""Our `recurrence` against Pearson's rules written once more: no difference is allowed.

`pearson.py` reads the delivered tables by itself. Where the published rules leave a choice,
both sides take the one that our documents state, and it is listed here:

- a person is in a case in another role than that of its subject child; a person with two
  recorded roles on one application, one of them subject, is a subject child;
- of several recorded weeks of birth the earliest is taken; of several sexes the one recorded
  most often (`linkage/people.py`);
- orders count from April 2010, the newer system's are final by their type, and an order that
  matches no child on an application is left out (`sources/mappings/cafcass_orders.py`); a case that
  was closed without a usable final order has none;
- the day on which follow-up ends is not part of it: a return on that very day is not seen;
- a return issued before the final order, or before the start at 37 weeks, is passed over, and
  a later one may still count;
- people are at risk from the day that risk starts, that day included, and for at least one.

Two readings differ where this world has no case of them. The script takes "under one year" to
the first birthday, ours to 365 days: not the same for a child of exactly 365 days with a leap
day between. And of two children taken into one case, each 37 weeks after the one before, the
script makes two sets, ours one.
"""

from __future__ import annotations

import ast
import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from justice_analysis import engine, warehouse
from justice_analysis.metrics.family.recurrence import time_to_return
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions
from justice_analysis.sources.extract import read_extract
from justice_analysis.synthetic import synthesise
from tests.reference import pearson

PEOPLE, SEED = 40_000, 3
LAST_DAY_OF_WORLD = date(2024, 3, 31)
PEARSONS_CENSORING = date(2019, 3, 31)
# Index cases of the financial years 2008/09 to 2017/18.
WINDOW = {"index_from": "2008-04-01", "index_to": "2018-04-01"}
THEIR_WINDOW = {"index_from": date(2008, 4, 1), "index_to": date(2018, 4, 1)}
WEEKS_37 = {"risk_start_days": 259}


@pytest.fixture(scope="session")
def delivered(tmp_path_factory) -> Path:
    world = tmp_path_factory.mktemp("reference") / "world"
    synthesise(PEOPLE, SEED, world)
    return world / "cafcass_england"


@pytest.fixture(scope="session")
def script(delivered):
    return pearson.read(delivered)


@pytest.fixture(scope="session")
def loaded(delivered, tmp_path_factory):
    """The warehouse as anyone would load it: ALF first, ALF2 carried up to it."""
    return warehouse.load([read_extract(delivered)], tmp_path_factory.mktemp("loaded") / "all")


@pytest.fixture(scope="session")
def loaded_to_2019(delivered, tmp_path_factory):
    """The same files seen until 31 March 2019, each person by ALF or else the system's own id."""
    folder = tmp_path_factory.mktemp("extract") / "cafcass_england"
    shutil.copytree(delivered, folder)
    description = json.loads((folder / "extract.json").read_text())
    description["extract_date"] = PEARSONS_CENSORING.isoformat()
    (folder / "extract.json").write_text(json.dumps(description))
    return warehouse.load(
        [read_extract(folder)],
        tmp_path_factory.mktemp("loaded") / "to_2019",
        id_precedence=("alf", "cafcass_person", "alf2"),
    )


def ours(loaded, **options) -> SimpleNamespace:
    frame, flow = time_to_return(loaded, RecurrenceOptions(**options))
    columns = ("proceeding_id", "index_issue", "clock_start", "return_issue", "duration_days")
    rows = engine.execute(frame.select(*columns, "event_observed"))
    named = _delivered_names(loaded)
    people = Counter(
        (named[case], _day(issue), _day(start), _day(returned) if seen else None, days, bool(seen))
        for case, issue, start, returned, days, seen in rows.itertuples(index=False)
    )
    left = [flow.people_at_start, *(step.people for step in flow.steps)]
    return SimpleNamespace(people=people, left=left)


def _delivered_names(loaded) -> dict[int, str]:
    """System and delivered number of each case by its id: the script knows no other."""
    columns = loaded.case.select("case_id", "source_table", "source_key")
    rows = engine.execute(columns).itertuples(index=False)
    return {case: f"{table.split('_')[0]}:{key}" for case, table, key in rows}


def theirs(script, rules: pearson.Rules) -> SimpleNamespace:
    found = pearson.follow(pearson.cases_of_parents(script, rules), rules)
    people = Counter(
        (
            ":".join(map(str, one.index_case)),
            one.index_issue,
            one.clock_start,
            one.return_issue,
            one.duration_days,
            one.event,
        )
        for one in found.followed
    )
    return SimpleNamespace(people=people, left=[count for _, count in found.steps])


def _day(value) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def assert_same(mine: SimpleNamespace, their: SimpleNamespace) -> None:
    assert mine.left == their.left
    assert mine.people - their.people == Counter()
    assert their.people - mine.people == Counter()
    assert sum(mine.people.values()) == mine.left[-1]
    assert any(event for *_, event in mine.people)


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        pytest.param({}, {}, id="any return of mothers"),
        pytest.param({"lookback_years": 0}, {"lookback_years": 0}, id="no look-back"),
        pytest.param({"lookback_years": 3}, {"lookback_years": 3}, id="look-back of three years"),
        pytest.param(
            {"endpoint": "new_infant", **WEEKS_37, **WINDOW},
            {"outcome": "new_infant", **WEEKS_37, **THEIR_WINDOW},
            id="new infant from 37 weeks",
        ),
        pytest.param({"endpoint": "new_child"}, {"outcome": "new_child"}, id="new child"),
        pytest.param({"endpoint": "infant"}, {"outcome": "infant"}, id="infant at any time"),
        pytest.param(
            {"endpoint": "existing_child"}, {"outcome": "existing_child"}, id="existing child"
        ),
        pytest.param(
            {"split_later_born": True}, {"split_later_born": True}, id="later-born split off"
        ),
        pytest.param({"clock": "final_order"}, {"clock": "final_order"}, id="from final order"),
        pytest.param({"parent": "father"}, {"sex": "male"}, id="fathers"),
        pytest.param(
            {"endpoint": "new_child", "birth_day": "first"},
            {"outcome": "new_child", "month_only_birth": "first"},
            id="month-only births on the first day (chapter 4)",
        ),
    ],
)
def test_people_at_each_step_and_returns_are_the_same(loaded, script, options, rules):
    rules = pearson.Rules(carry_alf2=True, followup_end=LAST_DAY_OF_WORLD, **rules)
    assert_same(ours(loaded, **options), theirs(script, rules))


@pytest.mark.parametrize("sex", ["female", "male"])
def test_pearsons_own_rules_give_the_same_people_and_returns(loaded_to_2019, script, sex):
    mine = ours(
        loaded_to_2019,
        parent={"female": "mother", "male": "father"}[sex],
        endpoint="new_infant",
        split_later_born=True,
        **WEEKS_37,
        **WINDOW,
    )
    rules = pearson.Rules(
        sex=sex,
        outcome="new_infant",
        split_later_born=True,
        followup_end=PEARSONS_CENSORING,
        **WEEKS_37,
        **THEIR_WINDOW,
    )
    assert_same(mine, theirs(script, rules))


def test_the_rules_that_are_compared_change_who_is_counted(script):
    """Without this, agreement could mean that a rule never bites in this world."""
    base = pearson.Rules(followup_end=PEARSONS_CENSORING, **THEIR_WINDOW)
    found = {
        name: theirs(script, replace(base, **changed))
        for name, changed in {
            "base": {},
            "alf2": {"carry_alf2": True},
            "split": {"split_later_born": True},
            "infant": {"outcome": "new_infant"},
            "risk": {"outcome": "new_infant", **WEEKS_37},
            "order": {"clock": "final_order"},
            "first": {"outcome": "new_child", "month_only_birth": "first"},
            "new": {"outcome": "new_child"},
        }.items()
    }
    assert found["base"].left[0] > found["base"].left[1] > found["base"].left[3]
    for name, other in {"alf2": "base", "split": "base", "infant": "base", "risk": "infant",
                        "order": "base", "first": "new"}.items():  # fmt: skip
        assert found[name].people != found[other].people, name


def test_the_script_uses_nothing_of_the_package():
    tree = ast.parse(Path(pearson.__file__).read_text())
    named = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.split(".")[0] for name in named} == {
        "__future__", "collections", "dataclasses", "datetime", "pathlib", "typing", "pandas",
    }  # fmt: skip
