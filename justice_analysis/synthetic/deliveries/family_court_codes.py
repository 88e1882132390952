"""Codes as the family court delivers them, in the order of their labels."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.family.courts import ARRANGEMENTS
from justice_analysis.synthetic.people import Ints

CASE_TYPES = ("public_law", "private_law", "divorce")
PUBLIC, PRIVATE, DIVORCE_CASE = range(len(CASE_TYPES))
ROLES = ("child", "respondent", "applicant")
CHILD, RESPONDENT, APPLICANT = range(len(ROLES))
MODELS = ("application", "order", "hearing", "administrative")
APPLICATION, ORDER, HEARING, ADMINISTRATIVE = range(len(MODELS))

DIVORCE = 90
NISI, ABSOLUTE, CONDITIONAL, FINAL = 91, 92, 93, 94
_APPLICATIONS = {
    1: "care_order",
    2: "supervision_order",
    3: "placement_order",
    4: "emergency_protection_order",
    5: "discharge_of_care_order",
    ARRANGEMENTS: "child_arrangements_order",
    DIVORCE: "divorce",
}
_ORDERS = {
    1: "order_refused",
    2: "no_order",
    3: "family_assistance_order",
    4: "supervision_order",
    5: "residence_order",
    6: "special_guardianship_order",
    7: "child_arrangements_order",
    8: "emergency_protection_order",
    9: "care_order",
    10: "secure_accommodation_order",
    11: "placement_order",
    20: "interim_care_order",
    21: "interim_supervision_order",
    30: "case_management_direction",
    31: "application_withdrawn",
    NISI: "decree_nisi",
    ABSOLUTE: "decree_absolute",
    CONDITIONAL: "conditional_order",
    FINAL: "final_order",
}
APPLICATION_LABELS = tuple(_APPLICATIONS.values())
ORDER_LABELS = tuple(_ORDERS.values())


def application_positions(codes: Ints) -> Ints:
    """Positions in `APPLICATION_LABELS` of codes of our own."""
    return np.searchsorted(np.array(list(_APPLICATIONS)), codes)


def order_positions(codes: Ints) -> Ints:
    """Positions in `ORDER_LABELS` of codes of our own."""
    # A child arrangements order has one code as an application and another as an order.
    return np.searchsorted(np.array(list(_ORDERS)), codes)
