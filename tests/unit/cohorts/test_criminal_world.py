"""Journeys and time at risk beside the truth of a synthetic world of 20,000 people."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from justice_analysis import engine, synthetic, warehouse
from justice_analysis.cohorts import (
    counts_by_day,
    follow_up,
    journey_stages,
    journeys,
    open_caseload,
    time_at_risk,
)
from justice_analysis.linkage.levels import derive_people
from justice_analysis.linkage.proceedings import ONE_SET
from justice_analysis.models import daily_counts, kaplan_meier
from justice_analysis.sources.extract import read_extract

PEOPLE, SEED = 20_000, 3
COURTS = "magistrates_defendant"
DATASETS = (
    COURTS,
    "crown_court_defendant",
    "prisoner_custodial_journey",
    "probation",
    "cross_justice_linking",
)
# First cases from 2016, before any court moved: enough are followed for five years.
ENTERED = (pd.Timestamp("2016-01-01"), pd.Timestamp("2020-01-01"))
SEEN_TO = pd.Timestamp("2024-03-31")
FIVE_YEARS = 1826


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("criminal") / "world"
    synthetic.synthesise(PEOPLE, SEED, made)
    return made


@pytest.fixture(scope="module")
def loaded(folder, tmp_path_factory):
    into = tmp_path_factory.mktemp("criminal") / "warehouse"
    return warehouse.load([read_extract(folder / name) for name in DATASETS], into)


@pytest.fixture(scope="module")
def truth(folder):
    """Tables of truth by name."""
    return lambda name: pd.read_parquet(folder / "truth" / f"{name}.parquet")


# People ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def linked(loaded, truth):
    """Delivered records with the person that linkage gave each and who it truly is."""
    precedence = loaded.manifest["id_precedence"]
    who = engine.execute(derive_people(loaded.link, "unstated", precedence))
    own = loaded.link.filter(loaded.link.id_system == "estimated_offender")
    keys = engine.execute(own.select("record_id", "source", "source_table", "source_key"))
    true = truth("record").rename(columns={"person_id": "true_person"})
    named = keys.merge(
        true,
        left_on=["source", "source_table", "source_key"],
        right_on=["dataset", "table", "key"],
    )
    return named.merge(who, on="record_id")


def pairs_within(rows, *columns):
    """Pairs of records that agree in some columns."""
    sizes = rows.groupby(list(columns)).size()
    return int((sizes * (sizes - 1) // 2).sum())


def test_records_of_one_person_are_joined_and_those_of_others_are_not(linked):
    assert set(linked["source"]) == set(DATASETS) - {"cross_justice_linking"}
    both = pairs_within(linked, "person_id", "true_person")
    assert both / pairs_within(linked, "person_id") > 0.99
    assert both / pairs_within(linked, "true_person") > 0.95


def test_what_is_known_of_a_person_is_nearly_always_true(loaded, linked, truth):
    people = engine.execute(loaded.person.select("person_id", "sex", "birth_month"))
    whose = linked.groupby("person_id")["true_person"].min().rename("true_person")
    true = truth("person").rename(columns={"person_id": "true_person", "sex": "true_sex"})
    both = people.merge(whose, left_on="person_id", right_index=True).merge(true, on="true_person")
    known = both.dropna(subset=["sex"])
    assert (known["sex"] == known["true_sex"]).mean() > 0.99
    born = both.dropna(subset=["birth_month"])
    month = pd.to_datetime(born["birth_month"]).dt.to_period("M")
    assert (month == pd.to_datetime(born["birth_date"]).dt.to_period("M")).mean() > 0.98


def test_precedence_and_levels_are_in_the_manifest_and_disagreement_is_counted(loaded):
    precedence = loaded.manifest["id_precedence"]
    assert precedence.index("xjs") < precedence.index("xjs_2022") < precedence.index("record")
    assert loaded.link_levels == ("unstated",)
    assert loaded.manifest["proceedings"]["merge"] == list(ONE_SET)
    counted = loaded.quality["people"]["people_whose_records_disagree"]
    assert set(counted) == {"sex", "birth_month", "ethnicity_group", "death_date"}
    assert counted["birth_month"] > 0


def test_a_case_sent_up_is_one_set_with_its_crown_court_case_and_an_appeal_is_not(loaded):
    case = loaded.case.select("case_id", "proceeding_id")
    upper = case.select(related_case_id="case_id", related_set="proceeding_id")
    ties = loaded.case_link.join(case, "case_id").join(upper, "related_case_id")
    same = ties.proceeding_id == ties.related_set
    counted = ties.group_by("relation").aggregate(ties=ties.count(), one_set=same.sum())
    found = engine.execute(counted).set_index("relation")
    assert found.loc["committal", "one_set"] == found.loc["committal", "ties"]
    assert found.loc["appeal", "one_set"] < found.loc["appeal", "ties"]


# Journeys -------------------------------------------------------------------------------


def keyed(opened, found):
    """Journeys with the delivered keys of what they lead to, in place of ids."""
    rows = found.table
    stages = {"mags": "party_id", "crown": "crown_party_id"}
    stages |= {stage: f"{stage}_id" for stage in ("remand", "custody", "probation")}
    keys = engine.union(
        opened.party.select(key_of="party_id", key="source_key"),
        opened.episode.select(key_of="episode_id", key="source_key"),
    ).distinct()
    for stage, column in stages.items():
        named = keys.select(key_of="key_of", **{f"{stage}_key": "key"}).view()
        rows = rows.left_join(named, rows[column] == named.key_of).drop("key_of")
    wanted = [name for name in rows.columns if name.endswith(("_key", "_how"))]
    return engine.execute(rows.select("starts_at", "probation_kind", *wanted))


@pytest.fixture(scope="module")
def found(loaded):
    made = journeys(loaded)
    return made, keyed(loaded, made)


def rates(found, true):
    """Precision and recall of pairs."""
    return len(found & true) / len(found), len(found & true) / len(true)


def pairs(frame, *columns):
    held = frame[list(columns)].dropna()
    return set(held.itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def sent_up(truth):
    """True pairs of delivered rows: magistrates' court and Crown Court, appeals left out."""
    crown = truth("crown_defendant")
    lower = truth("prosecution")[["prosecution_id", "row_key"]]
    both = crown[crown["kind"] != "appeal"].merge(lower, on="prosecution_id")
    return pairs(both, "row_key_y", "row_key_x")


