"""Participants of a programme, linked to people: by identifiers, or by ids that are known.

A *participants folder* holds what a linkage leaves behind, and is written whole or not at all:
`people.parquet`, `attrition.csv`, `match_rates.csv`, `thresholds.csv`, `model.json`,
`links.json`, `charts/`, and `review.csv`, which holds identifiers and stays inside.
"""

from justice_analysis.linkage.participants.found import Found, find_people, people_of
from justice_analysis.linkage.participants.links import PEOPLE, ParticipantLinks

__all__ = [
    "PEOPLE",
    "Found",
    "ParticipantLinks",
    "find_people",
    "people_of",
]
