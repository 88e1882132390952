"""Private law, divorces and civil claims drawn in small tables: a row a case or child."""

from __future__ import annotations

from tests.spec import tables

FAMILY, CIVIL = "family_court", "civil_county_court"
COVERED = ("2011-01-01", "2024-04-01")


def expected(drawing):
    """A drawn result: its rows in order, as text."""
    return tables.read(drawing)


def shown(table, *columns):
    """Chosen columns of a result, as a drawing has them; numbers to three places."""
    return [
        {name: _text(row[name]) for name in columns}
        for row in table[list(columns)].to_dict("records")
    ]


def _text(value):
    if isinstance(value, float):
        value = round(value, 3)
        return None if value != value else f"{value:g}"
    return str(value)


def family_warehouse(backend, drawing, *, represented="", covered=COVERED):
    """Build a warehouse of family court cases.

    Columns: `case | type | received` and optionally `closed`, `court`, `petition`, `conditional`,
    `final`, `transfer` (days of events), `child`, `order` (applied for), `applied` and `orders`
    ("kind@day kind@day", `*kind` where final), `applicants`, `respondents` (people, "+" after
    those with a lawyer, "?" after those of whom it is not known).
    """
    held = _held()
    for row in tables.read(drawing):
        _family_case(held, row)
    return _made(backend, held, FAMILY, covered)


def _family_case(held, row):
    case, trail = (
        row["case"],
        {"source": FAMILY, "source_table": "drawn", "source_key": row["case"]},
    )
    held["case"][case] = {
        "case_id": case,
        "proceeding_id": case,
        "jurisdiction": "family",
        "case_type": row["type"],
        "received_date": row["received"],
        "closed_date": row.get("closed"),
        "status": "closed" if row.get("closed") else "open",
        "place_id": row.get("court"),
        **trail,
    }
    _court(held, row, trail)
    for role in ("applicant", "respondent"):
        for name in (row.get(f"{role}s") or "").split():
            _party(held, case, role, name, trail)
    days = {
        "petition": row.get("petition"),
        "conditional_order": row.get("conditional"),
        "final_order": row.get("final"),
        "received": row.get("transfer"),
    }
    for kind, listed in days.items():
        for number, day in enumerate((listed or "").split()):
            event = {"event_id": f"{case}/{kind}/{number}", "case_id": case, "event_type": kind}
            code = "transferred_in" if kind == "received" else None
            held["event"][event["event_id"]] = {
                **event, "event_date": day, "value_code": code, **trail
            }  # fmt: skip
    if row.get("child") or row.get("order"):
        _child(held, row, trail)


def _child(held, row, trail):
    case, child = row["case"], row.get("child")
    matter = f"{case}/{child}/{row['order']}"
    held["matter"][matter] = {
        "matter_id": matter,
        "case_id": case,
        "kind": "child_in_application",
        "code": row["order"],
        "received_date": row["applied"],
        **trail,
    }
    if child:
        party = _party(held, case, "subject", child, trail)
        held["matter_party"][matter] = {
            "matter_id": matter,
            "party_id": party,
            "part": "subject",
            **trail,
        }
    for number, order in enumerate((row.get("orders") or "").split()):
        kind, day = order.lstrip("*").split("@")
        held["decision"][f"{matter}/{number}"] = {
            "decision_id": f"{matter}/{number}",
            "matter_id": matter,
            "decision_type": "legal_order",
            "decision": kind,
            "decision_date": day,
            "is_final": str(order.startswith("*")).lower(),
            **trail,
        }


def civil_warehouse(backend, drawing, *, covered=COVERED):
    """Build a warehouse of claims.

    Columns: `claim | kind | issued | claimants | defendants` (people; bodies begin with "org:")
    and optionally `defence`, `hearing`, `judgments`, `warrants` ("kind@day kind@day"), `closed`,
    `status`, `last` (day of the last activity), `court`.
    """
    held = _held()
    for row in tables.read(drawing):
        _claim(held, row)
    return _made(backend, held, CIVIL, covered)


def _claim(held, row):
    claim = row["claim"]
    trail = {"source": CIVIL, "source_table": "drawn", "source_key": claim}
    held["case"][claim] = {
        "case_id": claim,
        "proceeding_id": claim,
        "jurisdiction": "civil",
        "case_type": f"{row['kind']}_claim",
        "received_date": row["issued"],
        "closed_date": row.get("closed"),
        "status": row.get("status") or ("closed" if row.get("closed") else "open"),
        "last_activity_date": row.get("last"),
        "place_id": row.get("court"),
        **trail,
    }
    _court(held, row, trail)
    held["matter"][claim] = {"matter_id": claim, "case_id": claim, "kind": "claim", **trail}
    for role in ("claimant", "defendant"):
        for name in (row.get(f"{role}s") or "").split():
            _party(held, claim, role, name, trail)
    for kind in ("defence", "hearing"):
        if row.get(kind):
            _event(held, claim, kind, row[kind], trail)
    for number, text in enumerate((row.get("judgments") or "").split()):
        kind, day = text.split("@")
        held["decision"][f"{claim}/{number}"] = {
            "decision_id": f"{claim}/{number}",
            "matter_id": claim,
            "decision_type": "judgment",
            "decision": kind,
            "decision_date": day,
            "is_final": "true",
            **trail,
        }
    for text in (row.get("warrants") or "").split():
        kind, day = text.split("@")
        _event(held, claim, "warrant", day, trail, kind)


def _event(held, claim, kind, day, trail, code=None):
    key = f"{claim}/{kind}/{code}/{day}"
    held["event"][key] = {
        "event_id": key,
        "case_id": claim,
        "event_type": "administrative" if kind == "defence" else kind,
        "event_date": day,
        "value_code": kind if kind == "defence" else code,
        **trail,
    }


def _party(held, case, role, name, trail):
    person = name.rstrip("+?")
    key = f"{case}/{role}/{person}"
    is_body = person.startswith("org:")
    held["party"][key] = {
        "party_id": key,
        "case_id": case,
        "person_id": None if is_body or person.startswith("new") else person,
        "organisation_id": person if is_body else None,
        "role": role,
        "represented": None if name.endswith("?") else str(name.endswith("+")).lower(),
        **trail,
    }
    return key


def _court(held, row, trail):
    if row.get("court"):
        court = row["court"]
        held["place"][court] = {"place_id": court, "kind": "court", "name": court, **trail}


def _held():
    names = ("case", "party", "matter", "matter_party", "decision", "event", "place")
    return {name: {} for name in names}


def _made(backend, held, source, covered):
    drawn = {name: list(rows.values()) for name, rows in held.items()}
    drawn["coverage"] = [{"source": source, "from_date": covered[0], "to_date": covered[1]}]
    return tables.warehouse(backend, drawn)