def test_crown_court_rows_are_found_by_ties_and_else_by_person_and_dates(found, sent_up):
    rows = found[1][found[1]["starts_at"] == "magistrates"]
    precision, recall = rates(pairs(rows, "mags_key", "crown_key"), sent_up)
    assert precision > 0.995
    assert recall > 0.99
    for how in journey_stages.JOINED:
        held = pairs(rows[rows["crown_how"] == how], "mags_key", "crown_key")
        assert len(held) > 10
        assert rates(held, sent_up)[0] > 0.95


def test_without_a_link_table_person_and_dates_find_most_crown_court_rows(loaded, sent_up):
    names = ("case", "party", "matter_party", "decision", "event", "episode", "coverage")
    tables = {name: getattr(loaded, name) for name in names}
    none = loaded.case_link.filter(ibis.literal(False))
    alone = SimpleNamespace(**tables, case_link=none)
    rows = keyed(loaded, journeys(alone))
    rows = rows[rows["starts_at"] == "magistrates"]
    assert set(rows["crown_how"].dropna()) & {journey_stages.CASE_LINK} == set()
    precision, recall = rates(pairs(rows, "mags_key", "crown_key"), sent_up)
    assert precision > 0.98
    assert 0.90 < recall < 0.99


@pytest.fixture(scope="module")
def prosecuted(found, truth):
    """Journeys with the true prosecution of each."""
    named = pd.concat([truth("prosecution"), truth("crown_defendant")])
    of = named.dropna(subset=["row_key"]).set_index("row_key")["prosecution_id"]
    rows = found[1]
    return rows.assign(prosecution_id=rows["mags_key"].map(of).astype("float64"))


