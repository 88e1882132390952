"""Civil claims: options, bad input, and claimants whose truth is known."""

from __future__ import annotations

import pandas as pd
import pytest

from justice_analysis import warehouse
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics import civil
from justice_analysis.sources.extract import read_extract
from tests.spec.courts import civil_warehouse

ALL = (
    civil.civil_claims,
    civil.defended_claims,
    civil.default_judgments,
    civil.time_to_judgment,
    civil.enforcement,
    civil.repeat_litigants,
)
HEADING = "claim | kind | issued | claimants | defendants | defence | judgments | warrants | closed"
ONE = (
    f"{HEADING}\nA | money | 2015-01-05 | org:x | 1 | - | default_judgment@2015-02-16 | "
    "control@2015-03-30 | -"
)
OPEN = f"{HEADING}\nA | money | 2015-01-05 | org:x | 1 | - | - | - | -"


@pytest.mark.parametrize("metric", ALL)
def test_an_unknown_option_is_refused(backend, metric):
    with pytest.raises(OptionError, match="no option nonsense"):
        metric(civil_warehouse(backend, ONE), nonsense=1)


@pytest.mark.parametrize(
    ("metric", "options", "said"),
    [
        (civil.civil_claims, {"by": "claimant"}, "by must be one of"),
        (civil.defended_claims, {"within_days": -1}, "must not be negative"),
        (civil.default_judgments, {"of": "people"}, "of must be one of"),
        (civil.time_to_judgment, {"cohort": "entry", "by": "judgment"}, "not yet made"),
        (civil.time_to_judgment, {"horizon_weeks": ()}, "whole weeks above 0"),
        (civil.enforcement, {"by": "warrant"}, "they are its outcomes"),
        (civil.enforcement, {"horizon_weeks": (0,)}, "whole weeks above 0"),
        (
            civil.repeat_litigants,
            {"issued_from": "2015-01-02", "issued_to": "2015-01-01"},
            "before issued_to",
        ),
        (civil.repeat_litigants, {"largest": (0,)}, "above 0"),
    ],
)
def test_options_that_cannot_be_are_refused(backend, metric, options, said):
    with pytest.raises(OptionError, match=said):
        metric(civil_warehouse(backend, ONE), **options)


@pytest.mark.parametrize("metric", ALL)
def test_a_warehouse_without_claims_is_refused(backend, metric):
    empty = civil_warehouse(backend, HEADING + "\n")
    with pytest.raises(MetricError, match="Load the civil county court"):
        metric(empty)


def test_one_claim_is_counted_with_one_person_and_one_body(backend):
    drawn = civil_warehouse(backend, ONE)
    row = civil.civil_claims(drawn, period=None, by=None).table.iloc[0]
    assert (row["claims"], row["people"], row["organisations"]) == (1, 1, 1)
    assert civil.time_to_judgment(drawn, period=None, by=None).table["mean"].tolist() == [6]
    weeks = civil.enforcement(drawn, cohort="exit", period=None, by=None).table
    assert weeks["mean"].tolist() == [6]
    assert weeks["largest_organisation_1"].tolist() == [6]


def test_claims_of_people_alone_have_no_body_behind_them(backend):
    drawn = civil_warehouse(backend, ONE.replace("org:x", "2"))
    for period in (None, "year"):
        table = civil.civil_claims(drawn, period=period, by=None).table
        assert set(table["organisations"]) == {0}
        assert set(table["largest_organisation_1"]) == {0.0}


def test_where_every_claim_is_open_the_share_is_nil_and_an_exit_cohort_is_refused(backend):
    drawn = civil_warehouse(backend, OPEN)
    entry = civil.time_to_judgment(drawn, cohort="entry", period=None, by=None)
    assert entry.table["estimate"].tolist() == [0] * 6
    with pytest.raises(MetricError, match="nothing to count"):
        civil.time_to_judgment(drawn)


def test_a_claim_judged_on_its_day_took_no_time(backend):
    drawn = civil_warehouse(backend, ONE.replace("2015-02-16", "2015-01-05"))
    assert civil.time_to_judgment(drawn, period=None, by=None).table["mean"].tolist() == [0]


def test_claimants_who_are_all_bodies_are_no_people(backend):
    result = civil.repeat_litigants(civil_warehouse(backend, ONE), role="claimant")
    assert list(result.outputs) == ["organisations", "concentration"]


def test_nobody_in_a_role_is_an_error(backend):
    drawn = civil_warehouse(backend, ONE.replace("| 1 |", "| - |"))
    with pytest.raises(MetricError, match="no claim of the window has one"):
        civil.repeat_litigants(drawn)


# A world with known truth -----------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(small_world, tmp_path_factory):
    names = ("civil_county_court", "cross_justice_linking")
    folder = tmp_path_factory.mktemp("civil") / "warehouse"
    return warehouse.load([read_extract(small_world / name) for name in names], folder)


@pytest.fixture(scope="module")
def parties(small_world):
    truth = pd.read_parquet(small_world / "truth" / "claim_party.parquet")
    delivered = pd.read_parquet(small_world / "civil_county_court" / "case_parties.parquet")
    return truth.merge(delivered[["row_id_hash", "case_number_hash", "party_role"]])


def test_the_largest_claimants_bring_what_the_true_companies_bring(opened, parties):
    claims = parties[(parties["party_role"] == "claimant") & parties["company"].notna()]
    brought = claims.groupby("company")["case_number_hash"].nunique().sort_values(ascending=False)
    result = civil.repeat_litigants(opened, role="claimant", largest=(5, 20))
    found = result.outputs["concentration"].table
    assert found["claims_of_largest"].tolist() == [brought.iloc[:5].sum(), brought.iloc[:20].sum()]
    assert found["claims"].tolist() == [parties["case_number_hash"].nunique()] * 2


def test_repeat_defendants_are_as_many_as_links_let_see(opened, parties):
    people = parties[(parties["party_role"] == "defendant") & parties["person_id"].notna()]
    true = (people.groupby("person_id")["case_number_hash"].nunique() > 1).mean()
    found = civil.repeat_litigants(opened).table.iloc[0]
    # Missed links make one person two: the share is too low, by a few hundredths at most.
    assert true - 0.04 < found["estimate"] < true + 0.01


def test_a_fifth_of_money_judgments_has_a_warrant_of_control(opened):
    options = {"period": None, "by": "kind", "horizon_weeks": (52,)}
    table = civil.enforcement(opened, **options).table
    row = table[(table["kind"] == "money") & (table["outcome"] == "control")].iloc[0]
    assert row["lower"] < 0.22 < row["upper"]
