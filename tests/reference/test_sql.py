"""Queries that metrics print, run by DuckDB's own command line, give the package's numbers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import justice_analysis as ja
from justice_analysis import metrics, models
from justice_analysis.metrics.sql import metric_sql

COMMAND = Path(sys.executable).parent / "duckdb"


@pytest.fixture(scope="module")
def opened(full_warehouse):
    return ja.open(full_warehouse)


def answers(opened, name, **options) -> list[pd.DataFrame]:
    """What each query that is no table of its own prints, in order."""
    if not COMMAND.exists():
        pytest.skip("duckdb-cli is not installed: it has no wheel for this system.")
    text = metric_sql(name, opened, **options)
    done = subprocess.run(
        [str(COMMAND), "-json"],
        input=text,
        capture_output=True,
        text=True,
        cwd=opened.generation,
        check=True,
    )
    assert done.stderr == ""
    decoder, found, rest = json.JSONDecoder(), [], done.stdout.strip()
    while rest:
        rows, end = decoder.raw_decode(rest)
        found.append(pd.DataFrame(rows))
        rest = rest[end:].strip()
    return found


def test_counts_by_day_give_the_published_curve_of_recurrence(opened):
    counts = answers(opened, "recurrence")[-1]
    wide = counts.pivot_table(index="day", columns="outcome", values="people", fill_value=0)
    days = models.daily_counts(wide.index, wide["event"].astype(int), wide["censored"].astype(int))
    ours = metrics.recurrence(opened).at(1826).estimate
    read = models.at_times(models.kaplan_meier(days), [1826])
    assert 1 - read.estimate[0] == pytest.approx(ours, abs=1e-12)


def test_completeness_is_what_the_query_counts(opened):
    counted = answers(opened, "completeness")[-1].set_index("source")
    table = metrics.completeness(opened).table
    sexes = table[table["item"] == "sex"]
    assert sorted(sexes["recorded"]) == sorted(int(n) for n in counted["sex"] if int(n) > 0)
    assert set(sexes["parties"]) <= {int(n) for n in counted["parties"]}


def test_contact_across_courts_is_what_the_query_counts(opened):
    rules = {"cohort": "defendants_first_known", "when": "after", "years": 1}
    counted = next(frame for frame in answers(opened, "contact_overlap", **rules) if "any" in frame)
    table = metrics.contact_overlap(opened, **rules).outputs["contact"].table.set_index("outcome")
    assert int(counted["people"].iloc[0]) == table["people"].iloc[0]
    for courts in ("family courts", "criminal courts", "civil courts"):
        assert int(counted[courts].iloc[0]) == table.loc[courts, "in_contact"]
    assert table.loc["criminal courts", "in_contact"] > 0
