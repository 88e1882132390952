"""A small warehouse of divorces, drawn with the dates of their stages."""

from __future__ import annotations

from tests.spec import tables

STAGES = {"petition": "petition", "conditional": "conditional_order", "final": "final_order"}
COVERED = (("north", "2011-01-01", "2016-01-01"), ("south", "2011-01-01", "2016-01-01"))


def divorces(backend, drawing, *, covered=COVERED):
    """A warehouse of `case | court | petition | conditional | final | closed | status | active`.

    Each case has one applicant, a person of its own unless the drawing has a column `person`
    (`nobody`: no one is recorded).
    """
    rows = tables.read(drawing) if isinstance(drawing, str) else drawing
    held = {"case": [], "party": [], "event": [], "coverage": [], "place": []}
    for row in rows:
        name = row["case"]
        held["case"].append(
            {"case_id": name, "case_type": "divorce", "place_id": row["court"],
             "received_date": row["petition"], "closed_date": row.get("closed"),
             "status": row.get("status") or "open", "last_activity_date": row.get("active"),
             "source": "family_court"}
        )  # fmt: skip
        person = row.get("person") or f"person of {name}"
        if person != "nobody":
            held["party"].append(
                {"party_id": f"party of {name}", "case_id": name, "person_id": person,
                 "role": "applicant", "source": "family_court"}
            )  # fmt: skip
        held["event"] += [
            {"event_id": f"{kind} of {name}", "case_id": name, "event_type": kind,
             "event_date": row[column], "source": "family_court"}
            for column, kind in STAGES.items() if row.get(column)
        ]  # fmt: skip
    for place, start, end in covered:
        held["coverage"].append({"place_id": place, "from_date": start, "to_date": end,
                                 "source": "family_court", "reason": "drawn"})  # fmt: skip
        held["place"].append({"place_id": place, "name": f"{place} court", "kind": "court",
                              "source": "family_court"})  # fmt: skip
    return tables.warehouse(backend, held)