@pytest.mark.parametrize(("stage", "status"), [("remand", "remand"), ("custody", "sentence")])
def test_custody_is_the_stay_of_that_prosecution(prosecuted, truth, stage, status):
    segments = truth("custody_segment")
    own = pairs(segments[segments["status"] == status], "prosecution_id", "row_key")
    expected = prosecuted[prosecuted[f"{stage}_how"].notna()]
    true = {pair for pair in own if pair[0] in set(expected["prosecution_id"])}
    held = pairs(expected, "prosecution_id", f"{stage}_key")
    # Those with no stay of their own were held for another matter on the day.
    judged = {pair for pair in held if pair[0] in {at for at, _ in true}}
    assert rates(judged, true)[0] > 0.98
    served = {at for at, _ in held & true}
    assert len(served) / len({at for at, _ in true}) > 0.95


@pytest.mark.parametrize(
    ("kind", "orders", "least_precision", "least_recall"),
    [
        ("probation", ("community_order", "suspended_sentence_order"), 0.98, 0.94),
        # Released under one sentence of several, people begin licence inside custody.
        ("licence", ("licence",), 0.88, 0.82),
    ],
)
def test_supervision_is_that_of_the_sentence(
    prosecuted, truth, kind, orders, least_precision, least_recall
):
    held = truth("supervision")
    expected = prosecuted[prosecuted["probation_how"].notna()]
    true = pairs(held[held["kind"].isin(orders)], "prosecution_id", "row_key")
    true = {pair for pair in true if pair[0] in set(expected["prosecution_id"])}
    of_kind = expected[expected["probation_kind"] == kind]
    precision, recall = rates(pairs(of_kind, "prosecution_id", "probation_key"), true)
    assert precision > least_precision
    assert recall > least_recall


def test_every_defendant_expected_at_a_stage_is_counted_once(found, loaded):
    made, rows = found
    party = loaded.party
    counts = made.attrition.groupby("stage")["defendants"].sum()
    sent = loaded.event.filter(loaded.event.event_type == "sent_to_crown")
    assert counts["Crown Court"] >= engine.count_rows(sent.select("party_id").distinct())
    assert counts["first court"] == len(rows)
    lower = party.filter(party.source == COURTS)
    starts = made.attrition.set_index("how")["defendants"]
    assert starts["magistrates' court"] == engine.count_rows(lower)
    lost = made.attrition[~made.attrition["is_joined"]]
    assert {journey_stages.MIGRATED, journey_stages.BEFORE} <= set(lost["how"])


# Time at risk ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def returns(loaded):
    """Each defendant's first case from 2016, of those before 2020, and the day of the next."""
    case = loaded.case.filter(loaded.case.source == COURTS)
    cases = case.select("case_id", "received_date", "place_id")
    party = loaded.party.select("case_id", "person_id").filter(ibis._.person_id.notnull())
    rows = party.join(cases, "case_id")
    rows = rows.filter(rows.received_date >= ibis.literal(ENTERED[0].date()))
    first = engine.first_per_group(rows, by=["person_id"], order_by=["received_date", "case_id"])
    first = first.filter(first.received_date < ibis.literal(ENTERED[1].date()))
    index = first.select("person_id", "place_id", start_date="received_date")
    later = rows.join(index.select("person_id", "start_date"), "person_id")
    later = later.filter(later.received_date > later.start_date)
    returned = later.group_by(back="person_id").aggregate(return_date=later.received_date.min())
    joined = index.left_join(returned, index.person_id == returned.back).drop("back")
    return engine.materialise(joined, step="defendants and returns")


def share_returned(people):
    """Share with a return by five years, and its standard error."""
    frame = follow_up(people, start="start_date", event="return_date", end="censor_date")
    counts = counts_by_day(frame)
    counts = counts[counts["outcome"] != "entered"]
    is_event = counts["outcome"] == "event"
    made = daily_counts(counts["day"], counts["people"] * is_event, counts["people"] * ~is_event)
    curve = kaplan_meier(made)
    at = int(np.searchsorted(curve.counts.time, FIVE_YEARS, side="right")) - 1
    return 1 - curve.survival[at], float(np.sqrt(curve.variance[at]))


