"""From a participants folder to a matched comparison, with every loss from submitted on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from justice_analysis.evaluation.data_lab.lab import data_lab
from justice_analysis.linkage.participants import find_people, with_found

if TYPE_CHECKING:
    from justice_analysis.evaluation.data_lab.result import DataLabResult
    from justice_analysis.linkage.participants import ParticipantLinks
    from justice_analysis.warehouse import Warehouse


def evaluate(warehouse: Warehouse, links: ParticipantLinks, **options: Any) -> DataLabResult:
    """Compare linked participants with similar people: `data_lab`, from submitted on.

    Parameters
    ----------
    warehouse
        A warehouse, as `data_lab` needs it.
    links
        From `linkage.participants`: `link_participants`, `known_people` or `read_links`.
    **options
        See `DataLabOptions`.

    Returns
    -------
    DataLabResult
        Its attrition begins with those submitted.

    Raises
    ------
    LinkageError
        If fewer were submitted or matched than the linkage's minimums.
    MetricError
        As `data_lab` does.
    """
    links.require_enough()
    steps = with_found(links, warehouse).attrition
    people = find_people(warehouse, links).people
    return data_lab(warehouse, people, earlier=steps, **options)
