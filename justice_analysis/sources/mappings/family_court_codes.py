"""The family court's delivered codes and the names that the common model gives them.

The codes are assumed, as the contract says; one that is not here is kept as `code:N`, but for
gender, of which only the two known codes are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from justice_analysis.codes import APPLICATION_TYPES, LEGAL_ORDERS

SYSTEM = "familyman"

ROLES: Mapping[object, str] = {
    "applicant": "applicant",
    "respondent": "respondent",
    "child": "subject",
    "other": "other",
}
SEXES: Mapping[object, str] = {1: "male", 2: "female"}
OTHER_TYPES = ("private_law", "adoption", "divorce", "family_law_act")
CARE_APPLICATIONS = ("care_order", "supervision_order")
DIVORCE = "divorce"
APPLICATIONS: Mapping[object, str] = {name: name for name in APPLICATION_TYPES}
# The decrees were renamed, and what they do stayed: both names have one code of ours.
DECREES: Mapping[object, str] = {
    "decree_nisi": "conditional_order",
    "decree_absolute": "final_order",
}
ORDERS: Mapping[object, str] = {
    **{name: name for name in LEGAL_ORDERS},
    "order_refused": "order_refused_or_dismissed",
    **DECREES,
}
DIVORCE_ORDERS = ("conditional_order", "final_order")
# Divorce, Dissolution and Separation Act 2020: in force from this day.
NO_FAULT_FROM = date(2022, 4, 6)
