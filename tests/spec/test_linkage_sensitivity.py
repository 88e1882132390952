"""What a headline rests on when links may be wrong: drawn, one table for each rule."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from justice_analysis.metrics.family.recurrence import recurrence
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions
from justice_analysis.metrics.linkage import headline_of, linkage_sensitivity
from justice_analysis.metrics.linkage.further_cases import FurtherCases, further_cases
from tests.spec.family import care_warehouse

# Mother 1 returns twice, 2 once, 3 and 4 never; all are first seen after a year of history.
HISTORIES = """
case | set | issued     | order      | mother | role       | child | born
A    | A   | 2010-06-01 | 2010-12-01 | 1      | respondent | 11    | 2006-01-02
B    | B   | 2011-06-01 | 2011-12-01 | 1      | respondent | 12    | 2011-05-07
C    | C   | 2012-01-01 | 2012-07-01 | 1      | respondent | 13    | 2011-12-20
D    | D   | 2010-06-01 | 2010-12-01 | 2      | respondent | 21    | 2008-01-07
E    | E   | 2013-06-01 | 2013-12-01 | 2      | respondent | 22    | 2013-05-07
F    | F   | 2010-06-01 | 2010-12-01 | 3      | respondent | 31    | 2008-01-07
G    | G   | 2010-06-01 | 2010-12-01 | 4      | respondent | 41    | 2008-01-07
"""


def drawn(backend):
    """The histories, with links that state no level."""
    return SimpleNamespace(**vars(care_warehouse(backend, HISTORIES)), link_levels=("unstated",))


def test_further_sets_that_pass_the_entry_rules_would_be_first_ones_if_their_link_were_missed(
    backend,
):
    warehouse = care_warehouse(backend, HISTORIES)
    # B, C and E pass; of them B alone is followed by another within a year.
    found = further_cases(warehouse, RecurrenceOptions(), horizon_days=365)
    assert found == {"all": FurtherCases(3, pytest.approx(1 / 3))}
    # Only B is issued before 2012: what the window leaves out is no false first case.
    early = further_cases(warehouse, RecurrenceOptions(index_to="2012-01-01"), horizon_days=365)
    assert early == {"all": FurtherCases(1, 1.0)}


def test_a_headline_is_the_metrics_estimate_at_one_horizon(backend):
    warehouse = care_warehouse(backend, HISTORIES)
    headline = headline_of(recurrence(warehouse), horizon_days=365)
    assert headline.kind == "survival"
    assert headline.outcome == "a further set of care proceedings within 1 year"
    row = headline.rows.iloc[0]
    assert (row["group"], row["people"], row["returned"], row["estimate"]) == ("all", 4, 1, 0.25)


def test_the_correction_is_that_of_the_page_by_hand(backend):
    warehouse = drawn(backend)
    result = linkage_sensitivity(
        "recurrence", warehouse, horizon_days=365, missed=(0.0, 0.1), false=(0.0, 0.05)
    )
    table = result.table.set_index(["missed_links", "false_links"])["estimate"]
    assert table["0 percent", "0 percent"] == 0.25
    # q = 1/4, A = (q - f) / (1 - f); r = 3/4 A/q; p2 = (1/3 - f) / (1 - f) / (1 - m).
    assert table["0 percent", "5 percent"] == pytest.approx(0.2 / 0.95)
    p2 = 1 / 3 / 0.9
    assert table["10 percent", "0 percent"] == pytest.approx(
        (0.25 - 0.1 * 0.75 * p2) / (1 - 0.1 * 1.75)
    )
    seen, again = 0.2 / 0.95, (1 / 3 - 0.05) / 0.95 / 0.9
    r = 0.75 * seen / 0.25
    assert table["10 percent", "5 percent"] == pytest.approx(
        (seen - 0.1 * r * again) / (1 - 0.1 * (1 + r))
    )


def test_bounds_reach_from_the_worst_rates_to_the_best(backend):
    warehouse = drawn(backend)
    result = linkage_sensitivity(
        "recurrence", warehouse, horizon_days=365,
        missed_range=(0.0, 0.1), false_range=(0.0, 0.05),
    )  # fmt: skip
    row = result.outputs["bounds"].table.iloc[0]
    # Least: f = 0.05 and no missed link, or false first cases who all return again.
    no_missed, all_again = 0.2 / 0.95, (0.2 / 0.95 - 0.075) / (1 - 0.175)
    assert row["least"] == pytest.approx(min(no_missed, all_again))
    # Greatest: no false link, m = 0.1, false first cases who never return again.
    assert row["greatest"] == pytest.approx(0.25 / (1 - 0.175))
