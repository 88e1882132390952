"""Each kind of planted mess is found again in the delivered files, as often as truth says."""

import json

import numpy as np
import pandas as pd
import pytest

from justice_analysis.synthetic import synthesise
from justice_analysis.synthetic.deliveries.cross_justice_linking import LINK_CODES

PEOPLE_KEYS = {"cms_tblperson": "PERSONID_PE", "ecms_people": "ID_PE"}
OUT_OF_DATE = (1900, 2030)
# Other datasets have tests of their own.
FAMILY = ("cafcass_england", "family_court")


def finders(files):
    """(table, column, rule) -> rows found, by reading delivered files beside the truth."""
    found = {}
    for table, key in PEOPLE_KEYS.items():
        found |= people_mess(files, table, key)
    found |= member_mess(files)
    found |= relationship_mess(
        files,
        "cms_tblcrspersonrelationship",
        "CHILDREF_PE",
        "PARENTREF_PE",
        "RELATIONSHIPREF",
        77,
        "cms_tblperson",
    )
    found |= relationship_mess(
        files,
        "ecms_personrelationships",
        "PERSON_ID_PE",
        "RELATEDPERSON_ID_PE",
        "RELATIONSHIPTYPE_ID",
        40,
        "ecms_people",
    )
    found |= case_mess(files)
    found |= kept_apart(files)
    found |= output_mess(files)
    found |= court_mess(files)
    for table in (
        "cms_tblcase",
        "cms_tblcaseapplicationmember",
        "cms_tblperson",
        "ecms_cases",
        "ecms_personsonapplications",
        "ecms_people",
        "events",
    ):
        found[table, "*", "duplicate_rows"] = int(files[table].duplicated().sum())
    return {entry: count for entry, count in found.items() if count}


def true_people(files, table):
    record = files["record"]
    named = (record["table"] == table) & record["dataset"].isin(FAMILY)
    record = record[named][["key", "person_id"]]
    people = record.merge(files["person"], on="person_id", validate="many_to_one")
    return people


def years(dates):
    return dates.map(lambda date: date.year if pd.notna(date) else 2000)


def people_mess(files, table, key):
    rows = files[table].drop_duplicates()
    truth = true_people(files, table)
    truth["key"] = truth["key"].astype("int64[pyarrow]")
    both = rows.merge(truth, left_on=key, right_on="key", validate="one_to_one")
    week_year = years(rows["WEEKOFBIRTH"])
    found = {
        (table, "GENDER", "missing_gender"): rows["GENDER"].isna().sum(),
        (table, "WEEKOFBIRTH", "month_only_births"): rows["WEEKOFBIRTH"].isna().sum(),
        (table, "WEEKOFBIRTH", "century_typos"): (~week_year.between(*OUT_OF_DATE)).sum(),
        (table, "*", "duplicate_people"): len(truth) - truth["person_id"].nunique(),
    }
    for column in ("ALF_PE", "ALF2_PE"):
        own, given = both[column.lower()], both[column]
        found[table, column, "missed_links"] = (own.notna() & given.isna()).sum()
        found[table, column, "false_links"] = (own != given).fillna(False).sum()
    if table == "cms_tblperson":
        found[table, "ETHNICREF", "missing_ethnicity"] = rows["ETHNICREF"].isna().sum()
        found[table, "ETHNICREF", "unknown_ethnicity"] = (rows["ETHNICREF"] == 22).sum()
    else:
        codes = files["ecms_ethnicities"]
        name = "ecms_ethnicities", "ETHNICITYTYPE_ID"
        first = codes.drop_duplicates("PERSON_ID_PE")
        found[*name, "missing_ethnicity"] = len(rows) - len(first)
        found[*name, "unknown_ethnicity"] = (first["ETHNICITYTYPE_ID"] == 22).sum()
        found[*name, "second_ethnicities"] = len(codes) - len(first)
    return found


def member_mess(files):
    older = files["cms_tblcaseapplicationmember"].drop_duplicates()
    newer = files["ecms_personsonapplications"].drop_duplicates()
    flags = newer[["ISSUBJECT", "ISRESPONDENT", "ISAPPLICANT", "ISOTHER"]] == "true"
    cms, ecms = "cms_tblcaseapplicationmember", "ecms_personsonapplications"
    known = files["ecms_people"]["ID_PE"]
    listed = newer["PERSON_ID_PE"].isin(known)
    alone = flags["ISOTHER"] & (flags.sum(axis=1) == 1)
    return {
        (cms, "MEMBERTYPE", "mother_as_other"): (older["MEMBERTYPE"] == 8).sum(),
        (cms, "MEMBERTYPE", "converted_member_types"): (older["MEMBERTYPE"] == 16).sum(),
        (cms, "MEMBERREF_PE", "unknown_people"): (
            ~older["MEMBERREF_PE"].isin(files["cms_tblperson"]["PERSONID_PE"])
        ).sum(),
        (ecms, "ISOTHER", "mother_as_other"): alone.sum(),
        (ecms, "ISOTHER", "two_roles"): (flags.sum(axis=1) > 1).sum(),
        (ecms, "PERSON_ID_PE", "unknown_people"): (~listed).sum(),
    }


