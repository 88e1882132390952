"""Cafcass cases, their closures, courts and areas, in plain pandas."""

from __future__ import annotations

import pandas as pd

from benchmarks.pandas_version.columns import (
    EXTRACTED,
    STALE_AFTER_DAYS,
    chosen,
    latest,
    not_before,
    text,
    with_source,
)
from justice_analysis.sources.mappings.cafcass_codes import CARE_APPLICATION_CODES

Tables = dict[str, pd.DataFrame]
DATASET = "cafcass_england"
PUBLIC_LAW, PRIVATE_LAW, OPEN, CLOSED, REOPENED = 1, 2, 1, 2, 3


def cases_and_closures(
    delivered: Tables, applications: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    newer = delivered["ecms_cases"].rename(
        columns={
            "ID_PE": "case",
            "LAWTYPE_ID": "law",
            "LOCALAUTHORITY_ID": "area",
            "COURTCOURTLEVELREF_ID": "court",
            "DATERECEIVED": "received",
            "CLOSUREDATE": "first_closed",
            "REOPENDATE": "reopened",
            "CASESTATU_ID": "status",
        }
    )
    older = delivered["cms_tblcase"].rename(
        columns={
            "CASEID_PE": "case",
            "LAWTYPEREF": "law",
            "LOCALAUTHORITYREF": "area",
            "DATECASECOMPLETED": "first_closed",
            "CASESTATUSREF": "status",
        }
    )
    newer = newer.assign(system="ecms", source_table="ecms_cases")
    older = older.assign(system="cms", source_table="cms_tblcase")
    rows = pd.concat([newer, older], ignore_index=True)
    rows = rows.merge(_of_applications(applications), on=["system", "case"], how="left")
    rows = rows.merge(_last_orders(delivered), on=["system", "case"], how="left")
    stands = rows["reopened"].isna() | (rows["first_closed"] > rows["reopened"])
    closed = rows["first_closed"].where(stands)
    received = rows["received"].fillna(rows["first_received"])
    activity = latest(
        received, rows["last_application"], rows["last_order"], closed, rows["reopened"]
    )
    public = (rows["law"] == PUBLIC_LAW).fillna(False)
    is_open = rows["status"].isin([OPEN, REOPENED])
    silent = (EXTRACTED - activity).dt.days > STALE_AFTER_DAYS
    court = rows["court"].fillna(rows["first_court"])
    case_id = rows["system"] + ":" + text(rows["case"])
    cases = pd.DataFrame(
        {
            "case_id": case_id,
            "jurisdiction": "family",
            "case_type": chosen(
                (public & rows["has_care"].fillna(False).astype(bool), "care_proceedings"),
                (public, "public_law_other"),
                (rows["law"] == PRIVATE_LAW, "private_law"),
                otherwise="unknown",
            ),
            "place_id": ("cafcass_court:" + text(court)).where(court.notna()),
            "area_id": ("area:" + text(rows["area"]).str.zfill(3)).where(rows["area"].notna()),
            "received_date": received,
            "closed_date": not_before(closed, received),
            "status": chosen(
                (closed.notna() | (rows["status"] == CLOSED).fillna(False), "closed"),
                (is_open & silent, "stale"),
                (is_open, "open"),
                otherwise="unknown",
            ),
            "last_activity_date": activity,
        }
    )
    cases = with_source(cases, DATASET, rows["source_table"], text(rows["case"]))
    return cases, _closures(rows.assign(case_id=case_id))


def _of_applications(applications: pd.DataFrame) -> pd.DataFrame:
    grain = ["system", "case"]
    marked = applications.assign(
        is_care=applications["code"].isin(CARE_APPLICATION_CODES),
        last=latest(applications["received"], applications["applied"], applications["completed"]),
    )
    seen = marked.groupby(grain, sort=False).agg(
        first_received=("received", "min"),
        has_care=("is_care", "max"),
        last_application=("last", "max"),
    )
    at_court = marked[marked["court"].notna()].sort_values(["received", "application"])
    first = at_court.drop_duplicates(grain).set_index(grain)["court"]
    return seen.assign(first_court=first).reset_index()


def _last_orders(delivered: Tables) -> pd.DataFrame:
    newer = delivered["ecms_legaloutputs"].groupby("CASE_ID_PE")["DATEORDERED"].max()
    older = delivered["cms_tbllegaloutput"].groupby("CASEREF_PE")["LEGALORDERHEARINGDATE"].max()
    both = [
        found.rename_axis("case").rename("last_order").reset_index().assign(system=system)
        for system, found in (("ecms", newer), ("cms", older))
    ]
    return pd.concat(both, ignore_index=True)


def _closures(rows: pd.DataFrame) -> pd.DataFrame:
    again = rows[rows["reopened"].notna()]
    pieces = []
    for kind, day in (("closed", again["first_closed"]), ("reopened", again["reopened"])):
        events = pd.DataFrame(
            {
                "event_id": kind + ":" + again["case_id"],
                "case_id": again["case_id"],
                "event_type": kind,
                "event_date": day,
            }
        )
        events = with_source(events, DATASET, again["source_table"], text(again["case"]))
        pieces.append(events[day.notna()])
    return pd.concat(pieces, ignore_index=True)


def places(cases: pd.DataFrame, delivered: Tables) -> pd.DataFrame:
    older = delivered["cms_tblcase"][["LOCALAUTHORITYREF", "REGIONREF"]].dropna()
    counted = older.value_counts().rename("times").reset_index()
    counted = counted.sort_values(["times", "REGIONREF"], ascending=[False, True])
    most = counted.drop_duplicates("LOCALAUTHORITYREF")
    area = "area:" + text(most["LOCALAUTHORITYREF"]).str.zfill(3)
    region_of = pd.Series(("region:" + text(most["REGIONREF"])).to_numpy(), index=area)
    areas = pd.Series(cases["area_id"].dropna().unique())
    pieces = [
        pd.DataFrame({"place_id": cases["place_id"].dropna().unique(), "kind": "court"}),
        pd.DataFrame({"place_id": areas, "kind": "area", "parent_id": areas.map(region_of)}),
        pd.DataFrame({"place_id": region_of.unique(), "kind": "region"}),
    ]
    found = pd.concat(pieces, ignore_index=True)
    name = found["place_id"].str.replace("cafcass_", "").str.replace(":", " ")
    return with_source(found.assign(name=name), DATASET, "cms_tblcase", found["place_id"])
