"""The codes of the criminal part of the world, and how many courts and prisons it has.

A column of the tables of `lives` holds positions in these.
"""

from __future__ import annotations

from justice_analysis import codes

OFFENCE_GROUPS = tuple(codes.OFFENCE_GROUPS)
MODES = ("summary", "either_way", "indictable_only")
PLEAS = tuple(codes.PLEAS)
VERDICTS = tuple(codes.VERDICTS)
DISPOSALS = tuple(codes.DISPOSALS)
REMANDS = tuple(codes.REMAND_STATUSES)
CUSTODY_STATUSES = tuple(codes.CUSTODY_STATUSES)
SUPERVISION_KINDS = (
    "community_order",
    "suspended_sentence_order",
    "licence",
    "post_sentence_supervision",
)
REQUIREMENTS = tuple(codes.REQUIREMENTS)
TERMINATIONS = tuple(codes.REQUIREMENT_ENDS)

MAGISTRATES_COURTS = 150
CROWN_COURTS = 76
PRISONS = 110
