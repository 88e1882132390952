"""Children's cases drawn in two tables: a row for each child's application, one for each order."""

from __future__ import annotations

from tests.spec import tables

COVERED = ("2007-04-01", "2024-04-01")
NOT_FINAL = ("interim_care_order", "interim_supervision_order", "case_management_direction")


def children_warehouse(
    backend, applications: str, orders: str = "", *, covered=COVERED, places=(), synthetic=False
):
    """Build a warehouse from drawings with the columns

    case | set | child | applied_for | received  and optionally `source`, `type`, `status`,
    `closed`, `active`, `area`, `born` (a day, or a month), `week` (the born day is a Monday) and
    `linked`; and  case | child | order | made  and optionally `final`.
    """
    held = {name: {} for name in ("case", "party", "matter", "matter_party", "person", "event")}
    first: dict[tuple[str, str], str] = {}
    for row in tables.read(applications):
        _application(row, held, first)
    held["decision"] = {
        number: _order(number, row, first)
        for number, row in enumerate(tables.read(orders) if orders else [])
    }
    sources = {row["source"] for row in held["case"].values()}
    held["coverage"] = {
        name: {"source": name, "from_date": covered[0], "to_date": covered[1]} for name in sources
    }
    held["place"] = dict(enumerate(places))
    made = tables.warehouse(backend, {name: list(rows.values()) for name, rows in held.items()})
    made.is_synthetic = synthetic
    return made


def _application(row, held, first) -> None:
    case, child = row["case"], row["child"]
    trail = {
        "source": row.get("source") or "family_court",
        "source_table": "drawn",
        "source_key": case,
    }
    held["case"][case] = {
        "case_id": case,
        "proceeding_id": row["set"],
        "jurisdiction": "family",
        "case_type": row.get("type") or "care_proceedings",
        "received_date": row["received"],
        "closed_date": row.get("closed"),
        "status": row.get("status") or ("closed" if row.get("closed") else "open"),
        "last_activity_date": row.get("active"),
        "area_id": row.get("area"),
        **trail,
    }
    if child is None:
        return
    is_linked = row.get("linked") != "false"
    held["party"][case, child] = {
        "party_id": f"party {case}/{child}",
        "case_id": case,
        "person_id": child if is_linked else None,
        "role": "subject",
        "birth_month": _month(row.get("born")),
        **trail,
    }
    matter = f"matter {case}/{child}/{row['applied_for']}/{row['received']}"
    first.setdefault((case, child), matter)
    held["matter"][matter] = {
        "matter_id": matter,
        "case_id": case,
        "kind": "child_in_application",
        "code": row["applied_for"],
        "received_date": row["received"],
        **trail,
    }
    held["matter_party"][matter] = {
        "matter_id": matter,
        "party_id": f"party {case}/{child}",
        "part": "subject",
        **trail,
    }
    if is_linked:
        _person(child, row, held, trail)


def _person(child, row, held, trail) -> None:
    born = row.get("born")
    held["person"][child] = {"person_id": child, "birth_month": _month(born), **trail}
    if born and len(born) == 10:
        held["event"][child] = {
            "event_id": f"birth {child}",
            "person_id": child,
            "event_type": "birth",
            "event_date": born,
            "value_code": "week" if row.get("week") == "true" else "day",
            **trail,
        }


def _order(number, row, first) -> dict:
    final = row.get("final") or str(row["order"] not in NOT_FINAL).lower()
    return {
        "decision_id": str(number),
        "matter_id": first[row["case"], row["child"]],
        "decision_type": "legal_order",
        "decision": row["order"],
        "decision_date": row["made"],
        "is_final": final,
        "source": "family_court",
        "source_table": "drawn",
        "source_key": row["case"],
    }


def _month(born: str | None) -> str | None:
    return None if born is None else f"{born[:7]}-01"


def rows_of(table, columns: list[str]) -> list[dict[str, str | None]]:
    """Bring a result's table to the shape that `tables.read` gives."""
    return [
        {name: _text(value) for name, value in row.items()}
        for row in table[columns].to_dict("records")
    ]


def _text(value) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value)


def left(flow) -> dict[str, int]:
    """Who was lost at each step of a selection, steps that lost nobody left out."""
    table = flow.table()
    lost = dict(zip(table["step"], table["people_excluded"], strict=True))
    return {step: int(number) for step, number in lost.items() if number}
