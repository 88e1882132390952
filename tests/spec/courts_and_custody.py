"""People in the criminal courts, in police records and in custody, drawn in small tables."""

from __future__ import annotations

from justice_analysis import engine
from tests.spec import tables

SOURCES = {
    "magistrates": "magistrates_defendant",
    "crown_trial": "crown_court_defendant",
    "crown_sentence": "crown_court_defendant",
    "crown_appeal": "crown_court_defendant",
    "pnc_record": "moj_dfe",
    "custody": "prisoner_custodial_journey",
    "licence": "probation",
    "post_sentence_supervision": "probation",
}
COVERED = ("2011-01-01", "2024-04-01")
BREACH = "breach"


def justice_warehouse(backend, charges="", *, episodes="", people=(), coverage=""):
    """Build a warehouse from drawings.

    Charges have the columns `case | person` and optionally `set`, `type` (magistrates if left
    out), `received`, `heard`, `offence`, `code` (breach: an application), `verdict`, `convicted`
    (its day), `given` (a sentence or caution), `on` (its day), `court`; the charges of one
    person in one case are one party's. Episodes have `person | kind | from | to` and optionally
    `status` (a segment), `of` (its journey, by `episode`), `end` (why it has no end). Coverage has
    `source | place | from | to`; without, each source is covered from 2011 to March 2024.
    """
    held = {name: [] for name in ("case", "party", "matter", "matter_party", "decision", "event")}
    for number, row in enumerate(tables.read(charges) if charges else []):
        _add_charge(held, row, f"charge {number}")
    for name, key in (("case", "case_id"), ("party", "party_id"), ("event", "event_id")):
        held[name] = list({row[key]: row for row in held[name]}.values())
    held["episode"] = [
        _episode(row, f"episode {number}")
        for number, row in enumerate(tables.read(episodes) if episodes else [])
    ]
    held["person"] = list(people)
    sources = sorted({row["source"] for name in ("case", "episode") for row in held[name]})
    held["coverage"] = _coverage(coverage, sources)
    return tables.warehouse(backend, held)


def _add_charge(held, row, name):
    kind = row.get("type") or "magistrates"
    trail = {"source": SOURCES[kind], "source_table": "drawn", "source_key": name}
    case = row["case"]
    party = f"{case}/{row['person']}" if row["person"] else f"{name}/party"
    held["case"].append(
        {
            "case_id": case,
            "proceeding_id": row.get("set") or case,
            "case_type": kind,
            "jurisdiction": "criminal",
            "received_date": row.get("received"),
            "place_id": row.get("court"),
            **trail,
        }
    )
    held["party"].append(
        {"party_id": party, "case_id": case, "person_id": row["person"], "role": "defendant"}
        | trail
    )
    if row.get("heard"):
        event = {"event_id": f"{party}/heard", "event_type": "first_hearing", "case_id": case}
        held["event"].append({**event, "party_id": party, "event_date": row["heard"], **trail})
    code = row.get("code")
    held["matter"].append(
        {
            "matter_id": name,
            "case_id": case,
            "kind": "application" if code == BREACH else "charge",
            "code": code,
            "alleged_date": row.get("offence"),
            **trail,
        }
    )
    held["matter_party"].append({"matter_id": name, "party_id": party, "part": "defendant"})
    given = row.get("given")
    decisions = [("verdict", row.get("verdict"), row.get("convicted"))]
    decisions.append(
        ("caution" if given and "caution" in given else "sentence", given, row.get("on"))
    )
    for what, decision, day in decisions:
        if decision:
            made = {"decision_id": f"{name}/{what}", "matter_id": name, "decision_type": what}
            made |= {"decision": decision, "decision_date": day, "is_principal": True}
            held["decision"].append({**made, **trail})


def _episode(row, name):
    status = row.get("status")
    shown = {"granularity": "segment" if status else "journey"} if row["kind"] == "custody" else {}
    return {
        "episode_id": row.get("episode") or name,
        "person_id": row["person"],
        "kind": row["kind"],
        "legal_status": status,
        "parent_episode_id": row.get("of"),
        "start_date": row["from"],
        "end_date": row["to"],
        "end_reason": row.get("end") or ("ended" if row["to"] else "open_at_extract"),
        "source": SOURCES[row["kind"]],
        "source_table": "drawn",
        "source_key": name,
        **shown,
    }


def _coverage(drawing, sources):
    rows = tables.read(drawing) if drawing else []
    drawn = [
        {
            "source": row["source"],
            "place_id": row["place"],
            "from_date": row["from"],
            "to_date": row["to"],
            "reason": "migrated to Common Platform" if row["place"] else "the extract",
        }
        for row in rows
    ]
    named = {row["source"] for row in drawn}
    whole = [
        {"source": name, "from_date": COVERED[0], "to_date": COVERED[1], "reason": "the extract"}
        for name in sources
        if name not in named
    ]
    return drawn + whole


def by_person(frame, *columns):
    """Columns of a small table of people, by person: days as whole numbers, dates as text."""
    rows = engine.execute(frame.select("person_id", *columns)).to_dict("records")
    return {int(row["person_id"]): tuple(_plain(row[name]) for name in columns) for row in rows}


def _plain(value):
    if value is None or value != value:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return value if isinstance(value, (str, bool)) else int(value)


def excluded(flow):
    """People lost at each step at which someone was lost."""
    table = flow.table()
    lost = table[table["people_excluded"] > 0]
    return dict(zip(lost["step"], lost["people_excluded"].astype(int), strict=True))
