"""Cafcass Cymru's delivered names and the codes that the common model gives them.

Law, orders, roles and relationships are delivered as names. The lists are not published but
for a few examples: ours are assumed, and the contract says so. Letter case and blanks at the
ends do not count. A name that is not here is kept as `code:name`.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from justice_analysis.codes import APPLICATION_TYPES, LEGAL_ORDERS
from justice_analysis.sources.mapping import code_name

SYSTEM = "cymru"

PUBLIC_LAW = ("public", "public law")
PRIVATE_LAW = ("private", "private law")
YES = "yes"

ROLES: Mapping[object, str] = {
    "applicant": "applicant",
    "respondent": "respondent",
    "subject": "subject",
    "other": "other",
}
SEXES: Mapping[object, str] = {1: "male", 2: "female"}


def _in_words(names: Mapping[str, str]) -> dict[object, str]:
    return {name.replace("_", " "): name for name in names}


APPLICATIONS: Mapping[object, str] = {
    **_in_words(APPLICATION_TYPES),
    "discharge of care order": "discharge_of_care_order",
}
ORDERS: Mapping[object, str] = {
    **_in_words(LEGAL_ORDERS),
    "order refused": "order_refused_or_dismissed",
    "application dismissed": "order_refused_or_dismissed",
}
# What a record is to the other one. A child is nobody's relative of a kind in the common
# model: the other record of the same row says whose parent it is.
CHILD_ROLES = ("child", "son", "daughter")
RELATIONSHIP_KINDS: Mapping[object, str] = {
    **dict.fromkeys(["mother", "father", "parent"], "parent"),
    **dict.fromkeys(["sibling", "brother", "sister"], "sibling"),
    **dict.fromkeys(["half sibling", "half brother", "half sister"], "half_sibling"),
    **dict.fromkeys(["step sibling", "step brother", "step sister"], "step_sibling"),
    **dict.fromkeys(["step parent", "step mother", "step father"], "step"),
    **dict.fromkeys(["partner", "husband", "wife"], "partner"),
    **dict.fromkeys(["grandparent", "grandmother", "grandfather", "grandchild"], "other"),
    **dict.fromkeys(["aunt", "uncle", "niece", "nephew", "other"], "other"),
}
# Match status with which research code on other datasets of the databank keeps a link.
USED_MATCH_STATUS = (1, 4, 39)


def plain(name: ir.StringValue) -> ir.StringValue:
    """A delivered name without blanks at its ends, in lower case."""
    return name.strip().lower()


def named(name: ir.StringValue, names: Mapping[object, str]) -> ir.StringValue:
    """Our code for a delivered name; an unknown name is kept as `code:name`."""
    return code_name(plain(name), names)
