"""Criminal courts drawn in one table: a row for each charge of a defendant."""

from __future__ import annotations

from tests.spec import tables

SOURCES = {
    "magistrates": "magistrates_defendant",
    "crown_trial": "crown_court_defendant",
    "crown_sentence": "crown_court_defendant",
    "crown_appeal": "crown_court_defendant",
}
EVENTS = {
    "offence": "offence",
    "charged": "charge",
    "received": "received",
    "heard": "first_hearing",
    "main": "hearing",
    "sent": "sent_to_crown",
    "ended": "completed",
}
COVERED = ("2018-01-01", "2024-04-01")


def court_warehouse(backend, drawing, *, coverage=None, places=""):
    """Build a warehouse from a drawing with the columns

    row | case | type | person  and optionally those of `EVENTS`, `court`, `status`, `code`, `kind`,
    `plea`, `remand`, `verdict`, `sentence`, `days`, `ethnicity`, `sex`.

    A row with the `row` of the one before is a further charge of that defendant: the first is the
    principal one. A case is closed on the day on which the last of its defendants ends, if all do.
    `coverage` draws `source | place | from | to | reason`; `places` `place | kind | name | parent`.
    """
    names = ("case", "party", "matter", "matter_party", "decision", "event", "place")
    held = {name: [] for name in names}
    rows = tables.read(drawing)
    seen = set()
    for number, row in enumerate(rows):
        _add_charge(held, row, number, is_principal=row["row"] not in seen)
        if row["row"] not in seen:
            _add_defendant(held, row)
        seen.add(row["row"])
    held["case"] = _cases(rows)
    for place in tables.read(places) if places else []:
        named = {"place_id": place["place"], "kind": place["kind"], "name": place["name"]}
        trail = _trail("magistrates_defendant", place["place"])
        held["place"].append({**named, "parent_id": place["parent"], **trail})
    held["coverage"] = _coverage(coverage, sorted({SOURCES[row["type"]] for row in rows}))
    return tables.warehouse(backend, held)


def _trail(source, key):
    return {"source": source, "source_table": "drawn", "source_key": key}


def _cases(rows):
    cases = {}
    for row in rows:
        cases.setdefault(row["case"], []).append(row)
    return [_case(name, of_case) for name, of_case in cases.items()]


def _case(name, rows):
    first = rows[0]
    ends = [row.get("ended") for row in rows]
    closed = max(ends) if all(ends) else None
    received = [row["received"] for row in rows if row.get("received")]
    return {
        "case_id": name,
        "proceeding_id": name,
        "case_type": first["type"],
        "jurisdiction": "criminal",
        "received_date": min(received, default=None),
        "closed_date": closed,
        "status": first.get("status") or ("closed" if closed else "open"),
        "place_id": first.get("court"),
        **_trail(SOURCES[first["type"]], name),
    }


def _add_defendant(held, row):
    trail = _trail(SOURCES[row["type"]], row["row"])
    party, case = {"party_id": row["row"]}, {"case_id": row["case"]}
    told = {"ethnicity_group": row.get("ethnicity"), "sex": row.get("sex")}
    held["party"].append(
        {**party, **case, "person_id": row["person"], "role": "defendant", **told, **trail}
    )
    for column, kind in EVENTS.items():
        if row.get(column):
            event = {"event_id": f"{row['row']}/{kind}", "event_type": kind, **case, **party}
            value = "main" if kind == "hearing" else None
            held["event"].append({**event, "event_date": row[column], "value_code": value, **trail})


def _add_charge(held, row, number, *, is_principal):
    trail = _trail(SOURCES[row["type"]], f"charge {number}")
    matter = {"matter_id": f"{row['row']}/{number}"}
    about = {"kind": row.get("kind") or "charge", "code": row.get("code")}
    held["matter"].append(
        {**matter, "case_id": row["case"], **about, "received_date": row.get("received"), **trail}
    )
    held["matter_party"].append({**matter, "party_id": row["row"], "part": "defendant", **trail})
    for kind in ("plea", "remand", "verdict", "sentence"):
        if row.get(kind):
            decision = {"decision_id": f"{row['row']}/{number}/{kind}", "decision_type": kind}
            decision |= {"decision": row[kind], "is_principal": str(is_principal).lower()}
            decision |= {"decision_date": None if kind in ("plea", "remand") else row.get("ended")}
            if kind == "sentence" and row.get("days"):
                decision |= {"amount": row["days"], "amount_unit": "days"}
            held["decision"].append({**matter, **decision, **trail})


def _coverage(drawing, sources):
    rows = tables.read(drawing) if drawing else [
        {"source": s, "place": None, "from": COVERED[0], "to": COVERED[1], "reason": "the extract"}
        for s in sources
    ]  # fmt: skip
    return [
        {
            "source": row["source"],
            "place_id": row["place"],
            "from_date": row["from"],
            "to_date": row["to"],
            "reason": row["reason"],
            **_trail(row["source"], row["source"]),
        }
        for row in rows
    ]
