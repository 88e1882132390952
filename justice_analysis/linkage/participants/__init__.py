"""Participants of a programme, linked to people: by identifiers, or by keys that are known.

A *participants folder* holds what a linkage leaves behind, and is written whole or not at all:
`people.parquet`, `attrition.csv`, `match_rates.csv`, `thresholds.csv`, `model.json`,
`links.json`, `charts/`, and `review.csv`, which holds identifiers and stays inside.
"""

from justice_analysis.linkage.participants.folder import read_links, write_links
from justice_analysis.linkage.participants.found import (
    Found,
    find_people,
    people_of,
    with_found,
)
from justice_analysis.linkage.participants.from_files import link_list
from justice_analysis.linkage.participants.known import known_people
from justice_analysis.linkage.participants.linking import link_participants
from justice_analysis.linkage.participants.links import PEOPLE, ParticipantLinks
from justice_analysis.linkage.participants.population import Population, read_population
from justice_analysis.linkage.participants.reading import Participants, read_participants
from justice_analysis.linkage.participants.review import (
    Reviewed,
    export_review,
    import_review,
    keep_review,
)
from justice_analysis.linkage.participants.settings import LinkSettings

__all__ = [
    "PEOPLE",
    "Found",
    "LinkSettings",
    "ParticipantLinks",
    "Participants",
    "Population",
    "Reviewed",
    "export_review",
    "find_people",
    "import_review",
    "keep_review",
    "known_people",
    "link_list",
    "link_participants",
    "people_of",
    "read_links",
    "read_participants",
    "read_population",
    "with_found",
    "write_links",
]
