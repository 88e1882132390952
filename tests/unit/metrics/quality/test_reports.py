"""Who was loaded is counted in people; the ledger and the checks count rows, and say so."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from justice_analysis import metrics
from justice_analysis.disclosure import load
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.judge import judge
from justice_analysis.errors import MetricError
from justice_analysis.metrics.people_in_cases import population_hash
from justice_analysis.sources.ledger import Ledger, LedgerEntry
from tests.spec.tables import warehouse

SOURCE = "magistrates_defendant"
REPORTS = ["ledger_output", "set_aside_output", "cleaning_output", "checks_output"]


@pytest.fixture
def drawn(backend):
    made = warehouse(
        backend,
        {
            "case": [{"case_id": n, "proceeding_id": n // 2, "source": SOURCE} for n in range(40)],
            "party": [
                {
                    "party_id": n,
                    "case_id": n,
                    "person_id": n % 3 or None,
                    "source": SOURCE,
                    "role": "defendant",
                }
                for n in range(40)
            ]
            + [{"party_id": 99, "case_id": 1, "organisation_id": "bank", "source": SOURCE}],
        },
    )
    entries = (
        LedgerEntry(SOURCE, "rows", "check", 100, 90, {"duplicate": 10}),
        LedgerEntry(SOURCE, "rows", "mapping", 90, 88, {"no court": 2}),
    )
    cleaning = [{"dataset": SOURCE, "table": "rows", "rule": "sex made missing", "rows": 4}] * 2
    faults = pd.DataFrame(
        [
            (SOURCE, "rows", "sex", "2020", "completeness", "missing", 60, 7),
            (SOURCE, "rows", "sex", "2021", "completeness", "missing", 40, 0),
            (SOURCE, "rows", "day", "", "timeliness", "months behind", 100, 300),
        ],
        columns=["dataset", "table", "field", "year", "aspect", "measure", "rows", "count"],
    )
    more = {
        "ledger": Ledger(entries),
        "quality": {"cleaning": cleaning},
        "quality_table": lambda: faults,
    }
    return SimpleNamespace(**{**vars(made), **more})


def verdict(output, profile):
    return judge([Candidate("one", output, True, "0" * 64)], load(profile))[0].verdict


def test_who_was_loaded_is_counted_in_people_bodies_left_out(drawn):
    output = metrics.loaded_output(drawn)
    assert output.table.to_dict("records") == [
        {"dataset": SOURCE, "people": 2 + 14, "parties": 40, "cases": 20}
    ]
    assert verdict(output, "ons-srs").status == "pass"


def test_what_became_of_rows_is_summed_over_the_steps(drawn):
    ledger, aside = metrics.ledger_output(drawn).table, metrics.set_aside_output(drawn).table
    assert ledger.to_numpy().tolist() == [[SOURCE, "rows", 100, 88, 12]]
    assert aside.to_numpy().tolist() == [
        [SOURCE, "rows", "duplicate", 100, 10],
        [SOURCE, "rows", "no court", 100, 2],
    ]


def test_what_was_mended_is_one_row_a_rule(drawn):
    found = metrics.cleaning_output(drawn).table
    assert found.to_dict("records") == [
        {
            "dataset": SOURCE,
            "table": "rows",
            "rule": "sex made missing",
            "rows_delivered": 100,
            "rows_changed": 8,
        }
    ]


def test_months_are_no_rows_with_a_fault(drawn):
    found = metrics.checks_output(drawn).table
    assert found["measure"].tolist() == ["missing", "missing"]
    assert found["rows_with_the_fault"].tolist() == [7, 0]


@pytest.mark.parametrize("report", REPORTS)
def test_reports_of_rows_are_for_a_person_to_review_wherever_people_are_protected(drawn, report):
    output = getattr(metrics, report)(drawn)
    assert output.about == "records"
    for profile in ("ons-srs", "sail", "opensafely"):
        found = verdict(output, profile)
        assert found.status == "review"
        assert "how many people" in " ".join(found.reasons) or profile == "sail"
    assert verdict(output, "open").status == "pass"


def test_a_report_of_nothing_is_refused(drawn, backend):
    empty = SimpleNamespace(**{**vars(drawn), "ledger": Ledger(), "quality": {"cleaning": []}})
    for report in ("ledger_output", "set_aside_output", "cleaning_output"):
        with pytest.raises(MetricError, match="nothing to show"):
            getattr(metrics, report)(empty)
    with pytest.raises(MetricError, match="the warehouse has none"):
        metrics.loaded_output(warehouse(backend, {}))


def test_outputs_that_count_the_people_in_cases_are_attacked_together(drawn):
    recorded = metrics.completeness(drawn)
    loaded = metrics.loaded_output(drawn)
    assert recorded.population_hash == loaded.population_hash == population_hash(drawn)
