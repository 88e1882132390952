"""Cafcass England in the common model, in plain pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.pandas_version import cafcass_cases
from benchmarks.pandas_version.columns import (
    EXTRACTED,
    chosen,
    mended,
    month_start,
    named,
    not_before,
    text,
    with_source,
)
from justice_analysis.sources.mappings.cafcass_codes import (
    APPLICATION_KINDS,
    ETHNIC_GROUPS,
    FINAL_ORDER_CODES,
    NOT_AN_ETHNIC_GROUP,
    ORDERS,
    RELATIONSHIP_KINDS,
)

Tables = dict[str, pd.DataFrame]
DATASET = "cafcass_england"
EMERGENCY = 8
ORDERS_FROM = np.datetime64("2010-04-01")
ROLES = ("subject", "applicant", "respondent", "other")
MEMBER_TABLES = {"ecms": "ecms_personsonapplications", "cms": "cms_tblcaseapplicationmember"}
TIE_TABLES = {"ecms": "ecms_personrelationships", "cms": "cms_tblcrspersonrelationship"}


def to_common(delivered: Tables) -> Tables:
    """Map both case systems; people stand as records."""
    people = _people(delivered)
    applications = _applications(delivered)
    roles = _roles(delivered, applications)
    matters = _matters(roles, applications)
    cases, closures = cafcass_cases.cases_and_closures(delivered, applications)
    return {
        "record": _records(people),
        "identifier": _identifiers(people),
        "event": pd.concat([closures, _births(people)], ignore_index=True),
        "measure": _ethnicities(delivered),
        "case": cases,
        "place": cafcass_cases.places(cases, delivered),
        "matter": _common_matters(matters),
        "party": _parties(roles, people),
        "matter_party": _matter_parties(roles, matters),
        "decision": _decisions(delivered, matters),
        "relationship": _relationships(delivered),
        "coverage": _coverage(),
    }


def _people(delivered: Tables) -> pd.DataFrame:
    recorded = delivered["ecms_ethnicities"]
    codes = recorded["ETHNICITYTYPE_ID"]
    stated = recorded[codes.notna() & ~codes.isin(NOT_AN_ETHNIC_GROUP)]
    stated = stated.sort_values(["AVAIL_FROM_DT", "ID_PE"], ascending=[False, True])
    stated = stated.drop_duplicates("PERSON_ID_PE").set_index("PERSON_ID_PE")["ETHNICITYTYPE_ID"]
    newer = delivered["ecms_people"].rename(columns={"ID_PE": "person"})
    newer = newer.assign(
        system="ecms", source_table="ecms_people", ethnicity=newer["person"].map(stated)
    )
    older = delivered["cms_tblperson"].rename(columns={"PERSONID_PE": "person"})
    ethnicity = older["ETHNICREF"].mask(older["ETHNICREF"].isin(NOT_AN_ETHNIC_GROUP))
    older = older.assign(system="cms", source_table="cms_tblperson", ethnicity=ethnicity)
    people = pd.concat([newer, older], ignore_index=True)
    week = mended(people["WEEKOFBIRTH"])
    month = mended(people["WEEKOFBIRTH"].fillna(people["MOB_LINKAGE"]))
    return pd.DataFrame(
        {
            "system": people["system"],
            "person": people["person"],
            "record_id": people["system"] + ":" + text(people["person"]),
            "sex": people["GENDER"].str.lower(),
            "birth_month": month_start(month),
            "week": week,
            "ethnicity_group": named(people["ethnicity"], ETHNIC_GROUPS),
            "recorded_date": people["AVAIL_FROM_DT"],
            "alf": people["ALF_PE"],
            "alf2": people["ALF2_PE"],
            "source_table": people["source_table"],
        }
    )


def _records(people: pd.DataFrame) -> pd.DataFrame:
    columns = ["record_id", "sex", "birth_month", "ethnicity_group", "recorded_date"]
    records = people[columns].assign(death_date=pd.NaT)
    return with_source(records, DATASET, people["source_table"], text(people["person"]))


def _identifiers(people: pd.DataFrame) -> pd.DataFrame:
    pieces = []
    own = people["record_id"]
    for system, values in (
        ("alf", people["alf"]),
        ("alf2", people["alf2"]),
        ("cafcass_person", own),
    ):
        known = people[values.notna()]
        rows = pd.DataFrame(
            {
                "record_id": known["record_id"],
                "id_system": system,
                "identifier": text(values[known.index]),
            }
        )
        pieces.append(with_source(rows, DATASET, known["source_table"], text(known["person"])))
    return pd.concat(pieces, ignore_index=True)


def _births(people: pd.DataFrame) -> pd.DataFrame:
    dated = people[people["week"].notna()]
    births = pd.DataFrame(
        {
            "event_id": "birth:" + dated["record_id"],
            "record_id": dated["record_id"],
            "event_type": "birth",
            "event_date": dated["week"],
            "value_code": "week",
        }
    )
    return with_source(births, DATASET, dated["source_table"], text(dated["person"]))


def _ethnicities(delivered: Tables) -> pd.DataFrame:
    rows = delivered["ecms_ethnicities"]
    key = text(rows["ID_PE"])
    measures = pd.DataFrame(
        {
            "measure_id": "ecms_ethnicities:" + key,
            "record_id": "ecms:" + text(rows["PERSON_ID_PE"]),
            "concept": "recorded_ethnicity",
            "value_code": text(rows["ETHNICITYTYPE_ID"]),
            "date": rows["AVAIL_FROM_DT"],
        }
    )
    return with_source(measures, DATASET, "ecms_ethnicities", key)


def _applications(delivered: Tables) -> pd.DataFrame:
    newer = delivered["ecms_applications"].rename(
        columns={"ID_PE": "application", "CASE_ID_PE": "case", "APPLICATIONTYPE1_ID": "code"}
    )
    older = delivered["cms_tblcaseapplication"].rename(
        columns={
            "CASEAPPLICATIONID_PE": "application",
            "CASEREF_PE": "case",
            "CASEAPPLICATIONTYPEREF": "code",
            "COURTREF": "court",
        }
    )
    newer = newer.assign(system="ecms", source_table="ecms_applications")
    older = older.assign(system="cms", source_table="cms_tblcaseapplication")
    both = pd.concat([newer, older], ignore_index=True)
    both = both[both["case"].notna()]
    both["completed"] = both["DATEAPPLICATIONCOMPLETED"].fillna(both["DATECOMPLETED"])
    names = {"DATEOFAPPLICATION": "applied", "DATERECEIVED": "received"}
    columns = ["system", "application", "case", "code", "court", "applied", "received"]
    return both.rename(columns=names)[[*columns, "completed", "source_table"]]


def _roles(delivered: Tables, applications: pd.DataFrame) -> pd.DataFrame:
    """One row per person on an application with one role."""
    newer = delivered["ecms_personsonapplications"].rename(
        columns={"ID_PE": "member", "APPLICATION_ID_PE": "application", "PERSON_ID_PE": "person"}
    )
    for role in ROLES:
        newer[role] = (newer[f"IS{role.upper()}"].str.lower() == "true").fillna(False)
    older = delivered["cms_tblcaseapplicationmember"].rename(
        columns={
            "CASEAPPLICATIONMEMBERID_PE": "member",
            "CASEAPPLICATIONREF_PE": "application",
            "MEMBERREF_PE": "person",
        }
    )
    code = older["MEMBERTYPE"].mask(older["MEMBERTYPE"] == 16, older["CONVERTEDTYPE"])
    for_authority = older["ISLAREP"].fillna(False).astype(bool)
    for role, value in (("subject", 4), ("applicant", 1), ("respondent", 2)):
        older[role] = (code == value).fillna(False).astype(bool) & ~for_authority
    older["other"] = for_authority
    columns = ["system", "application", "person", "member", *ROLES]
    both = pd.concat(
        [newer.assign(system="ecms")[columns], older.assign(system="cms")[columns]],
        ignore_index=True,
    )
    both = both[both["application"].notna() & both["person"].notna()]
    how = {"member": "min"} | dict.fromkeys(ROLES, "max")
    grain = ["system", "application", "person"]
    once = both.groupby(grain, sort=False).agg(how).reset_index()
    only_one = once[list(ROLES)].sum(axis=1) == 1
    once["role"] = chosen(*[(only_one & once[role], role) for role in ROLES], otherwise="unclear")
    cases = applications[["system", "application", "case"]]
    columns = [*grain, "member", "subject", "role"]
    return once[columns].merge(cases, on=["system", "application"])


def _matters(roles: pd.DataFrame, applications: pd.DataFrame) -> pd.DataFrame:
    subjects = roles.loc[roles["subject"], ["system", "application", "person"]]
    matters = subjects.rename(columns={"person": "child"}).merge(
        applications, on=["system", "application"]
    )
    matters["application_id"] = matters["system"] + ":" + text(matters["application"])
    matters["matter_id"] = matters["application_id"] + ":" + text(matters["child"])
    return matters


def _common_matters(matters: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "matter_id": matters["matter_id"],
            "case_id": matters["system"] + ":" + text(matters["case"]),
            "application_id": matters["application_id"],
            "kind": "child_in_application",
            "code": named(matters["code"], APPLICATION_KINDS),
            "received_date": matters["received"].fillna(matters["applied"]),
            "disposed_date": not_before(matters["completed"], matters["received"]),
            "status": np.where(matters["completed"].notna(), "disposed", "unknown"),
        }
    )
    return with_source(rows, DATASET, matters["source_table"], text(matters["application"]))


def _party_ids(rows: pd.DataFrame) -> pd.Series:
    case = rows["system"] + ":" + text(rows["case"])
    return case + ":" + text(rows["person"]) + ":" + rows["role"]


def _parties(roles: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    grain = ["system", "case", "person", "role"]
    once = roles.groupby(grain, sort=False)["member"].min().reset_index()
    said = people[["system", "person", "record_id", "sex", "birth_month", "ethnicity_group"]]
    rows = once.merge(said, on=["system", "person"], how="left", validate="many_to_one")
    parties = pd.DataFrame(
        {
            "party_id": _party_ids(rows),
            "case_id": rows["system"] + ":" + text(rows["case"]),
            **{name: rows[name] for name in ("record_id", "role", "birth_month", "sex")},
            "ethnicity_group": rows["ethnicity_group"],
        }
    )
    return with_source(parties, DATASET, rows["system"].map(MEMBER_TABLES), text(rows["member"]))


def _matter_parties(roles: pd.DataFrame, matters: pd.DataFrame) -> pd.DataFrame:
    found = matters[["system", "application", "matter_id", "child"]]
    rows = roles.merge(found, on=["system", "application"])
    own = rows["child"] == rows["person"]
    rows["part"] = rows["role"].mask(own, "subject")
    rows = rows[
        (own | ~rows["subject"]) & rows["part"].isin(["subject", "applicant", "respondent"])
    ]
    parts = pd.DataFrame(
        {"matter_id": rows["matter_id"], "party_id": _party_ids(rows), "part": rows["part"]}
    )
    return with_source(parts, DATASET, rows["system"].map(MEMBER_TABLES), text(rows["member"]))


def _relationships(delivered: Tables) -> pd.DataFrame:
    newer = delivered["ecms_personrelationships"].rename(
        columns={
            "ID_PE": "tie",
            "PERSON_ID_PE": "person",
            "RELATEDPERSON_ID_PE": "related",
            "RELATIONSHIPTYPE_ID": "code",
        }
    )
    older = delivered["cms_tblcrspersonrelationship"].rename(
        columns={
            "PERSONRELATIONSHIPID_PE": "tie",
            "CHILDREF_PE": "person",
            "PARENTREF_PE": "related",
            "RELATIONSHIPREF": "code",
        }
    )
    columns = ["system", "tie", "person", "related", "code"]
    rows = pd.concat(
        [newer.assign(system="ecms")[columns], older.assign(system="cms")[columns]],
        ignore_index=True,
    )
    rows = rows[rows["person"].notna() & rows["related"].notna()]
    ties = pd.DataFrame(
        {
            "record_id": rows["system"] + ":" + text(rows["person"]),
            "related_record_id": rows["system"] + ":" + text(rows["related"]),
            "kind": named(rows["code"], RELATIONSHIP_KINDS),
        }
    )
    return with_source(ties, DATASET, rows["system"].map(TIE_TABLES), text(rows["tie"]))


def _decisions(delivered: Tables, matters: pd.DataFrame) -> pd.DataFrame:
    rows = pd.concat([_newer_orders(delivered, matters), _older_orders(delivered, matters)])
    rows["decision_type"] = "legal_order"
    rows["decision"] = named(rows.pop("code"), ORDERS)
    return rows


def _newer_orders(delivered: Tables, matters: pd.DataFrame) -> pd.DataFrame:
    names = {
        "ID_PE": "output",
        "APPLICATION_ID_PE": "application",
        "PERSON_ID_PE": "child",
        "LEGALOUTPUTTYPE_ID": "code",
        "DATEORDERED": "day",
    }
    outputs = delivered["ecms_legaloutputs"].rename(columns=names)[list(names.values())]
    outputs = outputs[~(outputs["day"] < ORDERS_FROM)]
    found = matters.loc[matters["system"] == "ecms", ["application", "matter_id", "case", "child"]]
    rows = outputs.merge(found, on=["application", "child"])
    decisions = pd.DataFrame(
        {
            "decision_id": "ecms:" + text(rows["output"]),
            "matter_id": rows["matter_id"],
            "code": rows["code"],
            "decision_date": rows["day"],
            "is_final": _is_final(rows),
            "attribution": "matter",
        }
    )
    return with_source(decisions, DATASET, "ecms_legaloutputs", text(rows["output"]))


def _is_final(rows: pd.DataFrame) -> pd.Series:
    """An emergency protection order is final only where nothing follows it."""
    emergency = (rows["code"] == EMERGENCY).fillna(False).astype(bool)
    of_child = [rows["case"], rows["child"]]
    last = rows["day"].groupby(of_child).transform("max")
    last_other = rows["day"].mask(emergency).groupby(of_child).transform("max")
    nothing_follows = (rows["day"] == last) & (last_other.isna() | (last_other < rows["day"]))
    by_type = rows["code"].isin(FINAL_ORDER_CODES).astype("boolean").mask(rows["code"].isna())
    return by_type.mask(emergency, nothing_follows)


def _older_orders(delivered: Tables, matters: pd.DataFrame) -> pd.DataFrame:
    names = {
        "LEGALOUTPUTID_PE": "output",
        "CASEREF_PE": "case",
        "LEGALOUTPUTTYPEREF": "code",
        "LEGALORDERHEARINGDATE": "day",
        "ISFINAL": "is_final",
    }
    outputs = delivered["cms_tbllegaloutput"].rename(columns=names)[list(names.values())]
    outputs = outputs[~(outputs["day"] < ORDERS_FROM)]
    found = matters.loc[matters["system"] == "cms", ["case", "matter_id", "application", "child"]]
    rows = outputs.merge(found, on="case")
    key = "cms:" + text(rows["output"])
    decisions = pd.DataFrame(
        {
            "decision_id": key + ":" + text(rows["application"]) + ":" + text(rows["child"]),
            "matter_id": rows["matter_id"],
            "code": rows["code"],
            "decision_date": rows["day"],
            "is_final": rows["is_final"],
            "attribution": "case",
        }
    )
    return with_source(decisions, DATASET, "cms_tbllegaloutput", text(rows["output"]))


def _coverage() -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "from_date": [np.datetime64("2007-04-01")],
            "to_date": [EXTRACTED],
            "reason": ["both case systems, to the extract"],
        }
    )
    return with_source(rows, DATASET, "extract", DATASET)
