import json

import pandas as pd
import pytest

from justice_analysis.synthetic.parameters import WorldParameters, described


def test_a_return_is_never_within_the_days_that_make_one_set(files):
    episodes = files["mother_episode"]
    gap = (episodes["return_issue_date"] - episodes["issue_date"]).dropna().dt.days
    assert gap.min() >= WorldParameters().earliest_return_days


def test_every_return_is_the_next_set_of_the_same_mother(files):
    episodes = files["mother_episode"].sort_values(["mother_id", "set_number"])
    following = episodes.groupby("mother_id")["issue_date"].shift(-1)
    both = episodes["return_issue_date"].dropna()
    assert (following.dropna() == both).all()
    assert len(following.dropna()) == len(both)


def test_mothers_return_more_than_once(files):
    assert files["mother_episode"]["set_number"].max() >= 4


def test_births_of_one_mother_are_months_apart(files):
    tie = files["parent"].merge(files["person"], left_on="parent_id", right_on="person_id")
    mothers = tie[(tie["sex"] == "female") & (tie["kind"] == "mother")][["child_id", "parent_id"]]
    births = mothers.merge(files["person"], left_on="child_id", right_on="person_id")
    births = births.sort_values(["parent_id", "birth_date"])
    gap = births.groupby("parent_id")["birth_date"].diff().dropna().dt.days
    assert (gap >= 270).mean() > 0.99


def test_a_newborn_of_a_return_within_37_weeks_was_expected_at_the_earlier_issue(files):
    episodes = files["mother_episode"]
    gap = (episodes["return_issue_date"] - episodes["issue_date"]).dt.days
    early = (gap < 259).fillna(False)
    later = (gap >= 259).fillna(False)
    with_new = episodes["return_with_new_child"]
    assert with_new[early].mean() < with_new[later].mean() - 0.2


def test_children_under_four_weeks_at_a_return_are_that_young(files):
    sets = files["set_of_proceedings"]
    youngest = files["child_in_set"].groupby("proceedings_id")["birth_date"].max()
    age = (sets.set_index("proceedings_id")["issue_date"] - youngest).dt.days
    episodes = files["mother_episode"]
    returned = sets.merge(
        episodes[["mother_id", "return_issue_date", "return_with_child_under_4_weeks"]],
        left_on=["mother_id", "issue_date"],
        right_on=["mother_id", "return_issue_date"],
    )
    infant = returned[returned["return_with_child_under_4_weeks"]]["proceedings_id"]
    assert age[infant.to_numpy()].between(0, 27).all()
    assert len(infant) > 1_000


def test_consolidated_infants_were_born_37_weeks_or_more_after_the_case_began(files):
    sets = files["set_of_proceedings"]
    joined = sets[sets["is_consolidated"]]
    earlier = sets[~sets["is_consolidated"]][["cafcass_system", "cafcass_case_id", "issue_date"]]
    pair = joined.merge(
        earlier, on=["cafcass_system", "cafcass_case_id"], suffixes=("", "_of_case")
    )
    youngest = files["child_in_set"].groupby("proceedings_id")["birth_date"].max()
    late = (pair["proceedings_id"].map(youngest) - pair["issue_date_of_case"]).dt.days
    assert len(pair) == len(joined) > 0
    assert (late >= 259).all()


def test_every_set_is_a_case_of_cafcass_and_from_2011_of_the_family_court(files):
    sets = files["set_of_proceedings"]
    own = sets[~sets["is_consolidated"]]
    assert not own.duplicated(["cafcass_system", "cafcass_case_id"]).any()
    assert (own["cafcass_case_id"] > 0).all()
    covered = own["issue_date"] >= pd.Timestamp("2011-01-01").date()
    assert own["family_court_case_hash"][covered].is_unique
    assert own["family_court_case_hash"][covered].notna().all()
    assert own["family_court_case_hash"][~covered].isna().all()


def test_mothers_who_die_do_so_after_their_last_set(files):
    deaths = files["person"].dropna(subset="death_date")
    last = files["mother_episode"].groupby("mother_id")["issue_date"].max()
    assert 0 < len(deaths) < 0.1 * len(last)
    assert (deaths["death_date"] > deaths["person_id"].map(last)).all()


def test_every_delivered_person_row_has_its_true_person(files):
    record = files["record"]
    for table, key in (
        ("cms_tblperson", "PERSONID_PE"),
        ("ecms_people", "ID_PE"),
        ("people", "row_id_hash"),
    ):
        given = set(files[table][key].astype("string[pyarrow]"))
        assert given == set(record["key"][record["table"] == table])


def test_every_parameter_has_a_unit_a_source_and_a_status(world):
    written = json.loads((world.folder / "truth" / "parameters.json").read_text())
    assert written == json.loads(json.dumps(described(WorldParameters())))
    parts = {name: part for name, part in written.items() if "unit" not in part}
    single = {name: entry for name, entry in written.items() if name not in parts}
    assert {"mess", "crime"} <= set(parts)
    for name, entry in [item for part in (single, *parts.values()) for item in part.items()]:
        assert entry["unit"], name
        assert entry["source"], name
        assert entry["status"] in {"published", "assumed"}, name


def test_planted_probabilities_are_written_for_one_to_ten_years(world):
    written = json.loads((world.folder / "truth" / "planted.json").read_text())
    assert written["years"] == list(range(1, 11))
    assert written["mothers"] == sorted(written["mothers"])
    assert written["fathers"][4] == pytest.approx(0.13, abs=1e-4)
    assert set(written["mothers_by_age"]) == {"under 20", "20 to 24", "25 to 29", "30 and over"}


def test_the_stages_of_the_programme_are_written_by_court(world, files):
    planted = json.loads((world.folder / "truth" / "planted.json").read_text())["programme"]
    courts = files["criminal_court"]
    courts = courts[courts["tier"] == "magistrates"].set_index("court")["programme_from"]
    listed = [court for stage in planted["stages"] for court in stage["courts"]]
    assert sorted(listed) == sorted(courts.index)
    for stage in planted["stages"]:
        days = {None if pd.isna(day) else str(day) for day in courts[stage["courts"]]}
        assert days == {stage["released_from"]}
    assert -0.07 < planted["effect"] < -0.02