def relationship_mess(files, table, child, parent, kind, wrong, people_table):
    """Ties of the truth that are missing or wrong, and recorded parents who are none."""
    person = true_people(files, people_table).set_index("key")["person_id"]
    person.index = person.index.astype("int64[pyarrow]")
    rows = files[table]
    pairs = pd.DataFrame(
        {
            "child_id": rows[child].map(person),
            "parent_id": rows[parent].map(person),
            "kind": rows[kind],
        }
    )
    truth = files["parent"]
    marked = pairs.merge(truth, on=["child_id", "parent_id"], how="left", indicator="tie")
    is_tie = marked["tie"] == "both"
    subjects = subject_people(files, people_table, person)
    expected = truth["child_id"].isin(subjects).sum()
    return {
        (table, "*", "missing_relationships"): expected - is_tie.sum(),
        (table, kind, "misrecorded_relationships"): (is_tie & (marked["kind"] == wrong)).sum(),
        (table, "*", "third_parents"): (~is_tie & (marked["kind"] == 1)).sum(),
    }


def subject_people(files, people_table, person):
    if people_table == "cms_tblperson":
        rows = files["cms_tblcaseapplicationmember"]
        subject = (rows["MEMBERTYPE"] == 4) | (rows["CONVERTEDTYPE"] == 4).fillna(False)
        return rows["MEMBERREF_PE"][subject].map(person).dropna().unique()
    rows = files["ecms_personsonapplications"]
    return rows["PERSON_ID_PE"][rows["ISSUBJECT"] == "true"].map(person).dropna().unique()


def case_mess(files):
    older, newer = files["cms_tblcase"].drop_duplicates(), files["ecms_cases"].drop_duplicates()
    received = files["cms_tblcaseapplication"].groupby("CASEREF_PE")["DATERECEIVED"].min()
    first = older["CASEID_PE"].map(received)
    return {
        ("cms_tblcase", "LAWTYPEREF", "unknown_law_types"): (older["LAWTYPEREF"] == 77).sum(),
        ("cms_tblcase", "DATECASECOMPLETED", "impossible_dates"): (
            (older["DATECASECOMPLETED"] < first).fillna(False).sum()
        ),
        ("ecms_cases", "LAWTYPE_ID", "unknown_law_types"): (newer["LAWTYPE_ID"] == 77).sum(),
        ("ecms_cases", "CLOSUREDATE", "impossible_dates"): (
            (newer["CLOSUREDATE"] < newer["DATERECEIVED"]).fillna(False).sum()
        ),
        ("ecms_cases", "REOPENDATE", "reopened"): (
            ((newer["CASESTATU_ID"] == 3) & newer["REOPENDATE"].notna()).sum()
        ),
    }


def kept_apart(files):
    """Sibling cases by truth; infants in an earlier case as its second section 31 application."""
    cases, found = files["court_case"], {}
    for system, table, applications, case, code in (
        ("cms", "cms_tblcase", "cms_tblcaseapplication", "CASEREF_PE", "CASEAPPLICATIONTYPEREF"),
        ("ecms", "ecms_cases", "ecms_applications", "CASE_ID_PE", "APPLICATIONTYPE1_ID"),
    ):
        siblings = (cases["kind"] == "care_sibling") & (cases["cafcass_system"] == system)
        found[table, "*", "sibling_cases"] = siblings.sum()
        care = files[applications][files[applications][code] <= 2]
        found[applications, "*", "consolidated"] = care[case].duplicated().sum()
    related = files["cases"]["related_case_number_hash"].notna().sum()
    found["cases", "related_case_number_hash", "sibling_cases"] = related
    return found


def output_mess(files):
    older, newer = files["cms_tbllegaloutput"], files["ecms_legaloutputs"]
    rows = files["ecms_personsonapplications"]
    subjects = rows[rows["ISSUBJECT"] == "true"][["APPLICATION_ID_PE", "PERSON_ID_PE"]]
    pairs = newer[["APPLICATION_ID_PE", "PERSON_ID_PE"]].drop_duplicates()
    matched = pairs.merge(subjects.drop_duplicates(), how="left", indicator="on")
    name = "cms_tbllegaloutput"
    dates = older["LEGALORDERHEARINGDATE"]
    return {
        (name, "LEGALORDERHEARINGDATE", "unusable_output_dates"): (years(dates) == 1900).sum(),
        (name, "LEGALORDERHEARINGDATE", "missing_output_dates"): dates.isna().sum(),
        (name, "LEGALOUTPUTTYPEREF", "unusable_output_types"): (
            older["LEGALOUTPUTTYPEREF"].isna().sum()
        ),
        ("ecms_legaloutputs", "PERSON_ID_PE", "unmatched_outputs"): (
            (matched["on"] == "left_only").sum()
        ),
    }


