"""Cases of family, criminal and civil courts drawn in one table: a row for each party."""

from __future__ import annotations

from tests.spec import tables

SOURCES = {
    "family": "family_court",
    "criminal": "magistrates_defendant",
    "civil": "civil_county_court",
}
TYPES = {"family": "private_law", "criminal": "magistrates", "civil": "money_claim"}
COVERED = ("2010-01-01", "2024-01-01")


def contact_tables(drawing, *, covered=None):
    """Rows of a warehouse from a drawing with the columns

    case | set | court | received | person | role  and optionally `type`, `kind` (of the matter in
    the criminal courts: a charge unless drawn). `covered` gives days from and to by court.
    """
    held = {name: [] for name in ("case", "party", "matter", "coverage")}
    cases = {}
    for number, row in enumerate(tables.read(drawing)):
        court = row["court"]
        trail = {"source": SOURCES[court], "source_table": "drawn", "source_key": row["case"]}
        cases[row["case"]] = {
            "case_id": row["case"],
            "proceeding_id": row["set"],
            "jurisdiction": court,
            "case_type": row.get("type") or TYPES[court],
            "received_date": row["received"],
            "status": "closed",
            **trail,
        }
        held["party"].append(
            {"party_id": str(900_000 + number), "case_id": row["case"], "person_id": row["person"],
             "role": row["role"], **trail}
        )  # fmt: skip
        if court == "criminal":
            held["matter"].append(
                {"matter_id": str(900_000 + number), "case_id": row["case"],
                 "kind": row.get("kind") or "charge", **trail}
            )  # fmt: skip
    held["case"] = list(cases.values())
    for court in sorted({row["jurisdiction"] for row in held["case"]}):
        first, last = (covered or {}).get(court, COVERED)
        held["coverage"].append(
            {"source": SOURCES[court], "source_table": "drawn", "source_key": court,
             "from_date": first, "to_date": last}
        )  # fmt: skip
    return held


def contact_warehouse(backend, drawing, *, covered=None):
    """Build a warehouse from the drawing of `contact_tables`."""
    return tables.warehouse(backend, contact_tables(drawing, covered=covered))
