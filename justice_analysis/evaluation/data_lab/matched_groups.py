"""Participants beside similar people: scores, matches, and who was left without one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from justice_analysis.errors import MetricError
from justice_analysis.evaluation.data_lab.characteristics import Characteristics
from justice_analysis.evaluation.data_lab.definition import RADIUS, DataLabOptions
from justice_analysis.models.balance import BalanceTable, balance
from justice_analysis.models.matching import (
    Matched,
    Propensity,
    caliper_width,
    nearest_neighbours,
    propensity_scores,
    radius,
)

FEWEST = 2


@dataclass(frozen=True, eq=False)
class MatchedGroups:
    """A matched comparison before any outcome is looked at.

    Attributes
    ----------
    propensity
        Chance of taking part and the model it comes from.
    matched
        Weights, pairs and the participants dropped.
    balance
        How unlike the two groups are, before and after.
    dropped
        Participants with a match beside those without, by characteristic: empty where none, or
        fewer than two, were dropped.
    """

    propensity: Propensity
    matched: Matched
    balance: BalanceTable
    dropped: BalanceTable | None

    @property
    def is_kept(self) -> np.ndarray:
        """Whether each person has a weight."""
        return self.matched.weights > 0


def matched_groups(
    people: Characteristics,
    treated: np.ndarray,
    strata: pd.DataFrame | None,
    options: DataLabOptions,
) -> MatchedGroups:
    """Match participants to similar people.

    Parameters
    ----------
    people
        Everyone, participants and pool.
    treated
        Whether each is a participant, shape (n,).
    strata
        What matches must share exactly, one column each; missing: nothing.

    Raises
    ------
    MetricError
        If the chance of taking part cannot be estimated, nobody has a match, or fewer than the
        minimum have one.
    """
    scored = propensity_scores(people.model, treated)
    matched = _match(scored, treated, strata, options)
    if matched.matched_treated < options.minimum_matched:
        raise MetricError(
            f"at least {options.minimum_matched} participants must have a match for an effect "
            f"to be estimated: {matched.matched_treated} have. More people are needed."
        )
    table = balance(
        people.table, treated, matched.weights, green=options.green, amber=options.amber
    )
    return MatchedGroups(scored, matched, table, _dropped(people, treated, matched, options))


def clusters_of(person: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Number the clusters of errors: rows of one person or one matched set are in one.

    Parameters
    ----------
    person, stratum
        Whose each row is, and its matched set (-1: none), shape (n,).

    Returns
    -------
    ndarray
        Cluster of each row, from 0, shape (n,): sets that share a person are one cluster.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    rows = np.arange(len(person))
    people = np.unique(person, return_inverse=True)[1] + len(rows)
    in_set = stratum >= 0
    sets = stratum[in_set] + people.max() + 1
    first, second = np.concatenate([rows, rows[in_set]]), np.concatenate([people, sets])
    size = int(second.max()) + 1
    graph = coo_matrix((np.ones(len(first), dtype=bool), (first, second)), shape=(size, size))
    return connected_components(graph, directed=False)[1][: len(rows)]


def _match(
    scored: Propensity, treated: np.ndarray, strata: pd.DataFrame | None, options: DataLabOptions
) -> Matched:
    """Match on the log odds of taking part."""
    width = caliper_width(scored.linear, treated, standard_deviations=options.caliper)
    if options.matching == RADIUS:
        return radius(treated, scored.linear, caliper=width, strata=strata)
    return nearest_neighbours(
        treated,
        scored.linear,
        ratio=options.ratio,
        replace=options.replace,
        caliper=width,
        strata=strata,
        seed=options.seed,
    )


def _dropped(
    people: Characteristics, treated: np.ndarray, matched: Matched, options: DataLabOptions
) -> BalanceTable | None:
    """Those with a match beside those without: whom the result does not speak of."""
    if len(matched.dropped) < FEWEST:
        return None
    only = people.of(treated)
    kept = (matched.weights > 0)[treated]
    return balance(only.table, kept, np.ones(len(kept)), green=options.green, amber=options.amber)
