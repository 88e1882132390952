"""Cafcass England's delivered codes and the names that the common model gives them.

Both case systems are taken to share them. Few codes are published; the others are assumed, and
the contract says which. A code that is not here is kept as `code:N`.
"""

from __future__ import annotations

from collections.abc import Mapping

PUBLIC_LAW, PRIVATE_LAW = 1, 2
OPEN, CLOSED, REOPENED = 1, 2, 3

APPLICATION_KINDS: Mapping[object, str] = {
    1: "care_order",
    2: "supervision_order",
    3: "placement_order",
    4: "emergency_protection_order",
    5: "discharge_of_care_order",
    10: "child_arrangements_order",
    99: "other",
}
# Section 31 of the Children Act 1989: care proceedings.
CARE_APPLICATION_CODES = (1, 2)

EMERGENCY_PROTECTION_ORDER = 8
ORDERS: Mapping[object, str] = {
    1: "order_refused_or_dismissed",
    2: "no_order",
    3: "family_assistance_order",
    4: "supervision_order",
    5: "residence_order",
    6: "special_guardianship_order",
    7: "child_arrangements_order",
    EMERGENCY_PROTECTION_ORDER: "emergency_protection_order",
    9: "care_order",
    10: "secure_accommodation_order",
    11: "placement_order",
    20: "interim_care_order",
    21: "interim_supervision_order",
    30: "case_management_direction",
    31: "application_withdrawn",
}
FINAL_ORDER_CODES = (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 31)

# Published for the newer system (research code of the Nuffield Family Justice Observatory).
RELATIONSHIP_KINDS: Mapping[object, str] = {
    1: "parent",
    34: "sibling",
    35: "sibling",
    40: "half_sibling",
    41: "half_sibling",
    51: "step_sibling",
    52: "step_sibling",
}

# Published in the same code: 19 prefers not to say, 22 unknown. Neither is an ethnic group.
NOT_AN_ETHNIC_GROUP = (19, 22)
ETHNIC_GROUPS: Mapping[object, str] = {
    1: "white",
    2: "mixed",
    3: "asian",
    4: "black",
    5: "other",
}
