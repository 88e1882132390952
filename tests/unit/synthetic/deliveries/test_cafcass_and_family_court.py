import datetime

import pandas as pd

NEWER_FROM = datetime.date(2014, 4, 1)


def test_cases_received_before_april_2014_are_in_the_older_system(files):
    older = files["cms_tblcaseapplication"].groupby("CASEREF_PE")["DATERECEIVED"].min()
    assert older.max() < NEWER_FROM
    assert files["ecms_cases"]["DATERECEIVED"].min() >= NEWER_FROM


def test_the_same_proceedings_reach_both_sources_within_days(files):
    cases = files["court_case"].dropna(subset="family_court_case_hash")
    court = files["cases"][files["cases"]["case_type"] != "divorce"]
    received = court.set_index("case_number_hash")["receipt_date"]
    lag = (cases["received_date"] - cases["family_court_case_hash"].map(received)).dt.days
    assert lag.dropna().between(0, 4).all()
    assert lag.notna().mean() > 0.99
    assert cases["family_court_case_hash"].is_unique
    assert len(cases) == len(court)


def test_a_mother_in_both_systems_has_two_ids_joined_by_her_alf(clean_files):
    older, newer = clean_files["cms_tblperson"], clean_files["ecms_people"]
    both = older.merge(newer, on="ALF_PE", validate="one_to_one")
    assert len(both) > 100
    assert (both["PERSONID_PE"] != both["ID_PE"]).mean() > 0.9
    assert (both["MOB_LINKAGE_x"] == both["MOB_LINKAGE_y"]).all()


def test_alf2_joins_cafcass_to_family_court_and_is_missing_before_2011(clean_files):
    court = set(clean_files["people"]["ALF2_PE"])
    older = clean_files["cms_tblperson"]["ALF2_PE"]
    assert older.isna().any()
    assert set(older.dropna()) <= court
    assert clean_files["people"]["ALF2_PE"].notna().all()


def test_weeks_of_birth_begin_on_a_monday_in_the_month_that_is_recorded_or_before(clean_files):
    people = clean_files["ecms_people"]
    week = pd.to_datetime(people["WEEKOFBIRTH"].astype("object"))
    assert (week.dt.day_of_week == 0).all()
    month = pd.to_datetime(people["MOB_LINKAGE"].astype("object"), format="%Y-%m")
    gap = (week - month).dt.days
    assert gap.between(-6, 30).all()


def test_legal_outputs_are_per_case_in_the_older_system_and_per_child_in_the_newer(clean_files):
    older, newer = clean_files["cms_tbllegaloutput"], clean_files["ecms_legaloutputs"]
    case = ["CASEREF_PE", "LEGALOUTPUTTYPEREF", "LEGALORDERHEARINGDATE"]
    assert not older.duplicated(case).any()
    child = ["APPLICATION_ID_PE", "PERSON_ID_PE", "LEGALOUTPUTTYPE_ID", "DATEORDERED"]
    assert not newer.duplicated(child).any()
    assert newer.duplicated(["CASE_ID_PE", "LEGALOUTPUTTYPE_ID", "DATEORDERED"]).any()


def test_interim_orders_come_before_the_final_order(clean_files):
    outputs = clean_files["ecms_legaloutputs"]
    interim = outputs[outputs["LEGALOUTPUTTYPE_ID"].isin([20, 21, 30])]
    final = outputs[outputs["LEGALOUTPUTTYPE_ID"].isin([*range(1, 11), 31])]
    keys = ["APPLICATION_ID_PE", "PERSON_ID_PE"]
    both = interim.merge(final, on=keys)
    assert len(both) > 500
    assert (both["DATEORDERED_x"] < both["DATEORDERED_y"]).all()


def test_some_mothers_are_in_cases_that_are_not_care_proceedings(files):
    kinds = files["court_case"]["kind"].value_counts()
    assert set(kinds.index) == {"care", "care_sibling", "discharge", "private_law"}
    applications = files["ecms_applications"].merge(
        files["ecms_personsonapplications"], left_on="ID_PE", right_on="APPLICATION_ID_PE"
    )
    respondents = applications[applications["ISRESPONDENT"] == "true"]
    care = set(respondents["PERSON_ID_PE"][respondents["APPLICATIONTYPE1_ID"] <= 2])
    private = set(respondents["PERSON_ID_PE"][respondents["APPLICATIONTYPE1_ID"] == 10])
    assert len(care & private) > 100


def test_each_family_court_person_has_one_link_row(files):
    links = files["xjs_link"]
    links = links[links["source_dataset"] == "familyman"]
    assert links["row_id_hash"].is_unique
    assert set(links["row_id_hash"]) == set(files["people"]["row_id_hash"])
    assert (links["source_dataset"] == "familyman").all()
    assert links["row_id_hash"].str.fullmatch("[0-9a-f]{64}").all()
