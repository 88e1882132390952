"""What a linkage leaves behind: links of one list of participants, in memory and as a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from justice_analysis.errors import LinkageError

if TYPE_CHECKING:
    import pandas as pd

# One row per person matched. Nothing here names a person; the key is a delivered record's.
PEOPLE: Mapping[str, str] = {
    "participant": "int64",
    "source_table": "string",
    "source_key": "string",
    "index_date": "date",
    "match_probability": "float64",
    "match_weight": "float64",
    "gender": "string",
    "age_at_index": "int64",
    "age_band": "string",
}


@dataclass(frozen=True, eq=False)
class ParticipantLinks:
    """A list of participants, linked.

    Attributes
    ----------
    name
        Of the list: its file's name without the ending.
    people
        One row per person matched above the threshold, each once: the columns of `PEOPLE`.
        `participant` is the row of the list, from 1; `source_table` and `source_key` name a
        delivered record; `gender` is female, male or missing; `age_at_index` is in whole years.
    attrition
        One row per step from submitted on: `step`, `people` left, `people_excluded` at it.
    match_rates
        One row per group: `characteristic`, `group`, `people` usable, `matched`, `match_rate`,
        `lower`, `upper` (Wilson, 95%).
    record
        What `links.json` holds: files and their hashes, settings, seed, counts, minimums.
    model
        What `model.json` holds; empty where ids were known.
    review
        One row per pair to be looked at by a person. **It holds identifiers.**
    thresholds
        One row per threshold: `threshold`, `links`, and where truth is known `true_links`,
        `precision`, `recall`.
    """

    name: str
    people: pd.DataFrame = field(repr=False)
    attrition: pd.DataFrame = field(repr=False)
    match_rates: pd.DataFrame = field(repr=False)
    record: Mapping[str, Any] = field(repr=False)
    model: Mapping[str, Any] = field(default_factory=dict, repr=False)
    review: pd.DataFrame | None = field(default=None, repr=False)
    thresholds: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def refusal(self) -> str | None:
        """Why no effect may be estimated from these people, in a sentence; missing if it may."""
        return self.record.get("refusal")

    def require_enough(self) -> None:
        """Refuse to go on with fewer people than the minimums.

        Raises
        ------
        LinkageError
            If too few were submitted or matched.
        """
        if self.refusal is not None:
            raise LinkageError(self.refusal)