def court_mess(files):
    events, people, links = files["events"].drop_duplicates(), files["people"], files["xjs_link"]
    truth = true_people(files, "people")
    both = people.merge(truth, left_on="row_id_hash", right_on="key", validate="one_to_one")
    record = files["record"]
    linked = record[record["dataset"].isin(LINK_CODES)]
    everyone = linked.merge(files["person"], on="person_id", validate="many_to_one")
    cluster = links.merge(everyone, left_on="row_id_hash", right_on="key", validate="one_to_one")
    given, own = cluster["estimated_xjs_id"].astype("int64[pyarrow]"), cluster["xjs_id"]
    somebody = given.isin(files["person"]["xjs_id"])
    cases = files["cases"]
    about_children = cases["case_type"].isin(["public_law", "private_law"])
    with_children = people["case_number_hash"][people["role_model"] == "child"]
    childless = about_children & ~cases["case_number_hash"].isin(with_children)
    return {
        ("cases", "number_of_children", "cases_without_children"): childless.sum(),
        ("cases", "receipt_date", "court_cases_undated"): cases["receipt_date"].isna().sum(),
        ("people", "gender", "unknown_genders"): (~people["gender"].isin([1, 2])).sum(),
        ("events", "error", "error_events"): events["error"].sum(),
        ("people", "dob", "missing_birth_month"): people["dob"].isna().sum(),
        ("people", "ALF2_PE", "missed_links"): both["ALF2_PE"].isna().sum(),
        ("people", "ALF2_PE", "false_links"): (both["ALF2_PE"] != both["alf2_pe"])
        .fillna(False)
        .sum(),
        ("xjs_link", "estimated_xjs_id", "missed_links"): (~somebody).sum(),
        ("xjs_link", "estimated_xjs_id", "false_links"): (somebody & (given != own)).sum(),
    }


def planted(report):
    entries = json.loads((report.folder / "truth" / "mess.json").read_text())
    return {
        (entry["table"], entry["column"], entry["rule"]): entry["count"]
        for entry in entries
        if entry["dataset"] in FAMILY or entry["table"] == "xjs_link"
    }


def test_every_kind_of_planted_mess_is_found_as_often_as_truth_says(world, files):
    found, said = finders(files), planted(world)
    assert found == said


def test_a_clean_world_has_no_mess(clean_world, clean_files):
    assert planted(clean_world) == {}
    assert finders(clean_files) == {}


def test_link_errors_alone_can_be_left_out(tmp_path):
    report = synthesise(3_000, 2, tmp_path / "linked", link_errors=False)
    rules = {entry["rule"] for entry in report.mess}
    assert not rules & {"missed_links", "false_links"}
    assert {"month_only_births", "duplicate_rows", "unmatched_outputs"} <= rules


def test_default_link_errors_are_about_one_percent_missed_and_a_fifth_of_one_false(world, files):
    said = planted(world)
    rows = sum(len(files[table]) for table in PEOPLE_KEYS)
    missed, false = (
        sum(said[table, "ALF_PE", rule] for table in PEOPLE_KEYS)
        for rule in ("missed_links", "false_links")
    )
    assert missed / rows == pytest.approx(0.01, abs=0.003)
    assert false / rows == pytest.approx(0.002, abs=0.001)


def test_links_are_missed_more_often_for_mothers_who_moved(world, files):
    episodes = files["mother_episode"].sort_values(["mother_id", "set_number"])
    moved = episodes.groupby("mother_id")["area"].nunique().gt(1)
    rows = pd.concat(
        [
            files[table]
            .drop_duplicates()
            .assign(key=lambda t, k=key: t[k].astype("string[pyarrow]"))
            .merge(true_people(files, table)[["key", "person_id"]], on="key")
            for table, key in PEOPLE_KEYS.items()
        ]
    )
    rows = rows[rows["person_id"].isin(moved.index)]
    has_moved = rows["person_id"].map(moved).astype(bool)
    missed = rows["ALF_PE"].isna()
    assert missed[has_moved].mean() > missed[~has_moved].mean()


def test_ethnicity_is_missing_more_often_in_later_years(files):
    rows = files["cms_tblperson"]
    later = files["ecms_people"]
    codes = files["ecms_ethnicities"].drop_duplicates("PERSON_ID_PE")
    earlier_share = (rows["ETHNICREF"].isna() | (rows["ETHNICREF"] == 22)).mean()
    known = codes[codes["ETHNICITYTYPE_ID"] != 22]["PERSON_ID_PE"]
    assert 1 - np.mean(later["ID_PE"].isin(known)) > earlier_share
