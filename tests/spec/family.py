"""Care proceedings drawn in one table: a row for each adult and child of a case."""

from __future__ import annotations

from tests.spec import tables

MOTHERS_BORN = "1990-01-01"


def care_warehouse(backend, drawing: str, *, observed=("2007-04-01", "2024-04-01"), people=()):
    """Build a warehouse from a drawing with the columns

    case | set | issued | order | mother | role | child | born  and optionally `type`, `source`,
    `adult_sex`, `tie`.

    `order` is the day of a final care order; `role` the mother's role; `tie` the child's tie
    to her (`parent` unless drawn).
    """
    rows = tables.read(drawing)
    cases, parties, matters, parts, decisions, ties, persons, births = (
        {},
        {},
        {},
        {},
        {},
        {},
        {},
        {},
    )
    for row in rows:
        case, child, mother = row["case"], row["child"], row["mother"]
        source = row.get("source") or "cafcass_england"
        trail = {"source": source, "source_table": "drawn", "source_key": case}
        cases[case] = {
            "case_id": case,
            "proceeding_id": row["set"],
            "jurisdiction": "family",
            "case_type": row.get("type") or "care_proceedings",
            "received_date": row["issued"],
            "closed_date": row["order"],
            "status": "closed",
            "area_id": row.get("area"),
            **trail,
        }
        persons[mother] = {
            "person_id": mother,
            "sex": row.get("adult_sex") or "female",
            "birth_month": MOTHERS_BORN,
            **trail,
        }
        persons[child] = {"person_id": child, "birth_month": _month(row["born"]), **trail}
        for person, role in ((mother, row["role"]), (child, "subject")):
            parties[case, person] = {
                "party_id": f"{case}/{person}",
                "case_id": case,
                "person_id": person,
                "role": role,
                **trail,
            }
        matter = f"{case}/{child}"
        matters[matter] = {"matter_id": matter, "case_id": case, "kind": "child", **trail}
        parts[matter] = {
            "matter_id": matter,
            "party_id": f"{case}/{child}",
            "part": "subject",
            **trail,
        }
        if row["order"]:
            decisions[matter] = {
                "decision_id": matter,
                "matter_id": matter,
                "decision_type": "legal_order",
                "decision": row.get("decision") or "care_order",
                "decision_date": row["order"],
                "is_final": "true",
                **trail,
            }
        ties[child, mother] = {
            "person_id": child,
            "related_person_id": mother,
            "kind": row.get("tie") or "parent",
            **trail,
        }
        if row["born"] and len(row["born"]) == 10:
            births[child] = {
                "event_id": f"birth/{child}",
                "person_id": child,
                "event_type": "birth",
                "event_date": row["born"],
                **trail,
            }
    for extra in people:
        persons[extra["person_id"]] |= extra
    coverage = {"source": "cafcass_england", "from_date": observed[0], "to_date": observed[1]}
    return tables.warehouse(
        backend,
        {
            "case": list(cases.values()),
            "party": list(parties.values()),
            "matter": list(matters.values()),
            "matter_party": list(parts.values()),
            "decision": list(decisions.values()),
            "relationship": list(ties.values()),
            "person": list(persons.values()),
            "event": list(births.values()),
            "coverage": [coverage],
        },
    )


def _month(born: str | None) -> str | None:
    return None if born is None else f"{born[:7]}-01"
