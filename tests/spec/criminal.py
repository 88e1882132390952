"""Criminal cases, custody and probation drawn in small tables."""

from __future__ import annotations

from tests.spec import tables

SOURCES = {
    "magistrates": "magistrates_defendant",
    "crown_trial": "crown_court_defendant",
    "crown_sentence": "crown_court_defendant",
    "crown_appeal": "crown_court_defendant",
    "custody": "prisoner_custodial_journey",
    "probation": "probation",
    "licence": "probation",
}
COVERED = ("2013-01-01", "2024-04-01")


def criminal_warehouse(backend, defendants, *, ties="", episodes="", coverage=None):
    """Build a warehouse from drawings.

    Defendants have the columns `row | case | type | person` and optionally `received`, `heard`,
    `sent`, `ended`, `sentence`, `remand`, `court`; ties `case | to` and optionally `relation`,
    `score`; episodes `episode | person | kind | from | to` and optionally `end` (its reason).
    Coverage, if drawn, has `source | place | from | to | reason`; else every source is covered
    from 2013 to March 2024.
    """
    rows = tables.read(defendants)
    held = {
        "case": [],
        "party": [],
        "matter": [],
        "matter_party": [],
        "decision": [],
        "event": [],
        "case_link": _ties(ties),
        "episode": _episodes(episodes),
        "place": [],
    }
    for row in rows:
        _add(held, row)
    held["case"] = list({case["case_id"]: case for case in held["case"]}.values())
    found = {row["source"] for name in ("case", "episode") for row in held[name]}
    held["coverage"] = _coverage(coverage, sorted(found))
    return tables.warehouse(backend, held)


def _add(held, row):
    trail = {"source": SOURCES[row["type"]], "source_table": "drawn", "source_key": row["row"]}
    party, matter = {"party_id": row["row"]}, {"matter_id": f"{row['row']}/matter"}
    case = {"case_id": row["case"]}
    held["case"].append(
        {
            **case,
            "proceeding_id": row["case"],
            "case_type": row["type"],
            "jurisdiction": "criminal",
            "received_date": row.get("received"),
            "closed_date": row.get("ended"),
            "status": row.get("status") or ("closed" if row.get("ended") else "open"),
            "place_id": row.get("court"),
            **trail,
        }
    )
    held["party"].append(
        {**party, **case, "person_id": row["person"], "role": "defendant", **trail}
    )
    held["matter"].append({**matter, **case, "kind": "charge", **trail})
    held["matter_party"].append({**matter, **party, "part": "defendant", **trail})
    days = {"first_hearing": "heard", "sent_to_crown": "sent", "completed": "ended"}
    for kind, column in days.items():
        if row.get(column):
            event = {"event_id": f"{row['row']}/{kind}", "event_type": kind, **case, **party}
            held["event"].append({**event, "event_date": row[column], **trail})
    for kind, day in (("sentence", row.get("ended")), ("remand", None)):
        if row.get(kind):
            decision = {"decision_id": f"{row['row']}/{kind}", "decision_type": kind, **matter}
            decision |= {"decision": row[kind], "decision_date": day, "is_principal": "true"}
            held["decision"].append({**decision, **trail})


def _ties(drawing):
    rows = tables.read(drawing) if drawing else []
    return [
        {
            "case_id": row["case"],
            "related_case_id": row["to"],
            "relation": row.get("relation") or "committal",
            "score": row.get("score"),
            "source": "cross_justice_linking",
            "source_table": "drawn",
            "source_key": row["case"],
        }
        for row in rows
    ]


def _episodes(drawing):
    rows = tables.read(drawing) if drawing else []
    return [
        {
            "episode_id": row["episode"],
            "person_id": row["person"],
            "kind": row["kind"],
            "granularity": "journey" if row["kind"] == "custody" else None,
            "start_date": row["from"],
            "end_date": row["to"],
            "end_reason": row.get("end") or ("ended" if row["to"] else "open_at_extract"),
            "source": SOURCES[row["kind"]],
            "source_table": "drawn",
            "source_key": row["episode"],
        }
        for row in rows
    ]


def _coverage(drawing, sources):
    rows = tables.read(drawing) if drawing else []
    drawn = [
        {
            "source": row["source"],
            "place_id": row["place"],
            "from_date": row["from"],
            "to_date": row["to"],
            "reason": row["reason"],
            "source_table": "drawn",
            "source_key": row["source"],
        }
        for row in rows
    ]
    named = {row["source"] for row in drawn}
    start, end = COVERED
    return drawn + [
        {"source": source, "from_date": start, "to_date": end, "reason": "the extract"}
        for source in sources
        if source not in named
    ]
