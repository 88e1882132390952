"""The family court and the cross-justice links in the common model, in plain pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.pandas_version.columns import (
    EXTRACTED,
    STALE_AFTER_DAYS,
    chosen,
    found_in,
    latest,
    mended,
    month_start,
    named,
    text,
    with_source,
)
from justice_analysis.sources.mappings.family_court import (
    APPLICATIONS,
    CARE_APPLICATIONS,
    ORDERS,
    OTHER_TYPES,
    ROLES,
    SEXES,
)

Tables = dict[str, pd.DataFrame]
DATASET = "family_court"
CASE = "case_number_hash"


def to_common(delivered: Tables) -> Tables:
    """Map cases, events, people and orders; people stand as records."""
    events = _events(delivered["events"])
    people = _people(delivered["people"])
    cases = _with_events(delivered["cases"], events)
    children = people[people["role"] == "subject"]
    return {
        "record": _records(people),
        "identifier": _identifiers(people),
        "case": _cases(cases),
        "case_link": _consolidated(delivered["cases"]),
        "event": _common_events(events),
        "party": _parties(people),
        "matter": _matters(children, cases),
        "matter_party": _matter_parties(people, children),
        "decision": _decisions(events, children),
        "place": _places(cases, events),
        "coverage": _coverage(),
    }


def links(delivered: Tables, records: pd.Series) -> pd.DataFrame:
    """Cross-justice identifiers of the records that are loaded."""
    rows = delivered["xjs_link"]
    record = rows["source_dataset"] + ":" + rows["row_id_hash"]
    used = found_in(record, records) & rows["estimated_xjs_id"].notna()
    identifiers = pd.DataFrame(
        {
            "record_id": record[used],
            "id_system": "xjs",
            "identifier": rows.loc[used, "estimated_xjs_id"],
        }
    )
    return with_source(identifiers, "cross_justice_linking", "xjs_link", record[used])


def _events(events: pd.DataFrame) -> pd.DataFrame:
    day = events["receipt_date"].fillna(events["entry_date"])
    wrong = events["error"].fillna(False).astype(bool)
    return events.assign(day=day)[~wrong & day.notna() & events[CASE].notna()]


def _people(people: pd.DataFrame) -> pd.DataFrame:
    record = "familyman:" + people["row_id_hash"]
    return pd.DataFrame(
        {
            "row": people["row_id_hash"],
            "record_id": record,
            "case": people[CASE],
            "case_id": "familyman:" + people[CASE],
            "role": named(people["role_model"], ROLES).fillna("unclear"),
            "sex": named(people["gender"], SEXES),
            "birth_month": month_start(mended(people["dob"])),
            "alf2": people["ALF2_PE"],
        }
    )


def _records(people: pd.DataFrame) -> pd.DataFrame:
    records = people[["record_id", "sex", "birth_month"]].assign(
        ethnicity_group=pd.Series(pd.NA, index=people.index, dtype="str"),
        death_date=pd.NaT,
        recorded_date=pd.Series(pd.NaT, index=people.index, dtype="datetime64[ms]"),
    )
    return with_source(records, DATASET, "people", people["row"])


def _identifiers(people: pd.DataFrame) -> pd.DataFrame:
    known = people[people["alf2"].notna()]
    rows = pd.DataFrame(
        {"record_id": known["record_id"], "id_system": "alf2", "identifier": text(known["alf2"])}
    )
    return with_source(rows, DATASET, "people", known["row"])


def _with_events(cases: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    marked = events.assign(is_care=events["application_type"].isin(CARE_APPLICATIONS))
    seen = marked.groupby(CASE, sort=False).agg(
        has_care=("is_care", "max"), last_event=("day", "max")
    )
    applied = events[events["application_type"].notna()].sort_values(["day", "event_id"])
    first = applied.drop_duplicates(CASE).set_index(CASE)["application_type"]
    seen = seen.assign(first_application=first).reset_index()
    return cases.merge(seen, on=CASE, how="left", validate="one_to_one")


def _cases(rows: pd.DataFrame) -> pd.DataFrame:
    last = latest(rows["receipt_date"], rows["case_closed_date"], rows["last_event"])
    public = rows["case_type"] == "public_law"
    closed = rows["case_closed_date"]
    cases = pd.DataFrame(
        {
            "case_id": "familyman:" + rows[CASE],
            "jurisdiction": "family",
            "case_type": chosen(
                (public & rows["has_care"].fillna(False).astype(bool), "care_proceedings"),
                (public, "public_law_other"),
                *[(rows["case_type"] == name, name) for name in OTHER_TYPES],
                otherwise="unknown",
            ),
            "place_id": _named_place("familyman_court:", rows["creating_court"]),
            "area_id": _named_place("dfj:", rows["dfj_area"]),
            "received_date": rows["receipt_date"],
            "closed_date": closed,
            "status": chosen(
                (closed.notna(), "closed"),
                ((EXTRACTED - last).dt.days > STALE_AFTER_DAYS, "stale"),
                (last.notna(), "open"),
                otherwise="unknown",
            ),
            "last_activity_date": last,
        }
    )
    return with_source(cases, DATASET, "cases", rows[CASE])


def _named_place(prefix: str, codes: pd.Series) -> pd.Series:
    return (prefix + text(codes)).where(codes.notna())


def _consolidated(cases: pd.DataFrame) -> pd.DataFrame:
    related = cases["related_case_number_hash"]
    ties = cases[related.notna() & (related != cases[CASE]) & found_in(related, cases[CASE])]
    rows = pd.DataFrame(
        {
            "case_id": "familyman:" + ties[CASE],
            "related_case_id": "familyman:" + ties["related_case_number_hash"],
            "relation": "consolidated",
        }
    )
    return with_source(rows, DATASET, "cases", ties[CASE])


def _common_events(events: pd.DataFrame) -> pd.DataFrame:
    application = named(events["application_type"], APPLICATIONS)
    rows = pd.DataFrame(
        {
            "event_id": "familyman:" + events["event_id"],
            "case_id": "familyman:" + events[CASE],
            "event_type": events["event_model"].fillna("administrative"),
            "event_date": events["day"],
            "place_id": _named_place("familyman_court:", events["creating_court"]),
            "value_code": application.fillna(named(events["order_type"], ORDERS)),
        }
    )
    return with_source(rows, DATASET, "events", events["event_id"])


def _parties(people: pd.DataFrame) -> pd.DataFrame:
    known = people[people["case"].notna()]
    rows = known[["case_id", "record_id", "role", "birth_month", "sex"]]
    return with_source(rows.assign(party_id=known["record_id"]), DATASET, "people", known["row"])


def _matters(children: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    rows = children.merge(cases, left_on="case", right_on=CASE)
    matters = pd.DataFrame(
        {
            "matter_id": rows["record_id"],
            "case_id": rows["case_id"],
            "kind": "child_in_application",
            "code": named(rows["first_application"], APPLICATIONS),
            "received_date": rows["receipt_date"],
            "disposed_date": rows["case_closed_date"],
            "status": np.where(rows["case_closed_date"].notna(), "disposed", "unknown"),
        }
    )
    return with_source(matters, DATASET, "people", rows["row"])


def _matter_parties(people: pd.DataFrame, children: pd.DataFrame) -> pd.DataFrame:
    own = pd.DataFrame(
        {"matter_id": children["record_id"], "party_id": children["record_id"], "part": "subject"}
    )
    own = with_source(own, DATASET, "people", children["row"])
    adults = people.loc[
        people["role"].isin(["applicant", "respondent"]), ["case", "record_id", "role", "row"]
    ]
    matters = children[["case", "record_id"]].rename(columns={"record_id": "matter_id"})
    rows = adults.rename(columns={"record_id": "party_id", "role": "part"}).merge(
        matters, on="case"
    )
    others = with_source(rows[["matter_id", "party_id", "part"]], DATASET, "people", rows["row"])
    return pd.concat([own, others], ignore_index=True)


def _decisions(events: pd.DataFrame, children: pd.DataFrame) -> pd.DataFrame:
    orders = events[(events["event_model"] == "order") & events["order_type"].notna()]
    found = children[["row", "record_id", "case"]].rename(columns={"case": CASE})
    rows = orders.merge(found, on=CASE)
    decisions = pd.DataFrame(
        {
            "decision_id": "familyman:" + rows["event_id"] + ":" + rows["row"],
            "matter_id": rows["record_id"],
            "decision_type": "legal_order",
            "decision": named(rows["order_type"], ORDERS),
            "decision_date": rows["day"],
            "place_id": _named_place("familyman_court:", rows["creating_court"]),
            "is_final": rows["is_final_order"],
            "attribution": "case",
        }
    )
    return with_source(decisions, DATASET, "events", rows["event_id"])


def _places(cases: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    courts = pd.concat([cases["creating_court"], events["creating_court"]]).dropna()
    courts = courts.drop_duplicates()
    areas = cases["dfj_area"].dropna().drop_duplicates()
    pieces = [
        pd.DataFrame(
            {"place_id": prefix + text(codes), "kind": kind, "name": name + text(codes)}
        ).assign(source_key=text(codes))
        for codes, prefix, kind, name in (
            (courts, "familyman_court:", "court", "court "),
            (areas, "dfj:", "dfj_area", "family judge area "),
        )
    ]
    places = pd.concat(pieces, ignore_index=True)
    return with_source(places, DATASET, "cases", places["source_key"])


def _coverage() -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "from_date": [np.datetime64("2011-01-01")],
            "to_date": [EXTRACTED],
            "reason": ["the courts' system, to the extract"],
        }
    )
    return with_source(rows, DATASET, "extract", DATASET)
