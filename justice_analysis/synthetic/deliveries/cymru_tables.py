"""Names that Cafcass Cymru delivers for codes of our own, and its tables without rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from justice_analysis import contracts
from justice_analysis.synthetic.family.courts import ARRANGEMENTS
from justice_analysis.synthetic.people import Ints
from justice_analysis.synthetic.tables import Table

_APPLICATIONS = {
    1: "Care Order",
    2: "Supervision Order",
    3: "Placement Order",
    4: "Emergency Protection Order",
    5: "Discharge of Care Order",
    ARRANGEMENTS: "Child Arrangements Order",
}
_OUTCOMES = {
    1: "Order Refused",
    2: "No Order",
    3: "Family Assistance Order",
    4: "Supervision Order",
    5: "Residence Order",
    6: "Special Guardianship Order",
    7: "Child Arrangements Order",
    8: "Emergency Protection Order",
    9: "Care Order",
    10: "Secure Accommodation Order",
    11: "Placement Order",
    20: "Interim Care Order",
    21: "Interim Supervision Order",
    30: "Case Management Direction",
    31: "Application Withdrawn",
}
APPLICATION_NAMES = tuple(_APPLICATIONS.values())
OUTCOME_NAMES = tuple(_OUTCOMES.values())


def application_positions(codes: Ints) -> Ints:
    """Positions in `APPLICATION_NAMES` of codes of our own."""
    return np.searchsorted(np.array(list(_APPLICATIONS)), codes)


def outcome_positions(codes: Ints) -> Ints:
    """Positions in `OUTCOME_NAMES` of codes of our own."""
    return np.searchsorted(np.array(list(_OUTCOMES)), codes)


_TYPES = {
    "integer": pa.int64(),
    "string": pa.string(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}


def empty_table(dataset: str) -> dict[str, Table]:
    """Every table of a contract in its columns, without rows."""
    return {
        table.name: {field.name: pa.nulls(0, _TYPES[field.type]) for field in table.fields}
        for table in contracts.load(dataset).tables
    }