@pytest.fixture(scope="module")
def cases(truth):
    """True prosecutions that the courts' data would hold, had no court moved."""
    rows = truth("prosecution")
    rows = rows[~rows["is_single_justice"]]
    day = pd.to_datetime(rows["charge_date"])
    received = day + pd.to_timedelta((rows["case_number"] - 1) % 2, unit="D")
    return rows.assign(received=received, gone=pd.to_datetime(rows["unseen_from"]))


@pytest.fixture(scope="module")
def true_share(cases):
    rows = cases[cases["received"] >= ENTERED[0]]
    first = rows.groupby("person_id")["received"].min()
    first = first[first < ENTERED[1]].rename("start")
    both = rows.merge(first, left_on="person_id", right_index=True)
    back = both[both["received"] > both["start"]].groupby("person_id")["received"].min()
    seen = back.reindex(first.index)
    days = (seen.fillna(SEEN_TO) - first).dt.days
    curve = kaplan_meier(daily_counts(days, seen.notna().astype(int), seen.isna().astype(int)))
    at = int(np.searchsorted(curve.counts.time, FIVE_YEARS, side="right")) - 1
    return 1 - curve.survival[at]


def test_returns_followed_to_the_extract_are_far_too_few(returns, true_share):
    naive, _ = share_returned(returns.mutate(censor_date=ibis.literal(SEEN_TO.date())))
    assert true_share - naive > 0.025


def test_returns_followed_while_the_court_was_covered_are_the_true_ones(
    loaded, returns, true_share
):
    risk = time_at_risk(loaded, returns, source=COURTS)
    ours, error = share_returned(risk)
    assert abs(ours - true_share) < 2 * error
    reasons = engine.execute(risk.select("censor_reason").distinct())["censor_reason"]
    assert set(reasons) == {"migrated to Common Platform"}


def test_time_in_custody_shortens_time_at_risk_and_never_below_nothing(loaded, returns):
    free = time_at_risk(loaded, returns, source=COURTS)
    held = time_at_risk(loaded, returns, source=COURTS, custody=True)
    both = free.select("person_id", all_days="days_at_risk").join(held, "person_id")
    sums = engine.execute(
        both.aggregate(
            rows=both.count(),
            odd=(both.days_at_risk + both.days_in_custody != both.all_days).sum(),
            below=(both.days_at_risk < 0).sum(),
            custody=both.days_in_custody.sum(),
        )
    ).iloc[0]
    assert sums["rows"] == engine.count_rows(returns)
    assert (sums["odd"], sums["below"]) == (0, 0)
    assert sums["custody"] > 0


def open_on(cases, day, *, covered):
    """True open cases on a day, of courts that were still covered or of all."""
    on = pd.Timestamp(day)
    rows = cases[cases["gone"].isna() | (cases["gone"] > on)] if covered else cases
    final = pd.to_datetime(rows["final_date"])
    ends = rows.assign(final=final.where(final.notna(), pd.Timestamp("2100-01-01")))
    whole = ends.groupby("case_number").agg(received=("received", "min"), final=("final", "max"))
    return int(((whole["received"] <= on) & (whole["final"] > on)).sum())


def test_open_caseload_is_true_of_the_courts_still_covered_and_naively_far_too_low(loaded, cases):
    dates = [datetime.date(year, 1, 1) for year in (2019, 2020, 2021, 2022, 2023)]
    found = open_caseload(loaded, dates, source=COURTS)
    true = [open_on(cases, day, covered=True) for day in dates]
    assert found["open"].tolist() == pytest.approx(true, rel=0.02, abs=3)
    naive = found[["open", "migrated", "stale", "unknown"]].sum(axis=1)
    everywhere = open_on(cases, dates[-1], covered=False)
    assert naive.iloc[-1] < 0.5 * everywhere
    assert found["places_gone"].tolist() == sorted(found["places_gone"])
    assert found["migrated"].iloc[-1] > 0
